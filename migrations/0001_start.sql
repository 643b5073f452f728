-- Times are ISO 8601 in UTC ('2024-07-03T07:30:00Z'): they sort as text.

-- The catalogue: what lists, feeds and related articles are made of. KV holds what is served.
CREATE TABLE article (
  slug          TEXT PRIMARY KEY CHECK (slug <> '' AND slug NOT GLOB '*[^a-z0-9-]*'),
  title         TEXT NOT NULL,
  description   TEXT NOT NULL,
  section       TEXT NOT NULL,
  published_at  TEXT NOT NULL CHECK (published_at GLOB '????-??-??T??:??:??Z'),
  updated_at    TEXT CHECK (updated_at IS NULL OR updated_at GLOB '????-??-??T??:??:??Z'),
  image         TEXT CHECK (image IS NULL OR json_valid(image)),
  comments      TEXT NOT NULL CHECK (comments IN ('open', 'closed', 'none')),
  status        TEXT NOT NULL CHECK (status IN ('draft', 'published', 'deleted')),
  revision      INTEGER NOT NULL CHECK (revision > 0),
  hash          TEXT NOT NULL,
  -- Content hash of every picture shown, by name: a changed picture changes the page.
  media         TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(media)),
  comment_count INTEGER NOT NULL DEFAULT 0 CHECK (comment_count >= 0)
) WITHOUT ROWID;

CREATE INDEX article_latest ON article (published_at DESC, slug) WHERE status = 'published';
CREATE INDEX article_section ON article (section, published_at DESC, slug) WHERE status = 'published';

CREATE TABLE article_tag (
  article      TEXT NOT NULL REFERENCES article (slug) ON DELETE CASCADE,
  tag          TEXT NOT NULL CHECK (tag <> ''),
  name         TEXT NOT NULL,
  published_at TEXT NOT NULL,
  PRIMARY KEY (article, tag)
) WITHOUT ROWID;

CREATE INDEX article_tag_latest ON article_tag (tag, published_at DESC, article);

-- What authors wrote, every version of it: for conflicts, for the editor, for taking something back.
CREATE TABLE article_revision (
  article      TEXT NOT NULL REFERENCES article (slug) ON DELETE CASCADE,
  revision     INTEGER NOT NULL,
  front_matter TEXT NOT NULL CHECK (json_valid(front_matter)),
  body         TEXT NOT NULL,
  created_at   TEXT NOT NULL,
  PRIMARY KEY (article, revision)
) WITHOUT ROWID;

-- Pages, campaigns and the site's settings as they were published.
CREATE TABLE document (
  kind     TEXT NOT NULL CHECK (kind IN ('page', 'ad', 'site')),
  slug     TEXT NOT NULL CHECK (slug <> '' AND slug NOT GLOB '*[^a-z0-9-]*'),
  title    TEXT NOT NULL,
  source   TEXT NOT NULL CHECK (json_valid(source)),
  -- What the KV value is made of.
  value    TEXT NOT NULL CHECK (json_valid(value)),
  media    TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(media)),
  revision INTEGER NOT NULL CHECK (revision > 0),
  hash     TEXT NOT NULL,
  PRIMARY KEY (kind, slug)
) WITHOUT ROWID;

CREATE TABLE media (
  name   TEXT PRIMARY KEY,
  hash   TEXT NOT NULL,
  width  INTEGER NOT NULL CHECK (width > 0),
  height INTEGER NOT NULL CHECK (height > 0),
  bytes  INTEGER NOT NULL CHECK (bytes > 0)
) WITHOUT ROWID;

CREATE TABLE comment (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  article      TEXT NOT NULL REFERENCES article (slug),
  parent       INTEGER REFERENCES comment (id) ON DELETE SET NULL,
  name         TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  -- AES-GCM, base64url of nonce and ciphertext; never rendered.
  email        TEXT NOT NULL CHECK (email <> ''),
  -- Keyed hash: recognises a returning address without keeping it readable.
  email_hash   TEXT NOT NULL CHECK (email_hash <> ''),
  website      TEXT CHECK (website IS NULL OR website LIKE 'http://%' OR website LIKE 'https://%'),
  text         TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 5000),
  status       TEXT NOT NULL CHECK (status IN ('pending', 'approved', 'spam', 'trash')),
  created_at   TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??Z'),
  -- Keyed hash with the day's salt; emptied after 30 days.
  ip_hash      TEXT,
  -- Keyed hash of article, address and text: the same comment twice within a day is one comment.
  fingerprint  TEXT NOT NULL
);

CREATE INDEX comment_shown ON comment (article, status, id);
CREATE INDEX comment_queue ON comment (status, id);
CREATE INDEX comment_by_address ON comment (email_hash, status);
CREATE INDEX comment_fingerprint ON comment (fingerprint, created_at);
CREATE INDEX comment_parent ON comment (parent) WHERE parent IS NOT NULL;
CREATE INDEX comment_ip ON comment (created_at) WHERE ip_hash IS NOT NULL;

CREATE TRIGGER comment_same_article BEFORE INSERT ON comment WHEN NEW.parent IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'a reply belongs to the article of its parent')
  WHERE NOT EXISTS (SELECT 1 FROM comment WHERE id = NEW.parent AND article = NEW.article);
END;

-- The count that lists show changes in the transaction that changes what is visible.
CREATE TRIGGER comment_counted_insert AFTER INSERT ON comment WHEN NEW.status = 'approved'
BEGIN
  UPDATE article SET comment_count = comment_count + 1 WHERE slug = NEW.article;
END;
CREATE TRIGGER comment_counted_update AFTER UPDATE OF status ON comment
  WHEN (OLD.status = 'approved') <> (NEW.status = 'approved')
BEGIN
  UPDATE article SET comment_count = comment_count + iif(NEW.status = 'approved', 1, -1) WHERE slug = NEW.article;
END;
CREATE TRIGGER comment_counted_delete AFTER DELETE ON comment WHEN OLD.status = 'approved'
BEGIN
  UPDATE article SET comment_count = comment_count - 1 WHERE slug = OLD.article;
END;

-- Views and clicks per day (site's time zone) and campaign. Nothing about a person.
CREATE TABLE ad_count (
  day      TEXT NOT NULL CHECK (day GLOB '????-??-??'),
  campaign TEXT NOT NULL,
  views    INTEGER NOT NULL DEFAULT 0 CHECK (views >= 0),
  clicks   INTEGER NOT NULL DEFAULT 0 CHECK (clicks >= 0),
  PRIMARY KEY (day, campaign)
) WITHOUT ROWID;

-- Used where the platform's rate-limiting binding is missing.
CREATE TABLE rate_limit (
  key    TEXT PRIMARY KEY,
  minute INTEGER NOT NULL,
  count  INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX rate_limit_age ON rate_limit (minute);
