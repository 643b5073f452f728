import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dom } from '../support/dom.ts'
import { article, publishNewsroom } from '../support/fixture.ts'
import { commentIdIn, type Instruments, inSeconds, TestSite } from '../support/site.ts'

let site: TestSite

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site, article('artikel'), article('anderer'))
})
afterAll(() => site.close())

/** Writes a comment and gives what its author has: the address they were sent to, and the key in it. */
async function write(fields: Record<string, string> = {}) {
  const response = await site.comment('artikel', fields)
  const path = response.headers.get('location') ?? ''
  const key = /kommentar=([\w.-]+)/.exec(path)?.[1] ?? ''
  return { id: commentIdIn(response), path, key, edit: path.replace(/#.*/, '&aendern=1') }
}

const post = async (
  key: string,
  fields: Record<string, string>,
  instruments: Instruments = {},
  headers: Record<string, string> = {},
) =>
  site.fetch(
    `/artikel/comments/${key}`,
    {
      method: 'POST',
      body: new URLSearchParams({ token: await site.token('artikel'), ...fields }),
      headers: { origin: site.url, ...headers },
    },
    instruments,
  )
const rowOf = async (id: number) => (await site.comments('artikel')).find((row) => row.id === id)
const open = async (path: string, instruments?: Instruments) => new Dom(await site.page(path, instruments))

describe('who wrote a comment', () => {
  test('finds the way to change it, with the text as it was typed', async () => {
    const own = await write({ text: 'Mit *Betonung*.' })
    const link = (await open(own.path)).attribute('.own-note a', 'href') ?? ''
    expect(link).toBe(`/artikel/?kommentar=${own.key}&aendern=1#kommentar-formular`)
    const page = await open(link)
    expect(page.text('.comment-form h2')).toBe('Kommentar ändern oder löschen')
    expect(page.value('text')).toBe('Mit *Betonung*.')
    expect(page.has('[name=email]')).toBe(false)
    expect(page.attribute('.comment-form form', 'action')).toBe(`/artikel/comments/${own.key}`)
  })

  test('changes it, and sees that it is changed', async () => {
    const own = await write({ text: 'Mit Felher.' })
    const response = await post(own.key, { text: 'Mit **Fehler**.' })
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe(own.path)
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    const page = await open(own.path)
    expect(page.text(`#kommentar-${own.id} strong`)).toBe('Fehler')
    expect(page.text(`#kommentar-${own.id} .comment-head`)).toContain('bearbeitet')
    expect(await rowOf(own.id)).toMatchObject({ text: 'Mit **Fehler**.', status: 'pending' })
  })

  test('changes a published one, and it waits again', async () => {
    const own = await write({ text: 'Schon zu sehen.' })
    await site.api('POST', `comments/${own.id}`, { status: 'approved' })
    expect(await site.page('/artikel/')).toContain('Schon zu sehen.')
    await post(own.key, { text: 'Jetzt ganz anders.' })
    expect(await rowOf(own.id)).toMatchObject({ status: 'pending' })
    const page = await site.page('/artikel/')
    expect(page).not.toContain('Schon zu sehen.')
    expect(page).not.toContain('Jetzt ganz anders.')
  })

  test('does not free a comment from spam by changing it', async () => {
    const own = await write({ text: 'Billige Uhren' })
    await site.api('POST', `comments/${own.id}`, { status: 'spam' })
    await post(own.key, { text: 'Ganz harmlos' })
    expect(await rowOf(own.id)).toMatchObject({ status: 'spam', text: 'Ganz harmlos' })
  })

  test('looks at the change before it is stored', async () => {
    const own = await write({ text: 'Vorher.' })
    const response = await post(own.key, { text: 'Nachher, *vielleicht*.', absicht: 'vorschau' })
    expect(response.status).toBe(200)
    const page = new Dom(await response.text())
    expect(page.text('.preview em')).toBe('vielleicht')
    expect(page.value('text')).toBe('Nachher, *vielleicht*.')
    expect(await rowOf(own.id)).toMatchObject({ text: 'Vorher.' })
  })

  test('gets a text with a mistake back', async () => {
    const own = await write({ text: 'Vorher.' })
    const response = await post(own.key, { text: ' ' })
    expect(response.status).toBe(422)
    expect(new Dom(await response.text()).text('.error-summary')).toContain('Bitte schreiben Sie')
    expect(await rowOf(own.id)).toMatchObject({ text: 'Vorher.' })
  })

  test('can change it for a quarter of an hour, and keeps the text that came too late', async () => {
    const own = await write({ text: 'Vorher.' })
    const late = inSeconds(16 * 60)
    expect((await open(own.path, { now: late })).text('.own-note a')).toBe('Kommentar löschen')
    const response = await post(own.key, { text: 'Zu spät.' }, { now: late })
    expect(response.status).toBe(403)
    const page = new Dom(await response.text())
    expect(page.text('.error-summary')).toContain('Die 15 Minuten sind um')
    expect(page.value('text')).toBe('Zu spät.')
    expect(await rowOf(own.id)).toMatchObject({ text: 'Vorher.' })
    expect((await post(own.key, { text: 'Noch recht.' }, { now: inSeconds(14 * 60) })).status).toBe(303)
  })

  test('is told when nothing can be stored', async () => {
    const own = await write({ text: 'Vorher.' })
    const response = await post(own.key, { text: 'Nachher.' }, { down: ['d1-write'] })
    expect(response.status).toBe(503)
    expect(new Dom(await response.text()).value('text')).toBe('Nachher.')
  })

  test('is asked before it is deleted', async () => {
    const own = await write({ text: 'Soll weg.' })
    const response = await post(own.key, { absicht: 'loeschen' })
    expect(response.status).toBe(200)
    const page = new Dom(await response.text())
    expect(page.text('[role=alert]')).toContain('wirklich löschen')
    expect(page.texts('.comment-form button')).toEqual(['Endgültig löschen'])
    expect(await rowOf(own.id)).toMatchObject({ text: 'Soll weg.' })
  })

  test('deletes it at any time, and nothing of it is left', async () => {
    const own = await write({ text: 'Ist weg.' })
    await site.api('POST', `comments/${own.id}`, { status: 'approved' })
    const response = await post(own.key, { absicht: 'endgueltig-loeschen' }, { now: inSeconds(86_000) })
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/artikel/?geloescht=1#kommentare')
    expect((await open('/artikel/?geloescht=1')).text('.own-note')).toBe('Ihr Kommentar ist gelöscht.')
    expect(await rowOf(own.id)).toBeUndefined()
    expect(await site.page('/artikel/')).not.toContain('Ist weg.')
    expect((await post(own.key, { absicht: 'endgueltig-loeschen' })).status).toBe(303) // the second click
  })

  test('leaves an empty place where it was answered', async () => {
    const own = await write({ text: 'Hat eine Antwort.' })
    await site.api('POST', `comments/${own.id}`, { status: 'approved' })
    await site.approvedComment('artikel', { text: 'Die Antwort.', parent: String(own.id) })
    await post(own.key, { absicht: 'endgueltig-loeschen' })
    const page = await open('/artikel/')
    expect(page.text(`#kommentar-${own.id}`)).toBe('Kommentar gelöscht')
    expect(page.html).toContain('Die Antwort.')
    expect(await rowOf(own.id)).toMatchObject({ status: 'deleted', name: '', text: '', email: '' })
  })

  test('who reloads the address of the form is led back to it', async () => {
    const own = await write()
    const response = await site.fetch(`/artikel/comments/${own.key}`)
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe(own.path)
  })
})

describe('nobody else', () => {
  test('can change or delete it: not without its key, not from another site, not on another article', async () => {
    const own = await write({ text: 'Bleibt.' })
    const forged = own.key.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
    for (const key of [forged, String(own.id), `${own.id}.`, `0${own.key}`]) {
      expect((await post(key, { text: 'Anders.' })).status, key).toBe(404)
      expect((await post(key, { absicht: 'endgueltig-loeschen' })).status, key).toBe(404)
      expect((await site.fetch(`/artikel/comments/${key}`)).status, key).toBe(404)
    }
    const foreign = { origin: 'https://boese.example' }
    expect((await post(own.key, { absicht: 'endgueltig-loeschen' }, {}, foreign)).status).toBe(403)
    const elsewhere = await site.fetch(`/anderer/comments/${own.key}`, {
      method: 'POST',
      body: new URLSearchParams(),
    })
    expect(elsewhere.status).toBe(404)
    expect((await post(own.key, { absicht: 'endgueltig-loeschen', token: 'x.y' })).status).toBe(422)
    expect(await rowOf(own.id)).toMatchObject({ text: 'Bleibt.' })
  })

  test('is led to change it by the page they see', async () => {
    await site.approvedComment('artikel', { text: 'Von jemand.' })
    expect((await open('/artikel/')).has('.own-note')).toBe(false)
    expect(await site.page('/artikel/?aendern=1')).not.toContain('Kommentar ändern')
  })
})

describe('an avatar', () => {
  const avatarOf = async (fields: Record<string, string>) => {
    const id = await site.approvedComment('artikel', fields)
    return (await open(`/artikel/?zu=${id}`)).attribute(`#kommentar-${id} img`, 'src') ?? ''
  }

  test('is the same for one person, and differs where name or address differ', async () => {
    const one = await avatarOf({ name: 'Änne', email: 'a@beispiel.de', text: 'Eins' })
    expect(one).toMatch(/^\/avatar\/[\w-]{4}\.svg$/)
    expect(await avatarOf({ name: 'Änne', email: 'A@Beispiel.de', text: 'Zwei' })).toBe(one)
    expect(await avatarOf({ name: 'Änne', email: 'b@beispiel.de', text: 'Drei' })).not.toBe(one)
    expect(await avatarOf({ name: 'Bodo', email: 'a@beispiel.de', text: 'Vier' })).not.toBe(one)
  })

  test('is a picture that is drawn here and kept for ever', async () => {
    const response = await site.fetch('/avatar/aB-9.svg')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('image/svg+xml')
    expect(response.headers.get('cache-control')).toContain('immutable')
    expect(await response.text()).toMatch(
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="-1 -1 7 7">/,
    )
    for (const wrong of ['aB3.svg', 'aB3_9.svg', 'aB-9.png', '%3Csv.svg'])
      expect((await site.fetch(`/avatar/${wrong}`)).status, wrong).toBe(404)
  })
})
