import type { IRequest } from 'itty-router'
import { readNextDue, selectNextDue } from '../article/list-store.ts'
import { plainHeaders } from '../http/headers.ts'
import { type ComposedPage, cachedPage, composePage, sendPage } from '../http/page.ts'
import { writeXml, type Xml, xml } from '../http/xml.ts'
import { missing } from './moved.tsx'
import type { Site } from './site.ts'
import {
  FILE_LENGTH,
  readAddresses,
  readChanges,
  readLists,
  readNews,
  readPages,
  readYears,
  selectChanges,
  selectNewestIn,
  selectNews,
  selectPages,
  selectTagsToFind,
  selectYear,
  selectYears,
} from './sitemap-store.ts'
import { timestampOf } from './timestamp.ts'

/** Sitemaps (sitemaps.org): an index, a file of lists and pages, a file for each year, and one of the news. */

/** How far back the news go: Google's limit. */
const NEWS_MS = 48 * 60 * 60 * 1000

/** GET /sitemap.xml — the index of all files but the news. 200, 304. */
export const showSitemap = (request: IRequest, site: Site) =>
  sendKept(request, site, '/sitemap.xml', async () => {
    const { DB } = site.env
    const { rows } = await site.batch([
      selectYears(DB, site.timestamp),
      selectChanges(DB, site.timestamp),
      selectNextDue(DB, site.timestamp),
    ])
    const [years = [], changed = [], due = []] = rows
    const changes = readChanges(changed)
    const lastOf = (isPart: (month: string) => boolean) =>
      changes
        .flatMap(({ month, at }) => (isPart(month) ? [at] : []))
        .sort()
        .at(-1)
    const files = readYears(years).flatMap(({ year, articles }) =>
      Array.from({ length: Math.ceil(articles / FILE_LENGTH) }, (_, index) => ({
        path: `/sitemap-${year}${index === 0 ? '' : `-${index + 1}`}.xml`,
        lastModified: lastOf((month) => month.startsWith(year)),
      })),
    )
    const everything = [{ path: '/sitemap-pages.xml', lastModified: lastOf(() => true) }, ...files]
    const index = xml(
      'sitemapindex',
      { xmlns: SITEMAP },
      everything.map(({ path, lastModified }) =>
        xml('sitemap', {}, [
          xml('loc', {}, site.origin + path),
          lastModified ? xml('lastmod', {}, lastModified) : null,
        ]),
      ),
    )
    return compose(index, readNextDue(due), site)
  })

/** GET /sitemap-pages.xml — the front page, sections, authors, tags and static pages. 200, 304. */
export const showPagesSitemap = (request: IRequest, site: Site) =>
  sendKept(request, site, '/sitemap-pages.xml', async () => {
    const { settings } = await site.snapshot()
    const { DB } = site.env
    const lists = [
      '',
      ...settings.sections.map(({ slug }) => `section/${slug}`),
      ...Object.keys(settings.authors).map((slug) => `author/${slug}`),
    ]
    const { rows } = await site.batch([
      selectNewestIn(DB, lists, site.timestamp),
      selectTagsToFind(DB, site.timestamp),
      selectPages(DB),
      selectNextDue(DB, site.timestamp),
    ])
    const [listed = [], tags = [], pages = [], due = []] = rows
    const urls = [
      ...readLists([...listed, ...tags]).map(({ list, at }) => toUrl(site.origin + pathOfList(list), at)),
      ...readPages(pages).map(({ slug, day }) => toUrl(`${site.origin}/${slug}/`, day)),
    ]
    return compose(xml('urlset', { xmlns: SITEMAP }, urls.slice(0, FILE_LENGTH)), readNextDue(due), site)
  })

/** GET /sitemap-:part.xml — a year's articles with their lead pictures, up to 10,000 a file. 200, 304, 404. */
export async function showYearSitemap(request: IRequest, site: Site): Promise<Response> {
  const [, year, part = '1'] = /^(\d{4})(?:-([2-9]|[1-9]\d))?$/.exec(request.params.part ?? '') ?? []
  if (!year) return missing(site)
  const { DB } = site.env
  const { rows } = await site.batch([
    selectYear(DB, year, Number(part), site.timestamp),
    selectNextDue(DB, site.timestamp),
  ])
  const [found = [], due = []] = rows
  if (found.length === 0) return missing(site)
  const urls = readAddresses(found).map(({ slug, changed_at, image }) =>
    toUrl(`${site.origin}/${slug}/`, changed_at, toImage(image, site)),
  )
  // Too large for the isolate's memory, and asked for by a few programs a day.
  const page = await compose(
    xml('urlset', { xmlns: SITEMAP, 'xmlns:image': IMAGE }, urls),
    readNextDue(due),
    site,
  )
  return sendPage(page, request, site)
}

/** GET /sitemap-news.xml — what was published within two days (Google News). 200, 304. */
export const showNewsSitemap = (request: IRequest, site: Site) =>
  sendKept(request, site, '/sitemap-news.xml', async () => {
    const { DB } = site.env
    const since = timestampOf(site.now.getTime() - NEWS_MS)
    const { rows } = await site.batch([
      selectNews(DB, since, site.timestamp),
      selectNextDue(DB, site.timestamp),
    ])
    const [news = [], due = []] = rows
    const urls = readNews(news).map(({ slug, title, language, date, image }) =>
      toUrl(
        `${site.origin}/${slug}/`,
        null,
        xml('news:news', {}, [
          xml('news:publication', {}, [
            xml('news:name', {}, site.settings.name),
            xml('news:language', {}, language),
          ]),
          xml('news:publication_date', {}, date),
          xml('news:title', {}, title),
        ]),
        toImage(image, site),
      ),
    )
    const namespaces = { xmlns: SITEMAP, 'xmlns:image': IMAGE, 'xmlns:news': NEWS }
    return compose(xml('urlset', namespaces, urls), readNextDue(due), site)
  })

const SITEMAP = 'http://www.sitemaps.org/schemas/sitemap/0.9'
const IMAGE = 'http://www.google.com/schemas/sitemap-image/1.1'
const NEWS = 'http://www.google.com/schemas/sitemap-news/0.9'

const toUrl = (address: string, lastModified: string | null, ...more: (Xml | null)[]): Xml =>
  xml('url', {}, [xml('loc', {}, address), lastModified ? xml('lastmod', {}, lastModified) : null, ...more])

const toImage = (src: string | null, { origin }: Site): Xml | null =>
  src ? xml('image:image', {}, [xml('image:loc', {}, origin + src)]) : null

/** The page that shows a list; the front page shows everything. */
const pathOfList = (list: string) => (list === '' ? '/' : `/${list.replace(/^section\//, 'category/')}/`)

const compose = (root: Xml, nextDue: string | null, site: Site): Promise<ComposedPage> =>
  composePage(
    {
      html: writeXml(root),
      headers: { ...plainHeaders, 'content-type': 'application/xml; charset=utf-8' },
      nextDue,
    },
    site.now,
  )

async function sendKept(
  request: IRequest,
  site: Site,
  path: string,
  make: () => Promise<ComposedPage>,
): Promise<Response> {
  const page = await cachedPage(site.origin + path, site, make)
  return page ? sendPage(page, request, site) : missing(site)
}
