import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dom } from '../support/dom.ts'
import { article, author, publishNewsroom } from '../support/fixture.ts'
import { TestSite } from '../support/site.ts'

let site: TestSite

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site)
  await site.publish(
    'authors',
    author('Jonas Feldkamp', {
      role: 'Redakteur Technik',
      portrait: { src: 'bild.svg', alt: 'Jonas Feldkamp' },
      links: [{ name: 'Mastodon', url: 'https://social.example/@jonas' }],
    }),
  )
  await site.publish(
    'articles',
    article('mit-allem', {
      title: 'Handel & </script><script>alert(1)</script>',
      author: ['Jonas Feldkamp', 'Miriam Albers'],
      updated: '2026-01-16T09:00:00Z',
      image: { src: 'bild.svg', alt: 'Rot' },
      source: { name: 'ots.at', url: 'https://www.ots.at' },
    }),
    article('schlicht', { author: undefined, tags: [], comments: 'none' }),
  )
  await site.approvedComment('mit-allem')
})
afterAll(() => site.close())

const Graph = v.object({
  '@context': v.literal('https://schema.org'),
  '@graph': v.array(v.looseObject({ '@type': v.string() })),
})

/** What a page says about itself to programs, by type. */
async function dataOf(path: string) {
  const raw = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(await site.page(path))?.[1] ?? ''
  expect(raw).not.toMatch(/[<>&]/)
  const { '@graph': graph } = v.parse(Graph, JSON.parse(raw))
  return Object.fromEntries(graph.map((one) => [one['@type'], one]))
}

/** What every type has to have; a URL is absolute. */
const Address = v.pipe(v.string(), v.url())
const Picture = v.object({ '@type': v.literal('ImageObject'), url: Address })
const Publisher = v.object({
  '@type': v.literal('NewsMediaOrganization'),
  '@id': Address,
  name: v.string(),
  url: Address,
  logo: Picture,
})
const REQUIRED = {
  NewsArticle: v.strictObject({
    '@type': v.literal('NewsArticle'),
    headline: v.string(),
    description: v.string(),
    url: Address,
    mainEntityOfPage: Address,
    datePublished: v.pipe(v.string(), v.isoTimestamp()),
    dateModified: v.pipe(v.string(), v.isoTimestamp()),
    image: v.optional(v.array(v.object({ ...Picture.entries, width: v.number(), height: v.number() }))),
    author: v.union([
      v.array(v.object({ '@type': v.literal('Person'), name: v.string(), url: Address })),
      Publisher,
    ]),
    publisher: Publisher,
    articleSection: v.string(),
    keywords: v.optional(v.array(v.string())),
    wordCount: v.number(),
    inLanguage: v.picklist(['de', 'en']),
    isAccessibleForFree: v.literal(true),
    isBasedOn: v.optional(Address),
    commentCount: v.optional(v.number()),
    workTranslation: v.optional(v.object({ '@id': Address })),
  }),
  BreadcrumbList: v.strictObject({
    '@type': v.literal('BreadcrumbList'),
    itemListElement: v.array(
      v.strictObject({
        '@type': v.literal('ListItem'),
        position: v.number(),
        name: v.string(),
        item: v.optional(Address),
      }),
    ),
  }),
  WebSite: v.strictObject({
    '@type': v.literal('WebSite'),
    '@id': Address,
    name: v.string(),
    description: v.string(),
    url: Address,
    inLanguage: v.string(),
    publisher: Publisher,
    potentialAction: v.object({
      '@type': v.literal('SearchAction'),
      target: v.object({ urlTemplate: v.pipe(v.string(), v.endsWith('/search/?q={search_term_string}')) }),
      'query-input': v.literal('required name=search_term_string'),
    }),
  }),
  CollectionPage: v.strictObject({
    '@type': v.literal('CollectionPage'),
    name: v.string(),
    description: v.optional(v.string()),
    url: Address,
    inLanguage: v.string(),
    isPartOf: v.object({ '@type': v.literal('WebSite'), '@id': Address }),
  }),
  ProfilePage: v.strictObject({
    '@type': v.literal('ProfilePage'),
    url: Address,
    inLanguage: v.string(),
    mainEntity: v.object({
      '@type': v.literal('Person'),
      name: v.string(),
      url: Address,
      worksFor: Publisher,
    }),
  }),
}

describe('every page says what it is, with all that its type needs', () => {
  test.each([
    ['/', ['WebSite']],
    ['/mit-allem/', ['NewsArticle', 'BreadcrumbList']],
    ['/schlicht/', ['NewsArticle', 'BreadcrumbList']],
    ['/category/wirtschaft/', ['CollectionPage', 'BreadcrumbList']],
    ['/tag/handel/', ['CollectionPage', 'BreadcrumbList']],
    ['/author/jonas-feldkamp/', ['ProfilePage', 'BreadcrumbList']],
    ['/2026/01/', ['CollectionPage', 'BreadcrumbList']],
    ['/2026/', ['CollectionPage', 'BreadcrumbList']],
  ] as const)('%s', async (path, types) => {
    const data = await dataOf(path)
    expect(Object.keys(data)).toEqual(types)
    for (const type of types) v.parse(REQUIRED[type], data[type])
  })
})

describe('an article', () => {
  test('names its authors with their pages, its source, its picture and how many comments it has', async () => {
    const { NewsArticle } = await dataOf('/mit-allem/')
    expect(NewsArticle).toMatchObject({
      headline: 'Handel & </script><script>alert(1)</script>',
      author: [
        { '@type': 'Person', name: 'Jonas Feldkamp', url: `${site.url}/author/jonas-feldkamp/` },
        { '@type': 'Person', name: 'Miriam Albers', url: `${site.url}/author/miriam-albers/` },
      ],
      dateModified: '2026-01-16T09:00:00Z',
      isBasedOn: 'https://www.ots.at',
      commentCount: 1,
      image: [{ width: 1200, height: 675 }],
    })
  })

  test('without an author is the newsroom’s, and without comments has no count', async () => {
    const { NewsArticle } = await dataOf('/schlicht/')
    expect(NewsArticle).toMatchObject({ author: { '@type': 'NewsMediaOrganization' } })
    expect(NewsArticle).not.toHaveProperty('commentCount')
    expect(NewsArticle).not.toHaveProperty('image')
  })

  test('is said without a count while D1 is down', async () => {
    await site.publish('articles', article('anstoss')) // the isolate forgets
    const html = await site.page('/mit-allem/', { down: ['d1'] })
    expect(html).toContain('NewsArticle')
    expect(html).not.toContain('commentCount')
  })

  test('stands below its section', async () => {
    const { BreadcrumbList } = await dataOf('/mit-allem/')
    expect(BreadcrumbList?.itemListElement).toMatchObject([
      { position: 1, name: 'Startseite', item: `${site.url}/` },
      { position: 2, name: 'Wirtschaft', item: `${site.url}/category/wirtschaft/` },
      { position: 3, name: 'Handel & </script><script>alert(1)</script>' },
    ])
  })
})

test('an author is a person with a role, a picture and addresses elsewhere', async () => {
  const { ProfilePage } = await dataOf('/author/jonas-feldkamp/')
  expect(ProfilePage?.mainEntity).toMatchObject({
    name: 'Jonas Feldkamp',
    jobTitle: 'Redakteur Technik',
    sameAs: ['https://social.example/@jonas'],
    image: expect.stringMatching(new RegExp(`^${site.url}/media/`)),
  })
})

describe('in the head', () => {
  const feedsOf = async (path: string) => {
    const page = new Dom(await site.page(path))
    return page.attributes('link[rel=alternate][type="application/rss+xml"]', 'href')
  }

  test.each([
    ['/', ['/feed/']],
    ['/category/wirtschaft/', ['/category/wirtschaft/feed/', '/feed/']],
    ['/tag/handel/', ['/tag/handel/feed/', '/feed/']],
    ['/author/jonas-feldkamp/', ['/author/jonas-feldkamp/feed/', '/feed/']],
    ['/2026/01/', ['/feed/']],
    ['/mit-allem/', ['/mit-allem/feed/', '/feed/']],
    ['/schlicht/', ['/feed/']],
  ])('%s names %o, and all of them are there', async (path, feeds) => {
    expect(await feedsOf(path)).toEqual(feeds)
    for (const feed of feeds) expect((await site.fetch(feed)).status).toBe(200)
  })

  test('a card is large where there is a picture', async () => {
    const card = async (path: string) =>
      new Dom(await site.page(path)).attribute('meta[name="twitter:card"]', 'content')
    expect(await card('/mit-allem/')).toBe('summary_large_image')
    expect(await card('/schlicht/')).toBe('summary')
  })
})
