import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { expectAccess } from '../support/access.ts'
import { sidewaysScroll, TestBrowser, type Visit } from '../support/browser.ts'
import { article, publishNewsroom, settings } from '../support/fixture.ts'
import { COMMENT, TestSite } from '../support/site.ts'
import { TURNSTILE_SECRET, TurnstileServer } from '../support/turnstile.ts'

/** The comment form with Turnstile, whose script and frame come from a server on this machine. */

let turnstile: TurnstileServer
let site: TestSite
let browser: TestBrowser
let slug: string
let number = 0

beforeAll(async () => {
  turnstile = await TurnstileServer.open()
  ;[site, browser] = await Promise.all([TestSite.open({ vars: { TURNSTILE_SECRET } }), TestBrowser.launch()])
  await publishNewsroom(site)
  await site.publish('site', settings({ comments: { moderation: 'none', turnstile: turnstile.settings } }))
})
afterAll(() => Promise.all([site?.close(), browser?.close(), turnstile?.close()]))
beforeEach(async () => {
  slug = `drehkreuz-${++number}`
  await site.publish('articles', article(slug, { date: new Date(Date.now() - 86_400_000).toISOString() }))
  turnstile.asked = []
})

const frame = (page: Page) => page.frameLocator('.turnstile iframe').getByRole('heading', { name: 'Geprüft' })
const token = (page: Page) => page.locator('[name=cf-turnstile-response]').first()
const field = (page: Page, name: string) => page.getByRole('textbox', { name })
const submit = (page: Page) => page.getByRole('button', { name: 'Kommentar abschicken' })
const notice = (page: Page) => page.getByRole('status')

async function fill(page: Page, text = COMMENT.text): Promise<void> {
  await field(page, 'Name *').fill(COMMENT.name)
  await field(page, 'E-Mail *').fill(COMMENT.email)
  await field(page, 'Kommentar *').fill(text)
}
/** What the browser asked of others than the site. */
const elsewhere = ({ asked }: Visit) => asked.filter((url) => url.startsWith(turnstile.url))
const mayVisit = () => ({ mayVisit: [turnstile.url] })

describe('with scripts', () => {
  test('who only reads asks nobody else for anything', async () => {
    await browser.visit(site, {}, async (page, visit) => {
      await page.goto(visit.url(`/${slug}/`))
      await page.locator('.comment-form').scrollIntoViewIfNeeded()
      await page.getByText('Ohne JavaScript geht es auch').waitFor()
      expect(elsewhere(visit)).toEqual([])
    })
  })

  test('who writes brings in the widget, and the comment is published', async () => {
    await browser.visit(site, mayVisit(), async (page, visit) => {
      await page.goto(visit.url(`/${slug}/`))
      await visit.passTime(60)
      await fill(page)
      await frame(page).waitFor()
      await expect.poll(() => token(page).inputValue()).toMatch(/^token-/)
      await submit(page).click()
      await expect.poll(() => notice(page).textContent()).toMatch(/ist veröffentlicht/)
      expect(elsewhere(visit).filter((url) => url.includes('/api.js'))).toHaveLength(1)
    })
    expect(turnstile.asked).toHaveLength(1)
  })

  test('after a preview the widget is there again, with a token of its own', async () => {
    await browser.visit(site, mayVisit(), async (page, visit) => {
      await page.goto(visit.url(`/${slug}/`))
      await fill(page)
      await frame(page).waitFor()
      await page.getByRole('button', { name: 'Vorschau' }).click()
      await notice(page).waitFor()
      expect(turnstile.asked).toEqual([])
      await expect.poll(() => token(page).inputValue()).toMatch(/^token-/)
      await visit.passTime(60)
      await submit(page).click()
      await expect.poll(() => notice(page).textContent()).toMatch(/ist veröffentlicht/)
    })
  })

  test('the form that moves below what it answers takes the widget along', async () => {
    const id = await site.approvedComment(slug, { text: 'Wer antwortet?' })
    await browser.visit(site, mayVisit(), async (page, visit) => {
      await page.goto(visit.url(`/${slug}/`))
      await visit.passTime(60)
      await field(page, 'Name *').fill(COMMENT.name)
      await frame(page).waitFor()
      await page.locator(`#kommentar-${id}`).getByRole('link', { name: 'Antworten' }).click()
      await frame(page).waitFor()
      await expect.poll(() => token(page).inputValue()).toMatch(/^token-/)
      expect(await page.locator('.turnstile iframe').count()).toBe(1)
      await fill(page, 'Ich antworte.')
      await submit(page).click()
      await expect.poll(() => notice(page).textContent()).toMatch(/ist veröffentlicht/)
    })
  })

  test('who changes a comment has the widget there, too', async () => {
    const taken = await site.comment(slug, { 'cf-turnstile-response': turnstile.issue() })
    const own = taken.headers.get('location')?.replace(/#.*/, '&aendern=1') ?? ''
    await browser.visit(site, mayVisit(), async (page, visit) => {
      await page.goto(visit.url(own))
      await visit.passTime(60)
      await expect.poll(() => token(page).inputValue()).toMatch(/^token-/)
      await field(page, 'Kommentar *').fill('Geändert.')
      await page.getByRole('button', { name: 'Änderung speichern' }).click()
      await page.getByText('bearbeitet').waitFor()
    })
    expect(turnstile.asked).toHaveLength(2)
    expect((await site.comments(slug)).at(-1)).toMatchObject({ status: 'approved', text: 'Geändert.' })
  })

  test('the policy lets in nothing but that one origin', async () => {
    const other = await TurnstileServer.open()
    const origin = other.url
    const violations: string[] = []
    const visit = browser.visit(site, { mayVisit: [turnstile.url] }, async (page, visit) => {
      await page.exposeFunction('note', (violation: string) => violations.push(violation))
      await page.goto(visit.url(`/${slug}/`))
      await page.evaluate((origin) => {
        const note: unknown = Reflect.get(window, 'note')
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
          if (typeof note === 'function') note(`${effectiveDirective} ${blockedURI}`)
        })
        const script = document.createElement('script')
        script.src = `${origin}/api.js`
        const frame = document.createElement('iframe')
        frame.src = `${origin}/frame`
        document.body.appendChild(script)
        document.body.appendChild(frame)
      }, origin)
      await expect.poll(() => violations).toHaveLength(2)
    })
    // The visit is no peaceful one: the browser complains.
    await expect(visit).rejects.toThrow()
    await other.close()
    expect(violations.sort()).toEqual([
      expect.stringMatching(`^frame-src ${origin}`),
      `script-src-elem ${origin}/api.js`,
    ])
  })

  test('where the script can’t be had the comment is taken and waits', async () => {
    await browser.visit(site, mayVisit(), async (page, visit) => {
      await page.route('**/api.js*', (route) => route.fulfill({ body: '' }))
      await page.goto(visit.url(`/${slug}/`))
      await visit.passTime(60)
      await fill(page)
      await submit(page).click()
      await expect.poll(() => notice(page).textContent()).toMatch(/wartet auf die Freigabe/)
    })
  })

  test('the form with the widget is accessible, and fits the narrowest screen', async () => {
    await browser.visit(site, mayVisit(), async (page, visit) => {
      await page.goto(visit.url(`/${slug}/`))
      await field(page, 'Name *').focus()
      await frame(page).waitFor()
      await expectAccess(page, 'Turnstile')
    })
    await browser.visit(site, { size: 'narrow', ...mayVisit() }, async (page, visit) => {
      await page.goto(visit.url(`/${slug}/`))
      await field(page, 'Name *').focus()
      await frame(page).waitFor()
      expect(await sidewaysScroll(page)).toBe(0)
    })
  })
})

describe('without scripts', () => {
  test('the form says what happens, and the comment is taken and waits', async () => {
    await browser.visit(site, { scripts: false }, async (page, visit) => {
      await page.goto(visit.url(`/${slug}/`))
      await visit.passTime(60)
      await page.getByText('Ohne JavaScript geht es auch').waitFor()
      await fill(page)
      await submit(page).click()
      await expect.poll(() => notice(page).textContent()).toMatch(/wartet auf die Freigabe/)
      expect(elsewhere(visit)).toEqual([])
    })
    expect((await site.comments(slug)).at(-1)).toMatchObject({ status: 'pending', text: COMMENT.text })
  })

  test('and is accessible', async () => {
    await browser.visit(site, { ignoresPolicy: true }, async (page, visit) => {
      await page.route('**/scripts/*', (route) => route.fulfill({ body: '', contentType: 'text/javascript' }))
      await page.goto(visit.url(`/${slug}/`))
      await page.getByText('Ohne JavaScript geht es auch').waitFor()
      await expectAccess(page, 'Turnstile ohne Skript')
    })
  })
})
