import * as v from 'valibot'
import type { Slug } from '../article/slug.ts'
import { Comment } from './comment.ts'
import type { Cursor, Order } from './view.ts'

/**
 * SQL that reads threads. However many comments an article has, a page looks at a bounded number of rows: the plus sign
 * before `article` keeps SQLite from looking through all of them for a few numbers.
 */

/** Threads on a page. */
export const THREADS = 20
/** Answers of a thread among others. */
export const REPLIES = 8
/** Answers on a page that shows one thread. */
export const REPLIES_ALONE = 100

/** What readers see of a comment; whom a deep one answers only where that is not clear from its place. */
const COLUMNS = `c.id, c.name, c.website, c.text, c.html, c.created_at AS createdAt, c.edited_at AS editedAt, c.status,
  c.avatar, c.replies, c.thread, c.branch, c.shortened, c.staff IS NOT NULL AS isStaff, c.pinned_at IS NOT NULL AS isPinned,
  iif(c.parent <> c.branch, (SELECT p.name FROM comment p WHERE p.id = c.parent AND p.status = 'approved'), NULL) AS answers`

/** What begins a thread that readers see; as the partial indexes have it. */
const BEGINS = `article = ?1 AND thread IS NULL AND (status = 'approved' OR replies > 0)`

const PAGE: Record<Order, string> = {
  oldest: 'id >= ?2 ORDER BY id',
  newest: 'id <= ?2 ORDER BY id DESC',
  answered: 'replies <= ?3 AND (replies < ?3 OR id >= ?2) ORDER BY replies DESC, id',
}

const pageOf = (order: Order) =>
  `SELECT id FROM comment WHERE ${BEGINS} AND ${PAGE[order]} LIMIT ${THREADS + 1}`

/** A page of threads and one more, each with its first answers and one more: that tells whether something follows. */
export function selectThreads(db: D1Database, article: Slug, order: Order, from: Cursor | null) {
  const first = from?.id ?? (order === 'newest' ? Number.MAX_SAFE_INTEGER : 0)
  const most = order === 'answered' ? [from?.replies ?? Number.MAX_SAFE_INTEGER] : []
  const page = pageOf(order)
  return [
    db.prepare(`SELECT ${COLUMNS} FROM comment c WHERE c.id IN (${page})`).bind(article, first, ...most),
    db
      .prepare(
        `SELECT ${COLUMNS} FROM (${page}) page CROSS JOIN comment c ON c.id IN (
           SELECT id FROM comment WHERE thread = page.id AND status = 'approved' ORDER BY ifnull(branch, id), id
           LIMIT ${REPLIES + 1})`,
      )
      .bind(article, first, ...most),
  ]
}

/** The branch of the comment with which a page begins; the whole thread where it is the first of it. */
const BRANCH_OF_FIRST = 'iif(f.thread IS NULL, 0, ifnull(f.branch, f.id))'

/** Of one thread: what it begins with, the branch in which a comment stands, and from that on its answers. */
export const selectThread = (db: D1Database, article: Slug, from: number) => [
  db
    .prepare(
      `SELECT ${COLUMNS} FROM comment c WHERE +c.article = ?1 AND c.id IN (
         SELECT ifnull(thread, id) FROM comment WHERE id = ?2 UNION ALL SELECT branch FROM comment WHERE id = ?2)`,
    )
    .bind(article, from),
  db
    .prepare(
      `SELECT ${COLUMNS} FROM comment f CROSS JOIN comment c ON c.id IN (
         SELECT id FROM comment WHERE thread = ifnull(f.thread, f.id) AND status = 'approved'
           AND ifnull(branch, id) >= ${BRANCH_OF_FIRST} AND (ifnull(branch, id) > ${BRANCH_OF_FIRST} OR id >= f.id)
         ORDER BY ifnull(branch, id), id LIMIT ${REPLIES_ALONE + 1})
       WHERE f.id = ?2 AND +f.article = ?1`,
    )
    .bind(article, from),
]

/** What the newsroom recommends of an article's comments, the latest first. */
export const selectPinned = (db: D1Database, article: Slug) =>
  db
    .prepare(
      `SELECT ${COLUMNS} FROM comment c WHERE c.article = ?1 AND c.pinned_at IS NOT NULL AND c.status = 'approved'
       ORDER BY c.pinned_at DESC LIMIT 3`,
    )
    .bind(article)

/** What the catalogue keeps of an article's comments: how many are approved, and since when they are closed. */
export const selectCommenting = (db: D1Database, article: Slug) =>
  db
    .prepare(`SELECT comment_count AS count, comments_closed_at AS closedAt, comments_stopped_at AS stoppedAt FROM article
       WHERE slug = ?1`)
    .bind(article)

/** Some comments in any status: the reader's own, and the one they answer. */
export const selectSome = (db: D1Database, article: Slug, ids: readonly (number | null)[]) =>
  db
    .prepare(`SELECT ${COLUMNS} FROM comment c WHERE c.id IN (?2, ?3) AND +c.article = ?1`)
    .bind(article, ids[0] ?? null, ids[1] ?? null)

export const readComments = (rows: unknown[]): Comment[] => rows.map((row) => v.parse(Comment, row))

const CommentingRow = v.object({
  count: v.number(),
  closedAt: v.nullable(v.string()),
  stoppedAt: v.nullable(v.string()),
})
export const readCommenting = (rows: unknown[]): v.InferOutput<typeof CommentingRow> =>
  rows[0] === undefined ? { count: 0, closedAt: null, stoppedAt: null } : v.parse(CommentingRow, rows[0])
