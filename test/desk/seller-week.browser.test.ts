import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { TestBrowser, type Visit } from '../support/browser.ts'
import { Colleague } from '../support/desk.ts'
import { article, campaign, publishNewsroom } from '../support/fixture.ts'
import { TestSite } from '../support/site.ts'

/**
 * A week of who sells: two campaigns that overlap are sold, looked at and run; readers come; one is paused; the report,
 * the advertiser's link and the file say exactly what the browsers have sent.
 */

let site: TestSite
let browser: TestBrowser
let seller: Colleague
beforeAll(async () => {
  ;[site, browser] = await Promise.all([TestSite.open(), TestBrowser.launch()])
  await publishNewsroom(site, article('neu'))
  await site.publish('ads', ...['nordlicht', 'suedwind'].map((id) => campaign(id, { state: 'paused' })))
  seller = await Colleague.open(site, 'editor', { name: 'Selma' })
})
afterAll(() => Promise.all([site?.close(), browser?.close()]))

async function atTheDesk(walk: (page: Page, visit: Visit) => Promise<void>): Promise<void> {
  await browser.visit(site, { isStaff: true }, async (page, visit) => {
    const [name = '', value = ''] = seller.cookie.split('=')
    const url = site.url.replace('http://127.0.0.1', 'https://localhost')
    await visit.context.addCookies([{ name, value, url, secure: true, httpOnly: true, sameSite: 'Strict' }])
    await walk(page, visit)
  })
}

interface Sold {
  advertiser: string
  name: string
  headline: string
  budget: string
  pacing: 'even' | 'fast'
}

/** Sells a campaign for the whole year, at the desk. */
async function sell(page: Page, visit: Visit, sold: Sold): Promise<void> {
  const year = new Date().getUTCFullYear()
  await page.goto(visit.url('/desk/ads/new/'))
  await page.getByLabel('Auftraggeber').fill(sold.advertiser)
  await page.getByLabel('Name der Kampagne').fill(sold.name)
  await page.getByLabel('Stand').selectOption('ready')
  await page.getByLabel('Beginn').fill(`${year}-01-01`)
  await page.getByLabel('Ende').fill(`${year + 1}-12-31`)
  await page.getByLabel('Aufrufe').fill(sold.budget)
  await page.getByLabel('Tempo').selectOption(sold.pacing)
  await page.getByLabel('Überschrift').fill(sold.headline)
  await page.getByLabel('Text', { exact: true }).fill('Wir laden um.')
  await page.getByLabel('Knopf').fill('Mehr')
  await page.getByLabel('Ziel').fill('/impressum/')
  await page.getByLabel('Auftraggeber').press('Enter')
  await page.getByRole('status').getByText('Gespeichert.').waitFor()
}

/** What browsers have sent, by campaign. */
type Kind = 'served' | 'loaded' | 'viewable' | 'clicks'
const sent = new Map<string, Record<Kind, number>>()
function note(id: string, kind: Kind, n = 1): void {
  const counts = sent.get(id) ?? { served: 0, loaded: 0, viewable: 0, clicks: 0 }
  counts[kind] += n
  sent.set(id, counts)
}
const sentOf = (id: string) => sent.get(id) ?? { served: 0, loaded: 0, viewable: 0, clicks: 0 }

/** Somebody reads the article to its ads, and may follow the first of them with a double click. */
async function read(size: 'phone' | 'desktop', clicks: boolean): Promise<void> {
  await browser.visit(site, { size }, async (page, visit) => {
    await page.goto(visit.url('/neu/'))
    const links = page.locator('.ad-link[href^="/go/"]')
    const hrefs = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''))
    for (const href of hrefs) note(idIn(href), 'served')
    for (const link of await links.all()) {
      if (!(await link.isVisible())) continue
      const seen = `/go/${idIn((await link.getAttribute('href')) ?? '')}/seen`
      await link.scrollIntoViewIfNeeded()
      // An ad that is in view from the start may have said so before anybody waits for it.
      await vi.waitUntil(() => visit.asked.some((address) => new URL(address).pathname === seen), {
        timeout: 30_000,
      })
    }
    if (clicks) {
      await links.first().dblclick()
      await page.waitForURL(/\/impressum\/$/)
    }
    for (const address of visit.asked) {
      const { pathname } = new URL(address)
      if (/^\/go\/[\w-]+\.gif$/.test(pathname)) note(idIn(pathname), 'loaded')
      if (/^\/go\/[\w-]+\/seen$/.test(pathname)) note(idIn(pathname), 'viewable')
    }
    if (clicks) note(idIn(hrefs[0] ?? ''), 'clicks')
  })
}
const idIn = (path: string) => /^\/go\/([\w-]+)/.exec(path)?.[1] ?? ''

/** Asks as a browser that wants only the headers: nothing is counted, but the ledger hears that there are readers. */
const knock = () => site.fetch('/neu/', { method: 'HEAD' }, { settle: true })

const figuresOf = (text: string): number[] =>
  ['Ausgeliefert', 'Geladen', 'Im Blick', 'Klicks'].map((name) =>
    Number(new RegExp(`${name}\\s*([\\d.]+)`).exec(text)?.[1]?.replace('.', '') ?? Number.NaN),
  )

test('from the sale to the advertiser’s file', { timeout: 180_000 }, async () => {
  await atTheDesk(async (page, visit) => {
    await sell(page, visit, {
      ...{ advertiser: 'Hafen AG', name: 'Häfen', headline: 'Container ahoi' },
      ...{ budget: '100000', pacing: 'fast' },
    })
    await page.getByRole('link', { name: 'Vorschau auf einer Seite' }).click()
    await page.frameLocator('iframe').getByText('Container ahoi').waitFor()
    await sell(page, visit, {
      ...{ advertiser: 'Kai GmbH', name: 'Kai', headline: 'Frei am Kai' },
      ...{ budget: '100000', pacing: 'fast' },
    })
    await page.goto(visit.url('/desk/ads/calendar/'))
    expect((await page.locator('tbody tr').first().textContent()) ?? '').toMatch(/Häfen.*Kai|Kai.*Häfen/s)
  })

  await vi.waitUntil(
    async () => {
      await knock()
      return (await site.env.KV.get('chances')) !== null
    },
    { timeout: 20_000, interval: 500 },
  )
  await vi.waitUntil(async () => /\/go\/(?:haefen|kai)\?/.test(await page('/neu/')), {
    timeout: 20_000,
    interval: 500,
  })
  for (let reader = 0; reader < 10; reader++) await read(reader % 2 ? 'phone' : 'desktop', reader % 3 === 0)
  expect(sentOf('haefen').loaded + sentOf('kai').loaded).toBeGreaterThan(9)

  await atTheDesk(async (page, visit) => {
    await page.goto(visit.url('/desk/ads/?stand=running'))
    await page.getByRole('button', { name: 'Pausieren: Kai' }).click()
    await page.getByRole('status').getByText('Die Kampagne ist pausiert.').waitFor()
  })
  const paused = { ...sentOf('kai') }
  for (let reader = 0; reader < 3; reader++) await read('desktop', reader === 0)
  expect(sentOf('kai')).toEqual(paused)
  expect(sentOf('haefen').clicks).toBeGreaterThan(0)
  await site.deliver()

  let link = ''
  await atTheDesk(async (page, visit) => {
    for (const [name, id] of [
      ['Kai', 'kai'],
      ['Häfen', 'haefen'],
    ] as const) {
      await page.goto(visit.url('/desk/ads/'))
      await page.getByRole('link', { name, exact: true }).click()
      await page.getByRole('link', { name: 'Bericht' }).click()
      const { served, loaded, viewable, clicks } = sentOf(id)
      expect(figuresOf((await page.locator('.report-figures').textContent()) ?? ''), name).toEqual([
        ...[served, loaded, viewable, clicks],
      ])
    }
    await page.getByLabel('Für wen').fill('Frau Kuhn, Hafen AG')
    await page.getByRole('button', { name: 'Link für den Auftraggeber erstellen' }).click()
    link = new URL(await page.getByLabel('Der neue Link').inputValue()).pathname
  })

  await browser.visit(site, {}, async (page, visit) => {
    const answer = await page.goto(visit.url(link))
    expect(answer?.headers()['x-robots-tag']).toBe('noindex')
    const { served, loaded, viewable, clicks } = sentOf('haefen')
    expect(figuresOf((await page.locator('.report-figures').textContent()) ?? '')).toEqual([
      ...[served, loaded, viewable, clicks],
    ])
    expect(await page.content()).not.toContain('Kai GmbH')
    const file = await page.request.get(
      visit.url((await page.getByRole('link', { name: 'Als CSV herunterladen' }).getAttribute('href')) ?? ''),
    )
    const [head = '', ...lines] = (await file.text()).replace('\uFEFF', '').trim().split(/\r?\n/)
    const columns = head.split(',')
    const sum = (column: Kind) =>
      lines.reduce((sum, line) => sum + Number(line.split(',')[columns.indexOf(column)]), 0)
    expect(['served', 'loaded', 'viewable', 'clicks'].map((kind) => sum(kind as Kind))).toEqual([
      ...[served, loaded, viewable, clicks],
    ])
  })

  await atTheDesk(async (page, visit) => {
    await page.goto(visit.url('/desk/ads/haefen/report/'))
    await page.getByRole('button', { name: /^Link widerrufen: Frau Kuhn/ }).click()
    await page.getByRole('status').getByText('Der Link ist widerrufen.').waitFor()
  })
  expect((await site.fetch(link)).status).toBe(404)

  async function page(path: string): Promise<string> {
    // Of the newsroom: what it is sent is filtered, not counted.
    return (await site.fetch(path, { headers: { cookie: seller.cookie } }, { settle: true })).text()
  }
})
