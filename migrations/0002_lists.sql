-- Lists: which article stands in which list, and how many stand in each, so that any page of a list is found
-- without counting through the pages before it.

-- `list` is '' (everything), 'section/<slug>', 'tag/<slug>', 'author/<slug>' or 'month/<YYYY-MM>' (the site's zone).
-- Scheduled articles have their rows from the moment they are published to the site; a list leaves them out until
-- they are due. Drafts and deleted articles have none.
CREATE TABLE listing (
  list         TEXT NOT NULL,
  published_at TEXT NOT NULL,
  article      TEXT NOT NULL REFERENCES article (slug) ON DELETE CASCADE,
  PRIMARY KEY (list, published_at DESC, article)
) WITHOUT ROWID;
CREATE INDEX listing_of_article ON listing (article, list);

-- How many articles of a list were published in a year (level 4), month (7) or day (10): `bucket` is that many
-- characters of `published_at`.
CREATE TABLE listing_count (
  list   TEXT NOT NULL,
  level  INTEGER NOT NULL CHECK (level IN (4, 7, 10)),
  bucket TEXT NOT NULL,
  n      INTEGER NOT NULL CHECK (n >= 0),
  PRIMARY KEY (list, level, bucket DESC)
) WITHOUT ROWID;

CREATE TRIGGER listing_counted_insert AFTER INSERT ON listing
BEGIN
  INSERT INTO listing_count (list, level, bucket, n) VALUES
    (NEW.list, 4, substr(NEW.published_at, 1, 4), 1),
    (NEW.list, 7, substr(NEW.published_at, 1, 7), 1),
    (NEW.list, 10, substr(NEW.published_at, 1, 10), 1)
  ON CONFLICT (list, level, bucket) DO UPDATE SET n = n + 1;
END;
-- A count of zero is no row: of an emptied list nothing is left.
CREATE TRIGGER listing_counted_delete AFTER DELETE ON listing
BEGIN
  UPDATE listing_count SET n = n - 1 WHERE list = OLD.list AND level = 4 AND bucket = substr(OLD.published_at, 1, 4);
  UPDATE listing_count SET n = n - 1 WHERE list = OLD.list AND level = 7 AND bucket = substr(OLD.published_at, 1, 7);
  UPDATE listing_count SET n = n - 1 WHERE list = OLD.list AND level = 10 AND bucket = substr(OLD.published_at, 1, 10);
  DELETE FROM listing_count WHERE list = OLD.list AND level = 4 AND bucket = substr(OLD.published_at, 1, 4) AND n = 0;
  DELETE FROM listing_count WHERE list = OLD.list AND level = 7 AND bucket = substr(OLD.published_at, 1, 7) AND n = 0;
  DELETE FROM listing_count WHERE list = OLD.list AND level = 10 AND bucket = substr(OLD.published_at, 1, 10) AND n = 0;
END;

-- A tag's name, as the article published last writes it.
CREATE TABLE tag (
  slug TEXT PRIMARY KEY CHECK (slug <> ''),
  name TEXT NOT NULL
) WITHOUT ROWID;

-- Old addresses of articles, in their one spelling (`/alt/`, `/?p=12`).
CREATE TABLE redirect (
  path    TEXT PRIMARY KEY CHECK (path LIKE '/%'),
  article TEXT NOT NULL REFERENCES article (slug) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX redirect_of_article ON redirect (article);

ALTER TABLE article ADD COLUMN language TEXT NOT NULL DEFAULT 'de' CHECK (language IN ('de', 'en'));
ALTER TABLE article ADD COLUMN authors TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(authors));

INSERT INTO listing (list, published_at, article)
  SELECT '', published_at, slug FROM article WHERE status = 'published'
  UNION ALL SELECT 'section/' || section, published_at, slug FROM article WHERE status = 'published'
  UNION ALL SELECT 'month/' || substr(published_at, 1, 7), published_at, slug FROM article WHERE status = 'published'
  UNION ALL SELECT 'tag/' || tag, published_at, article FROM article_tag;
INSERT OR IGNORE INTO tag (slug, name) SELECT tag, name FROM article_tag ORDER BY published_at DESC;

DROP TABLE article_tag;
DROP INDEX article_latest;
DROP INDEX article_section;

-- Authors are documents, too. SQLite can't change a CHECK, so the table is made anew.
CREATE TABLE document_with_authors (
  kind     TEXT NOT NULL CHECK (kind IN ('page', 'ad', 'author', 'site')),
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
INSERT INTO document_with_authors SELECT kind, slug, title, source, value, media, revision, hash FROM document;
DROP TABLE document;
ALTER TABLE document_with_authors RENAME TO document;
