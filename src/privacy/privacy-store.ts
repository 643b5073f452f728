import * as v from 'valibot'

/** SQL of what the site holds about a person, and of what it may not hold any longer. */

const CommentRow = v.object({
  id: v.number(),
  article: v.string(),
  name: v.string(),
  website: v.nullable(v.string()),
  text: v.string(),
  original: v.nullable(v.string()),
  status: v.string(),
  createdAt: v.string(),
  editedAt: v.nullable(v.string()),
  hasConnectionHash: v.pipe(
    v.number(),
    v.transform((n) => n !== 0),
  ),
})
const SubscriptionRow = v.object({
  comment: v.number(),
  createdAt: v.string(),
  confirmedAt: v.nullable(v.string()),
})
const ReportRow = v.object({
  comment: v.nullable(v.number()),
  reason: v.string(),
  explanation: v.string(),
  name: v.string(),
  createdAt: v.string(),
  outcome: v.nullable(v.string()),
})
const StatementRow = v.object({
  comment: v.nullable(v.number()),
  kind: v.string(),
  reason: v.string(),
  createdAt: v.string(),
  objection: v.nullable(v.string()),
  outcome: v.nullable(v.string()),
})

/** Everything that is held on an e-mail address. */
export async function exportPerson(db: D1Database, emailHash: string) {
  const select = (sql: string) => db.prepare(sql).bind(emailHash)
  const [comments, subscriptions, reports, statements] = await db.batch([
    select(
      `SELECT id, article, name, website, text, original, status, created_at AS createdAt, edited_at AS editedAt,
         ip_hash IS NOT NULL AS hasConnectionHash FROM comment WHERE email_hash = ?1 ORDER BY id`,
    ),
    select(
      `SELECT comment, created_at AS createdAt, confirmed_at AS confirmedAt FROM subscription WHERE email_hash = ?1 ORDER BY id`,
    ),
    select(
      `SELECT comment, reason, explanation, name, created_at AS createdAt, outcome FROM report WHERE email_hash = ?1 ORDER BY id`,
    ),
    select(
      `SELECT s.comment, s.kind, s.reason, s.created_at AS createdAt, s.objection, s.outcome FROM comment c
       JOIN statement s ON s.comment = c.id WHERE c.email_hash = ?1 ORDER BY s.id`,
    ),
  ])
  const read = <S extends v.GenericSchema>(schema: S, found: D1Result | undefined): v.InferOutput<S>[] =>
    (found?.results ?? []).map((row) => v.parse(schema, row))
  return {
    comments: read(CommentRow, comments),
    subscriptions: read(SubscriptionRow, subscriptions),
    reports: read(ReportRow, reports),
    statements: read(StatementRow, statements),
  }
}
export type PersonExport = Awaited<ReturnType<typeof exportPerson>>

/** What is left of a comment that was answered: its place. As `deleteComment` leaves it. */
const EMPTIED = `status = 'deleted', name = '', email = '', email_hash = '', website = NULL, text = '', html = '',
  avatar = '', ip_hash = NULL, fingerprint = '', edited_at = NULL, original = NULL, shortened = NULL, pinned_at = NULL,
  verdict = '{}', near = NULL`
const IS_ANSWERED = `EXISTS (SELECT 1 FROM comment r WHERE r.parent = comment.id OR r.branch = comment.id
  OR r.thread = comment.id)`

/**
 * Erases a person: mail, name, hashes and subscriptions; and their texts, or only what says whose they are.
 * @param anonymous the name that stands by texts that are kept
 */
export const erasePerson = (
  db: D1Database,
  emailHash: string,
  { keepsTexts, anonymous }: { keepsTexts: boolean; anonymous: string },
): D1PreparedStatement[] => [
  db.prepare('DELETE FROM subscription WHERE email_hash = ?1').bind(emailHash),
  db
    .prepare(`UPDATE report SET name = '', email = '', email_hash = '' WHERE email_hash = ?1`)
    .bind(emailHash),
  ...(keepsTexts
    ? [
        // Each comment gets a number of its own in place of the person's: they can no longer be told to be of one.
        db
          .prepare(
            `UPDATE comment SET name = ?2, email = 'erased', email_hash = lower(hex(randomblob(11))), website = NULL,
               avatar = '', ip_hash = NULL, fingerprint = lower(hex(randomblob(8))), version = version + 1
             WHERE email_hash = ?1`,
          )
          .bind(emailHash, anonymous),
      ]
    : [
        db.prepare(`UPDATE comment SET ${EMPTIED} WHERE email_hash = ?1 AND ${IS_ANSWERED}`).bind(emailHash),
        db.prepare('DELETE FROM comment WHERE email_hash = ?1').bind(emailHash),
      ]),
]

/** Moments before which what is held has to go. */
export interface Deadlines {
  now: string
  ipHash: string
  spam: string
  trash: string
  unconfirmed: string
  audit: string
  mail: string
  idleSession: string
  /** Minutes since 1970. */
  rateMinute: number
}

/** Statements that remove what may not be kept longer. */
export const removeOverdue = (db: D1Database, at: Deadlines): D1PreparedStatement[] => {
  const over = `((status = 'spam' AND ifnull(decided_at, created_at) < ?1)
    OR (status = 'trash' AND ifnull(decided_at, created_at) < ?2))`
  return [
    db
      .prepare('UPDATE comment SET ip_hash = NULL WHERE ip_hash IS NOT NULL AND created_at < ?1')
      .bind(at.ipHash),
    db.prepare(`UPDATE comment SET ${EMPTIED} WHERE ${over} AND ${IS_ANSWERED}`).bind(at.spam, at.trash),
    db.prepare(`DELETE FROM comment WHERE ${over}`).bind(at.spam, at.trash),
    // An empty place that nothing stands below any more.
    db.prepare(`DELETE FROM comment WHERE status = 'deleted' AND NOT ${IS_ANSWERED}`),
    db
      .prepare('DELETE FROM subscription WHERE confirmed_at IS NULL AND created_at < ?1')
      .bind(at.unconfirmed),
    db
      .prepare(
        'DELETE FROM audit WHERE at < ?1 AND id NOT IN (SELECT undone FROM audit WHERE undone IS NOT NULL)',
      )
      .bind(at.audit),
    db.prepare(`DELETE FROM mail WHERE status = 'sent' AND created_at < ?1`).bind(at.mail),
    db.prepare('DELETE FROM session WHERE expires_at <= ?1 OR seen_at <= ?2').bind(at.now, at.idleSession),
    db.prepare('DELETE FROM sign_in_link WHERE expires_at <= ?1').bind(at.now),
    db.prepare('DELETE FROM challenge WHERE expires_at <= ?1').bind(at.now),
    db.prepare('DELETE FROM rate_limit WHERE minute < ?1').bind(at.rateMinute),
  ]
}

const SealedRow = v.object({ id: v.number(), sealed: v.string() })

/** Where encrypted text is: table and column. */
export const SEALED = [
  ['comment', 'email'],
  ['person', 'email'],
  ['subscription', 'email'],
  ['report', 'email'],
  ['mail', 'recipient'],
  ['mail', 'content'],
] as const
export type SealedColumn = (typeof SEALED)[number]

/** Some encrypted values behind a row's number. */
export async function findSealed(
  db: D1Database,
  [table, column]: SealedColumn,
  after: number,
  limit: number,
) {
  const { results } = await db
    .prepare(
      `SELECT id, ${column} AS sealed FROM ${table} WHERE id > ?1 AND length(${column}) > 20 ORDER BY id LIMIT ?2`,
    )
    .bind(after, limit)
    .all()
  return results.map((row) => v.parse(SealedRow, row))
}

/** Replaces an encrypted value, unless somebody else did meanwhile. */
export const replaceSealed = (
  db: D1Database,
  [table, column]: SealedColumn,
  row: { id: number; before: string; after: string },
) =>
  db
    .prepare(`UPDATE ${table} SET ${column} = ?3 WHERE id = ?1 AND ${column} = ?2`)
    .bind(row.id, row.before, row.after)
