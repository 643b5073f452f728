import * as v from 'valibot'
import type { Teaser } from './article.ts'
import { EVERYTHING, type ListName } from './list.ts'
import type { Slug } from './slug.ts'
import { readTeasers, TEASER } from './store.ts'

/** SQL of the lists that articles stand in. Lists leave out what is not due yet at the moment they are asked for. */

/** Which part of a list is asked for. */
export interface ListPage {
  /** The moment as of which the list is read, ISO 8601 in UTC to the second. */
  asOf: string
  /** 1 is the page with the newest articles. */
  page: number
  /** Articles on a page. */
  size: number
}

/**
 * A page of a list, newest first. It reads the counts of the list's years, of one year's months and of one month's
 * days to find where the page begins, then the page itself: page 400 costs what page 1 costs.
 */
export const selectListPage = (db: D1Database, list: ListName, { asOf, page, size }: ListPage) =>
  db
    .prepare(
      `WITH newer (n) AS MATERIALIZED (SELECT
         (SELECT coalesce(sum(n), 0) FROM listing_count WHERE list = ?1 AND level = 4 AND bucket > substr(?2, 1, 4))
         + (SELECT coalesce(sum(n), 0) FROM listing_count
            WHERE list = ?1 AND level = 7 AND bucket > substr(?2, 1, 7) AND bucket < substr(?2, 1, 4) || '~')
         + (SELECT coalesce(sum(n), 0) FROM listing_count
            WHERE list = ?1 AND level = 10 AND bucket > substr(?2, 1, 10) AND bucket < substr(?2, 1, 7) || '~')
         + (SELECT count(*) FROM listing WHERE list = ?1 AND published_at > ?2 AND published_at < substr(?2, 1, 10) || '~')),
       year (first, before, total) AS MATERIALIZED (
         SELECT bucket, upto - n, total FROM (
           SELECT bucket, n, sum(n) OVER (ORDER BY bucket DESC) AS upto, sum(n) OVER () AS total
           FROM listing_count WHERE list = ?1 AND level = 4)
         WHERE upto > ?3 + (SELECT n FROM newer) ORDER BY bucket DESC LIMIT 1),
       month (first, before) AS MATERIALIZED (${narrow('year', 7)}),
       day (first, before) AS MATERIALIZED (${narrow('month', 10)})
       SELECT ${TEASER}, (SELECT total FROM year) - (SELECT n FROM newer) AS total,
         (SELECT published_at FROM listing WHERE list = ?1 AND published_at <= ?2 ORDER BY published_at DESC LIMIT 1) AS newest
       FROM listing l JOIN article a ON a.slug = l.article
       WHERE l.list = ?1 AND l.published_at < (SELECT first FROM day) || '~'
       ORDER BY l.published_at DESC, l.article
       LIMIT ?4 OFFSET coalesce(?3 + (SELECT n FROM newer) - (SELECT before FROM day), 0)`,
    )
    .bind(list, asOf, (page - 1) * size, size)

/** Finds the month of a year, or the day of a month, in which the page begins, and how many articles are newer. */
const narrow = (within: 'year' | 'month', level: 7 | 10) =>
  `SELECT bucket, upto - n FROM (
     SELECT bucket, n, (SELECT before FROM ${within}) + sum(n) OVER (ORDER BY bucket DESC) AS upto
     FROM listing_count WHERE list = ?1 AND level = ${level}
       AND bucket > (SELECT first FROM ${within}) AND bucket < (SELECT first FROM ${within}) || '~')
   WHERE upto > ?3 + (SELECT n FROM newer) ORDER BY bucket DESC LIMIT 1`

const ListRow = v.object({ total: v.number(), newest: v.string() })

/** The articles of a list's page, how many stand in the whole list, and the moment of its newest. */
export function readListPage(rows: unknown[]): { teasers: Teaser[]; total: number; newest: string | null } {
  const { total, newest } = rows[0] === undefined ? { total: 0, newest: null } : v.parse(ListRow, rows[0])
  return { teasers: readTeasers(rows), total, newest }
}

/** The newest articles of a list. */
export const selectNewest = (db: D1Database, list: ListName, now: string, limit: number) =>
  db
    .prepare(
      `SELECT ${TEASER} FROM listing l JOIN article a ON a.slug = l.article
       WHERE l.list = ?1 AND l.published_at <= ?2 ORDER BY l.published_at DESC, l.article LIMIT ?3`,
    )
    .bind(list, now, limit)

/** Those of the newest articles that were commented on most. The count is kept with the article, never made here. */
export const selectMostCommented = (db: D1Database, now: string, among: number, limit: number) =>
  db
    .prepare(
      `SELECT ${TEASER} FROM (
         SELECT article FROM listing WHERE list = '${EVERYTHING}' AND published_at <= ?1
         ORDER BY published_at DESC, article LIMIT ?2) recent
       JOIN article a ON a.slug = recent.article WHERE a.comment_count > 0
       ORDER BY a.comment_count DESC, a.published_at DESC LIMIT ?3`,
    )
    .bind(now, among, limit)

/** Articles by their slugs, those that are published and due; in the order in which they are found. */
export const selectTeasersOf = (db: D1Database, slugs: readonly Slug[], now: string) =>
  db
    .prepare(
      `SELECT ${TEASER} FROM json_each(?1) wanted JOIN article a ON a.slug = wanted.value
       WHERE a.status = 'published' AND a.published_at <= ?2`,
    )
    .bind(JSON.stringify(slugs), now)

/** The moment at which the next scheduled article appears; no row when none is scheduled. */
export const selectNextDue = (db: D1Database, now: string) =>
  db
    .prepare(
      `SELECT published_at AS due FROM listing WHERE list = '${EVERYTHING}' AND published_at > ?1
       ORDER BY published_at LIMIT 1`,
    )
    .bind(now)

const DueRow = v.object({ due: v.string() })
export const readNextDue = (rows: unknown[]): string | null =>
  rows[0] === undefined ? null : v.parse(DueRow, rows[0]).due

/** Every month in which something was published, newest first, and how much: for the archive. */
export const selectMonths = (db: D1Database, now: string) =>
  db
    .prepare(
      `SELECT substr(list, 7) AS month, articles FROM (
         SELECT c.list, sum(c.n) - (SELECT count(*) FROM listing l WHERE l.list = c.list AND l.published_at > ?1) AS articles
         FROM listing_count c WHERE c.list > 'month/' AND c.list < 'month/~' AND c.level = 4 GROUP BY c.list)
       WHERE articles > 0 ORDER BY list DESC`,
    )
    .bind(now)

const MonthRow = v.object({ month: v.string(), articles: v.number() })
export const readMonths = (rows: unknown[]) => rows.map((row) => v.parse(MonthRow, row))

/** A tag's name. */
export const selectTagName = (db: D1Database, tag: Slug) =>
  db.prepare('SELECT name FROM tag WHERE slug = ?1').bind(tag)

const NameRow = v.object({ name: v.string() })
export const readName = (rows: unknown[]): string | null =>
  rows[0] === undefined ? null : v.parse(NameRow, rows[0]).name
