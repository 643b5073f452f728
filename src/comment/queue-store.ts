import * as v from 'valibot'
import { STATUSES, type Status } from './comment.ts'

/** SQL of the moderation queue: what the newsroom sees of comments, and what it decides. */

/** Comments of the queue at once. */
export const PAGE_SIZE = 20

/** Why the judge decided as it did. */
export const Reason = v.object({
  signal: v.string(),
  score: v.number(),
  values: v.optional(v.array(v.union([v.string(), v.number()])), []),
})
export type Reason = v.InferOutput<typeof Reason>

const Counts = v.object({
  good: v.number(),
  bad: v.number(),
  connection: v.number(),
  near: v.number(),
  years: v.number(),
})
/** What speaks for and against a comment: what the judge found, and what was counted when it was stored. */
const Verdict = v.object({ reasons: v.optional(v.array(Reason), []), counts: v.optional(Counts) })
export type Verdict = v.InferOutput<typeof Verdict>

const QueueRow = v.object({
  id: v.number(),
  version: v.number(),
  article: v.string(),
  title: v.nullable(v.string()),
  /** Of its article: whether it takes comments, since when it is out, and when the desk closed its comments; null without one. */
  commenting: v.nullable(v.picklist(['open', 'closed', 'none'])),
  publishedAt: v.nullable(v.string()),
  stoppedAt: v.nullable(v.string()),
  name: v.string(),
  website: v.nullable(v.string()),
  avatar: v.string(),
  text: v.string(),
  html: v.string(),
  original: v.nullable(v.string()),
  shortened: v.nullable(v.string()),
  createdAt: v.string(),
  editedAt: v.nullable(v.string()),
  status: v.picklist(STATUSES),
  email: v.string(),
  emailHash: v.string(),
  ipHash: v.nullable(v.string()),
  parent: v.nullable(v.number()),
  thread: v.nullable(v.number()),
  parentName: v.nullable(v.string()),
  parentText: v.nullable(v.string()),
  /** How many of this address are published and how many are spam; counted up to 100. */
  approved: v.number(),
  spam: v.number(),
  firstSeen: v.nullable(v.string()),
  staff: v.nullable(v.number()),
  pinnedAt: v.nullable(v.string()),
  decidedAt: v.nullable(v.string()),
  decidedBy: v.nullable(v.string()),
  verdict: v.pipe(v.string(), v.parseJson(), Verdict),
})
export type QueueRow = v.InferOutput<typeof QueueRow>

const knownAs = (status: Status) =>
  `(SELECT count(*) FROM (SELECT 1 FROM comment o WHERE o.email_hash = c.email_hash AND o.email_hash <> ''
     AND o.status = '${status}' LIMIT 100))`

const COLUMNS = `c.id, c.version, c.article, a.title, a.comments AS commenting, a.published_at AS publishedAt,
  a.comments_stopped_at AS stoppedAt, c.name, c.website, c.avatar, c.text, c.html, c.original, c.shortened,
  c.created_at AS createdAt, c.edited_at AS editedAt, c.status, c.email, c.email_hash AS emailHash, c.ip_hash AS ipHash,
  c.parent, c.thread, p.name AS parentName, substr(p.text, 1, 200) AS parentText, ${knownAs('approved')} AS approved,
  ${knownAs('spam')} AS spam, c.staff, c.pinned_at AS pinnedAt, c.decided_at AS decidedAt, d.name AS decidedBy, c.verdict,
  (SELECT o.created_at FROM comment o WHERE o.email_hash = c.email_hash AND o.email_hash <> '' ORDER BY o.id LIMIT 1)
    AS firstSeen`
const JOINS = `LEFT JOIN article a ON a.slug = c.article LEFT JOIN comment p ON p.id = c.parent
  LEFT JOIN person d ON d.id = c.decided_by`

/** Which comments the newsroom looks at. */
export interface QueueFilter {
  status: Status
  article: string | null
  /** Keyed hashes of an address, and of a connection on one day. */
  emailHash: string | null
  ipHash: string | null
  /** Words of name or text. */
  words: string | null
}

/** Looks through the newest so many of a state for words; older ones are found by article or address. */
const SEARCHED = 20_000

function conditionsOf(filter: QueueFilter): { where: string; values: (string | number)[] } {
  const values: (string | number)[] = [filter.status]
  const bind = (value: string) => `?${values.push(value)}`
  const where = ['c.status = ?1']
  if (filter.article !== null) where.push(`c.article = ${bind(filter.article)}`)
  if (filter.emailHash !== null) where.push(`c.email_hash = ${bind(filter.emailHash)}`)
  if (filter.ipHash !== null) where.push(`c.ip_hash = ${bind(filter.ipHash)}`)
  if (filter.words !== null) {
    const pattern = bind(`%${filter.words.replace(/[\\%_]/g, '\\$&')}%`)
    where.push(
      `c.id IN (SELECT id FROM (SELECT id, name, text FROM comment WHERE status = ?1 ORDER BY id DESC LIMIT ${SEARCHED})
        WHERE text LIKE ${pattern} ESCAPE '\\' OR name LIKE ${pattern} ESCAPE '\\')`,
    )
  }
  return { where: where.join(' AND '), values }
}

/** What waits is read from the oldest on; of all else the newest comes first. */
export const isOldestFirst = (status: Status): boolean => status === 'pending'

/** A page of the queue and one more. */
export const selectQueue = (
  db: D1Database,
  filter: QueueFilter,
  from: number | null,
  isRising = isOldestFirst(filter.status),
) => {
  const { where, values } = conditionsOf(filter)
  const first = `?${values.push(from ?? (isRising ? 0 : Number.MAX_SAFE_INTEGER))}`
  return db
    .prepare(
      `SELECT ${COLUMNS} FROM comment c ${JOINS} WHERE ${where} AND c.id ${isRising ? '>=' : '<='} ${first}
       ORDER BY c.id ${isRising ? '' : 'DESC'} LIMIT ${PAGE_SIZE + 1}`,
    )
    .bind(...values)
}

export const readQueue = (rows: unknown[]): QueueRow[] => rows.map((row) => v.parse(QueueRow, row))

export async function findComment(db: D1Database, id: number): Promise<QueueRow | null> {
  const row = await db
    .prepare(`SELECT ${COLUMNS} FROM comment c ${JOINS} WHERE c.id = ?1 AND c.status <> 'deleted'`)
    .bind(id)
    .first()
  return row === null ? null : v.parse(QueueRow, row)
}

/** How many comments are in each state. */
export const selectCounts = (db: D1Database) => db.prepare('SELECT status, n FROM queue_count')
const CountRow = v.object({ status: v.string(), n: v.number() })
export const readCounts = (rows: unknown[]): ReadonlyMap<string, number> =>
  new Map(rows.map((row) => v.parse(CountRow, row)).map(({ status, n }) => [status, n]))

/** A comment as somebody saw it, and what is to become of it. */
export type Decision = readonly [id: number, version: number, to: Status]

const VersionRow = v.object({ id: v.number(), version: v.number() })

/** Every comment of a filter, up to a number, as it is now. */
export async function findAll(db: D1Database, filter: QueueFilter, limit: number) {
  const { where, values } = conditionsOf(filter)
  const { results } = await db
    .prepare(
      `SELECT c.id, c.version FROM comment c WHERE ${where} ORDER BY c.id LIMIT ?${values.push(limit)}`,
    )
    .bind(...values)
    .all()
  return results.map((row) => v.parse(VersionRow, row))
}

const DecidedRow = v.object({ id: v.number(), article: v.string(), text: v.string() })
export type Decided = v.InferOutput<typeof DecidedRow>

/** Of decisions in JSON (?1), those about comments that are still as they were seen. */
const STANDING = `json_each(?1) j JOIN comment c ON c.id = j.value ->> 0
  WHERE c.version = j.value ->> 1 AND c.status <> j.value ->> 2 AND c.status <> 'deleted'`

/**
 * Decides about comments in one transaction: all that are still as they were seen, and nothing about the others. The log
 * says who did it, and how to take it back.
 * @returns what was changed, and the number of the line in the log; null where nothing was
 */
export async function decide(
  db: D1Database,
  decisions: readonly Decision[],
  { person, action, now, undoes }: { person: number | null; action: string; now: string; undoes?: number },
): Promise<{ changed: Decided[]; audit: number | null }> {
  const json = JSON.stringify(decisions)
  const subject = decisions.length === 1 ? `comment/${decisions[0]?.[0]}` : 'comments'
  const [logged, updated] = await db.batch([
    db
      .prepare(
        `INSERT INTO audit (at, person, action, subject, detail, undo, undone)
         SELECT ?2, ?3, ?4, ?5, json_object('n', count(*)), json_group_array(json_array(c.id, c.version + 1, c.status)), ?6
         FROM ${STANDING} HAVING count(*) > 0 RETURNING id`,
      )
      .bind(json, now, person, action, subject, undoes ?? null),
    db
      .prepare(
        `UPDATE comment SET status = d.status, version = version + 1, decided_at = ?2, decided_by = ?3
         FROM (SELECT c.id AS id, j.value ->> 2 AS status FROM ${STANDING}) d WHERE comment.id = d.id
         RETURNING comment.id, comment.article, comment.text`,
      )
      .bind(json, now, person),
  ])
  const [line] = logged?.results ?? []
  return {
    changed: (updated?.results ?? []).map((row) => v.parse(DecidedRow, row)),
    audit: line === undefined ? null : v.parse(v.object({ id: v.number() }), line).id,
  }
}

const StateRow = v.object({
  id: v.number(),
  status: v.string(),
  decidedAt: v.nullable(v.string()),
  decidedBy: v.nullable(v.string()),
})
export type State = v.InferOutput<typeof StateRow>

/** What became of comments meanwhile, and who did it. */
export async function findStates(db: D1Database, ids: readonly number[]): Promise<State[]> {
  const { results } = await db
    .prepare(
      `SELECT c.id, c.status, c.decided_at AS decidedAt, d.name AS decidedBy FROM json_each(?1) j
       JOIN comment c ON c.id = j.value LEFT JOIN person d ON d.id = c.decided_by`,
    )
    .bind(JSON.stringify(ids))
    .all()
  return results.map((row) => v.parse(StateRow, row))
}

const UndoRow = v.object({
  id: v.number(),
  action: v.string(),
  undo: v.pipe(v.string(), v.parseJson(), v.array(v.tuple([v.number(), v.number(), v.picklist(STATUSES)]))),
  undoneBy: v.nullable(v.number()),
})
export type Undo = v.InferOutput<typeof UndoRow>

/** What takes a decision back; null where nothing does. */
export async function findUndo(db: D1Database, audit: number): Promise<Undo | null> {
  const row = await db
    .prepare(
      `SELECT id, action, undo, (SELECT min(id) FROM audit u WHERE u.undone = a.id) AS undoneBy
       FROM audit a WHERE id = ?1 AND undo IS NOT NULL`,
    )
    .bind(audit)
    .first()
  return row === null ? null : v.parse(UndoRow, row)
}

/** Shortens a comment; its author's own words are kept. Nothing happens where it changed meanwhile. */
export const shortenComment = (
  db: D1Database,
  it: {
    id: number
    version: number
    text: string
    html: string
    reason: string
    person: number
    now: string
  },
) =>
  db
    .prepare(
      `UPDATE comment SET original = ifnull(original, text), text = ?3, html = ?4, shortened = ?5, version = version + 1,
         decided_at = ?6, decided_by = ?7
       WHERE id = ?1 AND version = ?2 AND status <> 'deleted'`,
    )
    .bind(it.id, it.version, it.text, it.html, it.reason, it.now, it.person)

/** Gives a comment its author's own words back. */
export const restoreOriginal = (
  db: D1Database,
  it: { id: number; html: string; person: number; now: string },
) =>
  db
    .prepare(
      `UPDATE comment SET text = original, html = ?2, original = NULL, shortened = NULL, version = version + 1,
         decided_at = ?3, decided_by = ?4
       WHERE id = ?1 AND original IS NOT NULL`,
    )
    .bind(it.id, it.html, it.now, it.person)

/** Recommends a published comment to readers, or no more. */
export const setPinned = (db: D1Database, id: number, at: string | null) =>
  db
    .prepare(`UPDATE comment SET pinned_at = ?2, version = version + 1 WHERE id = ?1 AND status = 'approved'`)
    .bind(id, at)

/** Answers a comment in the name of somebody of the newsroom; published at once. */
export const insertStaffReply = (
  db: D1Database,
  it: { parent: number; person: number; text: string; html: string; fingerprint: string; now: string },
) =>
  db
    .prepare(
      `INSERT INTO comment (article, parent, thread, branch, name, email, email_hash, text, html, status, created_at,
         fingerprint, staff, decided_at, decided_by)
       SELECT p.article, p.id, ifnull(p.thread, p.id), iif(p.thread IS NULL, NULL, ifnull(p.branch, p.id)), s.name, s.email,
         s.email_hash, ?3, ?4, 'approved', ?5, ?6, s.id, ?5, s.id
       FROM comment p CROSS JOIN person s WHERE p.id = ?1 AND p.status = 'approved' AND s.id = ?2 RETURNING id, article`,
    )
    .bind(it.parent, it.person, it.text, it.html, it.now, it.fingerprint)

/** Lets an article have no more comments; what is closed already stays as it is, with its date. */
export const stopComments = (db: D1Database, article: string, now: string) =>
  db
    .prepare(
      `UPDATE article SET comments_stopped_at = ?2
       WHERE slug = ?1 AND comments = 'open' AND comments_stopped_at IS NULL`,
    )
    .bind(article, now)

/** Lets an article that was closed at the desk have comments again, unless somebody has opened or closed it since. */
export const reopenComments = (db: D1Database, article: string, stoppedAt: string) =>
  db
    .prepare('UPDATE article SET comments_stopped_at = NULL WHERE slug = ?1 AND comments_stopped_at = ?2')
    .bind(article, stoppedAt)

export const BLOCK_KINDS = ['email', 'ip', 'domain', 'word'] as const
export type BlockKind = (typeof BLOCK_KINDS)[number]
const BlockRow = v.object({
  id: v.number(),
  kind: v.picklist(BLOCK_KINDS),
  value: v.string(),
  name: v.nullable(v.string()),
  createdAt: v.string(),
})
export type Block = v.InferOutput<typeof BlockRow>

export const insertBlock = (
  db: D1Database,
  it: { kind: BlockKind; value: string; person: number; now: string },
) =>
  db
    .prepare('INSERT OR IGNORE INTO block (kind, value, person, created_at) VALUES (?1, ?2, ?3, ?4)')
    .bind(it.kind, it.value, it.person, it.now)

export const deleteBlock = (db: D1Database, id: number) =>
  db.prepare('DELETE FROM block WHERE id = ?1').bind(id)

/** The newest blocks; there are not many. */
export async function listBlocks(db: D1Database): Promise<Block[]> {
  const { results } = await db
    .prepare(
      `SELECT b.id, b.kind, b.value, p.name, b.created_at AS createdAt FROM block b LEFT JOIN person p ON p.id = b.person
       ORDER BY b.id DESC LIMIT 500`,
    )
    .all()
  return results.map((row) => v.parse(BlockRow, row))
}
