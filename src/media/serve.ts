import type { IRequest } from 'itty-router'
import { parse } from 'range-parser'
import { MEDIA_TYPES } from '../article/media.ts'
import { matchesEtag, plainHeaders } from '../http/headers.ts'
import type { Site } from '../site/site.ts'

/** An SVG opened by itself may draw, and nothing more. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; sandbox; frame-ancestors 'none'"

const FILE = /^[0-9a-f]{32}(?:-\d{2,4})?\.([a-z0-9]{3,4})$/

/**
 * GET /media/:file — a picture or recording by its content hash; it never changes. A part of it where one is asked
 * for (RFC 9110 §14), so that a film can be wound forward. 200, 206, 304, 404, 416.
 */
export async function serveMedia(request: IRequest, site: Site): Promise<Response> {
  const [file = '', extension = ''] = FILE.exec(request.params.file ?? '') ?? []
  const type = MEDIA_TYPES[extension]
  if (!type) return nothing(site)
  const etag = `"${file}"`
  const headers = {
    ...plainHeaders,
    'content-security-policy': POLICY,
    'content-type': type,
    etag,
    'accept-ranges': 'bytes',
    'cache-control': 'public, max-age=31536000, immutable',
  }
  if (matchesEtag(request.headers.get('if-none-match'), etag))
    return new Response(null, { status: 304, headers })
  const { MEDIA } = site.env
  if (request.method === 'HEAD') return describe(await MEDIA.head(file), headers, site)
  const wanted = wantedRange(request, etag)
  if (wanted !== null) return sendPart(await MEDIA.head(file), wanted, headers, site)
  const stored = await MEDIA.get(file)
  if (!stored) return nothing(site)
  return new Response(stored.body, { headers: { ...headers, 'content-length': String(stored.size) } })
}

type Headers = Readonly<Record<string, string>>

/** A bit of what range-parser says: something in the header is no range at all. */
const INVALID = 1

function describe(stored: R2Object | null, headers: Headers, site: Site): Response {
  if (!stored) return nothing(site)
  return new Response(null, { headers: { ...headers, 'content-length': String(stored.size) } })
}

/** The part that is asked for; null for the whole, also where the reader has a part of something else (If-Range). */
function wantedRange({ headers }: IRequest, etag: string): string | null {
  const condition = headers.get('if-range')
  return condition === null || condition === etag ? headers.get('range') : null
}

async function sendPart(
  stored: R2Object | null,
  wanted: string,
  headers: Headers,
  site: Site,
): Promise<Response> {
  if (!stored) return nothing(site)
  const { size, key } = stored
  const { code, type, ranges } = parse(size, wanted)
  const [range, ...others] = ranges
  const isUnderstood = type === 'bytes' && (code & INVALID) === 0
  if (isUnderstood && !range)
    return new Response(null, {
      status: 416,
      headers: { ...plainHeaders, 'content-range': `bytes */${size}` },
    })
  // What is no range of ours, or several, is answered with the whole, as anybody may (RFC 9110 §14.2).
  const isPart = isUnderstood && range !== undefined && others.length === 0
  const part = isPart ? { offset: range.start, length: range.end - range.start + 1 } : null
  const found = await site.env.MEDIA.get(key, part ? { range: part } : {})
  if (!found) return nothing(site)
  const length = { ...headers, 'content-length': String(part?.length ?? size) }
  if (!isPart) return new Response(found.body, { headers: length })
  const place = { 'content-range': `bytes ${range.start}-${range.end}/${size}` }
  return new Response(found.body, { status: 206, headers: { ...length, ...place } })
}

/** What is not there is said in a line, without a look at any store: nobody reads it. */
const nothing = ({ texts }: Site): Response =>
  new Response(`${texts.errors.notFoundTitle}\n`, {
    status: 404,
    headers: {
      ...plainHeaders,
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'public, max-age=60',
    },
  })
