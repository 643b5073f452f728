import { writeXml, type Xml, xml } from '../http/xml.ts'
import type { Entry, Feed } from './feed.ts'
import { feedLinks } from './links.ts'

/** Writes a feed as Atom 1.0 (RFC 4287), with links to comments (RFC 4685). */
export const toAtom = (feed: Feed): string =>
  writeXml(
    xml('feed', { xmlns: 'http://www.w3.org/2005/Atom', 'xml:lang': feed.language }, [
      xml('id', {}, feed.links.current),
      xml('title', {}, feed.title),
      xml('subtitle', {}, feed.description),
      xml('updated', {}, feed.updated),
      xml('icon', {}, feed.publisher.icon),
      person(feed.publisher),
      xml('link', { rel: 'alternate', type: 'text/html', href: feed.page }),
      ...feedLinks(feed, 'atom', 'link'),
      ...feed.entries.map((entry) => toEntry(entry, feed)),
    ]),
  )

const person = ({ name, url }: { name: string; url?: string | undefined }): Xml =>
  xml('author', {}, [xml('name', {}, name), url ? xml('uri', {}, url) : null])

/** An entry without an author of its own has the feed's (RFC 4287 §4.1.2). */
const toEntry = (entry: Entry, feed: Feed): Xml =>
  xml('entry', entry.language === feed.language ? {} : { 'xml:lang': entry.language }, [
    xml('id', {}, entry.id),
    xml('title', {}, entry.title),
    xml('published', {}, entry.published),
    xml('updated', {}, entry.updated ?? entry.published),
    ...entry.authors.map(person),
    ...entry.categories.map(({ term, name }) => xml('category', { term, label: name })),
    xml('link', { rel: 'alternate', type: 'text/html', href: entry.url }),
    entry.image
      ? xml('link', {
          rel: 'enclosure',
          type: entry.image.type,
          title: entry.image.alt,
          href: entry.image.url,
        })
      : null,
    entry.replies ? xml('link', { rel: 'replies', type: 'text/html', href: entry.replies.page }) : null,
    entry.replies
      ? xml('link', { rel: 'replies', type: 'application/atom+xml', href: `${entry.replies.feed}atom/` })
      : null,
    entry.summary ? xml('summary', {}, entry.summary) : null,
    xml('content', { type: 'html' }, entry.html),
  ])
