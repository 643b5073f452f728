import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Colleague } from '../support/desk.ts'
import { Dom } from '../support/dom.ts'
import { campaign, publishNewsroom } from '../support/fixture.ts'
import { rowsReadBy, TestSite } from '../support/site.ts'

/** What is likely to come: the room for ads, how far campaigns will get, and where more is sold than there is. */

let site: TestSite
let editor: Colleague
beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site)
  editor = await Colleague.open(site, 'editor')
})
afterAll(() => site.close())

const DAY = 86_400_000
const day = (offset: number) => new Date(Date.now() + offset * DAY).toISOString().slice(0, 10)

/** Four weeks in which the site had so much room a day, of which half was filled and four in five of those loaded. */
async function wasRead(perDay: number): Promise<void> {
  await site.env.DB.exec('DELETE FROM ad_shelf')
  const insert = site.env.DB.prepare(
    'INSERT INTO ad_shelf (day, placement, section, offered, served, loaded) VALUES (?, ?, ?, ?, ?, ?)',
  )
  await site.env.DB.batch(
    Array.from({ length: 30 }, (_, index) => [
      insert.bind(day(-index), 'in-article', 'wirtschaft', perDay, perDay / 2, 0.4 * perDay),
      insert.bind(day(-index), 'front-top', '', perDay / 10, 0, 0),
    ]).flat(),
  )
}
/** Sells a campaign that has run for a week and goes on for two, and was viewed so often every day. */
async function sold(id: string, views: number, perDay: number, more: Record<string, unknown> = {}) {
  await site.publish(
    'ads',
    campaign(id, { name: `Kampagne ${id}`, start: day(-8), end: day(14), budget: { views }, ...more }),
  )
  const insert = site.env.DB.prepare(
    "INSERT INTO ad_day (campaign, day, placement, served, loaded, clicks) VALUES (?, ?, 'in-article', ?, ?, 1)",
  )
  await site.env.DB.batch(
    Array.from({ length: 8 }, (_, index) => insert.bind(id, day(-index - 1), perDay * 2, perDay)),
  )
}
const page = async () => new Dom(await editor.page('/desk/ads/outlook/'))

describe('the outlook', () => {
  test('says that nothing is known where nothing was counted and nothing is sold', async () => {
    const text = (await page()).text('main')
    expect(text).toContain('Noch ist nichts gezählt.')
    expect(text).toContain('Zurzeit ist keine Kampagne mit einem Budget verkauft.')
    expect(text).not.toContain('Mehr verkauft als Platz')
  })

  test('says what room there will be, by placement and section, as views', async () => {
    await wasRead(1000)
    const rows = (await page()).texts('tbody tr')
    expect(rows.map((row) => row.replace(/\s+/g, ' '))).toEqual([
      expect.stringMatching(/^im Artikel ?Wirtschaft ?5\.600 ?800$/),
      expect.stringMatching(/^oben auf der Startseite ?ohne Ressort ?700 ?100$/),
    ])
    expect((await page()).text('main')).toContain('überall Platz für das Verkaufte')
  })

  test('says how far campaigns will get, also in the list', async () => {
    await wasRead(100_000)
    await sold('reicht', 23_000, 1000)
    await sold('zu-wenig', 100_000, 1000)
    await sold('bald', 10_000, 1000, { pacing: 'fast' })
    await sold('fertig', 8_000, 1000)
    const text = (await page()).text('main')
    expect(text).toMatch(
      /8\.000 von 23\.000 Aufrufen \(34 %\)\s*Im Plan: reicht voraussichtlich bis zum Ende am/,
    )
    expect(text).toMatch(
      /8\.000 von 100\.000 Aufrufen \(8 %\)\s*Wird voraussichtlich nicht erreicht: Am Ende werden es etwa 2\d\.\d{3} Aufrufe sein/,
    )
    expect(text).toMatch(/8\.000 von 10\.000 Aufrufen \(80 %\)\s*Reicht voraussichtlich bis \d+\./)
    expect(text).toContain('Das Budget ist erreicht.')
    expect(await editor.page('/desk/ads/')).toContain(
      '8.000 von 8.000 Aufrufen (100 %). Das Budget ist erreicht.',
    )
    for (const id of ['reicht', 'zu-wenig', 'bald', 'fertig']) await site.api('DELETE', `ads/${id}`)
  })

  test('names the days on which more is sold than there is, and who is concerned', async () => {
    await wasRead(100)
    await sold('viel', 100_000, 0, { placements: ['in-article'] })
    await sold('auch', 100_000, 0, { placements: ['in-article'] })
    await sold('anderswo', 20, 0, { placements: ['front-top'] })
    const text = (await page()).text('main')
    expect(text).toMatch(/Kampagne (viel|auch), Kampagne (viel|auch)/)
    expect(text).toMatch(/zu haben sind etwa 80\./)
    expect(text).toMatch(/An diesen Tagen: \d+\. \S+ 20\d\d – \d+\. \S+ 20\d\d/)
    expect((await page()).texts('.desk-list li')).toHaveLength(1)
  })

  test('reads as many rows as there are days and places, however many campaigns were counted', async () => {
    const rows = async () => rowsReadBy(await editor.get('/desk/ads/outlook/'))
    const before = await rows()
    const insert = site.env.DB.prepare(
      "INSERT INTO ad_day (campaign, day, loaded) VALUES (?, '2026-01-01', 1)",
    )
    await site.env.DB.batch(Array.from({ length: 500 }, (_, index) => insert.bind(`alt-${index}`)))
    expect(await rows()).toBe(before)
    expect(before).toBeLessThan(300)
  })
})

describe('the API', () => {
  test('says the same with days of the site’s zone', async () => {
    const response = await site.api('GET', 'ads-forecast')
    const { campaigns, conflicts, room } = await response.json<Record<string, unknown[]>>()
    expect(campaigns).toContainEqual({
      ...{ id: 'viel', name: 'Kampagne viel', budget: { views: 100_000 }, end: expect.any(String) },
      counted: { views: 0, clicks: 8 },
      forecast: { reason: 'unused', of: 'views', isShort: true, reachedOn: null, expected: 0 },
    })
    expect(conflicts?.[0]).toMatchObject({
      campaigns: expect.arrayContaining(['viel', 'auch']),
      available: 80,
    })
    expect(room).toHaveLength(7)
  })
})
