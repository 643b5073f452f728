import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { focused, TestBrowser } from '../support/browser.ts'
import { openGallery } from '../support/gallery.ts'
import type { TestSite } from '../support/site.ts'

/** In which order a page is met by those who don't see it at a glance: by keyboard, by ear, and without its design. */

let site: TestSite
let browser: TestBrowser
beforeAll(async () => {
  ;[site, browser] = await Promise.all([openGallery(), TestBrowser.launch()])
})
afterAll(() => Promise.all([site?.close(), browser?.close()]))

const PAGES = {
  'the front page': '/',
  'a list': '/tag/reihe/',
  'the search': '/search/?q=Handel',
  'an article': '/china-kasachstan/',
}
const pages = Object.entries(PAGES)

/** The landmarks and headings of a page as a screen reader lists them, one line each. */
async function outlineOf(page: Page, levels = /\[level=1\]/): Promise<string[]> {
  const lines = (await page.locator('body').ariaSnapshot()).split('\n')
  const landmark = /^(banner|navigation|search|main|region|complementary|contentinfo)\b/
  return lines
    .map((line) => line.replace(/^ *- '?/, '').replace(/'?:?$/, ''))
    .filter((line) => landmark.test(line) || (line.startsWith('heading') && levels.test(line)))
}

const MASTHEAD = ['banner', 'navigation "Ressorts"', 'search', 'main']
const FOOTER = ['contentinfo', 'navigation "Über diese Seite"']

describe('by ear', () => {
  test.each<[string, string, string[]]>([
    [
      'the front page: the lead stories, the latest, then section by section',
      '/',
      [
        'heading "MedienWirtschaft: die Titelseite" [level=1]',
        'complementary',
        'region "Neueste Meldungen"',
        'region "Kurze Werbeeinblendung"',
        ...['Medien', 'Wirtschaft', 'Kurze Werbeeinblendung 2', 'Technik', 'Werbung'].map(
          (name) => `region "${name}"`,
        ),
      ],
    ],
    [
      'a list: where it is, what it is, its articles, its pages',
      '/tag/reihe/',
      [
        'navigation "Sie sind hier"',
        'heading "Reihe" [level=1]',
        ...['', ' 2', ' 3'].map((number) => `region "Kurze Werbeeinblendung${number}"`),
        'navigation "Seiten dieser Liste"',
      ],
    ],
    [
      'the search: the form before what it found',
      '/search/?q=Handel',
      ['heading "Suche" [level=1]', 'search', expect.stringMatching(/^region "\d+ Artikel gefunden"$/)],
    ],
    [
      'an article: text, ad inside it, source, related articles, comments, form',
      '/china-kasachstan/',
      [
        'heading "China und Kasachstan rücken enger zusammen" [level=1]',
        'region "Tabelle, seitlich verschiebbar"',
        'region "Kurze Werbeeinblendung"',
        'region "Quelle/Referenz"',
        'navigation "Schlagwörter"',
        'region "Weitergeben"',
        // The second one stands beside the text, on wider screens.
        'region "Kurze Werbeeinblendung 3"',
        'region "Ähnliche Artikel"',
        'navigation "Weitere Artikel aus Wirtschaft"',
        'region "Kommentare"',
        'region "Schreibe einen Kommentar"',
      ],
    ],
  ])('%s', async (_, path, expected) => {
    await browser.visit(site, {}, async (page, visit) => {
      await page.goto(visit.url(path))
      expect(await outlineOf(page)).toEqual([...MASTHEAD, ...expected, ...FOOTER])
    })
  })

  test('a subhead is called what it says, and not also what its link does', async () => {
    await browser.visit(site, {}, async (page, visit) => {
      await page.goto(visit.url('/china-kasachstan/'))
      expect(await outlineOf(page, /\[level=2\]/)).toContain('heading "Der größte Handelspartner" [level=2]')
    })
  })
})

/** Where the focus stands: the place among all elements of the page, and the distance from its top. */
const standing = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement
    if (!element || element === document.body) return null
    const place = Array.from(document.querySelectorAll('*')).indexOf(element)
    const top = Math.round(element.getBoundingClientRect().top + scrollY)
    return { place, top, what: element.outerHTML.slice(0, 100) }
  })

describe('by keyboard', () => {
  test.each(pages)('%s is walked in the order in which it is read, and all of it', async (_, path) => {
    await browser.visit(site, { size: 'phone', scripts: true }, async (page, visit) => {
      await page.goto(visit.url(path))
      const stops = await page.evaluate(
        () =>
          Array.from(
            document.querySelectorAll<HTMLElement>(
              'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]',
            ),
          ).filter((one) => one.tabIndex >= 0 && one.checkVisibility()).length,
      )
      let before = { place: 0, top: 0, what: 'the beginning' }
      let walked = 0
      for (; ; walked++) {
        await page.keyboard.press('Tab')
        const now = await standing(page)
        if (!now) break
        expect(now.place, `${before.what} → ${now.what}`).toBeGreaterThan(before.place)
        // In one column, on goes down. What stands in one line may differ in height.
        if (walked > 0) expect(now.top, `${before.what} → ${now.what}`).toBeGreaterThan(before.top - 60)
        before = now
      }
      expect(walked).toBe(stops)
    })
  })

  test('from the front page to the search, and on to the article that was found', async () => {
    await browser.visit(site, { scripts: false }, async (page, visit) => {
      await page.goto(visit.url('/'))
      for (let n = 0; n < 7; n++) await page.keyboard.press('Tab')
      await page.keyboard.type('Kasachstan')
      await page.keyboard.press('Enter')
      await page.waitForURL(/\/search\/\?q=Kasachstan/)
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter') // „Zum Inhalt springen“
      const first = await page.locator('.results h3 a').first().textContent()
      for (let n = 0; n < 12 && (await focused(page)) !== first; n++) await page.keyboard.press('Tab')
      expect(await focused(page)).toBe(first)
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { level: 1, name: first ?? '' }).waitFor()
    })
  })

  test('through the pages of a list and back', async () => {
    await browser.visit(site, { scripts: false }, async (page, visit) => {
      await page.goto(visit.url('/tag/reihe/'))
      await page.locator('.paging .older').focus()
      await page.keyboard.press('Enter')
      await page.waitForURL(/\/tag\/reihe\/page\/2\//)
      await page.locator('.paging .newer').focus()
      await page.keyboard.press('Enter')
      await page.waitForURL((url) => url.pathname === '/tag/reihe/')
    })
  })
})

describe('without its design', () => {
  test.each(pages)(
    '%s has its parts one below the other, and no words that run into each other',
    async (_, path) => {
      await browser.visit(site, { scripts: true }, async (page, visit) => {
        await page.goto(visit.url(path))
        const tops = await page.evaluate(() => {
          for (const sheet of document.querySelectorAll('style, [rel=stylesheet]')) sheet.remove()
          const parts = [
            '.skip',
            '.wordmark',
            '.sections',
            '.find',
            'h1',
            'main h2',
            '.to-top',
            'body > footer nav',
          ]
          return parts.map((part) => document.querySelector(part)?.getBoundingClientRect().top ?? -1)
        })
        expect(tops).toEqual(tops.toSorted((a, b) => a - b))
        expect(Math.min(...tops)).toBeGreaterThanOrEqual(0)
        await page.evaluate(() => {
          for (const field of document.querySelectorAll('input, textarea, select')) field.replaceWith(' [ ] ')
        })
        // biome-ignore lint/performance/useDomNodeTextContent: what counts is where lines and boxes end
        const text = await page.locator('body').innerText()
        const runTogether = text.match(/\S*(?:\p{Ll}[\p{Lu}\p{N}]|[.!?]\p{Lu})\S*/gu) ?? []
        expect(
          runTogether.filter((word) => !/^(?:MedienWirtschaft|LinkedIn|WhatsApp|veryLong)/.test(word)),
        ).toEqual([])
      })
    },
  )

  test('the trap for robots says that it is none of a reader’s business', async () => {
    await browser.visit(site, {}, async (page, visit) => {
      await page.goto(visit.url('/china-kasachstan/'))
      await page.evaluate(() => {
        for (const sheet of document.querySelectorAll('style, [rel=stylesheet]')) sheet.remove()
      })
      expect(await page.getByText('Dieses Feld bitte leer lassen').isVisible()).toBe(true)
    })
  })
})
