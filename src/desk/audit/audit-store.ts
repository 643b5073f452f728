import * as v from 'valibot'

/** SQL of who did what. */

export interface AuditLine {
  /** Who did it; null for the command line. */
  person: number | null
  /** What was done, as a key into the locale's `desk.audit.actions`. */
  action: string
  /** To what: `comment/12`, `person/3`. */
  subject: string
  detail?: Readonly<Record<string, string | number | null>>
}

/** The line that belongs into the transaction of what was done. */
export const insertAudit = (
  db: D1Database,
  { person, action, subject, detail = {} }: AuditLine,
  now: string,
) =>
  db
    .prepare('INSERT INTO audit (at, person, action, subject, detail) VALUES (?1, ?2, ?3, ?4, ?5)')
    .bind(now, person, action, subject, JSON.stringify(detail))

/** The same, written only where the statement before it in the transaction changed something. */
export const insertAuditIfChanged = (db: D1Database, line: AuditLine, now: string) =>
  db
    .prepare(
      'INSERT INTO audit (at, person, action, subject, detail) SELECT ?1, ?2, ?3, ?4, ?5 WHERE changes() > 0',
    )
    .bind(now, line.person, line.action, line.subject, JSON.stringify(line.detail ?? {}))

const ListedLine = v.object({
  id: v.number(),
  at: v.string(),
  name: v.nullable(v.string()),
  action: v.string(),
  subject: v.string(),
  detail: v.pipe(
    v.string(),
    v.parseJson(),
    v.record(v.string(), v.nullable(v.union([v.string(), v.number()]))),
  ),
})
export type ListedLine = v.InferOutput<typeof ListedLine>

export const AUDIT_PAGE = 50

/** A page of the log, the newest first, and one line more where there are more. */
export async function listAudit(db: D1Database, before: number | null): Promise<ListedLine[]> {
  const { results } = await db
    .prepare(
      `SELECT a.id, a.at, p.name, a.action, a.subject, a.detail FROM audit a LEFT JOIN person p ON p.id = a.person
       WHERE a.id < ?1 ORDER BY a.id DESC LIMIT ${AUDIT_PAGE + 1}`,
    )
    .bind(before ?? Number.MAX_SAFE_INTEGER)
    .all()
  return results.map((row) => v.parse(ListedLine, row))
}
