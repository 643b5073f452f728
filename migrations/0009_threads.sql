-- Comments answer each other. A thread is a comment and everything below it, at most three deep: what answers the
-- first comment begins a branch, and everything below that stays in it.

-- SQLite can't change a CHECK, so the table is made anew: a deleted comment that was answered is empty and stays.
CREATE TABLE comment_in_thread (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  article      TEXT NOT NULL REFERENCES article (slug),
  -- The comment that was answered.
  parent       INTEGER REFERENCES comment_in_thread (id),
  -- The first comment of the thread; NULL for that one itself.
  thread       INTEGER REFERENCES comment_in_thread (id),
  -- The comment at depth 2 below which it stands; NULL at depth 1 and 2.
  branch       INTEGER REFERENCES comment_in_thread (id),
  -- Approved comments in the thread besides its first.
  replies      INTEGER NOT NULL DEFAULT 0 CHECK (replies >= 0),
  name         TEXT NOT NULL CHECK (length(name) <= 80),
  -- AES-GCM, base64url of nonce and ciphertext; never rendered.
  email        TEXT NOT NULL,
  -- Keyed hash: recognises a returning address without keeping it readable.
  email_hash   TEXT NOT NULL,
  website      TEXT CHECK (website IS NULL OR website LIKE 'http://%' OR website LIKE 'https://%'),
  text         TEXT NOT NULL CHECK (length(text) <= 5000),
  -- The text as readers see it, rendered when it was stored.
  html         TEXT NOT NULL DEFAULT '',
  -- Keyed hash of address and name, from which the avatar is drawn.
  avatar       TEXT NOT NULL DEFAULT '' CHECK (avatar NOT GLOB '*[^A-Za-z0-9_-]*'),
  status       TEXT NOT NULL CHECK (status IN ('pending', 'approved', 'spam', 'trash', 'deleted')),
  created_at   TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??Z'),
  edited_at    TEXT CHECK (edited_at IS NULL OR edited_at GLOB '????-??-??T??:??:??Z'),
  -- Keyed hash with the day's salt; emptied after some days.
  ip_hash      TEXT,
  -- Keyed hash of article, address and text: the same comment twice within a day is one comment.
  fingerprint  TEXT NOT NULL,
  CHECK (branch IS NULL OR thread IS NOT NULL),
  CHECK (status = 'deleted' OR (name <> '' AND text <> '' AND email <> '' AND email_hash <> '')),
  CHECK (status <> 'deleted' OR (name = '' AND text = '' AND html = '' AND email = '' AND email_hash = ''
    AND avatar = '' AND website IS NULL AND ip_hash IS NULL AND fingerprint = ''))
);

INSERT INTO comment_in_thread (id, article, parent, thread, name, email, email_hash, website, text, html, status,
    created_at, ip_hash, fingerprint)
  SELECT id, article, NULL, NULL, name, email, email_hash, website, text, html, status, created_at, ip_hash, fingerprint
  FROM comment ORDER BY id;
-- A number is never given twice, also where the newest comments are gone.
UPDATE sqlite_sequence SET seq = (SELECT max(seq) FROM sqlite_sequence WHERE name IN ('comment', 'comment_in_thread'))
  WHERE name = 'comment_in_thread';
DROP TABLE comment;
ALTER TABLE comment_in_thread RENAME TO comment;

CREATE INDEX comment_shown ON comment (article, status, id);
CREATE INDEX comment_queue ON comment (status, id);
CREATE INDEX comment_by_address ON comment (email_hash, status);
CREATE INDEX comment_fingerprint ON comment (fingerprint, created_at);
CREATE INDEX comment_ip ON comment (created_at) WHERE ip_hash IS NOT NULL;
CREATE INDEX comment_parent ON comment (parent) WHERE parent IS NOT NULL;
CREATE INDEX comment_branch ON comment (branch) WHERE branch IS NOT NULL;
CREATE INDEX comment_of_thread ON comment (thread) WHERE thread IS NOT NULL;

-- What begins a thread that readers see: approved itself, or answered by something that is.
CREATE INDEX comment_threads ON comment (article, id)
  WHERE thread IS NULL AND (status = 'approved' OR replies > 0);
CREATE INDEX comment_threads_by_replies ON comment (article, replies DESC, id)
  WHERE thread IS NULL AND (status = 'approved' OR replies > 0);
-- A thread in the order in which it is read: each branch behind the comment that it answers.
CREATE INDEX comment_replies ON comment (thread, ifnull(branch, id), id)
  WHERE thread IS NOT NULL AND status = 'approved';

CREATE TRIGGER comment_same_article BEFORE INSERT ON comment WHEN NEW.parent IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'a reply belongs to the article of its parent')
  WHERE NOT EXISTS (SELECT 1 FROM comment WHERE id = NEW.parent AND article = NEW.article);
END;

-- The counts change in the transaction that changes what is visible.
CREATE TRIGGER comment_counted_insert AFTER INSERT ON comment WHEN NEW.status = 'approved'
BEGIN
  UPDATE article SET comment_count = comment_count + 1 WHERE slug = NEW.article;
  UPDATE comment SET replies = replies + 1 WHERE id = NEW.thread;
END;
CREATE TRIGGER comment_counted_update AFTER UPDATE OF status ON comment
  WHEN (OLD.status = 'approved') <> (NEW.status = 'approved')
BEGIN
  UPDATE article SET comment_count = comment_count + iif(NEW.status = 'approved', 1, -1) WHERE slug = NEW.article;
  UPDATE comment SET replies = replies + iif(NEW.status = 'approved', 1, -1) WHERE id = NEW.thread;
END;
CREATE TRIGGER comment_counted_delete AFTER DELETE ON comment WHEN OLD.status = 'approved'
BEGIN
  UPDATE article SET comment_count = comment_count - 1 WHERE slug = OLD.article;
  UPDATE comment SET replies = replies - 1 WHERE id = OLD.thread;
END;

CREATE TRIGGER changed_by_new_comment AFTER INSERT ON comment WHEN NEW.status = 'approved'
BEGIN
  INSERT INTO changed (what, at) VALUES ('comments', strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    ON CONFLICT (what) DO UPDATE SET at = excluded.at;
END;
CREATE TRIGGER changed_by_comment AFTER UPDATE OF status, html ON comment
  WHEN (OLD.status = 'approved') OR (NEW.status = 'approved')
BEGIN
  INSERT INTO changed (what, at) VALUES ('comments', strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    ON CONFLICT (what) DO UPDATE SET at = excluded.at;
END;
CREATE TRIGGER changed_by_erased_comment AFTER DELETE ON comment WHEN OLD.status = 'approved'
BEGIN
  INSERT INTO changed (what, at) VALUES ('comments', strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    ON CONFLICT (what) DO UPDATE SET at = excluded.at;
END;
