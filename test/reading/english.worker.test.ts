import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { de } from '../../src/locale/de.ts'
import { en } from '../../src/locale/en.ts'
import { Dom } from '../support/dom.ts'
import { article, author, campaign, page, settings } from '../support/fixture.ts'
import { TestSite } from '../support/site.ts'

let site: TestSite

beforeAll(async () => {
  site = await TestSite.open()
  const english = {
    name: 'Trade Papers',
    tagline: 'News on media',
    language: 'en',
    timezone: 'Europe/London',
    sections: [{ slug: 'business', name: 'Business' }],
    footer: ['imprint'],
    comments: { moderation: 'all', rules: 'rules', privacy: 'privacy' },
  }
  await site.publish('site', settings(english))
  await site.publish('authors', author('Jane Doe'))
  await site.publish(
    'pages',
    page('imprint', 'Imprint', 'Text.'),
    page('rules', 'Rules', 'Text.'),
    page('privacy', 'Privacy', 'Text.'),
  )
  await site.publish(
    'ads',
    campaign(
      'north',
      { advertiser: 'Northern Lights', start: '2020-01-01' },
      { headline: 'Ship it', text: 'By sea.', button: 'Ask' },
    ),
  )
  const body = ['"One"', 'Two.[^1]', 'Three.', 'Four.']
    .map((text) => `${text} ${'word '.repeat(50)}`)
    .join('\n\n')
  const story = {
    section: 'business',
    description: 'What it is about.',
    tags: ['Trade'],
    author: 'Jane Doe',
    source: { name: 'example.org', url: 'https://example.org' },
    updated: '2026-01-16T09:00:00Z',
  }
  await site.publish(
    'articles',
    article(
      'story',
      { ...story, title: 'A story' },
      `${body}\n\n## Subhead\n\n| A |\n| - |\n| 1 |\n\n[^1]: Note.`,
    ),
    article('other', { ...story, title: 'Another story', date: '2026-01-14T09:00:00Z' }, body),
    article('closed', { ...story, title: 'A closed story', comments: 'closed' }, body),
  )
})
afterAll(() => site.close())

/** Every text of a locale that is a plain string and does not read the same in both languages. */
function phrases(german: object, english: object): string[] {
  return Object.entries(german).flatMap(([key, value]: [string, unknown]) => {
    const other: unknown = Reflect.get(english, key)
    if (typeof value === 'string') return value === other || value.length < 6 ? [] : [value]
    return typeof value === 'object' && value !== null && typeof other === 'object' && other !== null
      ? phrases(value, other)
      : []
  })
}

const GERMAN = [
  ...phrases(de, en),
  'Kommentare',
  'Lesezeit',
  'Anzeige von',
  'Weitere Artikel',
  'Alle Artikel',
  'Direkt zum Abschnitt',
  'Uhr',
]

const PAGES: Record<string, () => Promise<Response>> = {
  'an error as the first request of an isolate': async () => {
    await site.publish(
      'site',
      settings({
        name: 'Trade Papers',
        tagline: `News ${Math.random()}`,
        language: 'en',
        timezone: 'Europe/London',
        sections: [{ slug: 'business', name: 'Business' }],
        footer: ['imprint'],
        comments: { rules: 'rules', privacy: 'privacy' },
      }),
    )
    return site.fetch('/nowhere/at/all')
  },
  'a wrong method': () => site.fetch('/story/', { method: 'DELETE' }),
  'the article': () => site.fetch('/story/'),
  'the closed article': () => site.fetch('/closed/'),
  'the front page': () => site.fetch('/'),
  'the section': () => site.fetch('/category/business/'),
  'the tag': () => site.fetch('/tag/trade/'),
  'a static page': () => site.fetch('/rules/'),
  'an address where nothing is': () => site.fetch('/nowhere/'),
  'a comment with mistakes': () => site.comment('story', { name: '', email: 'x', website: 'x', text: '' }),
  'a comment too fast': async () => site.comment('story', { token: await site.token('story', 0) }),
  'a comment too late': () => site.comment('story', { token: '' }),
  'a comment on a closed article': () => site.comment('closed'),
  'a comment without D1': () => site.comment('story', {}, {}, { down: ['d1'] }),
  'a foreign form': () => site.comment('story', {}, { origin: 'null' }),
  'the article without D1': () => site.fetch('/story/?ab=9', {}, { down: ['d1'] }),
  'the feed': () => site.fetch('/feed/'),
  'the section’s feed in Atom': () => site.fetch('/category/business/feed/atom/'),
  'the tag’s feed in JSON': () => site.fetch('/tag/trade/feed/json/'),
  'the feed of comments': async () => {
    await site.approvedComment('story', { text: 'A comment.' })
    return site.fetch('/comments/feed/')
  },
  'the feed of an article’s comments': () => site.fetch('/story/feed/'),
}

describe('a site in English has no word of German in', () => {
  test.each(Object.entries(PAGES))('%s', async (_, ask) => {
    // A comment's permalink and the page of older comments have German names in every language: addresses stay.
    const text = (await (await ask()).text()).replace(/<style>.*?<\/style>/s, '')
    const words = text.replace(/\b(?:id|href|for|class|name|aria-\w+)="[^"]*"/g, '')
    expect(GERMAN.filter((phrase) => words.includes(phrase))).toEqual([])
  })
})

describe('a site in English', () => {
  test('says so, with its own quotation marks, dates and time zone', async () => {
    const story = new Dom(await site.page('/story/'))
    expect(story.attribute('html', 'lang')).toBe('en')
    expect(story.attribute('meta[property="og:locale"]', 'content')).toBe('en_GB')
    expect(story.texts('.body p')[0]).toContain('“One”')
    expect(story.text('.byline')).toContain('15 January 2026, 08:00')
    expect(story.text('.ad-label')).toBe('Short advertisement')
    expect(story.text('.comment-form h2')).toBe('Leave a comment')
  })
})
