import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TransferredComment } from '../../src/comment/transfer.ts'
import { Dom } from '../support/dom.ts'
import { article, publishNewsroom } from '../support/fixture.ts'
import { READ_TOKEN, TestSite } from '../support/site.ts'

let site: TestSite
let other: TestSite
beforeAll(async () => {
  ;[site, other] = await Promise.all([TestSite.open(), TestSite.open()])
  for (const one of [site, other]) await publishNewsroom(one, article('eins'), article('zwei'))
})
afterAll(() => Promise.all([site.close(), other.close()]))

interface Exported {
  items: TransferredComment[]
  next: number | null
}
const put = async (to: TestSite, items: unknown[]) => {
  const response = await to.api('POST', 'comments', { items })
  expect(response.status).toBe(200)
  return (await response.json<{ outcomes: { outcome: string; reason?: string }[] }>()).outcomes
}
const get = async (from: TestSite): Promise<TransferredComment[]> => {
  const all: TransferredComment[] = []
  for (let after: number | null = 0; after !== null; ) {
    const page: Exported = await (await from.api('GET', `comments/export?after=${after}`)).json<Exported>()
    all.push(...page.items)
    after = page.next
  }
  return all
}

const comment = (n: number, more: Partial<TransferredComment> = {}): TransferredComment => ({
  source: `wxr:${n}`,
  parent: null,
  article: 'eins',
  name: 'Änne',
  email: 'a@beispiel.de',
  website: null,
  text: `Nummer ${n}`,
  status: 'approved',
  createdAt: '2019-03-04T11:30:00Z',
  editedAt: null,
  original: null,
  shortened: null,
  pinnedAt: null,
  ...more,
})

describe('comments of another system', () => {
  test('come with threads, dates, states and names; again, none is doubled', async () => {
    const items = [
      comment(3, { parent: 'wxr:2', text: 'Drei' }),
      comment(1, { text: 'Eins' }),
      comment(2, { parent: 'wxr:1', text: 'Zwei' }),
      comment(4, { status: 'spam' }),
    ]
    expect(await put(site, items)).toEqual(Array(4).fill({ outcome: 'created' }))
    expect(await put(site, items)).toEqual(Array(4).fill({ outcome: 'exists' }))
    const page = new Dom(await site.page('/eins/'))
    expect(page.text('#kommentare-titel')).toBe('3 Kommentare')
    expect(page.text('.comment-list ol ol .comment-text')).toBe('Drei')
    expect(page.attribute('.comment-list > li > .comment time', 'datetime')).toBe('2019-03-04T11:30:00Z')
  })

  test('are left out with a reason where they do not fit', async () => {
    const outcomes = await put(site, [
      comment(50, { article: 'gibt-es-nicht' }),
      comment(51, { text: '' }),
      comment(52, { createdAt: 'gestern' }),
      comment(53, { website: 'javascript:alert(1)' }),
      { kein: 'Kommentar' },
      null,
      comment(54),
    ])
    expect(outcomes.map(({ reason = 'created' }) => reason)).toEqual([
      'no-article',
      ...Array(5).fill('invalid'),
      'created',
    ])
  })

  test('are changed by nobody who may only read', async () => {
    expect((await site.api('POST', 'comments', { items: [] }, READ_TOKEN)).status).toBe(403)
    expect((await site.api('POST', 'comments', { items: Array(501).fill(comment(1)) })).status).toBe(400)
  })
})

test('what is exported comes back as it was, again and again', async () => {
  const moment = fc
    .date({ min: new Date('2005-01-01'), max: new Date('2026-01-01'), noInvalidDate: true })
    .map((at) => at.toISOString().replace(/\.\d+Z$/, 'Z'))
  const text = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
    .filter((one) => one.trim() === one && !/\p{C}/u.test(one) && one.normalize('NFC') === one)
  let number = 1000
  const one = fc.record({
    name: text,
    email: fc.constantFrom('', 'a@beispiel.de', 'b@beispiel.de'),
    website: fc.option(fc.constant('https://beispiel.de/'), { nil: null }),
    text,
    status: fc.constantFrom('approved' as const, 'pending' as const, 'spam' as const, 'trash' as const),
    createdAt: moment,
    editedAt: fc.option(moment, { nil: null }),
    original: fc.option(text, { nil: null }),
    shortened: fc.option(text, { nil: null }),
    answers: fc.nat(10),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 12 }), async (made) => {
      const items = made.map(({ answers, ...more }, index) => {
        number++
        const parent = answers < index ? `wxr:${number - index + answers}` : null
        return comment(number, { ...more, article: 'zwei', parent, pinnedAt: null })
      })
      await put(site, items)
      const mine = new Set(items.map(({ source }) => source))
      const exported = (await get(site)).filter(({ source }) => mine.has(source))
      expect(exported.map((item) => item.source).toSorted()).toEqual([...mine].toSorted())
      for (const item of items) expect(exported.find(({ source }) => source === item.source)).toEqual(item)
      await put(other, exported)
      const again = (await get(other)).filter(({ source }) => mine.has(source))
      for (const item of items) expect(again.find(({ source }) => source === item.source)).toEqual(item)
    }),
    { numRuns: 12 },
  )
})

test('a comment that was written here goes to another site with its answers, and back without a double', async () => {
  const id = await site.approvedComment('eins', { text: 'Hier geschrieben.' })
  await site.approvedComment('eins', {
    text: 'Hier geantwortet.',
    parent: String(id),
    email: 'z@beispiel.de',
  })
  const exported = (await get(site)).filter(({ source }) => source.startsWith('mw:'))
  expect(exported.at(-1)).toMatchObject({ parent: `mw:${id}` })
  await put(other, exported)
  expect((await get(other)).filter(({ source }) => source.startsWith('mw:'))).toEqual(exported)
  const count = (await get(site)).length
  expect(await put(site, exported)).toEqual(exported.map(() => ({ outcome: 'exists' })))
  expect(await get(site)).toHaveLength(count)
})
