-- Reports of a campaign read sums, so that they look at as many rows for a year as for a campaign's every hour, section,
-- country and device together.

-- The day of the site's time zone in which an hour begins, as the ledger knows it; SQLite knows no time zones. NULL where
-- an older version of the ledger wrote the hour: then its day is that of UTC.
ALTER TABLE ad_hour ADD COLUMN day TEXT CHECK (day GLOB '????-??-??');

-- What was counted so far gets the days of Central European Time, which is the zone of a site that says nothing else:
-- two hours ahead from 1:00 UTC of the last Sunday of March to that of October, else one.
UPDATE ad_hour SET day = date(replace(hour, 'T', ' ') || ':00', iif(
  hour >= date(substr(hour, 1, 4) || '-03-25', 'weekday 0') || 'T01'
    AND hour < date(substr(hour, 1, 4) || '-10-25', 'weekday 0') || 'T01', '+2 hours', '+1 hours'));

-- By day, creative and placement, whether it lies in hours or in days already.
CREATE TABLE ad_sum (
  campaign TEXT NOT NULL,
  day TEXT NOT NULL,
  creative TEXT NOT NULL,
  placement TEXT NOT NULL,
  served INTEGER NOT NULL CHECK (served >= 0),
  loaded INTEGER NOT NULL CHECK (loaded >= 0),
  viewable INTEGER NOT NULL CHECK (viewable >= 0),
  clicks INTEGER NOT NULL CHECK (clicks >= 0),
  filtered INTEGER NOT NULL CHECK (filtered >= 0),
  PRIMARY KEY (campaign, day, creative, placement)
) WITHOUT ROWID;
CREATE INDEX ad_sum_day ON ad_sum (day);
DROP INDEX ad_day_age;

-- Of all time.
CREATE TABLE ad_total (
  campaign TEXT PRIMARY KEY NOT NULL,
  served INTEGER NOT NULL CHECK (served >= 0),
  loaded INTEGER NOT NULL CHECK (loaded >= 0),
  viewable INTEGER NOT NULL CHECK (viewable >= 0),
  clicks INTEGER NOT NULL CHECK (clicks >= 0),
  filtered INTEGER NOT NULL CHECK (filtered >= 0)
) WITHOUT ROWID;

INSERT INTO ad_sum (campaign, day, creative, placement, served, loaded, viewable, clicks, filtered)
SELECT campaign, day, creative, placement, sum(served), sum(loaded), sum(viewable), sum(clicks), sum(filtered) FROM (
  SELECT campaign, day, creative, placement, served, loaded, viewable, clicks, filtered FROM ad_hour UNION ALL
  SELECT campaign, day, creative, placement, served, loaded, viewable, clicks, filtered FROM ad_day)
GROUP BY campaign, day, creative, placement;
INSERT INTO ad_total (campaign, served, loaded, viewable, clicks, filtered)
SELECT campaign, sum(served), sum(loaded), sum(viewable), sum(clicks), sum(filtered) FROM ad_sum GROUP BY campaign;

-- From here on in the transaction of what is counted itself: ad_hour and ad_day → ad_sum → ad_total.
CREATE TRIGGER ad_hour_added AFTER INSERT ON ad_hour BEGIN
  INSERT INTO ad_sum (campaign, day, creative, placement, served, loaded, viewable, clicks, filtered)
  VALUES (NEW.campaign, ifnull(NEW.day, substr(NEW.hour, 1, 10)), NEW.creative, NEW.placement, NEW.served, NEW.loaded,
    NEW.viewable, NEW.clicks, NEW.filtered)
  ON CONFLICT DO UPDATE SET served = served + excluded.served, loaded = loaded + excluded.loaded,
    viewable = viewable + excluded.viewable, clicks = clicks + excluded.clicks, filtered = filtered + excluded.filtered;
END;
CREATE TRIGGER ad_hour_counted AFTER UPDATE ON ad_hour BEGIN
  UPDATE ad_sum SET served = served + NEW.served - OLD.served, loaded = loaded + NEW.loaded - OLD.loaded,
    viewable = viewable + NEW.viewable - OLD.viewable, clicks = clicks + NEW.clicks - OLD.clicks,
    filtered = filtered + NEW.filtered - OLD.filtered
  WHERE campaign = OLD.campaign AND day = ifnull(OLD.day, substr(OLD.hour, 1, 10)) AND creative = OLD.creative
    AND placement = OLD.placement;
END;
CREATE TRIGGER ad_hour_removed AFTER DELETE ON ad_hour BEGIN
  UPDATE ad_sum SET served = served - OLD.served, loaded = loaded - OLD.loaded, viewable = viewable - OLD.viewable,
    clicks = clicks - OLD.clicks, filtered = filtered - OLD.filtered
  WHERE campaign = OLD.campaign AND day = ifnull(OLD.day, substr(OLD.hour, 1, 10)) AND creative = OLD.creative
    AND placement = OLD.placement;
END;

CREATE TRIGGER ad_day_added AFTER INSERT ON ad_day BEGIN
  INSERT INTO ad_sum (campaign, day, creative, placement, served, loaded, viewable, clicks, filtered)
  VALUES (NEW.campaign, NEW.day, NEW.creative, NEW.placement, NEW.served, NEW.loaded, NEW.viewable, NEW.clicks,
    NEW.filtered)
  ON CONFLICT DO UPDATE SET served = served + excluded.served, loaded = loaded + excluded.loaded,
    viewable = viewable + excluded.viewable, clicks = clicks + excluded.clicks, filtered = filtered + excluded.filtered;
END;
CREATE TRIGGER ad_day_counted AFTER UPDATE ON ad_day BEGIN
  UPDATE ad_sum SET served = served + NEW.served - OLD.served, loaded = loaded + NEW.loaded - OLD.loaded,
    viewable = viewable + NEW.viewable - OLD.viewable, clicks = clicks + NEW.clicks - OLD.clicks,
    filtered = filtered + NEW.filtered - OLD.filtered
  WHERE campaign = OLD.campaign AND day = OLD.day AND creative = OLD.creative AND placement = OLD.placement;
END;
CREATE TRIGGER ad_day_removed AFTER DELETE ON ad_day BEGIN
  UPDATE ad_sum SET served = served - OLD.served, loaded = loaded - OLD.loaded, viewable = viewable - OLD.viewable,
    clicks = clicks - OLD.clicks, filtered = filtered - OLD.filtered
  WHERE campaign = OLD.campaign AND day = OLD.day AND creative = OLD.creative AND placement = OLD.placement;
END;

CREATE TRIGGER ad_sum_added AFTER INSERT ON ad_sum BEGIN
  INSERT INTO ad_total (campaign, served, loaded, viewable, clicks, filtered)
  VALUES (NEW.campaign, NEW.served, NEW.loaded, NEW.viewable, NEW.clicks, NEW.filtered)
  ON CONFLICT DO UPDATE SET served = served + excluded.served, loaded = loaded + excluded.loaded,
    viewable = viewable + excluded.viewable, clicks = clicks + excluded.clicks, filtered = filtered + excluded.filtered;
END;
CREATE TRIGGER ad_sum_changed AFTER UPDATE ON ad_sum BEGIN
  UPDATE ad_total SET served = served + NEW.served - OLD.served, loaded = loaded + NEW.loaded - OLD.loaded,
    viewable = viewable + NEW.viewable - OLD.viewable, clicks = clicks + NEW.clicks - OLD.clicks,
    filtered = filtered + NEW.filtered - OLD.filtered
  WHERE campaign = OLD.campaign;
END;

-- Why what was filtered did not count: by the day, too, because nobody asks for the hour.
CREATE TABLE ad_reason (
  campaign TEXT NOT NULL,
  day TEXT NOT NULL CHECK (day GLOB '????-??-??'),
  kind TEXT NOT NULL CHECK (kind IN ('served', 'loaded', 'viewable', 'clicks')),
  reason TEXT NOT NULL CHECK (reason IN ('bot', 'prefetch', 'staff', 'rate', 'double')),
  n INTEGER NOT NULL CHECK (n > 0),
  PRIMARY KEY (campaign, day, kind, reason)
) WITHOUT ROWID;
INSERT INTO ad_reason (campaign, day, kind, reason, n)
SELECT campaign, date(replace(hour, 'T', ' ') || ':00', iif(
    hour >= date(substr(hour, 1, 4) || '-03-25', 'weekday 0') || 'T01'
      AND hour < date(substr(hour, 1, 4) || '-10-25', 'weekday 0') || 'T01', '+2 hours', '+1 hours')),
  kind, reason, sum(n)
FROM ad_filtered GROUP BY 1, 2, 3, 4;
DROP TABLE ad_filtered;
ALTER TABLE ad_reason RENAME TO ad_filtered;
CREATE INDEX ad_filtered_age ON ad_filtered (day);
