import type { Element, ElementContent, Root, RootContent } from 'hast'
import type { Texts } from '../locale/de.ts'
import type { Issue } from '../publish/issue.ts'
import { closest } from '../publish/issue.ts'
import { type MediaLibrary, pictureName } from './media.ts'
import { colorClass, sourcesOf } from './picture.ts'
import { slugify } from './slug.ts'

/** What the shaping of a body needs to know and where it reports what is wrong. */
export interface Shaping {
  media: MediaLibrary
  texts: Texts
  issues: Issue[]
  /** What is not wrong, but might be better. */
  warnings: Issue[]
}

/** Brings a sanitised body into the site's form: figures, tables, links, anchors, sized pictures. */
export function shapeBody(tree: Root, shaping: Shaping): RootContent[] {
  const anchors = new Map<string, number>()
  const blocks = tree.children.filter((node) => node.type !== 'text' || node.value.trim() !== '')
  return blocks.map((block) => {
    if (block.type !== 'element') return block
    walk(block, (element) => shapeElement(element, shaping, anchors))
    if (block.tagName === 'table') return scrollable(block, shaping.texts)
    return asFigure(block) ?? block
  })
}

function walk(element: Element, visit: (element: Element) => void): void {
  const { children } = element // what a visit puts in is not visited
  visit(element)
  for (const child of children) if (child.type === 'element') walk(child, visit)
}

function shapeElement(element: Element, shaping: Shaping, anchors: Map<string, number>): void {
  if (element.tagName === 'img') sizePicture(element, shaping)
  else if (element.tagName === 'a') shapeLink(element, shaping.texts)
  else if (/^h[1-6]$/.test(element.tagName)) anchorHeading(element, shaping.texts, anchors)
  // A long line of code scrolls, so the keyboard has to reach it (WCAG 2.1.1).
  else if (element.tagName === 'pre') element.properties.tabIndex = 0
}

/** The headline is the page's only h1; a subhead gets an address of its own. */
function anchorHeading(heading: Element, texts: Texts, anchors: Map<string, number>): void {
  if (heading.tagName === 'h1') heading.tagName = 'h2'
  const title = proseOf(heading).trim()
  const base = `abschnitt-${slugify(title) || 'ohne-titel'}`
  let id = base
  for (let n = anchors.get(base) ?? 1; anchors.has(id); n++) {
    id = `${base}-${n + 1}`
    anchors.set(base, n + 1)
  }
  anchors.set(id, anchors.get(id) ?? 1)
  heading.properties.id = id
  heading.children.push({
    type: 'element',
    tagName: 'a',
    properties: { className: ['anchor'], href: `#${id}`, ariaLabel: texts.article.anchor(title) },
    children: [{ type: 'text', value: '#' }],
  })
}

function shapeLink(link: Element, texts: Texts): void {
  const href = String(link.properties.href ?? '')
  if (leadsAway(href)) link.properties.rel = ['noopener', 'external']
  if (String(link.properties.className ?? '').includes('footnote-backref')) {
    link.properties.ariaLabel = texts.article.footnoteBack
    return
  }
  const [, note] = /^#fn(\d+)$/.exec(href) ?? []
  if (note) link.properties.ariaLabel = texts.article.footnote(note)
}

/** Whether an address leads to another host, as a browser reads it: `//host/` does, `/path/` does not. */
function leadsAway(href: string): boolean {
  const url = URL.parse(href, 'https://site.invalid/')
  return url !== null && /^https?:$/.test(url.protocol) && url.host !== 'site.invalid'
}

/**
 * Gives a picture its stored address and its size, so that nothing shifts when it arrives; a photograph also its
 * widths and formats.
 */
function sizePicture(img: Element, { media, issues, warnings }: Shaping): void {
  const name = pictureName(String(img.properties.src ?? ''))
  const picture = media.get(name)
  if (!picture) {
    issues.push(missingMedia('body', name, media))
    return
  }
  Object.assign(img.properties, {
    src: picture.src,
    width: picture.width,
    height: picture.height,
    alt: String(img.properties.alt ?? ''),
    loading: 'lazy',
    decoding: 'async',
    ...(picture.color ? { className: [colorClass(picture.color)] } : {}),
  })
  if (img.properties.alt === '') warnings.push({ key: 'body', code: 'alt-missing', got: name })
  const { sources, srcSet, sizes } = sourcesOf(picture, 'figure')
  if (!srcSet || !sizes) return
  const image = { ...element('img', []), properties: { ...img.properties, srcSet, sizes } }
  const alternatives = sources.map(({ type, srcSet: set }) => ({
    ...element('source', []),
    properties: { type, srcSet: set, sizes },
  }))
  Object.assign(img, { ...element('picture', [...alternatives, image]) })
}

/** A picture alone in its paragraph becomes a figure; its title reads „caption | credit“. */
function asFigure(block: Element): Element | null {
  const only = block.tagName === 'p' && block.children.length === 1 ? block.children[0] : undefined
  const img = only?.type === 'element' && only.tagName === 'picture' ? only.children.at(-1) : only
  if (only?.type !== 'element' || img?.type !== 'element' || img.tagName !== 'img') return null
  const [caption = '', credit = ''] = String(img.properties.title ?? '').split('|', 2)
  delete img.properties.title
  const parts: ElementContent[] = [{ type: 'text', value: caption.trim() }]
  if (credit.trim()) parts.push(element('small', [{ type: 'text', value: credit.trim() }]))
  const figcaption = caption.trim() || credit.trim() ? [element('figcaption', parts)] : []
  return element('figure', [only, ...figcaption])
}

/** A wide table scrolls inside a region of its own, reachable by keyboard (WCAG 2.1.1). */
const scrollable = (table: Element, texts: Texts): Element => ({
  ...element('div', [table]),
  properties: { className: ['table'], role: 'region', ariaLabel: texts.article.table, tabIndex: 0 },
})

const element = (tagName: string, children: ElementContent[]): Element => ({
  type: 'element',
  tagName,
  properties: {},
  children,
})

export function missingMedia(key: string, name: string, media: MediaLibrary): Issue {
  const nearest = closest(name, [...media.keys()])
  return { key, code: 'missing-media', got: name.slice(0, 60), ...(nearest ? { nearest } : {}) }
}

/** The text of a node without its markup. */
export function textOf(node: RootContent | Root): string {
  if (node.type === 'text') return node.value
  return 'children' in node ? node.children.map(textOf).join('') : ''
}

/** What a reader follows, but nobody reads: marks of footnotes, the way back from them, a subhead's own address. */
const APPARATUS = new Set(['footnote-ref', 'footnote-backref', 'anchor'])
/** Elements after which the text goes on elsewhere. */
const APART = new Set([
  'p',
  'li',
  'td',
  'th',
  'tr',
  'figcaption',
  'small',
  'summary',
  'dt',
  'dd',
  'blockquote',
  'pre',
  'br',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
])

/** The text of a node as it is read, its parts kept apart: for the search. */
export function readingTextOf(node: RootContent): string {
  if (node.type === 'element' && APPARATUS.has(String(node.properties.className ?? ''))) return ''
  const text = 'children' in node ? node.children.map(readingTextOf).join('') : textOf(node)
  return node.type === 'element' && APART.has(node.tagName) ? `${text} ` : text
}

/** The text of a node without its markup and its footnote marks. */
export function proseOf(node: RootContent): string {
  if (node.type === 'element' && String(node.properties.className ?? '') === 'footnote-ref') return ''
  return 'children' in node ? node.children.map(proseOf).join('') : textOf(node)
}
