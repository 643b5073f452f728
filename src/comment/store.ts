import * as v from 'valibot'
import type { Site } from '../site/site.ts'
import { DAY_MS, timestampOf } from '../site/timestamp.ts'
import type { SafeHtml } from '../view/html.ts'
import { type CommentDraft, STATUSES } from './comment.ts'
import { COUNTED, type Moderation, type Thresholds, totalOf } from './judge/judge.ts'
import type { Reason } from './queue-store.ts'

/** SQL that writes what readers wrote. */

const HOUR_MS = 60 * 60 * 1000

export interface NewComment extends CommentDraft {
  sealedEmail: string
  emailHash: string
  ipHash: string
  fingerprint: string
  avatar: string
  near: number | null
  /** Only an article published after this moment takes it. */
  oldestOpen: string
  html: SafeHtml
  judged: Judged
}

/** What the judge found by itself, and by what rules the store decides when it has counted the rest. */
export interface Judged {
  reasons: readonly Reason[]
  moderation: Moderation
  thresholds: Thresholds
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
const ArticleRow = v.object({ slug: v.string() })

/** How much what was counted weighs; with the numbers of `COUNTED`, as `weighCounts` has it. */
const COUNTED_SCORE = Object.entries(COUNTED)
  .map(([name, { weight, most }]) => `${weight} * min(${name}, ${most})`)
  .join(' + ')

/** The condition under which an article takes a comment: it is open, and the same one did not come within a day. */
const takes = (at: Record<'article' | 'now' | 'oldest' | 'fingerprint' | 'dayAgo', string>) =>
  `slug = ${at.article} AND article.status = 'published' AND published_at <= ${at.now} AND comments = 'open'
     AND comments_stopped_at IS NULL AND published_at > ${at.oldest}
     AND NOT EXISTS (SELECT 1 FROM comment WHERE fingerprint = ${at.fingerprint} AND created_at > ${at.dayAgo})`

/** Whether a comment would be stored now, for who has to know before they ask others about it. */
export async function isTaken(
  { env, now, timestamp }: Site,
  { article, oldestOpen, fingerprint }: NewComment,
): Promise<boolean> {
  const row = await env.DB.prepare(
    `SELECT 1 FROM article WHERE ${takes({ article: '?1', now: '?2', oldest: '?3', fingerprint: '?4', dayAgo: '?5' })}`,
  )
    .bind(article, timestamp, oldestOpen, fingerprint, timestampOf(now.getTime() - DAY_MS))
    .first()
  return row !== null
}

/**
 * Stores a comment in one statement and one round trip: only where the article takes comments, and only once within a day.
 * What speaks for and against it in the rest of the comments is counted and weighed by the same statement. Why one was not
 * stored is asked in a second. When this returns `stored` or `repeated`, the comment is committed.
 * @param also what belongs into the same transaction; each has to do nothing where the comment was not stored
 */
export async function insertComment(
  site: Site,
  comment: NewComment,
  also: readonly D1PreparedStatement[] = [],
): Promise<Stored> {
  const { timestamp } = site
  const db = site.env.DB
  const now = site.now.getTime()
  const dayAgo = timestampOf(now - DAY_MS)
  const { reasons, moderation, thresholds } = comment.judged
  const insert = db
    .prepare(
      `WITH counted AS MATERIALIZED (
         SELECT slug, p.id AS parent, ifnull(p.thread, p.id) AS thread,
           iif(p.thread IS NULL, NULL, ifnull(p.branch, p.id)) AS branch,
           (SELECT count(*) FROM (SELECT 1 FROM comment WHERE email_hash = ?5 AND status = 'approved' LIMIT 5)) AS good,
           (SELECT count(*) FROM (SELECT 1 FROM comment WHERE email_hash = ?5 AND status = 'spam' LIMIT 5)) AS bad,
           (SELECT count(*) FROM (SELECT 1 FROM comment WHERE ip_hash = ?9 AND created_at > ?15 LIMIT 20)) AS connection,
           (SELECT count(*) FROM (SELECT 1 FROM comment WHERE near = ?16 LIMIT 5)) AS near,
           CAST((julianday(?8) - julianday(published_at)) / 365.25 AS INTEGER) AS years
         FROM article LEFT JOIN comment p ON p.id = ?2 AND p.article = ?1 AND p.status IN ('approved', 'trash', 'deleted')
         WHERE ${takes({ article: '?1', now: '?8', oldest: '?13', fingerprint: '?10', dayAgo: '?11' })}
       )
       INSERT INTO comment (article, parent, thread, branch, name, email, email_hash, website, text, status, created_at,
         ip_hash, fingerprint, html, avatar, near, verdict)
       SELECT slug, parent, thread, branch, ?3, ?4, ?5, ?6, ?7,
         CASE WHEN ?17 + ${COUNTED_SCORE} >= ?19 THEN 'spam'
           WHEN (?20 = 'none' OR (?20 = 'returning' AND good > 0)) AND ?17 + ${COUNTED_SCORE} < ?18 THEN 'approved'
           ELSE 'pending' END,
         ?8, ?9, ?10, ?12, ?14, ?16,
         json_object('reasons', json(?21), 'counts', json_object('good', good, 'bad', bad, 'connection', connection,
           'near', near, 'years', years))
       FROM counted RETURNING id, status`,
    )
    .bind(
      comment.article,
      comment.parent,
      comment.name,
      comment.sealedEmail,
      comment.emailHash,
      comment.website,
      comment.text,
      timestamp,
      comment.ipHash,
      comment.fingerprint,
      dayAgo,
      comment.html,
      comment.oldestOpen,
      comment.avatar,
      timestampOf(now - HOUR_MS),
      comment.near,
      totalOf(reasons),
      thresholds.hold,
      thresholds.spam,
      moderation,
      JSON.stringify(reasons),
    )
  const [inserted] = await site.commit([insert, ...also])
  const [row] = inserted?.results ?? []
  if (row !== undefined) return { outcome: 'stored', ...v.parse(IdRow, row) }
  const [same, article] = await db.batch([
    db
      .prepare(
        'SELECT id, status FROM comment WHERE fingerprint = ?1 AND created_at > ?2 ORDER BY created_at DESC, id DESC LIMIT 1',
      )
      .bind(comment.fingerprint, dayAgo),
    db
      .prepare(`SELECT slug FROM article WHERE slug = ?1 AND status = 'published' AND published_at <= ?2`)
      .bind(comment.article, timestamp),
  ])
  const [twin] = same?.results ?? []
  if (twin !== undefined) return { outcome: 'repeated', ...v.parse(IdRow, twin) }
  const [found] = article?.results ?? []
  return { outcome: found !== undefined && v.is(ArticleRow, found) ? 'closed' : 'no-article' }
}

/** What its author makes of a comment. */
export interface ChangedComment {
  id: number
  text: string
  html: SafeHtml
  fingerprint: string
  judged: Judged
  /** Only a comment written after this moment can be changed. */
  writtenAfter: Date
  timestamp: string
}

/** Which comments their author can change: those written after a moment, and neither thrown away nor gone. */
const CHANGEABLE = "status IN ('pending', 'approved', 'spam')"

const ChangeableRow = v.object({
  name: v.string(),
  website: v.nullable(v.string()),
  ipHash: v.nullable(v.string()),
  createdAt: v.string(),
})

/** What belongs to a comment that can still be changed; null where it can't. */
export async function findChangeable(
  db: D1Database,
  id: number,
  writtenAfter: Date,
): Promise<v.InferOutput<typeof ChangeableRow> | null> {
  const row = await db
    .prepare(
      `SELECT name, website, ip_hash AS ipHash, created_at AS createdAt FROM comment WHERE id = ?1 AND ${CHANGEABLE} AND created_at > ?2`,
    )
    .bind(id, timestampOf(writtenAfter.getTime()))
    .first()
  return row === null ? null : v.parse(ChangeableRow, row)
}

/**
 * Changes a comment that waits or is published, and judges it again; what was found to be spam stays so.
 * @returns false where it is gone, thrown away, or too old
 */
export async function changeComment(db: D1Database, comment: ChangedComment): Promise<boolean> {
  const { reasons, moderation, thresholds } = comment.judged
  const changed = await db
    .prepare(
      `UPDATE comment SET text = ?2, html = ?3, fingerprint = ?4, edited_at = ?5, version = version + 1,
         original = NULL, shortened = NULL, pinned_at = NULL,
         verdict = json_remove(json_set(verdict, '$.reasons', json(?6)), '$.told'),
         status = CASE WHEN status = 'spam' OR ?7 >= ?9 THEN 'spam'
           WHEN ?7 < ?8 AND (?10 = 'none' OR (?10 = 'returning' AND EXISTS (SELECT 1 FROM comment o
             WHERE o.email_hash = comment.email_hash AND o.status = 'approved' AND o.id <> comment.id))) THEN 'approved'
           ELSE 'pending' END
       WHERE id = ?1 AND ${CHANGEABLE} AND created_at > ?11`,
    )
    .bind(
      comment.id,
      comment.text,
      comment.html,
      comment.fingerprint,
      comment.timestamp,
      JSON.stringify(reasons),
      totalOf(reasons),
      thresholds.hold,
      thresholds.spam,
      moderation,
      timestampOf(comment.writtenAfter.getTime()),
    )
    .run()
  return changed.meta.changes > 0
}

/** What a deleted comment is made of that was answered: nothing but its place. */
const EMPTIED = `status = 'deleted', original = NULL, shortened = NULL, pinned_at = NULL, verdict = '{}', near = NULL, name = '', email = '', email_hash = '', website = NULL, text = '', html = '',
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
