import type { IRequest } from 'itty-router'
import { Article } from '../article/article.ts'
import { readNextDue, selectNextDue } from '../article/list-store.ts'
import { parseSlug } from '../article/slug.ts'
import { articleKey } from '../article/store.ts'
import { formatComment } from '../comment/format.ts'
import { parseStored } from '../site/content.ts'
import { missing } from '../site/moved.tsx'
import type { Site } from '../site/site.ts'
import { type FeedDraft, readFormat, sendFeed } from './answer.ts'
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

/** GET /comments/feed/, /comments/feed/:format/ — the newest comments on everything. 200, 304, 404. */
export async function showCommentsFeed(request: IRequest, site: Site): Promise<Response> {
  const format = readFormat(request)
  if (!format) return missing(site)
  const { DB } = site.env
  const path = pathOfFeed('/comments/feed/', format)
  return sendFeed(request, site, format, site.origin + path, async () => {
    const { rows } = await site.batch([
      selectComments(DB, site.timestamp),
      selectChanged(DB, site.timestamp, 'comments'),
      selectNextDue(DB, site.timestamp),
    ])
    const title = site.texts.feed.comments(site.settings.name)
    return compose({ title, page: '/', language: site.settings.language }, path, rows, site)
  })
}

/** GET /:slug/feed/, /:slug/feed/:format/ — the newest comments on an article. 200, 304, 404. */
export async function showArticleComments(request: IRequest, site: Site): Promise<Response> {
  const [slug, format] = [parseSlug(request.params.slug), readFormat(request)]
  if (!slug || !format) return missing(site)
  const { DB } = site.env
  const path = pathOfFeed(`/${slug}/feed/`, format)
  return sendFeed(request, site, format, site.origin + path, async () => {
    const { rows, values } = await site.batch(
      [
        selectCommentsOf(DB, slug),
        selectChanged(DB, site.timestamp, 'comments'),
        selectNextDue(DB, site.timestamp),
      ],
      [articleKey(slug)],
    )
    const article = parseStored(articleKey(slug), Article, values.get(articleKey(slug)) ?? null)
    if (!article || article.date > site.timestamp || article.comments === 'none') return null
    const title = site.texts.feed.comments(article.title)
    return compose({ title, page: `/${slug}/`, language: article.language }, path, rows, site)
  })
}

function compose(
  about: { title: string; page: string; language: string },
  path: string,
  [comments = [], changed = [], due = []]: readonly unknown[][],
  site: Site,
): FeedDraft {
  const entries = readFeedComments(comments).map((comment) => toEntry(comment, about.language, site))
  const self = site.origin + path
  const feed: Feed = {
    title: about.title,
    description: about.title,
    page: site.origin + about.page,
    language: about.language,
    publisher: publisherOf(site),
    updated: entries[0]?.published ?? '1970-01-01T00:00:00Z',
    links: { self, current: self },
    entries,
  }
  return { feed, lastModified: readChanged(changed), nextDue: readNextDue(due) }
}

function toEntry(
  { id, article, name, website, text, createdAt, title }: FeedComment,
  language: string,
  site: Site,
): Entry {
  const url = `${site.origin}/${article}/#kommentar-${id}`
  return {
    id: url,
    url,
    title: title === '' ? site.texts.feed.commentBy(name) : site.texts.feed.commentOn(name, title),
    html: formatComment(text),
    published: createdAt,
    language,
    authors: [{ name, url: website ?? undefined }],
    categories: [],
  }
}
