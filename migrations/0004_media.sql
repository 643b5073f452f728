-- Photographs are stored in several widths and formats, `<hash>-<width>.<format>`: which widths there are, and the
-- colour that stands in until one has arrived.
ALTER TABLE media ADD COLUMN widths TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(widths));
ALTER TABLE media ADD COLUMN color TEXT CHECK (color IS NULL OR color GLOB '#[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]');
