import { escapeHtml, markSafe, type SafeHtml } from '../view/html.ts'
import type { Article } from './article.ts'

/**
 * An article's whole text with absolute addresses, the lead image first: for feeds, whose readers show it far
 * from this site.
 */
export function absolute(article: Article, origin: string): SafeHtml {
  const { image } = article
  const lead = image
    ? `<p><img src="${origin}${escapeHtml(image.src)}" width="${image.width}" height="${image.height}" alt="${escapeHtml(image.alt)}"></p>`
    : ''
  return markSafe(
    lead + withAbsoluteAddresses(article.segments.join(''), `${origin}/${article.slug}/`, origin),
  )
}

/** The serialiser quotes every attribute and escapes quotes inside, so a tag can be told from text that looks like one. */
const TAG = /<(?:a|img)(?: [a-z-]+(?:="[^"]*")?)*>/g

const withAbsoluteAddresses = (html: string, page: string, origin: string) =>
  html.replace(TAG, (tag) =>
    tag.replace(/ (href|src)="(?=\/(?!\/))/g, ` $1="${origin}`).replace(/ href="(?=#)/g, ` href="${page}`),
  )
