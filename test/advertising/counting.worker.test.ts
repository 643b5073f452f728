import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { creative, stored } from '../support/fake-site.ts'
import { article, campaign, publishNewsroom } from '../support/fixture.ts'
import { type Instruments, inSeconds, READ_TOKEN, TestSite } from '../support/site.ts'

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
beforeEach(() => site.env.DB.exec('DELETE FROM ad_count'))

const visit = (path: string, headers: Record<string, string> = {}, instruments: Instruments = {}) =>
  site.fetch(path, { headers: { 'user-agent': BROWSER, ...headers } }, { settle: true, ...instruments })

const counted = async () =>
  (
    await site.env.DB.prepare(
      'SELECT campaign, sum(views) AS views, sum(clicks) AS clicks FROM ad_count GROUP BY 1',
    ).all()
  ).results

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
  test('is one transparent pixel that nobody keeps', async () => {
    const response = await visit('/go/weit.gif')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('image/gif')
    expect(response.headers.get('cache-control')).toBe('no-store')
    const bytes = new Uint8Array(await response.arrayBuffer())
    expect(String.fromCharCode(...bytes.slice(0, 6))).toBe('GIF89a')
    expect([...bytes.slice(6, 10)]).toEqual([1, 0, 1, 0])
    expect(bytes.length).toBeLessThan(50)
  })
})

describe('what is counted', () => {
  test('is every view and every click, per day and campaign', async () => {
    await visit('/go/weit.gif')
    await visit('/go/weit.gif')
    await visit('/go/weit')
    await visit('/go/hier.gif')
    expect(await counted()).toEqual([
      { campaign: 'hier', views: 1, clicks: 0 },
      { campaign: 'weit', views: 2, clicks: 1 },
    ])
  })

  test('loses nothing when many come at once', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, n) => visit(n % 2 ? '/go/weit' : '/go/weit.gif')))
    expect(await counted()).toEqual([{ campaign: 'weit', views: 20, clicks: 20 }])
  })

  test('belongs to the day in the site’s time zone', async () => {
    await visit('/go/weit', {}, { now: '2041-06-30T21:59:59Z' })
    await visit('/go/weit', {}, { now: '2041-06-30T22:00:00Z' })
    const { results } = await site.env.DB.prepare('SELECT day, clicks FROM ad_count ORDER BY day').all()
    expect(results).toEqual([
      { day: '2041-06-30', clicks: 1 },
      { day: '2041-07-01', clicks: 1 },
    ])
  })

  test('is not what only asks for the headers', async () => {
    for (const path of ['/go/weit', '/go/weit.gif']) {
      const head = await site.fetch(
        path,
        { method: 'HEAD', headers: { 'user-agent': BROWSER } },
        { settle: true },
      )
      expect(head.ok || head.status === 302).toBe(true)
    }
    expect(await counted()).toEqual([])
  })

  test.each([
    'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
    'facebookexternalhit/1.1',
    'curl/8.5.0',
    'python-requests/2.32',
    'Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)',
    'GPTBot/1.2',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36',
  ])('is not what says it is a program: %s', async (agent) => {
    expect((await visit('/go/weit', { 'user-agent': agent })).status).toBe(302)
    expect((await visit('/go/weit.gif', { 'user-agent': agent })).status).toBe(200)
    expect(await counted()).toEqual([])
  })

  test.each([
    ['sec-purpose', 'prefetch'],
    ['sec-purpose', 'prefetch;prerender'],
    ['purpose', 'prefetch'],
    ['purpose', 'preview'],
    ['x-moz', 'prefetch'],
  ])('is not what a browser fetches ahead: %s: %s', async (name, value) => {
    expect((await visit('/go/weit', { [name]: value })).status).toBe(302)
    expect((await visit('/go/weit.gif', { [name]: value })).status).toBe(200)
    expect(await counted()).toEqual([])
  })

  test('is nothing about a person', async () => {
    await visit('/go/weit', { 'cf-connecting-ip': '203.0.113.77' })
    const { results } = await site.env.DB.prepare('SELECT * FROM ad_count').all()
    expect(Object.keys(results[0] ?? {})).toEqual(['day', 'campaign', 'views', 'clicks'])
  })
})

describe('when counting fails', () => {
  test('the reader gets where they wanted all the same, and the failure is logged', async () => {
    const response = await visit('/go/weit', {}, { down: ['d1'] })
    expect(response.status).toBe(302)
    expect((await visit('/go/weit.gif', {}, { down: ['d1'] })).status).toBe(200)
    expect(await counted()).toEqual([])
    expect(site.logs.join('\n')).toContain('ad-not-counted')
  })
})

describe('the report', () => {
  test('says views and clicks per day and campaign, with its headline', async () => {
    await visit('/go/weit.gif', {}, { now: '2041-01-01T12:00:00Z' })
    await visit('/go/weit', {}, { now: '2041-01-02T12:00:00Z' })
    await visit('/go/hier.gif', {}, { now: '2041-01-02T12:00:00Z' })
    expect(await (await site.api('GET', 'ads-report')).json()).toEqual({
      items: [
        { day: '2041-01-01', campaign: 'weit', headline: 'Anzeige weit', views: 1, clicks: 0 },
        { day: '2041-01-02', campaign: 'hier', headline: 'Anzeige hier', views: 1, clicks: 0 },
        { day: '2041-01-02', campaign: 'weit', headline: 'Anzeige weit', views: 0, clicks: 1 },
      ],
    })
    const oneDay = await site.api('GET', 'ads-report?from=2041-01-02&to=2041-01-02')
    expect(await oneDay.json()).toMatchObject({ items: [{ campaign: 'hier' }, { campaign: 'weit' }] })
  })

  test('keeps the figures of a campaign that is gone', async () => {
    await site.publish('ads', campaign('kurz'))
    await visit('/go/kurz')
    await site.api('DELETE', 'ads/kurz')
    const report = await (await site.api('GET', 'ads-report')).json()
    expect(report).toMatchObject({ items: [{ campaign: 'kurz', headline: null, clicks: 1 }] })
  })

  test('refuses what is no day, and is for the newsroom only', async () => {
    for (const query of ['from=gestern', 'to=2026-13-01', 'from=2026-1-1']) {
      expect((await site.api('GET', `ads-report?${query}`)).status, query).toBe(400)
    }
    expect((await site.fetch('/api/ads-report')).status).toBe(401)
    expect((await site.api('GET', 'ads-report', undefined, READ_TOKEN)).status).toBe(200)
  })
})
