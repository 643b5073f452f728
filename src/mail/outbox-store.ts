import * as v from 'valibot'

/** SQL of the outbox. */

export interface OutgoingMail {
  /** What it is sent for; a second mail for the same cause is none. */
  cause: string
  kind: string
  /** Both encrypted. */
  recipient: string
  content: string
  now: string
}

/** Puts a mail into the outbox, in the transaction of its cause. */
export const insertMail = (db: D1Database, mail: OutgoingMail) =>
  db
    .prepare(
      `INSERT OR IGNORE INTO mail (cause, kind, recipient, content, created_at, due_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)`,
    )
    .bind(mail.cause, mail.kind, mail.recipient, mail.content, mail.now)

/** The same, only where the statement before it in the transaction changed something. */
export const insertMailIfChanged = (db: D1Database, mail: OutgoingMail) =>
  db
    .prepare(
      `INSERT OR IGNORE INTO mail (cause, kind, recipient, content, created_at, due_at) SELECT ?1, ?2, ?3, ?4, ?5, ?5
       WHERE changes() > 0`,
    )
    .bind(mail.cause, mail.kind, mail.recipient, mail.content, mail.now)

/** The same, for somebody of the newsroom who may sign in; for nobody else. */
export const insertMailToPerson = (db: D1Database, mail: OutgoingMail, emailHash: string) =>
  db
    .prepare(
      `INSERT OR IGNORE INTO mail (cause, kind, recipient, content, created_at, due_at) SELECT ?1, ?2, ?3, ?4, ?5, ?5
       WHERE EXISTS (SELECT 1 FROM person WHERE email_hash = ?6 AND disabled_at IS NULL)`,
    )
    .bind(mail.cause, mail.kind, mail.recipient, mail.content, mail.now, emailHash)

const LeasedMail = v.object({
  id: v.number(),
  cause: v.string(),
  recipient: v.string(),
  content: v.string(),
  attempts: v.number(),
})
export type LeasedMail = v.InferOutput<typeof LeasedMail>

/**
 * Takes the mail that is due first: until the lease ends nobody else sends it. What became of the one before is noted in the
 * same transaction, so that nobody ever holds two.
 * @param outcome of the mail before, from `markSent` or `markFailed`
 */
export async function leaseNext(
  db: D1Database,
  { now, until, outcome }: { now: string; until: string; outcome: D1PreparedStatement | null },
): Promise<LeasedMail | null> {
  const results = await db.batch([
    ...(outcome ? [outcome] : []),
    // Who held it is gone, and nobody knows whether it was sent: a person decides, so that nobody gets it twice.
    db
      .prepare(
        `UPDATE mail SET status = 'dead', error = 'unknown' WHERE status = 'sending' AND leased_until <= ?1`,
      )
      .bind(now),
    db
      .prepare(
        `UPDATE mail SET status = 'sending', leased_until = ?2, attempts = attempts + 1 WHERE id = (
           SELECT id FROM mail WHERE status = 'waiting' AND due_at <= ?1 ORDER BY due_at LIMIT 1)
         RETURNING id, cause, recipient, content, attempts`,
      )
      .bind(now, until),
  ])
  const taken = results.at(-1)?.results[0]
  return taken === undefined ? null : v.parse(LeasedMail, taken)
}

/** Notes that a mail is sent, and forgets to whom and what. */
export const markSent = (db: D1Database, id: number) =>
  db
    .prepare(
      `UPDATE mail SET status = 'sent', recipient = '', content = '', leased_until = NULL, error = NULL WHERE id = ?1`,
    )
    .bind(id)

/** Notes that a mail was not taken: another try later, or none any more. */
export const markFailed = (
  db: D1Database,
  id: number,
  { dueAt, error }: { dueAt: string | null; error: string },
) =>
  db
    .prepare(
      `UPDATE mail SET status = iif(?2 IS NULL, 'dead', 'waiting'), due_at = ifnull(?2, due_at), leased_until = NULL,
         error = ?3 WHERE id = ?1`,
    )
    .bind(id, dueAt, error)

const DeadMail = v.object({
  id: v.number(),
  kind: v.string(),
  attempts: v.number(),
  createdAt: v.string(),
  error: v.nullable(v.string()),
})
export type DeadMail = v.InferOutput<typeof DeadMail>

/** Mails that will not be sent unless somebody says so. */
export async function listDead(db: D1Database): Promise<DeadMail[]> {
  const { results } = await db
    .prepare(
      `SELECT id, kind, attempts, created_at AS createdAt, error FROM mail WHERE status = 'dead' ORDER BY due_at DESC LIMIT 100`,
    )
    .all()
  return results.map((row) => v.parse(DeadMail, row))
}

/** Sends a dead mail again. */
export const reviveMail = (db: D1Database, id: number, now: string) =>
  db
    .prepare(
      `UPDATE mail SET status = 'waiting', due_at = ?2, attempts = 0 WHERE id = ?1 AND status = 'dead'`,
    )
    .bind(id, now)

export const dropMail = (db: D1Database, id: number) =>
  db.prepare(`DELETE FROM mail WHERE id = ?1 AND status = 'dead'`).bind(id)
