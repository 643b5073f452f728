-- Ads are counted by the ledger (src/ad/ledger.ts), which brings what it has added up here in numbered batches.

-- The last batch of each ledger that arrived: one that is sent again, because its answer was lost, changes nothing.
CREATE TABLE ad_ledger (
  id TEXT PRIMARY KEY CHECK (id <> ''),
  batch INTEGER NOT NULL CHECK (batch > 0)
) WITHOUT ROWID;

-- Why what was filtered did not count, for as long as hours are kept. Their sum is the column `filtered` of `ad_hour`.
CREATE TABLE ad_filtered (
  campaign TEXT NOT NULL,
  hour TEXT NOT NULL CHECK (hour GLOB '????-??-??T??'), -- UTC
  kind TEXT NOT NULL CHECK (kind IN ('served', 'loaded', 'viewable', 'clicks')),
  reason TEXT NOT NULL CHECK (reason IN ('bot', 'prefetch', 'staff', 'rate', 'double')),
  n INTEGER NOT NULL CHECK (n > 0),
  PRIMARY KEY (campaign, hour, kind, reason)
) WITHOUT ROWID;
CREATE INDEX ad_filtered_age ON ad_filtered (hour);

CREATE INDEX ad_day_age ON ad_day (day);

-- What was counted so far: a view was the fetching of the counting picture.
INSERT INTO ad_day (campaign, day, loaded, clicks) SELECT campaign, day, views, clicks FROM ad_count;
DROP TABLE ad_count;
