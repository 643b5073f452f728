import fnv1a from '@sindresorhus/fnv1a'
import { paletteCss } from '../article/picture.ts'
import { pageHeaders } from '../http/headers.ts'
import { hasSlots } from '../http/slots.ts'
import { NEWSREADER_CSS } from './fonts/newsreader.ts'
import ad from './styles/ad.css'
import adList from './styles/ad-list.css'
import adSide from './styles/ad-side.css'
import article from './styles/article.css'
import base from './styles/base.css'
import centered from './styles/centered.css'
import code from './styles/code.css'
import comments from './styles/comments.css'
import contents from './styles/contents.css'
import desk from './styles/desk.css'
import layout from './styles/layout.css'
import lists from './styles/lists.css'
import notes from './styles/notes.css'
import player from './styles/player.css'
import print from './styles/print.css'
import report from './styles/report.css'
import search from './styles/search.css'
import states from './styles/states.css'
import table from './styles/table.css'
import teaser from './styles/teaser.css'
import turnstile from './styles/turnstile.css'
import { type Theme, themeCss } from './theme.ts'

/** Comments and indentation stay out of what readers download. */
const minify = (css: string) =>
  css
    .replace(/\/\*.*?\*\//gs, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .replace(/: /g, ':')
    .replace(/ ([>/]) /g, '$1')
    .replace(/([ (,:])0\./g, '$1.')
    .replaceAll(';}', '}')
    .trim()

/** A slot for an ad. No content can hold it either. */
const SLOT = /class="ad-slot/
/** The place of the Turnstile widget. No content can hold it: the sanitiser gives an author no such class. */
const WIDGET = /class="turnstile"/

/** The report of a campaign, as its own class: no content can hold it. */
const REPORT = /class="report"/

/** Rules that a page carries only where its markup has something they are for, in the order of the cascade. */
const PARTS: readonly { css: string; on: SheetName | 'all'; markup?: RegExp }[] = [
  { css: base, on: 'all' },
  { css: layout, on: 'all' },
  { css: article, on: 'text' },
  { css: contents, on: 'text', markup: /class="toc"/ },
  { css: table, on: 'text', markup: /<table/ },
  { css: code, on: 'text', markup: /<(?:pre|code|kbd)/ },
  { css: player, on: 'text', markup: /<(?:audio|video)|class="(?:gallery|embed)/ },
  { css: notes, on: 'text', markup: /<sup|class="footnotes/ },
  { css: ad, on: 'all', markup: SLOT },
  { css: adSide, on: 'text', markup: /class="ad-slot side/ },
  { css: adList, on: 'list', markup: SLOT },
  { css: teaser, on: 'list' },
  { css: lists, on: 'list' },
  { css: search, on: 'list' },
  { css: code, on: 'desk', markup: /<(?:pre|code|kbd)/ },
  { css: table, on: 'desk', markup: /<table/ },
  { css: comments, on: 'desk', markup: /class="comment-text/ },
  { css: turnstile, on: 'text', markup: WIDGET },
  { css: states, on: 'text', markup: /class="(?:waiting|own-note|error-summary|preview|answered)/ },
  { css: desk, on: 'desk' },
  { css: report, on: 'text', markup: REPORT },
  { css: report, on: 'desk', markup: REPORT },
]
const MINIFIED = PARTS.map((part) => ({ ...part, css: minify(part.css) }))

/** What is read, and what leads there. */
export type SheetName = 'text' | 'list' | 'desk'

/** The stylesheet that a page carries in itself, and the headers that allow it and no other. */
export interface Sheet {
  css: string
  headers: Readonly<Record<string, string>>
}

/** A stylesheet in a file of its own. Its address changes with its content. */
const fileOf = (name: string, css: string) => ({
  path: `/styles/${name}-${fnv1a(css, { size: 32 }).toString(36)}.css`,
  css,
})

/** What a printer needs: it is fetched behind everything else, and no first view waits for it. */
export const PRINT_SHEET = fileOf('print', minify(print))

/**
 * What stands below an article: related articles, comments and their form. The page names it right before them, so
 * nothing above waits for it, and nothing below is shown without it.
 */
export const BELOW_SHEET = fileOf('below', minify(teaser) + minify(comments))

/** Stylesheets in files, by their addresses. */
export const SHEETS: ReadonlyMap<string, string> = new Map(
  [PRINT_SHEET, BELOW_SHEET].map(({ path, css }) => [path, css]),
)

const sheets = new WeakMap<Theme, Map<string, Promise<Sheet>>>()
/** There are not many: what a page carries besides depends on a few kinds of blocks and colours. */
const MAX_SHEETS = 500

/**
 * The stylesheet of a kind of page in a theme, with what its markup needs and no more; made and hashed once.
 * @param widget address of the widget's script, for pages that have its place
 */
export function sheetOf(name: SheetName, theme: Theme, html: string, widget?: string): Promise<Sheet> {
  const parts = MINIFIED.filter(
    ({ on, markup }) => (on === 'all' || on === name) && (markup?.test(html) ?? true),
  )
  const palette = paletteCss(html)
  const guest = widget && WIDGET.test(html) ? new URL(widget).origin : undefined
  // An HTML5 creative may come into any slot; the page is composed before it is known which.
  const isSold = hasSlots(html)
  const hasScript = name !== 'list' || isSold
  const hasFrames = isSold || (name === 'desk' && html.includes('<iframe'))
  const key = [
    name,
    palette,
    guest,
    hasScript,
    hasFrames,
    ...parts.map((part) => MINIFIED.indexOf(part)),
  ].join(' ')
  const made = sheets.get(theme) ?? new Map<string, Promise<Sheet>>()
  sheets.set(theme, made)
  const known = made.get(key)
  if (known) return known
  if (made.size >= MAX_SHEETS) made.clear()
  const rules = parts.map(({ css }) => css).join('') + palette
  const sheet = makeSheet(theme, rules, { hasScript, guest, hasFrames })
  made.set(key, sheet)
  return sheet
}

async function makeSheet(
  theme: Theme,
  rules: string,
  { hasScript, guest, hasFrames }: { hasScript: boolean; guest: string | undefined; hasFrames: boolean },
): Promise<Sheet> {
  const faces = theme.headlines === 'newsreader' ? NEWSREADER_CSS : ''
  const masthead = theme.masthead === 'center' ? minify(centered) : ''
  const css = faces + themeCss(theme) + rules + masthead
  return { css, headers: await pageHeaders(css, hasScript, guest, hasFrames) }
}
