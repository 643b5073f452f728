import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { LOOKS, SIZES } from './browser.ts'

const AXE = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe finds wrong, a line for each element. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  return page.evaluate(async (rules) => {
    const { axe } = window as unknown as typeof import('axe-core') & { axe: typeof import('axe-core') }
    // What stands in a frame is somebody else's.
    const found = await axe.run({ runOnly: { type: 'tag', values: rules }, iframes: false })
    return found.violations.flatMap(({ id, help, nodes }) =>
      nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')} ${node.html.slice(0, 160)}`),
    )
  }, RULES)
}

/** Checks a page that is open on phone and desktop, light and dark. */
export async function expectAccess(page: Page, name: string): Promise<void> {
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
