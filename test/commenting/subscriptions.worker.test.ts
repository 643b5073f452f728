import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Keys } from '../../src/http/keys.ts'
import { Colleague } from '../support/desk.ts'
import { Dom } from '../support/dom.ts'
import { article, publishNewsroom, settings } from '../support/fixture.ts'
import { commentIdIn, SECRET, TestSite } from '../support/site.ts'

/** Mail about answers: only after a reader said so twice, and ended with one click. */

let site: TestSite
let anna: Colleague
let slug: string
let number = 0

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site)
  await site.publish('site', settings({ url: site.url }))
  anna = await Colleague.open(site, 'moderator')
})
afterAll(() => site.close())
beforeEach(async () => {
  slug = `abo-${++number}`
  await site.publish('articles', article(slug))
})

const later = (minutes = 1) => site.runScheduled('* * * * *', new Date(Date.now() + minutes * 60_000))
const post = (path: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  site.fetch(path, { method: 'POST', body: new URLSearchParams(fields), headers })
const lettersWith = (words: string) => site.letters.filter((text) => text.includes(words))

/** Writes a comment with the box ticked, has it approved, and gives the path in the mail that asks. */
async function subscribe(email = `leserin-${slug}@beispiel.de`) {
  const fields = { text: `Mein Kommentar zu ${slug}.`, email, benachrichtigen: '1' }
  const id = commentIdIn(await site.comment(slug, fields, {}, { settle: true }))
  await site.api('POST', `comments/${id}`, { status: 'approved' })
  await expect.poll(() => lettersWith(`Unter „${slug}“`).length).toBeGreaterThan(0)
  const path =
    /\/subscriptions\/confirm\/[\w-]{43}\//.exec(lettersWith(`Unter „${slug}“`).at(-1) ?? '')?.[0] ?? ''
  return { id, path, email }
}
const answer = async (parent: number, text: string, email = 'antwort@beispiel.de') => {
  const id = commentIdIn(await site.comment(slug, { parent: String(parent), text, email, name: 'Bodo' }))
  await site.api('POST', `comments/${id}`, { status: 'approved' })
  await later()
  return id
}

test('who only ticks the box is asked once, and gets nothing else', async () => {
  const { id } = await subscribe()
  await answer(id, `Eine Antwort zu ${slug}.`)
  expect(lettersWith(`Eine Antwort zu ${slug}.`)).toEqual([])
  expect(lettersWith(`Unter „${slug}“`)).toHaveLength(1)
})

test('who did not tick it is asked nothing', async () => {
  await site.comment(slug, { text: 'Ohne.' }, {}, { settle: true })
  expect(lettersWith(`Unter „${slug}“`)).toEqual([])
})

test('looking at the link confirms nothing; pressing the button does', async () => {
  const { id, path } = await subscribe()
  await site.fetch(path)
  await answer(id, `Zu früh ${slug}.`)
  expect(lettersWith(`Zu früh ${slug}.`)).toEqual([])
  const page = new Dom(await (await post(path)).text())
  expect(page.text('[role=status]')).toContain('Sie bekommen nun eine Mail')
  await answer(id, `Jetzt aber ${slug}.`)
  await expect.poll(() => lettersWith(`Jetzt aber ${slug}.`).length).toBe(1)
})

describe('an answer', () => {
  let id: number
  let path: string
  let email: string
  beforeEach(async () => {
    ;({ id, path, email } = await subscribe())
    await post(path)
  })

  test('is told once, with its words, where it stands and how to end this', async () => {
    const reply = await answer(id, `Das sehe ich auch so ${slug}.`)
    await later(2)
    await expect.poll(() => lettersWith(`Das sehe ich auch so ${slug}.`).length).toBe(1)
    const [text = ''] = lettersWith(`Das sehe ich auch so ${slug}.`)
    expect(text).toContain('Bodo hat auf Ihren Kommentar')
    expect(text).toContain(`/${slug}/?zu=${reply}#kommentar-${reply}`)
    expect(text).toMatch(/\/subscriptions\/[\w-]{22}\.[\w-]{22}\//)
    const rows = (await site.env.DB.prepare(`SELECT status, recipient FROM mail WHERE kind = 'answer'`).all())
      .results
    for (const row of rows) expect(row).toEqual({ status: 'sent', recipient: '' })
  })

  test('of one’s own, or that nobody sees, is not told', async () => {
    await answer(id, `Nachtrag ${slug}.`, email)
    const hidden = commentIdIn(
      await site.comment(slug, { parent: String(id), text: `Wartet ${slug}.`, email: 'x@beispiel.de' }),
    )
    await later()
    expect(lettersWith(`Nachtrag ${slug}.`)).toEqual([])
    expect(lettersWith(`Wartet ${slug}.`)).toEqual([])
    expect(hidden).toBeGreaterThan(0)
  })

  test('of the newsroom is told, too', async () => {
    await anna.post(
      `/desk/comments/${id}/`,
      { do: 'reply', text: `Die Redaktion ${slug}.` },
      {},
      { settle: true },
    )
    await expect.poll(() => lettersWith(`Die Redaktion ${slug}.`).length).toBe(1)
  })

  test('ends with the click that a mail program makes by itself, from nowhere and without a cookie', async () => {
    await answer(id, `Die letzte ${slug}.`)
    await expect.poll(() => lettersWith(`Die letzte ${slug}.`).length).toBe(1)
    const list = /\/subscriptions\/[\w.-]+\//.exec(lettersWith(`Die letzte ${slug}.`)[0] ?? '')?.[0] ?? ''
    const row = await site.env.DB.prepare('SELECT max(id) AS id FROM subscription').first()
    const response = await post(`${list}?abo=${String(row?.id)}`, { 'List-Unsubscribe': 'One-Click' })
    expect(response.status).toBe(200)
    await answer(id, `Danach ${slug}.`)
    expect(lettersWith(`Danach ${slug}.`)).toEqual([])
  })

  test('says in its header how a program ends it with one click (RFC 8058), which a look does not', async () => {
    await site.publish('site', settings({ url: site.url, mail: undefined })) // it stays in the outbox
    try {
      await answer(id, `Mit Kopf ${slug}.`)
    } finally {
      await site.publish('site', settings({ url: site.url }))
    }
    const row = await site.env.DB.prepare(
      `SELECT content FROM mail WHERE kind = 'answer' AND status = 'waiting' ORDER BY id DESC`,
    ).first<{ content: string }>()
    const { headers } = JSON.parse((await new Keys(SECRET).decrypt(row?.content ?? '')) ?? '{}')
    expect(Object.keys(headers).sort()).toEqual(['List-Unsubscribe', 'List-Unsubscribe-Post'])
    expect(headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click')
    const [, path = ''] = /^<https?:\/\/[^/>]+(\/[^<>\s]+)>$/.exec(headers['List-Unsubscribe']) ?? []
    expect((await site.fetch(path)).status).toBe(200)
    const left = async () =>
      (await site.env.DB.prepare('SELECT id FROM subscription WHERE comment = ?1').bind(id).all()).results
        .length
    expect(await left()).toBe(1)
    expect((await post(path, { 'List-Unsubscribe': 'One-Click' })).status).toBe(200)
    expect(await left()).toBe(0)
  })

  test('has a page that lists all of an address and ends all of them', async () => {
    await site.publish('articles', article(`${slug}-zwei`, { title: 'Der zweite Artikel' }))
    await answer(id, `Mit Liste ${slug}.`)
    await expect.poll(() => lettersWith(`Mit Liste ${slug}.`).length).toBe(1)
    const list = /\/subscriptions\/[\w.-]+\//.exec(lettersWith(`Mit Liste ${slug}.`)[0] ?? '')?.[0] ?? ''
    expect(new Dom(await site.page(list)).texts('.notice li a')).toEqual([`Artikel ${slug}`])
    const page = new Dom(await (await post(list)).text())
    expect(page.text('[role=status]')).toContain('Beendet')
    expect(page.text('.notice')).toContain('gibt es keine Benachrichtigungen')
    for (const wrong of [
      list.replace(/.\/$/, '!/'),
      '/subscriptions/x/',
      `/subscriptions/${'A'.repeat(22)}.${'A'.repeat(22)}/`,
    ])
      expect((await post(wrong)).status, wrong).toBe(404)
  })
})

test('a name can’t put a line of its own into a mail', async () => {
  const { id, path } = await subscribe()
  await post(path)
  const reply = commentIdIn(
    await site.comment(slug, {
      parent: String(id),
      text: `Kopfzeile ${slug}`,
      name: 'Bodo Bcc: x@boese.example',
      email: 'b@beispiel.de',
    }),
  )
  await site.api('POST', `comments/${reply}`, { status: 'approved' })
  await later()
  await expect.poll(() => lettersWith(`Kopfzeile ${slug}`).length).toBe(1)
  expect(lettersWith(`Kopfzeile ${slug}`)[0]).not.toMatch(/^Bcc:/m)
})

describe('the outbox', () => {
  const insert = (cause: string, status: string, more = '') =>
    site.env.DB.prepare(
      `INSERT INTO mail (cause, kind, recipient, content, status, created_at, due_at, leased_until)
       VALUES (?1, 'sign-in', 'x', 'x', ?2, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', '2026-01-01T00:02:00Z')`,
    )
      .bind(cause, status)
      .run()
      .then(() => more)
  const state = async (cause: string) =>
    site.env.DB.prepare('SELECT status, error, attempts FROM mail WHERE cause = ?1').bind(cause).first()

  test('never sends again what may have been sent: it is shown to the newsroom instead', async () => {
    await insert('broken off', 'sending')
    await later()
    expect(await state('broken off')).toMatchObject({ status: 'dead', error: 'unknown' })
    const editor = await Colleague.open(site, 'editor')
    expect(await editor.page('/desk/mail/')).toContain('Vielleicht ist sie angekommen')
  })

  test('gives up what it can’t read', async () => {
    await insert('unreadable', 'waiting')
    await later()
    expect(await state('unreadable')).toMatchObject({ status: 'dead', error: 'unreadable', attempts: 1 })
  })

  test('takes one mail for one cause', async () => {
    await insert('one cause', 'sent')
    await expect(insert('one cause', 'waiting')).rejects.toThrow(/UNIQUE/)
  })
})

test('who moderates gets a word about what waits, at most once a day', async () => {
  await site.comment(slug, { text: 'Wartet auf den Überblick.' })
  const digests = async () =>
    (
      await site.env.DB.prepare(`SELECT count(*) AS n FROM mail WHERE kind = 'digest' AND cause LIKE ?1`)
        .bind(`digest ${anna.id} %`)
        .first<{ n: number }>()
    )?.n ?? 0
  await later(25 * 60)
  const before = await digests()
  expect(before).toBeGreaterThan(0)
  await later(26 * 60)
  expect(await digests()).toBe(before)
  await later(50 * 60)
  expect(await digests()).toBe(before + 1)
})
