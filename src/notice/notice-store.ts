import * as v from 'valibot'

/** SQL of reports, statements of reasons and subscriptions. */

export const REASONS = ['illegal', 'insult', 'hate', 'privacy', 'false', 'rules'] as const
export type ReportReason = (typeof REASONS)[number]

const Target = v.object({
  id: v.number(),
  article: v.string(),
  name: v.string(),
  text: v.string(),
  html: v.string(),
  title: v.nullable(v.string()),
})
export type Target = v.InferOutput<typeof Target>

/** A published comment that may be reported. */
export async function findReportable(db: D1Database, id: number): Promise<Target | null> {
  const row = await db
    .prepare(
      `SELECT c.id, c.article, c.name, c.text, c.html, a.title FROM comment c LEFT JOIN article a ON a.slug = c.article
       WHERE c.id = ?1 AND c.status = 'approved'`,
    )
    .bind(id)
    .first()
  return row === null ? null : v.parse(Target, row)
}

export interface NewReport {
  comment: number
  reason: ReportReason
  explanation: string
  name: string
  email: string
  emailHash: string
  now: string
}

export const insertReport = (db: D1Database, report: NewReport) =>
  db
    .prepare(
      `INSERT INTO report (comment, article, reason, explanation, name, email, email_hash, created_at)
       SELECT id, article, ?2, ?3, ?4, ?5, ?6, ?7 FROM comment WHERE id = ?1 AND status = 'approved' RETURNING id`,
    )
    .bind(
      report.comment,
      report.reason,
      report.explanation,
      report.name,
      report.email,
      report.emailHash,
      report.now,
    )

const IdRow = v.object({ id: v.number() })
export const readId = (rows: unknown[]): number | null =>
  rows[0] === undefined ? null : v.parse(IdRow, rows[0]).id

const Case = v.object({
  id: v.number(),
  kind: v.picklist(['report', 'objection']),
  at: v.string(),
  reason: v.string(),
  words: v.string(),
  by: v.string(),
  email: v.string(),
  comment: v.nullable(v.number()),
  article: v.string(),
  title: v.nullable(v.string()),
  name: v.nullable(v.string()),
  text: v.nullable(v.string()),
  html: v.nullable(v.string()),
  status: v.nullable(v.string()),
})
export type Case = v.InferOutput<typeof Case>

/** Reports and objections that wait, the oldest first. */
export async function findCases(db: D1Database): Promise<Case[]> {
  const { results } = await db
    .prepare(
      `SELECT w.*, a.title, c.name, c.text, c.html, c.status FROM (
         SELECT id, 'report' AS kind, created_at AS at, reason, explanation AS words, name AS by, email, comment, article
         FROM report WHERE outcome IS NULL
         UNION ALL
         SELECT s.id, 'objection', s.objected_at, s.ground, s.objection, '', '', s.comment, s.article
         FROM statement s WHERE s.objected_at IS NOT NULL AND s.outcome IS NULL
         ORDER BY 3 LIMIT 50) w
       LEFT JOIN comment c ON c.id = w.comment LEFT JOIN article a ON a.slug = w.article ORDER BY w.at`,
    )
    .all()
  return results.map((row) => v.parse(Case, row))
}

/** Decides about a report: what became of the comment is said by the outcome. */
export const decideReport = (
  db: D1Database,
  it: { id: number; outcome: 'removed' | 'kept'; person: number; now: string },
) =>
  db
    .prepare(
      `UPDATE report SET outcome = ?2, decided_at = ?3, decided_by = ?4 WHERE id = ?1 AND outcome IS NULL
       RETURNING id, comment, article, email`,
    )
    .bind(it.id, it.outcome, it.now, it.person)

export const decideObjection = (
  db: D1Database,
  it: { id: number; outcome: 'restored' | 'kept'; person: number; now: string },
) =>
  db
    .prepare(
      `UPDATE statement SET outcome = ?2, decided_at = ?3, decided_by = ?4
       WHERE id = ?1 AND outcome IS NULL AND objected_at IS NOT NULL
       RETURNING id, comment, article, (SELECT email FROM comment c WHERE c.id = statement.comment) AS email`,
    )
    .bind(it.id, it.outcome, it.now, it.person)

const Decided = v.object({
  id: v.number(),
  comment: v.nullable(v.number()),
  article: v.string(),
  email: v.nullable(v.string()),
})
export type DecidedCase = v.InferOutput<typeof Decided>
export const readDecided = (rows: unknown[]): DecidedCase | null =>
  rows[0] === undefined ? null : v.parse(Decided, rows[0])

/** Takes a comment off the page for a reason: the statement says it. */
export const removeForReason = (
  db: D1Database,
  it: { comment: number; person: number; now: string; ground: 'rules' | 'law'; reason: string },
) => [
  db
    .prepare(
      `UPDATE comment SET status = 'trash', version = version + 1, decided_at = ?2, decided_by = ?3
       WHERE id = ?1 AND status IN ('approved', 'pending')`,
    )
    .bind(it.comment, it.now, it.person),
  db
    .prepare(
      `UPDATE statement SET ground = ?2, reason = ?3 WHERE comment = ?1 AND told_at IS NULL AND kind = 'removed'`,
    )
    .bind(it.comment, it.ground, it.reason),
]

/** Puts a comment back on the page. */
export const restoreComment = (db: D1Database, comment: number, person: number, now: string) =>
  db
    .prepare(
      `UPDATE comment SET status = 'approved', version = version + 1, decided_at = ?2, decided_by = ?3
       WHERE id = ?1 AND status = 'trash'`,
    )
    .bind(comment, now, person)

/** A comment was shortened: that is told with its reason. */
export const insertShortened = (
  db: D1Database,
  comment: number,
  reason: string,
  person: number,
  now: string,
) =>
  db
    .prepare(
      `INSERT INTO statement (comment, article, kind, ground, reason, person, created_at)
       SELECT id, article, 'shortened', 'rules', ?2, ?3, ?4 FROM comment WHERE id = ?1 AND staff IS NULL AND changes() > 0`,
    )
    .bind(comment, reason, person, now)

const Untold = v.object({
  id: v.number(),
  comment: v.number(),
  article: v.string(),
  title: v.nullable(v.string()),
  kind: v.picklist(['removed', 'shortened']),
  ground: v.picklist(['rules', 'law']),
  reason: v.string(),
  email: v.string(),
  text: v.string(),
})
export type Untold = v.InferOutput<typeof Untold>

/** Statements older than the minutes in which a slip is taken back, whose author has an address. */
export async function findUntold(db: D1Database, before: string): Promise<Untold[]> {
  const { results } = await db
    .prepare(
      `SELECT s.id, s.comment, s.article, a.title, s.kind, s.ground, s.reason, c.email, ifnull(c.original, c.text) AS text
       FROM statement s JOIN comment c ON c.id = s.comment LEFT JOIN article a ON a.slug = s.article
       WHERE s.told_at IS NULL AND s.created_at <= ?1 AND c.email <> '' ORDER BY s.created_at LIMIT 20`,
    )
    .bind(before)
    .all()
  return results.map((row) => v.parse(Untold, row))
}

export const markTold = (db: D1Database, id: number, now: string) =>
  db.prepare('UPDATE statement SET told_at = ?2 WHERE id = ?1 AND told_at IS NULL').bind(id, now)

const Statement = v.object({
  id: v.number(),
  article: v.string(),
  kind: v.picklist(['removed', 'shortened']),
  reason: v.string(),
  objectedAt: v.nullable(v.string()),
  text: v.nullable(v.string()),
})
export type Statement = v.InferOutput<typeof Statement>

export async function findStatement(db: D1Database, id: number): Promise<Statement | null> {
  const row = await db
    .prepare(
      `SELECT s.id, s.article, s.kind, s.reason, s.objected_at AS objectedAt, ifnull(c.original, c.text) AS text
       FROM statement s LEFT JOIN comment c ON c.id = s.comment WHERE s.id = ?1 AND s.told_at IS NOT NULL`,
    )
    .bind(id)
    .first()
  return row === null ? null : v.parse(Statement, row)
}

/** An objection, once. */
export const insertObjection = (db: D1Database, id: number, words: string, now: string) =>
  db
    .prepare(`UPDATE statement SET objection = ?2, objected_at = ?3 WHERE id = ?1 AND objected_at IS NULL`)
    .bind(id, words, now)

const YearRow = v.object({ what: v.string(), of: v.string(), n: v.number() })
/** The numbers of a year, as Art. 24 and Art. 15 DSA ask for them. */
export async function countYear(db: D1Database, year: string) {
  const { results } = await db
    .prepare(
      `SELECT 'report' AS what, reason AS of, count(*) AS n FROM report WHERE created_at GLOB ?1 GROUP BY 2
       UNION ALL SELECT 'report-outcome', ifnull(outcome, 'open'), count(*) FROM report WHERE created_at GLOB ?1 GROUP BY 2
       UNION ALL SELECT 'statement', kind || ' ' || ground, count(*) FROM statement WHERE created_at GLOB ?1 GROUP BY 2
       UNION ALL SELECT 'objection', ifnull(outcome, 'open'), count(*) FROM statement
         WHERE objected_at GLOB ?1 GROUP BY 2
       ORDER BY 1, 2`,
    )
    .bind(`${year}-*`)
    .all()
  return results.map((row) => v.parse(YearRow, row))
}

const KeptRow = v.object({
  kind: v.string(),
  id: v.number(),
  at: v.string(),
  article: v.string(),
  comment: v.nullable(v.number()),
  reason: v.string(),
  outcome: v.nullable(v.string()),
  decidedAt: v.nullable(v.string()),
})
export type KeptRow = v.InferOutput<typeof KeptRow>

/** Everything of a year, for a table program; nothing about a person. */
export async function listYear(db: D1Database, year: string): Promise<KeptRow[]> {
  const { results } = await db
    .prepare(
      `SELECT 'report' AS kind, id, created_at AS at, article, comment, reason, outcome, decided_at AS decidedAt FROM report
         WHERE created_at GLOB ?1
       UNION ALL SELECT 'statement ' || kind, id, created_at, article, comment, ground || iif(reason = '', '', ': ' || reason),
         outcome, decided_at FROM statement WHERE created_at GLOB ?1
       ORDER BY 3`,
    )
    .bind(`${year}-*`)
    .all()
  return results.map((row) => v.parse(KeptRow, row))
}

// Subscriptions

export interface NewSubscription {
  email: string
  emailHash: string
  confirmHash: string
  now: string
}

/** Belongs right behind the statement that stores the comment; where that stored none, neither does this. */
export const insertSubscription = (db: D1Database, it: NewSubscription) =>
  db
    .prepare(
      `INSERT INTO subscription (comment, email, email_hash, confirm_hash, created_at)
       SELECT last_insert_rowid(), ?1, ?2, ?3, ?4 WHERE changes() > 0`,
    )
    .bind(it.email, it.emailHash, it.confirmHash, it.now)

const Subscription = v.object({
  id: v.number(),
  emailHash: v.string(),
  article: v.string(),
  title: v.nullable(v.string()),
  comment: v.number(),
  confirmedAt: v.nullable(v.string()),
})
export type Subscription = v.InferOutput<typeof Subscription>
const SUBSCRIPTION = `s.id, s.email_hash AS emailHash, c.article, a.title, s.comment, s.confirmed_at AS confirmedAt
  FROM subscription s JOIN comment c ON c.id = s.comment LEFT JOIN article a ON a.slug = c.article`

export async function findByConfirmation(db: D1Database, hash: string): Promise<Subscription | null> {
  const row = await db.prepare(`SELECT ${SUBSCRIPTION} WHERE s.confirm_hash = ?1`).bind(hash).first()
  return row === null ? null : v.parse(Subscription, row)
}

export const confirmSubscription = (db: D1Database, hash: string, now: string) =>
  db
    .prepare('UPDATE subscription SET confirmed_at = ?2 WHERE confirm_hash = ?1 AND confirmed_at IS NULL')
    .bind(hash, now)

export async function listSubscriptions(db: D1Database, emailHash: string): Promise<Subscription[]> {
  const { results } = await db
    .prepare(
      `SELECT ${SUBSCRIPTION} WHERE s.email_hash = ?1 AND s.confirmed_at IS NOT NULL ORDER BY s.id DESC LIMIT 200`,
    )
    .bind(emailHash)
    .all()
  return results.map((row) => v.parse(Subscription, row))
}

/** Ends one subscription of an address, or all of them. */
export const endSubscriptions = (db: D1Database, emailHash: string, id: number | null) =>
  db.prepare('DELETE FROM subscription WHERE email_hash = ?1 AND (?2 IS NULL OR id = ?2)').bind(emailHash, id)

const DueAnswer = v.object({
  comment: v.number(),
  article: v.string(),
  title: v.nullable(v.string()),
  name: v.string(),
  text: v.string(),
  subscription: v.number(),
  email: v.string(),
  emailHash: v.string(),
})
export type DueAnswer = v.InferOutput<typeof DueAnswer>

/** Answers that subscribers are still to be told of; never of their own. */
export async function findDueAnswers(db: D1Database): Promise<DueAnswer[]> {
  const { results } = await db
    .prepare(
      `SELECT c.id AS comment, c.article, a.title, c.name, c.text, s.id AS subscription, s.email, s.email_hash AS emailHash
       FROM (SELECT comment FROM answer_due ORDER BY comment LIMIT 20) d JOIN comment c ON c.id = d.comment
       JOIN subscription s ON s.comment = c.parent AND s.confirmed_at IS NOT NULL AND s.email_hash <> c.email_hash
       LEFT JOIN article a ON a.slug = c.article WHERE c.status = 'approved'`,
    )
    .all()
  return results.map((row) => v.parse(DueAnswer, row))
}

/** The first of those that are due, whether or not anybody is to be told. */
export const removeDueAnswers = (db: D1Database) =>
  db.prepare(
    'DELETE FROM answer_due WHERE comment IN (SELECT comment FROM answer_due ORDER BY comment LIMIT 20)',
  )

const DigestRow = v.object({ id: v.number(), name: v.string(), email: v.string() })
/** Who of the newsroom is due for a word about what waits. */
export async function findDigests(db: D1Database, now: string) {
  const { results } = await db
    .prepare(
      `SELECT id, name, email FROM person WHERE disabled_at IS NULL AND role <> 'author' AND digest_hours > 0
         AND (digest_at IS NULL OR julianday(?1) - julianday(digest_at) >= digest_hours / 24.0)
         AND EXISTS (SELECT 1 FROM queue_count WHERE status IN ('pending', 'reported') AND n > 0)`,
    )
    .bind(now)
    .all()
  return results.map((row) => v.parse(DigestRow, row))
}
export const markDigest = (db: D1Database, id: number, now: string) =>
  db.prepare('UPDATE person SET digest_at = ?2 WHERE id = ?1').bind(id, now)

/** Who is told of a report at once. */
export async function findModerators(db: D1Database) {
  const { results } = await db
    .prepare(`SELECT id, name, email FROM person WHERE disabled_at IS NULL AND role <> 'author'`)
    .all()
  return results.map((row) => v.parse(DigestRow, row))
}
