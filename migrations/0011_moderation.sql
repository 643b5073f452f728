-- What moderators do with comments, and what they need to know for it.

-- Goes up with every change: who decides about what they no longer see as it is, decides nothing.
ALTER TABLE comment ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE comment ADD COLUMN decided_at TEXT;
ALTER TABLE comment ADD COLUMN decided_by INTEGER REFERENCES person (id) ON DELETE SET NULL;
-- Why the judge decided as it did: `{"reasons": [{"signal": …, "score": …, "values": […]}], "counts": {"good": …}}`.
ALTER TABLE comment ADD COLUMN verdict TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(verdict));
-- As its author wrote it, where the newsroom shortened it; and what it says about why.
ALTER TABLE comment ADD COLUMN original TEXT;
ALTER TABLE comment ADD COLUMN shortened TEXT;
-- Who of the newsroom wrote it.
ALTER TABLE comment ADD COLUMN staff INTEGER REFERENCES person (id) ON DELETE SET NULL;
-- Since when the newsroom recommends it.
ALTER TABLE comment ADD COLUMN pinned_at TEXT;
CREATE INDEX comment_pinned ON comment (article, pinned_at) WHERE pinned_at IS NOT NULL;

-- Since when the newsroom lets an article have no more comments; a publish changes nothing about it.
ALTER TABLE article ADD COLUMN comments_stopped_at TEXT;

-- What a name looks like (see comment/lookalike.ts): nobody else takes the name of somebody of the newsroom.
ALTER TABLE person ADD COLUMN lookalike TEXT NOT NULL DEFAULT '';
CREATE INDEX person_lookalike ON person (lookalike);

-- How many comments are in each state, kept by the transaction that changes it.
CREATE TABLE queue_count (
  status TEXT PRIMARY KEY,
  n      INTEGER NOT NULL DEFAULT 0 CHECK (n >= 0)
) WITHOUT ROWID;
INSERT INTO queue_count (status, n)
  SELECT s.status, (SELECT count(*) FROM comment c WHERE c.status = s.status)
  FROM (SELECT 'pending' AS status UNION SELECT 'approved' UNION SELECT 'spam' UNION SELECT 'trash' UNION SELECT 'deleted') s;
CREATE TRIGGER queue_counted_insert AFTER INSERT ON comment
BEGIN
  UPDATE queue_count SET n = n + 1 WHERE status = NEW.status;
END;
CREATE TRIGGER queue_counted_update AFTER UPDATE OF status ON comment WHEN OLD.status <> NEW.status
BEGIN
  UPDATE queue_count SET n = n + iif(status = NEW.status, 1, -1) WHERE status IN (OLD.status, NEW.status);
END;
CREATE TRIGGER queue_counted_delete AFTER DELETE ON comment
BEGIN
  UPDATE queue_count SET n = n - 1 WHERE status = OLD.status;
END;

-- Whom and what the newsroom does not want here. `value` is a keyed hash for 'email' and 'ip', a host for 'domain', a
-- pattern for 'word'.
CREATE TABLE block (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  kind       TEXT NOT NULL CHECK (kind IN ('email', 'ip', 'domain', 'word')),
  value      TEXT NOT NULL CHECK (value <> ''),
  person     INTEGER REFERENCES person (id) ON DELETE SET NULL,
  created_at TEXT NOT NULL,
  UNIQUE (kind, value)
);
