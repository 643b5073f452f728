import type { Root } from 'hast'
import { fromParse5 } from 'hast-util-from-parse5'
import { toHtml } from 'hast-util-to-html'
import MarkdownIt, { type MarkdownIt as Parser, type StateCore } from 'markdown-it'
import footnote from 'markdown-it-footnote'
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5'
import { isDeeperThan } from '../http/depth.ts'
import { embedPlugin } from './embed.ts'
import { sanitise } from './sanitise.ts'

const QUOTES = { de: '„“‚‘', en: '“”‘’' } as const
export type Language = keyof typeof QUOTES

const parsers = new Map<Language, Parser>()

/**
 * CommonMark with tables, strikethrough, footnotes and the language's own quotation marks.
 * Raw HTML passes through: the sanitiser decides about it.
 */
function parserFor(language: Language): Parser {
  const known = parsers.get(language)
  if (known) return known
  const parser = new MarkdownIt({ html: true, typographer: true, quotes: QUOTES[language] })
    .use(footnote)
    .use(embedPlugin)
  parser.validateLink = () => true // the sanitiser's list of protocols is the one that counts
  const normalise = parser.normalizeLink
  parser.normalizeLink = (url) => normalise(url).replace(/^[a-z]+:/i, (scheme) => scheme.toLowerCase())
  parser.renderer.rules.footnote_block_open = () => '<div class="footnotes"><ol class="footnotes-list">'
  parser.renderer.rules.footnote_block_close = () => '</ol></div>'
  parser.core.ruler.push('align', alignByClass)
  parsers.set(language, parser)
  return parser
}

/** A column's alignment becomes a class: a page has no inline styles. Left is where text stands anyway. */
function alignByClass({ tokens }: StateCore): void {
  for (const token of tokens) {
    if (token.type !== 'td_open' && token.type !== 'th_open') continue
    const side = String(token.attrGet('style') ?? '').replace('text-align:', '')
    token.attrs = side === '' || side === 'left' ? null : [['class', side]]
  }
}

/** No text is nested so deep, and whoever walks one that is would run out of stack. */
const MAX_DEPTH = 100

/**
 * Turns an author's Markdown into a sanitised tree; null when its elements are nested too deep. Parsed twice:
 * without the elements that were taken out, the others may nest in a way no parser keeps (`<p><div>`), and the
 * tree has to be the one that browsers will make of it.
 */
export function parseMarkdown(markdown: string, language: Language): Root | null {
  const clean = parseSafely(parserFor(language).render(markdown.normalize('NFC')))
  return clean && parseSafely(toHtml(clean))
}

function parseSafely(html: string): Root | null {
  const fragment = parseFragment(html)
  if (isDeeperThan<DefaultTreeAdapterTypes.Node>(MAX_DEPTH, fragment, childrenOf)) return null
  const tree = fromParse5(fragment)
  return sanitise(tree.type === 'root' ? tree : { type: 'root', children: [] })
}

/** A template has its children in a fragment of its own (HTML §4.12.3). */
const childrenOf = (node: DefaultTreeAdapterTypes.Node): DefaultTreeAdapterTypes.Node[] =>
  'content' in node ? [node.content] : 'childNodes' in node ? node.childNodes : []
