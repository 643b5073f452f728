import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Keys } from '../../src/http/keys.ts'
import { Colleague } from '../support/desk.ts'
import { Dom } from '../support/dom.ts'
import { article, page, publishNewsroom, settings } from '../support/fixture.ts'
import { commentIdIn, freshAddress, SECRET, TestSite } from '../support/site.ts'

/** What the law gives a person about their data, and how long anything is kept. */

let site: TestSite
beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site, article('artikel'), article('anderer'))
})
afterAll(() => site.close())

const rows = async (table: string) => (await site.env.DB.prepare(`SELECT * FROM ${table}`).all()).results
const post = (path: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  site.fetch(
    path,
    {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { origin: site.url, 'cf-connecting-ip': freshAddress(), ...headers },
    },
    { settle: true },
  )

/** Somebody who wrote, was answered, wants mail and reported something. */
async function live(email: string) {
  const first = await site.approvedComment('artikel', {
    email,
    name: 'Persona',
    text: `Erster von ${email}.`,
  })
  const answer = await site.approvedComment('artikel', {
    email: 'a@beispiel.de',
    text: `Antwort auf ${email}.`,
    parent: String(first),
  })
  const second = commentIdIn(
    await site.comment('anderer', {
      email,
      name: 'Persona',
      text: `Zweiter von ${email}.`,
      benachrichtigen: '1',
    }),
  )
  await post(`/comments/${answer}/report/`, {
    reason: 'rules',
    explanation: `Meldung von ${email}.`,
    name: 'Persona',
    email,
    glauben: '1',
  })
  return { first, answer, second }
}

const dossier = async (email: string) => {
  const response = await site.api('POST', 'person/export', { email })
  expect(response.status).toBe(200)
  return response.json<{
    comments: { text: string }[]
    subscriptions: unknown[]
    reports: { explanation: string }[]
  }>()
}

describe('what is held on a person', () => {
  test('is given out whole, and nothing of anybody else', async () => {
    const email = 'auskunft@beispiel.de'
    await live(email)
    const held = await dossier(` ${email.toUpperCase()} `)
    expect(held.comments.map(({ text }) => text)).toEqual([`Erster von ${email}.`, `Zweiter von ${email}.`])
    expect(held.subscriptions).toHaveLength(1)
    expect(held.reports.map(({ explanation }) => explanation)).toEqual([`Meldung von ${email}.`])
    expect(JSON.stringify(held)).not.toContain('Antwort auf')
    expect(await dossier('niemand@beispiel.de')).toMatchObject({
      comments: [],
      subscriptions: [],
      reports: [],
    })
  })

  test('is erased with the texts: a comment that was answered leaves its place, and nothing else is left', async () => {
    const email = 'weg@beispiel.de'
    const { first, answer, second } = await live(email)
    const response = await site.api('POST', 'person/erase', { email })
    expect(await response.json()).toEqual({ comments: 2 })
    const comments = await rows('comment')
    expect(comments.find(({ id }) => id === first)).toMatchObject({
      status: 'deleted',
      name: '',
      email_hash: '',
    })
    expect(comments.find(({ id }) => id === second)).toBeUndefined()
    expect(comments.find(({ id }) => id === answer)).toMatchObject({
      text: `Antwort auf ${email}.`,
      thread: first,
    })
    const shown = await site.page('/artikel/')
    expect(shown).toContain('Kommentar gelöscht')
    expect(shown).not.toContain(`Erster von ${email}`)
    expect(await dossier(email)).toMatchObject({ comments: [], subscriptions: [], reports: [] })
    const everything = JSON.stringify(
      await Promise.all(['comment', 'report', 'subscription', 'audit', 'statement'].map(rows)),
    )
    for (const words of ['Erster', 'Zweiter']) expect(everything).not.toContain(`${words} von ${email}.`)
    expect((await rows('audit')).at(-1)).toMatchObject({
      action: 'erase-person',
      subject: 'person',
      detail: '{"n":2}',
    })
  })

  test('is erased without the texts: they stay without a name, and no longer as one person’s', async () => {
    const email = 'name-weg@beispiel.de'
    const { first, second } = await live(email)
    await site.api('POST', 'person/erase', { email, texts: 'keep' })
    const kept = (await rows('comment')).filter(({ id }) => id === first || id === second)
    for (const row of kept)
      expect(row).toMatchObject({ name: 'Anonym', website: null, avatar: '', ip_hash: null })
    expect(new Set(kept.map((row) => row.email_hash)).size).toBe(2)
    expect(await dossier(email)).toMatchObject({ comments: [], subscriptions: [], reports: [] })
    expect(await site.page('/artikel/')).toContain(`Erster von ${email}.`)
  })

  test('is asked for by nobody but who may write', async () => {
    for (const path of ['person/export', 'person/erase', 'keys/rotate'])
      expect((await site.api('POST', path, { email: 'x@beispiel.de' }, 'falsch')).status).toBe(401)
    expect((await site.api('POST', 'person/erase', { email: 'keine' })).status).toBe(400)
    expect(
      (await site.api('POST', 'person/erase', { email: 'x@beispiel.de', texts: 'vielleicht' })).status,
    ).toBe(400)
  })
})

describe('a person by themselves', () => {
  const links = () => site.letters.flatMap((text) => /\/my-data\/[\w.-]+\//.exec(text)?.[0] ?? [])
  const linkFor = async (email: string) => {
    const before = new Set(links())
    expect((await post('/my-data/', { email })).status).toBe(200)
    const fresh = () => links().find((path) => !before.has(path))
    await expect.poll(fresh).toBeDefined()
    return fresh() ?? ''
  }

  test('gets a link by mail, sees, takes along and erases; erasing asks first', async () => {
    const email = 'selbst@beispiel.de'
    await live(email)
    const mine = await linkFor(email)
    expect(await site.page(mine)).toContain('2 Kommentare, 1 Benachrichtigung, 1 Meldung')
    const download = await post(mine, { do: 'export' })
    expect(download.headers.get('content-disposition')).toContain('my-data.json')
    expect(await download.text()).toContain(`Erster von ${email}.`)
    const asked = new Dom(await (await post(mine, { do: 'erase-all' })).text())
    expect(asked.text('[role=alert]')).toContain('für immer')
    expect((await dossier(email)).comments).toHaveLength(2)
    const done = new Dom(await (await post(mine, { do: 'erase-all', sure: '1' })).text())
    expect(done.text('[role=status]')).toContain('Gelöscht')
    expect((await dossier(email)).comments).toHaveLength(0)
  })

  test('can use a link for a day, only as it was signed, and from nowhere else', async () => {
    const path = await linkFor('frist@beispiel.de')
    const tomorrow = new Date(Date.now() + 25 * 3_600_000).toISOString()
    expect((await site.fetch(path)).status).toBe(200)
    expect((await site.fetch(path, {}, { now: tomorrow })).status).toBe(404)
    expect((await site.fetch(path.replace(/\.([0-9a-z]+)\./, '.zzzzzz.'))).status).toBe(404)
    expect(
      (await post(path, { do: 'erase-all', sure: '1' }, { origin: 'https://boese.example' })).status,
    ).toBe(403)
    expect((await post('/my-data/', { email: 'keine' })).status).toBe(422)
  })
})

describe('at the desk', () => {
  test('an admin gives out and erases, after a passkey', async () => {
    const email = 'schreibtisch@beispiel.de'
    await live(email)
    const admin = await Colleague.open(site, 'admin', {
      verified: new Date().toISOString().replace(/\.\d+Z/, 'Z'),
    })
    const response = await admin.post('/desk/privacy/', { email, do: 'export' })
    expect(await response.json()).toMatchObject({ email, comments: [{}, {}] })
    expect((await admin.post('/desk/privacy/', { email, do: 'erase-all' })).headers.get('location')).toBe(
      '/desk/privacy/?meldung=erased',
    )
    expect((await dossier(email)).comments).toEqual([])
    expect(await admin.page('/desk/audit/')).not.toContain(email)
  })
})

describe('what may not be kept', () => {
  const days = (count: number) => new Date(Date.now() + count * 86_400_000)

  test('goes by the settings: hashes of connections, spam, trash, what nobody confirmed', async () => {
    const old = await TestSite.open()
    try {
      await publishNewsroom(old, article('alt'))
      const write = async (text: string, more = {}) =>
        commentIdIn(await old.comment('alt', { text, ...more }))
      const [kept, spam, trash] = [await write('Bleibt.'), await write('Spam.'), await write('Müll.')]
      await write('Abo.', { benachrichtigen: '1', email: 'abo@beispiel.de' })
      await old.api('POST', `comments/${spam}`, { status: 'spam' })
      await old.api('POST', `comments/${trash}`, { status: 'trash' })
      const state = async () => ({
        ids: (await old.comments()).map(({ id }) => id),
        hashes: (await old.comments()).filter(({ ip_hash }) => ip_hash !== null).length,
        unconfirmed: (
          await old.env.DB.prepare('SELECT count(*) AS n FROM subscription').first<{ n: number }>()
        )?.n,
      })
      await old.runScheduled('17 3 * * *', days(6))
      expect(await state()).toMatchObject({ ids: [1, 2, 3, 4], hashes: 4, unconfirmed: 1 })
      await old.runScheduled('17 3 * * *', days(8))
      expect(await state()).toMatchObject({ ids: [1, 2, 3, 4], hashes: 0, unconfirmed: 0 })
      await old.publish('site', settings({ retention: { spam: 20 } }))
      await old.runScheduled('17 3 * * *', days(22))
      expect((await state()).ids).toEqual([kept, trash, 4])
      await old.runScheduled('17 3 * * *', days(31))
      expect((await state()).ids).toEqual([kept, 4])
      const { results } = await old.env.DB.prepare('SELECT status, n FROM queue_count ORDER BY status').all()
      expect(results).toContainEqual({ status: 'pending', n: 2 })
      expect(results).toContainEqual({ status: 'spam', n: 0 })
    } finally {
      await old.close()
    }
  })

  test('is said on the privacy page as it is done', async () => {
    await site.publish(
      'pages',
      page(
        'datenschutz',
        'Datenschutz',
        'Nach [[retention.ipHash]] weg, Spam nach [[retention.spam]]. [[retention.x]]',
      ),
    )
    await site.publish('site', settings({ retention: { spam: 12 } }))
    expect(new Dom(await site.page('/datenschutz/')).text('.body')).toBe(
      'Nach 7 Tagen weg, Spam nach 12 Tagen. [[retention.x]]',
    )
    await site.publish('site', settings())
  })
})

describe('changing the key', () => {
  const OLD = 'an-old-key-for-addresses-that-is-long'
  const NEW = 'a-new-key-for-addresses-that-is-long'

  test('reads with both while it is under way, and with the new one alone after it', async () => {
    const keyed = await TestSite.open({ vars: { MW_EMAIL_SECRET: NEW, MW_EMAIL_SECRET_OLD: OLD } })
    try {
      await publishNewsroom(keyed, article('artikel'))
      const id = await keyed.approvedComment('artikel', { email: 'alt@beispiel.de' })
      await keyed.env.DB.prepare('UPDATE comment SET email = ?1')
        .bind(await new Keys(SECRET, [OLD]).encrypt('alt@beispiel.de'))
        .run()
      const read = async () =>
        (await (await keyed.api('GET', `comments/${id}`)).json<{ email: string }>()).email
      expect(await read()).toBe('alt@beispiel.de')
      let next: unknown = { column: 0, after: 0 }
      let changed = 0
      while (next) {
        const step = await (await keyed.api('POST', 'keys/rotate', next)).json<{
          changed: number
          next: unknown
        }>()
        changed += step.changed
        next = step.next
      }
      expect(changed).toBeGreaterThan(0)
      const sealed = String((await keyed.comments())[0]?.email)
      expect(await new Keys(SECRET, [NEW]).decrypt(sealed)).toBe('alt@beispiel.de')
      expect(await new Keys(SECRET, [OLD]).decrypt(sealed)).toBeNull()
      expect(await read()).toBe('alt@beispiel.de')
    } finally {
      await keyed.close()
    }
  })
})
