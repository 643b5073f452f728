import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dom } from '../support/dom.ts'
import { article, publishNewsroom } from '../support/fixture.ts'
import { commentIdIn, READ_TOKEN, TestSite } from '../support/site.ts'

let site: TestSite

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site, article('artikel'), article('liste'), article('folge'))
})
afterAll(() => site.close())

interface Page {
  items: { id: number; status: string; text: string; article: string }[]
  next: number | null
}
const list = async (query = ''): Promise<Page> => (await site.api('GET', `comments${query}`)).json<Page>()
const decide = (id: number | string, body: unknown, token?: string) =>
  site.api('POST', `comments/${id}`, body, token)
const write = async (text: string, slug = 'artikel') => commentIdIn(await site.comment(slug, { text }))
const heading = async () => new Dom(await site.page('/artikel/')).text('#kommentare-titel')

describe('the newsroom approves a comment', () => {
  test('and everybody sees it at once, and the count is right', async () => {
    const id = await write('Bitte freigeben.')
    expect(await heading()).toBe('Kommentare')
    expect(await site.page('/artikel/')).not.toContain('Bitte freigeben.')
    const response = await decide(id, { status: 'approved' })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ id, status: 'approved', article: 'artikel' })
    expect(await site.page('/artikel/')).toContain('Bitte freigeben.')
    expect(await heading()).toBe('1 Kommentar')
  })

  test('and who wrote it reads that it is published, at the address they have', async () => {
    const response = await site.comment('artikel', { text: 'Schon da?' })
    const own = response.headers.get('location') ?? ''
    await decide(commentIdIn(response), { status: 'approved' })
    const page = new Dom(await site.page(own))
    expect(page.text('.own-note')).toContain('Ihr Kommentar ist veröffentlicht. Vielen Dank!')
    expect(page.has('.waiting')).toBe(false)
  })

  test('twice, and it is counted once', async () => {
    const before = await heading()
    const id = await write('Doppelt freigegeben.')
    await decide(id, { status: 'approved' })
    await decide(id, { status: 'approved' })
    expect(before).toBe('2 Kommentare')
    expect(await heading()).toBe('3 Kommentare')
  })
})

describe('the newsroom takes a comment off the page', () => {
  test.each(['spam', 'trash', 'pending'])('as %s, and it is gone at once', async (status) => {
    const id = await site.approvedComment('folge', { text: `Wird ${status}.` })
    expect(await site.page('/folge/')).toContain(`Wird ${status}.`)
    await decide(id, { status })
    expect(await site.page('/folge/')).not.toContain(`Wird ${status}.`)
    expect((await list(`?status=${status}`)).items.map((item) => item.id)).toContain(id)
  })

  test('into the trash, and who wrote it does not see it any more either', async () => {
    const response = await site.comment('folge', { text: 'Fort damit.' })
    await decide(commentIdIn(response), { status: 'trash' })
    const page = await site.fetch(response.headers.get('location') ?? '')
    expect(page.status).toBe(200)
    expect(await page.text()).not.toContain('Fort damit.')
  })

  test('for good, and nothing of it is left', async () => {
    const id = await site.approvedComment('folge', { text: 'Ganz weg.' })
    expect((await site.api('DELETE', `comments/${id}`)).status).toBe(204)
    expect(await site.page('/folge/')).not.toContain('Ganz weg.')
    expect((await site.comments('folge')).map((row) => row.id)).not.toContain(id)
    expect((await site.api('GET', `comments/${id}`)).status).toBe(404)
    expect((await site.api('DELETE', `comments/${id}`)).status).toBe(404)
  })
})

describe('the list', () => {
  test('shows those that wait by default, the newest first, a page at a time', async () => {
    const ids: number[] = []
    for (let n = 0; n < 22; n++) ids.push(await write(`In der Schlange ${n}.`, 'liste'))
    const first = await list()
    expect(first.items).toHaveLength(20)
    expect(first.items[0]).toMatchObject({ id: ids.at(-1), status: 'pending', article: 'liste' })
    expect(first.next).toBe(first.items.at(-1)?.id)
    const second = await list(`?before=${first.next}`)
    const seen = [...first.items, ...second.items].map(({ id }) => id)
    expect(seen.slice(0, 22)).toEqual(ids.toReversed())
    expect(new Set(seen).size).toBe(seen.length)
    expect(second.next).toBeNull()
  })

  test('shows one status at a time', async () => {
    for (const status of ['pending', 'approved', 'spam', 'trash']) {
      const { items } = await list(`?status=${status}`)
      expect(items.length, status).toBeGreaterThan(0)
      expect(new Set(items.map((item) => item.status)), status).toEqual(new Set([status]))
    }
  })

  test.each([
    '?status=fertig',
    '?status=',
    '?before=x',
    '?before=0',
    '?before=-1',
    "?before=1'",
    '?status=spam&status=trash',
  ])('refuses %s', async (query) => {
    const response = await site.api('GET', `comments${query}`)
    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  })
})

describe('a decision', () => {
  test('about nothing is a 404', async () => {
    for (const id of [999_999, '0', '-1', 'x', '1e9', '99999999999999999999']) {
      expect((await decide(id, { status: 'approved' })).status, String(id)).toBe(404)
      expect((await site.api('GET', `comments/${id}`)).status, String(id)).toBe(404)
      expect((await site.api('DELETE', `comments/${id}`)).status, String(id)).toBe(404)
    }
  })

  test('that is none is a 400', async () => {
    const id = await write('Was nun?')
    for (const body of [{}, { status: 'fertig' }, { status: 'approved', mehr: 1 }, [], 'approved', null]) {
      expect((await decide(id, body)).status, JSON.stringify(body)).toBe(400)
    }
    expect((await site.comments('artikel')).find((row) => row.id === id)?.status).toBe('pending')
  })

  test('in another format is a 415, one too long a 413', async () => {
    const id = await write('Welches Format?')
    const headers = { authorization: 'Bearer token-that-may-write' }
    const form = { method: 'POST', headers, body: new URLSearchParams({ status: 'approved' }) }
    expect((await site.fetch(`/api/comments/${id}`, form)).status).toBe(415)
    expect((await decide(id, { status: 'x'.repeat(2000) })).status).toBe(413)
  })

  test('is the newsroom’s alone', async () => {
    const id = await write('Darf ich?')
    expect((await decide(id, { status: 'approved' }, 'falscher-schluessel-der-lang-ist')).status).toBe(401)
    expect((await decide(id, { status: 'approved' }, READ_TOKEN)).status).toBe(403)
    expect((await site.api('DELETE', `comments/${id}`, undefined, READ_TOKEN)).status).toBe(403)
    expect((await site.fetch(`/api/comments/${id}`, { method: 'DELETE' })).status).toBe(401)
    expect((await site.api('GET', `comments/${id}`, undefined, READ_TOKEN)).status).toBe(200)
    expect((await site.comments('artikel')).find((row) => row.id === id)?.status).toBe('pending')
  })
})
