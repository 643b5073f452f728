import { paletteCss } from '../article/picture.ts'
import { NEWSREADER_CSS } from './fonts/newsreader.ts'
import ad from './styles/ad.css'
import article from './styles/article.css'
import base from './styles/base.css'
import comments from './styles/comments.css'
import layout from './styles/layout.css'
import lists from './styles/lists.css'
import print from './styles/print.css'
import search from './styles/search.css'

/** The site's one stylesheet, inlined into every page: comments and indentation stay out of it. */
export const css = [NEWSREADER_CSS, base, layout, article, ad, lists, search, comments, print, paletteCss()]
  .join('')
  .replace(/\/\*.*?\*\//gs, '')
  .replace(/\s+/g, ' ')
  .replace(/ ?([{};,]) ?/g, '$1')
  .replace(/: /g, ':')
  .replaceAll(';}', '}')
  .trim()
