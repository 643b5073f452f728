import { logError } from '../http/log.ts'
import { countInMinute } from './limit-store.ts'
import type { Site } from './site.ts'

/** How often one address may do something in a minute; the same numbers stand in wrangler.toml. */
const PER_MINUTE = { COMMENT_RATE: 5, SEARCH_RATE: 30, SIGN_IN_RATE: 10 } as const

/** What one connection has: an IPv4 address, or of an IPv6 address the /64 that its owner may choose within. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const groups = head.split(':').filter(Boolean)
  const after = tail?.split(':').filter(Boolean) ?? []
  const zeros = Array<string>(Math.max(0, 8 - groups.length - after.length)).fill('0')
  const whole = tail === undefined ? groups : [...groups, ...zeros, ...after]
  return `${whole
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}

/** The reader's IP address as a keyed hash with the day's salt: the same within a day, unlinkable after it. */
export function hashOfAddress(request: Request, site: Site): Promise<string> {
  const address = networkOf(request.headers.get('cf-connecting-ip') ?? 'unknown')
  return site.keys.hash('ip-hash', `${site.timestamp.slice(0, 10)} ${address}`)
}

/**
 * Whether somebody may still do this in this minute. Counts the attempt: by the platform's rate limiter, or by D1
 * where that is not bound or fails.
 * @param key who does it, and to what
 */
export async function isWithinLimit(
  site: Site,
  limiter: keyof typeof PER_MINUTE,
  key: string,
): Promise<boolean> {
  const bound = site.env[limiter]
  try {
    if (bound) return (await bound.limit({ key })).success
  } catch (error) {
    logError('rate-limiter-failed', error)
  }
  return countInMinute(site.env.DB, key, site.now, PER_MINUTE[limiter])
}
