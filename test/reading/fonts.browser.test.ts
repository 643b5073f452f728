import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TestBrowser } from '../support/browser.ts'
import { openGallery } from '../support/gallery.ts'
import type { TestSite } from '../support/site.ts'

/** The headline face may come at once, late or never: nothing on the page moves for it. */

let site: TestSite
let browser: TestBrowser
beforeAll(async () => {
  ;[site, browser] = await Promise.all([openGallery(), TestBrowser.launch()])
})
afterAll(() => Promise.all([site?.close(), browser?.close()]))

/** How high the page's headlines are set, which is what would push the text below them. */
const heightsOf = (page: Page) =>
  page.evaluate(() =>
    Array.from(document.querySelectorAll('h1, h2'), (one) => one.getBoundingClientRect().height),
  )

const PATHS = ['/', '/china-kasachstan/', '/category/wirtschaft/']

describe.each(['phone', 'desktop'] as const)('on a %s', (size) => {
  test.each(PATHS)('%s does not shift when the headline face comes late', async (path) => {
    await browser.visit(site, { size }, async (page, visit) => {
      await page.addInitScript(() => {
        Object.assign(window, { shifted: 0 })
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries())
            Object.assign(window, {
              shifted: Number(Reflect.get(window, 'shifted')) + Number(Reflect.get(entry, 'value')),
            })
        }).observe({ type: 'layout-shift', buffered: true })
      })
      await page.route(/\/fonts\//, async (route) => {
        await new Promise((resolve) => setTimeout(resolve, 800))
        await route.continue()
      })
      const loaded = page.waitForResponse(/\/fonts\//)
      await page.goto(visit.url(path))
      await loaded
      await page.evaluate(() => document.fonts.ready.then(() => new Promise(requestAnimationFrame)))
      expect(await page.evaluate(() => Reflect.get(window, 'shifted'))).toBe(0)
    })
  })

  test('headlines take the same room in the reader’s own face as in ours', async () => {
    await browser.visit(site, { size }, async (page, visit) => {
      await page.goto(visit.url(PATHS[1] ?? ''))
      await page.evaluate(() => document.fonts.load('700 40px H'))
      await page.goto(visit.url(PATHS[1] ?? '')) // now it is at hand
      expect(await page.evaluate(() => document.fonts.check('700 40px H'))).toBe(true)
      const ours = await heightsOf(page)
      await page.evaluate(() => {
        document.documentElement.style.setProperty('--head', 'H1, H2, H3, serif')
      })
      expect(await heightsOf(page)).toEqual(ours)
    })
  })
})
