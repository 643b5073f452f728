-- Links by which an advertiser sees the report of a campaign. Only a hash of the key is kept; revoking removes the row.
CREATE TABLE ad_link (
  id INTEGER PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 22),
  campaign TEXT NOT NULL,
  label TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL, -- UTC, to the second
  used_on TEXT CHECK (used_on GLOB '????-??-??') -- the last day, in UTC
);
CREATE INDEX ad_link_campaign ON ad_link (campaign, id);
