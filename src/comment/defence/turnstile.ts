import * as v from 'valibot'
import { fromBase64url, hex } from '../../http/bytes.ts'
import { logError } from '../../http/log.ts'
import { askService, ServiceFailure } from '../../http/service.ts'
import type { Turnstile } from '../../site/settings.ts'
import type { Site } from '../../site/site.ts'
import type { Opinion } from './service.ts'

/** Cloudflare Turnstile: whether a browser with a person before it sent the form (developers.cloudflare.com/turnstile). */

/** What the widget is asked to vouch for: a token from a form of another kind is not good here. */
export const ACTION = 'comment'

/** The field into which the widget puts its token. */
export const TOKEN_FIELD = 'cf-turnstile-response'

/** No token is longer. */
const MAX_TOKEN = 2048

const Answer = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    success: v.boolean(),
    'error-codes': v.optional(v.array(v.string()), []),
    hostname: v.optional(v.string()),
    action: v.optional(v.string()),
  }),
)
type Answer = v.InferOutput<typeof Answer>

/** How much each outcome weighs. A comment is published without a look at it only where the token is good. */
const OUTCOMES = {
  turnstilePassed: { score: -0.5, holds: false },
  turnstileMissing: { score: 1, holds: true },
  turnstileFailed: { score: 2.5, holds: true },
  /** Older than five minutes, or used for another comment. */
  turnstileSpent: { score: 1, holds: true },
  /** Good, but for another site or another form. */
  turnstileElsewhere: { score: 2.5, holds: true },
  turnstileSlow: { score: 0, holds: true },
  turnstileDown: { score: 0, holds: true },
  turnstileOdd: { score: 0, holds: true },
  turnstileKey: { score: 0, holds: true },
} as const
type Outcome = keyof typeof OUTCOMES

/**
 * What Turnstile says about the sender of a comment. Never throws: where there is no answer, that is the opinion.
 * @param fingerprint of the comment: the same one sent twice is answered alike, another one needs a token of its own
 */
export async function askTurnstile(
  widget: Turnstile,
  token: string,
  fingerprint: string,
  site: Site,
  signal: AbortSignal,
): Promise<Opinion> {
  const outcome = await verify(widget, token, fingerprint, site, signal).catch((error): Outcome => {
    logError('turnstile-not-asked', error)
    return error instanceof ServiceFailure ? `turnstile${error.fault}` : 'turnstileOdd'
  })
  const { score, holds } = OUTCOMES[outcome]
  return { reason: { signal: outcome, score, values: [] }, holds }
}

async function verify(
  widget: Turnstile,
  token: string,
  fingerprint: string,
  site: Site,
  signal: AbortSignal,
): Promise<Outcome> {
  if (token === '') return 'turnstileMissing'
  if (token.length > MAX_TOKEN) return 'turnstileFailed'
  const secret = site.env.TURNSTILE_SECRET
  if (!secret) throw new ServiceFailure('Key', 'TURNSTILE_SECRET is missing')
  // The reader's IP address could go along, and does not.
  const once = await onceFor(token, fingerprint, site)
  const body = new URLSearchParams({ secret, response: token, idempotency_key: once })
  const { text } = await askService(widget.verify, { method: 'POST', body }, signal)
  const answer = v.safeParse(Answer, text)
  if (!answer.success) throw new ServiceFailure('Odd', 'answered something else')
  return outcomeOf(answer.output, site)
}

function outcomeOf({ success, 'error-codes': codes, hostname, action }: Answer, site: Site): Outcome {
  if (success) {
    const hosts = [site.origin, site.requestOrigin].map((origin) => new URL(origin).hostname)
    return action === ACTION && hostname !== undefined && hosts.includes(hostname)
      ? 'turnstilePassed'
      : 'turnstileElsewhere'
  }
  if (codes.includes('timeout-or-duplicate')) return 'turnstileSpent'
  if (codes.some((code) => /^(?:missing|invalid)-input-secret$/.test(code)))
    throw new ServiceFailure('Key', 'TURNSTILE_SECRET is refused')
  if (codes.includes('internal-error')) throw new ServiceFailure('Down', 'has an error of its own')
  if (codes.includes('bad-request')) throw new ServiceFailure('Odd', 'did not understand the question')
  return 'turnstileFailed'
}

/** A UUID by which Turnstile knows that it is asked about the same comment again: a token is good for one alone. */
async function onceFor(token: string, fingerprint: string, site: Site): Promise<string> {
  const hash = await site.keys.hash('turnstile', `${fingerprint} ${token}`)
  const digits = hex((fromBase64url(hash) ?? new Uint8Array(16)).buffer)
  const parts = [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `8${digits.slice(17, 20)}`,
  ]
  return [...parts, digits.slice(20)].join('-')
}
