import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { expectAccess } from '../support/access.ts'
import { sidewaysScroll, TestBrowser, type Visit } from '../support/browser.ts'
import { Colleague } from '../support/desk.ts'
import { article, publishNewsroom } from '../support/fixture.ts'
import { complaintsAbout } from '../support/markup.ts'
import { commentIdIn, TestSite } from '../support/site.ts'

/** A moderator's morning: by keyboard, by mouse, on a phone, and without scripts. */

let site: TestSite
let browser: TestBrowser
let anna: Colleague
let slug: string
let number = 0

beforeAll(async () => {
  ;[site, browser] = await Promise.all([TestSite.open(), TestBrowser.launch()])
  await publishNewsroom(site)
  anna = await Colleague.open(site, 'admin', {
    name: 'Anna',
    verified: new Date().toISOString().replace(/\.\d+Z/, 'Z'),
  })
})
afterAll(() => Promise.all([site?.close(), browser?.close()]))
beforeEach(async () => {
  slug = `meldung-${++number}`
  await site.publish('articles', article(slug))
})

/** Some comments that wait, and their numbers. */
async function write(count: number): Promise<number[]> {
  const ids: number[] = []
  for (let n = 1; n <= count; n++)
    ids.push(commentIdIn(await site.comment(slug, { text: `Kommentar Nummer ${n}.`, name: `Leserin ${n}` })))
  return ids
}
const status = async (id: number) => (await site.comments(slug)).find((one) => one.id === id)?.status

async function signIn({ context }: Visit): Promise<void> {
  const [name = '', value = ''] = anna.cookie.split('=')
  const url = site.url.replace('http://127.0.0.1', 'https://localhost')
  await context.addCookies([{ name, value, url, secure: true, httpOnly: true, sameSite: 'Strict' }])
}

const focusedText = (page: Page) =>
  page.evaluate(() => document.activeElement?.querySelector('.comment-text')?.textContent?.trim())
const said = (page: Page) => page.locator('.desk-done [role=status]')
const open = (page: Page, visit: Visit) => page.goto(visit.url(`/desk/comments/?artikel=${slug}`))

describe('by keyboard alone', () => {
  test('a queue is cleared: move, decide, take back, and the focus goes on to the next', async () => {
    const [one = 0, two = 0, three = 0, four = 0] = await write(4)
    await browser.visit(site, { isStaff: true }, async (page, visit) => {
      await signIn(visit)
      await open(page, visit)
      await page.keyboard.press('j')
      expect(await focusedText(page)).toBe('Kommentar Nummer 1.')
      await page.keyboard.press('j')
      await page.keyboard.press('k')
      expect(await focusedText(page)).toBe('Kommentar Nummer 1.')
      await page.keyboard.press('a')
      await expect.poll(() => said(page).textContent()).toBe('1 Kommentar freigegeben.')
      await expect.poll(() => focusedText(page)).toBe('Kommentar Nummer 2.')
      await page.keyboard.press('s')
      await expect.poll(() => said(page).textContent()).toBe('1 Kommentar als Spam verworfen.')
      await expect.poll(() => focusedText(page)).toBe('Kommentar Nummer 3.')
      await page.keyboard.press('t')
      await expect.poll(() => said(page).textContent()).toBe('1 Kommentar in den Papierkorb gelegt.')
      await page.keyboard.press('u')
      await expect.poll(() => said(page).textContent()).toBe('Rückgängig gemacht: 1 Kommentar.')
      expect(await page.locator('.desk-queue > li').count()).toBe(2)
    })
    expect(await Promise.all([one, two, three, four].map(status))).toEqual([
      'approved',
      'spam',
      'pending',
      'pending',
    ])
  })

  test('the last comment of a queue can be taken back as well', async () => {
    const [id = 0] = await write(1)
    await browser.visit(site, { isStaff: true }, async (page, visit) => {
      await signIn(visit)
      await open(page, visit)
      await page.keyboard.press('j')
      await page.keyboard.press('a')
      await page.getByText('Dazu ist nichts da.').waitFor()
      expect(await said(page).textContent()).toBe('1 Kommentar freigegeben.')
      await page.keyboard.press('u')
      await page.locator(`#k${id}`).waitFor()
      expect(await said(page).textContent()).toBe('Rückgängig gemacht: 1 Kommentar.')
    })
    expect(await status(id)).toBe('pending')
  })

  test('the search, the help and the way to an answer are one key away', async () => {
    await write(1)
    await browser.visit(site, { isStaff: true }, async (page, visit) => {
      await signIn(visit)
      await open(page, visit)
      await page.keyboard.press('?')
      expect(await page.locator('.desk-help').getAttribute('open')).not.toBeNull()
      await page.keyboard.press('/')
      await page.keyboard.type('Nummer ja')
      expect(await page.locator('[type=search]').inputValue()).toBe('Nummer ja') // letters are letters here
      await page.locator('.desk-queue > li').focus()
      await page.keyboard.press('x')
      expect(await page.locator('[name=pick]').isChecked()).toBe(true)
      await page.keyboard.press('r')
      await page.getByRole('heading', { name: 'Kommentar von Leserin 1' }).waitFor()
    })
  })

  test('what another moderator decided meanwhile is said, and not overwritten', async () => {
    const [id = 0] = await write(2)
    await browser.visit(site, { isStaff: true }, async (page, visit) => {
      await signIn(visit)
      await open(page, visit)
      await site.api('POST', `comments/${id}`, { status: 'approved' })
      await page.keyboard.press('j')
      await page.keyboard.press('s')
      await expect.poll(() => said(page).textContent()).toContain('inzwischen freigegeben')
      expect(await page.locator('.desk-queue > li').count()).toBe(1)
    })
    expect(await status(id)).toBe('approved')
  })
})

test('the queue brings in what is new without losing what is picked', async () => {
  const [one = 0, two = 0] = await write(2)
  await browser.visit(site, { isStaff: true }, async (page, visit) => {
    await signIn(visit)
    await open(page, visit)
    await page.locator(`#k${two} [name=pick]`).check()
    await site.api('POST', `comments/${two}`, { status: 'approved' })
    await site.comment(slug, { text: 'Ganz neu.' })
    await page.locator(`#k${one}`).focus()
    await page.keyboard.press('a') // what is decided about brings the rest up to date
    await page.getByText('Ganz neu.').waitFor()
    expect(await page.locator(`#k${two} [name=pick]`).isChecked()).toBe(true)
  })
})

describe('without scripts, on a phone', () => {
  test('one is decided about, several are, all of a selection are, and it is taken back', async () => {
    const ids = await write(6)
    await browser.visit(site, { isStaff: true, scripts: false, size: 'phone' }, async (page, visit) => {
      await signIn(visit)
      await open(page, visit)
      expect(await sidewaysScroll(page)).toBe(0)
      await page.getByRole('button', { name: 'Freigeben: Leserin 1' }).click()
      expect(await said(page).textContent()).toBe('1 Kommentar freigegeben.')
      await page.locator(`#k${ids[1]} [name=pick]`).check()
      await page.locator(`#k${ids[2]} [name=pick]`).check()
      await page.getByRole('button', { name: 'Spam', exact: true }).first().click()
      expect(await said(page).textContent()).toBe('2 Kommentare als Spam verworfen.')
      await page.locator('[name=alle]').check()
      await page.getByRole('button', { name: 'Papierkorb', exact: true }).first().click()
      expect(await said(page).textContent()).toBe('3 Kommentare in den Papierkorb gelegt.')
      await page.getByRole('button', { name: 'Rückgängig' }).click()
      expect(await said(page).textContent()).toBe('Rückgängig gemacht: 3 Kommentare.')
    })
    expect(await Promise.all(ids.map(status))).toEqual([
      'approved',
      'spam',
      'spam',
      ...Array(3).fill('pending'),
    ])
  })

  test('a comment is answered, shortened and recommended', async () => {
    const id = await site.approvedComment(slug, { text: 'Gut. Und böse.', name: 'Cem' })
    await browser.visit(site, { isStaff: true, scripts: false, size: 'phone' }, async (page, visit) => {
      await signIn(visit)
      await page.goto(visit.url(`/desk/comments/${id}/`))
      await page.getByLabel('Antwort', { exact: true }).fill('Danke.')
      await page.getByRole('button', { name: 'Antwort veröffentlichen' }).click()
      await page.getByLabel('Text', { exact: true }).fill('Gut.')
      await page.getByLabel('Grund').fill('Beleidigung')
      await page.getByRole('button', { name: 'Speichern' }).click()
      await page.getByRole('button', { name: 'Empfehlen' }).click()
      await page.goto(visit.url(`/${slug}/`))
      expect(await page.locator('.pinned').textContent()).toContain('Von der Redaktion gekürzt: Beleidigung')
      expect(await page.locator('.badge').textContent()).toBe('Redaktion')
    })
  })
})

test('every page of the desk is accessible in light and dark, on phone and desktop, and valid HTML', async () => {
  const parent = await site.approvedComment(slug, {
    text: 'Die *Frage*.\n\n> Zitat\n\n`Code`',
    name: 'Frager',
  })
  await site.comment(slug, {
    text: 'Die Antwort, mit https://beispiel.de/',
    parent: String(parent),
    website: 'https://beispiel.de',
  })
  const approved = (await site.comments(slug)).find(({ id }) => id === parent)
  await anna.post(`/desk/comments/${parent}/`, {
    do: 'shorten',
    version: String(approved?.version),
    text: 'Kurz.',
    reason: 'Länge',
  })
  await anna.post('/desk/blocks/', { kind: 'word', value: 'casino*' })
  await site.env.DB.prepare(
    `INSERT INTO mail (cause, kind, recipient, content, status, created_at, due_at, error) VALUES ('x', 'sign-in', 'x', 'x', 'dead', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', 'unknown')`,
  ).run()
  const pages: Record<string, string> = {
    queue: '/desk/comments/',
    'queue with a word about what was done': `/desk/comments/?erledigt=approve&n=1&audit=1&anders=${parent}`,
    'queue that finds nothing': '/desk/comments/?q=nirgends',
    published: '/desk/comments/?status=approved',
    comment: `/desk/comments/${parent}/`,
    blocks: '/desk/blocks/',
    people: '/desk/people/',
    log: '/desk/audit/',
    mail: '/desk/mail/',
    account: '/desk/account/',
    confirm: '/desk/confirm/',
  }
  const markup = new Map<string, string>()
  await browser.visit(site, { isStaff: true }, async (page, visit) => {
    await page.goto(visit.url('/desk/sign-in/'))
    await expectAccess(page, 'desk sign-in')
    await signIn(visit)
    for (const [name, path] of Object.entries(pages)) {
      const response = await page.goto(visit.url(path))
      expect(response?.status(), name).toBe(200)
      markup.set(name, (await response?.text()) ?? '')
      await expectAccess(page, `desk ${name}`)
      await page.setViewportSize({ width: 320, height: 640 })
      expect(await sidewaysScroll(page), name).toBe(0)
    }
  })
  expect(await complaintsAbout(markup)).toEqual([])
})
