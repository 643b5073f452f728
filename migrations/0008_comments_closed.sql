-- Since when the newsroom has closed an article's comments. NULL for an article that was never open.
ALTER TABLE article ADD COLUMN comments_closed_at TEXT;

CREATE TRIGGER article_comments_closed AFTER UPDATE OF comments ON article
  WHEN NEW.comments = 'closed' AND OLD.comments = 'open'
BEGIN
  UPDATE article SET comments_closed_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now') WHERE slug = NEW.slug;
END;
