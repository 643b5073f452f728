import { JOSEError } from 'jose/errors'
import { jwtVerify } from 'jose/jwt/verify'
import type { Access } from '../../site/settings.ts'
import { keysOf } from './access-keys.ts'

/** What a token is: good, with what it says; refused, and why; or not to be checked, for the keys are not to be had. */
export type Verdict = { claims: unknown } | { refused: string } | { failure: unknown }

/**
 * Checks a token of Cloudflare Access: signed with RS256 by a key of the team, for this application, and good at this moment.
 * Never throws.
 */
export async function verifyToken(token: string, { team, audience }: Access, now: Date): Promise<Verdict> {
  try {
    const { payload } = await jwtVerify(token, keysOf(team, now), {
      algorithms: ['RS256'],
      issuer: team,
      audience,
      requiredClaims: ['exp'],
      currentDate: now,
    })
    return { claims: payload }
  } catch (error) {
    return error instanceof JOSEError ? { refused: error.code } : { failure: error }
  }
}
