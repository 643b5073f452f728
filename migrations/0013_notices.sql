-- What readers report (DSA Art. 16), what the newsroom tells those whose comments it takes away (Art. 17), and who wants
-- mail about answers.

CREATE TABLE report (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  -- NULL once the comment is deleted for good: the report is kept.
  comment     INTEGER REFERENCES comment (id) ON DELETE SET NULL,
  article     TEXT NOT NULL,
  reason      TEXT NOT NULL CHECK (reason IN ('illegal', 'insult', 'hate', 'privacy', 'false', 'rules')),
  explanation TEXT NOT NULL CHECK (length(explanation) BETWEEN 1 AND 3000),
  name        TEXT NOT NULL DEFAULT '',
  -- Encrypted; empty where none was given.
  email       TEXT NOT NULL DEFAULT '',
  email_hash  TEXT NOT NULL DEFAULT '',
  created_at  TEXT NOT NULL,
  outcome     TEXT CHECK (outcome IN ('removed', 'kept')),
  decided_at  TEXT,
  decided_by  INTEGER REFERENCES person (id) ON DELETE SET NULL,
  CHECK ((outcome IS NULL) = (decided_at IS NULL))
);
CREATE INDEX report_open ON report (id) WHERE outcome IS NULL;
CREATE INDEX report_of_comment ON report (comment) WHERE comment IS NOT NULL;
CREATE INDEX report_by_address ON report (email_hash) WHERE email_hash <> '';

-- A restriction of a comment and its reasons. It is told some minutes later, so that a slip taken back is told to nobody.
CREATE TABLE statement (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  comment    INTEGER REFERENCES comment (id) ON DELETE SET NULL,
  article    TEXT NOT NULL,
  kind       TEXT NOT NULL CHECK (kind IN ('removed', 'shortened')),
  ground     TEXT NOT NULL CHECK (ground IN ('rules', 'law')),
  reason     TEXT NOT NULL DEFAULT '',
  person     INTEGER REFERENCES person (id) ON DELETE SET NULL,
  created_at TEXT NOT NULL,
  told_at    TEXT,
  objection  TEXT,
  objected_at TEXT,
  outcome    TEXT CHECK (outcome IN ('restored', 'kept')),
  decided_at TEXT,
  decided_by INTEGER REFERENCES person (id) ON DELETE SET NULL
);
CREATE INDEX statement_untold ON statement (created_at) WHERE told_at IS NULL;
CREATE INDEX statement_of_comment ON statement (comment) WHERE comment IS NOT NULL;
CREATE INDEX statement_objected ON statement (objected_at) WHERE objected_at IS NOT NULL AND outcome IS NULL;

CREATE TRIGGER statement_of_removal AFTER UPDATE OF status ON comment
  WHEN NEW.status = 'trash' AND OLD.status IN ('approved', 'pending') AND NEW.staff IS NULL
BEGIN
  INSERT INTO statement (comment, article, kind, ground, person, created_at)
    VALUES (NEW.id, NEW.article, 'removed', 'rules', NEW.decided_by, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'));
END;
-- Taken back before anybody was told.
CREATE TRIGGER statement_taken_back AFTER UPDATE OF status ON comment WHEN OLD.status = 'trash' AND NEW.status <> 'trash'
BEGIN
  DELETE FROM statement WHERE comment = NEW.id AND kind = 'removed' AND told_at IS NULL;
END;

-- How many reports and objections wait, for the desk's tab.
INSERT OR IGNORE INTO queue_count (status, n) VALUES ('reported', 0);
CREATE TRIGGER report_counted_insert AFTER INSERT ON report
BEGIN
  UPDATE queue_count SET n = n + 1 WHERE status = 'reported';
END;
CREATE TRIGGER report_counted_decided AFTER UPDATE OF outcome ON report WHEN OLD.outcome IS NULL AND NEW.outcome IS NOT NULL
BEGIN
  UPDATE queue_count SET n = n - 1 WHERE status = 'reported';
END;
CREATE TRIGGER statement_counted_objection AFTER UPDATE OF objected_at ON statement
  WHEN OLD.objected_at IS NULL AND NEW.objected_at IS NOT NULL
BEGIN
  UPDATE queue_count SET n = n + 1 WHERE status = 'reported';
END;
CREATE TRIGGER statement_counted_decided AFTER UPDATE OF outcome ON statement
  WHEN OLD.outcome IS NULL AND NEW.outcome IS NOT NULL AND NEW.objected_at IS NOT NULL
BEGIN
  UPDATE queue_count SET n = n - 1 WHERE status = 'reported';
END;

-- Who wants mail about answers to a comment; only after they said so twice.
CREATE TABLE subscription (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  comment      INTEGER NOT NULL REFERENCES comment (id) ON DELETE CASCADE,
  email        TEXT NOT NULL CHECK (email <> ''),
  email_hash   TEXT NOT NULL,
  -- Hash of the key in the mail that asks; the second time they say so.
  confirm_hash TEXT NOT NULL UNIQUE,
  created_at   TEXT NOT NULL,
  confirmed_at TEXT
);
CREATE INDEX subscription_of_comment ON subscription (comment, confirmed_at);
CREATE INDEX subscription_of_address ON subscription (email_hash);

-- Answers that subscribers are still to be told of; written by the transaction that publishes them.
CREATE TABLE answer_due (
  comment INTEGER PRIMARY KEY REFERENCES comment (id) ON DELETE CASCADE
);
CREATE TRIGGER answer_due_insert AFTER INSERT ON comment
  WHEN NEW.status = 'approved' AND NEW.parent IS NOT NULL
    AND EXISTS (SELECT 1 FROM subscription WHERE comment = NEW.parent AND confirmed_at IS NOT NULL)
BEGIN
  INSERT OR IGNORE INTO answer_due (comment) VALUES (NEW.id);
END;
CREATE TRIGGER answer_due_update AFTER UPDATE OF status ON comment
  WHEN NEW.status = 'approved' AND OLD.status <> 'approved' AND NEW.parent IS NOT NULL
    AND EXISTS (SELECT 1 FROM subscription WHERE comment = NEW.parent AND confirmed_at IS NOT NULL)
BEGIN
  INSERT OR IGNORE INTO answer_due (comment) VALUES (NEW.id);
END;
