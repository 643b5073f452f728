import { createServer, type Server } from 'node:http'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TestBrowser } from '../support/browser.ts'
import { article, campaign, paragraph, publishNewsroom, SVG, page as staticPage } from '../support/fixture.ts'
import { TestSite } from '../support/site.ts'

/** An ad as a reader meets it: named, skippable, leading to its advertiser, and counted when it was seen. */

let site: TestSite
let browser: TestBrowser
let advertiser: Server
let advertiserUrl: string
beforeAll(async () => {
  advertiser = createServer((_, response) => response.end('Willkommen beim Werbekunden')).listen(
    0,
    '127.0.0.1',
  )
  ;[site, browser] = await Promise.all([TestSite.open(), TestBrowser.launch()])
  const address = advertiser.address()
  if (address === null || typeof address === 'string') throw new Error('the advertiser has no port')
  advertiserUrl = `http://127.0.0.1:${address.port}`
  await publishNewsroom(
    site,
    article('leitartikel'),
    article(
      'lang',
      {},
      `${Array.from({ length: 90 }, (_, n) => paragraph(n)).join('\n\n')}\n\n<!-- ad -->\n\n${paragraph(99)}`,
    ),
    article('ohne-werbung', { ads: 'none' }),
    article('technik', { section: 'technik' }),
  )
  // In each section one campaign, so that no chance is involved: one leads out, one into the site.
  await site.putPicture('motiv.svg', SVG)
  await site.publish(
    'ads',
    campaign(
      'nordlicht',
      { target: { sections: ['wirtschaft'] } },
      { url: `${advertiserUrl}/angebot?von=mw`, image: { src: 'motiv.svg', alt: 'Ein Schiff' } },
    ),
    campaign('suedwind', { target: { sections: ['technik'] } }, { url: '/impressum/' }),
  )
  await site.publish('pages', staticPage('impressum', 'Impressum'))
})
afterAll(async () => {
  advertiser?.close()
  await Promise.all([site?.close(), browser?.close()])
})

const ad = (page: Page) => page.getByRole('region', { name: 'Kurze Werbeeinblendung' })

/** What is counted for a campaign, over all days, as the report says it. */
async function counted(
  name: string,
): Promise<{ loaded: number; viewable: number; clicks: number; filtered: number }> {
  await site.deliver()
  const { items } = (await (await site.api('GET', 'ads-report')).json()) as {
    items: { campaign: string; loaded: number; viewable: number; clicks: number; filtered: number }[]
  }
  const own = items.filter((item) => item.campaign === name)
  const sum = (what: 'loaded' | 'viewable' | 'clicks' | 'filtered') =>
    own.reduce((total, item) => total + item[what], 0)
  return {
    loaded: sum('loaded'),
    viewable: sum('viewable'),
    clicks: sum('clicks'),
    filtered: sum('filtered'),
  }
}

describe('an ad', () => {
  test.each([true, false])('is labelled and announced as what it is (scripts: %s)', async (scripts) => {
    await browser.visit(site, { scripts }, async (page, visit) => {
      await page.goto(visit.url('/leitartikel/'))
      expect(await ad(page).count()).toBe(1)
      expect(await ad(page).getByText('Kurze Werbeeinblendung').isVisible()).toBe(true)
      expect(await ad(page).getByText('Anzeige von Kontor Nordlicht').isVisible()).toBe(true)
      const announced = await ad(page).ariaSnapshot()
      expect(announced.replace(/v=[\w-]{28}/, 'v=…')).toMatchInlineSnapshot(`
        "- region "Kurze Werbeeinblendung":
          - paragraph: Kurze Werbeeinblendung
          - link "Werbung überspringen":
            - /url: "#nach-anzeige-1"
          - link "Ein Schiff Anzeige nordlicht Wir bringen Ihre Fracht ans Ziel. Angebot anfordern":
            - /url: /go/nordlicht?v=…
            - img "Ein Schiff"
            - strong: Anzeige nordlicht
            - text: Wir bringen Ihre Fracht ans Ziel. Angebot anfordern
          - paragraph:
            - text: Anzeige von Kontor Nordlicht
            - link "Warum diese Anzeige?":
              - /url: /ads/nordlicht/"
      `)
      const link = ad(page).getByRole('link', { name: /Anzeige nordlicht/ })
      expect((await link.getAttribute('rel'))?.split(' ').sort()).toEqual([
        'nofollow',
        'noopener',
        'sponsored',
      ])
    })
  })

  test('stands in the text, after the third paragraph', async () => {
    await browser.visit(site, { size: 'phone' }, async (page, visit) => {
      await page.goto(visit.url('/leitartikel/'))
      const neighbours = await ad(page).evaluate((element) => {
        const paragraphs = [...document.querySelectorAll('.body > p')]
        const isBefore = (other: Element) =>
          (element.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_PRECEDING) !== 0
        return [paragraphs.filter(isBefore).length, paragraphs.length]
      })
      expect(neighbours).toEqual([3, 6])
    })
  })

  test('has a link past it for the keyboard, seen while it has the focus', async () => {
    await browser.visit(site, {}, async (page, visit) => {
      await page.goto(visit.url('/leitartikel/'))
      const skip = ad(page).getByRole('link', { name: 'Werbung überspringen' })
      await page.getByRole('link', { name: 'Zu den Kommentaren' }).focus()
      await page.keyboard.press('Tab')
      expect(await skip.evaluate((element) => element === document.activeElement)).toBe(true)
      await expect.poll(() => skip.evaluate((element) => getComputedStyle(element).opacity)).toBe('1')
      await page.keyboard.press('Enter')
      await page.keyboard.press('Tab')
      const isPast = await ad(page).evaluate((element) => {
        const focused = document.activeElement
        return (
          focused !== null &&
          !element.contains(focused) &&
          (element.compareDocumentPosition(focused) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0
        )
      })
      expect(isPast).toBe(true)
    })
  })

  test('is a target that a finger hits', async () => {
    await browser.visit(site, { size: 'phone' }, async (page, visit) => {
      await page.goto(visit.url('/leitartikel/'))
      const box = await ad(page)
        .getByRole('link', { name: /Anzeige nordlicht/ })
        .boundingBox()
      expect(box?.width).toBeGreaterThanOrEqual(44)
      expect(box?.height).toBeGreaterThanOrEqual(44)
    })
  })

  test('is not where an article wants none, and leaves no empty box', async () => {
    await browser.visit(site, {}, async (page, visit) => {
      await page.goto(visit.url('/ohne-werbung/'))
      expect(await ad(page).count()).toBe(0)
      expect(await page.locator('.ad, .ad-slot').count()).toBe(0)
    })
  })
})

describe('a click', () => {
  test.each([true, false])(
    'leads to the campaign’s own address and is counted (scripts: %s)',
    async (scripts) => {
      const before = await counted('nordlicht')
      await browser.visit(site, { scripts, mayVisit: [advertiserUrl] }, async (page, visit) => {
        await page.goto(visit.url('/leitartikel/'))
        await ad(page)
          .getByRole('link', { name: /Anzeige nordlicht/ })
          .click()
        await page.getByText('Willkommen beim Werbekunden').waitFor()
        expect(page.url()).toBe(`${advertiserUrl}/angebot?von=mw`)
      })
      expect((await counted('nordlicht')).clicks).toBe(before.clicks + 1)
    },
  )

  test('is counted once although it was a double click', async () => {
    const before = await counted('nordlicht')
    await browser.visit(site, { mayVisit: [advertiserUrl] }, async (page, visit) => {
      await page.goto(visit.url('/leitartikel/'))
      await ad(page)
        .getByRole('link', { name: /Anzeige nordlicht/ })
        .dblclick()
      await page.getByText('Willkommen beim Werbekunden').waitFor()
    })
    expect((await counted('nordlicht')).clicks).toBe(before.clicks + 1)
  })

  test('by keyboard counts as well, and may lead to a page of the site', async () => {
    const before = await counted('suedwind')
    await browser.visit(site, {}, async (page, visit) => {
      await page.goto(visit.url('/technik/'))
      await ad(page)
        .getByRole('link', { name: /Anzeige suedwind/ })
        .focus()
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { level: 1, name: 'Impressum' }).waitFor()
      expect(page.url()).toBe(visit.url('/impressum/'))
    })
    expect((await counted('suedwind')).clicks).toBe(before.clicks + 1)
  })
})

describe('a view', () => {
  const isPixel = (address: string) => new URL(address).pathname === '/go/nordlicht.gif'

  test('is counted when the reader comes near, and once', async () => {
    const before = await counted('nordlicht')
    await browser.visit(site, { size: 'phone' }, async (page, visit) => {
      const isAsked = () => visit.asked.filter(isPixel).length
      await page.goto(visit.url('/lang/'), { waitUntil: 'networkidle' })
      const top = await ad(page).evaluate((element) => element.getBoundingClientRect().top)
      expect(top).toBeGreaterThan(5000)
      expect(isAsked()).toBe(0)
      expect((await counted('nordlicht')).loaded).toBe(before.loaded)

      const answered = page.waitForResponse((response) => isPixel(response.url()))
      await ad(page).scrollIntoViewIfNeeded()
      expect((await answered).status()).toBe(204)
      await page.evaluate(() => scrollTo(0, 0))
      await ad(page).scrollIntoViewIfNeeded()
      expect(isAsked()).toBe(1)
    })
    expect((await counted('nordlicht')).loaded).toBe(before.loaded + 1)
  })

  test('of every page that is sent is one of its own; one that the browser had already is the same view', async () => {
    const before = await counted('nordlicht')
    const see = async (page: Page, url: string) => {
      const answered = page.waitForResponse((response) => isPixel(response.url()))
      await page.goto(url)
      await ad(page).scrollIntoViewIfNeeded()
      await answered
    }
    for (const _ of [1, 2])
      await browser.visit(site, {}, async (page, visit) => {
        await see(page, visit.url('/leitartikel/'))
        await see(page, visit.url('/leitartikel/'))
      })
    const { loaded, filtered } = await counted('nordlicht')
    expect([loaded - before.loaded, filtered - before.filtered]).toEqual([2, 2])
  })

  test('is loaded without scripts, and then never viewable', async () => {
    const before = await counted('nordlicht')
    await browser.visit(site, { scripts: false }, async (page, visit) => {
      const answered = page.waitForResponse((response) => isPixel(response.url()))
      await page.goto(visit.url('/leitartikel/'))
      await ad(page).scrollIntoViewIfNeeded()
      await answered
    })
    const after = await counted('nordlicht')
    expect([after.loaded - before.loaded, after.viewable - before.viewable]).toEqual([1, 0])
  })

  test('is viewable after a second in which half of it was in view, and once', async () => {
    const before = await counted('nordlicht')
    await browser.visit(site, { size: 'phone' }, async (page, visit) => {
      const isBeacon = (address: string) => new URL(address).pathname === '/go/nordlicht/seen'
      await page.goto(visit.url('/lang/'), { waitUntil: 'networkidle' })
      const beacon = page.waitForResponse((response) => isBeacon(response.url()))
      // Scrolled past: in view for less than a second.
      await ad(page).evaluate(async (element) => {
        element.scrollIntoView()
        await new Promise((resolve) => setTimeout(resolve, 500))
        scrollTo(0, 0)
        await new Promise((resolve) => setTimeout(resolve, 1500))
      })
      expect(visit.asked.filter(isBeacon)).toEqual([])
      const since = Date.now()
      await ad(page).evaluate((element) => element.scrollIntoView())
      expect((await beacon).status()).toBe(204)
      expect(Date.now() - since).toBeGreaterThanOrEqual(990)
      await page.evaluate(async () => {
        scrollTo(0, 0)
        await new Promise((resolve) => setTimeout(resolve, 100))
        scrollTo(0, document.body.scrollHeight)
      })
      await ad(page).evaluate(async (element) => {
        element.scrollIntoView()
        await new Promise((resolve) => setTimeout(resolve, 1300))
      })
      expect(visit.asked.filter(isBeacon)).toHaveLength(1)
    })
    expect((await counted('nordlicht')).viewable).toBe(before.viewable + 1)
  })

  test('takes no room and no place in what a screen reader reads', async () => {
    await browser.visit(site, {}, async (page, visit) => {
      await page.goto(visit.url('/leitartikel/'))
      const pixel = page.locator('img[src^="/go/nordlicht.gif?"]')
      expect(await pixel.evaluate((element) => getComputedStyle(element).position)).toBe('absolute')
      expect(await pixel.getAttribute('alt')).toBe('')
    })
  })
})
