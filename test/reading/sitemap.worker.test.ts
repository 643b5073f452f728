import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { XMLParser } from 'fast-xml-parser'
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import { article, page, publishNewsroom, settings } from '../support/fixture.ts'
import { costOf, inSeconds, rowsReadBy, TestSite } from '../support/site.ts'

let site: TestSite

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(
    site,
    article('alt', {
      date: '2024-03-01T08:00:00Z',
      updated: '2024-05-01T08:00:00Z',
      tags: ['Handel', 'Allein'],
    }),
    article('mit-bild', {
      title: 'Zölle & „Märkte“ <b>',
      date: '2025-03-01T08:00:00Z',
      image: { src: 'bild.svg', alt: 'Rot' },
    }),
    article('silvester', { date: '2025-12-31T23:30:00Z' }),
    article('entwurf', { status: 'draft' }),
    article('geplant', { date: '2099-02-01T08:00:00Z', section: 'technik' }),
  )
  await site.publish('pages', {
    ...page('hilfe', 'Hilfe'),
    frontMatter: { title: 'Hilfe', updated: '2025-05-01' },
  })
})
afterAll(() => site.close())

const schema = (name: string) => ({
  fileName: name,
  contents: readFileSync(join(import.meta.dirname, '../support/schemas', name), 'utf8'),
})

/** What the protocol's schema finds wrong with a document. */
async function faultsOf(xml: string): Promise<string[]> {
  const { errors } = await validateXML({
    xml: { fileName: 'sitemap.xml', contents: xml },
    schema: schema(xml.includes('<sitemapindex') ? 'siteindex.xsd' : 'sitemap.xsd'),
    preload: [schema('sitemap-image.xsd'), schema('sitemap-news.xsd')],
    maxMemoryPages: 4096,
  })
  return errors.map(({ message }) => message)
}

const parser = new XMLParser({ isArray: (name) => ['url', 'sitemap'].includes(name), parseTagValue: false })
const Url = v.object({
  loc: v.string(),
  lastmod: v.optional(v.string()),
  'image:image': v.optional(v.object({ 'image:loc': v.string() })),
  'news:news': v.optional(
    v.object({
      'news:publication': v.object({ 'news:name': v.string(), 'news:language': v.string() }),
      'news:publication_date': v.string(),
      'news:title': v.string(),
    }),
  ),
})
const urlsIn = (xml: string) =>
  v.parse(v.object({ urlset: v.object({ url: v.array(Url) }) }), parser.parse(xml)).urlset.url
const filesIn = (xml: string) =>
  v.parse(v.object({ sitemapindex: v.object({ sitemap: v.array(Url) }) }), parser.parse(xml)).sitemapindex
    .sitemap

describe('the sitemaps', () => {
  test('fit the protocol’s schema', async () => {
    const news = { now: '2026-01-01T08:00:00Z' }
    const documents = [
      await site.page('/sitemap-news.xml', news),
      ...(await Promise.all(
        ['/sitemap.xml', '/sitemap-pages.xml', '/sitemap-2024.xml', '/sitemap-2025.xml'].map((path) =>
          site.page(path),
        ),
      )),
    ]
    for (const document of documents) expect(await faultsOf(document), document).toEqual([])
  })

  test('and the schema knows what does not fit', async () => {
    const urlset = (inside: string) =>
      `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">${inside}</urlset>`
    for (const wrong of [
      '',
      '<url><lastmod>2024-01-01</lastmod></url>',
      '<url><loc>https://beispiel.de/</loc><lastmod>gestern</lastmod></url>',
      '<url><loc>https://beispiel.de/</loc><image:image/></url>',
      '<url><loc>https://beispiel.de/</loc></url><url><loc>https://beispiel.de/</loc></url>',
    ])
      expect(await faultsOf(urlset(wrong)), wrong).not.toEqual([])
  })

  test('are named in an index, with the moment at which each changed last', async () => {
    const published = Date.now()
    const response = await site.fetch('/sitemap.xml')
    expect(response.headers.get('content-type')).toBe('application/xml; charset=utf-8')
    const files = filesIn(await response.text())
    expect(files.map(({ loc }) => loc.slice(site.url.length))).toEqual([
      '/sitemap-pages.xml',
      '/sitemap-2025.xml',
      '/sitemap-2024.xml',
    ])
    for (const { lastmod } of files)
      expect(Math.abs(Date.parse(lastmod ?? '') - published)).toBeLessThan(60_000)
  })

  test('have every article of a year, the oldest first, with its lead picture and its last change', async () => {
    expect(urlsIn(await site.page('/sitemap-2024.xml'))).toEqual([
      { loc: `${site.url}/alt/`, lastmod: '2024-05-01T08:00:00Z' },
    ])
    const [first, second, ...others] = urlsIn(await site.page('/sitemap-2025.xml'))
    expect(first).toMatchObject({ loc: `${site.url}/mit-bild/`, lastmod: '2025-03-01T08:00:00Z' })
    expect(first?.['image:image']?.['image:loc']).toMatch(
      new RegExp(`^${site.url}/media/[0-9a-f]{32}\\.svg$`),
    )
    expect(second?.loc).toBe(`${site.url}/silvester/`)
    expect(others).toEqual([])
  })

  test('have the front page, sections, authors, pages, and tags with more than one article', async () => {
    const urls = urlsIn(await site.page('/sitemap-pages.xml'))
    expect(urls.map(({ loc, lastmod }) => [loc.slice(site.url.length), lastmod])).toEqual([
      ['/', '2025-12-31T23:30:00Z'],
      ['/category/wirtschaft/', '2025-12-31T23:30:00Z'],
      ['/author/miriam-albers/', '2025-12-31T23:30:00Z'],
      ['/tag/handel/', '2025-12-31T23:30:00Z'],
      ['/datenschutz/', undefined],
      ['/hilfe/', '2025-05-01'],
      ['/impressum/', undefined],
      ['/kommentarregeln/', undefined],
    ])
  })

  test.each([
    '/sitemap-2023.xml',
    '/sitemap-2025-2.xml',
    '/sitemap-2025-1.xml',
    '/sitemap-2099.xml',
    '/sitemap-x.xml',
    '/sitemap-0.xml',
  ])('are not at %s', async (path) => expect((await site.fetch(path)).status).toBe(404))

  test('lead only to pages that are there', async () => {
    const files = filesIn(await site.page('/sitemap.xml')).map(({ loc }) => loc.slice(site.url.length))
    for (const file of files)
      for (const { loc } of urlsIn(await site.page(file)))
        expect((await site.fetch(loc.slice(site.url.length))).status, loc).toBe(200)
  })

  test('cost one round trip to D1 each', async () => {
    const later = { now: inSeconds(120) }
    for (const path of ['/sitemap.xml', '/sitemap-pages.xml', '/sitemap-2025.xml', '/sitemap-news.xml'])
      expect(costOf(await site.fetch(path, {}, later)).d1, path).toBe(1)
  })

  test('are not sent twice', async () => {
    for (const path of ['/sitemap.xml', '/sitemap-2025.xml', '/sitemap-news.xml']) {
      const etag = (await site.fetch(path)).headers.get('etag') ?? ''
      expect((await site.fetch(path, { headers: { 'if-none-match': etag } })).status, path).toBe(304)
    }
  })

  test('the news are those of the last 48 hours', async () => {
    const news = async (now: string) => {
      await site.publish('articles', article('anstoss', { date: '2020-01-01T08:00:00Z', title: now }))
      return site.page('/sitemap-news.xml', { now })
    }
    const [one] = urlsIn(await news('2026-01-02T23:29:59Z'))
    expect(one).toEqual({
      loc: `${site.url}/silvester/`,
      'news:news': {
        'news:publication': { 'news:name': 'MedienWirtschaft', 'news:language': 'de' },
        'news:publication_date': '2025-12-31T23:30:00Z',
        'news:title': 'Artikel silvester',
      },
    })
    expect(await news('2026-01-02T23:30:00Z')).not.toContain('<url>')
  })

  test('have a scheduled article when it is due, and its year', async () => {
    const due = { now: '2099-02-01T08:00:00Z' }
    expect(filesIn(await site.page('/sitemap.xml', due))[1]).toEqual({
      loc: `${site.url}/sitemap-2099.xml`,
      lastmod: '2099-02-01T08:00:00Z',
    })
    expect(await site.page('/sitemap-2099.xml', due)).toContain('/geplant/')
    expect(await site.page('/sitemap-news.xml', due)).toContain('/geplant/')
    expect(await site.page('/sitemap-pages.xml', due)).toContain('/category/technik/')
  })
})

describe('50,000 articles', () => {
  const COUNT = 50_000
  /** All in one year, so that its file has to be parted. */
  beforeAll(async () => {
    await site.env.DB.prepare(
      `INSERT INTO article (slug, title, description, section, published_at, comments, status, revision, hash, image)
       WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${COUNT})
       SELECT 'artikel-' || i, 'Titel ' || i, 'Text', 'technik',
         strftime('%Y-%m-%dT%H:%M:%SZ', '2019-01-01', '+' || (i * 10) || ' minutes'), 'open', 'published', 1, 'x',
         '{"src":"/media/0123456789abcdef0123456789abcdef.jpg","width":1,"height":1,"alt":""}' FROM n`,
    ).run()
    await site.env.DB.prepare(
      `INSERT INTO listing (article, list, published_at) SELECT slug, '', published_at FROM article WHERE slug GLOB 'artikel-*'`,
    ).run()
  })

  test('stand in files of 10,000, each article once; a far file costs what the first costs', async () => {
    const now = { now: '2099-03-01T08:00:00Z' }
    const files = filesIn(await site.page('/sitemap.xml', now)).map(({ loc }) => loc.slice(site.url.length))
    const ofYear = files.filter((file) => file.startsWith('/sitemap-2019'))
    expect(ofYear).toEqual(['', '-2', '-3', '-4', '-5'].map((part) => `/sitemap-2019${part}.xml`))
    const found: string[] = []
    const rows: number[] = []
    for (const file of ofYear) {
      const response = await site.fetch(file, {}, now)
      rows.push(rowsReadBy(response))
      const urls = urlsIn(await response.text())
      expect(urls.length).toBeLessThanOrEqual(10_000)
      found.push(...urls.map(({ loc }) => loc))
    }
    expect(found.length).toBe(COUNT)
    expect(new Set(found).size).toBe(COUNT)
    expect(Math.max(...rows)).toBeLessThan(30_000)
  })

  test('and the largest file fits the schema', async () => {
    expect(await faultsOf(await site.page('/sitemap-2019-3.xml', { now: '2099-03-01T08:00:00Z' }))).toEqual(
      [],
    )
  })
})

describe('files for machines', () => {
  test('robots.txt names the sitemaps', async () => {
    const text = await site.page('/robots.txt')
    expect(text).toContain(`\nSitemap: ${site.url}/sitemap.xml\nSitemap: ${site.url}/sitemap-news.xml\n`)
  })

  test('security.txt says whom to turn to (RFC 9116), where site.yaml does', async () => {
    const path = '/.well-known/security.txt'
    expect((await site.fetch(path)).status).toBe(404)
    const security = {
      contact: ['mailto:sicherheit@beispiel.de', 'https://beispiel.de/melden'],
      expires: '2027-06-30',
      policy: 'https://beispiel.de/sicherheit',
    }
    await site.publish('site', settings({ security }))
    const response = await site.fetch(path)
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(await response.text()).toBe(
      [
        'Contact: mailto:sicherheit@beispiel.de',
        'Contact: https://beispiel.de/melden',
        'Expires: 2027-06-30T23:59:59Z',
        'Preferred-Languages: de, en',
        `Canonical: ${site.url}${path}`,
        'Policy: https://beispiel.de/sicherheit',
        '',
      ].join('\n'),
    )
  })
})
