import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectAccess } from '../support/access.ts'
import { TestBrowser } from '../support/browser.ts'
import { ENGLISH_KINDS, KINDS, openEnglishGallery, openGallery } from '../support/gallery.ts'
import { TestSite } from '../support/site.ts'

/** Everybody can use every page: WCAG 2.2 AA as far as axe can tell, and what it can't tell about focus and targets. */

let site: TestSite
let english: TestSite
let empty: TestSite
let browser: TestBrowser
beforeAll(async () => {
  ;[site, english, empty, browser] = await Promise.all([
    openGallery(),
    openEnglishGallery(),
    TestSite.open(),
    TestBrowser.launch(),
  ])
})
afterAll(() => Promise.all([site?.close(), english?.close(), empty?.close(), browser?.close()]))

describe('axe finds nothing wrong on', () => {
  test.each(KINDS)('$name', async ({ name, status, open }) => {
    await browser.visit(site, {}, async (page, visit) => {
      const response = await open(page, visit)
      expect(response?.status()).toBe(status)
      await expectAccess(page, name)
    })
  })

  test.each(ENGLISH_KINDS)('$name, in English', async ({ name, status, open }) => {
    await browser.visit(english, {}, async (page, visit) => {
      const response = await open(page, visit)
      expect(response?.status()).toBe(status)
      await expectAccess(page, `English ${name}`)
    })
  })

  test('a site where nothing is published', async () => {
    await browser.visit(empty, {}, async (page, visit) => {
      await page.goto(visit.url('/'))
      await expectAccess(page, 'empty site')
    })
  })
})

describe('by keyboard', () => {
  test.each(['phone', 'desktop'] as const)(
    'every stop on the way through a page is visible (%s)',
    async (size) => {
      await browser.visit(site, { size }, async (page, visit) => {
        for (const path of ['/', '/alles/', '/hoeren/', '/datenschutz/', '/gibt-es-nicht/']) {
          await page.goto(visit.url(path))
          await page.emulateMedia({ reducedMotion: 'reduce' })
          expect(await invisibleStops(page), path).toEqual([])
        }
      })
    },
  )
})

/** Goes through a page by Tab and says where the focus could not be seen; a page without stops is wrong, too. */
async function invisibleStops(page: Page): Promise<string[]> {
  const invisible: string[] = []
  let stops = 0
  for (; stops < 200; stops++) {
    await page.keyboard.press('Tab')
    const stop = await page.evaluate(async () => {
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
      const element = document.activeElement
      if (!element || element === document.body) return null
      const { top, bottom, left, right, width, height } = element.getBoundingClientRect()
      const { outlineStyle, outlineWidth } = getComputedStyle(element)
      const isInView = bottom > 0 && top < innerHeight && right > 0 && left < innerWidth
      const isOutlined = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2
      const isOpaque = element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
      const isSeen = isInView && isOutlined && isOpaque && width > 0 && height > 0
      return {
        isSeen,
        what: `${element.outerHTML.slice(0, 120)} ${JSON.stringify({ isInView, isOutlined, isOpaque })}`,
      }
    })
    if (!stop) break
    if (!stop.isSeen) invisible.push(stop.what)
  }
  return stops > 4 ? invisible : ['there is nothing to stop at']
}

describe('a target', () => {
  test.each(KINDS)('is at least 24 by 24 CSS pixels, on $name', async ({ open }) => {
    await browser.visit(site, { size: 'phone' }, async (page, visit) => {
      await open(page, visit)
      expect(await smallTargets(page)).toEqual([])
    })
  })
})

/** Targets too small to be hit (WCAG 2.5.8), but for links within a line of text. */
const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    Array.from(
      document.querySelectorAll('a, button, input:not([type=hidden]), textarea, select, summary'),
    ).flatMap((element) => {
      const { width, height } = element.getBoundingClientRect()
      const isInText =
        getComputedStyle(element).display === 'inline' &&
        element.closest('p, li, figcaption, h2, h3')?.textContent?.trim() !== element.textContent?.trim()
      const isHidden =
        element.matches('.skip, .ad-skip') ||
        element.closest('[aria-hidden=true]') !== null ||
        // An ad beside the text, where there is no room beside it.
        (element.closest('.article > .ad') !== null && !element.checkVisibility())
      if (isInText || isHidden || (width >= 24 && height >= 24)) return []
      return [`${element.outerHTML.slice(0, 120)} ${Math.round(width)} × ${Math.round(height)}`]
    }),
  )
