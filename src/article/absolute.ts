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
    lead +
      withAbsoluteAddresses(
        article.segments.join('').replace(OWN_ADDRESS, ''),
        `${origin}/${article.slug}/`,
        origin,
      ),
  )
}

/** The link to itself that a subhead has on the page: in a feed reader, a „#“ that leads away. */
const OWN_ADDRESS = /<a class="anchor"(?: [a-z-]+="[^"]*")*>#<\/a>/g

/**
 * The serialiser escapes `<` in text and quotes in attributes, so a tag can be told from text that looks like one.
 * Every tag is matched: inside an attribute, a `<` means nothing.
 */
const TAG = /<[a-z][a-z0-9]*(?: [a-z-]+(?:="[^"]*")?)*>/g
const ADDRESSES = new Set(['href', 'src', 'poster'])
/** The address of a picture in a list of them: `/a.webp 320w, /b.webp 640w`. */
const CANDIDATE = /(?<=^\s*|,\s+)[^\s,]+/g
const ATTRIBUTE = / ([a-z-]+)="([^"]*)"/g

const withAbsoluteAddresses = (html: string, page: string, origin: string) =>
  html.replace(TAG, (tag) =>
    tag.replace(ATTRIBUTE, (attribute, name: string, address: string) =>
      ADDRESSES.has(name)
        ? ` ${name}="${resolve(address, page, origin)}"`
        : name === 'srcset'
          ? ` srcset="${address.replace(CANDIDATE, (candidate) => resolve(candidate, page, origin))}"`
          : attribute,
    ),
  )

/** An address as the article's page would follow it; a browser takes `\` for `/`. */
function resolve(address: string, page: string, origin: string): string {
  if (/^(?:https?:|mailto:|[/\\]{2})/.test(address)) return address
  return (/^[/\\]/.test(address) ? origin : page) + address
}
