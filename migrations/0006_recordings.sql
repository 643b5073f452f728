-- Sound, films and captions beside pictures: what can't be seen has no size.
CREATE TABLE media_of_all_kinds (
  name   TEXT PRIMARY KEY,
  hash   TEXT NOT NULL,
  width  INTEGER NOT NULL CHECK (width >= 0),
  height INTEGER NOT NULL CHECK (height >= 0),
  bytes  INTEGER NOT NULL CHECK (bytes > 0),
  widths TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(widths)),
  color  TEXT CHECK (color IS NULL OR color GLOB '#[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]')
) WITHOUT ROWID;
INSERT INTO media_of_all_kinds (name, hash, width, height, bytes, widths, color)
  SELECT name, hash, width, height, bytes, widths, color FROM media;
DROP TABLE media;
ALTER TABLE media_of_all_kinds RENAME TO media;

-- Content hash of every file that a version shows, by name: what any version names is never removed.
ALTER TABLE article_revision ADD COLUMN media TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(media));
UPDATE article_revision SET media = (SELECT a.media FROM article a WHERE a.slug = article_revision.article);
