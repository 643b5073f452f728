import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LOOKS, SIZES, TestBrowser } from '../support/browser.ts'
import { KINDS, openGallery } from '../support/gallery.ts'
import { TestSite } from '../support/site.ts'

/** Everybody can use every page: WCAG 2.2 AA as far as axe can tell, and what it can't tell about focus and targets. */

const AXE = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

let site: TestSite
let empty: TestSite
let browser: TestBrowser
beforeAll(async () => {
  ;[site, empty, browser] = await Promise.all([openGallery(), TestSite.open(), TestBrowser.launch()])
})
afterAll(() => Promise.all([site?.close(), empty?.close(), browser?.close()]))

/** What axe finds wrong, a line for each element. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  return page.evaluate(async (rules) => {
    const { axe } = window as unknown as typeof import('axe-core') & { axe: typeof import('axe-core') }
    const found = await axe.run({ runOnly: { type: 'tag', values: rules } })
    return found.violations.flatMap(({ id, help, nodes }) =>
      nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')} ${node.html.slice(0, 160)}`),
    )
  }, RULES)
}

/** Checks a page that is open on phone and desktop, light and dark. */
async function expectAccess(page: Page, name: string): Promise<void> {
  for (const { size, colours } of LOOKS) {
    await page.emulateMedia({ colorScheme: colours })
    await page.setViewportSize(SIZES[size])
    if (process.env.SHOTS) {
      const path = `${process.env.SHOTS}/${name.replace(/\W+/g, '-')}-${size}-${colours}.png`
      await page.screenshot({ path, fullPage: true })
    }
    expect(await violations(page), `${name}, ${size}, ${colours}`).toEqual([])
  }
}

describe('axe finds nothing wrong on', () => {
  test.each(KINDS)('$name', async ({ name, status, open }) => {
    await browser.visit(site, {}, async (page, visit) => {
      const response = await open(page, visit)
      expect(response?.status()).toBe(status)
      await expectAccess(page, name)
    })
  })

  test('a site where nothing is published', async () => {
    await browser.visit(empty, {}, async (page, visit) => {
      await page.goto(visit.url('/'))
      await expectAccess(page, 'empty site')
    })
  })
})
