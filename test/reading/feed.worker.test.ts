import { parseFeed as parseByRowan } from '@rowanmanning/feed-parser'
import { XMLValidator } from 'fast-xml-parser'
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith'
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dom } from '../support/dom.ts'
import { article, author, paragraph, publishNewsroom } from '../support/fixture.ts'
import { costOf, inSeconds, rowsReadBy, TestSite } from '../support/site.ts'

let site: TestSite
const text: Record<'rss' | 'atom' | 'json', string> = { rss: '', atom: '', json: '' }
const FORMATS = ['rss', 'atom', 'json'] as const
const PATHS = { rss: '/feed/', atom: '/feed/atom/', json: '/feed/json/' }

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site)
  await site.publish('authors', author('Ōmi Größ'))
  await site.publish(
    'articles',
    article(
      'mit-allem',
      {
        title: 'Zölle & „Märkte“: <b>kein</b> Fett ]]> im Titel',
        description: 'Kurz & gut: 5 < 6.',
        date: '2026-02-02T09:30:00+01:00',
        updated: '2026-02-03T09:30:00+01:00',
        tags: ['Handel', 'Öl & Gas'],
        author: ['Ōmi Größ', 'Miriam Albers'],
        image: { src: 'bild.svg', alt: 'Rot & "groß"', credit: 'Foto: A.' },
      },
      `${[1, 2, 3, 4].map(paragraph).join('\n\n')}\n\n## Abschnitt\n\n[Intern](/impressum/), [nach außen](https://example.org/a?b=1&c=2), [Anker](#abschnitt-abschnitt) und Text mit href="/kein-link" darin.\n\n![Bild](bild.svg)\n\nMit Fußnote[^1] und Emoji 🙂.\n\n[^1]: Fuß.`,
    ),
    article('schlicht', {
      date: '2026-02-01T09:30:00+01:00',
      author: undefined,
      tags: [],
      section: 'technik',
      comments: 'none',
    }),
    article('entwurf', { status: 'draft' }),
    article('geplant', { date: '2099-02-01T09:30:00+01:00', tags: ['Zukunft'] }),
  )
  for (const format of FORMATS) text[format] = await site.page(PATHS[format])
})
afterAll(() => site.close())

/** The fields of an item that every parser and format knows, in one shape. */
interface Item {
  id: unknown
  title: unknown
  link: unknown
  summary: unknown
  content: unknown
  published: unknown
  authors: unknown
  categories: unknown
}
const moment = (written: string | undefined) => new Date(written ?? '').toISOString()

const byFeedsmith: Record<'rss' | 'atom' | 'json', () => Item[]> = {
  rss: () =>
    (parseRssFeed(text.rss).items ?? []).map((item) => ({
      id: item.guid?.value,
      title: item.title,
      link: item.link,
      summary: item.description,
      content: item.content?.encoded,
      published: moment(item.pubDate),
      authors: item.dc?.creators ?? [],
      categories: item.categories?.map(({ name }) => name),
    })),
  atom: () =>
    (parseAtomFeed(text.atom).entries ?? []).map((entry) => ({
      id: entry.id,
      title: entry.title?.value,
      link: entry.links?.find(({ rel }) => rel === 'alternate')?.href,
      summary: entry.summary?.value,
      content: entry.content?.value,
      published: moment(entry.published),
      authors: entry.authors?.map(({ name }) => name) ?? [],
      categories: entry.categories?.map(({ label }) => label),
    })),
  json: () =>
    (parseJsonFeed(text.json).items ?? []).map((item) => ({
      id: item.id,
      title: item.title,
      link: item.url,
      summary: item.summary,
      content: item.content_html,
      published: moment(item.date_published),
      authors: item.authors?.map(({ name }) => name) ?? [],
      categories: item.tags,
    })),
}

/** Title, description and items of a document in any of the formats, by the parser that reads it. */
function read(written: string) {
  if (!written.startsWith('{')) return parseByRowan(written)
  const { title, description, home_page_url, items = [] } = parseJsonFeed(written)
  return {
    title,
    description,
    url: home_page_url,
    items: items.map((item) => ({
      id: item.id,
      title: item.title,
      url: item.url,
      content: item.content_html,
    })),
  }
}

/** JSON Feed 1.1, written down from its specification. */
const Address = v.pipe(v.string(), v.url())
const Person = v.strictObject({ name: v.string(), url: v.optional(Address), avatar: v.optional(Address) })
const JsonFeed = v.strictObject({
  version: v.literal('https://jsonfeed.org/version/1.1'),
  title: v.string(),
  home_page_url: Address,
  feed_url: Address,
  description: v.string(),
  next_url: v.optional(Address),
  favicon: v.optional(Address),
  authors: v.array(Person),
  language: v.string(),
  hubs: v.optional(v.array(v.strictObject({ type: v.string(), url: Address }))),
  items: v.array(
    v.strictObject({
      id: v.string(),
      url: Address,
      title: v.string(),
      content_html: v.string(),
      summary: v.optional(v.string()),
      image: v.optional(Address),
      date_published: v.pipe(v.string(), v.isoTimestamp()),
      date_modified: v.optional(v.pipe(v.string(), v.isoTimestamp())),
      authors: v.optional(v.array(Person)),
      tags: v.optional(v.array(v.string())),
      language: v.optional(v.string()),
      attachments: v.optional(
        v.array(v.strictObject({ url: Address, mime_type: v.string(), title: v.optional(v.string()) })),
      ),
    }),
  ),
})

const byFeedParser = (written: string): Item[] =>
  parseByRowan(written).items.map((item) => ({
    id: item.id,
    title: item.title,
    link: item.url,
    summary: item.description,
    content: item.content,
    published: item.published?.toISOString(),
    authors: item.authors.map(({ name }) => name),
    categories: item.categories.map(({ label }) => label),
  }))

describe('the feed', () => {
  test.each([
    [
      '/feed/',
      'application/rss+xml; charset=utf-8',
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<rss version="2\.0"/,
    ],
    [
      '/feed/atom/',
      'application/atom+xml; charset=utf-8',
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<feed xmlns="http:\/\/www\.w3\.org\/2005\/Atom"/,
    ],
    [
      '/feed/json/',
      'application/feed+json; charset=utf-8',
      /^\{"version":"https:\/\/jsonfeed\.org\/version\/1\.1"/,
    ],
  ])('at %s is %s', async (path, type, start) => {
    const response = await site.fetch(path)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe(type)
    const written = await response.text()
    expect(written).toMatch(start)
    if (!path.includes('json')) expect(XMLValidator.validate(written)).toBe(true)
  })

  test.each([
    '/feed/rss/x/',
    '/feed/xml/',
    '/category/technik/feed/pdf/',
    '/feed/?archiv=2026-99',
    '/tag/keins/feed/',
    '/author/keiner/feed/',
    '/category/keins/feed/',
  ])('is not at %s', async (path) => expect((await site.fetch(path)).status).toBe(404))

  test('names the site and itself', () => {
    const channel = parseRssFeed(text.rss)
    expect(channel).toMatchObject({
      title: 'MedienWirtschaft',
      link: `${site.url}/`,
      description: 'Nachrichten über Medien',
      language: 'de',
    })
    expect(channel.atom?.links?.[0]).toEqual({
      href: `${site.url}/feed/`,
      rel: 'self',
      type: 'application/rss+xml',
    })
    expect(moment(channel.lastBuildDate)).toBe('2026-02-03T08:30:00.000Z')
    for (const format of ['rss', 'atom'] as const) {
      const other = parseByRowan(text[format])
      expect([other.title, other.url, other.description, other.language, other.self]).toEqual([
        'MedienWirtschaft',
        `${site.url}/`,
        'Nachrichten über Medien',
        'de',
        site.url + PATHS[format],
      ])
    }
    expect(parseJsonFeed(text.json)).toMatchObject({
      title: 'MedienWirtschaft',
      home_page_url: `${site.url}/`,
      description: 'Nachrichten über Medien',
      language: 'de',
      feed_url: `${site.url}/feed/json/`,
    })
  })

  test('says the same in every format, to two independent parsers, field by field', () => {
    const items = byFeedsmith.rss()
    expect(items).toHaveLength(2)
    expect(byFeedsmith.atom()).toEqual(items)
    expect(byFeedsmith.json()).toEqual(items)
    expect(byFeedParser(text.rss)).toEqual(items)
    // In Atom, an entry without an author has the feed's (RFC 4287 §4.1.2).
    const withAuthors = items.map((item, n) => (n === 1 ? { ...item, authors: ['MedienWirtschaft'] } : item))
    expect(byFeedParser(text.atom)).toEqual(withAuthors)
  })

  test('has nothing in JSON that the specification does not know', () => {
    const read = v.parse(JsonFeed, JSON.parse(text.json))
    expect(read.items.map(({ id }) => id)).toEqual([`${site.url}/mit-allem/`, `${site.url}/schlicht/`])
  })

  test('has every article as it was written, the newest first', () => {
    const [first, second] = byFeedsmith.rss()
    expect(first).toMatchObject({
      id: `${site.url}/mit-allem/`,
      link: `${site.url}/mit-allem/`,
      title: 'Zölle & „Märkte“: <b>kein</b> Fett ]]> im Titel',
      summary: 'Kurz & gut: 5 < 6.',
      published: '2026-02-02T08:30:00.000Z',
      authors: ['Ōmi Größ', 'Miriam Albers'],
      categories: ['Wirtschaft', 'Handel', 'Öl & Gas'],
    })
    expect(second).toMatchObject({ link: `${site.url}/schlicht/`, authors: [], categories: ['Technik'] })
  })

  test('has the lead picture as a file of its own', () => {
    const [item] = parseRssFeed(text.rss).items ?? []
    const picture = item?.media?.contents?.[0]
    expect(picture).toMatchObject({ type: 'image/svg+xml', medium: 'image', width: 1200, height: 675 })
    expect(picture?.url).toMatch(new RegExp(`^${site.url}/media/[0-9a-f]{32}\\.svg$`))
    const [entry] = parseAtomFeed(text.atom).entries ?? []
    expect(entry?.links?.find(({ rel }) => rel === 'enclosure')?.href).toBe(picture?.url)
    expect(parseJsonFeed(text.json).items?.[0]?.image).toBe(picture?.url)
  })

  test('leads to the comments, where there are any', () => {
    const [first, second] = parseRssFeed(text.rss).items ?? []
    expect(first?.comments).toBe(`${site.url}/mit-allem/#kommentare`)
    expect(first?.wfw?.commentRss).toBe(`${site.url}/mit-allem/feed/`)
    expect(second?.comments).toBeUndefined()
  })

  test('carries the full text with absolute addresses', () => {
    const body = new Dom(String(byFeedsmith.rss()[0]?.content))
    for (const n of [1, 2, 3, 4]) expect(body.html).toContain(`Absatz ${n} erzählt`)
    const pictures = body.attributes('img', 'src')
    expect(pictures).toHaveLength(2)
    for (const address of pictures)
      expect(address).toMatch(new RegExp(`^${site.url}/media/[0-9a-f]{32}\\.svg$`))
    const links = body.attributes('a', 'href')
    expect(links).toContain(`${site.url}/impressum/`)
    expect(links).toContain('https://example.org/a?b=1&c=2')
    expect(links).toContain(`${site.url}/mit-allem/#abschnitt-abschnitt`)
    expect(links.filter((link) => !/^https?:\/\//.test(link ?? ''))).toEqual([])
    expect(body.html).not.toContain(`${site.url}/kein-link`)
  })

  test('has no ad inside, no draft, and nothing that is not due', () => {
    for (const format of FORMATS) {
      expect(text[format]).not.toMatch(/Werbeeinblendung|ad-slot|\/go\//)
      expect(text[format]).not.toMatch(/entwurf|geplant/)
    }
  })

  test('costs one round trip to D1 and one to KV at most, in an isolate that knows nothing', async () => {
    const response = await site.fetch('/feed/', {}, { now: '2026-12-10T00:00:00Z' })
    expect(costOf(response)).toMatchObject({ d1: 1, kv: 1 })
    const byTag = await site.fetch('/tag/handel/feed/atom/', {}, { now: '2026-12-10T01:00:00Z' })
    expect(costOf(byTag)).toMatchObject({ d1: 1, kv: 1 })
  })
})

describe('a list’s own feed', () => {
  test.each([
    ['/category/technik/feed/', 'Technik – MedienWirtschaft', 'Alles über Technik.', ['schlicht']],
    [
      '/tag/oel-gas/feed/',
      'Öl & Gas – MedienWirtschaft',
      'Alle Artikel zum Schlagwort „Öl & Gas“.',
      ['mit-allem'],
    ],
    ['/author/omi-groess/feed/', 'Ōmi Größ – MedienWirtschaft', 'Alle Artikel von Ōmi Größ.', ['mit-allem']],
  ])('%s', async (path, title, description, slugs) => {
    for (const written of [
      await site.page(path),
      await site.page(`${path}atom/`),
      await site.page(`${path}json/`),
    ]) {
      const feed = read(written)
      expect([feed.title, feed.description]).toEqual([title, description])
      expect(feed.items.map(({ url }) => url)).toEqual(slugs.map((slug) => `${site.url}/${slug}/`))
    }
    const feed = parseRssFeed(await site.page(path))
    expect(feed.link).toBe(site.url + path.replace('feed/', ''))
    expect(feed.atom?.links?.[0]?.href).toBe(site.url + path)
  })
})

describe('a reader who comes again', () => {
  const later = { now: '2027-01-05T08:00:00Z' }

  test('is not sent what it has, by tag or by date', async () => {
    for (const path of ['/feed/', '/feed/atom/', '/feed/json/', '/comments/feed/', '/mit-allem/feed/']) {
      const first = await site.fetch(path, {}, later)
      const [etag, modified] = [first.headers.get('etag') ?? '', first.headers.get('last-modified') ?? '']
      expect(etag).toMatch(/^W\//)
      expect(new Date(modified).toUTCString()).toBe(modified)
      for (const known of [{ 'if-none-match': etag }, { 'if-modified-since': modified }]) {
        const again = await site.fetch(path, { headers: known }, later)
        expect(again.status, `${path} ${JSON.stringify(known)}`).toBe(304)
        expect(await again.text()).toBe('')
      }
      const before = new Date(Date.parse(modified) - 1000).toUTCString()
      expect((await site.fetch(path, { headers: { 'if-modified-since': before } }, later)).status).toBe(200)
      const other = { 'if-none-match': '"andere"', 'if-modified-since': modified }
      expect((await site.fetch(path, { headers: other }, later)).status).toBe(200)
    }
  })

  test('is sent what changed, also where only a date is known: a new headline, another article, one taken away', async () => {
    // The date counts whole seconds of the database's own clock, so the site's goes with it.
    const soon = () => ({ now: inSeconds(3) })
    const known = async () => {
      const modified = (await site.fetch('/feed/', {}, soon())).headers.get('last-modified') ?? ''
      await expect.poll(() => new Date().toUTCString(), { interval: 50, timeout: 3000 }).not.toBe(modified)
      return { 'if-modified-since': modified }
    }
    await site.publish('articles', article('frueher', { date: '2025-02-05T09:30:00+01:00' }))
    let headers = await known()
    await site.publish('articles', article('spaeter', { date: '2026-02-05T09:30:00+01:00' }))
    const changed = await site.fetch('/feed/', { headers }, soon())
    expect(await changed.text()).toContain('/spaeter/')

    headers = await known()
    await site.publish(
      'articles',
      article('spaeter', { date: '2026-02-05T09:30:00+01:00', title: 'Neuer Titel' }),
    )
    const renamed = parseRssFeed(await (await site.fetch('/feed/', { headers }, soon())).text())
    const item = renamed.items?.find(({ title }) => title === 'Neuer Titel')
    expect(item?.guid?.value).toBe(`${site.url}/spaeter/`)

    headers = await known()
    await site.api('DELETE', 'articles/spaeter')
    await site.api('DELETE', 'articles/frueher')
    const without = await site.fetch('/feed/', { headers }, soon())
    expect(without.status).toBe(200)
    expect(await without.text()).not.toContain('/spaeter/')
  })
})

describe('comments', () => {
  test('of an article and of the site can be subscribed to, the newest first', async () => {
    const first = await site.approvedComment('mit-allem', {
      name: 'Änne & Groß',
      website: 'https://aenne.example',
      text: 'Erster <b>Absatz</b>.\n\nZweiter: https://example.org/a?b=1&c=2',
    })
    const second = await site.approvedComment('mit-allem', { text: 'Noch einer.', name: 'Bert' })
    const held = await site.comment('mit-allem', { text: 'Wartet noch.', email: 'neu@beispiel.de' })
    expect(held.status).toBe(303)
    const now = { now: '2027-02-05T08:00:00Z' }
    for (const format of ['', 'atom/', 'json/']) {
      const own = read(await site.page(`/mit-allem/feed/${format}`, now))
      expect(own.title).toBe('Zölle & „Märkte“: <b>kein</b> Fett ]]> im Titel: Kommentare')
      expect(own.url).toBe(`${site.url}/mit-allem/`)
      expect(own.items.map(({ id, title }) => [id, title])).toEqual([
        [`${site.url}/mit-allem/#kommentar-${second}`, 'Kommentar von Bert'],
        [`${site.url}/mit-allem/#kommentar-${first}`, 'Kommentar von Änne & Groß'],
      ])
      expect(own.items[1]?.content).toBe(
        '<p>Erster &lt;b&gt;Absatz&lt;/b&gt;.</p>\n<p>Zweiter: <a href="https://example.org/a?b=1&amp;c=2" rel="ugc nofollow noopener">https://example.org/a?b=1&amp;c=2</a></p>',
      )
      const all = read(await site.page(`/comments/feed/${format}`, now))
      expect(all.title).toBe('MedienWirtschaft: Kommentare')
      expect(all.items.map(({ title }) => title)).toEqual([
        'Bert zu „Zölle & „Märkte“: <b>kein</b> Fett ]]> im Titel“',
        'Änne & Groß zu „Zölle & „Märkte“: <b>kein</b> Fett ]]> im Titel“',
      ])
      expect(await site.page(`/comments/feed/${format}`, now)).not.toMatch(/beispiel\.de|Wartet noch/)
    }
  })

  test('are found by going from page to page, every one, in each format', async () => {
    await site.publish('articles', article('gespraech', { date: '2020-02-01T08:00:00Z' }))
    const ids: number[] = []
    for (let n = 0; n < 45; n++) ids.push(await site.approvedComment('gespraech', { text: `Beitrag ${n}.` }))
    const now = { now: '2027-02-20T08:00:00Z' }
    for (const path of ['/gespraech/feed/', '/gespraech/feed/atom/', '/gespraech/feed/json/']) {
      const found: unknown[] = []
      const addresses: string[] = []
      for (let at: string | undefined = path; at; ) {
        const response = await site.fetch(at, {}, now)
        expect(costOf(response), at).toMatchObject({ d1: 1, kv: 1 })
        const written = await response.text()
        found.push(...read(written).items.map(({ id }) => id))
        addresses.push(at)
        expect(written).not.toContain('fh:archive')
        at = nextOf(written, path)?.slice(site.url.length)
      }
      expect(found).toEqual(ids.toReversed().map((id) => `${site.url}/gespraech/#kommentar-${id}`))
      expect(addresses).toEqual([path, `${path}?vor=${ids.at(-20)}`, `${path}?vor=${ids.at(-40)}`])
    }
    expect(nextOf(await site.page('/comments/feed/atom/', now), 'atom')).toContain(
      '/comments/feed/atom/?vor=',
    )
    for (const asked of ['0', '-1', 'x', '1e3'])
      expect((await site.fetch(`/gespraech/feed/?vor=${asked}`, {}, now)).status, asked).toBe(404)
    await site.api('DELETE', 'articles/gespraech')
  })

  const nextOf = (written: string, path: string): string | null | undefined => {
    if (path.includes('json')) return parseJsonFeed(written).next_url
    const { links } = path.includes('atom') ? parseAtomFeed(written) : (parseRssFeed(written).atom ?? {})
    return links?.find(({ rel }) => rel === 'next')?.href
  }

  test('of what has none, is not there or not due, have no feed', async () => {
    for (const slug of ['schlicht', 'geplant', 'entwurf', 'gibt-es-nicht', 'impressum'])
      expect((await site.fetch(`/${slug}/feed/`)).status, slug).toBe(404)
  })

  test('cost one round trip to D1 and one to KV', async () => {
    const now = { now: '2027-03-05T08:00:00Z' }
    expect(costOf(await site.fetch('/comments/feed/', {}, now))).toMatchObject({ d1: 1, kv: 1 })
    expect(costOf(await site.fetch('/mit-allem/feed/', {}, now))).toMatchObject({ d1: 1, kv: 1 })
  })
})

describe('older articles', () => {
  /** 20 in March, 130 in April 2026, 3 in May; the clock stands in May. */
  const now = { now: '2026-05-10T00:00:00Z' }
  const series = (month: string, count: number) =>
    Array.from({ length: count }, (_, n) => {
      const at = new Date(Date.UTC(2026, Number(month) - 1, 1, 8) + n * 4 * 3_600_000)
      return article(`reihe-${month}-${n + 1}`, { date: at.toISOString() }, 'Ein Absatz.')
    })
  const all = [...series('03', 20), ...series('04', 130), ...series('05', 3)]

  beforeAll(async () => {
    for (let at = 0; at < all.length; at += 20) await site.publish('articles', ...all.slice(at, at + 20))
  })

  test('are found by following the archives, every one of them, in each format', async () => {
    const relOf = (written: string, path: string) => (rel: string) =>
      path.includes('atom')
        ? parseAtomFeed(written).links?.find((link) => link.rel === rel)?.href
        : parseRssFeed(written).atom?.links?.find((link) => link.rel === rel)?.href
    for (const path of ['/feed/', '/feed/atom/', '/feed/json/', '/category/wirtschaft/feed/']) {
      const found = new Set<string>()
      const addresses = []
      let newer: string | undefined
      for (let at: string | undefined = path; at; ) {
        const response = await site.fetch(at, {}, now)
        expect(response.status, at).toBe(200)
        expect(costOf(response)).toMatchObject({ d1: 1 })
        expect(rowsReadBy(response)).toBeLessThan(420)
        const written = await response.text()
        for (const { url } of read(written).items) if (url) found.add(url.slice(site.url.length))
        addresses.push(at)
        if (path.includes('json')) {
          at = parseJsonFeed(written).next_url?.slice(site.url.length)
          continue
        }
        const link = relOf(written, path)
        if (at !== path) {
          expect(link('current')).toBe(site.url + path)
          expect(written).toContain('fh:archive')
          expect(link('next-archive')).toBe(newer === path ? undefined : site.url + newer)
        }
        newer = at
        at = link('prev-archive')?.slice(site.url.length)
      }
      expect(addresses).toEqual([
        path,
        `${path}?archiv=2026-04&teil=3`,
        `${path}?archiv=2026-04&teil=2`,
        `${path}?archiv=2026-04`,
        `${path}?archiv=2026-03`,
        `${path}?archiv=2026-02`,
      ])
      const expected = [...all.map(({ slug }) => `/${slug}/`), '/mit-allem/']
      if (!path.includes('category')) expected.push('/schlicht/')
      expect([...found].sort()).toEqual(expected.sort())
    }
  })

  test('stay where they are', async () => {
    const before = await site.page('/feed/?archiv=2026-04&teil=2', now)
    const later = { now: '2026-06-10T00:00:00Z' }
    expect(await site.page('/feed/?archiv=2026-04&teil=2', later)).toBe(before)
    expect((await site.fetch('/feed/?archiv=2026-05', {}, now)).status).toBe(404)
    expect((await site.fetch('/feed/?archiv=2026-05', {}, later)).status).toBe(200)
  })

  test('leave the newest 20 in the feed itself', async () => {
    const feed = parseRssFeed(await site.page('/feed/', { now: '2026-05-10T00:10:00Z' }))
    expect(feed.items?.map(({ link }) => link?.split('/').at(-2))).toEqual(
      all
        .slice(-20)
        .map(({ slug }) => slug)
        .reverse(),
    )
  })
})

describe('a scheduled article', () => {
  test('is in every feed it belongs to when it is due', async () => {
    const due = { now: '2099-02-01T08:30:00Z' }
    for (const path of ['/feed/', '/feed/atom/', '/tag/zukunft/feed/json/', '/category/wirtschaft/feed/'])
      expect(await site.page(path, due), path).toContain(`${site.url}/geplant/`)
  })
})
