import { base64url } from '../http/bytes.ts'
import type { Site } from '../site/site.ts'
import { timestampOf } from '../site/timestamp.ts'
import type { Session } from './person.ts'
import { ABSOLUTE_MS, findSession, IDLE_MS, insertSession, touchSession } from './session-store.ts'

/** The `__Host-` prefix holds it to this host, to HTTPS and to every path (RFC 6265bis §4.1.3.2). */
const COOKIE = '__Host-desk'
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict'

/** A session is marked as used at most this often. */
const TOUCH_MS = 5 * 60 * 1000
/** How long a passkey that was shown lets somebody do what can't be taken back. */
export const FRESH_MS = 5 * 60 * 1000

/** 256 bits that nobody can guess, as base64url. */
export const randomKey = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)))

/** Who sent a request; null where nobody is signed in. */
export async function readSession(request: Request, site: Site): Promise<Session | null> {
  const key = readCookie(request)
  if (key === null) return null
  const hash = await site.keys.hash('session', key)
  const idleSince = timestampOf(site.now.getTime() - IDLE_MS)
  const session = await findSession(site.env.DB, hash, { now: site.timestamp, idleSince })
  if (session && site.now.getTime() - Date.parse(session.seenAt) > TOUCH_MS)
    site.defer(touchSession(site.env.DB, hash, site.timestamp).run())
  return session
}

/**
 * Signs a person in: a new session each time, so that nobody can plant one beforehand.
 * @returns the header that gives the browser its cookie
 */
export async function startSession(
  person: number,
  isVerified: boolean,
  request: Request,
  site: Site,
): Promise<{ statement: D1PreparedStatement; cookie: string; sessionId: string }> {
  const key = randomKey()
  const sessionId = randomKey().slice(0, 16)
  const statement = insertSession(site.env.DB, {
    hash: await site.keys.hash('session', key),
    id: sessionId,
    person,
    device: deviceOf(request.headers.get('user-agent') ?? ''),
    now: site.timestamp,
    expiresAt: timestampOf(site.now.getTime() + ABSOLUTE_MS),
    isVerified,
  })
  return { statement, cookie: `${COOKIE}=${key}; Max-Age=${ABSOLUTE_MS / 1000}; ${ATTRIBUTES}`, sessionId }
}

/** The header that takes the cookie away. */
export const NO_COOKIE = `${COOKIE}=; Max-Age=0; ${ATTRIBUTES}`

function readCookie({ headers }: Request): string | null {
  const cookies = (headers.get('cookie') ?? '').split(/; */)
  const [, key] = cookies.map((one) => /^__Host-desk=([\w-]{43})$/.exec(one)).find((found) => found) ?? []
  return key ?? null
}

/** Whether a passkey was shown a moment ago. */
export const isFresh = ({ verifiedAt }: Session, now: Date): boolean =>
  verifiedAt !== null && now.getTime() - Date.parse(verifiedAt) < FRESH_MS

/** What forms of the desk carry: it belongs to the session and is worth nothing elsewhere. */
export const formToken = ({ sessionId }: Session, site: Site): Promise<string> =>
  site.keys.hash('desk-form', sessionId)

/** „Firefox, Windows“: enough to tell one's own devices apart, and no more. */
export function deviceOf(userAgent: string): string {
  const browser = /\b(Firefox|Edg|OPR|Chrome|Safari)\b(?=[/ ])/.exec(
    userAgent.replace(/\b(?:Chrome|Safari)\b(?=.*\b(?:Edg|OPR)\/)/g, ''),
  )?.[1]
  const system = /\b(Windows|Android|iPhone|iPad|Mac OS X|Linux|CrOS)\b/.exec(userAgent)?.[1]
  const names: Record<string, string> = { Edg: 'Edge', OPR: 'Opera', 'Mac OS X': 'macOS', CrOS: 'ChromeOS' }
  return [browser, system]
    .filter((one) => one !== undefined)
    .map((one) => names[one] ?? one)
    .join(', ')
}
