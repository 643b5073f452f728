import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TestBrowser, type Visit } from '../support/browser.ts'
import { generateComments } from '../support/corpus/comments.ts'
import { Colleague } from '../support/desk.ts'
import { article, publishNewsroom, settings } from '../support/fixture.ts'
import { commentIdIn, TestSite } from '../support/site.ts'

/** A day in the newsroom, from the first comment to the last request, in one go. */

let site: TestSite
let browser: TestBrowser
let anna: Colleague
beforeAll(async () => {
  ;[site, browser] = await Promise.all([TestSite.open(), TestBrowser.launch()])
  await publishNewsroom(site, ...['morgen', 'mittag', 'abend'].map((slug) => article(slug)))
  await site.publish('site', settings({ url: site.url }))
  anna = await Colleague.open(site, 'admin', {
    name: 'Anna',
    verified: new Date().toISOString().replace(/\.\d+Z/, 'Z'),
  })
})
afterAll(() => Promise.all([site?.close(), browser?.close()]))

async function signIn({ context }: Visit): Promise<void> {
  const [name = '', value = ''] = anna.cookie.split('=')
  const url = site.url.replace('http://127.0.0.1', 'https://localhost')
  await context.addCookies([{ name, value, url, secure: true, httpOnly: true, sameSite: 'Strict' }])
}
const rows = async () => site.comments()
const statuses = async () => {
  const counts: Record<string, number> = {}
  for (const { status } of await rows()) counts[String(status)] = (counts[String(status)] ?? 0) + 1
  return counts
}
const said = (page: Page) => page.locator('.desk-done [role=status]')
const later = (minutes: number) => site.runScheduled('* * * * *', new Date(Date.now() + minutes * 60_000))
const letterWith = async (words: string) => {
  await expect.poll(() => site.letters.find((text) => text.includes(words))).toBeDefined()
  return site.letters.find((text) => text.includes(words)) ?? ''
}

test('thirty comments, twelve of them spam, two answers, a report, an objection, and somebody who wants to be forgotten', async () => {
  // Morning: what came in over night.
  const generated = generateComments(120, 77, ['pills', 'casino'])
  const good = generated.filter(({ label }) => label === 'good').slice(0, 18)
  const spam = generated.filter(({ label }) => label === 'spam').slice(0, 12)
  const ids: Record<'good' | 'spam', number[]> = { good: [], spam: [] }
  for (const [n, { text, website }] of [...good, ...spam].entries()) {
    const label = n < good.length ? 'good' : 'spam'
    const fields = { text, website: website ?? '', name: `Leserin ${n}`, email: `leserin-${n}@beispiel.de` }
    ids[label].push(commentIdIn(await site.comment(['morgen', 'mittag', 'abend'][n % 3] ?? '', fields)))
  }
  expect(await rows()).toHaveLength(30)

  // Anna clears the queue by keyboard: each comment is read, then `a` or `s`.
  await browser.visit(site, { isStaff: true }, async (page, visit) => {
    await signIn(visit)
    await page.goto(visit.url('/desk/comments/'))
    for (let left = (await statuses()).pending ?? 0; left > 0; left--) {
      if ((await page.locator('.desk-queue > li').count()) === 0)
        await page.goto(visit.url('/desk/comments/'))
      await page.locator('.desk-queue > li').first().focus()
      const id = Number((await page.evaluate(() => document.activeElement?.id ?? '')).slice(1))
      await page.keyboard.press(ids.spam.includes(id) ? 's' : 'a')
      await page.locator(`#k${id}`).waitFor({ state: 'detached' })
    }
    await page.goto(visit.url('/desk/comments/'))
    await page.getByText('Alles erledigt.').waitFor()
  })
  expect(await statuses()).toEqual({ approved: 18, spam: 12 })

  // Two readers answer, on a phone; the newsroom lets them through at once.
  const [first = 0, second = 0] = ids.good
  for (const parent of [first, second]) {
    const slug = String((await rows()).find(({ id }) => id === parent)?.article)
    await browser.visit(site, { size: 'phone' }, async (page, visit) => {
      await page.goto(visit.url(`/${slug}/?zu=${parent}`))
      await visit.passTime(60)
      await page.locator(`#kommentar-${parent}`).getByRole('link', { name: 'Antworten' }).click()
      await page.getByRole('textbox', { name: 'Name *' }).fill('Antje Wort')
      await page.getByRole('textbox', { name: 'E-Mail *' }).fill(`antje-${parent}@beispiel.de`)
      await page.getByRole('textbox', { name: 'Kommentar *' }).fill(`Dem stimme ich zu, Nummer ${parent}.`)
      await page.getByRole('button', { name: 'Kommentar abschicken' }).click()
      await page.getByRole('status').waitFor()
    })
  }
  await browser.visit(site, { isStaff: true }, async (page, visit) => {
    await signIn(visit)
    await page.goto(visit.url('/desk/comments/'))
    await page.locator('[name=alle]').check()
    await page.getByRole('button', { name: 'Freigeben', exact: true }).first().click()
    expect(await said(page).textContent()).toBe('2 Kommentare freigegeben.')
  })

  // Noon: a reader reports a comment, and Anna takes it off the page.
  const reported = ids.good[2] ?? 0
  await browser.visit(site, { scripts: false }, async (page, visit) => {
    const slug = String((await rows()).find(({ id }) => id === reported)?.article)
    await page.goto(visit.url(`/${slug}/?zu=${reported}`))
    await page.locator(`#kommentar-${reported}`).getByRole('link', { name: 'Melden' }).click()
    await page.getByLabel('Grund *').selectOption('insult')
    await page.getByLabel('Was genau').fill('Das ist beleidigend.')
    await page.getByLabel('Ihre E-Mail-Adresse').fill('rita@beispiel.de')
    await page.getByLabel('Ich versichere').check()
    await page.getByRole('button', { name: 'Meldung abschicken' }).click()
    await page.getByText('ist unter der Nummer').waitFor()
  })
  await browser.visit(site, { isStaff: true }, async (page, visit) => {
    await signIn(visit)
    await page.goto(visit.url('/desk/reports/'))
    await page.getByLabel('Begründung').fill('Persönlicher Angriff')
    await page.getByRole('button', { name: 'Kommentar entfernen' }).click()
    await page.getByText('Es liegt keine Meldung vor.').waitFor()
  })
  expect((await statuses()).trash).toBe(1)
  await letterWith('Wir haben Ihre Meldung geprüft und den Kommentar entfernt.')

  // Its author is told why, and objects; Anna looks again and shows it.
  await later(11)
  const statement = await letterWith('Persönlicher Angriff')
  await browser.visit(site, { size: 'phone', scripts: false }, async (page, visit) => {
    await page.goto(visit.url(/\/objections\/[\w.-]+\//.exec(statement)?.[0] ?? ''))
    await page.getByLabel('Warum sind Sie nicht einverstanden').fill('Das war ein Zitat.')
    await page.getByRole('button', { name: 'Widerspruch abschicken' }).click()
    await page.getByText('Ihr Widerspruch ist eingegangen.').waitFor()
  })
  await browser.visit(site, { isStaff: true }, async (page, visit) => {
    await signIn(visit)
    await page.goto(visit.url('/desk/reports/'))
    await page.getByText('Das war ein Zitat.').waitFor()
    await page.getByRole('button', { name: 'Kommentar wieder zeigen' }).click()
    await page.getByText('Es liegt keine Meldung vor.').waitFor()
  })
  await letterWith('zeigen ihn wieder')
  expect(await statuses()).toEqual({ approved: 20, spam: 12 })

  // Evening: somebody wants their data deleted, and does it by themselves.
  const forgotten = (await rows()).find(({ id }) => id === first)
  await browser.visit(site, { scripts: false }, async (page, visit) => {
    await page.goto(visit.url('/my-data/'))
    await page.getByLabel('Ihre E-Mail-Adresse').fill('leserin-0@beispiel.de')
    await page.getByRole('button', { name: 'Link schicken' }).click()
    await page.getByText('Ein Link ist unterwegs.').waitFor()
    const mail = await letterWith('/my-data/')
    await page.goto(visit.url(/\/my-data\/[\w.-]+\//.exec(mail)?.[0] ?? ''))
    await page.getByText('1 Kommentar, 0 Benachrichtigungen, 0 Meldungen').waitFor()
    await page.getByRole('button', { name: 'Alles löschen, auch die Texte' }).click()
    await page.getByRole('button', { name: 'Ja, löschen' }).click()
    await page.getByText('nichts mehr gespeichert').waitFor()
    // It was answered: its place stays, and nothing of it.
    await page.goto(visit.url(`/${String(forgotten?.article)}/?zu=${first}`))
    expect(await page.locator(`#kommentar-${first}`).textContent()).toBe('Kommentar gelöscht')
    expect(await page.getByText(`Dem stimme ich zu, Nummer ${first}.`).count()).toBe(1)
  })

  // At the end every count is what a recount says.
  const { results } = await site.env.DB.prepare(
    `SELECT q.status, q.n, (SELECT count(*) FROM comment c WHERE c.status = q.status) AS counted FROM queue_count q
     WHERE q.status <> 'reported'`,
  ).all<{ status: string; n: number; counted: number }>()
  for (const { status, n, counted } of results) expect(n, status).toBe(counted)
  const { results: articles } = await site.env.DB.prepare(
    `SELECT slug, comment_count AS n, (SELECT count(*) FROM comment c WHERE c.article = slug AND c.status = 'approved') AS counted
     FROM article`,
  ).all<{ slug: string; n: number; counted: number }>()
  for (const { slug, n, counted } of articles) expect(n, slug).toBe(counted)
})
