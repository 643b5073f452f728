import { afterAll, beforeAll, expect, test } from 'vitest'
import { Colleague } from '../support/desk.ts'
import { article, campaign, native, publishNewsroom } from '../support/fixture.ts'
import { TestSite } from '../support/site.ts'

/** A campaign as it will look, in a real article, before anybody else sees it. */

let site: TestSite
let editor: Colleague
beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(
    site,
    article('alt', { date: '2024-01-15T09:00:00Z', section: 'technik' }),
    article('neu', { date: '2026-01-15T09:00:00Z' }),
  )
  await site.publish(
    'ads',
    campaign('entwurf', { state: 'draft', creatives: [native('eins'), native('zwei')] }),
    campaign('technisch', { state: 'draft', target: { sections: ['technik'] } }),
    campaign('daneben', { state: 'draft', placements: ['side'] }),
  )
  editor = await Colleague.open(site, 'editor')
})
afterAll(() => site.close())

test('a draft is shown in the newest article, and only there the desk may frame it', async () => {
  const shell = await editor.get('/desk/ads/entwurf/preview/')
  expect(shell.headers.get('content-security-policy')).toContain("frame-src 'self'")
  expect(shell.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  expect(await shell.text()).toContain('Auf der Seite /neu/')
  const framed = await editor.get('/desk/ads/entwurf/preview/page/')
  expect(framed.status).toBe(200)
  expect(framed.headers.get('content-security-policy')).toContain("frame-ancestors 'self'")
  expect(framed.headers.get('cache-control')).toBe('private, no-store')
  const page = await framed.text()
  expect(page).toContain('Anzeige eins')
  expect(page).toContain('Artikel neu')
  const readers = await site.fetch('/neu/')
  expect(readers.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  expect(await readers.text()).not.toContain('Anzeige eins')
})

test('nothing can be counted from it', async () => {
  const page = await editor.page('/desk/ads/entwurf/preview/page/')
  expect(page).not.toContain('/go/')
})

test('each creative can be looked at, light and dark, on a phone and a desktop', async () => {
  const shell = await editor.page('/desk/ads/entwurf/preview/?breite=desktop&farbe=dark&motiv=b')
  expect(shell).toMatch(
    /<iframe src="[^"]*breite=desktop&amp;farbe=dark&amp;motiv=b#anzeige-1"[^>]* width="1280"/,
  )
  const page = await editor.page('/desk/ads/entwurf/preview/page/?breite=desktop&farbe=dark&motiv=b')
  expect(page).toContain('Anzeige zwei')
  expect(page).toContain('<style>:root{color-scheme:dark}</style>')
})

test('a campaign is shown on what it is for, and where there is no room the page says so', async () => {
  expect(await editor.page('/desk/ads/technisch/preview/')).toContain('Auf der Seite /alt/')
  expect(await editor.page('/desk/ads/daneben/preview/')).toContain('kein Platz, an dem sie stehen darf')
  expect((await editor.get('/desk/ads/nie-gewesen/preview/')).status).toBe(404)
  expect((await editor.get('/desk/ads/nie-gewesen/preview/page/')).status).toBe(404)
})
