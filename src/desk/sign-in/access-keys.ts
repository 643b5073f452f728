import { JOSEError, JWKSNoMatchingKey } from 'jose/errors'
import { createLocalJWKSet } from 'jose/jwks/local'
import type { JWTVerifyGetKey } from 'jose/jwt/verify'
import * as v from 'valibot'
import { askService, ServiceFailure } from '../../http/service.ts'

/** The keys with which a team's Cloudflare Access signs: public, asked for by the isolate and kept for a while. */

/** How long a request waits for them. */
const PATIENCE_MS = 2000
/** After this they are asked for anew, so that one which was withdrawn is trusted no longer. */
const LIFE_MS = 60 * 60 * 1000
/** A token with a key that nobody knows makes the site ask again, but no more often: anybody can write such a token. */
const PAUSE_MS = 60 * 1000

/** What Access answers, as far as it is read (RFC 7517 §5). */
const KeySet = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    keys: v.pipe(
      v.array(
        v.object({
          kty: v.literal('RSA'),
          kid: v.string(),
          n: v.string(),
          e: v.string(),
          alg: v.exactOptional(v.string()),
          use: v.exactOptional(v.string()),
        }),
      ),
      v.minLength(1),
      v.maxLength(20),
    ),
  }),
)

interface Known {
  team: string
  find: JWTVerifyGetKey
  askedAt: number
  /** When the team was asked last, with or without an answer. */
  triedAt: number
}
let known: Known | null = null

/**
 * Finds the key that a token says it is signed with.
 * @throws ServiceFailure where the keys are not to be had; JOSEError where none of them is the token's
 */
export const keysOf =
  (team: string, now: Date): JWTVerifyGetKey =>
  async (header, token) => {
    const moment = now.getTime()
    const current = isGood(known, team, moment) ? known : await ask(team, moment)
    try {
      return await findIn(current, header, token)
    } catch (error) {
      const mayBeNew = error instanceof JWKSNoMatchingKey && moment - current.triedAt >= PAUSE_MS
      if (!mayBeNew) throw error
      current.triedAt = moment
      return findIn(await ask(team, moment), header, token)
    }
  }

const isGood = (one: Known | null, team: string, moment: number): one is Known =>
  one !== null && one.team === team && Math.abs(moment - one.askedAt) < LIFE_MS

/** A key that can't be read is the set's fault, not the token's: such a set is not kept. */
async function findIn({ find }: Known, ...asked: Parameters<JWTVerifyGetKey>) {
  try {
    return await find(...asked)
  } catch (error) {
    if (error instanceof JOSEError) throw error
    known = null
    throw new ServiceFailure('Odd', 'has a key that is none')
  }
}

async function ask(team: string, askedAt: number): Promise<Known> {
  const url = `${team}/cdn-cgi/access/certs`
  const { text } = await askService(url, { method: 'GET' }, AbortSignal.timeout(PATIENCE_MS))
  const set = v.safeParse(KeySet, text)
  if (!set.success) throw new ServiceFailure('Odd', 'answered something else than keys')
  known = { team, find: createLocalJWKSet(set.output), askedAt, triedAt: askedAt }
  return known
}
