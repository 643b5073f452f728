import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { insertFigures } from '../support/ad-figures.ts'
import { Colleague } from '../support/desk.ts'
import { campaign, publishNewsroom } from '../support/fixture.ts'
import { inSeconds, READ_TOKEN, rowsReadBy, sqlOf, TestSite } from '../support/site.ts'

/** What a campaign has brought, as who sells it sees it. */

let site: TestSite
let seller: Colleague
const native = (id: string, headline: string) => ({ id, headline })
beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site)
  await site.publish(
    'ads',
    campaign('zwei', {
      name: 'Zwei Motive',
      creatives: [native('a', 'Das erste'), native('b', '<b>Das zweite</b>')].map((one) => ({
        kind: 'native',
        text: 'Ein Text.',
        button: 'Weiter',
        url: 'https://example.com/',
        ...one,
      })),
    }),
    campaign('lang'),
    campaign('leer', { start: '2026-03-01', end: '2026-03-31' }),
  )
  seller = await Colleague.open(site, 'editor')
  await insertFigures(site.env.DB, {
    campaign: 'zwei',
    from: '2026-05-01',
    days: 3,
    hours: 16,
    creatives: ['a', 'b'],
    placements: ['in-article', 'list'],
  })
})
afterAll(() => site.close())

const NOW = '2026-06-15T10:00:00Z'
const page = async (path: string) =>
  (await (await seller.get(path, { now: NOW })).text()).replaceAll('\u00a0', ' ')
/** The words of a page. */
const words = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
const sums = async (where: string) =>
  (await site.env.DB.prepare(
    `SELECT sum(served) AS served, sum(loaded) AS loaded, sum(clicks) AS clicks FROM ad_hour WHERE ${where}`,
  ).first<{ served: number; loaded: number; clicks: number }>()) ?? { served: 0, loaded: 0, clicks: 0 }
const german = (n: number) => n.toLocaleString('de-DE')

test('of which nothing was counted yet says so, for the days of its run', async () => {
  const html = await page('/desk/ads/leer/report/')
  expect(html).toContain('Noch nichts gezählt.')
  expect(html).toMatch(/name="von" value="2026-03-01"/)
  expect(html).toMatch(/name="bis" value="2026-03-31"/)
})

describe('the page', () => {
  test('adds up what was counted since the first day, in figures of the language', async () => {
    const html = await page('/desk/ads/zwei/report/')
    const { served, loaded, clicks } = await sums("campaign = 'zwei'")
    expect(html).toMatch(/name="von" value="2026-05-01"/)
    expect(html).toMatch(/name="bis" value="2026-06-15"/)
    for (const n of [served, loaded, clicks]) expect(words(html)).toContain(german(n))
    expect(words(html)).toMatch(/Klickrate \d,\d\d % \d,\d\d % bis \d,\d\d %/)
  })

  test('shows the days that are asked for, whichever comes first, and nothing of what is no day', async () => {
    const { loaded } = await sums("campaign = 'zwei' AND day = '2026-05-02'")
    for (const asked of ['von=2026-05-02&bis=2026-05-02', 'bis=2026-05-02&von=2026-05-02'])
      expect(words(await page(`/desk/ads/zwei/report/?${asked}`))).toContain(
        `Geladen ${german(loaded)} Im Blick`,
      )
    expect(await page('/desk/ads/zwei/report/?von=2026-05-03&bis=2026-05-02')).toMatch(
      /name="von" value="2026-05-02"/,
    )
    for (const none of ['<script>', '31.', '2026-02-31', '0000-01-01', '9999-12-31', '%00', '1999-12-31'])
      expect(await page(`/desk/ads/zwei/report/?von=${none}&bis=${none}`), none).toMatch(
        /name="von" value="2026-05-01"[\s\S]*name="bis" value="2026-06-15"/,
      )
    expect(await page('/desk/ads/zwei/report/?von=2999-12-31&bis=2999-12-31')).toContain(
      'Noch nichts gezählt',
    )
  })

  test('shows no more than 13 months, the last ones', async () => {
    const html = await page('/desk/ads/zwei/report/?von=2020-01-01&bis=2026-05-30')
    expect(html).toMatch(/name="von" value="2025-05-01"/)
    expect(html).toContain('höchstens 13 Monate')
  })

  test('draws days without script or style of its own, and says in words what it draws', async () => {
    const html = await page('/desk/ads/zwei/report/?von=2026-05-01&bis=2026-05-03')
    expect(html).toMatch(
      /<svg viewBox="0 0 3 100" [^>]*role="img" aria-label="Geladen und im Blick, je Tag: am meisten am /,
    )
    expect(html).toMatch(
      /<path vector-effect="non-scaling-stroke" class="area loaded" d="M0,100(?:V[\d.]+H[123]){3}V100Z"/,
    )
    expect(html).not.toMatch(/ style=|<script(?! type="module" src="\/)/)
  })

  test('names creatives by what is seen of them, as text', async () => {
    const html = await page('/desk/ads/zwei/report/')
    expect(html).toContain('a: Das erste')
    expect(html).toContain('b: &lt;b>Das zweite&lt;/b>')
  })

  test('names no better creative before there is enough, and then how likely it is', async () => {
    expect(words(await page('/desk/ads/zwei/report/?von=2026-05-01&bis=2026-05-01'))).toMatch(
      /Welches Motiv ist besser\? (?:Das lässt sich noch nicht sagen|Ein sicherer Unterschied)/,
    )
    await insertFigures(site.env.DB, {
      campaign: 'lang',
      from: '2025-05-16',
      days: 396,
      hours: 16,
      creatives: ['a', 'b'],
      placements: ['in-article', 'list', 'side'],
    })
    expect(words(await page('/desk/ads/lang/report/'))).toContain(
      '„b“ ist besser: Mit mehr als 99,9 % Wahrscheinlichkeit',
    )
  })

  test('reads of 13 months as many rows as there are days, creatives and placements', async () => {
    const response = await seller.get('/desk/ads/lang/report/?von=2025-05-16&bis=2026-06-15', {
      recordSql: true,
      now: inSeconds(0),
    })
    expect(response.status).toBe(200)
    const rows = await site.env.DB.prepare(
      "SELECT count(*) AS n FROM ad_hour WHERE campaign = 'lang'",
    ).first<{ n: number }>()
    expect(rows?.n).toBe(396 * 16 * 2 * 3 * 2)
    // 6 sums and 9 reasons a day, which are sorted; the session, the campaign and the span besides.
    expect(rowsReadBy(response)).toBeLessThan(396 * (6 + 2 * 9) + 100)
    for (const sql of sqlOf(response).filter((one) => /ad_/.test(one))) {
      const bound = Array(Number(/\?(\d)(?!.*\?\d)/s.exec(sql)?.[1] ?? 0)).fill(null)
      const { results } = await site.env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .bind(...bound)
        .all()
      expect(
        results.filter(({ detail }) => /^SCAN (?!CONSTANT)/.test(String(detail))),
        sql,
      ).toEqual([])
    }
  })

  test('is not there for a campaign that is not', async () => {
    for (const path of ['report/', 'report.csv'])
      expect((await seller.get(`/desk/ads/nirgends/${path}`)).status).toBe(404)
  })
})

describe('the file', () => {
  test('has a line for each day, creative and placement, and the sums of the page', async () => {
    const response = await seller.get('/desk/ads/zwei/report.csv?von=2026-05-01&bis=2026-05-02')
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(response.headers.get('content-disposition')).toBe(
      'attachment; filename="report-zwei-2026-05-01-2026-05-02.csv"',
    )
    const [head, ...lines] = (await response.text()).split('\r\n').map((line) => line.split(','))
    expect(head?.join()).toBe('day,creative,placement,served,loaded,viewable,clicks,filtered')
    expect(lines).toHaveLength(2 * 2 * 2)
    const { loaded, clicks } = await sums("campaign = 'zwei' AND day < '2026-05-03'")
    const sumOf = (column: number) => lines.reduce((sum, line) => sum + Number(line[column]), 0)
    expect([sumOf(4), sumOf(6)]).toEqual([loaded, clicks])
    const html = words(await page('/desk/ads/zwei/report/?von=2026-05-01&bis=2026-05-02'))
    expect(html).toContain(`Geladen ${german(loaded)} Im Blick`)
  })

  test('runs nothing in a spreadsheet', async () => {
    await site.env.DB.prepare(
      `INSERT INTO ad_hour (campaign, hour, day, creative, loaded) VALUES ('leer', '2026-03-02T10', '2026-03-02', '=1+1', 1)`,
    ).run()
    expect(await (await seller.get('/desk/ads/leer/report.csv')).text()).toContain(`2026-03-02,"'=1+1",,0,1`)
  })
})

describe('programs', () => {
  test('get the same, for who may read', async () => {
    const response = await site.api(
      'GET',
      'ads/zwei/report?from=2026-05-01&to=2026-05-02',
      undefined,
      READ_TOKEN,
    )
    expect(response.status).toBe(200)
    const { loaded, clicks } = await sums("campaign = 'zwei' AND day < '2026-05-03'")
    expect(await response.json()).toMatchObject({
      campaign: 'zwei',
      from: '2026-05-01',
      to: '2026-05-02',
      total: { loaded, clicks, clickRate: { rate: clicks / loaded } },
      creatives: [{ creative: 'a' }, { creative: 'b' }],
    })
    expect((await site.fetch('/api/ads/zwei/report')).status).toBe(401)
  })

  test('are told what is no day, and what is no campaign', async () => {
    for (const query of ['from=gestern', 'to=2026-02-31', 'from=9999-12-31'])
      expect((await site.api('GET', `ads/zwei/report?${query}`)).status, query).toBe(400)
    expect((await site.api('GET', 'ads/nirgends/report')).status).toBe(404)
  })

  test('get the figures of a campaign that is gone', async () => {
    await site.publish('ads', campaign('kurz'))
    await site.env.DB.prepare(
      `INSERT INTO ad_hour (campaign, hour, day, loaded) VALUES ('kurz', '2026-03-02T10', '2026-03-02', 7)`,
    ).run()
    await site.api('DELETE', 'ads/kurz')
    expect(await (await site.api('GET', 'ads/kurz/report')).json()).toMatchObject({ total: { loaded: 7 } })
  })
})
