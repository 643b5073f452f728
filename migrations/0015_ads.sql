-- What is counted of an ad, added up: nothing about a person. `served`: written into a page; `loaded`: its counting
-- picture was fetched; `viewable`: half of it in view for a second; `filtered`: what a program, a colleague or a flood
-- was. Columns that say nothing are empty, never NULL, so that a row is found by its key.
CREATE TABLE ad_hour (
  campaign TEXT NOT NULL,
  hour TEXT NOT NULL CHECK (hour GLOB '????-??-??T??'), -- UTC
  creative TEXT NOT NULL DEFAULT '',
  placement TEXT NOT NULL DEFAULT '',
  section TEXT NOT NULL DEFAULT '',
  country TEXT NOT NULL DEFAULT '',
  device TEXT NOT NULL DEFAULT '',
  served INTEGER NOT NULL DEFAULT 0 CHECK (served >= 0),
  loaded INTEGER NOT NULL DEFAULT 0 CHECK (loaded >= 0),
  viewable INTEGER NOT NULL DEFAULT 0 CHECK (viewable >= 0),
  clicks INTEGER NOT NULL DEFAULT 0 CHECK (clicks >= 0),
  filtered INTEGER NOT NULL DEFAULT 0 CHECK (filtered >= 0),
  PRIMARY KEY (campaign, hour, creative, placement, section, country, device)
) WITHOUT ROWID;
CREATE INDEX ad_hour_age ON ad_hour (hour);

-- The same, folded to days of the site's time zone after 13 months.
CREATE TABLE ad_day (
  campaign TEXT NOT NULL,
  day TEXT NOT NULL CHECK (day GLOB '????-??-??'),
  creative TEXT NOT NULL DEFAULT '',
  placement TEXT NOT NULL DEFAULT '',
  section TEXT NOT NULL DEFAULT '',
  country TEXT NOT NULL DEFAULT '',
  device TEXT NOT NULL DEFAULT '',
  served INTEGER NOT NULL DEFAULT 0 CHECK (served >= 0),
  loaded INTEGER NOT NULL DEFAULT 0 CHECK (loaded >= 0),
  viewable INTEGER NOT NULL DEFAULT 0 CHECK (viewable >= 0),
  clicks INTEGER NOT NULL DEFAULT 0 CHECK (clicks >= 0),
  filtered INTEGER NOT NULL DEFAULT 0 CHECK (filtered >= 0),
  PRIMARY KEY (campaign, day, creative, placement, section, country, device)
) WITHOUT ROWID;
