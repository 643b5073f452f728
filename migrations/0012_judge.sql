-- What the judge of comments knows.

-- The smallest hashes of a comment's runs of words, by two measures: near-duplicates share one of them nearly always.
ALTER TABLE comment ADD COLUMN near_a INTEGER;
ALTER TABLE comment ADD COLUMN near_b INTEGER;
CREATE INDEX comment_near_a ON comment (near_a) WHERE near_a IS NOT NULL;
CREATE INDEX comment_near_b ON comment (near_b) WHERE near_b IS NOT NULL;
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
