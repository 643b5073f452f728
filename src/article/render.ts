import type { RootContent } from 'hast'
import { toHtml } from 'hast-util-to-html'
import type { Texts } from '../locale/de.ts'
import { textsOf } from '../locale/locale.ts'
import type { Issue, Parsed } from '../publish/issue.ts'
import { closest, parse } from '../publish/issue.ts'
import { aliasKey } from '../site/address.ts'
import type { SettingsSource } from '../site/settings.ts'
import type { SafeHtml } from '../view/html.ts'
import { type Article, type Author, FrontMatter, type Picture, toUtc } from './article.ts'
import { missingMedia, proseOf, readingTextOf, shapeBody, textOf } from './body.ts'
import { contentsOf } from './contents.ts'
import { type ListName, listsOf } from './list.ts'
import { parseMarkdown } from './markdown.ts'
import { type MediaLibrary, mediaIn } from './media.ts'
import { shownOf } from './picture.ts'
import { type Block, placeAds } from './placement.ts'
import { isReserved, parseSlug, type Slug, slugify } from './slug.ts'

/** What an author wrote: the front matter as read from YAML or a form, and the Markdown below it. */
export interface ArticleSource {
  frontMatter: unknown
  body: string
}

/** What rendering depends on besides the source. */
export interface RenderContext {
  settings: SettingsSource
  media: MediaLibrary
  /** The site's authors, whom articles name. */
  authors: readonly Author[]
  texts: Texts
}

/** Raise when the same source renders to something else, so that a publish sends every article anew. */
export const RENDER_VERSION = 10

/** An article as rendered, before the store gives it a revision; and what else the catalogue keeps of it. */
export interface Rendered {
  article: Omit<Article, 'revision'>
  status: 'draft' | 'published'
  /** Old addresses, in their one spelling. */
  aliases: string[]
  /** What is not wrong with it, but might be better. */
  warnings: Issue[]
  /** The body as plain text, for the search. */
  text: string
  /** The lists it stands in once it is published. */
  lists: ListName[]
  /** Content hash of every picture the article shows, by name. */
  media: Record<string, string>
}

/**
 * Validates an article and renders its Markdown into safe HTML segments with the ad's place among them.
 * @param slug the article's address, from its file name or URL; front matter may not contradict it
 */
export function renderArticle(slug: Slug, source: ArticleSource, context: RenderContext): Parsed<Rendered> {
  const parsed = parse(FrontMatter, source.frontMatter)
  if (!parsed.ok) return parsed
  const front = parsed.value
  const issues: Issue[] = [...checkSection(front, context), ...checkSlug(front, slug, context)]
  const authors = findAuthors(front.author, context.authors, issues)
  const aliases = findAliases(front.aliases, slug, issues)
  const language = front.language ?? context.settings.language
  issues.push(...checkTranslations(front, slug, language))
  const warnings: Issue[] = []
  const blocks = readBody(source.body, inLanguage(language, context), issues, warnings)
  const image = front.image ? findImage(front.image, context.media, issues) : undefined
  issues.push(...checkMarkers(blocks))
  if (issues.length > 0) return { ok: false, issues }

  const words = blocks.reduce((sum, block) => sum + countWords(textOf(block)), 0)
  const { segments, slots } = cut(blocks, front.ads, context.settings)
  const article: Rendered['article'] = {
    format: 3,
    slug,
    title: front.title,
    description: front.description ?? firstSentences(blocks),
    section: front.section,
    date: toUtc(front.date),
    ...(front.updated ? { updated: toUtc(front.updated) } : {}),
    tags: toTags(front.tags),
    authors,
    language,
    translations: front.translations,
    ...(front.source ? { source: front.source } : {}),
    ...(image ? { image } : {}),
    segments,
    slots,
    hasAds: front.ads !== 'none',
    isSensitive: front.sensitive ?? isSensitive(front, context.settings.ads.sensitiveWords),
    words,
    contents: contentsOf(blocks, words),
    comments: front.comments,
  }
  return {
    ok: true,
    value: {
      article,
      status: front.status,
      aliases,
      warnings,
      text: blocks
        .map((block) => readingTextOf(block).trim())
        .filter(Boolean)
        .join('\n'),
      lists: listsOf(article, context.settings.timezone),
      media: mediaIn(source, context.media),
    },
  }
}

/** Renders Markdown that carries no ads and no article's apparatus: a static page. */
export function renderPageBody(body: string, context: RenderContext): Parsed<SafeHtml> {
  const issues: Issue[] = []
  const blocks = readBody(body, context, issues, [])
  return issues.length > 0 ? { ok: false, issues } : { ok: true, value: serialise(blocks) }
}

/** The blocks of a body; what is wrong with it is added to the issues. */
function readBody(body: string, context: RenderContext, issues: Issue[], warnings: Issue[]): RootContent[] {
  const { language } = context.settings
  const tree = parseMarkdown(body, language)
  const blocks = tree ? shapeBody(tree, { ...context, language, issues, warnings }) : []
  if (!tree) issues.push({ key: 'body', code: 'too-deep' })
  else if (!blocks.some((block) => textOf(block).trim() !== ''))
    issues.push({ key: 'body', code: 'empty-body' })
  return blocks
}

/** An article has the quotation marks of its own language, and labels in it. */
const inLanguage = (language: 'de' | 'en', context: RenderContext): RenderContext => ({
  ...context,
  settings: { ...context.settings, language },
  texts: textsOf(language),
})

/** Cuts the body where ads may stand. After each of the first `slots` segments there may be one. */
function cut(blocks: RootContent[], ads: 'auto' | 'none', settings: SettingsSource) {
  const gaps = ads === 'none' ? [] : placeAds(blocks.map(toBlock), settings.ads.placement)
  const bounds = [0, ...gaps.filter((gap) => gap < blocks.length), blocks.length]
  const segments = bounds.slice(1).map((end, index) => serialise(blocks.slice(bounds[index], end)))
  return { segments, slots: gaps.length }
}

/**
 * Whether one of the site's words stands in the headline, the standfirst or a tag: as a whole word, in any case and
 * with any ending of up to two letters („Unfalls“, „Opfern“). The text is not looked at, which may mention a lot.
 */
function isSensitive({ title, description = '', tags }: FrontMatter, words: readonly string[]): boolean {
  if (words.length === 0) return false
  const said =
    [title, description, ...tags]
      .join(' \n ')
      .toLocaleLowerCase('de')
      .match(/[\p{L}\p{N}]+/gu) ?? []
  const text = ` ${said.join(' ')} `
  return words.some((word) => {
    const wanted = word.toLocaleLowerCase('de').match(/[\p{L}\p{N}]+/gu) ?? []
    return wanted.length > 0 && holds(text, wanted.join(' '))
  })
}

/** Whether a phrase stands in a text of words between single spaces, its last word with an ending or without. */
function holds(text: string, phrase: string): boolean {
  for (let at = text.indexOf(` ${phrase}`); at >= 0; at = text.indexOf(` ${phrase}`, at + 1)) {
    const end = at + 1 + phrase.length
    if (text.indexOf(' ', end) - end <= 2) return true
  }
  return false
}

function toBlock(node: RootContent): Block {
  const words = countWords(textOf(node))
  if (isMarker(node)) return { kind: 'marker', words: 0 }
  if (node.type !== 'element') return { kind: 'other', words }
  if (node.tagName === 'p') return { kind: 'paragraph', words }
  return { kind: /^h[1-6]$/.test(node.tagName) ? 'heading' : 'other', words }
}

const isMarker = (node: RootContent) => node.type === 'comment' && node.value.trim() === 'ad'

/** The one place where a sanitised tree becomes HTML, and so where `SafeHtml` is made of an author's words. */
const serialise = (nodes: RootContent[]): SafeHtml =>
  toHtml({ type: 'root', children: nodes.flatMap(withoutComments) }, { omitOptionalTags: false }) as SafeHtml

function withoutComments<Node extends RootContent>(node: Node): Node[] {
  if (node.type === 'comment') return []
  if ('children' in node) return [{ ...node, children: node.children.flatMap(withoutComments) }]
  return [node]
}

/** A marker must stand between two blocks, and not where an ad would part a heading from its text. */
function checkMarkers(blocks: RootContent[]): Issue[] {
  const shown = blocks.filter((block) => block.type !== 'comment' || isMarker(block))
  const misplaced = shown.some((block, index) => {
    if (!isMarker(block)) return 'children' in block && hasMarker(block)
    const previous = shown[index - 1]
    return !previous || (previous.type === 'element' && /^h[1-6]$/.test(previous.tagName))
  })
  return misplaced ? [{ key: 'body', code: 'ad-marker' }] : []
}

const hasMarker = (node: RootContent): boolean =>
  isMarker(node) || ('children' in node && node.children.some(hasMarker))

function checkSection(front: FrontMatter, { settings }: RenderContext): Issue[] {
  const known = settings.sections.map((section) => section.slug)
  if (known.includes(front.section)) return []
  const nearest = closest(front.section, known)
  return [
    {
      key: 'section',
      code: 'unknown-value',
      got: front.section,
      expected: 'section',
      ...(nearest ? { nearest } : {}),
    },
  ]
}

function checkSlug(front: FrontMatter, slug: Slug, { settings }: RenderContext): Issue[] {
  if (front.slug !== undefined && front.slug !== slug)
    return [{ key: 'slug', code: 'invalid', got: front.slug, expected: 'slug' }]
  const isTaken = isReserved(slug) || settings.footer.includes(slug)
  return isTaken ? [{ key: 'slug', code: 'invalid', got: slug, expected: 'freeSlug' }] : []
}

/** A translation is another article in another language; whether it names this one back, only `mw check` can say. */
function checkTranslations({ translations }: FrontMatter, slug: Slug, language: 'de' | 'en'): Issue[] {
  return Object.entries(translations).flatMap(([key, other = slug]) =>
    key === language || other === slug
      ? [{ key: `translations.${key}`, code: 'translation-self', got: other } as const]
      : [],
  )
}

/** The author that is meant by a slug or a name. */
export const authorNamed = (wanted: string, known: readonly Author[]): Author | undefined =>
  known.find(({ slug, name }) => slug === wanted || name === wanted)

/** The authors an article names by slug or by name, each once. */
function findAuthors(
  named: FrontMatter['author'],
  known: readonly Author[],
  issues: Issue[],
): Article['authors'] {
  const names = typeof named === 'string' ? [named] : named
  const found = names.flatMap((wanted, index) => {
    const author = authorNamed(wanted, known)
    if (author) return [author]
    const nearest = closest(
      wanted,
      known.flatMap(({ slug, name }) => [name, slug]),
    )
    const key = typeof named === 'string' ? 'author' : `author.${index}`
    const issue = { key, code: 'unknown-value', got: wanted, expected: 'author' } as const
    issues.push(nearest ? { ...issue, nearest } : issue)
    return []
  })
  return found.filter(({ slug }, index) => found.findIndex((one) => one.slug === slug) === index)
}

/** Old addresses in their one spelling; an article's own address is none, for it would lead to itself. */
function findAliases(aliases: readonly string[], slug: Slug, issues: Issue[]): string[] {
  const keys = aliases.map(aliasKey)
  for (const [index, key] of keys.entries()) {
    if (key === `/${slug}/` || key === '/')
      issues.push({ key: `aliases.${index}`, code: 'alias-self', got: aliases[index] ?? key })
  }
  return [...new Set(keys)]
}

function findImage(
  image: NonNullable<FrontMatter['image']>,
  media: MediaLibrary,
  issues: Issue[],
): Picture | undefined {
  const found = media.get(image.src)
  if (!found) {
    issues.push(missingMedia('image.src', image.src, media))
    return undefined
  }
  const { alt, caption, credit } = image
  return { ...shownOf(found), alt, ...(caption ? { caption } : {}), ...(credit ? { credit } : {}) }
}

export const countWords = (text: string) => text.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’.-]*/gu)?.length ?? 0

/** Tags by their address: one written twice is one tag, and one of nothing but punctuation is none. */
function toTags(names: readonly string[]): Article['tags'] {
  const tags = names.map((name) => ({ slug: slugify(name), name })).filter((tag) => tag.slug !== '')
  return tags.filter(({ slug }, index) => tags.findIndex((tag) => tag.slug === slug) === index)
}

/** The beginning of the first paragraph that says something; subheads, captions and footnote marks don't count. */
function firstSentences(blocks: RootContent[]): string {
  const paragraphs = blocks.filter((block) => block.type === 'element' && block.tagName === 'p')
  const text = paragraphs.map(wordsOf).find((paragraph) => paragraph.length > 40) ?? ''
  return text.length <= 200 ? text : `${text.slice(0, 199).replace(/\s+\S*$/, '')} …`
}

const wordsOf = (paragraph: RootContent) => proseOf(paragraph).replace(/\s+/g, ' ').trim()

/** The slug an article's file name stands for: `2024-07-03-china-kasachstan.md` → `china-kasachstan`. */
export const slugOfFile = (fileName: string) =>
  parseSlug(fileName.replace(/\.md$/, '').replace(/^\d{4}-\d\d-\d\d-/, ''))
