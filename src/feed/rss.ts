import { writeXml, type Xml, xml } from '../http/xml.ts'
import type { Entry, Feed } from './feed.ts'
import { feedLinks } from './links.ts'

/**
 * Writes a feed as RSS 2.0 (rssboard.org/rss-specification), after the RSS Advisory Board's best practices: the full
 * text in `content:encoded`, Atom's links, authors in `dc:creator` because RSS knows only e-mail addresses.
 */
export function toRss(feed: Feed): string {
  const channel = [
    xml('title', {}, feed.title),
    xml('link', {}, feed.page),
    xml('description', {}, feed.description),
    xml('language', {}, feed.language),
    xml('lastBuildDate', {}, rfc822(feed.updated)),
    ...feedLinks(feed, 'rss', 'atom:link'),
    ...feed.entries.map((entry) => toItem(entry, feed)),
  ]
  return writeXml(xml('rss', { version: '2.0', ...NAMESPACES }, [xml('channel', {}, channel)]))
}

const NAMESPACES = {
  'xmlns:atom': 'http://www.w3.org/2005/Atom',
  'xmlns:content': 'http://purl.org/rss/1.0/modules/content/',
  'xmlns:dc': 'http://purl.org/dc/elements/1.1/',
  'xmlns:media': 'http://search.yahoo.com/mrss/',
  'xmlns:wfw': 'http://wellformedweb.org/CommentAPI/',
}

const toItem = (entry: Entry, feed: Feed): Xml =>
  xml('item', {}, [
    xml('title', {}, entry.title),
    xml('link', {}, entry.url),
    xml('guid', { isPermaLink: String(entry.id === entry.url) }, entry.id),
    xml('pubDate', {}, rfc822(entry.published)),
    entry.updated ? xml('atom:updated', {}, entry.updated) : null,
    entry.language === feed.language ? null : xml('dc:language', {}, entry.language),
    ...entry.authors.map(({ name }) => xml('dc:creator', {}, name)),
    ...entry.categories.map(({ name }) => xml('category', {}, name)),
    entry.summary ? xml('description', {}, entry.summary) : null,
    xml('content:encoded', {}, entry.html),
    entry.image ? toMedia(entry.image) : null,
    entry.replies ? xml('comments', {}, entry.replies.page) : null,
    entry.replies ? xml('wfw:commentRss', {}, entry.replies.feed) : null,
  ])

/** Media RSS: unlike RSS's own enclosure, it does without the file's size in bytes. */
const toMedia = ({ url, type, width, height, alt, credit }: NonNullable<Entry['image']>): Xml =>
  xml('media:content', { url, type, medium: 'image', width: String(width), height: String(height) }, [
    alt ? xml('media:description', { type: 'plain' }, alt) : null,
    credit ? xml('media:credit', {}, credit) : null,
  ])

/** A moment as RSS wants it: `Wed, 03 Jul 2024 07:30:00 GMT` (RFC 822 with the year of RFC 1123). */
const rfc822 = (moment: string) => new Date(moment).toUTCString()
