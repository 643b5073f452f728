import { base64url, utf8 } from './bytes.ts'

/**
 * Security headers of every response. Pages add their stylesheet's hash to the policy.
 * HSTS is ignored by browsers on plain http, so it does no harm on a laptop (RFC 6797 §8.1).
 */
const SECURITY: Readonly<Record<string, string>> = {
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()',
  'cross-origin-opener-policy': 'same-origin',
}

const LOCKED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Headers for anything that is not a page. */
export const plainHeaders: Readonly<Record<string, string>> = {
  ...SECURITY,
  'content-security-policy': LOCKED,
}

/**
 * Headers for a page whose only style is the given inlined stylesheet.
 * @param hasScript whether it may run the site's own script files
 * @param widget the one other origin that it may load a script from and show in a frame; none if not given
 * @param hasFrames whether it may show creatives of this site in frames; no page of the site lets itself be framed
 */
export async function pageHeaders(
  css: string,
  hasScript = false,
  widget?: string,
  hasFrames = false,
): Promise<Readonly<Record<string, string>>> {
  const hash = btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(css)))))
  const frames = [...(hasFrames ? ["'self'"] : []), ...(widget ? [widget] : [])]
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${hash}' 'self'`, // 'self' is for the one of the printer
    ...(hasScript ? [`script-src 'self'${widget ? ` ${widget}` : ''}`] : []),
    ...(frames.length > 0 ? [`frame-src ${frames.join(' ')}`] : []),
    "img-src 'self'",
    "media-src 'self'",
    "font-src 'self'",
    "connect-src 'self'", // a browser's own tools read robots.txt from a page; there is no script that could
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ]
  return {
    ...SECURITY,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy.join('; '),
  }
}

/**
 * How long a page may be kept: a browser asks every time (and mostly gets 304), so that whoever wrote a
 * comment sees it at once; Cloudflare's cache serves it for half a minute, and a stale one when we fail.
 * @param millisecondsTrue how long the page will be true: no cache keeps it beyond the next scheduled article
 */
export function pageCacheControl(
  millisecondsTrue = Number.POSITIVE_INFINITY,
): Readonly<Record<string, string>> {
  const seconds = Math.max(0, Math.floor(millisecondsTrue / 1000))
  const fresh = Math.min(30, seconds)
  const stale = Math.min(60, seconds - fresh)
  return {
    'cache-control': 'public, max-age=0, must-revalidate',
    'cdn-cache-control': `public, max-age=${fresh}, stale-while-revalidate=${stale}, stale-if-error=86400`,
  }
}

export const NO_STORE: Readonly<Record<string, string>> = { 'cache-control': 'private, no-store' }

/** Weak because two readers of one page may see different ads (RFC 9110 §8.8.1). */
export async function weakEtag(content: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', content)
  return `W/"${base64url(digest.slice(0, 12))}"`
}

/** Whether a conditional request already has this version (RFC 9110 §13.1.2, weak comparison). */
export function matchesEtag(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false
  if (ifNoneMatch.trim() === '*') return true
  const opaque = etag.replace(/^W\//, '')
  return ifNoneMatch.split(',').some((one) => one.trim().replace(/^W\//, '') === opaque)
}
