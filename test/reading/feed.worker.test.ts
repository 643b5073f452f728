import { parseFeed as parseByRowan } from '@rowanmanning/feed-parser'
import { XMLValidator } from 'fast-xml-parser'
import { parseRssFeed } from 'feedsmith'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dom } from '../support/dom.ts'
import { article, author, paragraph, publishNewsroom } from '../support/fixture.ts'
import { TestSite } from '../support/site.ts'

let site: TestSite
let response: Response
let text: string

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
        author: 'Ōmi Größ',
        image: { src: 'bild.svg', alt: 'Rot & "groß"' },
      },
      `${[1, 2, 3, 4].map(paragraph).join('\n\n')}\n\n## Abschnitt\n\n[Intern](/impressum/), [nach außen](https://example.org/a?b=1&c=2), [Anker](#abschnitt-abschnitt) und Text mit href="/kein-link" darin.\n\n![Bild](bild.svg)\n\nMit Fußnote[^1] und Emoji 🙂.\n\n[^1]: Fuß.`,
    ),
    article('schlicht', {
      date: '2026-02-01T09:30:00+01:00',
      author: undefined,
      tags: [],
      section: 'technik',
    }),
    article('entwurf', { status: 'draft' }),
  )
  response = await site.fetch('/feed/')
  text = await response.text()
})
afterAll(() => site.close())

/** The fields of an item that both parsers know, in one shape. */
interface Item {
  id: unknown
  title: unknown
  link: unknown
  description: unknown
  content: unknown
  date: unknown
  author: unknown
  categories: unknown
}

const byFeedsmith = (): Item[] =>
  (parseRssFeed(text).items ?? []).map((item) => ({
    id: item.guid?.value,
    title: item.title,
    link: item.link,
    description: item.description,
    content: item.content?.encoded,
    date: new Date(item.pubDate ?? '').toISOString(),
    author: item.dc?.creators?.[0] ?? null,
    categories: item.categories?.map(({ name }) => name),
  }))

const byFeedParser = (): Item[] =>
  parseByRowan(text).items.map((item) => ({
    id: item.id,
    title: item.title,
    link: item.url,
    description: item.description,
    content: item.content,
    date: item.published?.toISOString(),
    author: item.authors[0]?.name ?? null,
    categories: item.categories.map(({ term }) => term),
  }))

describe('the feed', () => {
  test('is well-formed RSS 2.0 in UTF-8', () => {
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/rss+xml; charset=utf-8')
    expect(XMLValidator.validate(text)).toBe(true)
    expect(text).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<rss version="2\.0"/)
  })

  test('names the site and itself', () => {
    const channel = parseRssFeed(text)
    expect(channel).toMatchObject({
      title: 'MedienWirtschaft',
      link: `${site.url}/`,
      description: 'Nachrichten über Medien',
      language: 'de',
      atom: { links: [{ href: `${site.url}/feed/`, rel: 'self', type: 'application/rss+xml' }] },
    })
    expect(new Date(channel.lastBuildDate ?? '').toISOString()).toBe('2026-02-03T08:30:00.000Z')
    const other = parseByRowan(text)
    expect([other.title, other.url, other.description, other.language]).toEqual([
      'MedienWirtschaft',
      `${site.url}/`,
      'Nachrichten über Medien',
      'de',
    ])
  })

  test('reads the same to two independent parsers, field by field', () => {
    const items = byFeedsmith()
    expect(items).toHaveLength(2)
    expect(byFeedParser()).toEqual(items)
  })

  test('has every article as it was written, the newest first', () => {
    const [first, second] = byFeedsmith()
    expect(first).toMatchObject({
      id: `${site.url}/mit-allem/`,
      link: `${site.url}/mit-allem/`,
      title: 'Zölle & „Märkte“: <b>kein</b> Fett ]]> im Titel',
      description: 'Kurz & gut: 5 < 6.',
      date: '2026-02-02T08:30:00.000Z',
      author: 'Ōmi Größ',
      categories: ['Wirtschaft', 'Handel', 'Öl & Gas'],
    })
    expect(second).toMatchObject({ link: `${site.url}/schlicht/`, author: null, categories: ['Technik'] })
  })

  test('carries the full text with absolute addresses', () => {
    const body = new Dom(String(byFeedsmith()[0]?.content))
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

  test('has no ad inside', () => {
    expect(text).not.toMatch(/Werbeeinblendung|ad-slot|\/go\//)
  })

  test('has no drafts', () => {
    expect(text).not.toContain('entwurf')
  })

  test('is not sent twice to who has it, and stays the same while nothing changes', async () => {
    const etag = response.headers.get('etag') ?? ''
    expect(etag).toMatch(/^W\//)
    const known = await site.fetch('/feed/', { headers: { 'if-none-match': etag } })
    expect(known.status).toBe(304)
    expect(await known.text()).toBe('')
  })

  test('changes when an article is published', async () => {
    const etag = response.headers.get('etag') ?? ''
    await site.publish('articles', article('spaeter', { date: '2026-02-05T09:30:00+01:00' }))
    const changed = await site.fetch('/feed/', { headers: { 'if-none-match': etag } })
    expect(changed.status).toBe(200)
    expect(await changed.text()).toContain('/spaeter/')
  })

  test('holds the newest 20', async () => {
    const more = Array.from({ length: 20 }, (_, n) =>
      article(`reihe-${n}`, { date: `2026-03-${String(n + 1).padStart(2, '0')}T08:00:00Z` }),
    )
    await site.publish('articles', ...more)
    const feed = parseRssFeed(await site.page('/feed/'))
    expect(feed.items?.map(({ link }) => link?.split('/').at(-2))).toEqual(
      more.map(({ slug }) => slug).reverse(),
    )
  })
})
