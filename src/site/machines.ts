import type { IRequest } from 'itty-router'
import { plainHeaders } from '../http/headers.ts'
import favicon from '../view/favicon.svg'
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
  return text(
    [...rules, '', `Sitemap: ${site.origin}/sitemap.xml`, ''].join('\n'),
    'text/plain; charset=utf-8',
  )
}

/** GET /favicon.svg */
export const showFavicon = () => text(favicon, 'image/svg+xml')
