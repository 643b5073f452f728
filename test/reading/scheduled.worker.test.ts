import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { article, publishNewsroom } from '../support/fixture.ts'
import { inSeconds, TestSite } from '../support/site.ts'

/** The clock of these tests only goes forward, as a clock does: first all that happens before, then all after. */
let site: TestSite
const due = `${inSeconds(3600).slice(0, 19)}Z` // the site knows seconds, no smaller
const LISTS = [
  '/',
  '/category/technik/',
  '/tag/planung/',
  '/author/miriam-albers/',
  '/feed/',
  '/feed/atom/',
  '/tag/planung/feed/json/',
  '/author/miriam-albers/feed/',
  '/sitemap-news.xml',
  '/vorher/',
]

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(
    site,
    article('vorher', { section: 'technik', tags: ['Planung'] }),
    article('geplant', { section: 'technik', tags: ['Planung'], date: due }),
    article('gleich', { section: 'wirtschaft', tags: [], date: inSeconds(7200) }),
  )
})
afterAll(() => site.close())

describe('before its time, a scheduled article', () => {
  test('is not there', async () => {
    expect((await site.fetch('/geplant/')).status).toBe(404)
  })

  test.each(LISTS)('is not mentioned on %s', async (path) => {
    const response = await site.fetch(path)
    expect(response.status).toBe(200)
    expect(await response.text()).not.toContain('geplant')
  })

  test('takes no comments', async () => {
    expect((await site.comment('geplant')).status).toBe(404)
    expect(await site.comments()).toEqual([])
  })

  test('can be fetched by the newsroom', async () => {
    expect((await site.api('GET', 'articles/geplant')).status).toBe(200)
  })

  test('does not come a second early', async () => {
    const now = new Date(Date.parse(due) - 2000).toISOString()
    expect((await site.fetch('/geplant/', {}, { now })).status).toBe(404)
  })
})

describe('at its time', () => {
  const seconds = (n: number) => new Date(Date.parse(due) + n * 1000).toISOString()

  test.each(LISTS)('no cache keeps %s as it was before', async (path) => {
    const before = await site.fetch(path, {}, { now: seconds(-10) })
    expect(await before.text()).not.toContain('geplant')
    expect(before.headers.get('cdn-cache-control')).toBe(
      'public, max-age=10, stale-while-revalidate=0, stale-if-error=86400',
    )
    expect(await site.page(path, { now: seconds(-1) })).not.toContain('geplant')
    expect(await site.page(path, { now: seconds(0) })).toContain('geplant')
  })
})

describe('after its time, a scheduled article', () => {
  const now = new Date(Date.parse(due) + 31_000).toISOString()

  test('is there, without anybody doing anything', async () => {
    expect((await site.fetch('/geplant/', {}, { now })).status).toBe(200)
  })

  test.each(LISTS)('is mentioned on %s', async (path) => {
    expect(await site.page(path, { now })).toContain('geplant')
  })

  test('takes comments', async () => {
    expect((await site.comment('geplant', {}, {}, { now })).status).toBe(303)
  })

  test('leaves those hidden that are due later', async () => {
    expect((await site.fetch('/gleich/', {}, { now })).status).toBe(404)
    expect(await site.page('/', { now })).not.toContain('/gleich/')
  })
})
