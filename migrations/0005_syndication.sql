-- What readers' programs ask a site: what changed, and when; which article says the same in another language.

-- When something changed last: 'month/<YYYY-MM>' the articles published in a month (UTC), 'comments' what is visible
-- of them, 'settings' the site's settings, pages and authors. For `Last-Modified` and the sitemap's `lastmod`.
CREATE TABLE changed (
  what TEXT PRIMARY KEY,
  at   TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??Z')
) WITHOUT ROWID;

CREATE TRIGGER changed_by_new_article AFTER INSERT ON article
BEGIN
  INSERT INTO changed (what, at)
    VALUES ('month/' || substr(NEW.published_at, 1, 7), strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    ON CONFLICT (what) DO UPDATE SET at = excluded.at;
END;
-- A publish and a removal set these; counting a comment or announcing a change does not.
CREATE TRIGGER changed_by_article AFTER UPDATE OF revision, status ON article
BEGIN
  INSERT INTO changed (what, at)
    VALUES ('month/' || substr(NEW.published_at, 1, 7), strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
           ('month/' || substr(OLD.published_at, 1, 7), strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    ON CONFLICT (what) DO UPDATE SET at = excluded.at;
END;

CREATE TRIGGER changed_by_new_comment AFTER INSERT ON comment WHEN NEW.status = 'approved'
BEGIN
  INSERT INTO changed (what, at) VALUES ('comments', strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    ON CONFLICT (what) DO UPDATE SET at = excluded.at;
END;
CREATE TRIGGER changed_by_comment AFTER UPDATE OF status ON comment
  WHEN (OLD.status = 'approved') <> (NEW.status = 'approved')
BEGIN
  INSERT INTO changed (what, at) VALUES ('comments', strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    ON CONFLICT (what) DO UPDATE SET at = excluded.at;
END;
CREATE TRIGGER changed_by_erased_comment AFTER DELETE ON comment WHEN OLD.status = 'approved'
BEGIN
  INSERT INTO changed (what, at) VALUES ('comments', strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    ON CONFLICT (what) DO UPDATE SET at = excluded.at;
END;

CREATE TRIGGER changed_by_new_document AFTER INSERT ON document WHEN NEW.kind <> 'ad'
BEGIN
  INSERT INTO changed (what, at) VALUES ('settings', strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    ON CONFLICT (what) DO UPDATE SET at = excluded.at;
END;
CREATE TRIGGER changed_by_document AFTER UPDATE OF value ON document WHEN NEW.kind <> 'ad'
BEGIN
  INSERT INTO changed (what, at) VALUES ('settings', strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    ON CONFLICT (what) DO UPDATE SET at = excluded.at;
END;
CREATE TRIGGER changed_by_removed_document AFTER DELETE ON document WHEN OLD.kind <> 'ad'
BEGIN
  INSERT INTO changed (what, at) VALUES ('settings', strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    ON CONFLICT (what) DO UPDATE SET at = excluded.at;
END;

INSERT INTO changed (what, at)
  SELECT 'month/' || substr(published_at, 1, 7), strftime('%Y-%m-%dT%H:%M:%SZ', 'now') FROM article GROUP BY 1;
INSERT INTO changed (what, at) VALUES
  ('comments', strftime('%Y-%m-%dT%H:%M:%SZ', 'now')), ('settings', strftime('%Y-%m-%dT%H:%M:%SZ', 'now'));

-- The same article in German and in English, as its front matter names it. Either side may name the other.
ALTER TABLE article ADD COLUMN in_de TEXT;
ALTER TABLE article ADD COLUMN in_en TEXT;
CREATE INDEX article_in_de ON article (in_de) WHERE in_de IS NOT NULL;
CREATE INDEX article_in_en ON article (in_en) WHERE in_en IS NOT NULL;

-- Lists whose feeds have something new that the hub has not been told of yet.
CREATE TABLE hub_topic (
  list TEXT PRIMARY KEY
) WITHOUT ROWID;

-- Up to when scheduled articles that became due were announced to the hub. One row.
CREATE TABLE hub_progress (
  id  INTEGER PRIMARY KEY CHECK (id = 1),
  due TEXT NOT NULL
);
