import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dom } from '../support/dom.ts'
import { article, publishNewsroom, settings } from '../support/fixture.ts'
import { costOf, inSeconds, TestSite } from '../support/site.ts'

/** The clock of these tests only goes forward. */
let site: TestSite

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(
    site,
    ...Array.from({ length: 16 }, (_, n) =>
      article(
        `nr-${n}`,
        {
          date: `2026-02-${String(28 - n).padStart(2, '0')}T08:00:00Z`,
          section: n % 2 === 0 ? 'wirtschaft' : 'technik',
        },
        'Ein Absatz.',
      ),
    ),
  )
  for (const text of ['Erstens.', 'Zweitens.']) await site.approvedComment('nr-9', { text })
  await site.approvedComment('nr-12')
  await site.comment('nr-13') // waits, and so does not count
})
afterAll(() => site.close())

const open = async (now?: string) => new Dom(await site.page('/', now ? { now } : {}))
const pin = (...front: Record<string, string>[]) => site.publish('site', settings({ front }))
const slugs = (page: Dom, selector: string) => page.attributes(`${selector} a`, 'href')

describe('the front page', () => {
  test('has a lead story, a second tier, the latest with their times, what is talked about, and the sections', async () => {
    const page = await open()
    expect(slugs(page, '.front-lead h2')).toEqual(['/nr-0/'])
    expect(slugs(page, '.front-second h2')).toEqual(['/nr-1/', '/nr-2/', '/nr-3/'])
    expect(page.text('.ticker h2')).toBe('Neueste Meldungen')
    expect(page.attributes('.ticker li time', 'datetime').length).toBeGreaterThan(2)
    expect(page.texts('.most-commented li')).toEqual([
      'Artikel nr-9 2 Kommentare',
      'Artikel nr-12 1 Kommentar',
    ])
    expect(page.texts('.front-section h2')).toEqual(['Wirtschaft', 'Technik'])
    expect(slugs(page, '.front-section .more')).toEqual(['/category/wirtschaft/', '/category/technik/'])
  })

  test('shows every article once', async () => {
    const page = await open()
    const all = page
      .attributes('main a', 'href')
      .filter((href) => href?.startsWith('/nr-'))
      .sort()
    expect(all).toEqual(Array.from({ length: 16 }, (_, n) => `/nr-${n}/`).sort())
  })

  test('leads to the archive', async () => {
    expect((await open()).attributes('.ticker .more a', 'href')).toEqual(['/2026/'])
  })

  test('is led by what the newsroom pins, until the end of the day it names', async () => {
    await pin({ slug: 'nr-11', until: '2026-12-24' }, { slug: 'nr-5' }, { slug: 'gibt-es-nicht' })
    const order = (page: Dom) => [...slugs(page, '.front-lead h2'), ...slugs(page, '.front-second h2')]
    expect(order(await open())).toEqual(['/nr-11/', '/nr-5/', '/nr-0/', '/nr-1/'])
    expect(order(await open('2026-12-24T22:59:00Z'))).toEqual(['/nr-11/', '/nr-5/', '/nr-0/', '/nr-1/'])
    expect(order(await open('2026-12-24T23:01:00Z'))).toEqual(['/nr-5/', '/nr-0/', '/nr-1/', '/nr-2/'])
    await pin()
  })
})

describe('while D1 is down', () => {
  test('the front page and lists that were read before are given from memory', async () => {
    const paths = ['/', '/category/technik/', '/tag/handel/', '/author/miriam-albers/']
    for (const path of paths) await site.page(path, { now: '2026-12-26T12:00:00Z' })
    for (const path of paths) {
      const response = await site.fetch(path, {}, { now: '2026-12-27T11:59:00Z', down: ['d1'] })
      expect(response.status, path).toBe(200)
      expect(costOf(response).d1, path).toBe(1)
    }
  })

  test('others say so, and when to come back', async () => {
    for (const path of ['/page/2/', '/category/wirtschaft/', '/2026/02/', '/2026/']) {
      const response = await site.fetch(path, {}, { down: ['d1'], now: '2027-01-10T00:00:00Z' })
      expect(response.status, path).toBe(503)
      expect(response.headers.get('retry-after'), path).toBe('60')
      expect(new Dom(await response.text()).text('h1')).toBe('Gerade nicht erreichbar')
    }
  })
})

test('an empty site says so, in words', async () => {
  const empty = await TestSite.open()
  try {
    await empty.publish('site', settings())
    expect(new Dom(await empty.page('/')).text('.notice')).toContain('Hier ist noch nichts veröffentlicht.')
    expect(costOf(await empty.fetch('/', {}, { now: inSeconds(100) })).d1).toBe(1)
  } finally {
    await empty.close()
  }
})
