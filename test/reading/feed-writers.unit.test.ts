import { parseFeed as parseByRowan } from '@rowanmanning/feed-parser'
import fc from 'fast-check'
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith'
import { describe, expect, test } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import { toAtom } from '../../src/feed/atom.ts'
import type { Entry, Feed } from '../../src/feed/feed.ts'
import { toJsonFeed } from '../../src/feed/json-feed.ts'
import { toRss } from '../../src/feed/rss.ts'
import { escapeHtml } from '../../src/view/html.ts'

const ORIGIN = 'https://beispiel.de'

const entry = (more: Partial<Entry> = {}): Entry => ({
  id: `${ORIGIN}/artikel/`,
  url: `${ORIGIN}/artikel/`,
  title: 'Zölle & Märkte',
  summary: 'Kurz & gut: 5 < 6.',
  html: escapeHtml('Der Text.'),
  published: '2026-02-02T08:30:00Z',
  language: 'de',
  authors: [{ name: 'Ōmi Größ', url: `${ORIGIN}/author/oemi-groess/` }],
  categories: [{ term: 'oel-gas', name: 'Öl & Gas' }],
  ...more,
})

const feed = (more: Partial<Feed> = {}): Feed => ({
  title: 'MedienWirtschaft',
  description: 'Nachrichten über Medien',
  page: `${ORIGIN}/`,
  language: 'de',
  publisher: { name: 'MedienWirtschaft', url: `${ORIGIN}/`, icon: `${ORIGIN}/favicon.svg` },
  updated: '2026-02-03T08:30:00Z',
  links: { self: `${ORIGIN}/feed/`, current: `${ORIGIN}/feed/` },
  entries: [entry()],
  ...more,
})

/** Any text a person or a machine might type: also what no XML document may hold, and halves of characters. */
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme-composite', minLength: 1 }),
  fc.string({ unit: 'binary', minLength: 1 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1 })
    .map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    ']]>',
    '<![CDATA[',
    '<!--',
    '&amp;',
    '&#0;',
    '\u0000',
    '\u000b',
    '\ufffe',
    '\ud800',
    '<?xml',
    '\r\n',
    '\t',
  ),
)

describe('whatever stands in headline, author and text', () => {
  const some = fc.tuple(anyText, anyText, anyText, anyText).map(([title, name, text, tag]) =>
    feed({
      title: `M${title}`,
      entries: [
        entry({
          title: `T${title}`,
          summary: text,
          html: escapeHtml(text),
          authors: [{ name: `N${name}` }],
          categories: [{ term: 't', name: tag }],
          image: { url: `${ORIGIN}/b.png`, type: 'image/png', width: 1, height: 1, alt: text, credit: name },
        }),
      ],
    }),
  )

  test('RSS and Atom are well-formed', async () => {
    const documents = fc.sample(some, 300).flatMap((one) => [toRss(one), toAtom(one)])
    expect(await errorsIn(documents)).toEqual([])
    expect(await errorsIn(['<a>&</a>', '<a>\u0001</a>'])).not.toEqual([])
  })

  test('and readers find the same headline in all three', () => {
    fc.assert(
      fc.property(some, (one) => {
        const [rss, atom] = [parseByRowan(toRss(one)), parseByRowan(toAtom(one))]
        expect(atom.items[0]?.title).toEqual(rss.items[0]?.title)
        expect(JSON.parse(toJsonFeed(one)).items[0].title).toBe(one.entries[0]?.title)
      }),
      { numRuns: 200 },
    )
  })
})

async function errorsIn(documents: readonly string[]) {
  const xml = documents.map((contents, index) => ({
    fileName: `${index}.xml`,
    contents: toWellFormed(contents),
  }))
  return (await validateXML({ xml, normalization: 'c14n' })).errors
}

/** As it goes over the wire: in UTF-8 there is no half of a character. */
const toWellFormed = (text: string) => new TextDecoder().decode(new TextEncoder().encode(text))

describe('what readers find beside the text', () => {
  const rich = feed({
    links: {
      self: `${ORIGIN}/feed/?archiv=2026-01`,
      current: `${ORIGIN}/feed/`,
      isArchive: true,
      previousArchive: `${ORIGIN}/feed/?archiv=2025-12&teil=2`,
      nextArchive: `${ORIGIN}/feed/?archiv=2026-02`,
      hub: 'https://hub.example/',
    },
    entries: [
      entry({
        updated: '2026-02-03T08:30:00Z',
        language: 'en',
        image: {
          url: `${ORIGIN}/media/x.png`,
          type: 'image/png',
          width: 1200,
          height: 675,
          alt: 'Rot & "groß"',
          credit: 'Foto: A. & B.',
        },
        replies: { page: `${ORIGIN}/artikel/#kommentare`, feed: `${ORIGIN}/artikel/feed/` },
      }),
    ],
  })

  const links = [
    { rel: 'self', href: `${ORIGIN}/feed/?archiv=2026-01` },
    { rel: 'hub', href: 'https://hub.example/' },
    { rel: 'current', href: `${ORIGIN}/feed/` },
    { rel: 'prev-archive', href: `${ORIGIN}/feed/?archiv=2025-12&teil=2` },
    { rel: 'next-archive', href: `${ORIGIN}/feed/?archiv=2026-02` },
  ]

  test('in RSS', () => {
    const read = parseRssFeed(toRss(rich))
    expect(read.atom?.links?.map(({ rel, href }) => ({ rel, href }))).toEqual(links)
    expect(toRss(rich)).toContain('<fh:archive xmlns:fh="http://purl.org/syndication/history/1.0"/>')
    expect(read.items?.[0]).toMatchObject({
      guid: { value: `${ORIGIN}/artikel/`, isPermaLink: true },
      comments: `${ORIGIN}/artikel/#kommentare`,
      wfw: { commentRss: `${ORIGIN}/artikel/feed/` },
      dc: { creators: ['Ōmi Größ'], languages: ['en'] },
      atom: { updated: '2026-02-03T08:30:00Z' },
      media: {
        contents: [
          {
            url: `${ORIGIN}/media/x.png`,
            type: 'image/png',
            medium: 'image',
            width: 1200,
            height: 675,
            description: { value: 'Rot & "groß"' },
            credits: [{ value: 'Foto: A. & B.' }],
          },
        ],
      },
    })
  })

  test('in Atom', () => {
    const read = parseAtomFeed(toAtom(rich))
    expect(read.id).toBe(`${ORIGIN}/feed/`)
    const found = (read.links ?? []).map(({ rel, href }) => ({ rel, href }))
    expect(found).toEqual([{ rel: 'alternate', href: `${ORIGIN}/` }, ...links])
    expect(read.entries?.[0]).toMatchObject({
      id: `${ORIGIN}/artikel/`,
      title: { value: 'Zölle & Märkte' },
      published: '2026-02-02T08:30:00Z',
      updated: '2026-02-03T08:30:00Z',
      authors: [{ name: 'Ōmi Größ', uri: `${ORIGIN}/author/oemi-groess/` }],
      categories: [{ term: 'oel-gas', label: 'Öl & Gas' }],
      links: [
        { rel: 'alternate', href: `${ORIGIN}/artikel/` },
        { rel: 'enclosure', type: 'image/png', href: `${ORIGIN}/media/x.png` },
        { rel: 'replies', href: `${ORIGIN}/artikel/#kommentare` },
        { rel: 'replies', type: 'application/atom+xml', href: `${ORIGIN}/artikel/feed/atom/` },
      ],
      content: { type: 'html', value: 'Der Text.' },
    })
    expect(toAtom(rich)).toContain('<entry xml:lang="en">')
  })

  test('in JSON Feed', () => {
    const read = parseJsonFeed(toJsonFeed(rich))
    expect(read).toMatchObject({
      feed_url: `${ORIGIN}/feed/?archiv=2026-01`,
      next_url: `${ORIGIN}/feed/?archiv=2025-12&teil=2`,
      home_page_url: `${ORIGIN}/`,
      language: 'de',
      authors: [{ name: 'MedienWirtschaft' }],
      hubs: [{ type: 'WebSub', url: 'https://hub.example/' }],
      items: [
        {
          id: `${ORIGIN}/artikel/`,
          content_html: 'Der Text.',
          language: 'en',
          image: `${ORIGIN}/media/x.png`,
          attachments: [{ url: `${ORIGIN}/media/x.png`, mime_type: 'image/png' }],
          tags: ['Öl & Gas'],
        },
      ],
    })
  })
})

describe('an entry without all that', () => {
  test('has only what it has', () => {
    const bare = feed({ entries: [entry({ authors: [], categories: [] })] })
    expect(toRss(bare)).not.toMatch(/media:content|dc:creator|<category|comments>/)
    expect(toAtom(bare)).not.toMatch(/rel="(?:enclosure|replies|hub|prev-archive)"|<category/)
    expect(Object.keys(JSON.parse(toJsonFeed(bare)).items[0])).toEqual([
      'id',
      'url',
      'title',
      'summary',
      'content_html',
      'date_published',
    ])
  })
})
