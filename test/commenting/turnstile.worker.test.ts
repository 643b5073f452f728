import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Reason } from '../../src/comment/queue-store.ts'
import { Colleague } from '../support/desk.ts'
import { Dom } from '../support/dom.ts'
import { article, page, publishNewsroom, settings } from '../support/fixture.ts'
import { askedBy, COMMENT, commentIdIn, inSeconds, TestSite } from '../support/site.ts'
import { SITE_KEY, TURNSTILE_SECRET, TurnstileServer } from '../support/turnstile.ts'

let turnstile: TurnstileServer
let site: TestSite
let slug: string
let number = 0

beforeAll(async () => {
  turnstile = await TurnstileServer.open()
  site = await TestSite.open({ vars: { TURNSTILE_SECRET } })
  await publishNewsroom(site)
  await policy()
})
afterAll(() => Promise.all([site.close(), turnstile.close()]))
beforeEach(async () => {
  slug = `drehkreuz-${++number}`
  await site.publish('articles', article(slug, { date: new Date(Date.now() - 86_400_000).toISOString() }))
  turnstile.asked = []
  turnstile.mood = 'as-usual'
})

/** Everything is published at once, but for what Turnstile says. */
const policy = (more: Record<string, unknown> = {}) =>
  site.publish('site', settings({ comments: { moderation: 'none', turnstile: turnstile.settings, ...more } }))

const outcomeOf = async (id: number) => {
  const row = (await site.comments(slug)).find((one) => one.id === id)
  const { reasons }: { reasons: Reason[] } = JSON.parse(String(row?.verdict))
  return { status: row?.status, said: reasons.filter(({ signal }) => signal.startsWith('turnstile')) }
}
const write = async (token: string, fields: Record<string, string> = {}) =>
  outcomeOf(commentIdIn(await site.comment(slug, { 'cf-turnstile-response': token, ...fields })))

describe('a comment with Turnstile on', () => {
  test('is published where the token is good, and Turnstile learns the token and nothing about the reader', async () => {
    const token = turnstile.issue()
    expect(await write(token)).toEqual({
      status: 'approved',
      said: [{ signal: 'turnstilePassed', score: -0.5, values: [] }],
    })
    const [asked, ...more] = turnstile.asked
    expect(more).toEqual([])
    expect([...(asked?.keys() ?? [])].sort()).toEqual(['idempotency_key', 'response', 'secret'])
    expect(asked?.get('response')).toBe(token)
    expect(asked?.get('idempotency_key')).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
    )
  })

  test('waits without a token, and nobody is asked', async () => {
    expect(await write('')).toMatchObject({
      status: 'pending',
      said: [{ signal: 'turnstileMissing', score: 1 }],
    })
    expect(turnstile.asked).toEqual([])
  })

  test('waits where the token is made up, however well its author is known', async () => {
    const email = 'stammgast@beispiel.de'
    for (const text of ['Eins.', 'Zwei.', 'Drei.']) await write(turnstile.issue(), { email, text })
    expect(await write('erfunden', { email, text: 'Vier.' })).toMatchObject({
      status: 'pending',
      said: [{ signal: 'turnstileFailed', score: 2.5 }],
    })
  })

  test('waits without a token, however well known its author and however close to spam it is', async () => {
    const email = 'vielschreiber@beispiel.de'
    for (const text of ['Eins.', 'Zwei.', 'Drei.']) await write(turnstile.issue(), { email, text })
    const text = 'https://bit.ly/a https://bit.ly/b https://bit.ly/c https://bit.ly/d'
    expect(await write('', { email, text })).toMatchObject({
      status: 'pending',
      said: [{ signal: 'turnstileMissing' }],
    })
  })

  test('waits where the token is longer than any, and nobody is asked', async () => {
    expect(await write('x'.repeat(2049))).toMatchObject({
      status: 'pending',
      said: [{ signal: 'turnstileFailed' }],
    })
    expect(turnstile.asked).toEqual([])
  })

  test.each([
    ['from another form', { action: 'login' }],
    ['from another site', { hostname: 'boese.example' }],
  ])('waits where the token is %s', async (_, of) => {
    expect(await write(turnstile.issue(of))).toMatchObject({
      status: 'pending',
      said: [{ signal: 'turnstileElsewhere', score: 2.5 }],
    })
  })

  test('waits where the token was used for another comment', async () => {
    const token = turnstile.issue()
    expect(await write(token, { text: 'Der erste.' })).toMatchObject({ status: 'approved' })
    expect(await write(token, { text: 'Der zweite.' })).toMatchObject({
      status: 'pending',
      said: [{ signal: 'turnstileSpent', score: 1 }],
    })
  })

  test('that is sent twice at once is asked about as the same one: both ways lead to it', async () => {
    const fields = { 'cf-turnstile-response': turnstile.issue() }
    const both = await Promise.all([site.comment(slug, fields), site.comment(slug, fields)])
    const [id, same] = both.map(commentIdIn)
    expect(same).toBe(id)
    expect(await site.comments(slug)).toHaveLength(1)
    expect(await outcomeOf(id ?? 0)).toMatchObject({
      status: 'approved',
      said: [{ signal: 'turnstilePassed' }],
    })
    expect(new Set(turnstile.asked.map((one) => one.get('idempotency_key'))).size).toBe(1)
  })

  test('that is spam by itself is spam, and Turnstile is not asked', async () => {
    const id = commentIdIn(
      await site.comment(slug, { betreff: 'ausgefüllt', 'cf-turnstile-response': turnstile.issue() }),
    )
    expect(await outcomeOf(id)).toEqual({ status: 'spam', said: [] })
    expect(turnstile.asked).toEqual([])
  })
})

describe('where Turnstile is not well, a comment is taken and waits', () => {
  test.each<[TurnstileServer['mood'], string]>([
    ['slow', 'Slow'],
    ['stalls', 'Slow'],
    ['down', 'Down'],
    ['error', 'Down'],
    ['redirect', 'Down'],
    ['floods', 'Down'],
    ['internal', 'Down'],
    ['nonsense', 'Odd'],
  ])('%s', async (mood, fault) => {
    turnstile.mood = mood
    const began = performance.now()
    expect(await write(turnstile.issue())).toEqual({
      status: 'pending',
      said: [{ signal: `turnstile${fault}`, score: 0, values: [] }],
    })
    expect(performance.now() - began).toBeLessThan(4000)
    expect(turnstile.asked).toHaveLength(1)
    expect(site.logs.at(-1)).toMatch(/turnstile-not-asked/)
  })

  test('and what is logged holds neither secret nor token', async () => {
    const token = turnstile.issue()
    turnstile.mood = 'nonsense'
    await write(token)
    expect(site.logs.join()).not.toContain(token)
    expect(site.logs.join()).not.toContain(TURNSTILE_SECRET)
  })

  test('the desk says why it waits', async () => {
    turnstile.mood = 'down'
    await write(turnstile.issue(), { text: 'Warum wartet der?' })
    const anna = await Colleague.open(site, 'moderator', { name: 'Anna' })
    expect(await anna.page('/desk/comments/')).toContain('Turnstile war nicht erreichbar (0)')
  })

  test('the secret is missing or wrong: the site goes on, and the desk names it', async () => {
    for (const vars of [{}, { TURNSTILE_SECRET: 'falsch' }]) {
      const other = await TestSite.open({ vars })
      try {
        await publishNewsroom(other, article('artikel'))
        await other.publish(
          'site',
          settings({ comments: { moderation: 'none', turnstile: turnstile.settings } }),
        )
        await other.comment('artikel', { 'cf-turnstile-response': turnstile.issue() })
        const [row] = await other.comments('artikel')
        expect(row).toMatchObject({ status: 'pending', verdict: expect.stringContaining('turnstileKey') })
      } finally {
        await other.close()
      }
    }
  })
})

describe('nobody is asked about what is not stored', () => {
  const cases: [string, (token: string) => Promise<Response>, number][] = [
    [
      'a preview',
      (token) => site.comment(slug, { 'cf-turnstile-response': token, absicht: 'vorschau' }),
      200,
    ],
    [
      'a comment without a name',
      (token) => site.comment(slug, { 'cf-turnstile-response': token, name: '' }),
      422,
    ],
    [
      'one in the newsroom’s name',
      (token) => site.comment(slug, { 'cf-turnstile-response': token, name: 'Redaktion' }),
      422,
    ],
    ['an old form', (token) => site.comment(slug, { 'cf-turnstile-response': token, token: 'alt' }), 422],
    [
      'while D1 is down',
      (token) => site.comment(slug, { 'cf-turnstile-response': token }, {}, { down: ['d1'] }),
      503,
    ],
  ]
  test.each(cases)('%s', async (_, send, status) => {
    const response = await send(turnstile.issue())
    expect(response.status).toBe(status)
    expect(new Dom(await response.text()).value('text')).toBe(COMMENT.text)
    expect(turnstile.asked).toEqual([])
  })

  test('one below an article whose comments are closed, and one that is stored already', async () => {
    await site.publish('articles', article(slug, { comments: 'closed' }))
    expect((await site.comment(slug, { 'cf-turnstile-response': turnstile.issue() })).status).toBe(403)
    expect(turnstile.asked).toEqual([])
    await site.publish('articles', article(slug))
    await write(turnstile.issue())
    turnstile.asked = []
    expect((await site.comment(slug, { 'cf-turnstile-response': turnstile.issue() })).status).toBe(303)
    expect(turnstile.asked).toEqual([])
  })

  test('a page view', async () => {
    await site.page(`/${slug}/`)
    expect(turnstile.asked).toEqual([])
  })
})

describe('what its author changes', () => {
  const own = async () => {
    const response = await site.comment(slug, { 'cf-turnstile-response': turnstile.issue() })
    turnstile.asked = []
    return {
      id: commentIdIn(response),
      key: /kommentar=([\w.-]+)/.exec(response.headers.get('location') ?? '')?.[1],
    }
  }
  const change = async (key: string | undefined, fields: Record<string, string>, instruments = {}) =>
    site.fetch(
      `/${slug}/comments/${key}`,
      {
        method: 'POST',
        body: new URLSearchParams({ token: await site.token(slug), ...fields }),
        headers: { origin: site.url },
      },
      instruments,
    )

  test('needs a token of its own, too', async () => {
    const { id, key } = await own()
    await change(key, { text: 'Geändert.', 'cf-turnstile-response': turnstile.issue() })
    expect(await outcomeOf(id)).toMatchObject({ status: 'approved', said: [{ signal: 'turnstilePassed' }] })
    await change(key, { text: 'Noch einmal geändert.' })
    expect(await outcomeOf(id)).toMatchObject({ status: 'pending', said: [{ signal: 'turnstileMissing' }] })
  })

  test('is not asked about where it can’t be changed, is deleted, or only looked at', async () => {
    const { key } = await own()
    const token = turnstile.issue()
    await change(key, { text: 'Wie sieht das aus?', absicht: 'vorschau', 'cf-turnstile-response': token })
    await change(key, { text: '', 'cf-turnstile-response': token })
    const now = inSeconds(16 * 60)
    const late = await change(key, { text: 'Zu spät.', 'cf-turnstile-response': token }, { now })
    expect(late.status).toBe(403)
    await change(key, { text: '', absicht: 'endgueltig-loeschen', 'cf-turnstile-response': token })
    expect(turnstile.asked).toEqual([])
  })
})

describe('the page', () => {
  const policyOf = (response: Response) => response.headers.get('content-security-policy') ?? ''

  test('with the form has the widget’s place, says what happens without JavaScript, and allows one other origin', async () => {
    const response = await site.fetch(`/${slug}/`)
    const page = new Dom(await response.text())
    expect(page.attribute('.comment-form .turnstile', 'dataSitekey')).toBe(SITE_KEY)
    expect(page.attribute('.turnstile', 'dataAction')).toBe('comment')
    expect(page.text('.comment-form form')).toContain('Ohne JavaScript geht es auch')
    const policy = policyOf(response)
    expect(policy).toContain(`script-src 'self' ${turnstile.url};`)
    expect(policy).toContain(`frame-src 'self' ${turnstile.url};`)
    expect(policy.split(turnstile.url)).toHaveLength(3)
    // The browser asks there when somebody writes, not when somebody reads.
    expect(page.has(`script[src^="${turnstile.url}"]`)).toBe(false)
  })

  test('without a form allows nothing of it', async () => {
    await site.publish('articles', article(slug, { comments: 'closed' }))
    for (const path of [
      `/${slug}/`,
      '/',
      '/datenschutz/',
      '/search/?q=Absatz',
      '/gibt-es-nicht/',
      '/desk/sign-in/',
    ]) {
      const response = await site.fetch(path)
      expect(policyOf(response), path).not.toContain(turnstile.url)
      expect(policyOf(response), path).not.toMatch(/frame-src (?!'self';)/)
      expect(await response.text(), path).not.toContain('class="turnstile"')
    }
  })

  test('of Cloudflare’s own widget allows challenges.cloudflare.com', async () => {
    await site.publish('site', settings({ comments: { turnstile: { siteKey: SITE_KEY } } }))
    const response = await site.fetch(`/${slug}/`)
    expect(policyOf(response)).toContain("script-src 'self' https://challenges.cloudflare.com;")
    expect(policyOf(response)).toContain("frame-src 'self' https://challenges.cloudflare.com;")
    expect(new Dom(await response.text()).attribute('.turnstile', 'dataScript')).toBe(
      'https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit',
    )
    await policy()
  })
})

describe('the privacy page', () => {
  const file = new URL('../../content/pages/datenschutz.md', import.meta.url)
  const [, , body = ''] = readFileSync(file, 'utf8').split(/^---$/m)
  const said = async () => new Dom(await site.page('/datenschutz/')).text('.body')

  test('says what goes to Cloudflare while Turnstile is on, and nothing of it while it is off', async () => {
    await site.publish('pages', page('datenschutz', 'Datenschutz', body))
    const on = await said()
    expect(on).toContain('sozialer Netzwerke. Eine Ausnahme gibt es im Kommentarformular')
    expect(on).toContain('Gegen Spam setzen wir Turnstile von Cloudflare ein (127.0.0.1).')
    expect(on).toContain('Cloudflare ist auch Empfänger')
    await site.publish('site', settings())
    const off = await said()
    expect(off).not.toMatch(/Turnstile|\[\[/)
    expect(off).toContain('sozialer Netzwerke. Es gibt kein Tracking')
    await policy()
  })

  test('in its own words has what it names, and nothing else is touched', async () => {
    const text = '[[services.used]]\n\nDavor [[services.loads]] danach [[services.x]].'
    await site.publish('site', settings({ comments: { turnstile: { siteKey: SITE_KEY } } }))
    await site.publish('pages', page('datenschutz', 'Datenschutz', text))
    const [used, loads] = new Dom(await site.page('/datenschutz/')).texts('.body p')
    expect(used).toMatch(
      /^Gegen Spam setzen wir Turnstile von Cloudflare ein \(challenges\.cloudflare\.com\)/,
    )
    expect(loads).toMatch(/^Davor Eine Ausnahme .* danach \[\[services\.x\]\]\.$/)
    await policy()
  })
})

describe('settings', () => {
  const problem = async (turnstile: unknown) => {
    const { frontMatter } = settings({ comments: { turnstile } })
    const response = await site.api('PUT', 'site/site', { frontMatter })
    return { status: response.status, text: await response.text() }
  }
  test.each([
    [{}, 'siteKey'],
    [{ siteKey: 'mit Leerzeichen' }, 'öffentliche Schlüssel'],
    [{ siteKey: 'a', secret: 'geheim' }, 'secret'],
    [{ siteKey: 'a', verify: 'http://beispiel.de/verify' }, 'https://'],
    [{ siteKey: 'a', verify: 'http://localhost.boese.example/' }, 'https://'],
    [{ siteKey: 'a', script: "https://beispiel.de/; script-src 'unsafe-inline'" }, 'https://'],
  ])('%j are refused', async (turnstile, said) => {
    const { status, text } = await problem(turnstile)
    expect(status).toBe(422)
    expect(text).toContain(said)
  })
})

describe('with all of it off', () => {
  test('nothing leaves the site, whatever readers and the newsroom do', async () => {
    const quiet = await TestSite.open()
    try {
      await publishNewsroom(quiet, article('artikel'))
      const anna = await Colleague.open(quiet, 'admin', { name: 'Anna', verified: inSeconds(0) })
      const id = commentIdIn(await quiet.comment('artikel', { benachrichtigen: '1' }, {}, { settle: true }))
      await quiet.comment('artikel', { absicht: 'vorschau' })
      await quiet.comment('artikel', { text: 'Noch einer https://beispiel.de/' })
      await anna.post('/desk/comments/', { one: `approve ${id}.1` }, {}, { settle: true })
      await anna.post('/desk/comments/', { one: `spam ${id}.2` }, {}, { settle: true })
      for (const path of [
        '/',
        '/artikel/',
        '/datenschutz/',
        '/search/?q=Absatz',
        '/feed/',
        '/sitemap.xml',
        '/healthz',
      ])
        await quiet.page(path)
      await quiet.runScheduled('* * * * *')
      await quiet.runScheduled()
      const last = await quiet.fetch('/artikel/')
      expect(askedBy(last)).toEqual([])
      expect(last.headers.get('content-security-policy')).not.toMatch(/https?:|frame-src (?!'self';)/)
    } finally {
      await quiet.close()
    }
  })

  test('and the instrument that says so would see it', async () => {
    await write(turnstile.issue())
    expect(askedBy(await site.fetch('/healthz'))).toContain(turnstile.settings.verify)
  })
})
