import * as v from 'valibot'
import { DAY_MS, timestampOf } from '../site/timestamp.ts'
import type { SafeHtml } from '../view/html.ts'
import { type CommentDraft, STATUSES, type Status } from './comment.ts'

/** SQL that writes what readers wrote. */

export interface NewComment extends CommentDraft {
  sealedEmail: string
  emailHash: string
  ipHash: string
  fingerprint: string
  avatar: string
  /** What the name looks like: nobody takes that of somebody of the newsroom. */
  lookalike: string
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
  | { outcome: 'name-taken' }

const IdRow = v.pipe(
  v.object({ id: v.number(), status: v.picklist(STATUSES) }),
  v.transform(({ id, status }) => ({ id, isVisible: status === 'approved' })),
)
const ArticleRow = v.object({ isTaken: v.number() })

/**
 * Stores a comment in one statement and one round trip: only where the article takes comments, and only once
 * within a day. Why one was not stored is asked in a second. When this returns `stored` or `repeated`, the
 * comment is committed.
 */
export async function insertComment(db: D1Database, comment: NewComment, timestamp: string): Promise<Stored> {
  const dayAgo = timestampOf(Date.parse(timestamp) - DAY_MS)
  const row = await db
    .prepare(
      `INSERT INTO comment (article, parent, thread, branch, name, email, email_hash, website, text, status, created_at,
         ip_hash, fingerprint, html, avatar)
         SELECT slug, p.id, ifnull(p.thread, p.id), iif(p.thread IS NULL, NULL, ifnull(p.branch, p.id)),
           ?3, ?4, ?5, ?6, ?7,
           iif(EXISTS (SELECT 1 FROM comment WHERE email_hash = ?5 AND status = 'approved'), ?8, ?9), ?10, ?11, ?12,
           ?14, ?16
         FROM article LEFT JOIN comment p ON p.id = ?2 AND p.article = ?1 AND p.status IN ('approved', 'trash', 'deleted')
         WHERE slug = ?1 AND article.status = 'published' AND published_at <= ?10 AND comments = 'open'
           AND comments_stopped_at IS NULL AND NOT EXISTS (SELECT 1 FROM person WHERE lookalike = ?17)
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
      comment.avatar,
      comment.lookalike,
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
      .prepare(
        `SELECT comments = 'open' AND comments_stopped_at IS NULL
           AND EXISTS (SELECT 1 FROM person WHERE lookalike = ?3) AS isTaken
         FROM article WHERE slug = ?1 AND status = 'published' AND published_at <= ?2`,
      )
      .bind(comment.article, timestamp, comment.lookalike),
  ])
  const [twin] = same?.results ?? []
  if (twin !== undefined) return { outcome: 'repeated', ...v.parse(IdRow, twin) }
  const [found] = article?.results ?? []
  if (found === undefined) return { outcome: 'no-article' }
  return { outcome: v.parse(ArticleRow, found).isTaken ? 'name-taken' : 'closed' }
}

/** What its author makes of a comment. */
export interface ChangedComment {
  id: number
  text: string
  html: SafeHtml
  fingerprint: string
  status: { otherwise: Status; knownAddress: Status }
  /** Only a comment written after this moment can be changed. */
  writtenAfter: Date
  timestamp: string
}

/**
 * Changes a comment that waits or is published, and judges it again; what was found to be spam stays so.
 * @returns false where it is gone, thrown away, or too old
 */
export async function changeComment(db: D1Database, comment: ChangedComment): Promise<boolean> {
  const changed = await db
    .prepare(
      `UPDATE comment SET text = ?2, html = ?3, fingerprint = ?4, edited_at = ?5,
         status = CASE WHEN status = 'spam' THEN 'spam'
           WHEN EXISTS (SELECT 1 FROM comment o WHERE o.email_hash = comment.email_hash AND o.status = 'approved'
             AND o.id <> comment.id) THEN ?6 ELSE ?7 END
       WHERE id = ?1 AND status IN ('pending', 'approved', 'spam') AND created_at > ?8`,
    )
    .bind(
      comment.id,
      comment.text,
      comment.html,
      comment.fingerprint,
      comment.timestamp,
      comment.status.knownAddress,
      comment.status.otherwise,
      timestampOf(comment.writtenAfter.getTime()),
    )
    .run()
  return changed.meta.changes > 0
}

/** What a deleted comment is made of that was answered: nothing but its place. */
const EMPTIED = `status = 'deleted', name = '', email = '', email_hash = '', website = NULL, text = '', html = '',
  avatar = '', ip_hash = NULL, fingerprint = '', edited_at = NULL`
const IS_ANSWERED = 'EXISTS (SELECT 1 FROM comment r WHERE r.parent = ?1 OR r.branch = ?1 OR r.thread = ?1)'

/**
 * Removes a comment for good. Where it was answered, an empty place stays, so that the answers keep theirs.
 * @returns false where there is no such comment
 */
export async function deleteComment(db: D1Database, id: number): Promise<boolean> {
  const results = await db.batch([
    db
      .prepare(`UPDATE comment SET ${EMPTIED} WHERE id = ?1 AND status <> 'deleted' AND ${IS_ANSWERED}`)
      .bind(id),
    db.prepare(`DELETE FROM comment WHERE id = ?1 AND status <> 'deleted' AND NOT ${IS_ANSWERED}`).bind(id),
  ])
  return results.some(({ meta }) => meta.changes > 0)
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
