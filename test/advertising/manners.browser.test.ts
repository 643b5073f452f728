import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TestBrowser } from '../support/browser.ts'
import {
  article,
  campaign,
  native,
  packCreative,
  paragraph,
  publishNewsroom,
  SVG,
  settings,
} from '../support/fixture.ts'
import { TestSite } from '../support/site.ts'

/** How ads behave on a reader's screen: they ask nobody else, move nothing, and can be done without. */

const LONG = Array.from({ length: 24 }, (_, n) => paragraph(n)).join('\n\n')
const PAGES = {
  article: '/lang/',
  'short article': '/kurz/',
  'front page': '/',
  section: '/category/technik/',
  tag: '/tag/solar/',
  author: '/author/miriam-albers/',
  month: '/2026/01/',
  'static page': '/impressum/',
  search: '/search/?q=Absatz',
  'not found': '/nirgends/',
  'why this ad': '/ads/native-0/',
}
const banner = (width: number, height: number) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><rect width="${width}" height="${height}" fill="#246"/></svg>`
const KINDS: Record<string, Record<string, unknown>[]> = {
  native: [native('text', { image: { src: 'bild.svg', alt: 'Ein Bild' } })],
  picture: [
    {
      kind: 'picture',
      size: '300x250',
      url: '/impressum/',
      image: { src: 'banner.svg', alt: 'Messe im Mai' },
    },
    { kind: 'picture', size: '160x600', url: '/impressum/', image: { src: 'turm.svg', alt: 'Messe im Mai' } },
  ],
  html5: [
    { kind: 'html5', size: '300x250', file: 'spiel.zip', alt: 'Ein Spiel', url: '/impressum/' },
    { kind: 'html5', size: '120x600', file: 'spiel.zip', alt: 'Ein Spiel', url: '/impressum/' },
  ],
}

/** What Firefox makes its reader mode with. */
const READER_MODE = readFileSync(
  fileURLToPath(import.meta.resolve('@mozilla/readability/Readability.js')),
  'utf8',
)

let site: TestSite
let browser: TestBrowser
beforeAll(async () => {
  ;[site, browser] = await Promise.all([TestSite.open(), TestBrowser.launch()])
  await publishNewsroom(site)
  const placements = {
    article: ['in-article', 'after-article', 'side'],
    front: ['front-top', 'list', 'side'],
    list: ['list'],
  }
  await site.publish('site', settings({ ads: { placement: { most: 3 }, placements, listEvery: 3 } }))
  await site.publish(
    'articles',
    article('lang', { tags: ['Solar'] }, LONG),
    article('kurz', { tags: ['Solar'] }, 'Nur ein Satz.'),
    ...Array.from({ length: 9 }, (_, n) => article(`technik-${n}`, { section: 'technik', tags: ['Solar'] })),
  )
  await site.putPicture('bild.svg', SVG)
  await site.putPicture('banner.svg', banner(300, 250))
  await site.putPicture('turm.svg', banner(160, 600))
  await site.putPicture(
    'spiel.zip',
    packCreative({
      'index.html':
        '<!doctype html><html lang="de"><head><title>Spiel</title><link rel="stylesheet" href="a.css"></head><body>Hallo</body></html>',
      'a.css': 'body{background:#eee}',
    }),
  )
})
afterAll(() => Promise.all([site?.close(), browser?.close()]))

/** Makes campaigns of one kind the only ones: as many as a page has slots. */
async function run(kind: keyof typeof KINDS | null): Promise<void> {
  const { items }: { items: { slug: string }[] } = await (await site.api('GET', 'ads')).json()
  for (const { slug } of items) await site.api('DELETE', `ads/${slug}`)
  const creatives = kind && KINDS[kind]
  if (!creatives) return
  await site.publish('ads', ...Array.from({ length: 8 }, (_, n) => campaign(`${kind}-${n}`, { creatives })))
}

/** Reads down to the end, screen by screen. */
const walkDown = (page: Page) =>
  page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    for (let top = 0; top < document.body.scrollHeight; top += innerHeight / 2) {
      scrollTo({ top, behavior: 'instant' })
      await frame()
      await frame()
    }
  })

describe.each(Object.keys(KINDS))('with %s creatives, no page', (kind) => {
  beforeAll(() => run(kind))

  test.each(Object.entries(PAGES))(
    'asks another host for anything, or leaves something behind: %s',
    async (_, path) => {
      await browser.visit(site, {}, async (page, visit) => {
        await page.goto(visit.url(path))
        await walkDown(page)
        await page.waitForLoadState('networkidle')
        // The visit itself looks for foreign requests and cookies; this, for what scripts could have stored.
        const stored = await page.evaluate(async () => [
          localStorage.length,
          sessionStorage.length,
          (await indexedDB.databases()).length,
          (await caches.keys()).length,
        ])
        expect(stored).toEqual([0, 0, 0, 0])
        expect(
          visit.asked.every((address) => address.startsWith(site.url) || address.startsWith('data:')),
        ).toBe(true)
      })
    },
  )
})

describe('nothing shifts', () => {
  test.each([
    ['native', 'phone'],
    ['picture', 'desktop'],
    ['html5', 'phone'],
    [null, 'desktop'],
    [null, 'phone'],
  ] as const)('with %s creatives in every slot, on a %s', async (kind, size) => {
    await run(kind)
    await browser.visit(site, { size }, async (page, visit) => {
      await page.addInitScript(() => {
        const shifts: number[] = []
        Object.assign(window, { shifts })
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) shifts.push(Number(Reflect.get(entry, 'value')))
        }).observe({ type: 'layout-shift', buffered: true })
      })
      // What ads are made of comes late, when the text has long been there.
      await page.route(/\/(?:media|creative|go)\//, async (route) => {
        await new Promise((resolve) => setTimeout(resolve, 150))
        await route.continue()
      })
      for (const path of ['/lang/', '/', '/category/technik/']) {
        await page.goto(visit.url(path))
        expect(await page.locator('.ad').count(), path).toBeGreaterThanOrEqual(kind ? 1 : 0)
        await walkDown(page)
        await page.waitForLoadState('networkidle')
        expect(await page.evaluate(() => Reflect.get(window, 'shifts')), path).toEqual([])
      }
    })
  })
})

describe('who wants no ads', () => {
  beforeAll(() => run('native'))

  test('and blocks them has a page without a hole, and the whole article', async () => {
    await browser.visit(site, { isAttacked: true }, async (page, visit) => {
      await page.route(/\/go\//, (route) => route.abort())
      await page.addInitScript(() => {
        addEventListener('DOMContentLoaded', () => {
          const sheet = new CSSStyleSheet()
          sheet.replaceSync('.ad { display: none !important }')
          document.adoptedStyleSheets.push(sheet)
        })
      })
      await page.goto(visit.url('/lang/'))
      await walkDown(page)
      const gaps = await page.evaluate(() => {
        const blocks = Array.from(document.querySelectorAll('.body > p')).map((one) =>
          one.getBoundingClientRect(),
        )
        return blocks.slice(1).map((block, n) => Math.round(block.top - (blocks[n]?.bottom ?? 0)))
      })
      expect(new Set(gaps).size).toBe(1)
      expect(await page.locator('.body > p').count()).toBe(24)
    })
  })

  test('prints none', async () => {
    await browser.visit(site, {}, async (page, visit) => {
      await page.goto(visit.url('/lang/'))
      await page.emulateMedia({ media: 'print' })
      expect(await page.locator('.ad').count()).toBeGreaterThan(2)
      expect(
        await page.locator('.ad').evaluateAll((all) => all.filter((one) => one.checkVisibility()).length),
      ).toBe(0)
    })
  })

  test('finds none in the reader mode of a browser, but the whole article', async () => {
    // A browser’s own tools are not bound to the policy of a page.
    await browser.visit(site, { ignoresPolicy: true }, async (page, visit) => {
      await page.goto(visit.url('/lang/'))
      expect(await page.locator('.body .ad').count()).toBe(3)
      const shown: unknown = await page.evaluate(
        `(() => { ${READER_MODE}; return new Readability(document.cloneNode(true)).parse().textContent })()`,
      )
      for (let n = 0; n < 24; n++) expect(shown).toContain(paragraph(n))
      expect(shown).not.toMatch(/Werbeeinblendung|Werbung überspringen|Warum diese Anzeige/)
    })
  })

  test('skips each by keyboard with one key', async () => {
    await browser.visit(site, {}, async (page, visit) => {
      await page.goto(visit.url('/lang/'))
      const skips = page.locator('.body .ad-skip')
      expect(await skips.count()).toBe(3)
      for (const index of [0, 1, 2]) {
        await skips.nth(index).focus()
        await page.keyboard.press('Enter')
        const target = (await skips.nth(index).getAttribute('href')) ?? ''
        expect(await page.evaluate(() => `#${document.activeElement?.id}`)).toBe(target)
      }
    })
  })
})
