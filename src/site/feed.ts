import type { IRequest } from 'itty-router'
import { absolute } from '../article/absolute.ts'
import { Article } from '../article/article.ts'
import { EVERYTHING } from '../article/list.ts'
import { readNextDue, selectNewest, selectNextDue } from '../article/list-store.ts'
import { articleKey, readTeasers } from '../article/store.ts'
import { plainHeaders } from '../http/headers.ts'
import { type ComposedPage, cachedPage, composePage, sendPage } from '../http/page.ts'
import { writeXml, xml } from '../http/xml.ts'
import { sectionName } from '../view/parts.tsx'
import { parseStored } from './content.ts'
import type { Site } from './site.ts'

/** Articles a feed holds. */
const FEED_LENGTH = 20

/** GET /feed/ — the newest articles with their full text (RSS 2.0). 200, 304. */
export async function showFeed(request: IRequest, site: Site): Promise<Response> {
  const page = await cachedPage(`${site.origin}/feed/`, site, () => compose(site))
  if (!page) throw new Error('there is always a feed')
  return sendPage(page, request, site)
}

async function compose(site: Site): Promise<ComposedPage> {
  const { articles, nextDue } = await newestArticles(site)
  const headers = { ...plainHeaders, 'content-type': 'application/rss+xml; charset=utf-8' }
  return composePage({ html: toRss(articles, site), headers, nextDue }, site.now)
}

async function newestArticles(site: Site): Promise<{ articles: Article[]; nextDue: string | null }> {
  const { rows } = await site.batch([
    selectNewest(site.env.DB, EVERYTHING, site.timestamp, FEED_LENGTH),
    selectNextDue(site.env.DB, site.timestamp),
  ])
  const teasers = readTeasers(rows[0] ?? [])
  const keys = teasers.map(({ slug }) => articleKey(slug))
  const values = await site.read(keys)
  const articles = keys.flatMap((key) => parseStored(key, Article, values.get(key) ?? null) ?? [])
  return { articles, nextDue: readNextDue(rows[1] ?? []) }
}

/** RSS 2.0 (rssboard.org/rss-specification), with the full text in `content:encoded` and Atom's link to itself. */
function toRss(articles: readonly Article[], site: Site): string {
  const { origin, settings, texts } = site
  const built = articles
    .map(({ date, updated }) => updated ?? date)
    .sort()
    .at(-1)
  const channel = [
    xml('title', {}, settings.name),
    xml('link', {}, `${origin}/`),
    xml('description', {}, settings.tagline || texts.site.feedOf(settings.name)),
    xml('language', {}, settings.language),
    xml('atom:link', { href: `${origin}/feed/`, rel: 'self', type: 'application/rss+xml' }),
    built ? xml('lastBuildDate', {}, rfc822(built)) : null,
  ]
  const items = articles.map((article) => xml('item', {}, toItem(article, site)))
  return writeXml(xml('rss', { version: '2.0', ...NAMESPACES }, xml('channel', {}, [...channel, ...items])))
}

const NAMESPACES = {
  'xmlns:atom': 'http://www.w3.org/2005/Atom',
  'xmlns:content': 'http://purl.org/rss/1.0/modules/content/',
  'xmlns:dc': 'http://purl.org/dc/elements/1.1/',
}

/** An article as a feed's item. Its address is its id; the full text has absolute addresses and no ad. */
function toItem(article: Article, site: Site) {
  const link = `${site.origin}/${article.slug}/`
  const categories = [sectionName(site, article.section), ...article.tags.map(({ name }) => name)]
  return [
    xml('title', {}, article.title),
    xml('link', {}, link),
    xml('guid', { isPermaLink: 'true' }, link),
    xml('pubDate', {}, rfc822(article.date)),
    ...article.authors.map(({ name }) => xml('dc:creator', {}, name)),
    ...categories.map((name) => xml('category', {}, name)),
    xml('description', {}, article.description),
    xml('content:encoded', {}, absolute(article, site.origin)),
  ]
}

/** A moment as RSS wants it: `Wed, 03 Jul 2024 07:30:00 GMT` (RFC 822 with the year of RFC 1123). */
const rfc822 = (moment: string) => new Date(moment).toUTCString()
