-- Where an imported comment comes from, `wxr:123`: importing again makes no second one.
ALTER TABLE comment ADD COLUMN source TEXT;
CREATE UNIQUE INDEX comment_source ON comment (source) WHERE source IS NOT NULL;
