import { escapeHtml, type SafeHtml } from '../view/html.ts'

/** Characters that end a sentence rather than an address. */
const TRAILING = new Set('.,;:!?\'"“”„‚‘’»«)]}…')

/**
 * A comment's text as HTML: blank lines part paragraphs, line breaks stay, addresses become links that
 * search engines ignore (`rel=ugc nofollow`). Everything else is escaped.
 */
export function formatComment(text: string): SafeHtml {
  const paragraphs = text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter(Boolean)
  return paragraphs
    .map((paragraph) => `<p>${paragraph.split('\n').map(linkify).join('<br>')}</p>`)
    .join('') as SafeHtml
}

function linkify(line: string): string {
  return line
    .split(/(https?:\/\/[^\s<>]+)/i)
    .map((part, index) => (index % 2 === 0 ? escapeHtml(part) : link(part)))
    .join('')
}

function link(found: string): string {
  const trailing = trailingOf(found)
  const address = found.slice(0, found.length - trailing.length)
  if (!URL.canParse(address)) return escapeHtml(found)
  return `<a href="${escapeHtml(address)}" rel="ugc nofollow noopener">${escapeHtml(address)}</a>${escapeHtml(trailing)}`
}

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
