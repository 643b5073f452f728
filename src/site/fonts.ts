import type { IRequest } from 'itty-router'
import { plainHeaders } from '../http/headers.ts'
import { NEWSREADER } from '../view/fonts/newsreader.ts'
import extended from '../view/fonts/newsreader-extended.woff2'
import latin from '../view/fonts/newsreader-latin.woff2'
import { missing } from './moved.tsx'
import type { Site } from './site.ts'

const FONTS: ReadonlyMap<string, ArrayBuffer> = new Map([
  [NEWSREADER.latin, latin],
  [NEWSREADER.extended, extended],
])

/** GET /fonts/:file — the headline face. Its address changes with its content, so it is kept for ever. 200, 404. */
export function showFont({ url }: IRequest, site: Site): Response | Promise<Response> {
  const font = FONTS.get(new URL(url).pathname)
  if (!font) return missing(site)
  const headers = {
    ...plainHeaders,
    'content-type': 'font/woff2',
    'cache-control': 'public, max-age=31536000, immutable',
  }
  return new Response(font, { headers })
}
