-- How much room for ads there was on a day of the site's time zone, how much of it was filled, and how many of those ads
-- were loaded: what a forecast of the days to come is made of. Kept for five weeks.
CREATE TABLE ad_shelf (
  day TEXT NOT NULL CHECK (day GLOB '????-??-??'),
  placement TEXT NOT NULL CHECK (placement <> ''),
  section TEXT NOT NULL DEFAULT '',
  offered INTEGER NOT NULL DEFAULT 0 CHECK (offered >= 0),
  served INTEGER NOT NULL DEFAULT 0 CHECK (served >= 0),
  loaded INTEGER NOT NULL DEFAULT 0 CHECK (loaded >= 0),
  PRIMARY KEY (day, placement, section)
) WITHOUT ROWID;
