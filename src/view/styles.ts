import { paletteCss } from '../article/picture.ts'
import { pageHeaders } from '../http/headers.ts'
import { NEWSREADER_CSS } from './fonts/newsreader.ts'
import ad from './styles/ad.css'
import article from './styles/article.css'
import base from './styles/base.css'
import centered from './styles/centered.css'
import comments from './styles/comments.css'
import layout from './styles/layout.css'
import lists from './styles/lists.css'
import print from './styles/print.css'
import search from './styles/search.css'
import teaser from './styles/teaser.css'
import { type Theme, themeCss } from './theme.ts'

/** Comments and indentation stay out of what readers download. */
const minify = (css: string) =>
  css
    .replace(/\/\*.*?\*\//gs, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .replace(/: /g, ':')
    .replaceAll(';}', '}')
    .trim()

/** What is read, and what leads there: each kind of page carries the rules that it needs. */
const SHEETS = {
  text: minify([base, layout, article, ad, teaser, comments, print].join('')) + paletteCss(),
  list: minify([base, layout, teaser, lists, search, print].join('')) + paletteCss(),
} as const
export type SheetName = keyof typeof SHEETS

/** The stylesheet that a page carries in itself, and the headers that allow it and no other. */
export interface Sheet {
  css: string
  headers: Readonly<Record<string, string>>
}

const sheets = new WeakMap<Theme, Partial<Record<SheetName, Promise<Sheet>>>>()

/** The stylesheet of a kind of page in a theme; made and hashed once for every version of the settings. */
export function sheetOf(name: SheetName, theme: Theme): Promise<Sheet> {
  const made = sheets.get(theme) ?? {}
  sheets.set(theme, made)
  made[name] ??= makeSheet(name, theme)
  return made[name]
}

async function makeSheet(name: SheetName, theme: Theme): Promise<Sheet> {
  const faces = theme.headlines === 'newsreader' ? NEWSREADER_CSS : ''
  const masthead = theme.masthead === 'center' ? minify(centered) : ''
  const css = faces + themeCss(theme) + SHEETS[name] + masthead
  return { css, headers: await pageHeaders(css, name === 'text') }
}
