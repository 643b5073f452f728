import type { IRequest } from 'itty-router'
import { plainHeaders } from '../http/headers.ts'
import favicon from '../view/favicon.svg'
import { missing } from './moved.tsx'
import type { Site } from './site.ts'

/** Small files that programs ask every site for. */

const text = (body: string, type: string) =>
  new Response(body, {
    headers: { ...plainHeaders, 'content-type': type, 'cache-control': 'public, max-age=86400' },
  })

/** GET /robots.txt (RFC 9309): everything may be read but the newsroom, the counters and what only one reader sees. */
export async function showRobots(_: IRequest, site: Site): Promise<Response> {
  await site.snapshot()
  const rules = [
    'User-agent: *',
    'Disallow: /api/',
    'Disallow: /desk/',
    'Disallow: /go/',
    'Disallow: /*?kommentar=',
  ]
  const sitemaps = ['/sitemap.xml', '/sitemap-news.xml'].map((path) => `Sitemap: ${site.origin}${path}`)
  return text([...rules, '', ...sitemaps, ''].join('\n'), 'text/plain; charset=utf-8')
}

/** GET /.well-known/security.txt (RFC 9116) — whom to tell of a hole in the site. 200, 404 where nobody is named. */
export async function showSecurity(_: IRequest, site: Site): Promise<Response> {
  const { security, language } = (await site.snapshot()).settings
  if (!security) return missing(site)
  const lines = [
    ...security.contact.map((contact) => `Contact: ${contact}`),
    `Expires: ${security.expires}T23:59:59Z`,
    `Preferred-Languages: ${language === 'de' ? 'de, en' : 'en'}`,
    `Canonical: ${site.origin}/.well-known/security.txt`,
    ...(security.policy ? [`Policy: ${security.policy}`] : []),
  ]
  return text([...lines, ''].join('\n'), 'text/plain; charset=utf-8')
}

/** GET /favicon.svg */
export const showFavicon = () => text(favicon, 'image/svg+xml')
