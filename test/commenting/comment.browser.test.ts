import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { focused, TestBrowser, type Visit } from '../support/browser.ts'
import { article, publishNewsroom } from '../support/fixture.ts'
import { TestSite } from '../support/site.ts'

/** Writing a comment, with and without JavaScript: what goes right, what goes wrong, and what is never lost. */

let site: TestSite
let browser: TestBrowser
/** Every test has an article of its own. */
let slug: string
let number = 0
beforeAll(async () => {
  ;[site, browser] = await Promise.all([TestSite.open(), TestBrowser.launch()])
  await publishNewsroom(site)
})
afterAll(() => Promise.all([site?.close(), browser?.close()]))
beforeEach(async () => {
  slug = `meldung-${++number}`
  await site.publish('articles', article(slug))
})

const TYPED = {
  name: 'Änne Groß-Özdemir',
  email: 'aenne.gross@beispiel.de',
  website: 'https://beispiel.de/änne',
  text: 'Größe, Maß, Ærø – „schöner“ geht’s nicht. 🎉👩🏽‍💻\n\nEin zweiter Absatz <b>ohne</b> Auszeichnung & mit Zeichen.',
}
type Fields = typeof TYPED

const LABELS = { name: 'Name *', email: 'E-Mail *', website: 'Website', text: 'Kommentar *' } as const
const field = (page: Page, name: keyof Fields) => page.getByRole('textbox', { name: LABELS[name] })
const submit = (page: Page) => page.getByRole('button', { name: 'Kommentar abschicken' })
const summary = (page: Page) => page.getByRole('alert')

async function fill(page: Page, fields: Partial<Fields>): Promise<void> {
  for (const name of ['name', 'email', 'website', 'text'] as const) {
    const value = fields[name]
    if (value !== undefined) await field(page, name).fill(value)
  }
}

/** What the form's fields hold. */
async function typed(page: Page): Promise<Fields> {
  const [name = '', email = '', website = '', text = ''] = await Promise.all(
    (['name', 'email', 'website', 'text'] as const).map((one) => field(page, one).inputValue()),
  )
  return { name, email, website, text }
}

/** Opens the article and takes a minute to read it. */
async function read(page: Page, visit: Visit): Promise<void> {
  await page.goto(visit.url(`/${slug}/`))
  await visit.passTime(60)
}

const preview = (page: Page) => page.getByRole('button', { name: 'Vorschau' })

const stored = async () => (await site.comments(slug)).length

const ownNotice = (page: Page) => page.getByRole('status')

describe.each([true, false])('with scripts: %s', (scripts) => {
  test('a comment can be looked at before it is sent, as often as one likes', async () => {
    await browser.visit(site, { scripts, size: 'phone' }, async (page, visit) => {
      await page.goto(visit.url(`/${slug}/`))
      await fill(page, { ...TYPED, text: 'Das ist *sicher*.' })
      await preview(page).click()
      await ownNotice(page).waitFor()
      expect(await ownNotice(page).locator('em').textContent()).toBe('sicher')
      expect(await stored()).toBe(0)
      await expect
        .poll(() => ownNotice(page).evaluate((element) => element.getBoundingClientRect().top < innerHeight))
        .toBe(true)
      expect(await typed(page)).toEqual({ ...TYPED, text: 'Das ist *sicher*.' })
      await field(page, 'text').fill('Das ist **ganz** sicher.')
      await preview(page).click()
      await expect.poll(() => ownNotice(page).locator('strong').textContent()).toBe('ganz')
      await visit.passTime(60)
      await submit(page).click()
      await expect.poll(() => ownNotice(page).textContent()).toMatch(/gespeichert und wartet/)
      expect(await stored()).toBe(1)
    })
  })

  test('the enter key sends, and does not only show', async () => {
    await browser.visit(site, { scripts }, async (page, visit) => {
      await read(page, visit)
      await fill(page, TYPED)
      await field(page, 'name').press('Enter')
      await expect.poll(() => ownNotice(page).textContent()).toMatch(/gespeichert und wartet/)
    })
  })

  test('a comment is stored as typed, and shown to its author while it waits', async () => {
    await browser.visit(site, { scripts, size: 'phone' }, async (page, visit) => {
      await read(page, visit)
      await fill(page, TYPED)
      await submit(page).click()
      await ownNotice(page).waitFor()
      expect(await ownNotice(page).textContent()).toMatch(/gespeichert und wartet auf die Freigabe/)
      const own = page.locator('.own')
      expect(await own.getByText('wartet auf Freigabe', { exact: true }).isVisible()).toBe(true)
      expect(await own.locator('bdi').textContent()).toBe(TYPED.name)
      expect(await own.locator('.comment-text p').allTextContents()).toEqual(TYPED.text.split('\n\n'))
      const id = await own.getAttribute('id')
      expect(new URL(page.url()).hash).toBe(`#${id}`)
      await expect
        .poll(() => own.evaluate((element) => element.getBoundingClientRect().top < innerHeight))
        .toBe(true)
      expect(await page.content()).not.toContain(TYPED.email)
      // The form is empty again, for another comment.
      expect(await typed(page)).toEqual({ name: '', email: '', website: '', text: '' })
    })
    const [comment] = await site.comments(slug)
    expect(comment).toMatchObject({ name: TYPED.name, text: TYPED.text, status: 'pending' })
  })

  test('a comment is answered where it stands, and the answer stands below it', async () => {
    const root = await site.approvedComment(slug, { name: 'Bodo', text: 'Was meinen Sie?' })
    await browser.visit(site, { scripts, size: 'phone' }, async (page, visit) => {
      await read(page, visit)
      await page.locator(`#kommentar-${root}`).getByRole('link', { name: 'Antworten' }).click()
      await page
        .getByRole('heading', { name: scripts ? 'Antworten: Bodo' : 'Schreibe einen Kommentar' })
        .waitFor()
      if (!scripts) expect(await page.locator('.answered').textContent()).toContain('Was meinen Sie?')
      await visit.passTime(120)
      await fill(page, { ...TYPED, text: 'Genau das.' })
      await submit(page).click()
      await ownNotice(page).waitFor()
      const [, answer] = await site.comments(slug)
      expect(answer).toMatchObject({ parent: root, thread: root, branch: null })
      expect(await page.locator('.comment-list details .own').textContent()).toContain('Genau das.')
    })
  })

  test('a comment is changed, and deleted, by who wrote it', async () => {
    await browser.visit(site, { scripts }, async (page, visit) => {
      await read(page, visit)
      await fill(page, { ...TYPED, text: 'Mit Felher.' })
      await submit(page).click()
      await page.getByRole('link', { name: 'Kommentar ändern oder löschen' }).click()
      await field(page, 'text').fill('Ohne Fehler.')
      await page.getByRole('button', { name: 'Änderung speichern' }).click()
      await expect.poll(() => page.locator('.own .comment-text').textContent()).toContain('Ohne Fehler.')
      expect(await page.locator('.own .comment-head').textContent()).toContain('bearbeitet')
      await page.getByRole('link', { name: 'Kommentar ändern oder löschen' }).click()
      await page.getByRole('button', { name: 'Kommentar löschen' }).click()
      await summary(page).waitFor()
      expect(await stored()).toBe(1)
      await page.getByRole('button', { name: 'Endgültig löschen' }).click()
      await expect.poll(() => ownNotice(page).textContent()).toBe('Ihr Kommentar ist gelöscht.')
      expect(await stored()).toBe(0)
    })
  })

  test('nobody else sees it before it is approved', async () => {
    await browser.visit(site, { scripts }, async (page, visit) => {
      await read(page, visit)
      await fill(page, { ...TYPED, text: 'Noch nicht freigegeben.' })
      await submit(page).click()
      await ownNotice(page).waitFor()
    })
    await browser.visit(site, { scripts }, async (page, visit) => {
      await page.goto(visit.url(`/${slug}/`))
      expect(await page.getByText('Noch nicht freigegeben.').count()).toBe(0)
      const [comment] = await site.comments(slug)
      await site.api('POST', `comments/${String(comment?.id)}`, { status: 'approved' })
      await page.goto(visit.url(`/${slug}/`))
      expect(await page.getByText('Noch nicht freigegeben.').count()).toBe(1)
      expect(await page.getByRole('heading', { name: '1 Kommentar' }).count()).toBe(1)
    })
  })

  test('a mistake is explained where the reader looks, nothing typed is lost, and the second try succeeds', async () => {
    await browser.visit(site, { scripts, size: 'phone' }, async (page, visit) => {
      await read(page, visit)
      await fill(page, { ...TYPED, name: '' })
      await submit(page).click()
      await summary(page).waitFor()
      expect(await page.title()).toMatch(/^Fehler: /)
      expect(await summary(page).textContent()).toContain('Eine Angabe fehlt oder stimmt nicht')
      await expect
        .poll(() => summary(page).evaluate((element) => element === document.activeElement))
        .toBe(true)
      expect(
        await summary(page).evaluate((element) => {
          const { top } = element.getBoundingClientRect()
          return top >= 0 && top < innerHeight
        }),
      ).toBe(true)
      expect(await typed(page)).toEqual({ ...TYPED, name: '' })

      // The message belongs to its field, and the summary leads to it.
      const message = 'Bitte geben Sie einen Namen an.'
      expect(await field(page, 'name').getAttribute('aria-invalid')).toBe('true')
      expect(await description(page, 'name')).toContain(message)
      expect(await field(page, 'text').getAttribute('aria-invalid')).toBeNull()
      await summary(page).getByRole('link', { name: message }).click()
      await expect.poll(() => focused(page)).toBe('#feld-name')

      await page.keyboard.type(TYPED.name)
      await submit(page).click()
      await ownNotice(page).waitFor()
    })
    expect(await site.comments(slug)).toMatchObject([{ name: TYPED.name, text: TYPED.text }])
  })

  test('every mistake has its own link, in the order of the form', async () => {
    await browser.visit(site, { scripts }, async (page, visit) => {
      await read(page, visit)
      await fill(page, { name: ' ', email: 'keine Adresse', website: 'javascript:alert(1)', text: '\n' })
      await submit(page).click()
      await summary(page).waitFor()
      const links = summary(page).getByRole('link')
      expect(await links.count()).toBe(4)
      for (const [index, name] of (['name', 'email', 'website', 'text'] as const).entries()) {
        await links.nth(index).click()
        await expect.poll(() => focused(page)).toBe(`#feld-${name}`)
      }
    })
    expect(await stored()).toBe(0)
  })

  test('a text that begins with an empty line comes back as it was', async () => {
    await browser.visit(site, { scripts }, async (page, visit) => {
      await read(page, visit)
      const text = '\n\n  Eingerückt </textarea><b>&amp;\n'
      await fill(page, { ...TYPED, name: '', text })
      await submit(page).click()
      await summary(page).waitFor()
      expect((await typed(page)).text).toBe(text)
    })
  })

  test('who is too quick, or whose page is too old, keeps the text and only has to send it again', async () => {
    await browser.visit(site, { scripts }, async (page, visit) => {
      await page.goto(visit.url(`/${slug}/`))
      await visit.passTime(3 * 24 * 3600)
      await fill(page, TYPED)
      await submit(page).click()
      await summary(page).waitFor()
      expect(await summary(page).textContent()).toContain('Ihr Text ist noch da')
      expect(await typed(page)).toEqual(TYPED)
      await submit(page).click()
      await page.getByText('Das ging sehr schnell').waitFor()
      expect(await typed(page)).toEqual(TYPED)
      await visit.passTime(3 * 24 * 3600 + 60)
      await submit(page).click()
      await ownNotice(page).waitFor()
    })
    expect(await stored()).toBe(1)
  })

  test('while the database is down the text is kept, and sent when it is back', async () => {
    await browser.visit(site, { scripts }, async (page, visit) => {
      await read(page, visit)
      const now = new Date(Date.now() + 60_000).toISOString()
      await visit.instrument({ 'x-probe-now': now, 'x-probe-down': 'd1' })
      await fill(page, TYPED)
      await submit(page).click()
      await summary(page).waitFor()
      expect(await summary(page).textContent()).toContain('konnte gerade nicht gespeichert werden')
      expect(await typed(page)).toEqual(TYPED)
      await visit.passTime(120)
      await submit(page).click()
      await ownNotice(page).waitFor()
    })
    expect(await stored()).toBe(1)
  })

  test('a double click makes one comment', async () => {
    await browser.visit(site, { scripts }, async (page, visit) => {
      await read(page, visit)
      await fill(page, TYPED)
      await submit(page).dblclick()
      await ownNotice(page).waitFor()
    })
    expect(await stored()).toBe(1)
  })

  test('going back and sending the same again makes one comment', async () => {
    await browser.visit(site, { scripts }, async (page, visit) => {
      await read(page, visit)
      await fill(page, TYPED)
      await submit(page).click()
      await ownNotice(page).waitFor()
      const own = page.url()
      await page.goBack()
      await fill(page, TYPED)
      await submit(page).click()
      await ownNotice(page).waitFor()
      expect(page.url()).toBe(own)
    })
    expect(await stored()).toBe(1)
  })

  test('reloading the page after sending makes one comment', async () => {
    await browser.visit(site, { scripts }, async (page, visit) => {
      await read(page, visit)
      await fill(page, TYPED)
      await submit(page).click()
      await ownNotice(page).waitFor()
      await page.reload()
      await ownNotice(page).waitFor()
    })
    expect(await stored()).toBe(1)
  })

  test('the keyboard is enough, from the top of the page to the sent comment', async () => {
    await browser.visit(site, { scripts }, async (page, visit) => {
      await read(page, visit)
      const press = (key: string) => page.keyboard.press(key)
      await press('Tab')
      expect(await focused(page)).toBe('Zum Inhalt springen')
      await press('Enter')
      await tabTo(page, 'Zu den Kommentaren')
      await press('Enter')
      await tabTo(page, '#feld-name')
      await page.keyboard.type(TYPED.name)
      await press('Tab')
      expect(await focused(page)).toBe('#feld-email')
      await page.keyboard.type(TYPED.email)
      await press('Tab')
      expect(await focused(page)).toBe('#feld-website')
      await press('Tab')
      expect(await focused(page)).toBe('#feld-text')
      await page.keyboard.type('Nur mit der Tastatur.')
      await press('Enter')
      await page.keyboard.type('Zweite Zeile.')
      await press('Tab')
      expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('benachrichtigen')
      await press('Tab')
      expect(await focused(page)).toBe('Kommentar abschicken')
      await press('Enter')
      await ownNotice(page).waitFor()
    })
    expect(await site.comments(slug)).toMatchObject([{ text: 'Nur mit der Tastatur.\nZweite Zeile.' }])
  })
})

/** The text that describes a field to a screen reader. */
const description = (page: Page, name: keyof Fields) =>
  field(page, name).evaluate((element) =>
    (element.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent ?? '')
      .join(' '),
  )

/** Presses Tab until something has the focus; a person would not press it more than a few times. */
async function tabTo(page: Page, wanted: string): Promise<void> {
  for (let presses = 0; presses < 8; presses++) {
    await page.keyboard.press('Tab')
    if ((await focused(page)) === wanted) return
  }
  throw new Error(`eight presses of Tab don’t lead to ${wanted}, but to ${await focused(page)}`)
}

describe('a form', () => {
  test('says what is published, what is required and where the rules are, before anything is typed', async () => {
    await browser.visit(site, {}, async (page, visit) => {
      await page.goto(visit.url(`/${slug}/`))
      const form = page.getByRole('region', { name: 'Schreibe einen Kommentar' })
      expect(await form.getByText('Ihre E-Mail-Adresse wird nicht veröffentlicht.').isVisible()).toBe(true)
      expect(await form.getByText('Erforderliche Felder sind mit * markiert.').isVisible()).toBe(true)
      expect(await form.getByRole('link', { name: 'Kommentarregeln' }).getAttribute('href')).toBe(
        '/kommentarregeln/',
      )
      expect(await form.getByRole('link', { name: 'Datenschutz' }).getAttribute('href')).toBe('/datenschutz/')
      expect(await description(page, 'name')).toContain('höchstens 80 Zeichen')
      expect(await description(page, 'email')).toContain('Wird nicht veröffentlicht')
      expect(await description(page, 'text')).toContain('5.000 Zeichen')
      const autocomplete = await form
        .locator('input[autocomplete]:not([tabindex="-1"])')
        .evaluateAll((inputs) => inputs.map((input) => input.getAttribute('autocomplete')))
      expect(autocomplete).toEqual(['name', 'email', 'url'])
    })
  })

  test('has a trap that a person neither sees nor reaches', async () => {
    await browser.visit(site, { size: 'phone' }, async (page, visit) => {
      await page.goto(visit.url(`/${slug}/`))
      expect(await page.getByRole('textbox', { name: /leer lassen/ }).count()).toBe(0)
      const trap = page.locator('[name=betreff]')
      const box = await trap.boundingBox()
      expect(box && box.x + box.width).toBeLessThanOrEqual(0)
      expect(await trap.getAttribute('tabindex')).toBe('-1')
      expect(await trap.getAttribute('autocomplete')).toBe('off')
    })
  })
})

test('with scripts the form opens below what is answered, holds what was typed, and goes back with a second click', async () => {
  const root = await site.approvedComment(slug, { name: 'Bodo', text: 'Was meinen Sie?' })
  await browser.visit(site, {}, async (page, visit) => {
    await read(page, visit)
    const answer = page.locator(`#kommentar-${root}`).getByRole('link', { name: 'Antworten' })
    await field(page, 'text').fill('Schon angefangen.')
    await answer.focus()
    await page.keyboard.press('Enter')
    expect(await focused(page)).toBe('#feld-name')
    expect(await page.locator(`#kommentar-${root} + .comment-form`).count()).toBe(1)
    expect(await field(page, 'text').inputValue()).toBe('Schon angefangen.')
    expect(await page.locator('[name=parent]').inputValue()).toBe(String(root))
    await answer.press('Enter')
    expect(await page.locator(`#kommentar-${root} + .comment-form`).count()).toBe(0)
    expect(await page.locator('[name=parent]').inputValue()).toBe('')
    expect(await focused(page)).toBe('Antworten')
    expect(page.url()).toBe(visit.url(`/${slug}/`))
  })
})
