-- Campaigns are listed at the desk by phase, which follows from their state and the clock: `begins` and `ends` are
-- milliseconds since 1970, far away where nothing is said; whoever was ended by hand ended at 0.
ALTER TABLE document ADD COLUMN ad_state TEXT
  AS (iif(kind = 'ad', coalesce(json_extract(value, '$.state'), 'ready'), NULL)) VIRTUAL;
ALTER TABLE document ADD COLUMN ad_is_draft INTEGER
  AS (iif(kind = 'ad', coalesce(json_extract(value, '$.state') = 'draft', 0), NULL)) VIRTUAL;
ALTER TABLE document ADD COLUMN ad_begins INTEGER
  AS (iif(kind = 'ad', coalesce(json_extract(value, '$.start'), 0), NULL)) VIRTUAL;
ALTER TABLE document ADD COLUMN ad_ends INTEGER
  AS (iif(kind = 'ad', iif(json_extract(value, '$.state') = 'ended', 0,
    coalesce(json_extract(value, '$.end'), 9007199254740991)), NULL)) VIRTUAL;

CREATE INDEX ad_by_end ON document (ad_is_draft, ad_ends, slug) WHERE kind = 'ad';
CREATE INDEX ad_by_state ON document (ad_state, ad_ends, slug) WHERE kind = 'ad';
CREATE INDEX ad_by_begin ON document (ad_state, ad_begins, slug) WHERE kind = 'ad';
