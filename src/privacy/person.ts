import type { IRequest } from 'itty-router'
import * as v from 'valibot'
import { insertAudit } from '../desk/audit/audit-store.ts'
import { Email } from '../desk/person.ts'
import { readJson } from '../http/body.ts'
import { json, problem } from '../http/problem.ts'
import type { Site } from '../site/site.ts'
import {
  erasePerson,
  exportPerson,
  findSealed,
  type PersonExport,
  replaceSealed,
  SEALED,
} from './privacy-store.ts'

/** What the law gives a person about their data (GDPR Art. 15, 17, 20), for the desk, the command line and themselves. */

/** Everything held on an address, as JSON. */
export interface Dossier extends PersonExport {
  exportedAt: string
  email: string
}

export async function dossierOf(email: string, site: Site): Promise<Dossier> {
  const emailHash = await site.keys.hash('email-hash', email)
  return { exportedAt: site.timestamp, email, ...(await exportPerson(site.env.DB, emailHash)) }
}

/**
 * Erases a person, by their hash; the log says that it was done, by whom, and nothing about whom.
 * @returns how many comments it was about
 */
export async function erase(
  emailHash: string,
  keepsTexts: boolean,
  by: number | null,
  site: Site,
): Promise<number> {
  const { DB } = site.env
  const { comments } = await exportPerson(DB, emailHash)
  await DB.batch([
    ...erasePerson(DB, emailHash, { keepsTexts, anonymous: site.texts.privacy.anonymous }),
    insertAudit(
      DB,
      { person: by, action: 'erase-person', subject: 'person', detail: { n: comments.length } },
      site.timestamp,
    ),
  ])
  site.pages.clear()
  return comments.length
}

const Asked = v.strictObject({ email: Email, texts: v.optional(v.picklist(['keep', 'remove']), 'remove') })

async function readAsked(request: IRequest, site: Site) {
  const body = await readJson(request, 4096)
  const asked = v.safeParse(Asked, body.ok ? body.value : null)
  return asked.success ? asked.output : problem(body.ok ? 400 : body.status, site.texts.problem.malformed)
}

/** POST /api/person/export — everything held on `{email}`. 200, 400. */
export async function exportByApi(request: IRequest, site: Site): Promise<Response> {
  const asked = await readAsked(request, site)
  return asked instanceof Response ? asked : json(await dossierOf(asked.email, site))
}

/** POST /api/person/erase — erases `{email, texts: keep | remove}`. 200 with the number of comments; 400. */
export async function eraseByApi(request: IRequest, site: Site): Promise<Response> {
  const asked = await readAsked(request, site)
  if (asked instanceof Response) return asked
  const emailHash = await site.keys.hash('email-hash', asked.email)
  return json({ comments: await erase(emailHash, asked.texts === 'keep', null, site) })
}

const Progress = v.strictObject({
  column: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(SEALED.length - 1)),
  after: v.pipe(v.number(), v.integer(), v.minValue(0)),
})
const AT_ONCE = 200

/**
 * POST /api/keys/rotate — encrypts the next 200 values with the newest key: `{column, after}`. Both keys read until it is
 * done, and doing it twice changes nothing more. 200 with how many, how many can't be read, and where to go on; 400.
 */
export async function rotateByApi(request: IRequest, site: Site): Promise<Response> {
  const body = await readJson(request, 1024)
  const progress = v.safeParse(Progress, body.ok ? body.value : null)
  if (!progress.success) return problem(body.ok ? 400 : body.status, site.texts.problem.malformed)
  const { column, after } = progress.output
  const place = SEALED[column] ?? SEALED[0]
  const rows = await findSealed(site.env.DB, place, after, AT_ONCE)
  const opened = await Promise.all(rows.map(async ({ sealed }) => site.keys.decrypt(sealed)))
  const statements = await Promise.all(
    rows.flatMap(({ id, sealed }, index) => {
      const text = opened[index]
      if (text === null || text === undefined) return []
      return [
        site.keys
          .encrypt(text)
          .then((again) => replaceSealed(site.env.DB, place, { id, before: sealed, after: again })),
      ]
    }),
  )
  if (statements.length > 0) await site.env.DB.batch(statements)
  const last = rows.at(-1)
  const next =
    last !== undefined && rows.length === AT_ONCE
      ? { column, after: last.id }
      : column + 1 < SEALED.length
        ? { column: column + 1, after: 0 }
        : null
  return json({ changed: statements.length, unreadable: rows.length - statements.length, next })
}
