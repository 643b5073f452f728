import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertFigures } from '../support/ad-figures.ts'
import { Colleague } from '../support/desk.ts'
import { campaign, publishNewsroom } from '../support/fixture.ts'
import { TestSite } from '../support/site.ts'

/** An advertiser sees the report of their campaign by a link, and nothing else, until it is revoked. */

let site: TestSite
let seller: Colleague
beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site)
  await site.publish(
    'ads',
    campaign('eigene', { name: 'Die eigene' }),
    campaign('fremde', { name: 'Die fremde' }),
  )
  seller = await Colleague.open(site, 'editor')
  for (const id of ['eigene', 'fremde'])
    await insertFigures(site.env.DB, {
      campaign: id,
      from: '2026-05-01',
      days: 2,
      hours: 4,
      creatives: ['a'],
      placements: ['list'],
    })
})
afterAll(() => site.close())

const DESK = '/desk/ads/eigene/report/'
/** Makes a link at the desk; its path as the page shows it. */
async function makeLink(label = ''): Promise<string> {
  const response = await seller.post(DESK, { label })
  expect(response.status).toBe(200)
  const [, url = ''] = /value="([^"]*\/ads\/report\/[^"]*)"/.exec(await response.text()) ?? []
  return new URL(url).pathname
}
const actions = async () =>
  (
    await site.env.DB.prepare('SELECT action, subject, detail FROM audit ORDER BY id DESC LIMIT 2').all()
  ).results.map(({ action, subject, detail }) => `${action} ${subject} ${detail}`)
const links = async () => (await site.env.DB.prepare('SELECT * FROM ad_link').all()).results

test('a link shows the report and its file, to who is not signed in', async () => {
  const path = await makeLink('Frau Petersen')
  const page = await site.fetch(path)
  expect(page.status).toBe(200)
  expect(page.headers.get('cache-control')).toBe('private, no-store')
  expect(page.headers.get('x-robots-tag')).toBe('noindex')
  expect(page.headers.get('referrer-policy')).toBe('no-referrer')
  const html = await page.text()
  expect(html).toContain('Bericht: Die eigene')
  expect(html).toContain('<meta name="robots" content="noindex"')
  expect(html).not.toMatch(/Die fremde|\/desk\/|Frau Petersen|Widerrufen/)
  const [, csvPath = ''] = /href="([^"]*report\.csv[^"]*)"/.exec(html) ?? []
  const csv = await site.fetch(csvPath.replaceAll('&amp;', '&'))
  expect(csv.headers.get('content-type')).toContain('text/csv')
  expect((await csv.text()).split('\r\n')).toHaveLength(1 + 2)
})

test('it is shown once: nothing that is kept opens the report', async () => {
  const path = await makeLink()
  const key = path.split('/')[3] ?? ''
  expect(key).toMatch(/^[\w-]{43}$/)
  expect(JSON.stringify(await links())).not.toContain(key)
  expect(await (await seller.get(DESK)).text()).not.toContain(key)
})

test('the desk says for whom it is, and on which day it was used last', async () => {
  const path = await makeLink('<b>Kontor</b>')
  expect(await seller.page(DESK)).toMatch(/&lt;b>Kontor&lt;\/b>[\s\S]*?noch nie benutzt/)
  await site.fetch(path, {}, { settle: true })
  const used = (await links()).at(-1)
  expect(used?.used_on).toBe(new Date().toISOString().slice(0, 10))
  expect(await actions()).toContain('create-ad-link ad/eigene {"label":"<b>Kontor</b>"}')
})

test('a link that is revoked, unknown or incomplete opens nothing, and says so kindly', async () => {
  const path = await makeLink()
  const id = Number((await links()).at(-1)?.id)
  // Not by the report of another campaign.
  await seller.post('/desk/ads/fremde/report/', { revoke: String(id) })
  expect((await site.fetch(path)).status).toBe(200)
  const revoked = await seller.post(DESK, { revoke: String(id) })
  expect(revoked.headers.get('location')).toBe(`${DESK}?meldung=linkRevoked`)
  expect(await actions()).toContain(`revoke-ad-link ad/eigene {"link":${id}}`)
  for (const gone of [path, `${path}report.csv`, `/ads/report/${'x'.repeat(43)}/`, '/ads/report/x/']) {
    const response = await site.fetch(gone)
    expect(response.status, gone).toBe(404)
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(await response.text()).toContain('Bitte fragen Sie die Redaktion')
  }
})

test('revoking twice changes nothing and is not in the log twice', async () => {
  const before = await actions()
  const again = await seller.post(DESK, { revoke: '999999' })
  expect(again.headers.get('location')).toBe(`${DESK}?meldung=notSaved`)
  expect(await actions()).toEqual(before)
})

test('a campaign has fifty links at most', async () => {
  await site.env.DB.exec('DELETE FROM ad_link')
  await site.env.DB.prepare(
    `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50)
     INSERT INTO ad_link (hash, campaign, created_at) SELECT printf('%022d', i), 'eigene', '2026-05-01T10:00:00Z' FROM n`,
  ).run()
  const refused = await seller.post(DESK, { label: '' })
  expect(refused.headers.get('location')).toBe(`${DESK}?meldung=notLink`)
  expect(await links()).toHaveLength(50)
})

test('nothing leads to it: neither sitemaps nor robots.txt name it', async () => {
  for (const path of ['/sitemap.xml', '/sitemap-pages.xml', '/robots.txt'])
    expect(await (await site.fetch(path)).text()).not.toContain('ads/report')
})
