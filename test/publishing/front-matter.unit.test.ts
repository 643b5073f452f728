import { describe, expect, test } from 'vitest'
import { slugOfFile } from '../../src/article/render.ts'
import { paragraph } from '../support/fixture.ts'
import { contextWith, issuesOf, rendered } from '../support/rendering.ts'

const TEXT = 'Ein Absatz.'
const front = (more: Record<string, unknown>) => rendered(TEXT, more)
const issues = (more: Record<string, unknown>) => issuesOf(TEXT, more)

describe('the front matter of an article', () => {
  test('may use every key there is', () => {
    const { article, status, aliases, lists, media } = front({
      title: 'Titel',
      description: 'Vorspann.',
      slug: 'artikel',
      date: '2024-07-03T09:30:00+02:00',
      updated: '2024-07-04T00:15:00+02:00',
      section: 'technik',
      tags: ['Außenhandel', 'China'],
      author: 'Miriam Albers',
      language: 'en',
      translations: { de: 'beitrag' },
      source: { name: 'ots.at', url: 'https://www.ots.at' },
      image: { src: 'bild.svg', alt: 'Ein Bild', caption: 'Was man sieht', credit: 'Grafik: wir' },
      ads: 'none',
      sensitive: true,
      comments: 'closed',
      status: 'draft',
      aliases: ['/2024/07/03/Alter-Titel', '/?p=0123'],
    })
    expect(article).toEqual({
      format: 3,
      slug: 'artikel',
      title: 'Titel',
      description: 'Vorspann.',
      date: '2024-07-03T07:30:00Z',
      updated: '2024-07-03T22:15:00Z',
      section: 'technik',
      tags: [
        { slug: 'aussenhandel', name: 'Außenhandel' },
        { slug: 'china', name: 'China' },
      ],
      authors: [{ slug: 'miriam-albers', name: 'Miriam Albers' }],
      language: 'en',
      translations: { de: 'beitrag' },
      source: { name: 'ots.at', url: 'https://www.ots.at' },
      image: {
        src: '/media/hash-bild.svg',
        width: 1200,
        height: 675,
        alt: 'Ein Bild',
        caption: 'Was man sieht',
        credit: 'Grafik: wir',
      },
      segments: ['<p>Ein Absatz.</p>'],
      slots: 0,
      hasAds: false,
      isSensitive: true,
      words: 2,
      contents: [],
      comments: 'closed',
    })
    expect({ status, aliases, lists, media }).toEqual({
      status: 'draft',
      aliases: ['/alter-titel/', '/?p=123'],
      lists: [
        '',
        'section/technik',
        'month/2024-07',
        'tag/aussenhandel',
        'tag/china',
        'author/miriam-albers',
      ],
      media: { 'bild.svg': 'hash-bild.svg' },
    })
  })

  test('needs no more than a title, a date and a section', () => {
    const { article, status, aliases } = front({ description: undefined, tags: undefined, author: undefined })
    expect(article).toEqual({
      format: 3,
      slug: 'artikel',
      title: 'Artikel artikel',
      description: '',
      date: '2026-01-15T08:00:00Z',
      section: 'wirtschaft',
      tags: [],
      authors: [],
      language: 'de',
      translations: {},
      segments: ['<p>Ein Absatz.</p>'],
      slots: 1,
      hasAds: true,
      isSensitive: false,
      words: 2,
      contents: [],
      comments: 'open',
    })
    expect({ status, aliases }).toEqual({ status: 'published', aliases: [] })
  })

  test.each([
    ['title', 'text110'],
    ['date', 'moment'],
    ['section', 'slug'],
  ])('without its %s is refused, and says what was expected', (key, expected) => {
    expect(issues({ [key]: undefined })).toEqual([{ key, code: 'missing', expected }])
  })

  test('hears of every missing key at once', () => {
    expect(issues({ title: undefined, date: undefined, section: undefined }).map(({ key }) => key)).toEqual([
      'title',
      'date',
      'section',
    ])
  })

  test.each([
    ['titel', 'title'],
    ['Title', 'title'],
    ['tag', 'tags'],
    ['autor', 'author'],
    ['descripton', 'description'],
    ['upated', 'updated'],
    ['comment', 'comments'],
  ])('with the unknown key %s is asked whether it means %s', (wrong, nearest) => {
    expect(issues({ [wrong]: 'x' })).toEqual([{ key: wrong, code: 'unknown-key', nearest }])
  })

  test('hears of every unknown key at once, inside image and source too', () => {
    expect(issues({ zzzzzzzz: 1, titel: 'x' }).map(({ key }) => key)).toEqual(['zzzzzzzz', 'titel'])
    expect(issues({ image: { src: 'bild.svg', alt: 'Ein Bild', captoin: 'x' } })).toEqual([
      { key: 'image.captoin', code: 'unknown-key', nearest: 'caption' },
    ])
    expect(issues({ source: { name: 'ots.at', url: 'https://www.ots.at', link: 'x' } })[0]).toMatchObject({
      key: 'source.link',
      code: 'unknown-key',
    })
  })

  test.each<[string, unknown, string]>([
    ['title', 5, 'text110'],
    ['title', '   ', 'text110'],
    ['title', 'x'.repeat(111), 'text110'],
    ['title', ['x'], 'text110'],
    ['description', 'x'.repeat(221), 'text220'],
    ['author', 'x'.repeat(121), 'text120'],
    ['date', 20240703, 'moment'],
    ['date', null, 'moment'],
    ['section', 'Wirt schaft', 'slug'],
    ['tags', 'China', 'tags'],
    ['tags', Array.from({ length: 13 }, (_, n) => `t${n}`), 'tags'],
    ['slug', 'Groß', 'slug'],
    ['ads', true, 'adsPolicy'],
    ['ads', 'never', 'adsPolicy'],
    ['comments', 'off', 'commentPolicy'],
    ['status', 'Published', 'status'],
    ['aliases', '/alt/', 'paths'],
    ['updated', 'gestern', 'moment'],
  ])('with %s: %j is refused, and says what was expected', (key, value, expected) => {
    expect(issues({ [key]: value })).toEqual([expect.objectContaining({ key, code: 'invalid', expected })])
  })

  test.each<[string, unknown, string]>([
    ['tags', ['China', ''], 'tags.1'],
    ['aliases', ['/alt/', 'neu/'], 'aliases.1'],
    ['aliases', ['/mit leerzeichen/'], 'aliases.0'],
    ['source', { name: 'x', url: 'javascript:alert(1)' }, 'source.url'],
    ['source', { name: 'x', url: 'www.ots.at' }, 'source.url'],
    ['source', { name: 'x', url: 'https://a.de/"onclick="x' }, 'source.url'],
    ['source', { name: '', url: 'https://a.de' }, 'source.name'],
    ['image', { src: '../bild.svg', alt: 'Ein Bild' }, 'image.src'],
    ['image', { src: 'bild.html', alt: 'Ein Bild' }, 'image.src'],
    ['image', { src: 'bild.svg' }, 'image.alt'],
    ['image', { src: 'bild.svg', alt: 'Ein Bild', credit: '' }, 'image.credit'],
  ])('with %s: %j is refused where it is wrong', (key, value, at) => {
    expect(issues({ [key]: value }).map((issue) => issue.key)).toEqual([at])
  })

  test('has to say what its lead picture shows', () => {
    expect(issues({ image: { src: 'bild.svg', alt: ' ' } })).toMatchObject([
      { key: 'image.alt', expected: 'alt' },
    ])
  })

  test('may name a picture by a path to it', () => {
    for (const src of ['media/bild.svg', '../media/bild.svg', './media/bild.svg'])
      expect(front({ image: { src, alt: 'Rot' } }).article.image?.src).toBe('/media/hash-bild.svg')
  })
})

describe('a moment', () => {
  test.each([
    ['2024-07-03T09:30:00+02:00', '2024-07-03T07:30:00Z'],
    ['2024-07-03T09:30+02:00', '2024-07-03T07:30:00Z'],
    ['2024-07-03T09:30:15.250Z', '2024-07-03T09:30:15Z'],
    ['2024-01-01T00:30:00+01:00', '2023-12-31T23:30:00Z'],
    ['2024-02-29T12:00:00Z', '2024-02-29T12:00:00Z'],
    ['2099-12-31T23:59:59-05:00', '2100-01-01T04:59:59Z'],
  ])('%s is kept in UTC, the future being allowed', (date, utc) => {
    expect(front({ date }).article.date).toBe(utc)
  })

  test.each([
    '2024-07-03',
    '2024-07-03T09:30:00',
    '2024-07-03 09:30:00+02:00',
    '03.07.2024',
    '2024-13-01T09:30:00Z',
    '2024-07-32T09:30:00Z',
    '2024-07-03T25:00:00Z',
    '2024-07-03T09:61:00Z',
    '2024-07-03T09:30:00+99:00',
    '2024-07-03T09:30:00 Europe/Berlin',
    '2024-02-30T09:30:00Z',
    '2023-02-29T09:30:00+01:00',
    '2024-06-31T23:59:59Z',
    '',
  ])('„%s“ is none: a zone is needed, and a day that exists', (date) => {
    expect(issues({ date })).toEqual([{ key: 'date', code: 'invalid', got: date, expected: 'moment' }])
  })
})

describe('an article', () => {
  test('belongs to a section of the site', () => {
    expect(issues({ section: 'wirtschft' })).toEqual([
      {
        key: 'section',
        code: 'unknown-value',
        got: 'wirtschft',
        expected: 'section',
        nearest: 'wirtschaft',
      },
    ])
  })

  test('has the address of its file, which its front matter may repeat but not contradict', () => {
    expect(front({ slug: 'artikel' }).article.slug).toBe('artikel')
    expect(issues({ slug: 'anders' })[0]).toMatchObject({ key: 'slug', code: 'invalid', got: 'anders' })
  })

  test('may not take the address of a static page', () => {
    const context = contextWith({ footer: ['artikel'] })
    expect(issuesOf(TEXT, {}, context)).toEqual([
      { key: 'slug', code: 'invalid', got: 'artikel', expected: 'freeSlug' },
    ])
  })

  test('names a picture that is there', () => {
    expect(issues({ image: { src: 'bidl.svg', alt: 'Ein Bild' } })).toEqual([
      { key: 'image.src', code: 'missing-media', got: 'bidl.svg', nearest: 'bild.svg' },
    ])
  })

  test('hears of what is wrong in its front matter and its text at once', () => {
    const found = issuesOf('![x](fehlt.png)\n\n## Titel\n\n<!-- ad -->\n\nText', {
      section: 'sport',
      image: { src: 'nirgends.svg', alt: 'Ein Bild' },
    })
    expect(found.map(({ key, code }) => `${key}: ${code}`)).toEqual([
      'section: unknown-value',
      'body: missing-media',
      'image.src: missing-media',
      'body: ad-marker',
    ])
  })

  test('has each tag once, however it is written, and none without a letter', () => {
    expect(front({ tags: ['E-Paper', 'e paper', '…', 'Öl', 'Oel'] }).article.tags).toEqual([
      { slug: 'e-paper', name: 'E-Paper' },
      { slug: 'oel', name: 'Öl' },
    ])
  })

  test('counts its words, not its marks', () => {
    expect(rendered('Drei *kurze* Wörter – und „zwei mehr“.').article.words).toBe(6)
    expect(rendered(paragraph(1)).article.words).toBe(63)
  })
})

describe('an article without a description', () => {
  const description = (body: string) => rendered(body, { description: undefined }).article.description

  test('is described by its first paragraph that says something', () => {
    expect(description('Kurz.\n\nEin Absatz, der lang genug ist, um den Artikel zu beschreiben.')).toBe(
      'Ein Absatz, der lang genug ist, um den Artikel zu beschreiben.',
    )
  })

  test('is not described by a subhead, a caption, a list or a table', () => {
    const long = 'ein langer Text, der vierzig Zeichen und mehr hat'
    const absatz = 'Der erste Absatz, der lang genug ist, um etwas zu sagen.'
    const body = [
      `## ${long}`,
      `![x](bild.svg "${long}|${long}")`,
      `- ${long}`,
      `| ${long} |\n| - |\n| ${long} |`,
    ]
    expect(description([...body, absatz].join('\n\n'))).toBe(absatz)
  })

  test('leaves footnote marks and line breaks out', () => {
    expect(
      description(
        'Ein Satz mit einer Fußnote[^1], der dann\nin der nächsten Zeile weitergeht.\n\n[^1]: Fußnote.',
      ),
    ).toBe('Ein Satz mit einer Fußnote, der dann in der nächsten Zeile weitergeht.')
  })

  test('ends at a word, within 220 characters', () => {
    const text = description(paragraph(1))
    expect([...text].length).toBeLessThanOrEqual(220)
    expect(text.endsWith(' …')).toBe(true)
    expect(paragraph(1).startsWith(`${text.slice(0, -2)} `)).toBe(true)
  })
})

describe('a file’s name', () => {
  test.each([
    ['2024-07-03-china-kasachstan.md', 'china-kasachstan'],
    ['china-kasachstan.md', 'china-kasachstan'],
    ['2024-07-03-2025-01-01-x.md', '2025-01-01-x'],
    ['Größe.md', null],
    ['2024-07-03-.md', null],
    ['.md', null],
    ['../x.md', null],
  ])('%s is the address %s', (name, address) => {
    expect(slugOfFile(name)).toBe(address)
  })
})
