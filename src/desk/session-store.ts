import * as v from 'valibot'
import { Session } from './person.ts'

/** SQL of who is signed in, and how they came in. */

/** How long somebody stays signed in without doing anything, and at all. */
export const IDLE_MS = 12 * 60 * 60 * 1000
export const ABSOLUTE_MS = 14 * 24 * 60 * 60 * 1000

/** The session that a cookie belongs to; null where it is over, revoked, or its person may no longer sign in. */
export async function findSession(
  db: D1Database,
  hash: string,
  { now, idleSince }: { now: string; idleSince: string },
): Promise<Session | null> {
  const row = await db
    .prepare(
      `SELECT p.id, p.name, p.role, s.id AS sessionId, s.seen_at AS seenAt, s.verified_at AS verifiedAt,
         (SELECT count(*) FROM passkey k WHERE k.person = p.id) AS passkeys,
         p.digest_hours AS digestHours
       FROM session s JOIN person p ON p.id = s.person
       WHERE s.hash = ?1 AND s.expires_at > ?2 AND s.seen_at > ?3 AND p.disabled_at IS NULL`,
    )
    .bind(hash, now, idleSince)
    .first()
  return row === null ? null : v.parse(Session, row)
}

export interface NewSession {
  hash: string
  id: string
  person: number
  device: string
  now: string
  expiresAt: string
  /** Whether a passkey was shown. */
  isVerified: boolean
}

export const insertSession = (db: D1Database, session: NewSession) =>
  db
    .prepare(
      `INSERT INTO session (hash, id, person, device, created_at, seen_at, expires_at, verified_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, iif(?7, ?5, NULL))`,
    )
    .bind(
      session.hash,
      session.id,
      session.person,
      session.device,
      session.now,
      session.expiresAt,
      session.isVerified ? 1 : 0,
    )

export const touchSession = (db: D1Database, hash: string, now: string) =>
  db.prepare('UPDATE session SET seen_at = ?2 WHERE hash = ?1').bind(hash, now)

export const verifySession = (db: D1Database, sessionId: string, now: string) =>
  db.prepare('UPDATE session SET verified_at = ?2, seen_at = ?2 WHERE id = ?1').bind(sessionId, now)

/** Ends one of a person's sessions. */
export const endSession = (db: D1Database, person: number, sessionId: string) =>
  db.prepare('DELETE FROM session WHERE id = ?1 AND person = ?2').bind(sessionId, person)

/** Ends all of a person's sessions but one. */
export const endOtherSessions = (db: D1Database, person: number, sessionId: string) =>
  db.prepare('DELETE FROM session WHERE person = ?1 AND id <> ?2').bind(person, sessionId)

/** Who may sign in with an address; null for nobody. */
export async function findByEmail(db: D1Database, emailHash: string): Promise<number | null> {
  const row = await db
    .prepare('SELECT id FROM person WHERE email_hash = ?1 AND disabled_at IS NULL')
    .bind(emailHash)
    .first()
  return row === null ? null : v.parse(v.object({ id: v.number() }), row).id
}

const ListedSession = v.object({
  id: v.string(),
  device: v.string(),
  createdAt: v.string(),
  seenAt: v.string(),
})

export async function listSessions(db: D1Database, person: number, now: string) {
  const { results } = await db
    .prepare(
      `SELECT id, device, created_at AS createdAt, seen_at AS seenAt FROM session
       WHERE person = ?1 AND expires_at > ?2 ORDER BY seen_at DESC`,
    )
    .bind(person, now)
    .all()
  return results.map((row) => v.parse(ListedSession, row))
}

/** A link that lets a person in once: for whoever has this address, if somebody of the newsroom does. */
export const insertLink = (
  db: D1Database,
  link: { hash: string; emailHash: string; now: string; expiresAt: string },
) =>
  db
    .prepare(
      `INSERT INTO sign_in_link (hash, person, created_at, expires_at)
       SELECT ?1, id, ?3, ?4 FROM person WHERE email_hash = ?2 AND disabled_at IS NULL`,
    )
    .bind(link.hash, link.emailHash, link.now, link.expiresAt)

/** Uses a link up. */
export async function takeLink(db: D1Database, hash: string, now: string): Promise<number | null> {
  const row = await db
    .prepare(
      `DELETE FROM sign_in_link WHERE hash = ?1 AND expires_at > ?2
         AND person IN (SELECT id FROM person WHERE disabled_at IS NULL) RETURNING person`,
    )
    .bind(hash, now)
    .first()
  return row === null ? null : v.parse(v.object({ person: v.number() }), row).person
}

/** Whether a link would still let somebody in. */
export async function isLinkGood(db: D1Database, hash: string, now: string): Promise<boolean> {
  const found = await db
    .prepare('SELECT 1 FROM sign_in_link WHERE hash = ?1 AND expires_at > ?2')
    .bind(hash, now)
    .first()
  return found !== null
}

export const insertChallenge = (
  db: D1Database,
  { challenge, person, expiresAt }: { challenge: string; person: number | null; expiresAt: string },
) =>
  db
    .prepare('INSERT INTO challenge (challenge, person, expires_at) VALUES (?1, ?2, ?3)')
    .bind(challenge, person, expiresAt)

/** Uses a challenge up; false where there is none that was made for this person. */
export async function takeChallenge(
  db: D1Database,
  { challenge, person, now }: { challenge: string; person: number | null; now: string },
): Promise<boolean> {
  const row = await db
    .prepare(
      'DELETE FROM challenge WHERE challenge = ?1 AND expires_at > ?2 AND person IS ?3 RETURNING 1 AS one',
    )
    .bind(challenge, now, person)
    .first()
  return row !== null
}

const StoredPasskey = v.object({
  id: v.string(),
  person: v.number(),
  publicKey: v.string(),
  counter: v.number(),
  name: v.string(),
  createdAt: v.string(),
  usedAt: v.nullable(v.string()),
})
export type StoredPasskey = v.InferOutput<typeof StoredPasskey>
const PASSKEY = `k.id, k.person, k.public_key AS publicKey, k.counter, k.name, k.created_at AS createdAt, k.used_at AS usedAt`

/** A passkey of somebody who may sign in. */
export async function findPasskey(db: D1Database, id: string): Promise<StoredPasskey | null> {
  const row = await db
    .prepare(
      `SELECT ${PASSKEY} FROM passkey k JOIN person p ON p.id = k.person WHERE k.id = ?1 AND p.disabled_at IS NULL`,
    )
    .bind(id)
    .first()
  return row === null ? null : v.parse(StoredPasskey, row)
}

export async function listPasskeys(db: D1Database, person: number): Promise<StoredPasskey[]> {
  const { results } = await db
    .prepare(`SELECT ${PASSKEY} FROM passkey k WHERE k.person = ?1 ORDER BY k.created_at, k.id`)
    .bind(person)
    .all()
  return results.map((row) => v.parse(StoredPasskey, row))
}

export const insertPasskey = (
  db: D1Database,
  key: { id: string; person: number; publicKey: string; counter: number; name: string; now: string },
) =>
  db
    .prepare(
      `INSERT INTO passkey (id, person, public_key, counter, name, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)`,
    )
    .bind(key.id, key.person, key.publicKey, key.counter, key.name, key.now)

/** Notes that a passkey was used; its counter only goes up. */
export const usePasskey = (db: D1Database, id: string, counter: number, now: string) =>
  db.prepare('UPDATE passkey SET counter = ?2, used_at = ?3 WHERE id = ?1').bind(id, counter, now)

export const deletePasskey = (db: D1Database, person: number, id: string) =>
  db.prepare('DELETE FROM passkey WHERE id = ?1 AND person = ?2').bind(id, person)
