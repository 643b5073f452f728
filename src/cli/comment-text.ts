import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5'

type Node = DefaultTreeAdapterTypes.ChildNode

/** What another system kept as HTML, as the text that a comment here is written in: paragraphs, quotes, lists, links. */
export function textOfHtml(html: string): string {
  const inner = html.includes('<') || html.includes('&') ? blocksOf(parseFragment(html).childNodes) : html
  return inner
    .replace(/\r\n?/g, '\n')
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

const BLOCKS = new Set(['p', 'div', 'ul', 'ol', 'pre', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'])

function blocksOf(nodes: readonly Node[]): string {
  return nodes.map(textOfNode).join('')
}

function textOfNode(node: Node): string {
  if (node.nodeName === '#text' && 'value' in node) return node.value
  if (!('childNodes' in node)) return ''
  if (node.nodeName === 'script' || node.nodeName === 'style') return ''
  if (node.nodeName === 'br') return '\n'
  const inner = blocksOf(node.childNodes)
  if (node.nodeName === 'a') return linkOf(node, inner)
  if (node.nodeName === 'blockquote') return `\n\n${inner.trim().replace(/^/gm, '> ')}\n\n`
  if (node.nodeName === 'li') return `\n- ${inner.trim()}`
  if (node.nodeName === 'em' || node.nodeName === 'i') return `*${inner}*`
  if (node.nodeName === 'strong' || node.nodeName === 'b') return `**${inner}**`
  if (node.nodeName === 'code') return `\`${inner}\``
  return BLOCKS.has(node.nodeName) ? `\n\n${inner}\n\n` : inner
}

function linkOf(node: Node, inner: string): string {
  const href = 'attrs' in node ? node.attrs.find(({ name }) => name === 'href')?.value : undefined
  if (!href || !/^https?:\/\/\S+$/i.test(href)) return inner
  return inner.trim() === '' || inner.trim() === href ? href : `[${inner.replace(/[[\]]/g, '')}](${href})`
}
