-- What the judge of comments knows.

-- The smallest hash of a comment's runs of words: near-duplicates nearly always have the same.
ALTER TABLE comment ADD COLUMN near INTEGER;
CREATE INDEX comment_near ON comment (near) WHERE near IS NOT NULL;
-- What the model has learned from it: 'good', 'bad', or nothing yet.
ALTER TABLE comment ADD COLUMN learned TEXT CHECK (learned IN ('good', 'bad'));

-- How many there are from one connection; and what is emptied when its time is over.
DROP INDEX comment_ip;
CREATE INDEX comment_ip ON comment (ip_hash, created_at) WHERE ip_hash IS NOT NULL;

-- The learned classifier: in how many good and bad comments a feature occurred (`bucket` is its hash; -1 counts comments).
CREATE TABLE model (
  bucket INTEGER PRIMARY KEY,
  good   INTEGER NOT NULL DEFAULT 0,
  bad    INTEGER NOT NULL DEFAULT 0
);
