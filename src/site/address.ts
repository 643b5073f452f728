/**
 * The one spelling of every address. What WordPress, a hurried typist or an old link spells otherwise is brought to
 * it in one step, so that no reader is sent from redirect to redirect.
 */

/** Addresses whose case and slashes mean something, or that only programs use. */
const EXACT =
  /^\/(?:(?:api|media|creative|go|avatar|scripts|styles|subscriptions|objections|my-data|ads\/report|desk|assets|\.well-known|healthz)(?:\/|$)|[^/]+\/comments(?:\/[^/]+)?$)/

/** Sitemaps of WordPress and of its common extensions. */
const OLD_SITEMAP = /^\/(?:wp-sitemap(?:-[a-z0-9-]+)?|sitemap_index|sitemap-index)\.xml$/

const WORDPRESS_FEEDS: Readonly<Record<string, string>> = {
  feed: '/feed/',
  rss: '/feed/',
  rss2: '/feed/',
  rdf: '/feed/',
  atom: '/feed/atom/',
  'comments-rss2': '/comments/feed/',
}

/**
 * The address a request means, path and query; the request's own where it is spelled as it should be.
 * Spelling an address twice changes nothing more.
 */
export function properAddress({ pathname, searchParams, search }: URL): string {
  if (EXACT.test(pathname)) return pathname + search
  let path = pathname
  for (let before = ''; before !== path; ) [before, path] = [path, properPath(path)]
  if (path !== '/') return path + search
  const query = searchParams.get('s')
  if (query !== null) return `/search/?q=${encodeURIComponent(query)}`
  const feed = searchParams.get('feed')
  if (feed !== null) return WORDPRESS_FEEDS[feed] ?? '/feed/'
  const id = searchParams.get('p') ?? searchParams.get('page_id')
  if (id !== null && /^\d{1,12}$/.test(id)) return `/?p=${Number(id)}`
  return path + search
}

function properPath(pathname: string): string {
  const plain = (pathname.includes('%') ? pathname : pathname.toLowerCase()).replace(/\/{2,}/g, '/')
  const path = plain.replace(/^(?:\/index\.php)+(?=\/|$)/, '') || '/'
  if (OLD_SITEMAP.test(path)) return '/sitemap.xml'
  if (/\.[a-z0-9]+$/.test(path)) return path // a file
  return (path.endsWith('/') ? path : `${path}/`)
    .replace(/^\/\d{4}\/\d\d\/\d\d\/(?=[^/]+\/)/, '/') // /2024/07/03/slug/
    .replace(/^\/(\d{4}\/\d\d)\/\d\d\/$/, '/$1/') // a day: its month
    .replace(/^\/\d{4}\/\d\d\/(?=[a-z][^/]*\/$)(?!page\/$|feed\/$)/, '/') // /2024/07/slug/
    .replace(/\/feed\/(?:rss2?|rdf)\/$/, '/feed/')
    .replace(/^(\/.+)\/(?:comment-page-\d+|amp|trackback)\/$/, '$1/')
    .replace(/\/page\/0*(\d+)\/$/, (_, page) => (page === '1' ? '/' : `/page/${page}/`))
}

/** How an article's old address is stored: in its one spelling. */
export const aliasKey = (path: string): string => properAddress(new URL(path, 'https://alias.invalid'))
