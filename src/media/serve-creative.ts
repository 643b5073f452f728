import type { IRequest } from 'itty-router'
import { fromUtf8, utf8 } from '../http/bytes.ts'
import { plainHeaders } from '../http/headers.ts'
import type { Site } from '../site/site.ts'
import { typeOfCreativeFile, unpackCreative, withClickTag } from './html5.ts'

/** Where creatives lie, each in a folder of its own. */
const ROOT = '/creative/'

/** Creatives that this isolate has unpacked, the oldest first. */
const unpacked = new Map<string, ReadonlyMap<string, Uint8Array<ArrayBuffer>>>()
const MAX_UNPACKED = 16

/**
 * GET /creative/:hash/:path — a file of an HTML5 creative, in a sandbox: it has an origin of its own that is nobody's,
 * so it can read neither the page nor anything of the site; it loads nothing from outside, sends nothing, and leads
 * nowhere but in a new window. The same address always has the same content. 200, 404.
 */
export async function serveCreative(request: IRequest, site: Site): Promise<Response> {
  const [, hash = '', path = ''] =
    /^\/creative\/([0-9a-f]{32})\/([\w /.-]+)$/.exec(decoded(new URL(request.url).pathname)) ?? []
  const type = typeOfCreativeFile(path)
  const files = hash && type ? await filesOf(hash, site) : null
  const file = files?.get(path)
  if (!file || !type) return nothing(site)
  const body = path.endsWith('.html') ? utf8(withClickTag(fromUtf8(file))) : file
  return new Response(body, {
    headers: {
      ...plainHeaders,
      'content-security-policy': policyOf(`${site.requestOrigin}${ROOT}${hash}/`),
      'content-type': type,
      'cache-control': 'public, max-age=31536000, immutable',
      'x-robots-tag': 'noindex',
      'x-dns-prefetch-control': 'off',
      // The creative is of no origin, so its own scripts and fonts come from another one in the browser's eyes.
      'access-control-allow-origin': '*',
    },
  })
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return ''
  }
}

async function filesOf(
  hash: string,
  site: Site,
): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>> | null> {
  const known = unpacked.get(hash)
  if (known) return known
  const stored = await site.env.MEDIA.get(`${hash}.zip`)
  const result = stored && unpackCreative(new Uint8Array(await stored.arrayBuffer()))
  if (!result?.ok) return null
  const [oldest] = unpacked.keys()
  if (oldest !== undefined && unpacked.size >= MAX_UNPACKED) unpacked.delete(oldest)
  unpacked.set(hash, result.files)
  return result.files
}

const policyOf = (own: string) =>
  [
    "default-src 'none'",
    ...['script-src', 'style-src'].map((kind) => `${kind} ${own} 'unsafe-inline'`),
    ...['img-src', 'font-src', 'media-src'].map((kind) => `${kind} ${own} data:`),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    'sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox',
  ].join('; ')

const nothing = ({ texts }: Site): Response =>
  new Response(`${texts.errors.notFoundTitle}\n`, {
    status: 404,
    headers: {
      ...plainHeaders,
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'public, max-age=60',
    },
  })
