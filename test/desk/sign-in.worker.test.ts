import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Colleague } from '../support/desk.ts'
import { Dom } from '../support/dom.ts'
import { article, publishNewsroom } from '../support/fixture.ts'
import { freshAddress, type Instruments, inSeconds, READ_TOKEN, TestSite } from '../support/site.ts'

let site: TestSite

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site, article('artikel'))
})
afterAll(() => site.close())

const post = (
  path: string,
  fields: Record<string, string> = {},
  headers: Record<string, string> = {},
  instruments: Instruments = {},
) =>
  site.fetch(
    path,
    {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { origin: site.url, 'cf-connecting-ip': freshAddress(), ...headers },
    },
    instruments,
  )

const invite = async (email: string, role = 'editor', name = 'Änne Groß') => {
  const response = await site.api('POST', 'desk/people', { email, role, name })
  const { link } = await response.json<{ link: string }>()
  return { status: response.status, path: new URL(link).pathname }
}

const cookieOf = (response: Response) => response.headers.get('set-cookie')?.split(';')[0] ?? ''

describe('an invitation from the command line', () => {
  test('lets somebody in once', async () => {
    const { status, path } = await invite('eins@redaktion.example')
    expect(status).toBe(201)
    const look = await site.fetch(path)
    expect(look.status).toBe(200)
    expect((await site.fetch(path)).status).toBe(200) // looking uses nothing up: programs look at links in mails
    const response = await post(path)
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/desk/account/')
    const cookie = response.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^__Host-desk=[\w-]{43}; Max-Age=\d+; Path=\/; Secure; HttpOnly; SameSite=Strict$/)
    const account = await site.fetch('/desk/account/', { headers: { cookie: cookieOf(response) } })
    expect(new Dom(await account.text()).value('name')).toBe('Änne Groß')
    const again = await post(path)
    expect(again.status).toBe(403)
    expect(again.headers.get('set-cookie')).toBeNull()
    expect((await site.fetch(path)).status).toBe(403)
  })

  test('is good for an hour', async () => {
    const { path } = await invite('zwei@redaktion.example')
    expect((await site.fetch(path, {}, { now: inSeconds(59 * 60) })).status).toBe(200)
    expect((await post(path, {}, {}, { now: inSeconds(61 * 60) })).status).toBe(403)
  })

  test('is made only by who may publish, and only for an address and a role', async () => {
    const body = { email: 'x@redaktion.example', role: 'admin', name: 'X' }
    expect((await site.api('POST', 'desk/people', body, READ_TOKEN)).status).toBe(403)
    expect((await site.api('POST', 'desk/people', body, 'falsch')).status).toBe(401)
    for (const wrong of [{ email: 'keine' }, { role: 'chef' }, { name: '' }, { name: 'a\nb' }, { extra: 1 }])
      expect((await site.api('POST', 'desk/people', { ...body, ...wrong })).status).toBe(400)
  })

  test('can’t be used from another site', async () => {
    const { path } = await invite('drei@redaktion.example')
    expect((await post(path, {}, { origin: 'https://boese.example' })).status).toBe(403)
    expect((await post(path)).status).toBe(303)
  })

  test('is stored as a hash: whoever reads the database signs in as nobody', async () => {
    const { path } = await invite('vier@redaktion.example')
    const key = path.split('/').at(-2) ?? ''
    const cookie = cookieOf(await post(path)).replace('__Host-desk=', '')
    const { path: unused } = await invite('fuenf@redaktion.example')
    const tables = await Promise.all(
      ['session', 'sign_in_link', 'person', 'audit', 'mail'].map(
        async (table) => (await site.env.DB.prepare(`SELECT * FROM ${table}`).all()).results,
      ),
    )
    const stored = JSON.stringify(tables)
    for (const secret of [key, cookie, unused.split('/').at(-2) ?? '', 'vier@redaktion.example'])
      expect(stored).not.toContain(secret)
  })

  test('gives a session of its own each time: one planted before is worth nothing', async () => {
    const { path } = await invite('sechs@redaktion.example')
    const planted = `__Host-desk=${'A'.repeat(43)}`
    const response = await post(path, {}, { cookie: planted })
    expect(cookieOf(response)).not.toBe(planted)
    expect((await site.fetch('/desk/account/', { headers: { cookie: planted } })).status).toBe(303)
  })
})

describe('a link by mail', () => {
  test('is sent to who works here, says the same to who does not, and lets them in', async () => {
    const email = 'mail@redaktion.example'
    await invite(email)
    const ask = (to: string) => post('/desk/sign-in/link/', { email: to }, {}, { settle: true })
    const [known, unknown] = [await ask(` ${email.toUpperCase()} `), await ask('niemand@redaktion.example')]
    expect([known.status, unknown.status]).toEqual([200, 200])
    expect(await known.text()).toBe(await unknown.text())
    const { results } = await site.env.DB.prepare(
      `SELECT status, recipient, content FROM mail WHERE kind = 'sign-in'`,
    ).all()
    expect(results).toEqual([{ status: 'sent', recipient: '', content: '' }])
    const link = () =>
      site.letters.map((text) => /(\/desk\/sign-in\/[\w-]{43}\/)/.exec(text)?.[1]).find(Boolean)
    await expect.poll(link).toBeDefined() // the file is written behind the answer
    expect(site.letters).toHaveLength(1)
    expect((await post(link() ?? '')).status).toBe(303)
  })

  test('needs an address', async () => {
    const response = await post('/desk/sign-in/link/', { email: 'keine' })
    expect(response.status).toBe(422)
    expect(new Dom(await response.text()).text('[role=alert]')).toBe('Das ist keine gültige E-Mail-Adresse.')
  })

  test('can be asked for ten times a minute from one address', async () => {
    const headers = { 'cf-connecting-ip': '10.77.0.1' }
    const statuses: number[] = []
    for (let n = 0; n < 24; n++)
      statuses.push((await post('/desk/sign-in/link/', { email: 'x@redaktion.example' }, headers)).status)
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(200))
    expect(statuses).toContain(429)
    const challenge = await post('/desk/sign-in/challenge/', {}, headers)
    expect(challenge.status).toBe(429)
  })

  test('says so where nothing can be stored', async () => {
    const response = await post(
      '/desk/sign-in/link/',
      { email: 'x@redaktion.example' },
      {},
      { down: ['d1-write'] },
    )
    expect(response.status).toBe(503)
  })
})

describe('after signing in', () => {
  test.each([
    ['/desk/comments/?status=spam', '/desk/comments/?status=spam'],
    ['https://boese.example/', '/desk/'],
    ['//boese.example/desk/', '/desk/'],
    ['/\\boese.example', '/desk/'],
    ['/desk/../api/x', '/desk/'],
    ['/desk/%0d%0aset-cookie:x', '/desk/'],
    ['javascript:alert(1)', '/desk/'],
  ])('an address to go on to: %s leads to %s', async (asked, expected) => {
    const editor = await Colleague.open(site, 'editor')
    const response = await editor.get(`/desk/sign-in/?weiter=${encodeURIComponent(asked)}`)
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe(expected)
  })

  test('each role comes to where it works', async () => {
    const to = async (role: 'author' | 'moderator') =>
      (await (await Colleague.open(site, role)).get('/desk/')).headers.get('location')
    expect(await to('author')).toBe('/desk/account/')
    expect(await to('moderator')).toBe('/desk/comments/')
  })

  test('who comes by a link from elsewhere is let in at the second look, for the cookie stays at home', async () => {
    const response = await site.fetch('/desk/account/', { headers: { 'sec-fetch-site': 'cross-site' } })
    expect(response.status).toBe(200)
    expect(new Dom(await response.text()).attribute('meta[http-equiv=refresh]', 'content')).toBe(
      '0; url=/desk/account/',
    )
  })
})

describe('a passkey', () => {
  test('that is none is refused, whatever is sent in its place', async () => {
    for (const response of [
      '',
      '{}',
      'null',
      '[1]',
      '"x"',
      JSON.stringify({
        id: 'x',
        rawId: 'x',
        type: 'public-key',
        clientExtensionResults: {},
        response: { clientDataJSON: 'e30', authenticatorData: 'AA', signature: 'AA' },
      }),
    ]) {
      const answer = await post('/desk/sign-in/passkey/', { response })
      expect(answer.status, response).toBe(403)
      expect(answer.headers.get('set-cookie')).toBeNull()
    }
  })

  test('is asked for with a challenge that is good once and for a while', async () => {
    const response = await post('/desk/sign-in/challenge/')
    expect(response.status).toBe(200)
    const options = await response.json<{ challenge: string; rpId: string; userVerification: string }>()
    expect(options).toMatchObject({ rpId: '127.0.0.1', userVerification: 'required' })
    expect(options.challenge.length).toBeGreaterThan(30)
    expect((await post('/desk/sign-in/challenge/', {}, { origin: 'https://boese.example' })).status).toBe(403)
  })
})

describe('people', () => {
  const verified = () => new Date().toISOString().replace(/\.\d+Z/, 'Z')
  const roleOf = async (id: number) =>
    await site.env.DB.prepare('SELECT role, disabled_at FROM person WHERE id = ?1').bind(id).first()

  test('are invited by mail from the desk, and the log says by whom', async () => {
    const admin = await Colleague.open(site, 'admin', { name: 'Chefin' })
    const response = await admin.post(
      '/desk/people/',
      { name: 'Neu', email: 'neu@redaktion.example', role: 'moderator' },
      {},
      { settle: true },
    )
    expect(response.headers.get('location')).toBe('/desk/people/?meldung=invited')
    const page = await admin.page('/desk/people/?meldung=invited')
    expect(page).toContain('neu@redaktion.example')
    expect(new Dom(page).text('[role=status]')).toBe('Die Einladung ist unterwegs.')
    const log = new Dom(await admin.page('/desk/audit/'))
    expect(log.text('tbody tr:first-child')).toMatch(/Chefin\s*eingeladen \(Neu, moderator\)/)
  })

  test('change roles and are locked out, which ends what they have open', async () => {
    const admin = await Colleague.open(site, 'admin', { verified: verified() })
    const other = await Colleague.open(site, 'moderator')
    await admin.post(`/desk/people/${other.id}/`, { do: 'role', role: 'editor' })
    expect(await roleOf(other.id)).toMatchObject({ role: 'editor' })
    expect((await other.get('/desk/audit/')).status).toBe(200)
    await admin.post(`/desk/people/${other.id}/`, { do: 'disable', role: 'editor' })
    expect((await other.get('/desk/audit/')).status).toBe(303)
    await admin.post(`/desk/people/${other.id}/`, { do: 'enable', role: 'editor' })
    expect(await roleOf(other.id)).toMatchObject({ disabled_at: null })
    expect((await other.get('/desk/audit/')).status).toBe(303)
  })

  test('always include somebody who administers', async () => {
    const alone = await TestSite.open()
    try {
      await publishNewsroom(alone)
      const admin = await Colleague.open(alone, 'admin', { verified: verified() })
      for (const fields of [
        { do: 'role', role: 'author' },
        { do: 'disable', role: 'admin' },
      ]) {
        const response = await admin.post(`/desk/people/${admin.id}/`, fields)
        expect(response.headers.get('location')).toBe('/desk/people/?meldung=lastAdmin')
      }
      expect((await admin.get('/desk/people/')).status).toBe(200)
    } finally {
      await alone.close()
    }
  })

  test('end sessions elsewhere, their own and no others', async () => {
    const one = await Colleague.open(site, 'editor')
    const other = await Colleague.open(site, 'editor')
    await one.post('/desk/account/sessions/end/', { id: other.sessionId })
    expect((await other.get('/desk/account/')).status).toBe(200)
    await other.post('/desk/account/sessions/end/', { id: '' })
    expect((await other.get('/desk/account/')).status).toBe(200)
  })
})
