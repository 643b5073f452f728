import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dom } from '../support/dom.ts'
import { article, publishNewsroom } from '../support/fixture.ts'
import { COMMENT, commentIdIn, freshAddress, TestSite } from '../support/site.ts'

let site: TestSite

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site, article('artikel'), article('anderer'), article('doppelt'))
})
afterAll(() => site.close())

/** Asserts that a refused comment came back with its text, and says why. */
async function expectTextKept(response: Response, text: string, reason: string): Promise<Dom> {
  const page = new Dom(await response.text())
  expect(page.value('text')).toBe(text)
  expect(page.value('name')).toBe(COMMENT.name)
  expect(page.value('email')).toBe(COMMENT.email)
  expect(page.text('.error-summary')).toContain(reason)
  return page
}

describe('the form’s token', () => {
  test('that is too young gets 429, a moment to wait and the text back', async () => {
    const token = await site.token('artikel', 0)
    const response = await site.comment('artikel', { token })
    expect(response.status).toBe(429)
    expect(response.headers.get('retry-after')).toBe('2')
    const page = await expectTextKept(response, COMMENT.text, 'Das ging sehr schnell.')
    expect(page.value('token')).toBe(token) // so that it is old enough the second time
  })

  test('older than two days gets 422, a new token and the text back', async () => {
    const response = await site.comment('artikel', { token: await site.token('artikel', 49 * 3600) })
    expect(response.status).toBe(422)
    const page = await expectTextKept(response, COMMENT.text, 'Die Seite war lange offen.')
    const now = new Date(Date.now() + 3000).toISOString()
    const again = await site.comment(
      'artikel',
      { token: page.value('token'), text: 'Noch einmal.' },
      {},
      { now },
    )
    expect(again.status).toBe(303)
  })

  test('may be as old as a page that lay in a cache for a day and was open for another', async () => {
    const response = await site.comment('artikel', {
      token: await site.token('artikel', 47 * 3600),
      text: 'Spät.',
    })
    expect(response.status).toBe(303)
  })

  test('of another article, a forged one or none is refused with the text kept', async () => {
    const genuine = await site.token('artikel')
    const bad = [
      await site.token('anderer'),
      '',
      'x',
      genuine.slice(0, -1),
      `${genuine}x`,
      genuine.replace(/^./, (first) => (first === 'a' ? 'b' : 'a')),
      genuine.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
      `${Math.floor(Date.now() / 1000).toString(36)}.${'A'.repeat(22)}`,
    ]
    const before = (await site.comments()).length
    for (const token of bad) {
      const response = await site.comment('artikel', { token, text: `Mit ${token}` })
      expect(response.status, token).toBe(422)
      await expectTextKept(response, `Mit ${token}`, 'Die Seite war lange offen.')
    }
    expect(await site.comments()).toHaveLength(before)
  })

  test('on the page itself is one that is taken', async () => {
    const token = new Dom(await site.page('/artikel/')).value('token')
    const now = new Date(Date.now() + 5000).toISOString()
    const response = await site.comment('artikel', { token, text: 'Von der Seite.' }, {}, { now })
    expect(response.status).toBe(303)
  })
})

describe('from one connection', () => {
  test('more than five comments a minute on one article get 429 and their text back (the platform’s limiter)', async () => {
    const headers = { 'cf-connecting-ip': freshAddress() }
    const responses: Response[] = []
    // Twelve, because its minute may end in between.
    for (let n = 0; n < 12; n++)
      responses.push(await site.comment('artikel', { text: `Nummer ${n}` }, headers))
    expect(responses.slice(0, 5).map(({ status }) => status)).toEqual([303, 303, 303, 303, 303])
    const refused = responses.findIndex(({ status }) => status === 429)
    expect(refused).toBeGreaterThanOrEqual(5)
    expect(responses[refused]?.headers.get('retry-after')).toBe('60')
    await expectTextKept(responses[refused] ?? new Response(), `Nummer ${refused}`, 'gerade viele Kommentare')
    expect((await site.comments('artikel')).filter(({ text }) => text === `Nummer ${refused}`)).toEqual([])
    const elsewhere = await site.comment('anderer', { text: 'Auf einem anderen Artikel.' }, headers)
    expect(elsewhere.status).toBe(303)
    expect((await site.comment('artikel', { text: 'Von einem anderen Anschluss.' })).status).toBe(303)
  })

  test('the same holds where D1 counts because no limiter is bound', async () => {
    const headers = { 'cf-connecting-ip': freshAddress() }
    const at = (seconds: number) => ({
      now: new Date(Date.UTC(2040, 0, 1, 12, 0, seconds)).toISOString(),
      noLimiter: true,
    })
    for (let n = 0; n < 5; n++) {
      expect((await site.comment('artikel', { text: `Gezählt ${n}` }, headers, at(n))).status).toBe(303)
    }
    const refused = await site.comment('artikel', { text: 'Der sechste.' }, headers, at(30))
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('60')
    await expectTextKept(refused, 'Der sechste.', 'gerade viele Kommentare')
    expect((await site.comment('anderer', { text: 'Anderswo.' }, headers, at(31))).status).toBe(303)
    expect((await site.comment('artikel', { text: 'Wer anders.' }, {}, at(32))).status).toBe(303)
    expect((await site.comment('artikel', { text: 'Der sechste.' }, headers, at(60))).status).toBe(303)
  })

  test('D1 counts each of many that come at the same time', async () => {
    const headers = { 'cf-connecting-ip': freshAddress() }
    const instruments = { now: '2040-02-01T12:00:00Z', noLimiter: true }
    const responses = await Promise.all(
      Array.from({ length: 15 }, (_, n) =>
        site.comment('artikel', { text: `Gleichzeitig ${n}` }, headers, instruments),
      ),
    )
    const statuses = responses.map(({ status }) => status).sort()
    expect(statuses).toEqual([...Array(5).fill(303), ...Array(10).fill(429)])
  })

  test('the counters know no address', async () => {
    const { results } = await site.env.DB.prepare('SELECT key FROM rate_limit').all()
    expect(results.length).toBeGreaterThan(0)
    for (const { key } of results) expect(String(key)).toMatch(/^[\w-]{22} [a-z0-9-]+$/)
  })
})

describe('the same comment', () => {
  test('sent ten times at once is stored once, and everybody is led to it', async () => {
    const token = await site.token('doppelt')
    const responses = await Promise.all(
      Array.from({ length: 10 }, () => site.comment('doppelt', { token, text: 'Doppelt geklickt.' })),
    )
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([303]))
    const locations = new Set(responses.map(({ headers }) => headers.get('location')))
    expect(locations.size).toBe(1)
    const stored = await site.comments('doppelt')
    expect(stored).toHaveLength(1)
    expect([...locations][0]).toContain(`#kommentar-${stored[0]?.id}`)
  })

  test('sent again an hour later leads to the one that is there', async () => {
    const first = commentIdIn(await site.comment('doppelt', { text: 'Zurück und noch einmal.' }))
    const now = new Date(Date.now() + 3_600_000).toISOString()
    const again = await site.comment('doppelt', { text: ' Zurück und noch einmal. \r\n' }, {}, { now })
    expect(commentIdIn(again)).toBe(first)
  })

  test('sent again on the next day is another one', async () => {
    const first = commentIdIn(await site.comment('doppelt', { text: 'Guten Morgen!' }))
    const now = new Date(Date.now() + 25 * 3_600_000).toISOString()
    const next = commentIdIn(await site.comment('doppelt', { text: 'Guten Morgen!' }, {}, { now }))
    expect(next).toBeGreaterThan(first)
  })

  test('by somebody else, or on another article, is another one', async () => {
    const ids = [
      await site.comment('doppelt', { text: 'Danke!' }),
      await site.comment('doppelt', { text: 'Danke!', email: 'jemand@beispiel.de' }),
      await site.comment('doppelt', { text: 'Danke!', name: 'Jemand' }),
      await site.comment('anderer', { text: 'Danke!' }),
    ].map(commentIdIn)
    expect(new Set(ids).size).toBe(4)
  })

  test('that was sent again after the newsroom refused it stays refused', async () => {
    const id = commentIdIn(await site.comment('doppelt', { text: 'Unerwünscht.' }))
    await site.api('POST', `comments/${id}`, { status: 'trash' })
    const again = commentIdIn(await site.comment('doppelt', { text: 'Unerwünscht.' }))
    expect(again).toBe(id)
    expect((await site.comments('doppelt')).filter(({ text }) => text === 'Unerwünscht.')).toHaveLength(1)
  })
})
