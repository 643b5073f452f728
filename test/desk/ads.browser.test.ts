import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectAccess } from '../support/access.ts'
import { insertFigures } from '../support/ad-figures.ts'
import { sidewaysScroll, TestBrowser, type Visit } from '../support/browser.ts'
import { Colleague } from '../support/desk.ts'
import { article, publishNewsroom } from '../support/fixture.ts'
import { complaintsAbout } from '../support/markup.ts'
import { TestSite } from '../support/site.ts'

/** Who sells, at the desk: without scripts, by keyboard, on a phone. */

let site: TestSite
let browser: TestBrowser
let seller: Colleague
beforeAll(async () => {
  ;[site, browser] = await Promise.all([TestSite.open(), TestBrowser.launch()])
  await publishNewsroom(site, article('neu'))
  seller = await Colleague.open(site, 'editor', { name: 'Selma' })
})
afterAll(() => Promise.all([site?.close(), browser?.close()]))

async function signIn({ context }: Visit): Promise<void> {
  const [name = '', value = ''] = seller.cookie.split('=')
  const url = site.url.replace('http://127.0.0.1', 'https://localhost')
  await context.addCookies([{ name, value, url, secure: true, httpOnly: true, sameSite: 'Strict' }])
}
const state = async () =>
  (await (await site.api('GET', 'ads/haefen')).json<{ frontMatter: { state?: string } }>()).frontMatter.state

test('a campaign is written, looked at, run, paused and resumed on a phone, without scripts, by keyboard', async () => {
  await browser.visit(site, { isStaff: true, size: 'phone', scripts: false }, async (page, visit) => {
    await signIn(visit)
    await page.goto(visit.url('/desk/ads/'))
    await page.getByRole('link', { name: 'Neue Kampagne' }).press('Enter')
    await page.getByLabel('Auftraggeber').fill('Hafen AG')
    await page.getByLabel('Name der Kampagne').fill('Häfen')
    await page.getByLabel('Text', { exact: true }).fill('Wir laden um.')
    await page.getByLabel('Knopf').fill('Mehr')
    await page.getByLabel('Ziel').fill('https://example.com/hafen')
    // Something is missing, and Enter in a field saves: what was typed is still there.
    await page.getByLabel('Auftraggeber').press('Enter')
    await page.getByRole('alert').getByRole('link', { name: 'creatives.0.headline' }).waitFor()
    expect(await page.getByLabel('Knopf').inputValue()).toBe('Mehr')
    await page.getByLabel('Überschrift').fill('Container ahoi')
    await page.getByLabel('Stand').selectOption('ready')
    await page.getByLabel('Auftraggeber').press('Enter')
    await page.getByRole('status').getByText('Gespeichert.').waitFor()
    expect(await sidewaysScroll(page)).toBe(0)

    await page.getByRole('link', { name: 'Vorschau auf einer Seite' }).press('Enter')
    const frame = page.frameLocator('iframe')
    await frame.getByText('Container ahoi').waitFor()
    const ink = () => frame.locator('html').evaluate((html) => getComputedStyle(html).colorScheme)
    expect(await ink()).toBe('light')
    await page.getByRole('link', { name: 'dunkel' }).press('Enter')
    await frame.getByText('Container ahoi').waitFor()
    expect(await ink()).toBe('dark')

    await page.goto(visit.url('/desk/ads/?stand=running'))
    await page.getByRole('button', { name: 'Pausieren: Häfen' }).press('Enter')
    await page.getByRole('status').getByText('Die Kampagne ist pausiert.').waitFor()
    expect(await state()).toBe('paused')
    await page.goto(visit.url('/desk/ads/?stand=paused'))
    await page.getByRole('button', { name: 'Fortsetzen: Häfen' }).press('Enter')
    await page.getByRole('status').getByText('Die Kampagne ist wieder bereit.').waitFor()
    expect(await state()).toBe('ready')
  })
})

test('every page is accessible in light and dark, on phone and desktop, and valid HTML', async () => {
  const markup = new Map<string, string>()
  await insertFigures(site.env.DB, {
    campaign: 'nordlicht',
    from: '2026-05-01',
    days: 40,
    hours: 16,
    creatives: ['a', 'b'],
    placements: ['in-article', 'list'],
  })
  const link = await seller.post('/desk/ads/nordlicht/report/', { label: 'Kontor' })
  markup.set('report with a new link', await link.clone().text())
  const [shared = ''] = /\/ads\/report\/[\w-]{43}\//.exec(await link.text()) ?? []
  await browser.visit(site, { isStaff: true }, async (page, visit) => {
    await signIn(visit)
    const parts = [
      '',
      'new/',
      'calendar/',
      'nordlicht/',
      'nordlicht/preview/',
      'nordlicht/report/',
      'suedwind/report/',
    ]
    for (const address of [...parts.map((part) => `/desk/ads/${part}`), shared]) {
      const response = await page.goto(visit.url(address))
      expect(response?.status(), address).toBe(200)
      markup.set(address, (await response?.text()) ?? '')
      await expectAccess(page, address)
      await page.setViewportSize({ width: 320, height: 640 })
      expect(await sidewaysScroll(page), address).toBe(0)
    }
  })
  const refused = await seller.post('/desk/ads/new/', { 'creatives.0.kind': 'picture', do: 'save' })
  markup.set('refused', await refused.text())
  expect(await complaintsAbout(markup)).toEqual([])
})
