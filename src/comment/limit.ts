import type { Slug } from '../article/slug.ts'
import { logError } from '../http/log.ts'
import type { Site } from '../site/site.ts'
import { countInMinute } from './store.ts'

/** Comments a minute from one address on one article; the same number stands in wrangler.toml. */
export const PER_MINUTE = 5

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

/** Whether an address may still comment on an article this minute. Counts the attempt. */
export async function isWithinLimit(site: Site, ipHash: string, article: Slug): Promise<boolean> {
  const key = `${ipHash} ${article}`
  try {
    if (site.env.COMMENT_RATE) return (await site.env.COMMENT_RATE.limit({ key })).success
  } catch (error) {
    logError('rate-limiter-failed', error)
  }
  return countInMinute(site.env.DB, key, site.now, PER_MINUTE)
}
