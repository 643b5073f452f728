import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SIZES, sidewaysScroll, TestBrowser } from '../support/browser.ts'
import { KINDS, openGallery } from '../support/gallery.ts'
import type { TestSite } from '../support/site.ts'

/** What the design promises on every kind of page: room for fingers, for larger letters and for other colours. */

let site: TestSite
let browser: TestBrowser
beforeAll(async () => {
  ;[site, browser] = await Promise.all([openGallery(), TestBrowser.launch()])
})
afterAll(() => Promise.all([site?.close(), browser?.close()]))

/** What can be tapped and is lower than a finger is wide; links within running text are as high as its lines (WCAG 2.5.8). */
const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const running =
      'p:not(.kicker, .more, .pager, .to-top, .nearest), figcaption, .comment-text, .body, bdi, label'
    return Array.from(
      document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary'),
    )
      .filter((element) => element.checkVisibility() && !element.closest('.skip, .ad-skip, .honeypot'))
      .filter((element) => element.matches('.kicker a') || !element.parentElement?.closest(running))
      .filter((element) => !element.closest('.teaser')) // the whole card is the link
      .map((element) => [
        element.textContent?.trim() || element.tagName,
        element.getBoundingClientRect().height,
      ])
      .filter(([, height]) => Number(height) < 44)
      .map(([text, height]) => `${text} (${height})`)
  })

/** The author styles that WCAG 1.4.12 has every page bear. */
const TEXT_SPACING =
  '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }'

/** Elements whose text is cut off or runs out of its box. */
const clipped = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    Array.from(document.querySelectorAll('body *'))
      .filter((element) => element.checkVisibility() && element.textContent?.trim())
      .filter((element) => {
        const { overflowX, overflowY } = getComputedStyle(element)
        const hides = [overflowX, overflowY].some((one) => one === 'hidden' || one === 'clip')
        return (
          hides &&
          (element.scrollHeight > element.clientHeight + 1 || element.scrollWidth > element.clientWidth + 1)
        )
      })
      .map((element) => `${element.tagName}.${element.className}`),
  )

describe('on a phone', () => {
  test.each(KINDS)('$name: what can be tapped is 44 pixels high', async ({ open }) => {
    await browser.visit(site, { size: 'phone' }, async (page, visit) => {
      await open(page, visit)
      expect(await smallTargets(page)).toEqual([])
    })
  })

  test.each(KINDS)('$name: bears the text spacing of WCAG 1.4.12, also at 320 pixels', async ({ open }) => {
    await browser.visit(site, { size: 'phone', ignoresPolicy: true }, async (page, visit) => {
      await open(page, visit)
      await page.addStyleTag({ content: TEXT_SPACING })
      for (const size of ['phone', 'narrow'] as const) {
        await page.setViewportSize(SIZES[size])
        expect(await sidewaysScroll(page), size).toBe(0)
        expect(await clipped(page), size).toEqual([])
      }
    })
  })

  test('the front page is one column', async () => {
    await browser.visit(site, { size: 'phone' }, async (page, visit) => {
      await page.goto(visit.url('/'))
      const lefts = await page
        .locator('main h2')
        .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left))
      expect(new Set(lefts.map(Math.round)).size).toBe(1)
    })
  })
})

describe('on a desktop', () => {
  test('the front page has the lead and the latest beside each other', async () => {
    await browser.visit(site, {}, async (page, visit) => {
      await page.goto(visit.url('/'))
      const [lead, latest] = await Promise.all(
        ['.front-lead', '.ticker'].map((selector) => page.locator(selector).boundingBox()),
      )
      expect(latest?.x).toBeGreaterThan((lead?.x ?? 0) + (lead?.width ?? 0))
      expect(Math.abs((latest?.y ?? 0) - (lead?.y ?? 0))).toBeLessThan(10)
      const { width = 0, x = 0 } = latest ?? {}
      expect(x + width).toBeGreaterThan(SIZES.desktop.width * 0.93)
    })
  })

  test('a line of an article is 60 to 70 characters long', async () => {
    await browser.visit(site, {}, async (page, visit) => {
      await page.goto(visit.url('/china-kasachstan/'))
      const lengths = await page.locator('.body > p').evaluateAll((paragraphs) =>
        paragraphs.flatMap((paragraph) => {
          const { lineHeight } = getComputedStyle(paragraph)
          const lines = Math.round(paragraph.getBoundingClientRect().height / Number.parseFloat(lineHeight))
          return lines < 5 ? [] : [(paragraph.textContent?.length ?? 0) / (lines - 0.5)]
        }),
      )
      const mean = lengths.reduce((sum, one) => sum + one, 0) / lengths.length
      expect(mean).toBeGreaterThanOrEqual(60)
      expect(mean).toBeLessThanOrEqual(70)
    })
  })

  test('the contents of a long article stand beside it and lead to its subheads', async () => {
    await browser.visit(site, { scripts: false }, async (page, visit) => {
      await page.goto(visit.url('/lang/'))
      const contents = page.getByRole('navigation', { name: 'In diesem Artikel' })
      await contents.getByRole('link', { name: 'Zweiter Teil', exact: true }).click()
      expect(page.url()).toBe(visit.url('/lang/#abschnitt-zweiter-teil'))
      const [beside, body] = await Promise.all([contents.boundingBox(), page.locator('.body').boundingBox()])
      expect((beside?.x ?? 0) + (beside?.width ?? 0)).toBeLessThanOrEqual(body?.x ?? 0)
    })
  })

  test('on a phone the contents open with a tap', async () => {
    await browser.visit(site, { size: 'phone', scripts: false }, async (page, visit) => {
      await page.goto(visit.url('/lang/'))
      const link = page.getByRole('link', { name: 'Erster Teil', exact: true })
      expect(await link.isVisible()).toBe(false)
      await page.getByText('In diesem Artikel').click()
      expect(await link.isVisible()).toBe(true)
    })
  })
})

test('nothing moves by itself', async () => {
  await browser.visit(site, {}, async (page, visit) => {
    await page.goto(visit.url('/alles/'))
    const moving = await page.evaluate(
      () =>
        Array.from(document.querySelectorAll('*')).filter((element) => {
          const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(element)
          return animationName !== 'none' || transitionDuration !== '0s' || scrollBehavior === 'smooth'
        }).length,
    )
    expect(moving).toBe(0)
  })
})

test('with forced colours, buttons, fields and the ad keep an edge', async () => {
  await browser.visit(site, {}, async (page, visit) => {
    await page.emulateMedia({ forcedColors: 'active' })
    await page.goto(visit.url('/alles/'))
    for (const selector of ['main button', '#feld-name', '.ad', '.source']) {
      const edge = await page
        .locator(selector)
        .first()
        .evaluate((element) => {
          const { borderTopStyle, borderLeftStyle } = getComputedStyle(element)
          return [borderTopStyle, borderLeftStyle].includes('solid')
        })
      expect(edge, selector).toBe(true)
    }
  })
})

describe('an article on paper', () => {
  test('says where it comes from, and leaves out what only a screen can use', async () => {
    await browser.visit(site, {}, async (page, visit) => {
      await page.goto(visit.url('/china-kasachstan/'))
      await page.emulateMedia({ media: 'print' })
      expect(await page.getByText(visit.url('/china-kasachstan/')).isVisible()).toBe(true)
      for (const selector of ['.find', '.share', '.comments', '.footer', '.tags'])
        expect(await page.locator(selector).isVisible(), selector).toBe(false)
    })
  })
})
