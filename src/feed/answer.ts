import type { IRequest } from 'itty-router'
import { plainHeaders } from '../http/headers.ts'
import { type ComposedPage, cachedPage, composePage, sendPage } from '../http/page.ts'
import { missing } from '../site/moved.tsx'
import type { Site } from '../site/site.ts'
import { toAtom } from './atom.ts'
import { FEED_TYPES, type Feed, FORMATS, type Format } from './feed.ts'
import { toJsonFeed } from './json-feed.ts'
import { toRss } from './rss.ts'

const WRITERS: Readonly<Record<Format, (feed: Feed) => string>> = {
  rss: toRss,
  atom: toAtom,
  json: toJsonFeed,
}

/** What a feed is composed of, as read. */
export interface FeedDraft {
  feed: Feed
  /** When it changed last, and when it changes next because an article becomes due; ISO 8601. */
  lastModified: string
  nextDue: string | null
}

/** The format that an address asks for: RSS unless it names another; null for one that nobody writes. */
export const readFormat = ({ params }: IRequest): Format | null =>
  params.format === undefined
    ? 'rss'
    : (FORMATS.find((one) => one !== 'rss' && one === params.format) ?? null)

/**
 * Answers with a feed, from the isolate's memory where that is possible.
 * @param address where it is kept in memory; null for an archive, which is large and hardly ever asked for
 */
export async function sendFeed(
  request: IRequest,
  site: Site,
  format: Format,
  address: string | null,
  read: () => Promise<FeedDraft | null>,
): Promise<Response> {
  const compose = async (): Promise<ComposedPage | null> => {
    const draft = await read()
    return draft && composePage(write(draft, format), site.now)
  }
  const page = address === null ? await compose() : await cachedPage(address, site, compose)
  return page ? sendPage(page, request, site) : missing(site)
}

function write({ feed, ...times }: FeedDraft, format: Format) {
  const { self, hub } = feed.links
  const headers = {
    ...plainHeaders,
    'content-type': `${FEED_TYPES[format]}; charset=utf-8`,
    // A hub's subscribers look here first (WebSub §4).
    ...(hub ? { link: `<${self}>; rel="self", <${hub}>; rel="hub"` } : {}),
  }
  return { html: WRITERS[format](feed), headers, ...times }
}
