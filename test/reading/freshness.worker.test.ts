import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dom } from '../support/dom.ts'
import { article, paragraph, publishNewsroom } from '../support/fixture.ts'
import { costOf, inSeconds, TestSite } from '../support/site.ts'

/** Every test has an article of its own: one that was read with the clock ahead stays fresh for the others. */
let site: TestSite
const NAMES = ['viel-gelesen', 'etag', 'geaendert', 'verschwunden', 'alt', 'frisch']
beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site, ...NAMES.map((name) => article(name)))
})
afterAll(() => site.close())

const tokenIn = (html: string) => new Dom(html).attribute('input[name=token]', 'value')

describe('a page in memory', () => {
  test('is fresh for half a minute', async () => {
    await site.page('/frisch/')
    const later = await site.fetch('/frisch/', {}, { now: inSeconds(25), settle: true })
    expect(costOf(later)).toMatchObject({ kv: 0, d1: 0 })
  })

  test('answers every reader when stale, and is refreshed exactly once', async () => {
    const first = await site.page('/viel-gelesen/')
    const now = inSeconds(31)
    const readers = await Promise.all(
      Array.from({ length: 60 }, () => site.fetch('/viel-gelesen/', {}, { now, settle: true })),
    )
    const costs = readers.map(costOf)
    const refreshes = costs.filter(({ kv, d1 }) => kv > 0 || d1 > 0)
    expect(refreshes).toEqual([{ kv: 1, d1: 1, parallel: true }])
    const pages = await Promise.all(readers.map((reader) => reader.text()))
    expect(readers.every(({ status }) => status === 200)).toBe(true)
    // Those that came before the refresh was done got the old page, with the old form in it.
    expect(pages.filter((html) => tokenIn(html) === tokenIn(first)).length).toBeGreaterThan(0)
    const afterwards = await site.fetch('/viel-gelesen/', {}, { now, settle: true })
    expect(costOf(afterwards)).toMatchObject({ kv: 0, d1: 0 })
    expect(tokenIn(await afterwards.text())).not.toBe(tokenIn(first))
  })

  test('keeps its ETag when it is refreshed and nothing changed but the form’s token', async () => {
    const first = await site.fetch('/etag/')
    const now = inSeconds(40)
    await site.fetch('/etag/', {}, { now, settle: true })
    const refreshed = await site.fetch('/etag/', {}, { now })
    expect(tokenIn(await refreshed.text())).not.toBe(tokenIn(await first.text()))
    expect(refreshed.headers.get('etag')).toBe(first.headers.get('etag'))
  })

  test('shows another isolate’s new version after the refresh', async () => {
    const before = await site.fetch('/geaendert/')
    const stored = await site.env.KV.get('article:geaendert')
    await site.env.KV.put('article:geaendert', (stored ?? '').replace('Artikel geaendert', 'Neue Zeile'))
    const now = inSeconds(31)
    const stale = await site.fetch('/geaendert/', {}, { now, settle: true })
    expect(await stale.text()).toContain('Artikel geaendert')
    const fresh = await site.fetch('/geaendert/', {}, { now })
    expect(await fresh.text()).toContain('Neue Zeile')
    expect(fresh.headers.get('etag')).not.toBe(before.headers.get('etag'))
  })

  test('goes when another isolate has taken the article off the site', async () => {
    await site.page('/verschwunden/')
    await site.env.KV.delete('article:verschwunden')
    const now = inSeconds(31)
    expect((await site.fetch('/verschwunden/', {}, { now, settle: true })).status).toBe(200)
    expect((await site.fetch('/verschwunden/', {}, { now })).status).toBe(404)
  })

  test('is not shown when it is older than a day', async () => {
    await site.page('/alt/')
    const next = await site.fetch('/alt/', {}, { now: inSeconds(24 * 3600 + 60) })
    expect(costOf(next)).toMatchObject({ kv: 1, d1: 1 })
  })
})

describe('many readers at once', () => {
  test('each get their own page, whole, however slowly they read', async () => {
    const names = ['gross-a', 'gross-b', 'gross-c']
    // Much more than a connection takes before its reader has read anything.
    const body = (name: string) =>
      Array.from({ length: 4000 }, (_, n) => `${name} ${paragraph(n)}`).join('\n\n')
    for (const name of names) await site.publish('articles', article(name, {}, body(name)))
    for (const name of names) await site.page(`/${name}/`)
    const asked = Array.from({ length: 24 }, (_, n) => names[n % 3] ?? '')
    const responses = await Promise.all(asked.map((name) => site.fetch(`/${name}/`)))
    for (const name of names) await site.page(`/${name}/`)
    for (const [index, response] of responses.entries()) {
      const name = asked[index] ?? ''
      const page = await response.text()
      expect(page.slice(0, 15)).toBe('<!doctype html>')
      expect(page.slice(-7)).toBe('</html>')
      expect(page.split(`<p>${name} Absatz`)).toHaveLength(4001)
      expect(page.match(/<p>gross-. Absatz/g)?.filter((start) => !start.includes(name))).toEqual([])
    }
  })
})

describe('a small cache', () => {
  test('lets go of the pages that were read longest ago', async () => {
    const small = await TestSite.open({ vars: { PAGE_CACHE_BYTES: '120000' } })
    try {
      const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
      await publishNewsroom(small, ...names.map((name) => article(name)))
      for (const name of names) await small.page(`/${name}/`)
      expect(costOf(await small.fetch('/h/'))).toMatchObject({ kv: 0, d1: 0 })
      expect(costOf(await small.fetch('/a/'))).toMatchObject({ kv: 1, d1: 1 })
    } finally {
      await small.close()
    }
  })
})
