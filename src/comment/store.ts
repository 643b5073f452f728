import * as v from 'valibot'
import type { Slug } from '../article/slug.ts'
import { DAY_MS, timestampOf } from '../site/timestamp.ts'
import type { SafeHtml } from '../view/html.ts'
import { Comment, type CommentDraft, STATUSES, type Status } from './comment.ts'

/** SQL of the comments, and nowhere else. */

const CommentingRow = v.object({ count: v.number(), closedAt: v.nullable(v.string()) })

/** Comments shown at once. */
export const PAGE_SIZE = 50

const READER_COLUMNS = 'id, name, website, text, html, created_at AS createdAt, status'

/** An article's newest approved comments below an id, one more than a page to know whether there are older ones. */
export const selectComments = (db: D1Database, article: Slug, before: number | null) =>
  db
    .prepare(
      `SELECT ${READER_COLUMNS} FROM comment WHERE article = ?1 AND status = 'approved' AND id < ?2
       ORDER BY id DESC LIMIT ${PAGE_SIZE + 1}`,
    )
    .bind(article, before ?? Number.MAX_SAFE_INTEGER)

/** What the catalogue keeps of an article's comments: how many are approved, and since when they are closed. */
export const selectCommenting = (db: D1Database, article: Slug) =>
  db
    .prepare(`SELECT comment_count AS count, comments_closed_at AS closedAt FROM article WHERE slug = ?1`)
    .bind(article)

/** One comment in any status, for its author. */
export const selectOwnComment = (db: D1Database, article: Slug, id: number | null) =>
  db.prepare(`SELECT ${READER_COLUMNS} FROM comment WHERE id = ?1 AND article = ?2`).bind(id, article)

export const readComments = (rows: unknown[]): Comment[] => rows.map((row) => v.parse(Comment, row))

export const readCommenting = (rows: unknown[]): v.InferOutput<typeof CommentingRow> =>
  rows[0] === undefined ? { count: 0, closedAt: null } : v.parse(CommentingRow, rows[0])

export interface NewComment extends CommentDraft {
  sealedEmail: string
  emailHash: string
  ipHash: string
  fingerprint: string
  /** Only an article published after this moment takes it. */
  oldestOpen: string
  html: SafeHtml
  status: { otherwise: Status; knownAddress: Status }
}

/** What became of a comment that was to be stored. */
export type Stored =
  | { outcome: 'stored' | 'repeated'; id: number; isVisible: boolean }
  | { outcome: 'closed' }
  | { outcome: 'no-article' }

const IdRow = v.pipe(
  v.object({ id: v.number(), status: v.picklist(STATUSES) }),
  v.transform(({ id, status }) => ({ id, isVisible: status === 'approved' })),
)
const ArticleRow = v.object({ comments: v.string() })

/**
 * Stores a comment in one statement and one round trip: only where the article takes comments, and only once
 * within a day. Why one was not stored is asked in a second. When this returns `stored` or `repeated`, the
 * comment is committed.
 */
export async function insertComment(db: D1Database, comment: NewComment, timestamp: string): Promise<Stored> {
  const dayAgo = timestampOf(Date.parse(timestamp) - DAY_MS)
  const row = await db
    .prepare(
      `INSERT INTO comment (article, parent, name, email, email_hash, website, text, status, created_at, ip_hash, fingerprint,
         html)
         SELECT slug, (SELECT id FROM comment WHERE id = ?2 AND article = ?1 AND status = 'approved'),
           ?3, ?4, ?5, ?6, ?7,
           iif(EXISTS (SELECT 1 FROM comment WHERE email_hash = ?5 AND status = 'approved'), ?8, ?9), ?10, ?11, ?12,
           ?14
         FROM article WHERE slug = ?1 AND status = 'published' AND published_at <= ?10 AND comments = 'open'
           AND published_at > ?15
           AND NOT EXISTS (SELECT 1 FROM comment WHERE fingerprint = ?12 AND created_at > ?13)
         RETURNING id, status`,
    )
    .bind(
      comment.article,
      comment.parent,
      comment.name,
      comment.sealedEmail,
      comment.emailHash,
      comment.website,
      comment.text,
      comment.status.knownAddress,
      comment.status.otherwise,
      timestamp,
      comment.ipHash,
      comment.fingerprint,
      dayAgo,
      comment.html,
      comment.oldestOpen,
    )
    .first()
  if (row !== null) return { outcome: 'stored', ...v.parse(IdRow, row) }
  const [same, article] = await db.batch([
    db
      .prepare(
        'SELECT id, status FROM comment WHERE fingerprint = ?1 AND created_at > ?2 ORDER BY created_at DESC, id DESC LIMIT 1',
      )
      .bind(comment.fingerprint, dayAgo),
    db
      .prepare(`SELECT comments FROM article WHERE slug = ?1 AND status = 'published' AND published_at <= ?2`)
      .bind(comment.article, timestamp),
  ])
  const [twin] = same?.results ?? []
  if (twin !== undefined) return { outcome: 'repeated', ...v.parse(IdRow, twin) }
  const [found] = article?.results ?? []
  return { outcome: found !== undefined && v.is(ArticleRow, found) ? 'closed' : 'no-article' }
}

const ModerationRow = v.object({
  ...Comment.entries,
  article: v.string(),
  email: v.string(),
  parent: v.nullable(v.number()),
})
export type ModerationRow = v.InferOutput<typeof ModerationRow>
const MODERATION_COLUMNS = `${READER_COLUMNS}, article, email, parent`

/** A page of the moderation queue, newest first. */
export async function findQueue(
  db: D1Database,
  status: Status,
  before: number | null,
): Promise<ModerationRow[]> {
  const { results } = await db
    .prepare(
      `SELECT ${MODERATION_COLUMNS} FROM comment WHERE status = ?1 AND id < ?2 ORDER BY id DESC LIMIT ${PAGE_SIZE + 1}`,
    )
    .bind(status, before ?? Number.MAX_SAFE_INTEGER)
    .all()
  return results.map((row) => v.parse(ModerationRow, row))
}

export async function findComment(db: D1Database, id: number): Promise<ModerationRow | null> {
  const row = await db.prepare(`SELECT ${MODERATION_COLUMNS} FROM comment WHERE id = ?1`).bind(id).first()
  return row === null ? null : v.parse(ModerationRow, row)
}

/** Changes a comment's status; false where there is no such comment. */
export async function setStatus(db: D1Database, id: number, status: Status): Promise<boolean> {
  const changed = await db.prepare('UPDATE comment SET status = ?2 WHERE id = ?1').bind(id, status).run()
  return changed.meta.changes > 0
}

export async function deleteComment(db: D1Database, id: number): Promise<boolean> {
  const removed = await db.prepare('DELETE FROM comment WHERE id = ?1').bind(id).run()
  return removed.meta.changes > 0
}

/** Statements that empty what may not be kept longer. */
export const clearOldTraces = (db: D1Database, now: Date): D1PreparedStatement[] => {
  const monthAgo = timestampOf(now.getTime() - 30 * DAY_MS)
  return [
    db
      .prepare('UPDATE comment SET ip_hash = NULL WHERE ip_hash IS NOT NULL AND created_at < ?1')
      .bind(monthAgo),
    db.prepare('DELETE FROM rate_limit WHERE minute < ?1').bind(Math.floor(now.getTime() / 60_000) - 60),
  ]
}
