import type { IRequest } from 'itty-router'
import { Article } from '../article/article.ts'
import { readNextDue, selectNextDue } from '../article/list-store.ts'
import { parseSlug } from '../article/slug.ts'
import { articleKey } from '../article/store.ts'
import { parseCommentId } from '../comment/comment.ts'
import { shownText } from '../comment/format.ts'
import { permalink } from '../comment/view.ts'
import { parseStored } from '../site/content.ts'
import { missing } from '../site/moved.tsx'
import type { Site } from '../site/site.ts'
import { type FeedDraft, readFormat, sendFeed } from './answer.ts'
import { FEED_LENGTH } from './archive.ts'
import { type Entry, type Feed, pathOfFeed } from './feed.ts'
import { publisherOf } from './publisher.ts'
import {
  type FeedComment,
  readChanged,
  readFeedComments,
  selectChanged,
  selectComments,
  selectCommentsOf,
} from './store.ts'

/** GET /comments/feed/, /comments/feed/:format/ — the newest comments on everything; `?vor=ID` the ones before. 200, 304, 404. */
export async function showCommentsFeed(request: IRequest, site: Site): Promise<Response> {
  const [format, before] = [readFormat(request), readBefore(request)]
  if (!format || before === null) return missing(site)
  const { DB } = site.env
  const path = pathOfFeed('/comments/feed/', format)
  return sendFeed(request, site, format, keyOf(path, before, site), async () => {
    const { rows } = await site.batch([
      selectComments(DB, site.timestamp, before),
      selectChanged(DB, site.timestamp, 'comments'),
      selectNextDue(DB, site.timestamp),
    ])
    const title = site.texts.feed.comments(site.settings.name)
    return compose({ title, page: '/', language: site.settings.language, path, before }, rows, site)
  })
}

/** GET /:slug/feed/, /:slug/feed/:format/ — the newest comments on an article; `?vor=ID` the ones before. 200, 304, 404. */
export async function showArticleComments(request: IRequest, site: Site): Promise<Response> {
  const [slug, format] = [parseSlug(request.params.slug), readFormat(request)]
  const before = readBefore(request)
  if (!slug || !format || before === null) return missing(site)
  const { DB } = site.env
  const path = pathOfFeed(`/${slug}/feed/`, format)
  return sendFeed(request, site, format, keyOf(path, before, site), async () => {
    const { rows, values } = await site.batch(
      [
        selectCommentsOf(DB, slug, before),
        selectChanged(DB, site.timestamp, 'comments'),
        selectNextDue(DB, site.timestamp),
      ],
      [articleKey(slug)],
    )
    const article = parseStored(articleKey(slug), Article, values.get(articleKey(slug)) ?? null)
    if (!article || article.date > site.timestamp || article.comments === 'none') return null
    const title = site.texts.feed.comments(article.title)
    return compose({ title, page: `/${slug}/`, language: article.language, path, before }, rows, site)
  })
}

/** Before any comment: the newest. */
const NEWEST = Number.MAX_SAFE_INTEGER

/** The comment before which an address asks for older ones; null for an address that no document has. */
function readBefore({ url }: IRequest): number | null {
  const asked = new URL(url).searchParams.get('vor')
  return asked === null ? NEWEST : parseCommentId(asked)
}

/** Where the isolate keeps it: only the newest are asked for again and again. */
const keyOf = (path: string, before: number, site: Site) => (before === NEWEST ? site.origin + path : null)

interface About {
  title: string
  page: string
  language: string
  path: string
  before: number
}

function compose(
  about: About,
  [comments = [], changed = [], due = []]: readonly unknown[][],
  site: Site,
): FeedDraft {
  const found = readFeedComments(comments)
  const shown = found.slice(0, FEED_LENGTH)
  const entries = shown.map((comment) => toEntry(comment, about.language, site))
  const current = site.origin + about.path
  const pageBefore = (id: number) => `${current}?vor=${id}`
  const last = found.length > shown.length ? shown.at(-1) : undefined
  const feed: Feed = {
    title: about.title,
    description: about.title,
    page: site.origin + about.page,
    language: about.language,
    publisher: publisherOf(site),
    updated: entries[0]?.published ?? '1970-01-01T00:00:00Z',
    links: {
      self: about.before === NEWEST ? current : pageBefore(about.before),
      current,
      next: last && pageBefore(last.id),
    },
    entries,
  }
  return { feed, lastModified: readChanged(changed), nextDue: readNextDue(due) }
}

function toEntry(
  { id, article, name, website, createdAt, title, ...body }: FeedComment,
  language: string,
  site: Site,
): Entry {
  return {
    // As it was before comments had pages: a reader's program knows it by this.
    id: `${site.origin}/${article}/#kommentar-${id}`,
    url: site.origin + permalink(article, id),
    title: title === '' ? site.texts.feed.commentBy(name) : site.texts.feed.commentOn(name, title),
    html: shownText(body),
    published: createdAt,
    language,
    authors: [{ name, url: website ?? undefined }],
    categories: [],
  }
}
