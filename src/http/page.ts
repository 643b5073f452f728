import type { AdContext } from '../ad/context.ts'
import type { Site } from '../site/site.ts'
import { utf8 } from './bytes.ts'
import { matchesEtag, NO_STORE, pageCacheControl, plainHeaders, weakEtag } from './headers.ts'
import { logError } from './log.ts'
import { type Cached, FRESH_MS, REVALIDATE_MS, STALE_MS } from './page-cache.ts'
import { cutAtSlots } from './slots.ts'

/** A page ready to be sent but for its ads. */
export interface ComposedPage extends Cached {
  readonly status: number
  /** The page in UTF-8, in one piece more than it has slots for ads. */
  readonly pieces: readonly Uint8Array<ArrayBuffer>[]
  readonly headers: Headers
  readonly etag: string
  /** What ads are chosen by; null where the page has no slots. */
  readonly ads: AdContext | null
  /** False for what is one reader's own, and where a store was down and something is missing. */
  readonly isKept: boolean
  /** Whole seconds in milliseconds since 1970; 0 where nobody knows when the page changed last. */
  readonly lastModified: number
  /** When it stops being true because a scheduled article appears, in milliseconds since 1970; Infinity if never. */
  readonly dueAt: number
}

/** What a view hands over to be composed. */
export interface PageDraft {
  html: string
  headers: Readonly<Record<string, string>>
  status?: number
  /** What ads are chosen by, where the page may have some, given the slots that are found in its HTML. */
  ads?: (slots: readonly string[]) => AdContext
  /** A part of the HTML that changes with every composing and makes no new version: the form's token. */
  unversioned?: string
  /** Whether other readers may get the same page, later. Default: every page with status 200. */
  isKept?: boolean
  /** The next moment at which a scheduled article appears, ISO 8601; the page is not kept beyond it. */
  nextDue?: string | null
  /** When it changed last, ISO 8601, where that is known. */
  lastModified?: string | null
}

/** Turns HTML into what the cache keeps: encoded once, cut at the slots for ads. */
export async function composePage(draft: PageDraft, now: Date): Promise<ComposedPage> {
  const { html, status = 200, unversioned } = draft
  const { pieces: cut, slots } = cutAtSlots(html)
  const ads = draft.ads && slots.length > 0 ? draft.ads(slots) : null
  const pieces = cut.map(utf8)
  const etag = await weakEtag(utf8(unversioned ? html.replace(unversioned, '') : html))
  const isKept = status === 200 && draft.isKept !== false
  const dueAt = draft.nextDue ? Date.parse(draft.nextDue) : Number.POSITIVE_INFINITY
  const lastModified = wholeSecondsBefore(now, draft.lastModified ?? null)
  const caching = isKept ? { ...pageCacheControl(dueAt - now.getTime()), etag } : NO_STORE
  const headers = new Headers({ ...draft.headers, ...caching })
  if (isKept && lastModified > 0) headers.set('last-modified', new Date(lastModified).toUTCString())
  const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0) + 1024
  return { status, pieces, headers, etag, ads, isKept, lastModified, dueAt, bytes, madeAt: now.getTime() }
}

/** A moment as HTTP knows it; 0 in the very second in which it is now, for more may happen in it (RFC 9110 §8.8.2.2). */
function wholeSecondsBefore(now: Date, moment: string | null): number {
  const at = moment ? Math.floor(Date.parse(moment) / 1000) * 1000 : 0
  return at + 1000 <= now.getTime() ? at : 0
}

/** Whether the reader has this very version (RFC 9110 §13.2.2: a known tag decides, else the date does). */
function isKnown({ etag, lastModified }: ComposedPage, { headers }: Request): boolean {
  const tags = headers.get('if-none-match')
  if (tags !== null) return matchesEtag(tags, etag)
  const since = lastModified > 0 ? headers.get('if-modified-since') : null
  return since !== null && Date.parse(since) >= lastModified
}

/** Chooses the ads for one view of a page and gives, for each slot, its HTML in UTF-8; null for an empty one. */
export type FillSlots = (
  ads: AdContext,
  request: Request,
  site: Site,
) => readonly (Uint8Array<ArrayBuffer> | null)[]

/** Sends a composed page: 304 where the reader has it already, else its bytes with ads spliced in. */
export function sendPage(
  page: ComposedPage,
  request: Request,
  site: Site,
  fill: FillSlots = () => [],
): Response {
  if (page.isKept && isKnown(page, request)) {
    return new Response(null, { status: 304, headers: page.headers })
  }
  const { pieces } = page
  const [whole] = pieces
  if (!whole) throw new Error('a page without content was composed')
  const body =
    pieces.length > 1 ? joinForResponse(pieces, page.ads ? fill(page.ads, request, site) : []) : whole
  const { status, headers } = page
  return new Response(body, status === 200 ? { headers } : { status, headers }) // naming 200 costs 2 µs
}

let joined = new Uint8Array(64 * 1024)

/**
 * The pieces of a page with what stands between them, for a `Response`, which takes a copy of its own (Fetch §5.2,
 * „extract a body“): the result is good until the next call, so that a view leaves no garbage behind for the isolate to
 * collect.
 */
function joinForResponse(
  pieces: readonly Uint8Array[],
  ads: readonly (Uint8Array | null)[],
): Uint8Array<ArrayBuffer> {
  let length = 0
  for (const piece of pieces) length += piece.length
  for (const ad of ads) length += ad?.length ?? 0
  if (length > joined.length) joined = new Uint8Array(length)
  let at = 0
  let index = 0
  for (const piece of pieces) {
    joined.set(piece, at)
    at += piece.length
    const ad = ads[index++]
    if (!ad) continue
    joined.set(ad, at)
    at += ad.length
  }
  return joined.subarray(0, length)
}

/**
 * The page at the address that is asked for, where the isolate has a fresh one: its key is its address, so a
 * page asked for again is found without a route. It was marked as used when it was made, less than half a
 * minute ago, and need not be again.
 */
export function freshPage({ method }: Request, site: Site): ComposedPage | null {
  const known = method === 'GET' ? site.pages.peek(site.requestUrl) : undefined
  return known && isFresh(known, site.now.getTime()) ? known : null
}

const isFresh = ({ madeAt, dueAt }: ComposedPage, now: number) => now - madeAt <= FRESH_MS && now < dueAt

/**
 * Gives a page from the isolate's memory, or composes it. A fresh one is given as it is; one a little older too,
 * while one request refreshes it behind the scenes, unless a scheduled article has become due since. When composing
 * fails, or something is missing from what was composed, a page up to a day old stands in.
 * @returns null where there is no such page
 */
export async function cachedPage(
  key: string,
  site: Site,
  compose: () => Promise<ComposedPage | null>,
): Promise<ComposedPage | null> {
  const now = site.now.getTime()
  const known = site.pages.get(key)
  const age = known ? now - known.madeAt : Number.POSITIVE_INFINITY
  if (known && isFresh(known, now)) return known
  if (known && age <= REVALIDATE_MS && now < known.dueAt) {
    if (site.pages.claimRefresh(key, now)) site.defer(refresh(key, site, compose))
    return known
  }
  const standIn = known && age <= STALE_MS ? known : null
  try {
    const page = await compose()
    if (page?.isKept) site.pages.set(key, page)
    else if (!page) site.pages.delete(key)
    return page?.status === 200 && !page.isKept && standIn ? standIn : page
  } catch (error) {
    if (!standIn) throw error
    logError('stale-page-shown', error)
    return standIn
  }
}

async function refresh(key: string, site: Site, compose: () => Promise<ComposedPage | null>): Promise<void> {
  try {
    const page = await compose()
    if (page?.isKept) site.pages.set(key, page)
    else if (!page) site.pages.delete(key)
  } catch (error) {
    logError('refresh-failed', error)
  } finally {
    site.pages.endRefresh(key)
  }
}

/** A redirect within the site. The path must begin with one slash. */
export const redirect = (
  path: string,
  status: 301 | 302 | 303,
  headers: Readonly<Record<string, string>> = {},
) => new Response(null, { status, headers: { ...plainHeaders, location: path, ...headers } })
