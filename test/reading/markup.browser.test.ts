import { beforeAll, expect, test } from 'vitest'
import { TestBrowser } from '../support/browser.ts'
import { GALLERIES } from '../support/gallery.ts'
import { complaintsAbout, hasJava } from '../support/markup.ts'
import { TestSite } from '../support/site.ts'

/** Every kind of page, in both languages, is valid HTML with valid CSS: by the Nu checker, or by html-validate where Java is missing. */

const pages = new Map<string, string>()
beforeAll(async () => {
  const browser = await TestBrowser.launch()
  const empty = await TestSite.open()
  pages.set('empty site', await empty.page('/'))
  await empty.close()
  for (const { language, kinds, open: openSite } of GALLERIES) {
    const site = await openSite()
    for (const { name, open } of kinds) {
      await browser.visit(site, {}, async (page, visit) => {
        const response = await open(page, visit)
        pages.set(`${language}: ${name}`, (await response?.text()) ?? '')
      })
    }
    await site.close()
  }
  await browser.close()
})

test('a validator has nothing to say about any kind of page', async () => {
  expect(pages.size).toBe(GALLERIES.reduce((sum, { kinds }) => sum + kinds.length, 1))
  expect(await complaintsAbout(pages)).toEqual([])
})

test('the validator sees a mistake in the HTML', async () => {
  const [[name = '', html = ''] = []] = pages
  expect((await complaintsAbout(new Map([[name, spoil(html)]]))).length).toBeGreaterThan(0)
})

test.runIf(hasJava)('and the Nu checker one in the CSS', async () => {
  const [[name = '', html = ''] = []] = pages
  const found = await complaintsAbout(new Map([[name, spoil(html)]]))
  expect(found.join('\n')).toMatch(/No “p” element in scope/)
  expect(found.join('\n')).toMatch(/colour/)
})

/** The page with a `div` inside a paragraph and a misspelt property. */
const spoil = (html: string) =>
  html.replace('</main>', '<p><div></div></p></main>').replace('<style>', '<style>p{colour:red}')
