import type { Element } from 'xast'
import { toXml } from 'xast-util-to-xml'
import { x } from 'xastscript'

/** What an element holds: nothing, text, an element, or several. */
export type XmlContent = string | Element | readonly (Element | null)[] | null

/** An element with attributes and content. */
export const xml = (name: string, attributes: Record<string, string>, content: XmlContent = null): Element =>
  x(name, clean(attributes), typeof content === 'string' ? withoutForbidden(content) : nodes(content))

/** Writes an XML document in UTF-8. */
export const writeXml = (root: Element): string => {
  // `]]>` must not stand in text as it is (XML 1.0 §2.4), and `toXml` leaves it.
  const written = toXml(root, { closeEmptyElements: true }).replaceAll(']]>', ']]&#x3E;')
  return `<?xml version="1.0" encoding="UTF-8"?>\n${written}\n`
}

const nodes = (content: Exclude<XmlContent, string>): Element[] => {
  if (content === null) return []
  return 'type' in content ? [content] : content.filter((node) => node !== null)
}

/** Characters that no XML document may hold, not even escaped (XML 1.0 §2.2). */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu
const withoutForbidden = (text: string) => text.replace(FORBIDDEN, '')

const clean = (attributes: Record<string, string>) =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, withoutForbidden(value)]))
