import * as v from 'valibot'
import { EVERYTHING } from '../article/list.ts'

/** SQL of the sitemaps. */

/** Addresses in one file. The protocol allows 50,000; smaller files are made and fetched again with less work. */
export const FILE_LENGTH = 10_000

/** How many articles each year has that are due; ?1 is now. */
export const selectYears = (db: D1Database, now: string) =>
  db
    .prepare(
      `SELECT bucket AS year, iif(bucket = substr(?1, 1, 4), n - (SELECT count(*) FROM listing
         WHERE list = '${EVERYTHING}' AND published_at > ?1 AND published_at < substr(?1, 1, 4) || '~'), n) AS articles
       FROM listing_count WHERE list = '${EVERYTHING}' AND level = 4 AND bucket <= substr(?1, 1, 4) ORDER BY bucket DESC`,
    )
    .bind(now)

const YearRow = v.object({ year: v.string(), articles: v.number() })
export const readYears = (rows: unknown[]) => rows.map((row) => v.parse(YearRow, row))

/** When the articles of each month were changed last, and when the newest of all articles appeared. */
export const selectChanges = (db: D1Database, now: string) =>
  db
    .prepare(
      `SELECT substr(what, 7) AS month, at FROM changed WHERE what > 'month/' AND what < 'month/~'
       UNION ALL SELECT '', at FROM changed WHERE what = 'settings'
       UNION ALL SELECT * FROM (SELECT substr(published_at, 1, 7), published_at FROM listing
         WHERE list = '${EVERYTHING}' AND published_at <= ?1 ORDER BY published_at DESC LIMIT 1)`,
    )
    .bind(now)

const ChangeRow = v.object({ month: v.string(), at: v.string() })
export const readChanges = (rows: unknown[]) => rows.map((row) => v.parse(ChangeRow, row))

/**
 * A year's articles (UTC), the oldest first, so that what is written down stays where it is when more is published.
 * It reads the counts of the year's months to find where the part begins.
 * @param part 1 is the first
 */
export const selectYear = (db: D1Database, year: string, part: number, now: string) =>
  db
    .prepare(
      `WITH month (first, before) AS MATERIALIZED (SELECT bucket, upto - n FROM (
         SELECT bucket, n, sum(n) OVER (ORDER BY bucket) AS upto FROM listing_count
         WHERE list = '${EVERYTHING}' AND level = 7 AND bucket > ?1 AND bucket < ?1 || '~')
         WHERE upto > ?3 ORDER BY bucket LIMIT 1)
       SELECT a.slug, coalesce(a.updated_at, a.published_at) AS changed_at, a.image ->> 'src' AS image
       FROM listing l CROSS JOIN article a ON a.slug = l.article
       WHERE l.list = '${EVERYTHING}' AND l.published_at >= (SELECT first FROM month)
         AND l.published_at < min(?1 || '~', ?2 || '~')
       ORDER BY l.published_at, l.article DESC LIMIT ${FILE_LENGTH} OFFSET coalesce(?3 - (SELECT before FROM month), 0)`,
    )
    .bind(year, now, (part - 1) * FILE_LENGTH)

const AddressRow = v.object({ slug: v.string(), changed_at: v.string(), image: v.nullable(v.string()) })
export const readAddresses = (rows: unknown[]) => rows.map((row) => v.parse(AddressRow, row))

/** The newest articles, at most as many as a news sitemap may hold. */
export const selectNews = (db: D1Database, since: string, now: string) =>
  db
    .prepare(
      `SELECT a.slug, a.title, a.language, a.published_at AS date, a.image ->> 'src' AS image
       FROM listing l CROSS JOIN article a ON a.slug = l.article
       WHERE l.list = '${EVERYTHING}' AND l.published_at > ?1 AND l.published_at <= ?2
       ORDER BY l.published_at DESC, l.article LIMIT 1000`,
    )
    .bind(since, now)

const NewsRow = v.object({
  slug: v.string(),
  title: v.string(),
  language: v.string(),
  date: v.string(),
  image: v.nullable(v.string()),
})
export const readNews = (rows: unknown[]) => rows.map((row) => v.parse(NewsRow, row))

/** When the newest article of each of these lists appeared; lists in which nothing stands are left out. */
export const selectNewestIn = (db: D1Database, lists: readonly string[], now: string) =>
  db
    .prepare(
      `SELECT list, at FROM (SELECT wanted.value AS list, (SELECT published_at FROM listing
         WHERE list = wanted.value AND published_at <= ?2 ORDER BY published_at DESC LIMIT 1) AS at
         FROM json_each(?1) wanted) WHERE at IS NOT NULL`,
    )
    .bind(JSON.stringify(lists), now)

/** The same of tags: of those with two articles at least, for a list of one says no more than the article. */
export const selectTagsToFind = (db: D1Database, now: string) =>
  db
    .prepare(
      `SELECT list, at FROM (SELECT 'tag/' || slug AS list, (SELECT published_at FROM listing
         WHERE list = 'tag/' || slug AND published_at <= ?1 ORDER BY published_at DESC LIMIT 1) AS at,
         (SELECT count(*) FROM (SELECT 1 FROM listing WHERE list = 'tag/' || slug AND published_at <= ?1 LIMIT 2)) AS n
         FROM tag WHERE slug > '') WHERE n = 2 LIMIT 8000`,
    )
    .bind(now)

const ListRow = v.object({ list: v.string(), at: v.string() })
export const readLists = (rows: unknown[]) => rows.map((row) => v.parse(ListRow, row))

/** Static pages, and the day on which each says that it was changed. */
export const selectPages = (db: D1Database) =>
  db.prepare(
    `SELECT slug, source ->> '$.frontMatter.updated' AS day FROM document WHERE kind = 'page' ORDER BY slug`,
  )

const PageRow = v.object({ slug: v.string(), day: v.nullable(v.string()) })
export const readPages = (rows: unknown[]) => rows.map((row) => v.parse(PageRow, row))
