import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addBatch } from '../../src/ad/store.ts'
import { type AdView, cmacOf, creativeHash, hashOf } from '../../src/ad/token.ts'
import { tokenKey, tokenText } from '../support/ad-token.ts'
import { creative, stored } from '../support/fake-site.ts'
import { article, campaign, publishNewsroom } from '../support/fixture.ts'
import { freshAddress, type Instruments, inSeconds, READ_TOKEN, SECRET, TestSite } from '../support/site.ts'

let site: TestSite
const BROWSER =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site, article('artikel'))
  await site.publish(
    'ads',
    campaign('weit', {}, { url: 'https://example.com/ziel?a=1&b=2#teil' }),
    campaign('hier', {}, { url: '/impressum/' }),
    campaign('vorbei', { end: '2020-01-01' }),
  )
})
afterAll(() => site.close())
beforeEach(async () => {
  await site.deliver()
  await site.env.DB.exec('DELETE FROM ad_hour;DELETE FROM ad_day;DELETE FROM ad_filtered')
})

/** Asks as a browser does, from an address of its own unless one is given. */
const visit = (path: string, headers: Record<string, string> = {}, instruments: Instruments = {}) =>
  site.fetch(
    path,
    { headers: { 'user-agent': BROWSER, 'cf-connecting-ip': freshAddress(), ...headers } },
    instruments,
  )

const key = await tokenKey(SECRET)
/** The token of a view, as the page would have carried it. */
const token = (name: string, ageSeconds = 60, more: Partial<AdView> = {}, now = new Date()) =>
  tokenText(key, name, {
    mintedAt: Math.floor(now.getTime() / 1000) - ageSeconds,
    creative: creativeHash('a'),
    placement: 'in-article',
    section: hashOf('wirtschaft'),
    country: 'DE',
    device: 'phone',
    ...more,
  })

type Kind = 'loaded' | 'viewable' | 'clicks'
/** Reports one of the three of a view. */
function report(
  kind: Kind,
  name: string,
  of = token(name),
  headers: Record<string, string> = {},
  instruments: Instruments = {},
) {
  const path = { loaded: `/go/${name}.gif`, viewable: `/go/${name}/seen`, clicks: `/go/${name}` }[kind]
  const all = { 'user-agent': BROWSER, 'cf-connecting-ip': freshAddress(), ...headers }
  const method = kind === 'viewable' ? 'POST' : 'GET'
  return site.fetch(`${path}?v=${of}`, { method, headers: all }, instruments)
}
const KINDS = ['loaded', 'viewable', 'clicks'] as const

/** The sums in D1, per campaign: served, loaded, viewable, clicks, filtered. */
async function counted(): Promise<Record<string, number[]>> {
  await site.deliver()
  const { results } = await site.env.DB.prepare(
    `SELECT campaign, sum(served) a, sum(loaded) b, sum(viewable) c, sum(clicks) d, sum(filtered) e
     FROM ad_hour GROUP BY 1`,
  ).all<{ campaign: string; a: number; b: number; c: number; d: number; e: number }>()
  return Object.fromEntries(results.map(({ campaign, a, b, c, d, e }) => [campaign, [a, b, c, d, e]]))
}

/** Why something was filtered. */
async function reasons(): Promise<string[]> {
  const { results } = await site.env.DB.prepare(
    "SELECT kind || ' ' || reason || ' ' || sum(n) AS said FROM ad_filtered GROUP BY kind, reason ORDER BY 1",
  ).all<{ said: string }>()
  return results.map(({ said }) => said)
}

describe('a click', () => {
  test('leads to the campaign’s own address, for now', async () => {
    const response = await visit('/go/weit')
    expect(response.status).toBe(302)
    expect(response.headers.get('location')).toBe('https://example.com/ziel?a=1&b=2#teil')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('x-robots-tag')).toBe('noindex')
  })

  test('may lead to a page of this site', async () => {
    expect((await visit('/go/hier')).headers.get('location')).toBe('/impressum/')
  })

  test('still leads there when the campaign is over: the reader’s page may be older', async () => {
    expect((await visit('/go/vorbei')).status).toBe(302)
  })

  test('on no campaign is a 404', async () => {
    for (const path of ['/go/niemand', '/go/niemand.gif', '/go/', '/go/weit/mehr', '/go/WEIT']) {
      expect((await visit(path)).status, path).toBe(404)
    }
  })

  test('leads nowhere else, whatever is written into the address', async () => {
    const tricks = [
      '/go/weit?url=https://evil.example/',
      '/go/weit?to=//evil.example',
      '/go/weit?url=//evil.example&url=https://evil.example',
      '/go/weit#https://evil.example',
      '/go/https:%2f%2fevil.example',
      '/go/%2f%2fevil.example',
      '/go/weit%0d%0aLocation:%20https://evil.example',
      '/go/weit@evil.example',
      '/go/weit?v=https://evil.example',
      '/go/weit?c=b&v=//evil.example',
      '/go/weit%00',
      '/go/weit/..%2f..%2f%2fevil.example',
      '/go//evil.example',
    ]
    for (const path of tricks) {
      const response = await visit(path, {
        referer: 'https://evil.example/',
        'x-forwarded-host': 'evil.example',
      })
      const location = response.headers.get('location')
      if (location === null) expect(response.status, path).toBe(404)
      else expect(location, path).toBe('https://example.com/ziel?a=1&b=2#teil')
    }
  })

  test('works on an ad that another isolate has just published', async () => {
    await visit('/go/weit')
    const ads: unknown[] = JSON.parse((await site.env.KV.get('ads')) ?? '[]')
    const fresh = stored('frisch', { creatives: [creative('a', { url: 'https://example.com/frisch' })] })
    await site.env.KV.put('ads', JSON.stringify([...ads, fresh]))
    const response = await visit('/go/frisch', {}, { now: inSeconds(31) })
    expect(response.headers.get('location')).toBe('https://example.com/frisch')
  })
})

describe('the picture that counts a view', () => {
  test('is none: nothing is sent, and nobody keeps it', async () => {
    const response = await visit('/go/weit.gif')
    expect(response.status).toBe(204)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.text()).toBe('')
  })
})

describe('what is counted', () => {
  test('is each of the three, for where the view was', async () => {
    const of = token('weit')
    for (const kind of KINDS) await report(kind, 'weit', of)
    expect(await counted()).toEqual({ weit: [0, 1, 1, 1, 0] })
    const { results } = await site.env.DB.prepare('SELECT * FROM ad_hour').all()
    expect(results).toEqual([
      expect.objectContaining({
        campaign: 'weit',
        creative: 'a',
        placement: 'in-article',
        section: 'wirtschaft',
        country: 'DE',
        device: 'phone',
        hour: new Date().toISOString().slice(0, 13),
      }),
    ])
  })

  test('is an ad that was written into a page, without a write for the page', async () => {
    const before = (await counted()).weit
    expect(before).toBeUndefined()
    for (let view = 0; view < 5; view++) {
      const page = await visit('/artikel/')
      expect(page.headers.get('x-probe-writes')).toBe('{"kv":0,"d1":0}')
    }
    const all = Object.values(await counted())
    expect(all.reduce((sum, [served = 0]) => sum + served, 0)).toBe(5)
    expect(all.flatMap((numbers) => numbers.slice(1)).every((number) => number === 0)).toBe(true)
  })

  test('loses nothing when many come at once', async () => {
    await Promise.all(Array.from({ length: 60 }, (_, n) => report(KINDS[n % 3] ?? 'loaded', 'weit')))
    expect(await counted()).toEqual({ weit: [0, 20, 20, 20, 0] })
  })

  test('is counted once, however often it is reported: the rest is named as doubled', async () => {
    const of = token('weit')
    await Promise.all(KINDS.flatMap((kind) => [1, 2, 3].map(() => report(kind, 'weit', of))))
    expect(await counted()).toEqual({ weit: [0, 1, 1, 1, 6] })
    expect(await reasons()).toEqual(['clicks double 2', 'loaded double 2', 'viewable double 2'])
  })

  test('is nothing that carries no token, a forged, an old or a future one, or one of another campaign', async () => {
    const good = token('weit')
    const bad = {
      none: '',
      forged: `${good.slice(0, 20)}AAAAAAAA`,
      'of another campaign': token('hier'),
      'of another site': tokenText(cmacOf(new Uint8Array(16)), 'weit', {
        mintedAt: Math.floor(Date.now() / 1000),
        creative: creativeHash('a'),
        placement: 'list',
        section: 0,
        country: null,
        device: null,
      }),
      'a day old': token('weit', 24 * 3600 + 5),
      'from the future': token('weit', -120),
    }
    for (const [what, of] of Object.entries(bad)) {
      for (const kind of KINDS) {
        const response = await report(kind, 'weit', of)
        expect([204, 302], what).toContain(response.status)
        if (kind === 'clicks')
          expect(response.headers.get('location')).toBe('https://example.com/ziel?a=1&b=2#teil')
      }
    }
    expect(await counted()).toEqual({})
  })

  test('is a view for two hours and a click for a day after the page was sent', async () => {
    for (const kind of KINDS) await report(kind, 'weit', token('weit', 3 * 3600))
    expect(await counted()).toEqual({ weit: [0, 0, 0, 1, 0] })
  })

  const publishCreatives = (...ids: readonly string[]) => {
    const made = campaign('mehrere')
    const creatives = ids.map((id) => ({
      kind: 'native',
      id,
      headline: 'H',
      text: 'T',
      button: 'B',
      url: `https://example.com/${id}`,
    }))
    return site.publish('ads', { ...made, frontMatter: { ...made.frontMatter, creatives } })
  }
  const tokenOf = (id: string) => token('mehrere', 60, { creative: creativeHash(id) })
  const clicked = async () => {
    await site.deliver()
    const { results } = await site.env.DB.prepare('SELECT creative FROM ad_hour WHERE clicks > 0').all()
    return results.map(({ creative }) => creative)
  }

  test('is named by the view: the creative that was shown, and its own address', async () => {
    await publishCreatives('a', 'b')
    const response = await report('clicks', 'mehrere', tokenOf('b'))
    expect(response.headers.get('location')).toBe('https://example.com/b')
    expect((await visit('/go/mehrere')).headers.get('location')).toBe('https://example.com/a')
    expect(await clicked()).toEqual(['b'])
    await site.api('DELETE', 'ads/mehrere')
  })

  test('is still of the creative that was shown when the others have changed since', async () => {
    await publishCreatives('a', 'b', 'c')
    const of = tokenOf('c')
    await publishCreatives('c', 'b')
    const response = await report('clicks', 'mehrere', of)
    expect(response.headers.get('location')).toBe('https://example.com/c')
    expect(await clicked()).toEqual(['c'])
    await site.api('DELETE', 'ads/mehrere')
  })

  test('is the campaign’s, and no other creative’s, when the one that was shown is gone', async () => {
    await publishCreatives('a', 'b')
    const of = tokenOf('b')
    await publishCreatives('a', 'neu')
    const response = await report('clicks', 'mehrere', of)
    expect(response.headers.get('location')).toBe('https://example.com/a')
    expect(await clicked()).toEqual([''])
    await site.api('DELETE', 'ads/mehrere')
  })

  test('is nothing of what only asks for the headers', async () => {
    for (const path of ['/go/weit', '/go/weit.gif', '/artikel/']) {
      const head = await site.fetch(`${path}?v=${token('weit')}`, {
        method: 'HEAD',
        headers: { 'user-agent': BROWSER },
      })
      expect(head.ok || head.status === 302).toBe(true)
    }
    expect(await counted()).toEqual({})
  })

  test.each([
    ['bot', 'user-agent', 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'],
    ['bot', 'user-agent', 'facebookexternalhit/1.1'],
    ['bot', 'user-agent', 'curl/8.5.0'],
    ['bot', 'user-agent', 'python-requests/2.32'],
    ['bot', 'user-agent', 'GPTBot/1.2'],
    [
      'bot',
      'user-agent',
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36',
    ],
    ['prefetch', 'sec-purpose', 'prefetch'],
    ['prefetch', 'sec-purpose', 'prefetch;prerender'],
    ['prefetch', 'purpose', 'prefetch'],
    ['prefetch', 'purpose', 'preview'],
    ['prefetch', 'x-moz', 'prefetch'],
    ['staff', 'cookie', 'andere=1; __Host-desk=irgendwas'],
  ])('is filtered and shown beside it where it is no reader’s: %s (%s: %s)', async (reason, name, value) => {
    const of = token('weit')
    for (const kind of KINDS) {
      const response = await report(kind, 'weit', of, { [name]: value })
      expect([204, 302]).toContain(response.status)
    }
    expect((await visit('/artikel/', { [name]: value })).status).toBe(200)
    const numbers = Object.values(await counted())
    expect(numbers.flatMap((row) => row.slice(0, 4)).every((number) => number === 0)).toBe(true)
    expect(numbers.reduce((sum, row) => sum + (row[4] ?? 0), 0)).toBe(4)
    expect(await reasons()).toEqual(
      ['clicks', 'loaded', 'served', 'viewable'].map((kind) => `${kind} ${reason} 1`),
    )
  })

  test('is a reader’s own view still, after a browser had fetched it ahead', async () => {
    const of = token('weit')
    await report('loaded', 'weit', of, { 'sec-purpose': 'prefetch' })
    await report('loaded', 'weit', of)
    expect(await counted()).toEqual({ weit: [0, 1, 0, 0, 1] })
  })

  test('is nothing about a person', async () => {
    await report('clicks', 'weit', token('weit'), { 'cf-connecting-ip': '203.0.113.77' })
    await site.deliver()
    for (const table of ['ad_hour', 'ad_filtered', 'ad_ledger']) {
      const { results } = await site.env.DB.prepare(`SELECT * FROM ${table}`).all()
      expect(JSON.stringify(results)).not.toContain('203.0.113')
    }
  })
})

describe('a flood', () => {
  test('of more than three clicks on a campaign from one address within an hour counts as one', async () => {
    const from = { 'cf-connecting-ip': '198.51.100.1' }
    for (let click = 0; click < 3; click++) await report('clicks', 'weit', token('weit'), from)
    expect(await counted()).toEqual({ weit: [0, 0, 0, 3, 0] })
    await report('clicks', 'weit', token('weit'), from)
    expect(await counted()).toEqual({ weit: [0, 0, 0, 1, 3] })
    await report('clicks', 'weit', token('weit'), from)
    await report('clicks', 'hier', token('hier'), from)
    await report('clicks', 'weit', token('weit'))
    expect(await counted()).toEqual({ weit: [0, 0, 0, 2, 4], hier: [0, 0, 0, 1, 0] })
    expect(await reasons()).toEqual(['clicks rate 4'])
  })

  test('of more than ten clicks a minute counts those ten at most, on whatever campaigns', async () => {
    const names = ['eins', 'zwei', 'drei', 'vier', 'fuenf', 'sechs'].map((name) => `flut-${name}`)
    await site.publish('ads', ...names.map((name) => campaign(name)))
    const from = { 'cf-connecting-ip': '198.51.100.2' }
    for (let click = 0; click < 18; click++) {
      const name = names[click % names.length] ?? ''
      await report('clicks', name, token(name), from)
    }
    const sums = Object.values(await counted())
    expect(sums.reduce((sum, row) => sum + (row[3] ?? 0), 0)).toBe(10)
    expect(sums.reduce((sum, row) => sum + (row[4] ?? 0), 0)).toBe(8)
    for (const name of names) await site.api('DELETE', `ads/${name}`)
  })

  test('of more than 300 views a minute from one address counts those 300 of each kind', {
    timeout: 90_000,
  }, async () => {
    const from = { 'cf-connecting-ip': '198.51.100.4' }
    // All of them in one minute.
    const left = 60_000 - (Date.now() % 60_000)
    if (left < 30_000) await new Promise((resolve) => setTimeout(resolve, left))
    for (let sent = 0; sent < 310; sent += 31)
      await Promise.all(
        Array.from({ length: 31 }, async () => {
          const of = token('weit')
          await Promise.all([report('loaded', 'weit', of, from), report('viewable', 'weit', of, from)])
        }),
      )
    await report('loaded', 'weit')
    expect(await counted()).toEqual({ weit: [0, 301, 300, 0, 20] })
    expect(await reasons()).toEqual(['loaded rate 10', 'viewable rate 10'])
  })

  test('of 10,000 clicks from one address counts as one, and the page stays up', {
    timeout: 400_000,
  }, async () => {
    const from = { 'cf-connecting-ip': '198.51.100.3' }
    for (let sent = 0; sent < 10_000; sent += 100) {
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => report('clicks', 'weit', token('weit'), from)),
      )
      expect(answers.every(({ status }) => status === 302)).toBe(true)
      if (sent % 2000 === 0) expect((await visit('/artikel/')).status).toBe(200)
    }
    expect((await counted()).weit?.slice(3)).toEqual([1, 9999])
  })
})

describe('when counting fails', () => {
  test('the ledger: page and redirect work, and the log says what was not counted', async () => {
    const down: Instruments = { down: ['ledger'], settle: true }
    expect((await visit('/artikel/', {}, down)).status).toBe(200)
    const statuses = await Promise.all(
      KINDS.map(async (kind) => (await report(kind, 'weit', token('weit'), {}, down)).status),
    )
    expect(statuses).toEqual([204, 204, 302])
    expect(await counted()).toEqual({})
    const lines = site.logs.filter((line) => line.includes('ad-not-counted'))
    const sum = (kind: string) =>
      lines.reduce((total, line) => total + Number(JSON.parse(line)[kind] ?? 0), 0)
    expect(['served', ...KINDS].map(sum)).toEqual([1, 1, 1, 1])
    expect(lines.join()).not.toContain('v=')
  })

  test('D1: everything is taken, and comes when D1 is there again', async () => {
    await site.fetch('/healthz', {}, { settle: true })
    for (const kind of KINDS)
      expect((await report(kind, 'weit', token('weit'), {}, { down: ['d1'] })).ok || kind === 'clicks').toBe(
        true,
      )
    expect((await visit('/artikel/', {}, { down: ['d1'] })).status).toBe(200)
    await site.env.DB.exec('ALTER TABLE ad_ledger RENAME TO ad_ledger_away')
    await expect(site.deliver()).rejects.toThrow()
    await site.env.DB.exec('ALTER TABLE ad_ledger_away RENAME TO ad_ledger')
    expect((await counted()).weit?.slice(1)).toEqual([1, 1, 1, 0])
  })

  test('the answer of D1 is lost: what is sent again is not counted again', async () => {
    await report('clicks', 'weit')
    expect((await counted()).weit).toEqual([0, 0, 0, 1, 0])
    const ledger = await site.env.DB.prepare('SELECT id, batch FROM ad_ledger').first<{
      id: string
      batch: number
    }>()
    const place = {
      campaign: 'weit',
      creative: 'a',
      placement: 'in-article',
      section: 'wirtschaft',
      country: 'DE',
      device: 'phone',
    }
    const counts = JSON.stringify([
      {
        ...place,
        hour: new Date().toISOString().slice(0, 13),
        served: 1,
        loaded: 1,
        viewable: 1,
        clicks: 1,
        filtered: 1,
      },
    ])
    const reasons = JSON.stringify([
      { campaign: 'weit', hour: '2026-01-01T00', kind: 'clicks', reason: 'bot', n: 1 },
    ])
    if (!ledger) throw new Error('no batch arrived')
    await addBatch(site.env.DB, ledger.id, { batch: ledger.batch, counts, reasons, shelves: '[]' })
    expect((await counted()).weit).toEqual([0, 0, 0, 1, 0])
  })
})

describe('the report', () => {
  const at = (now: string): [string, Record<string, string>, Instruments] => [
    token('weit', 60, {}, new Date(now)),
    {},
    { now },
  ]

  test('says everything per day of the site’s zone and campaign, with its headline', async () => {
    await report('loaded', 'weit', ...at('2041-06-30T21:59:59Z'))
    await report('viewable', 'weit', ...at('2041-06-30T21:59:59Z'))
    await report('clicks', 'weit', ...at('2041-06-30T22:00:00Z'))
    await site.deliver()
    const row = { campaign: 'weit', headline: 'Anzeige weit', served: 0, filtered: 0 }
    expect(await (await site.api('GET', 'ads-report')).json()).toEqual({
      items: [
        { ...row, day: '2041-06-30', loaded: 1, viewable: 1, clicks: 0 },
        { ...row, day: '2041-07-01', loaded: 0, viewable: 0, clicks: 1 },
      ],
    })
    const oneDay = await site.api('GET', 'ads-report?from=2041-07-01&to=2041-07-01')
    expect(await oneDay.json()).toMatchObject({ items: [{ day: '2041-07-01', clicks: 1 }] })
  })

  test('keeps the figures of a campaign that is gone', async () => {
    await site.publish('ads', campaign('kurz'))
    await report('clicks', 'kurz')
    await site.api('DELETE', 'ads/kurz')
    await site.deliver()
    const report_ = await (await site.api('GET', 'ads-report')).json()
    expect(report_).toMatchObject({ items: [{ campaign: 'kurz', headline: null, clicks: 1 }] })
  })

  test('refuses what is no day, and is for the newsroom only', async () => {
    for (const query of ['from=gestern', 'to=2026-13-01', 'from=2026-1-1']) {
      expect((await site.api('GET', `ads-report?${query}`)).status, query).toBe(400)
    }
    for (const query of ['from=0000-01-01&to=9999-12-31', 'from=2026-02-31'])
      expect((await site.api('GET', `ads-report?${query}`)).status, query).toBe(200)
    expect((await site.fetch('/api/ads-report')).status).toBe(401)
    expect((await site.api('GET', 'ads-report', undefined, READ_TOKEN)).status).toBe(200)
  })
})
