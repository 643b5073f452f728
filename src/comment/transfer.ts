import type { IRequest } from 'itty-router'
import * as v from 'valibot'
import { readJson } from '../http/body.ts'
import { json, problem } from '../http/problem.ts'
import type { Site } from '../site/site.ts'
import { avatarOf } from './avatar.ts'
import { MAX_NAME, MAX_TEXT, STATUSES } from './comment.ts'
import { fingerprintOf } from './fingerprint.ts'
import { formatComment } from './format.ts'
import {
  findArticles,
  findToExport,
  type ImportedRow,
  insertImported,
  readSources,
} from './transfer-store.ts'

/** Comments from another system and into one, by the publishing API. */

const Moment = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/))
const Website = v.pipe(v.string(), v.regex(/^https?:\/\/\S+$/i), v.maxLength(500))

/** A comment on its way between two systems. Times are ISO 8601 in UTC. */
export const TransferredComment = v.object({
  /** What it is called where it comes from; `wxr:12`. The same one is never imported twice. */
  source: v.pipe(v.string(), v.regex(/^[a-z]+:[\w.:-]{1,80}$/)),
  parent: v.nullable(v.string()),
  article: v.pipe(v.string(), v.regex(/^[a-z0-9-]+$/)),
  name: v.pipe(
    v.string(),
    v.nonEmpty(),
    v.check((name) => [...name].length <= MAX_NAME),
  ),
  email: v.string(),
  website: v.nullable(Website),
  text: v.pipe(
    v.string(),
    v.nonEmpty(),
    v.check((text) => [...text].length <= MAX_TEXT),
  ),
  status: v.picklist(STATUSES),
  createdAt: Moment,
  editedAt: v.optional(v.nullable(Moment), null),
  original: v.optional(v.nullable(v.string()), null),
  shortened: v.optional(v.nullable(v.string()), null),
  pinnedAt: v.optional(v.nullable(Moment), null),
})
export type TransferredComment = v.InferOutput<typeof TransferredComment>

/** At most so many come at once. */
export const IMPORT_BATCH = 500
const Body = v.object({ items: v.pipe(v.array(v.unknown()), v.maxLength(IMPORT_BATCH)) })

type Outcome = { outcome: 'created' | 'exists' } | { outcome: 'skipped'; reason: 'invalid' | 'no-article' }

/**
 * POST /api/comments — imports comments: `{items: [TransferredComment]}`, parents before or beside their answers. All of
 * them in one transaction; each has an outcome. 200, 400, 413.
 */
export async function importComments(request: IRequest, site: Site): Promise<Response> {
  const body = await readJson(request, 16 * 1024 * 1024)
  const parsed = v.safeParse(Body, body.ok ? body.value : null)
  if (!parsed.success) return problem(body.ok ? 400 : body.status, site.texts.problem.malformed)
  const items = parsed.output.items.map((item) => v.safeParse(TransferredComment, item))
  const good = items.flatMap((item) => (item.success ? [item.output] : []))
  const articles = await findArticles(site.env.DB, [...new Set(good.map(({ article }) => article))])
  const rows = await Promise.all(
    good.filter(({ article }) => articles.has(article)).map((item) => toRow(item, site)),
  )
  const waves = inWaves(rows).map((wave) => insertImported(site.env.DB, wave))
  const results = waves.length === 0 ? [] : await site.env.DB.batch(waves)
  const created = new Set(results.flatMap(({ results: found }) => readSources(found)))
  const outcomes = items.map((item): Outcome => {
    if (!item.success) return { outcome: 'skipped', reason: 'invalid' }
    if (!articles.has(item.output.article)) return { outcome: 'skipped', reason: 'no-article' }
    return { outcome: created.has(item.output.source) ? 'created' : 'exists' }
  })
  if (created.size > 0) site.pages.clear()
  return json({ outcomes })
}

/** Each wave after the one in which its parents are; one statement sees nothing of what it stores itself. */
export function inWaves<T extends { source: string; parent: string | null }>(rows: readonly T[]): T[][] {
  const waves: T[][] = []
  const depth = new Map<string, number>()
  const bySource = new Map(rows.map((row) => [row.source, row]))
  const depthOf = (row: T, seen: ReadonlySet<string> = new Set()): number => {
    const known = depth.get(row.source)
    if (known !== undefined) return known
    const parent = row.parent === null || seen.has(row.source) ? undefined : bySource.get(row.parent)
    const own = parent ? depthOf(parent, new Set([...seen, row.source])) + 1 : 0
    depth.set(row.source, own)
    return own
  }
  for (const row of rows) {
    const at = depthOf(row)
    const wave = waves[at] ?? []
    waves[at] = wave
    wave.push(row)
  }
  return waves.filter((wave) => wave !== undefined && wave.length > 0)
}

async function toRow(item: TransferredComment, site: Site): Promise<ImportedRow> {
  const email = item.email.trim().toLowerCase()
  // Nobody's address: it can't be mailed, and no two such comments are taken for one person's.
  const [sealed, emailHash] = await Promise.all([
    email === '' ? 'none' : site.keys.encrypt(email),
    site.keys.hash('email-hash', email === '' ? `none ${item.source}` : email),
  ])
  return {
    ...item,
    email: sealed,
    emailHash,
    html: formatComment(item.text),
    avatar: avatarOf(emailHash, item.name),
    fingerprint: fingerprintOf([item.source]),
  }
}

/** GET /api/comments/export?after= — the next 500 comments with everything, addresses included. 200. */
export async function exportComments(request: IRequest, site: Site): Promise<Response> {
  const after = Number(new URL(request.url).searchParams.get('after') ?? 0)
  const rows = await findToExport(site.env.DB, Number.isSafeInteger(after) ? after : 0, IMPORT_BATCH)
  const items = await Promise.all(
    rows.map(async ({ id, source, email, ...row }) => ({
      source: source ?? `mw:${id}`,
      ...row,
      email: (await site.keys.decrypt(email)) ?? '',
    })),
  )
  return json({ items, next: rows.length === IMPORT_BATCH ? (rows.at(-1)?.id ?? null) : null })
}
