import type { IRequest } from 'itty-router'
import { plainHeaders } from '../http/headers.ts'
import { SCRIPTS } from '../view/scripts.ts'
import { SHEETS } from '../view/styles.ts'
import { missing } from './moved.tsx'
import type { Site } from './site.ts'

/** GET /scripts/:file — a script of the site. Its address changes with its content, so it is kept for ever. 200, 404. */
export function showScript({ url }: IRequest, site: Site): Response | Promise<Response> {
  const script = SCRIPTS.get(new URL(url).pathname)
  if (script === undefined) return missing(site)
  const headers = {
    ...plainHeaders,
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
  }
  return new Response(script, { headers })
}

/** GET /styles/:file — a stylesheet in a file of its own. Its address changes with its content, so it is kept for ever. 200, 404. */
export function showStyles({ url }: IRequest, site: Site): Response | Promise<Response> {
  const sheet = SHEETS.get(new URL(url).pathname)
  if (sheet === undefined) return missing(site)
  const headers = {
    ...plainHeaders,
    'content-type': 'text/css; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
  }
  return new Response(sheet, { headers })
}
