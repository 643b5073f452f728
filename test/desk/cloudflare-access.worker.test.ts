import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { AccessServer, AUDIENCE, newKey } from '../support/cloudflare-access.ts'
import { Colleague } from '../support/desk.ts'
import { Dom } from '../support/dom.ts'
import { article, publishNewsroom, settings } from '../support/fixture.ts'
import { askedBy, freshAddress, type Instruments, inSeconds, TestSite } from '../support/site.ts'

/** Cloudflare Access before the desk: whom it vouches for, and who is known by that address, is signed in. */

let site: TestSite
let access: AccessServer
/** Somebody of the newsroom, and the address by which they are known. */
let anna: Colleague
const teams: string[] = []

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site, article('artikel'))
})
afterAll(() => site.close())
beforeEach(async () => {
  // A team of its own for each test: what the Worker has kept of another's keys is of no use to it.
  access = await AccessServer.open()
  teams.push(access.url)
  await site.publish('site', settings({ desk: { access: access.settings } }))
  anna = await Colleague.open(site, 'editor', { name: 'Anna' })
})
afterEach(() => access.close())

const look = (
  token: string,
  { path = '/desk/account/', headers = {} as Record<string, string>, ...instruments }: LookOptions = {},
) =>
  site.fetch(
    path,
    { headers: { 'cf-connecting-ip': freshAddress(), 'cf-access-jwt-assertion': token, ...headers } },
    instruments,
  )
interface LookOptions extends Instruments {
  path?: string
  headers?: Record<string, string>
}

const cookieOf = (response: Response) => response.headers.get('set-cookie')?.split(';')[0] ?? ''
const sessionsOf = async ({ id }: Colleague) =>
  (await site.env.DB.prepare('SELECT verified_at FROM session WHERE person = ?1').bind(id).all()).results
const REFUSED = 'Ihre Anmeldung bei Cloudflare Access gilt hier nicht oder nicht mehr.'
const DOWN = 'Ihre Anmeldung bei Cloudflare Access lässt sich gerade nicht prüfen.'

async function expectNoEntry(response: Response, status: 403 | 503, words: string): Promise<void> {
  expect(response.status).toBe(status)
  expect(response.headers.get('set-cookie')).toBeNull()
  const page = new Dom(await response.text())
  expect(page.text('[role=alert]')).toContain(words)
  // The other ways in are still there.
  expect(page.attributes('form', 'action')).toEqual(['/desk/sign-in/passkey/', '/desk/sign-in/link/'])
  expect(await sessionsOf(anna)).toHaveLength(1)
}

test('where it is off, a token is worth nothing, and nobody is asked about it', async () => {
  await site.publish('site', settings())
  const response = await look(access.token({ email: anna.email }))
  expect(response.status).toBe(303)
  expect(response.headers.get('location')).toBe('/desk/sign-in/?weiter=%2Fdesk%2Faccount%2F')
  expect(response.headers.get('set-cookie')).toBeNull()
  expect(access.asked).toEqual([])
  expect(await site.page('/desk/sign-in/')).not.toContain('Cloudflare')
})

describe('a good token', () => {
  test('signs in who is known by its address, with a session like any other', async () => {
    const response = await look(access.token({ email: anna.email }), { path: '/desk/audit/?vor=900' })
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/desk/audit/?vor=900')
    expect(response.headers.get('cache-control')).toContain('no-store')
    expect(response.headers.get('set-cookie')).toMatch(
      /^__Host-desk=[\w-]{43}; Max-Age=1209600; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
    )
    const log = await site.fetch('/desk/audit/', { headers: { cookie: cookieOf(response) } })
    expect(new Dom(await log.text()).text('tbody tr:first-child')).toMatch(
      /Anna\s*mit Cloudflare Access angemeldet/,
    )
  })

  test('does for a comparison of addresses what mail does: capitals make no difference', async () => {
    const response = await look(access.token({ email: ` ${anna.email.toUpperCase()} ` }))
    expect(response.status).toBe(303)
    expect(cookieOf(response)).not.toBe('')
  })

  test('is no passkey: what can’t be taken back asks for one', async () => {
    const admin = await Colleague.open(site, 'admin')
    const cookie = cookieOf(await look(access.token({ email: admin.email })))
    expect(await sessionsOf(admin)).toEqual([{ verified_at: null }, { verified_at: null }])
    const page = await site.fetch('/desk/people/', { headers: { cookie } })
    const token = new Dom(await page.text()).attributes('[name=token]', 'value')[0] ?? ''
    const body = new URLSearchParams({ token, do: 'disable' })
    const init = { method: 'POST', body, headers: { cookie, origin: site.url } }
    const response = await site.fetch(`/desk/people/${anna.id}/`, init)
    expect(response.headers.get('location')).toMatch(/^\/desk\/confirm\//)
  })

  test('leads from the desk’s door to where somebody works', async () => {
    const response = await look(access.token({ email: anna.email }), { path: '/desk/' })
    expect(response.headers.get('location')).toBe('/desk/')
    const cookie = cookieOf(response)
    const further = await site.fetch('/desk/', { headers: { cookie } })
    expect(further.headers.get('location')).toBe('/desk/comments/')
  })

  test('comes in the cookie where the header is lost', async () => {
    const headers = { cookie: `a=b; CF_Authorization=${access.token({ email: anna.email })}; c=d` }
    const response = await site.fetch('/desk/account/', {
      headers: { ...headers, 'cf-connecting-ip': freshAddress() },
    })
    expect(response.status).toBe(303)
    expect(cookieOf(response)).toMatch(/^__Host-desk=/)
  })

  test('in the cookie does not stand in for one in the header that is none', async () => {
    const cookie = `CF_Authorization=${access.token({ email: anna.email })}`
    await expectNoEntry(await look('x', { headers: { cookie } }), 403, REFUSED)
  })

  test('is not looked at where somebody is signed in', async () => {
    const response = await look(access.token({ email: 'jemand@anderswo.example' }), {
      headers: { cookie: anna.cookie },
    })
    expect(response.status).toBe(200)
    expect(new Dom(await response.text()).value('name')).toBe('Anna')
    expect(access.asked).toEqual([])
  })

  test('begins no session for a form, which would be none of it, nor for a look that shows nothing', async () => {
    const headers = { 'cf-access-jwt-assertion': access.token({ email: anna.email }), origin: site.url }
    for (const [method, path] of [
      ['POST', '/desk/account/name/'],
      ['HEAD', '/desk/account/'],
    ]) {
      const response = await site.fetch(path ?? '', { method: method ?? '', headers })
      expect(response.headers.get('location'), method).toMatch(/^\/desk\/sign-in\//)
      expect(response.headers.get('set-cookie'), method).toBeNull()
    }
    expect(await sessionsOf(anna)).toHaveLength(1)
  })

  test('begins none for a click from elsewhere before it is known that there is none: the cookie stays at home then', async () => {
    const token = access.token({ email: anna.email })
    for (const path of ['/desk/account/', '/desk/']) {
      const response = await look(token, { path, headers: { 'sec-fetch-site': 'cross-site' } })
      expect(response.status).toBe(200)
      expect(new Dom(await response.text()).attribute('meta[http-equiv=refresh]', 'content')).toBe(
        `0; url=${path}`,
      )
      expect(response.headers.get('set-cookie')).toBeNull()
    }
  })

  test('counts as an attempt, ten of which are let through in a minute', async () => {
    const headers = { 'cf-connecting-ip': '10.88.0.1' }
    const statuses: number[] = []
    for (let n = 0; n < 24; n++)
      statuses.push((await look(access.token({ email: anna.email }), { headers })).status)
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(303))
    expect(statuses).toContain(429)
  })

  test('lets nobody in where the session can’t be stored', async () => {
    const response = await look(access.token({ email: anna.email }), { down: ['d1-write'] })
    await expectNoEntry(response, 503, 'Die Anmeldung ist gerade nicht möglich.')
  })
})

describe('a token is refused', () => {
  const now = () => Math.floor(Date.now() / 1000)
  const forged = newKey()
  const cases: Record<string, () => string> = {
    'for another application': () => access.token({ email: anna.email, aud: [AUDIENCE.replace('4', '5')] }),
    'for none': () => access.token({ email: anna.email, aud: undefined }),
    'of another team': () =>
      access.token({ email: anna.email, iss: 'https://boese.cloudflareaccess.com' }, { key: forged }),
    'of a team that this one vouches for': () =>
      access.token({ email: anna.email, iss: 'https://boese.cloudflareaccess.com' }),
    'that is over': () => access.token({ email: anna.email, exp: now() - 1 }),
    'that never ends': () => access.token({ email: anna.email, exp: undefined }),
    'that is not good yet': () => access.token({ email: anna.email, nbf: now() + 120 }),
    'that nobody signed': () => access.token({ email: anna.email }, { signing: 'none' }),
    'signed with the public key as a secret': () =>
      access.token({ email: anna.email }, { signing: 'HS256 by the public key' }),
    'signed in another way by the right key': () => access.token({ email: anna.email }, { signing: 'RS512' }),
    'signed by another key under the name of the right one': () =>
      access.token({ email: anna.email }, { key: { ...forged, kid: access.keys[0]?.kid ?? '' } }),
    'signed by a key that nobody knows': () => access.token({ email: anna.email }, { key: forged }),
    'that brings its own key': () => {
      const { kty, n, e } = forged.privateKey.export({ format: 'jwk' })
      return access.token({ email: anna.email }, { key: forged, header: { jwk: { kty, n, e } } })
    },
    'that names where its key is': () =>
      access.token(
        { email: anna.email },
        { key: forged, header: { jku: 'http://127.0.0.1:9/certs', x5u: 'http://127.0.0.1:9/x' } },
      ),
    'in which the address was changed': () => {
      const [head, , signature] = access.token({ email: 'jemand@anderswo.example' }).split('.')
      return [head, access.token({ email: anna.email }).split('.')[1], signature].join('.')
    },
    'of a program': () => access.token({ common_name: 'abc.access', email: undefined }),
    'with something else for an address': () => access.token({ email: { is: anna.email } }),
    'with two addresses in one': () => access.token({ email: `${anna.email},x@boese.example` }),
    'that is none': () => 'Bearer x',
    'that is endless': () => `${'e'.repeat(9000)}.e.e`,
  }

  test.each(Object.keys(cases))('%s', async (name) => {
    const response = await look(cases[name]?.() ?? '')
    await expectNoEntry(response, 403, REFUSED)
    // Whatever a token says: the team in the settings was asked for its keys, and nobody for anything else.
    const mine = teams.map((team) => `${team}/cdn-cgi/access/certs`)
    expect(askedBy(response).filter((url) => !mine.includes(url))).toEqual([])
  })

  test('and good again when its time comes, by the clock of the site', async () => {
    const later = (seconds: number) => ({ now: inSeconds(seconds) })
    const token = access.token({ email: anna.email, nbf: now() + 120, exp: now() + 600 })
    expect((await look(token, later(60))).status).toBe(403)
    expect((await look(token, later(180))).status).toBe(303)
    expect((await look(token, later(660))).status).toBe(403)
  })
})

describe('an address of nobody', () => {
  test('gets a page that says so, and what else there is to do', async () => {
    const response = await look(access.token({ email: 'fremd@anderswo.example' }))
    expect(response.status).toBe(403)
    expect(response.headers.get('set-cookie')).toBeNull()
    const page = new Dom(await response.text())
    expect(page.text('main')).toContain('Cloudflare Access kennt Sie als fremd@anderswo.example.')
    expect(page.attribute('main a', 'href')).toBe('/desk/sign-in/?weiter=%2Fdesk%2Faccount%2F')
    // Signing in in another way is not stopped by the same token.
    const other = await look(access.token({ email: 'fremd@anderswo.example' }), { path: '/desk/sign-in/' })
    expect(other.status).toBe(200)
  })

  test('learns nothing of who works here: somebody locked out gets the same words as a stranger', async () => {
    const page = async (email: string) =>
      (await (await look(access.token({ email }))).text()).replaceAll(email, 'ADRESSE')
    await site.env.DB.prepare('UPDATE person SET disabled_at = created_at WHERE id = ?1').bind(anna.id).run()
    const locked = await page(anna.email)
    expect(locked).toBe(await page('fremd@anderswo.example'))
    expect(locked).not.toMatch(/Anna|redaktion\.example/)
    expect(await sessionsOf(anna)).toHaveLength(1)
  })

  test('is shown as what it is, whatever is in it', async () => {
    const response = await look(access.token({ email: "o'<b>@anderswo.example" }))
    expect(await response.text()).not.toContain('<b>@')
  })
})

describe('the keys', () => {
  test('are asked for once, and kept', async () => {
    for (let n = 0; n < 3; n++) expect((await look(access.token({ email: anna.email }))).status).toBe(303)
    expect(access.asked).toEqual(['/cdn-cgi/access/certs'])
  })

  test('may change: a new one is found within a minute, and the one before it is still good', async () => {
    const [before] = access.keys
    await look(access.token({ email: anna.email }))
    access.keys = [newKey(), ...access.keys]
    expect((await look(access.token({ email: anna.email }), { now: inSeconds(30) })).status).toBe(403)
    expect((await look(access.token({ email: anna.email }), { now: inSeconds(61) })).status).toBe(303)
    const old = access.token({ email: anna.email }, before && { key: before })
    expect((await look(old, { now: inSeconds(62) })).status).toBe(303)
    expect(access.asked).toHaveLength(2)
  })

  test('that are withdrawn are good for an hour at most', async () => {
    const token = access.token({ email: anna.email })
    expect((await look(token)).status).toBe(303)
    access.keys = [newKey()]
    expect((await look(token, { now: inSeconds(59 * 60) })).status).toBe(303)
    expect((await look(token, { now: inSeconds(61 * 60) })).status).toBe(403)
  })

  test('are asked for again once a minute at most, however many tokens name one that nobody knows', async () => {
    const [forged, other] = [newKey(), newKey()]
    await look(access.token({ email: anna.email }))
    for (const mood of ['as-usual', 'down'] as const) {
      access.mood = mood
      access.asked = []
      const minute = mood === 'down' ? 200 : 100
      for (let n = 0; n < 6; n++) {
        const token = access.token({ email: anna.email }, { key: n % 2 ? forged : other })
        await look(token, { now: inSeconds(minute + n) })
      }
      expect(access.asked, mood).toHaveLength(1)
    }
    // Who has a good token is let in meanwhile.
    expect((await look(access.token({ email: anna.email }), { now: inSeconds(207) })).status).toBe(303)
  })

  test.each([
    'slow',
    'stalls',
    'down',
    'error',
    'nonsense',
    'redirect',
    'floods',
    'empty',
    'no-key',
  ] as const)('can’t be had (%s): the page says so, and the other ways in work', async (mood) => {
    access.mood = mood
    const before = Date.now()
    await expectNoEntry(await look(access.token({ email: anna.email })), 503, DOWN)
    expect(Date.now() - before).toBeLessThan(4000)
    const body = new URLSearchParams({ email: anna.email })
    const headers = { origin: site.url, 'cf-connecting-ip': freshAddress() }
    expect((await site.fetch('/desk/sign-in/link/', { method: 'POST', body, headers })).status).toBe(200)
    expect((await anna.get('/desk/account/')).status).toBe(200)
    access.mood = 'as-usual'
    expect((await look(access.token({ email: anna.email }))).status).toBe(303)
  })
})

describe('signing out', () => {
  test('leads on to signing out of Access, which would sign in again at once', async () => {
    const response = await anna.post('/desk/sign-out/', {}, { 'cf-access-jwt-assertion': access.token({}) })
    expect(response.status).toBe(200)
    expect(response.headers.get('set-cookie')).toContain('__Host-desk=; Max-Age=0')
    const page = new Dom(await response.text())
    expect(page.text('[role=status]')).toContain('Deshalb melden wir Sie auch dort ab.')
    const there = `${access.url}/cdn-cgi/access/logout`
    expect(page.attribute('meta[http-equiv=refresh]', 'content')).toBe(`0; url=${there}`)
    expect(page.attribute('main a', 'href')).toBe(there)
    expect(await sessionsOf(anna)).toHaveLength(0)
  })

  test('ends the session and nothing else where somebody came in another way', async () => {
    const response = await anna.post('/desk/sign-out/')
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/desk/sign-in/')
    expect(await sessionsOf(anna)).toHaveLength(0)
  })
})

test('the page to sign in on offers it, as one way of three', async () => {
  const page = new Dom(await site.page('/desk/sign-in/?weiter=/desk/mail/'))
  expect(page.text('main a')).toBe('Mit Cloudflare Access anmelden')
  expect(page.attribute('main a', 'href')).toBe('/desk/mail/')
})

test.each([
  ['team', 'https://boese.example'],
  ['team', 'https://cloudflareaccess.com.boese.example'],
  ['team', 'https://redaktion.cloudflareaccess.com/'],
  ['team', 'http://redaktion.cloudflareaccess.com'],
  ['team', 'http://127.0.0.1.boese.example'],
  ['audience', 'abc'],
])('the settings take no %s like %s', async (key, value) => {
  const wrong = settings({ desk: { access: { ...access.settings, [key]: value } } })
  const response = await site.api('POST', 'site', { items: [wrong] })
  expect(await response.text()).toContain(key === 'team' ? 'cloudflareaccess.com' : 'AUD')
})
