-- Transparency notices of political advertising, every version that was published. Regulation (EU) 2024/900, Art. 9
-- and 12: they stay for seven years after the advertisement was last published, also when the campaign is long gone.
CREATE TABLE political_notice (
  campaign TEXT NOT NULL,
  revision INTEGER NOT NULL,
  advertiser TEXT NOT NULL,
  notice TEXT NOT NULL CHECK (json_valid(notice)),
  last_published TEXT NOT NULL, -- UTC, to the second
  PRIMARY KEY (campaign, revision)
) WITHOUT ROWID;
CREATE INDEX political_notice_age ON political_notice (last_published);

-- In the transaction of the campaign itself: none can be published without its notice being kept.
CREATE TRIGGER political_notice_created AFTER INSERT ON document
WHEN NEW.kind = 'ad' AND json_extract(NEW.value, '$.political') IS NOT NULL AND json_extract(NEW.value, '$.state') <> 'draft'
BEGIN
  INSERT OR REPLACE INTO political_notice (campaign, revision, advertiser, notice, last_published)
  VALUES (NEW.slug, NEW.revision, json_extract(NEW.value, '$.advertiser'), json_extract(NEW.value, '$.political'),
    strftime('%Y-%m-%dT%H:%M:%SZ', 'now'));
END;
CREATE TRIGGER political_notice_changed AFTER UPDATE ON document
WHEN NEW.kind = 'ad' AND json_extract(NEW.value, '$.political') IS NOT NULL AND json_extract(NEW.value, '$.state') <> 'draft'
BEGIN
  INSERT OR REPLACE INTO political_notice (campaign, revision, advertiser, notice, last_published)
  VALUES (NEW.slug, NEW.revision, json_extract(NEW.value, '$.advertiser'), json_extract(NEW.value, '$.political'),
    strftime('%Y-%m-%dT%H:%M:%SZ', 'now'));
END;
