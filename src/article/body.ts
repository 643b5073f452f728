import type { Element, ElementContent, Root, RootContent } from 'hast'
import type { Texts } from '../locale/de.ts'
import type { Issue } from '../publish/issue.ts'
import { closest } from '../publish/issue.ts'
import { element, text } from './element.ts'
import { embedOf, previewOf } from './embed.ts'
import { kindOf, type Media, type MediaLibrary, pictureName } from './media.ts'
import { colorClass, sourcesOf } from './picture.ts'
import { hasCaptions, playerOf } from './recording.ts'
import { slugify } from './slug.ts'

/** What the shaping of a body needs to know and where it reports what is wrong. */
export interface Shaping {
  media: MediaLibrary
  texts: Texts
  /** Language of the text. */
  language: 'de' | 'en'
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
    const embed = embedOf(block)
    if (embed !== null) return asPreview(embed, shaping) ?? block
    walk(block, (element) => shapeElement(element, shaping, anchors))
    if (block.tagName === 'table') return scrollable(block, shaping.texts)
    return asFigure(block) ?? asGallery(block, shaping.texts) ?? block
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
  // The corner above the first column heads nothing, and a header without a name is announced as one.
  else if (element.tagName === 'th' && textOf(element).trim() === '') element.tagName = 'td'
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
  // Else the name of the link to it would be read as part of its own.
  if (title !== '') heading.properties.ariaLabel = title
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

/** Gives a picture its stored address, size, widths and formats; a recording becomes its player. */
function sizePicture(img: Element, shaping: Shaping): void {
  const { media, issues, warnings } = shaping
  const name = pictureName(String(img.properties.src ?? ''))
  const file = media.get(name)
  const kind = kindOf(name)
  if (!file || kind === 'captions' || kind === 'creative') {
    issues.push(missingMedia('body', name, media))
    return
  }
  const alt = String(img.properties.alt ?? '')
  const { title } = img.properties
  if (alt === '') warnings.push({ key: 'body', code: 'alt-missing', got: name })
  if (kind === 'film' && !hasCaptions(name, media))
    warnings.push({ key: 'body', code: 'captions-missing', got: name })
  const shown = kind === 'picture' ? picture(file, alt) : playerOf(file, alt, shaping)
  const holder = imageOf(shown)
  if (title !== undefined && holder) holder.properties.title = title
  Object.assign(img, shown)
}

/** A picture with its size, so that nothing shifts when it arrives; a photograph in all its widths and formats. */
function picture(file: Media, alt: string): Element {
  const { sources, srcSet, sizes } = sourcesOf(file, 'figure')
  const img = element('img', {
    src: file.src,
    ...(srcSet && sizes ? { srcSet, sizes } : {}),
    width: file.width,
    height: file.height,
    alt,
    loading: 'lazy',
    decoding: 'async',
    ...(file.color ? { className: [colorClass(file.color)] } : {}),
  })
  if (!srcSet) return img
  const alternatives = sources.map(({ type, srcSet: set }) =>
    element('source', { type, srcSet: set, ...(sizes ? { sizes } : {}) }),
  )
  return element('picture', {}, [...alternatives, img])
}

/** The `<img>` of a picture; a player is its own. */
function imageOf(node: ElementContent | undefined): Element | null {
  if (node?.type !== 'element') return null
  if (node.tagName === 'picture') return imageOf(node.children.at(-1))
  return ['img', 'audio', 'video'].includes(node.tagName) ? node : null
}

/** A picture or recording alone in its paragraph becomes a figure. */
function asFigure(block: Element): Element | null {
  const [only, ...others] = block.children
  return block.tagName === 'p' && only && others.length === 0 ? figureOf(only) : null
}

/** A figure with its caption, which stands in the title: „caption | credit“. Null for what is none. */
function figureOf(shown: ElementContent): Element | null {
  const img = imageOf(shown)
  if (!img) return null
  const [caption = '', credit = ''] = String(img.properties.title ?? '').split('|', 2)
  delete img.properties.title
  const parts: ElementContent[] = [text(caption.trim())]
  if (credit.trim()) parts.push(text(' '), element('small', {}, [text(credit.trim())]))
  const figcaption = caption.trim() || credit.trim() ? [element('figcaption', {}, parts)] : []
  return element('figure', {}, [shown, ...figcaption])
}

/** Several pictures in one paragraph, and nothing else, become a row that scrolls sideways. */
function asGallery(block: Element, texts: Texts): Element | null {
  const shown = block.children.filter((node) => node.type !== 'text' || node.value.trim() !== '')
  const figures = shown
    .filter((node) => node.type !== 'element' || node.tagName !== 'br')
    .map((node) => (imageOf(node)?.tagName === 'img' ? node : null))
  if (block.tagName !== 'p' || figures.length < 2 || figures.includes(null)) return null
  return element(
    'div',
    {
      className: ['gallery'],
      role: 'region',
      ariaLabel: texts.article.gallery(figures.length),
      tabIndex: 0, // what scrolls has to be reached by the keyboard (WCAG 2.1.1)
    },
    figures.flatMap((node) => (node && figureOf(node)) ?? []),
  )
}

/** What stands on another site, as a preview; its still is there for the eye only, for the link says it all. */
function asPreview(written: string, { media, texts, issues }: Shaping): Element | null {
  return previewOf(written, texts, issues, (named) => {
    const file = media.get(pictureName(named))
    if (file && kindOf(file.name) === 'picture') return [picture(file, '')]
    issues.push(missingMedia('body', pictureName(named), media))
    return []
  })
}

/** A wide table scrolls inside a region of its own, reachable by keyboard (WCAG 2.1.1). */
const scrollable = (table: Element, texts: Texts): Element =>
  element('div', { className: ['table'], role: 'region', ariaLabel: texts.article.table, tabIndex: 0 }, [
    table,
  ])

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
