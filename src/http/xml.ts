/** An element as written: safe to stand in a document, and in nothing else. */
export interface Xml {
  readonly markup: string
}

/** What an element holds: nothing, text, or elements. */
export type XmlContent = string | readonly (Xml | null)[] | null

/** An element with attributes and content. Attributes without a value are left out. */
export function xml(
  name: string,
  attributes: Readonly<Record<string, string | undefined>> = {},
  content: XmlContent = null,
): Xml {
  let tag = name
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) tag += ` ${key}="${escapeXml(value, IN_ATTRIBUTE, ENTITIES)}"`
  }
  const inside =
    typeof content === 'string'
      ? escapeXml(content, IN_TEXT, IN_TEXT_ENTITIES)
      : (content ?? []).map((element) => element?.markup ?? '').join('')
  return { markup: inside === '' ? `<${tag}/>` : `<${tag}>${inside}</${name}>` }
}

/** Writes an XML document in UTF-8. */
export const writeXml = (root: Xml): string => `<?xml version="1.0" encoding="UTF-8"?>\n${root.markup}\n`

/** What a parser would take for markup, or for another character than was meant (XML 1.0 §2.11, §3.3.3). */
const IN_TEXT = /[&<>\r]/g
const IN_ATTRIBUTE = /[&<>"\r\n\t]/g
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
/** In text by number: a careless feed reader undoes a name twice (RSS Advisory Board, best practices). */
const IN_TEXT_ENTITIES: Readonly<Record<string, string>> = { ...ENTITIES, '&': '&#x26;', '<': '&#x3C;' }

/** Characters that no XML document may hold, not even escaped (XML 1.0 §2.2). */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu

const escapeXml = (text: string, unsafe: RegExp, entities: Readonly<Record<string, string>>) =>
  text
    .replace(FORBIDDEN, '')
    .replace(unsafe, (character) => entities[character] ?? `&#${character.charCodeAt(0)};`)
