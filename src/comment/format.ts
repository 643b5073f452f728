import MarkdownIt, { type StateCore, type StateInline } from 'markdown-it'
import { escapeHtml, markSafe, type SafeHtml } from '../view/html.ts'

/**
 * What of Markdown means something in a comment (CommonMark 0.31; docs/comments.md shows it): paragraphs, line breaks,
 * emphasis, quotes, lists, code and links. Headings, tables, pictures and HTML stay the characters that were typed.
 */
const RULES = ['blockquote', 'list', 'fence', 'newline', 'escape', 'backticks', 'emphasis', 'link']

/** What every link of a reader says: nobody vouches for it (Google, „ugc“), and it learns nothing of this page. */
const REL = 'ugc nofollow noopener'

/** Quotes and lists within each other: deep enough for an answer to an answer. What is deeper stays as typed. */
const MAX_DEPTH = 8
const MARKER = String.raw`[ \t]*(?:[>+*\-]|\d{1,9}[.)])(?=[ \t>]|$)`
const TOO_DEEP = new RegExp(`^((?:${MARKER}){${MAX_DEPTH}}[ \\t]*)(?=${MARKER})`, 'gm')

const parser = new MarkdownIt('zero', { breaks: true }).enable(RULES)
parser.validateLink = (address) => /^https?:\/\//i.test(address) && URL.canParse(address)
parser.inline.ruler.before('emphasis', 'address', findAddress)
parser.core.ruler.push('nowhere', ({ tokens }: StateCore) => {
  for (const { children } of tokens) unlinkNowhere(children ?? [])
})
parser.renderer.rules.softbreak = () => '<br>'
parser.renderer.rules.hardbreak = () => '<br>'
parser.renderer.rules.link_open = (tokens, index) =>
  `<a href="${escapeHtml(String(tokens[index]?.attrGet('href') ?? ''))}" rel="${REL}">`
parser.renderer.rules.fence = (tokens, index) =>
  `<pre tabindex="0"><code>${escapeHtml(tokens[index]?.content ?? '')}</code></pre>`

/**
 * A comment's text as HTML: the Markdown above, and bare addresses become links. Everything else is escaped.
 * @param text as typed, at most 5,000 characters
 */
export const formatComment = (text: string): SafeHtml =>
  markSafe(parser.render(text.replace(TOO_DEEP, '$1\\')).trim())

/** A stored comment's text as it was rendered then. Nothing but `formatComment` makes what is stored there. */
export const shownText = ({ html, text }: { html: string; text: string }): SafeHtml =>
  html === '' ? formatComment(text) : markSafe(html)

/** `[Text]()` leads nowhere: it stays what was typed. Links do not nest. */
function unlinkNowhere(tokens: StateCore['tokens']): void {
  let leadsNowhere = false
  for (const token of tokens) {
    if (token.type === 'link_open') leadsNowhere = token.attrGet('href') === ''
    if (!leadsNowhere || !token.type.startsWith('link_')) continue
    token.content = token.nesting === 1 ? '[' : ']()'
    token.type = 'text'
  }
}

/** Characters that end a sentence, or close what is marked, rather than an address. */
const TRAILING = new Set('.,;:!?\'"“”„‚‘’»«)]}…*_~')

/** An address that nobody marked as one, found at the colon behind its scheme; as in GFM, 6.9. */
function findAddress(state: StateInline, isSilent: boolean): boolean {
  if (state.src.charAt(state.pos) !== ':' || state.linkLevel > 0) return false
  const [scheme] = /(?<![\p{L}\p{N}])https?$/iu.exec(state.pending.slice(-6)) ?? []
  if (!scheme) return false
  ADDRESS.lastIndex = state.pos
  const found = scheme + (ADDRESS.exec(state.src)?.[0] ?? '')
  const address = found.slice(0, found.length - trailingOf(found).length)
  if (!URL.canParse(address)) return false
  if (!isSilent) {
    state.pending = state.pending.slice(0, -scheme.length)
    state.push('link_open', 'a', 1).attrs = [['href', address]]
    state.push('text', '', 0).content = address
    state.push('link_close', 'a', -1)
  }
  state.pos += address.length - scheme.length
  return true
}

const ADDRESS = /:\/\/[^\s<>]+/y

/**
 * A closing bracket belongs to the address when it was opened there: `…/wiki/Zeitung_(Medium)`. Looks at each
 * character once: a comment of nothing but full stops costs no more than another.
 */
function trailingOf(address: string): string {
  let unopened = address.split(')').length - address.split('(').length
  let end = address.length
  for (; TRAILING.has(address.charAt(end - 1)); end--) {
    if (address.charAt(end - 1) !== ')') continue
    if (unopened <= 0) break
    unopened--
  }
  return address.slice(end)
}
