import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readListPage, selectListPage } from '../../src/article/list-store.ts'
import { Dom } from '../support/dom.ts'
import { article, publishNewsroom } from '../support/fixture.ts'
import { costOf, rowsReadBy, TestSite } from '../support/site.ts'

let site: TestSite
const COUNT = 95

/** Short articles, one an hour, the first of them the oldest. */
const numbered = (n: number) =>
  article(
    `nr-${n}`,
    {
      date: new Date(Date.parse('2026-02-01T06:00:00Z') + n * 3_600_000).toISOString(),
      section: 'technik',
      tags: ['Reihe'],
    },
    'Ein Absatz.',
  )

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site)
  for (let at = 0; at < COUNT; at += 20) {
    const some = Array.from({ length: Math.min(20, COUNT - at) }, (_, n) => numbered(at + n))
    await site.publish('articles', ...some)
  }
})
afterAll(() => site.close())

const hrefs = (page: Dom, selector: string) =>
  page.attributes(selector, 'href').filter((href) => href !== null)
const open = async (path: string) => new Dom(await site.page(path))
const listed = (page: Dom) => hrefs(page, 'main .cards h2 a')
const names = (from: number, to: number) =>
  Array.from({ length: from - to + 1 }, (_, n) => `/nr-${from - n}/`)

describe('a long list', () => {
  test('has twenty-five articles on a page, and says where it is', async () => {
    const page = await open('/category/technik/page/2/')
    expect(listed(page)).toEqual(names(69, 45))
    expect(page.text('h1')).toBe('Technik')
    expect(page.text('.list-head .standfirst')).toBe('Seite 2 von 4')
    expect(page.text('title')).toBe('Technik, Seite 2 – MedienWirtschaft')
    expect(page.attribute('link[rel=canonical]', 'href')).toBe(`${site.url}/category/technik/page/2/`)
    expect(page.texts('.breadcrumbs li')).toEqual(['Startseite', 'Technik', 'Seite 2'])
  })

  test('has the rest on its last page, and nothing beyond', async () => {
    const page = await open('/category/technik/page/4/')
    expect(listed(page)).toEqual(names(19, 0))
    expect(page.has('a[rel=next], link[rel=next]')).toBe(false)
    for (const beyond of ['5', '999999', '0', '-1', 'x', '1e3'])
      expect((await site.fetch(`/category/technik/page/${beyond}/`)).status, beyond).toBe(404)
  })

  test('links its neighbours, the first and the last page', async () => {
    const page = await open('/tag/reihe/page/3/')
    const stand = '?stand=2026-02-05T04:00:00Z'
    expect(page.attributes('.paging li a', 'href')).toEqual([
      '/tag/reihe/',
      `/tag/reihe/page/2/${stand}`,
      `/tag/reihe/page/3/${stand}`,
      `/tag/reihe/page/4/${stand}`,
    ])
    expect(page.attribute('.paging a[aria-current=page]', 'aria-label')).toBe('Seite 3')
    expect(page.attribute('link[rel=prev]', 'href')).toBe(`/tag/reihe/page/2/${stand}`)
    expect(page.attribute('link[rel=next]', 'href')).toBe(`/tag/reihe/page/4/${stand}`)
  })

  test.each(['/page/2/', '/author/miriam-albers/page/2/', '/2026/02/page/2/'])(
    'is one on %s, too',
    async (path) => {
      const response = await site.fetch(path)
      expect(response.status).toBe(200)
      expect(costOf(response)).toMatchObject({ d1: 1 })
      expect(listed(new Dom(await response.text()))).toEqual(names(69, 45))
    },
  )

  test('reads about as many rows for the last page as for the second', async () => {
    const read = async (page: number) =>
      rowsReadBy(await site.fetch(`/tag/reihe/page/${page}/?stand=2026-02-05T03:59:59Z`))
    const [second, last] = [await read(2), await read(4)]
    expect(second).toBeLessThan(200)
    expect(last).toBeLessThanOrEqual(second)
  })

  test('ignores a moment that is none, or not yet', async () => {
    for (const stand of ['gestern', '2999-01-01T00:00:00Z', "';--"])
      expect(listed(await open(`/tag/reihe/page/2/?stand=${encodeURIComponent(stand)}`))).toEqual(
        names(69, 45),
      )
  })
})

describe('a reader who goes from page to page', () => {
  test('sees every article once, though new ones are published meanwhile', async () => {
    const seen: string[] = []
    const first = await open('/category/technik/')
    seen.push(...listed(first))
    let next = hrefs(first, 'link[rel=next]')[0]
    for (let page = 2; next; page++) {
      await site.publish(
        'articles',
        article(`dazwischen-${page}`, { section: 'technik', date: `2026-03-0${page}T08:00:00Z` }, 'Neu.'),
      )
      const there = await open(next)
      seen.push(...listed(there))
      next = hrefs(there, 'link[rel=next]')[0]
    }
    expect(seen).toEqual(names(94, 0))
    for (const page of [2, 3, 4]) await site.api('DELETE', `articles/dazwischen-${page}`)
  })
})

describe('the archive', () => {
  test('of a year names its months and how much they hold', async () => {
    const page = await open('/2026/')
    expect(page.text('h1')).toBe('Archiv 2026')
    expect(page.texts('.months li')).toEqual(['Februar 2026 95 Artikel'])
    expect(page.attributes('.months a', 'href')).toEqual(['/2026/02/'])
  })

  test('of a month is a list', async () => {
    const page = await open('/2026/02/')
    expect(page.text('h1')).toBe('Februar 2026')
    expect(page.texts('.breadcrumbs li')).toEqual(['Startseite', 'Archiv 2026', 'Februar 2026'])
  })

  test('knows no month and no year in which nothing was published', async () => {
    for (const path of ['/2026/01/', '/2026/13/', '/2026/00/', '/1999/', '/0000/', '/2026/2/'])
      expect((await site.fetch(path)).status, path).toBe(404)
  })

  test('counts by the site’s clock: half past midnight on the first is of the new month', async () => {
    await site.publish('articles', article('neujahr', { date: '2025-01-01T00:30:00+01:00' }, 'Prost.'))
    expect(listed(await open('/2025/01/'))).toEqual(['/neujahr/'])
    expect((await site.fetch('/2024/12/')).status).toBe(404)
    await site.api('DELETE', 'articles/neujahr')
  })
})

test('any page of any list is what sorting and counting would give', async () => {
  const { DB } = site.env
  const moments = fc.date({
    min: new Date('2019-11-01T00:00:00Z'),
    max: new Date('2020-03-01T00:00:00Z'),
    noInvalidDate: true,
  })
  const stamp = (at: Date) => `${at.toISOString().slice(0, 19)}Z`
  await fc.assert(
    fc.asyncProperty(
      fc.array(moments, { minLength: 1, maxLength: 40 }),
      moments,
      fc.integer({ min: 1, max: 7 }),
      async (dates, now, size) => {
        const rows = dates.map((date, n) => ({ slug: `zufall-${n}`, at: stamp(date) }))
        await DB.batch([
          DB.prepare("DELETE FROM listing WHERE list = 'tag/zufall'"),
          DB.prepare(
            `INSERT OR IGNORE INTO article (slug, title, description, section, published_at, comments, status, revision, hash)
             SELECT value ->> 'slug', 'x', '', 'technik', value ->> 'at', 'open', 'draft', 1, '' FROM json_each(?1)`,
          ).bind(JSON.stringify(rows)),
          DB.prepare(
            `INSERT INTO listing (list, published_at, article)
             SELECT 'tag/zufall', value ->> 'at', value ->> 'slug' FROM json_each(?1)`,
          ).bind(JSON.stringify(rows)),
          // Some go again, so that the counts have to go down, too.
          DB.prepare("DELETE FROM listing WHERE list = 'tag/zufall' AND article LIKE '%3'"),
        ])
        const asOf = stamp(now)
        const expected = rows
          .filter(({ slug, at }) => !slug.endsWith('3') && at <= asOf)
          .sort((a, b) => (a.at === b.at ? (a.slug < b.slug ? -1 : 1) : a.at < b.at ? 1 : -1))
        const pages = Math.ceil(expected.length / size) + 1
        const found = await DB.batch(
          Array.from({ length: pages }, (_, n) =>
            selectListPage(DB, 'tag/zufall', { asOf, page: n + 1, size }),
          ),
        )
        const read = found.map(({ results }) => readListPage(results))
        expect(read.flatMap(({ teasers }) => teasers.map(({ slug }) => slug))).toEqual(
          expected.map(({ slug }) => slug),
        )
        for (const { teasers, total } of read) if (teasers.length > 0) expect(total).toBe(expected.length)
        expect(read.at(-1)?.teasers).toEqual([])
      },
    ),
    { numRuns: 60 },
  )
  await DB.prepare("DELETE FROM listing WHERE list = 'tag/zufall'").run()
  const { results } = await DB.prepare("SELECT * FROM listing_count WHERE list = 'tag/zufall'").all()
  expect(results).toEqual([])
})
