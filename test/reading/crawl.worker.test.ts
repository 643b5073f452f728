import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dom } from '../support/dom.ts'
import { publishShippedContent } from '../support/gallery.ts'
import { TestSite } from '../support/site.ts'

/** The site as it ships, followed link by link from the front page, as a reader and a search engine do. */
let site: TestSite

interface Visited {
  status: number
  /** Clicks from the front page. */
  clicks: number
  /** The page that links it. */
  from: string
}
const visited = new Map<string, Visited>()

/** Addresses that a page leads to or loads, on this site, without their fragments. */
function linksOf(page: Dom, address: string): string[] {
  const named = [
    ...page.attributes('a', 'href'),
    ...page.attributes('link', 'href'),
    ...page.attributes('img, source', 'src'),
    ...page
      .attributes('img, source', 'srcset')
      .flatMap((set) => set?.split(/\s*,\s*/).map((one) => one.split(' ')[0] ?? '') ?? []),
  ]
  return named
    .filter((href) => href !== null)
    .map((href) => new URL(href, site.url + address))
    .filter((url) => url.origin === site.url && !url.pathname.startsWith('/go/'))
    .map((url) => url.pathname + url.search)
}

beforeAll(async () => {
  site = await TestSite.open()
  await publishShippedContent(site)
  let wave = [{ address: '/', from: 'nowhere' }]
  for (let clicks = 0; wave.length > 0; clicks++) {
    const next: typeof wave = []
    for (const { address, from } of wave) {
      if (visited.has(address)) continue
      const response = await site.fetch(address)
      visited.set(address, { status: response.status, clicks, from })
      if (!response.headers.get('content-type')?.startsWith('text/html')) {
        await response.arrayBuffer()
        continue
      }
      const page = new Dom(await response.text())
      next.push(...linksOf(page, address).map((link) => ({ address: link, from: address })))
    }
    wave = next
  }
})
afterAll(() => site.close())

describe('a crawl of the whole site from its front page', () => {
  test('gets everywhere, without an error and without a redirect inside the site', () => {
    expect(visited.size).toBeGreaterThan(80)
    const wrong = [...visited].filter(([, { status }]) => status !== 200)
    expect(wrong.map(([address, { status, from }]) => `${from} → ${address}: ${status}`)).toEqual([])
  })

  test('finds every published article within four clicks', async () => {
    const { items } = (await (await site.api('GET', 'articles')).json()) as { items: { slug: string }[] }
    expect(items.length).toBeGreaterThan(12)
    for (const { slug } of items) expect(visited.get(`/${slug}/`)?.clicks, slug).toBeLessThanOrEqual(4)
  })

  test('finds every page, section, author and feed', () => {
    const found = [...visited.keys()]
    for (const address of ['/impressum/', '/category/medien/', '/author/deniz-aydin/', '/feed/', '/2026/'])
      expect(found, address).toContain(address)
  })
})

test('every address that a sitemap names is there, and is the address that the page gives itself', async () => {
  const index = await site.page('/sitemap.xml')
  const locations = (xml: string) =>
    [...xml.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, url = '']) => url.replace(site.url, ''))
  const named = (await Promise.all(locations(index).map((file) => site.page(file)))).flatMap(locations)
  expect(named.length).toBeGreaterThan(20)
  for (const address of named) {
    const response = await site.fetch(address)
    expect(response.status, address).toBe(200)
    expect(new Dom(await response.text()).attribute('link[rel=canonical]', 'href'), address).toBe(
      site.url + address,
    )
  }
})
