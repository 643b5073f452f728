import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROLES, type Role } from '../../src/desk/roles.ts'
import { Colleague } from '../support/desk.ts'
import { article, publishNewsroom } from '../support/fixture.ts'
import { inSeconds, TestSite } from '../support/site.ts'

/** Who may do what on which address of the desk: written down here once more, by hand, and tried cell by cell. */

const EVERYBODY = ROLES
const MODERATORS: readonly Role[] = ['moderator', 'editor', 'admin']
const EDITORS: readonly Role[] = ['editor', 'admin']
const ADMINS: readonly Role[] = ['admin']

interface Row {
  may: readonly Role[]
  /** A passkey has to have been shown a moment ago. */
  fresh?: true
}

const MATRIX: Record<string, Row> = {
  'POST /desk/sign-out/': { may: EVERYBODY },
  'GET /desk/confirm/': { may: EVERYBODY },
  'POST /desk/confirm/': { may: EVERYBODY },
  'POST /desk/challenge/': { may: EVERYBODY },
  'GET /desk/account/': { may: EVERYBODY },
  'POST /desk/account/name/': { may: EVERYBODY },
  'POST /desk/account/digest/': { may: EVERYBODY },
  'POST /desk/account/passkeys/': { may: EVERYBODY },
  'POST /desk/account/passkeys/challenge/': { may: EVERYBODY },
  'POST /desk/account/passkeys/remove/': { may: EVERYBODY },
  'POST /desk/account/sessions/end/': { may: EVERYBODY },
  'GET /desk/comments/': { may: MODERATORS },
  'POST /desk/comments/': { may: MODERATORS },
  'POST /desk/comments/undo/': { may: MODERATORS },
  'GET /desk/comments/:id/': { may: MODERATORS },
  'POST /desk/comments/:id/': { may: MODERATORS },
  'POST /desk/comments/:id/delete/': { may: EDITORS },
  'GET /desk/reports/': { may: MODERATORS },
  'GET /desk/reports/transparency/': { may: MODERATORS },
  'GET /desk/reports/reports.csv': { may: MODERATORS },
  'POST /desk/reports/:id/': { may: MODERATORS },
  'GET /desk/blocks/': { may: MODERATORS },
  'POST /desk/blocks/': { may: MODERATORS },
  'GET /desk/privacy/': { may: ADMINS },
  'POST /desk/privacy/': { may: ADMINS, fresh: true },
  'GET /desk/people/': { may: ADMINS },
  'POST /desk/people/': { may: ADMINS },
  'POST /desk/people/:id/': { may: ADMINS, fresh: true },
  'GET /desk/ads/': { may: EDITORS },
  'POST /desk/ads/': { may: EDITORS },
  'POST /desk/ads/undo/': { may: EDITORS },
  'GET /desk/ads/calendar/': { may: EDITORS },
  'GET /desk/ads/outlook/': { may: EDITORS },
  'GET /desk/ads/new/': { may: EDITORS },
  'POST /desk/ads/new/': { may: EDITORS },
  'GET /desk/ads/:id/': { may: EDITORS },
  'POST /desk/ads/:id/': { may: EDITORS },
  'GET /desk/ads/:id/preview/': { may: EDITORS },
  'GET /desk/ads/:id/preview/page/': { may: EDITORS },
  'GET /desk/ads/:id/report/': { may: EDITORS },
  'POST /desk/ads/:id/report/': { may: EDITORS },
  'GET /desk/ads/:id/report.csv': { may: EDITORS },
  'GET /desk/audit/': { may: EDITORS },
  'GET /desk/mail/': { may: EDITORS },
  'POST /desk/mail/:id/': { may: EDITORS },
}

/** What lets people in, and so asks nobody who they are. */
const OPEN = new Set([
  'GET /desk/',
  'GET /desk/sign-in/',
  'POST /desk/sign-in/challenge/',
  'POST /desk/sign-in/passkey/',
  'POST /desk/sign-in/link/',
  'GET /desk/sign-in/:key/',
  'POST /desk/sign-in/:key/',
])

/** Every address of the desk in the router. */
const ROUTES = [
  ...readFileSync(join(import.meta.dirname, '../../src/routes.ts'), 'utf8').matchAll(
    /^(?:at\(|desk\('[\w-]+',\s*)'(\/desk\/[^']*)',\s*\{([^}]*)\}/gm,
  ),
].flatMap(([, path = '', handlers = '']) =>
  [...handlers.matchAll(/\b(GET|POST)\b/g)].map(([method]) => `${method} ${path}`),
)

let site: TestSite
let colleagues: Record<Role, Colleague>
const now = () => new Date().toISOString().replace(/\.\d+Z/, 'Z')

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site, article('artikel'))
  const opened = await Promise.all(
    ROLES.map(async (role) => [role, await Colleague.open(site, role, { verified: now() })] as const),
  )
  colleagues = Object.fromEntries(opened) as Record<Role, Colleague>
})
afterAll(() => site.close())

const cells = Object.entries(MATRIX).map(([route, row]) => {
  const [method = '', path = ''] = route.split(' ')
  return { route, method, path: path.replace(':id', '999999'), ...row }
})

const ask = (who: Colleague, method: string, path: string, headers: Record<string, string> = {}) =>
  method === 'GET' ? who.get(path) : who.post(path, {}, headers)

/** What the site answers to who may not: the page that says so, or the way to signing in. */
const isRefused = (response: Response) => response.status === 403

describe('the table', () => {
  test('has a row for every address of the desk, and none for others', () => {
    expect(ROUTES.length).toBeGreaterThan(15)
    expect(ROUTES.filter((route) => !(route in MATRIX) && !OPEN.has(route))).toEqual([])
    expect([...Object.keys(MATRIX), ...OPEN].filter((route) => !ROUTES.includes(route))).toEqual([])
  })
})

// Signing out ends the session it is tried with, so it is tried elsewhere.
const lasting = cells.filter(({ route }) => !/sign-out|sessions\/end/.test(route))

describe.each(ROLES)('as %s', (role) => {
  test.each(lasting)('$route', async ({ method, path, may }) => {
    const response = await ask(colleagues[role], method, path)
    await response.arrayBuffer()
    expect(response.headers.get('cache-control')).toMatch(/no-store/)
    if (!may.includes(role)) expect(response.status).toBe(403)
    else expect([200, 303, 403, 404, 422]).toContain(response.status)
    if (may.includes(role) && !/confirm/.test(path)) expect(response.status).not.toBe(403)
  })
})

describe('nobody gets anywhere', () => {
  const signIn = (path: string | null) => expect(path).toMatch(/^\/desk\/sign-in\//)

  test.each(cells)('$route without a session', async ({ method, path }) => {
    const origin = { origin: site.url }
    const response = await site.fetch(
      path,
      method === 'GET' ? {} : { method, body: new URLSearchParams(), headers: origin },
    )
    expect(response.status).toBe(303)
    signIn(response.headers.get('location'))
  })

  test.each(cells)('$route with a session that was revoked', async ({ method, path }) => {
    const admin = await Colleague.open(site, 'admin')
    await site.env.DB.prepare('DELETE FROM session WHERE id = ?1').bind(admin.sessionId).run()
    const response = await ask(admin, method, path)
    expect(response.status).toBe(303)
    signIn(response.headers.get('location'))
  })

  test.each(cells)(
    '$route with a session that is over, or was not used for long',
    async ({ method, path }) => {
      for (const column of ['expires_at', 'seen_at']) {
        const admin = await Colleague.open(site, 'admin')
        await site.env.DB.prepare(`UPDATE session SET ${column} = ?2 WHERE id = ?1`)
          .bind(admin.sessionId, new Date(Date.now() - 13 * 3_600_000).toISOString().replace(/\.\d+Z/, 'Z'))
          .run()
        const response = await ask(admin, method, path)
        expect(response.status, column).toBe(303)
        signIn(response.headers.get('location'))
      }
    },
  )

  test.each(cells)('$route of somebody who was locked out', async ({ method, path }) => {
    const admin = await Colleague.open(site, 'admin')
    await site.env.DB.prepare('UPDATE person SET disabled_at = ?2 WHERE id = ?1').bind(admin.id, now()).run()
    expect((await ask(admin, method, path)).status).toBe(303)
  })

  test.each(cells.filter(({ method }) => method === 'POST'))(
    '$route from another site, or without saying from where',
    async ({ path }) => {
      const admin = await Colleague.open(site, 'admin', { verified: now() })
      for (const origin of ['https://boese.example', 'null', `${site.url}.boese.example`, '']) {
        const response = await admin.post(path, {}, { origin })
        expect(isRefused(response), origin).toBe(true)
      }
    },
  )

  test.each(cells.filter(({ method }) => method === 'POST'))(
    '$route with the form of another session, or of none',
    async ({ path }) => {
      const [admin, other] = await Promise.all([
        Colleague.open(site, 'admin', { verified: now() }),
        Colleague.open(site, 'admin'),
      ])
      for (const token of ['', 'x', await other.token])
        expect(isRefused(await admin.post(path, { token })), token).toBe(true)
    },
  )

  test.each(cells.filter(({ fresh }) => fresh))(
    '$route where no passkey was shown, or one long ago',
    async ({ path }) => {
      for (const verified of [null, new Date(Date.now() - 6 * 60_000).toISOString().replace(/\.\d+Z/, 'Z')]) {
        const admin = await Colleague.open(site, 'admin', { verified })
        const response = await admin.post(path)
        expect(response.status).toBe(303)
        expect(response.headers.get('location')).toMatch(/^\/desk\/confirm\//)
      }
    },
  )
})

test('a session that is used goes on, one that is not ends after twelve hours', async () => {
  const editor = await Colleague.open(site, 'editor')
  const at = (hours: number) => editor.get('/desk/account/', { now: inSeconds(hours * 3600), settle: true })
  expect((await at(8)).status).toBe(200)
  expect((await at(18)).status).toBe(200)
  expect((await at(31)).status).toBe(303)
})

test('signing out ends the session on the site, and takes the cookie away', async () => {
  const editor = await Colleague.open(site, 'editor')
  const response = await editor.post('/desk/sign-out/')
  expect(response.status).toBe(303)
  expect(response.headers.get('set-cookie')).toContain('__Host-desk=; Max-Age=0')
  expect((await editor.get('/desk/account/')).status).toBe(303)
})
