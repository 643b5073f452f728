import * as v from 'valibot'
import { Person } from '../person.ts'
import type { Role } from '../roles.ts'

/** SQL of who works in the newsroom. */

const ListedPerson = v.object({
  ...Person.entries,
  email: v.string(),
  disabledAt: v.nullable(v.string()),
  passkeys: v.number(),
  seenAt: v.nullable(v.string()),
})
export type ListedPerson = v.InferOutput<typeof ListedPerson>

export async function listPeople(db: D1Database): Promise<ListedPerson[]> {
  const { results } = await db
    .prepare(
      `SELECT id, name, role, email, disabled_at AS disabledAt,
         (SELECT count(*) FROM passkey WHERE person = p.id) AS passkeys,
         (SELECT max(seen_at) FROM session WHERE person = p.id) AS seenAt
       FROM person p ORDER BY disabled_at IS NOT NULL, name, id`,
    )
    .all()
  return results.map((row) => v.parse(ListedPerson, row))
}

export async function findPerson(db: D1Database, id: number): Promise<ListedPerson | null> {
  const found = await listPeople(db)
  return found.find((person) => person.id === id) ?? null
}

/** Adds somebody; who is there already becomes what they are invited as, and may sign in again. */
export const invitePerson = (
  db: D1Database,
  person: { name: string; lookalike: string; email: string; emailHash: string; role: Role; now: string },
) =>
  db
    .prepare(
      `INSERT INTO person (name, email, email_hash, role, created_at, lookalike) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
       ON CONFLICT (email_hash) DO UPDATE SET role = excluded.role, disabled_at = NULL`,
    )
    .bind(person.name, person.email, person.emailHash, person.role, person.now, person.lookalike)

/** Where one admin would be left without another, nothing changes. */
const ANOTHER_ADMIN = `EXISTS (SELECT 1 FROM person o WHERE o.role = 'admin' AND o.disabled_at IS NULL AND o.id <> ?1)`

export const setRole = (db: D1Database, id: number, role: Role) =>
  db
    .prepare(
      `UPDATE person SET role = ?2 WHERE id = ?1 AND (role <> 'admin' OR ?2 = 'admin' OR ${ANOTHER_ADMIN})`,
    )
    .bind(id, role)

/** Lets somebody in no more, and ends what they have open. */
export const disablePerson = (db: D1Database, id: number, now: string) => [
  db
    .prepare(
      `UPDATE person SET disabled_at = ?2 WHERE id = ?1 AND disabled_at IS NULL AND (role <> 'admin' OR ${ANOTHER_ADMIN})`,
    )
    .bind(id, now),
  db
    .prepare(
      'DELETE FROM session WHERE person IN (SELECT id FROM person WHERE id = ?1 AND disabled_at IS NOT NULL)',
    )
    .bind(id),
  db
    .prepare(
      'DELETE FROM sign_in_link WHERE person IN (SELECT id FROM person WHERE id = ?1 AND disabled_at IS NOT NULL)',
    )
    .bind(id),
]

export const enablePerson = (db: D1Database, id: number) =>
  db.prepare('UPDATE person SET disabled_at = NULL WHERE id = ?1 AND disabled_at IS NOT NULL').bind(id)

/** How often somebody gets a word about what waits, in hours; 0 for never. */
export const setDigest = (db: D1Database, id: number, hours: number) =>
  db.prepare('UPDATE person SET digest_hours = ?2 WHERE id = ?1').bind(id, hours)

export const renamePerson = (db: D1Database, id: number, name: string, looks: string) =>
  db.prepare('UPDATE person SET name = ?2, lookalike = ?3 WHERE id = ?1').bind(id, name, looks)
