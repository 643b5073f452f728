-- Search. The index holds no text of its own: `search_article` keeps the plain text for the excerpts.

CREATE TABLE search_article (
  id      INTEGER PRIMARY KEY,
  article TEXT NOT NULL UNIQUE REFERENCES article (slug) ON DELETE CASCADE,
  text    TEXT NOT NULL
);

-- Words as src/search/terms.ts makes them of an article: folded and stemmed, separated by spaces.
CREATE VIRTUAL TABLE search_index USING fts5 (
  title, standfirst, names, body,
  tokenize = 'unicode61 remove_diacritics 0', content = '', contentless_delete = 1
);

-- An article that is not published, or no longer, is not found: whatever takes it off the site ends here, too.
CREATE TRIGGER search_forget AFTER UPDATE OF status ON article WHEN NEW.status <> 'published'
BEGIN
  DELETE FROM search_index WHERE rowid = (SELECT id FROM search_article WHERE article = NEW.slug);
  DELETE FROM search_article WHERE article = NEW.slug;
END;

-- Every longer word that was ever published, folded, and as it was first written. Words with parts in common share
-- three letters: that is how compounds and the nearest spelling are found. Words stay when their article goes.
CREATE TABLE search_word (
  id    INTEGER PRIMARY KEY,
  word  TEXT NOT NULL UNIQUE,
  shown TEXT NOT NULL
);
CREATE VIRTUAL TABLE search_word_part USING fts5 (
  word, tokenize = 'trigram', content = 'search_word', content_rowid = 'id', detail = 'full'
);
CREATE TRIGGER search_word_inserted AFTER INSERT ON search_word
BEGIN
  INSERT INTO search_word_part (rowid, word) VALUES (NEW.id, NEW.word);
END;
