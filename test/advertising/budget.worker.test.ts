import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { article, campaign, publishNewsroom } from '../support/fixture.ts'
import { freshAddress, TestSite } from '../support/site.ts'

/** How the ledger, the isolates and KV keep a budget together. What chances there should be, pace.unit.test.ts simulates. */

let site: TestSite
beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site, article('artikel'))
  await site.env.DB.exec(
    `INSERT INTO ad_day (campaign, day, served, loaded, clicks) VALUES ('voll', '2026-01-01', 20000, 9000, 10);
     INSERT INTO ad_hour (campaign, hour, served, loaded, clicks) VALUES ('voll', '2026-02-01T10', 2000, 1000, 1)`,
  )
  const budget = { views: 10_000 }
  await site.publish(
    'ads',
    campaign('voll', { budget, pacing: 'fast', weight: 100 }),
    campaign('frisch', { budget, pacing: 'fast' }),
    campaign('haus', { priority: 'house' }),
    ...['nordlicht', 'suedwind'].map((id) => campaign(id, { state: 'paused' })),
  )
})
afterAll(() => site.close())

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

/** The campaigns on a view of the page; what it counted has come to the ledger. */
async function seen(): Promise<string[]> {
  const response = await site.fetch(
    '/artikel/',
    { headers: { 'user-agent': BROWSER, 'cf-connecting-ip': freshAddress() } },
    { settle: true },
  )
  const page = await response.text()
  return [...page.matchAll(/href="\/go\/([\w-]+)\?/g)].map(([, id = '']) => id)
}

describe('a budget', () => {
  test('that is spent ends the campaign, in favour of others that are sold', async () => {
    await vi.waitUntil(async () => (await seen()) && (await site.env.KV.get('chances')) !== null, {
      timeout: 20_000,
      interval: 100,
    })
    await seen() // brings an answer home
    for (let view = 0; view < 20; view++) expect(await seen()).toEqual(['frisch'])
  })

  test('is known to an isolate that has just started, because the ledger has left word in KV', async () => {
    expect(JSON.parse((await site.env.KV.get('chances')) ?? '')).toEqual({ voll: 0, frisch: 1 })
  })

  test('that is raised begins again', async () => {
    await site.publish('ads', campaign('voll', { budget: { views: 1e6 }, pacing: 'fast', weight: 100 }))
    await vi.waitUntil(async () => (await seen()).includes('voll'), { timeout: 60_000, interval: 200 })
  })
})

describe('the room that there was for ads', () => {
  test('is kept by day, place and section: what was offered, filled, and loaded', async () => {
    const all = ['voll', 'frisch', 'haus']
    await site.publish('ads', ...all.map((id) => campaign(id, { state: 'paused' })))
    await site.deliver()
    await site.env.DB.exec('DELETE FROM ad_shelf')
    for (let view = 0; view < 3; view++) expect(await seen()).toEqual([])
    await site.publish('ads', campaign('haus', { priority: 'house' }))
    for (let view = 0; view < 2; view++) expect(await seen()).toEqual(['haus'])
    await site.deliver()
    const { results } = await site.env.DB.prepare(
      'SELECT placement, section, sum(offered) AS offered, sum(served) AS served, sum(loaded) AS loaded FROM ad_shelf GROUP BY 1, 2',
    ).all()
    expect(results).toContainEqual({
      placement: 'in-article',
      section: 'wirtschaft',
      offered: 5,
      served: 2,
      loaded: 0,
    })
    expect(
      (await site.env.DB.prepare(`SELECT count(*) AS n FROM ad_hour WHERE campaign = ''`).first())?.n,
    ).toBe(0)
  })
})
