import * as v from 'valibot'
import { EVERYTHING, type ListName } from '../article/list.ts'
import { Slug } from '../article/slug.ts'
import { ARCHIVE_LENGTH, type Archive, FEED_LENGTH, type MonthCount } from './archive.ts'

/** SQL of the feeds: what stands in them, since when, and what the hub has still to be told. */

/** The newest articles of a list: as many as the feed itself may hold. */
export const selectFeed = (db: D1Database, list: ListName, now: string) =>
  db
    .prepare(
      `SELECT article AS slug, published_at AS date FROM listing WHERE list = ?1 AND published_at <= ?2
       ORDER BY published_at DESC, article LIMIT ${Math.max(FEED_LENGTH, ARCHIVE_LENGTH)}`,
    )
    .bind(list, now)

/** The articles of an archive, the oldest first. */
export const selectArchive = (db: D1Database, list: ListName, { month, part }: Archive, now: string) =>
  db
    .prepare(
      `SELECT article AS slug, published_at AS date FROM listing
       WHERE list = ?1 AND published_at >= ?2 AND published_at < min(?2 || '~', ?3 || '~')
       ORDER BY published_at, article DESC LIMIT ${ARCHIVE_LENGTH} OFFSET ?4`,
    )
    .bind(list, month, now, (part - 1) * ARCHIVE_LENGTH)

const MemberRow = v.object({ slug: Slug, date: v.string() })
export const readMembers = (rows: unknown[]) => rows.map((row) => v.parse(MemberRow, row))

/** How many of a month's articles are due; ?1 is the list, ?2 now, `bucket` and `n` the month and what is counted. */
const DUE = `bucket AS month, iif(bucket = substr(?2, 1, 7), n - (SELECT count(*) FROM listing
  WHERE list = ?1 AND published_at > ?2 AND published_at < substr(?2, 1, 7) || '~'), n) AS articles`

/** A month (UTC) and the one before it in which something of a list was published. */
export const selectMonthsUpTo = (db: D1Database, list: ListName, month: string, now: string) =>
  db
    .prepare(
      `SELECT ${DUE} FROM listing_count WHERE list = ?1 AND level = 7 AND bucket <= min(?3, substr(?2, 1, 7))
       ORDER BY bucket DESC LIMIT 2`,
    )
    .bind(list, now, month)

/** The month after one in which something of a list was published. */
export const selectMonthAfter = (db: D1Database, list: ListName, month: string, now: string) =>
  db
    .prepare(
      `SELECT ${DUE} FROM listing_count WHERE list = ?1 AND level = 7 AND bucket > ?3 AND bucket <= substr(?2, 1, 7)
       ORDER BY bucket LIMIT 1`,
    )
    .bind(list, now, month)

const MonthRow = v.object({ month: v.string(), articles: v.number() })
export const readMonthCounts = (rows: unknown[]): MonthCount[] => rows.map((row) => v.parse(MonthRow, row))

/**
 * When something changed last that a feed may be made of: articles, settings, a scheduled article becoming due, or a
 * month ending and with it an archive being closed.
 */
export const selectChanged = (db: D1Database, now: string, of: 'articles' | 'comments') =>
  db
    .prepare(
      `SELECT max(at) AS at FROM (SELECT max(at) AS at FROM changed WHERE what > 'month/' AND what < 'month/~'
       UNION ALL SELECT at FROM changed WHERE what IN ('settings'${of === 'comments' ? ", 'comments'" : ''})
       UNION ALL SELECT * FROM (SELECT published_at FROM listing WHERE list = '${EVERYTHING}' AND published_at <= ?1
         ORDER BY published_at DESC LIMIT 1)
       UNION ALL SELECT substr(?1, 1, 7) || '-01T00:00:00Z')`,
    )
    .bind(now)

const ChangedRow = v.object({ at: v.nullable(v.string()) })
export const readChanged = (rows: unknown[]): string => v.parse(ChangedRow, rows[0] ?? { at: null }).at ?? ''

const COMMENT = 'c.id, c.article, c.name, c.website, c.text, c.html, c.created_at AS createdAt'

/** The newest approved comments of an article, or those before one; one more than a feed has, where there are more. */
export const selectCommentsOf = (db: D1Database, article: Slug, before: number) =>
  db
    .prepare(
      `SELECT ${COMMENT}, '' AS title FROM comment c WHERE c.article = ?1 AND c.status = 'approved' AND c.id < ?2
       ORDER BY c.id DESC LIMIT ${FEED_LENGTH + 1}`,
    )
    .bind(article, before)

/** The same on everything that is published. */
export const selectComments = (db: D1Database, now: string, before: number) =>
  db
    .prepare(
      `SELECT ${COMMENT}, a.title FROM comment c CROSS JOIN article a ON a.slug = c.article
       WHERE c.status = 'approved' AND a.status = 'published' AND a.published_at <= ?1 AND a.comments <> 'none'
         AND c.id < ?2
       ORDER BY c.id DESC LIMIT ${FEED_LENGTH + 1}`,
    )
    .bind(now, before)

const CommentRow = v.object({
  id: v.number(),
  article: Slug,
  name: v.string(),
  website: v.nullable(v.string()),
  text: v.string(),
  html: v.string(),
  createdAt: v.string(),
  /** The article's; empty where the feed is the article's own. */
  title: v.string(),
})
export type FeedComment = v.InferOutput<typeof CommentRow>
export const readFeedComments = (rows: unknown[]) => rows.map((row) => v.parse(CommentRow, row))

/** Notes that the feeds of some articles' lists have something new. */
export const addTopicsOf = (db: D1Database, slugs: readonly string[], now: string) =>
  db
    .prepare(
      `INSERT OR IGNORE INTO hub_topic (list) SELECT list FROM listing
       WHERE article IN (SELECT value FROM json_each(?1)) AND published_at <= ?2 AND list NOT GLOB 'month/*'`,
    )
    .bind(JSON.stringify(slugs), now)

/** Notes the same for articles that became due since something did last; the first time nothing did. */
export const addDueTopics = (db: D1Database, now: string): D1PreparedStatement[] => [
  db.prepare('INSERT OR IGNORE INTO hub_progress (id, due) VALUES (1, ?1)').bind(now),
  db
    .prepare(
      `INSERT OR IGNORE INTO hub_topic (list) SELECT l.list FROM listing due CROSS JOIN listing l ON l.article = due.article
       WHERE due.list = '${EVERYTHING}' AND due.published_at <= ?1 AND l.list NOT GLOB 'month/*'
         AND due.published_at > (SELECT due FROM hub_progress WHERE id = 1)`,
    )
    .bind(now),
  db
    .prepare(
      `UPDATE hub_progress SET due = ?1 WHERE id = 1 AND EXISTS (SELECT 1 FROM listing
       WHERE list = '${EVERYTHING}' AND published_at > hub_progress.due AND published_at <= ?1)`,
    )
    .bind(now),
]

/** Takes some of the lists that the hub is to be told of. */
export const takeTopics = (db: D1Database, limit: number) =>
  db
    .prepare(
      'DELETE FROM hub_topic WHERE list IN (SELECT list FROM hub_topic ORDER BY list LIMIT ?1) RETURNING list',
    )
    .bind(limit)

const TopicRow = v.object({ list: v.pipe(v.string(), v.regex(/^$|^(?:section|tag|author)\/[a-z0-9-]+$/)) })
export const readTopics = (rows: unknown[]) => rows.map((row) => v.parse(TopicRow, row).list)

/** Puts them back: the hub could not be told. */
export const returnTopics = (db: D1Database, lists: readonly string[]) =>
  db
    .prepare('INSERT OR IGNORE INTO hub_topic (list) SELECT value FROM json_each(?1)')
    .bind(JSON.stringify(lists))
