import * as v from 'valibot'
import { log, logError } from '../../http/log.ts'
import type { Access } from '../../site/settings.ts'
import type { Site } from '../../site/site.ts'
import { isCrossSiteLook } from '../answers.tsx'
import { nextPath } from '../guard.ts'
import { Email } from '../person.ts'
import { findByEmail } from '../session-store.ts'
import { letIn, mayTry } from './let-in.ts'
import { type SignInProblem, sendSignIn, sendUnknown } from './page.tsx'

/**
 * Cloudflare Access as a way into the desk. It stands before the site, asks who comes, and gives what it found out along as a
 * signed token, a JSON Web Token (RFC 7519). Who is known in the desk by the address in it is signed in.
 */

/** No token of Access is longer: a cookie could not carry it. */
const MAX_TOKEN = 8192

/**
 * Lets in whom Cloudflare Access vouches for.
 * @returns 303 with a session; 403, 429 or 503 where the token leads nowhere; null where there is none to look at
 */
export async function enterByAccess(request: Request, site: Site): Promise<Response | null> {
  const { access } = site.settings.desk
  // A form that was sent without a session belongs to none: it has to be opened anew. Who clicked elsewhere may have a session
  // at the second look, for which `sendToSignIn` asks.
  if (!access || request.method !== 'GET' || isCrossSiteLook(request)) return null
  const token = tokenIn(request)
  if (token === null) return null
  const { pathname, search } = new URL(request.url)
  const next = nextPath(pathname + search)
  const refuse = (problem: SignInProblem, status: number) => sendSignIn(site, { next, problem, status })
  if (!(await mayTry(request, site))) return refuse('rate', 429)
  try {
    const found = await readToken(token, access, site)
    if ('problem' in found) return refuse(found.problem, found.problem === 'accessDown' ? 503 : 403)
    const person = await findByEmail(site.env.DB, await site.keys.hash('email-hash', found.email))
    if (person === null) return sendUnknown(site, found.email, next)
    return await letIn(person, 'access', next, request, site)
  } catch (error) {
    logError('sign-in-failed', error)
    return refuse('unavailable', 503)
  }
}

/** Whether the next look would come with a token again. */
export const isVouchedFor = (request: Request): boolean => tokenIn(request) !== null

/** The header that Access adds; or its cookie, which a browser brings along wherever the header is lost. */
function tokenIn({ headers }: Request): string | null {
  const cookie = /(?:^|;) *CF_Authorization=([^;]+)/.exec(headers.get('cookie') ?? '')?.[1]
  return headers.get('cf-access-jwt-assertion') ?? cookie ?? null
}

/** A person's token has their address in it, a program's (a service token) has none. */
const Claims = v.object({ email: Email })

/** The address that a token vouches for. What reads it is loaded when somebody comes with one, and not before. */
async function readToken(
  token: string,
  access: Access,
  site: Site,
): Promise<{ email: string } | { problem: 'accessRefused' | 'accessDown' }> {
  if (token.length > MAX_TOKEN) return { problem: 'accessRefused' }
  const { verifyToken } = await import('./access-token.ts')
  const verdict = await verifyToken(token, access, site.now)
  if ('failure' in verdict) {
    logError('access-not-asked', verdict.failure)
    return { problem: 'accessDown' }
  }
  const claims = v.safeParse(Claims, 'claims' in verdict ? verdict.claims : null)
  if (claims.success) return claims.output
  log('access-refused', { reason: 'refused' in verdict ? verdict.refused : 'no address' })
  return { problem: 'accessRefused' }
}
