import type { SafeHtml } from '../view/html.ts'

/** A feed as it is before anybody writes it down: RSS, Atom and JSON Feed all say the same. All addresses are absolute. */
export interface Feed {
  title: string
  description: string
  /** The page on which people read the same. */
  page: string
  /** Language tag of what an entry does not say otherwise. */
  language: string
  /** Who publishes it. */
  publisher: { name: string; url: string; icon: string }
  /** When something in it changed last; ISO 8601. */
  updated: string
  links: FeedLinks
  /** The newest first. */
  entries: readonly Entry[]
}

export interface FeedLinks {
  /** This document. */
  self: string
  /** The document to subscribe to, which names the feed for ever; the same as `self` but in an archive. */
  current: string
  /** Whether this document says the same for ever (RFC 5005 §4); a page of a feed does not. */
  isArchive?: boolean
  /** The documents with older and newer entries that don't change any more (RFC 5005 §4). */
  previousArchive?: string | undefined
  nextArchive?: string | undefined
  /** The document with older entries, where what it says may still change (RFC 5005 §3). */
  next?: string | undefined
  /** Where one may ask to be told of new entries (W3C WebSub). */
  hub?: string | undefined
}

/** Something that was published: an article or a comment. */
export interface Entry {
  /** Names it for ever, whatever becomes of its headline. */
  id: string
  url: string
  title: string
  summary?: string
  /** The whole text. */
  html: SafeHtml
  published: string
  updated?: string | undefined
  language: string
  authors: readonly { name: string; url?: string | undefined }[]
  categories: readonly { term: string; name: string }[]
  image?: FeedImage | undefined
  /** Where it is discussed: on the page, and in a feed. */
  replies?: { page: string; feed: string } | undefined
}

export interface FeedImage {
  url: string
  /** Media type. */
  type: string
  width: number
  height: number
  alt: string
  credit?: string | undefined
}

/** A way to write a feed. */
export const FORMATS = ['rss', 'atom', 'json'] as const
export type Format = (typeof FORMATS)[number]

/** Media type of each format's documents. */
export const FEED_TYPES: Readonly<Record<Format, string>> = {
  rss: 'application/rss+xml',
  atom: 'application/atom+xml',
  json: 'application/feed+json',
}

/** The address at which a list's feed is written in a format; `base` ends in `/feed/`. */
export const pathOfFeed = (base: string, format: Format) => (format === 'rss' ? base : `${base}${format}/`)
