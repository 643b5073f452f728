-- What was last changed of a campaign at the desk: its file has to know of that change before it may overwrite it. A row
-- whose campaign is gone says that it was deleted at the desk. `mark` is a hash of the campaign as the desk left it,
-- `filed` of its last version that came from a file; NULL where none did. `form` is the key of the form that made it.
CREATE TABLE desk_change (
  campaign TEXT PRIMARY KEY CHECK (campaign <> ''),
  mark     TEXT NOT NULL,
  filed    TEXT,
  form     TEXT
) WITHOUT ROWID;

CREATE INDEX desk_change_by_form ON desk_change (form) WHERE form IS NOT NULL;

-- Of what was changed before there were marks only the log knows, and nobody knows the files.
INSERT INTO desk_change (campaign, mark)
SELECT slug, lower(hex(randomblob(8))) FROM document
WHERE kind = 'ad' AND EXISTS (SELECT 1 FROM audit WHERE subject = 'ad/' || slug);
