import { type Xml, xml } from '../http/xml.ts'
import { FEED_TYPES, type Feed } from './feed.ts'

/**
 * How a feed in XML is linked with its archives (RFC 5005 §4) or its pages (§3) and its hub (WebSub §4): the same in RSS and Atom.
 * @param element the name of Atom's link element in this format
 */
export function feedLinks({ links }: Feed, format: 'rss' | 'atom', element: 'atom:link' | 'link'): Xml[] {
  const type = FEED_TYPES[format]
  const to = (rel: string, href: string | undefined, more: { type?: string } = { type }) =>
    href === undefined ? [] : [xml(element, { rel, href, ...more })]
  return [
    ...to('self', links.self),
    ...to('hub', links.hub, {}),
    ...to('current', links.isArchive ? links.current : undefined),
    ...to('next', links.next),
    ...to('prev-archive', links.previousArchive),
    ...to('next-archive', links.nextArchive),
    ...(links.isArchive
      ? [xml('fh:archive', { 'xmlns:fh': 'http://purl.org/syndication/history/1.0' })]
      : []),
  ]
}
