import type { IRequest } from 'itty-router'
import { absolute } from '../article/absolute.ts'
import { Article } from '../article/article.ts'
import { authorList, EVERYTHING, type ListName, sectionList, tagList } from '../article/list.ts'
import { readName, readNextDue, selectNextDue, selectTagName } from '../article/list-store.ts'
import { extensionOf, MEDIA_TYPES } from '../article/media.ts'
import { parseSlug, type Slug } from '../article/slug.ts'
import { articleKey } from '../article/store.ts'
import { parseStored } from '../site/content.ts'
import { missing } from '../site/moved.tsx'
import type { Site } from '../site/site.ts'
import { sectionName } from '../view/parts.tsx'
import { type FeedDraft, readFormat, sendFeed } from './answer.ts'
import { type Archive, linkToArchive, planArchive, planCurrent, readArchiveAsked } from './archive.ts'
import { type Entry, type FeedLinks, pathOfFeed } from './feed.ts'
import { publisherOf } from './publisher.ts'
import {
  readChanged,
  readMembers,
  readMonthCounts,
  selectArchive,
  selectChanged,
  selectFeed,
  selectMonthAfter,
  selectMonthsUpTo,
} from './store.ts'

/** A list of articles that can be subscribed to. */
interface Subscribable {
  list: ListName
  /** Address of the page that shows the list; its feed is `feed/` below it. */
  page: string
  /** What must be read to describe it. */
  statement?: D1PreparedStatement
  /** Null where there is no such list. */
  describe: (rows: unknown[], site: Site) => { title: string; description: string } | null
}

/** GET /feed/, /feed/:format/ — the newest articles with their full text. 200, 304, 404. */
export const showFeed = (request: IRequest, site: Site) =>
  showList(request, site, {
    list: EVERYTHING,
    page: '/',
    describe: (_, { settings, texts }) => ({
      title: settings.name,
      description: settings.tagline || texts.site.feedOf(settings.name),
    }),
  })

/** GET /category/:slug/feed/ — the same of a section. 200, 304, 404. */
export const showSectionFeed = (request: IRequest, site: Site) =>
  withSlug(request, site, (slug) => ({
    list: sectionList(slug),
    page: `/category/${slug}/`,
    describe: (_, { settings, texts }) => {
      const section = settings.sections.find((one) => one.slug === slug)
      if (!section) return null
      return { title: section.name, description: section.description ?? texts.list.ofSection(section.name) }
    },
  }))

/** GET /tag/:slug/feed/ — the same of a tag. 200, 304, 404. */
export const showTagFeed = (request: IRequest, site: Site) =>
  withSlug(request, site, (slug) => ({
    list: tagList(slug),
    page: `/tag/${slug}/`,
    statement: selectTagName(site.env.DB, slug),
    describe: (rows, { texts }) => {
      const title = readName(rows)
      return title === null ? null : { title, description: texts.site.tagged(title) }
    },
  }))

/** GET /author/:slug/feed/ — the same of an author. 200, 304, 404. */
export const showAuthorFeed = (request: IRequest, site: Site) =>
  withSlug(request, site, (slug) => ({
    list: authorList(slug),
    page: `/author/${slug}/`,
    describe: (_, { settings, texts }) => {
      const title = settings.authors[slug]
      return title === undefined ? null : { title, description: texts.list.ofAuthor(title) }
    },
  }))

function withSlug(request: IRequest, site: Site, of: (slug: Slug) => Subscribable): Promise<Response> {
  const slug = parseSlug(request.params.slug)
  return slug ? showList(request, site, of(slug)) : missing(site)
}

async function showList(request: IRequest, site: Site, source: Subscribable): Promise<Response> {
  const format = readFormat(request)
  const archive = readArchiveAsked(new URL(request.url))
  if (!format || archive === undefined) return missing(site)
  const path = pathOfFeed(`${source.page}feed/`, format)
  return archive
    ? sendFeed(request, site, format, null, () => readArchive(source, archive, path, site))
    : sendFeed(request, site, format, site.origin + path, () => readCurrent(source, path, site))
}

/** The feed itself: the newest articles, and at least all that no archive has yet. */
async function readCurrent(source: Subscribable, path: string, site: Site): Promise<FeedDraft | null> {
  const { env, timestamp: now } = site
  const [found = [], months = [], changed = [], due = [], described = []] = await site.query([
    selectFeed(env.DB, source.list, now),
    selectMonthsUpTo(env.DB, source.list, now.slice(0, 7), now),
    selectChanged(env.DB, now, 'articles'),
    selectNextDue(env.DB, now),
    ...(source.statement ? [source.statement] : []),
  ])
  const { length, previous } = planCurrent(readMonthCounts(months), now)
  const articles = await readArticles(readMembers(found).slice(0, length), site)
  const self = site.origin + path
  const links = {
    self,
    current: self,
    previousArchive: previous ? linkToArchive(self, previous) : undefined,
    hub: site.settings.hub,
  }
  return compose(source, described, articles, links, { changed, due }, site)
}

async function readArchive(
  source: Subscribable,
  archive: Archive,
  path: string,
  site: Site,
): Promise<FeedDraft | null> {
  const { env, timestamp: now } = site
  const { month } = archive
  const [found = [], upTo = [], after = [], changed = [], due = [], described = []] = await site.query([
    selectArchive(env.DB, source.list, archive, now),
    selectMonthsUpTo(env.DB, source.list, month, now),
    selectMonthAfter(env.DB, source.list, month, now),
    selectChanged(env.DB, now, 'articles'),
    selectNextDue(env.DB, now),
    ...(source.statement ? [source.statement] : []),
  ])
  const counts = readMonthCounts(upTo)
  const plan = planArchive(
    archive,
    {
      here: counts.find((one) => one.month === month),
      older: counts.find((one) => one.month < month),
      newer: readMonthCounts(after)[0],
    },
    now,
  )
  if (!plan) return null
  const articles = await readArticles(readMembers(found).reverse(), site)
  const current = site.origin + path
  const links = {
    self: linkToArchive(current, archive),
    current,
    isArchive: true,
    previousArchive: plan.previous ? linkToArchive(current, plan.previous) : undefined,
    nextArchive: plan.next ? linkToArchive(current, plan.next) : undefined,
  }
  return compose(source, described, articles, links, { changed, due }, site)
}

/** The articles as they are served, in one read, and stale settings with them. */
async function readArticles(members: readonly { slug: Slug }[], site: Site): Promise<Article[]> {
  const keys = members.map(({ slug }) => articleKey(slug))
  const values = await site.read(keys)
  return keys.flatMap((key) => parseStored(key, Article, values.get(key) ?? null) ?? [])
}

function compose(
  source: Subscribable,
  described: unknown[],
  articles: readonly Article[],
  links: FeedLinks,
  { changed, due }: { changed: unknown[]; due: unknown[] },
  site: Site,
): FeedDraft | null {
  const about = source.describe(described, site)
  if (!about) return null
  const { name, language } = site.settings
  const updated = articles.map((article) => article.updated ?? article.date).sort()
  return {
    feed: {
      title: source.list === EVERYTHING ? name : `${about.title} – ${name}`,
      description: about.description,
      page: site.origin + source.page,
      language,
      publisher: publisherOf(site),
      updated: updated.at(-1) ?? '1970-01-01T00:00:00Z',
      links,
      entries: articles.map((article) => toEntry(article, site)),
    },
    lastModified: readChanged(changed),
    nextDue: readNextDue(due),
  }
}

/** An article as an entry. Its address names it: it stays when the headline changes. */
function toEntry(article: Article, site: Site): Entry {
  const { slug, title, description, section, tags, date, updated, language, comments } = article
  const url = `${site.origin}/${slug}/`
  return {
    id: url,
    url,
    title,
    summary: description,
    html: absolute(article, site.origin),
    published: date,
    updated,
    language,
    authors: article.authors.map((author) => {
      const current = site.settings.authors[author.slug]
      return { name: current ?? author.name, url: current && `${site.origin}/author/${author.slug}/` }
    }),
    categories: [
      { term: section, name: sectionName(site, section) },
      ...tags.map((tag) => ({ term: tag.slug, name: tag.name })),
    ],
    image: imageOf(article, site.origin),
    ...(comments === 'none' ? {} : { replies: { page: `${url}#kommentare`, feed: `${url}feed/` } }),
  }
}

function imageOf({ image }: Article, origin: string): Entry['image'] {
  const type = image && MEDIA_TYPES[extensionOf(image.src)]
  if (!type) return undefined
  const { src, width, height, alt, credit } = image
  return { url: origin + src, type, width, height, alt, credit }
}
