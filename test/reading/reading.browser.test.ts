import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LOOKS, SIZES, sidewaysScroll, TestBrowser } from '../support/browser.ts'
import { KINDS, openGallery } from '../support/gallery.ts'
import type { TestSite } from '../support/site.ts'

/** What a reader gets who opens the China–Kasachstan story, and the other pages, in a real browser. */

const STORY = '/china-kasachstan/'

let site: TestSite
let browser: TestBrowser
beforeAll(async () => {
  ;[site, browser] = await Promise.all([openGallery(), TestBrowser.launch()])
})
afterAll(() => Promise.all([site?.close(), browser?.close()]))

/** The eight parts of an article page (DESIGN §2), as a person finds them. */
const parts = (page: Page) => ({
  masthead: page.getByRole('banner').getByRole('link', { name: 'MedienWirtschaft' }),
  sections: page.getByRole('navigation', { name: 'Ressorts' }),
  section: page.locator('article').getByRole('link', { name: 'Wirtschaft', exact: true }),
  headline: page.getByRole('heading', { level: 1, name: 'China und Kasachstan rücken enger zusammen' }),
  standfirst: page.getByText('Beim Staatsbesuch in Astana wollen beide Länder'),
  byline: page.getByText('Von Miriam Albers'),
  publication: page.getByText('Veröffentlicht am 3. Juli 2024, 09:30 Uhr'),
  'reading time': page.getByText(/^\d+ Minuten Lesezeit$/),
  'lead image': page.getByRole('img', { name: /Ein Güterzug fährt/ }),
  caption: page.getByText('Schiene, Straße, Windkraft'),
  credit: page.locator('figcaption small').first(),
  'first paragraph': page.getByText('Zwei Anlässe bringen China und Kasachstan'),
  subhead: page.getByRole('heading', { level: 2, name: 'Der größte Handelspartner' }),
  ad: page.locator('.body').getByRole('region', { name: 'Kurze Werbeeinblendung' }),
  'last paragraph': page.getByText('Offen bleibt, wie sich die Gewichte verteilen.'),
  'source line': page.getByText('Quelle: ots.at'),
  source: page.getByRole('region', { name: 'Quelle/Referenz' }).getByRole('link', { name: 'ots.at' }),
  related: page.getByRole('heading', { level: 2, name: 'Ähnliche Artikel' }),
  comments: page.getByRole('heading', { level: 2, name: 'Kommentare' }),
  form: page.getByRole('heading', { level: 2, name: 'Schreibe einen Kommentar' }),
  notice: page.getByText(
    'Ihre E-Mail-Adresse wird nicht veröffentlicht. Erforderliche Felder sind mit * markiert.',
  ),
  name: page.getByRole('textbox', { name: 'Name *' }),
  email: page.getByRole('textbox', { name: 'E-Mail *' }),
  text: page.getByRole('textbox', { name: 'Kommentar *' }),
  submit: page.getByRole('button', { name: 'Kommentar abschicken' }),
  'back to top': page.getByRole('link', { name: 'Zurück zum Anfang' }),
  imprint: page.getByRole('contentinfo').getByRole('link', { name: 'Impressum' }),
  privacy: page.getByRole('contentinfo').getByRole('link', { name: 'Datenschutz' }),
  feed: page.getByRole('contentinfo').getByRole('link', { name: 'RSS-Feed' }),
})

describe('without JavaScript, an article shows its eight parts from top to bottom', () => {
  test.each(LOOKS)('on a $size, $colours', async ({ size, colours }) => {
    await browser.visit(site, { size, colours, scripts: false }, async (page, visit) => {
      await page.goto(visit.url(STORY))
      const found: [string, number][] = []
      for (const [part, locator] of Object.entries(parts(page))) {
        expect(await locator.count(), part).toBe(1)
        const box = await locator.boundingBox()
        expect(box && box.width > 0 && box.height > 0, `${part} is visible`).toBe(true)
        found.push([part, (box?.y ?? 0) + (box?.height ?? 0)])
      }
      // Parts beside each other end at about the same height; below each other they are in reading order.
      const sorted = found.toSorted(([, a], [, b]) => (Math.abs(a - b) < 40 ? 0 : a - b))
      expect(sorted.map(([part]) => part)).toEqual(found.map(([part]) => part))
    })
  })
})

describe('no page scrolls sideways', () => {
  test.each(KINDS)('$name', async ({ open }) => {
    await browser.visit(site, { size: 'narrow' }, async (page, visit) => {
      await open(page, visit)
      for (const size of ['narrow', 'phone', 'desktop'] as const) {
        for (const zoom of ['100%', '200%']) {
          await page.setViewportSize(SIZES[size])
          await page.evaluate((fontSize) => {
            document.documentElement.style.fontSize = fontSize === '100%' ? '' : fontSize
          }, zoom)
          expect(await sidewaysScroll(page), `${size} at ${zoom}`).toBe(0)
        }
      }
    })
  })
})

describe('nothing shifts', () => {
  test.each(['phone', 'desktop'] as const)('on a %s, while pictures and the ad arrive', async (size) => {
    await browser.visit(site, { size }, async (page, visit) => {
      await page.addInitScript(() => {
        const shifts: number[] = []
        Object.assign(window, { shifts })
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) shifts.push(Number(Reflect.get(entry, 'value')))
        }).observe({ type: 'layout-shift', buffered: true })
      })
      // Every picture comes late, when the text has long been there.
      await page.route(/\/media\/|\.gif$/, async (route) => {
        await new Promise((resolve) => setTimeout(resolve, 150))
        await route.continue()
      })
      await page.goto(visit.url(STORY))
      await walkDown(page)
      expect(await seenShifts(page)).toEqual([])

      // The instrument works: something pushed in at the top is a shift.
      await page.evaluate(() => {
        scrollTo({ top: 0, behavior: 'instant' })
        const block = document.createElement('p')
        block.textContent = 'Ein Schubs'
        document.body.insertBefore(block, document.body.firstChild)
      })
      await expect.poll(() => seenShifts(page)).not.toEqual([])
    })
  })
})

const seenShifts = (page: Page): Promise<unknown> => page.evaluate(() => Reflect.get(window, 'shifts'))

/** Reads down to the end, screen by screen, and waits for every picture. */
async function walkDown(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    for (let top = 0; top < document.body.scrollHeight; top += innerHeight / 2) {
      scrollTo({ top, behavior: 'instant' })
      await frame()
      await frame()
    }
    // One beside the text is not loaded where there is no room for it; that of an ad that is counted is none.
    const shown = Array.from(document.images).filter(
      (image) => image.checkVisibility() && !image.matches('.ad-count'),
    )
    await Promise.all(shown.map((image) => image.decode()))
    await frame()
    await frame()
  })
}

describe('an article asks for', () => {
  test('nothing but its own pictures, the headline face and what it can do without: two small scripts and two stylesheets', async () => {
    await browser.visit(site, { size: 'phone' }, async (page, visit) => {
      const kinds = new Set<string>()
      page.on('request', (request) => {
        if (request.url() !== visit.url('/favicon.svg')) kinds.add(request.resourceType())
      })
      await page.goto(visit.url(STORY))
      await walkDown(page)
      expect([...kinds].sort()).toEqual(['document', 'font', 'image', 'script', 'stylesheet'])
      expect(visit.asked.every((address) => address.startsWith(site.url))).toBe(true)
      const scripts = page.locator('script:not([type="application/ld+json"])')
      const names = await scripts.evaluateAll((all) =>
        all.map((one) => /^\/scripts\/(\w+)-\w+\.js$/.exec(one.getAttribute('src') ?? '')?.[1]),
      )
      expect(names.sort()).toEqual(['ad', 'answer'])
      const blocking = await page.evaluate(() =>
        performance
          .getEntriesByType('resource')
          .filter((entry) => Reflect.get(entry, 'renderBlockingStatus') === 'blocking')
          .map(({ name }) => name),
      )
      expect(blocking).toEqual([])
    })
  })

  test('no room on the reader’s device: no cookie, no storage', async () => {
    await browser.visit(site, {}, async (page, visit) => {
      await page.goto(visit.url(STORY))
      await walkDown(page)
      const stored = await page.evaluate(async () => [
        document.cookie,
        localStorage.length,
        sessionStorage.length,
        (await indexedDB.databases()).length,
        (await caches.keys()).length,
        (await navigator.serviceWorker.getRegistrations()).length,
      ])
      expect(stored).toEqual(['', 0, 0, 0, 0, 0])
    })
  })

  test('its lead picture at once and first, and the others when the reader comes near', async () => {
    await browser.visit(site, {}, async (page, visit) => {
      await page.goto(visit.url('/alles/'))
      const lead = page.locator('.lead-image img')
      expect(await lead.getAttribute('loading')).toBeNull()
      expect(await lead.getAttribute('fetchpriority')).toBe('high')
      const others = page.locator('main img:not(.lead-image img)')
      expect(await others.count()).toBeGreaterThan(1)
      for (const picture of await others.all()) expect(await picture.getAttribute('loading')).toBe('lazy')
      for (const picture of await page.locator('main img').all()) {
        expect(await picture.getAttribute('width')).toMatch(/^\d+$/)
        expect(await picture.getAttribute('height')).toMatch(/^\d+$/)
      }
    })
  })
})

describe('on paper', () => {
  test.each(['light', 'dark'] as const)(
    'an article is black on white and without what only a screen can use (%s)',
    async (colours) => {
      await browser.visit(site, { colours }, async (page, visit) => {
        await page.goto(visit.url(STORY))
        await page.emulateMedia({ media: 'print', colorScheme: colours })
        const { sections, ad, form, related, 'back to top': toTop, ...shown } = parts(page)
        for (const locator of [sections, ad, form, related, toTop])
          expect(await locator.isVisible()).toBe(false)
        for (const part of [
          'headline',
          'standfirst',
          'byline',
          'first paragraph',
          'last paragraph',
          'source',
        ] as const) {
          expect(await shown[part].isVisible(), part).toBe(true)
          const brightness = await shown[part].evaluate((element) => {
            const [r = 0, g = 0, b = 0] = getComputedStyle(element).color.match(/\d+/g)?.map(Number) ?? []
            return (r + g + b) / 3
          })
          expect(brightness, `${part} is dark`).toBeLessThan(128)
        }
      })
    },
  )
})

describe('links within the page', () => {
  test('lead to the content, to the comments and back to the top', async () => {
    await browser.visit(site, { size: 'phone', scripts: false }, async (page, visit) => {
      await page.goto(visit.url(STORY))
      await page.keyboard.press('Tab')
      expect(await page.locator(':focus').textContent()).toBe('Zum Inhalt springen')
      await page.keyboard.press('Enter')
      expect(page.url()).toBe(visit.url(`${STORY}#inhalt`))
      await page.getByRole('link', { name: 'Zu den Kommentaren' }).click()
      await expect.poll(() => isInView(page, '#kommentare-titel')).toBe(true)
      await page.getByRole('link', { name: 'Zurück zum Anfang' }).click()
      await expect.poll(() => isInView(page, '.wordmark')).toBe(true)
    })
  })
})

const isInView = (page: Page, selector: string) =>
  page
    .locator(selector)
    .first()
    .evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect()
      return top >= 0 && bottom <= innerHeight
    })
