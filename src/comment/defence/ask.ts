import type { Settings } from '../../site/settings.ts'
import type { Site } from '../../site/site.ts'
import { isSpamAnyway } from '../judge/judge.ts'
import type { Judged } from '../store.ts'
import { askAkismet, type Told } from './akismet.ts'
import { type Opinion, PATIENCE_MS } from './service.ts'
import { askTurnstile } from './turnstile.ts'

/** What services are asked about a comment that is about to be stored. */
export interface Question {
  fingerprint: string
  /** Of the Turnstile widget; empty where the form had none. */
  token: string
  told: Told
  /** Whether it was stored before, and its author has changed it. */
  isChanged: boolean
}

/**
 * Whether anybody is asked about a comment at all: only where a service is on, and what the judge found by itself does not
 * make it spam anyway. That is told to nobody.
 */
export const isAsked = ({ comments }: Settings, { reasons, thresholds }: Judged): boolean =>
  (comments.turnstile !== undefined || comments.akismet !== undefined) && !isSpamAnyway(reasons, thresholds)

/** Asks every service that is on, all at the same time. Takes `PATIENCE_MS` at most, and never throws. */
export function askServices(
  { fingerprint, token, told, isChanged }: Question,
  site: Site,
): Promise<Opinion[]> {
  const { turnstile, akismet } = site.settings.comments
  const signal = AbortSignal.timeout(PATIENCE_MS)
  return Promise.all([
    ...(turnstile ? [askTurnstile(turnstile, token, fingerprint, site, signal)] : []),
    ...(akismet ? [askAkismet(akismet, { ...told, isChanged }, site, signal)] : []),
  ])
}

/** What the judge found, and what services say: where one of them wants somebody to look, the comment waits. */
export const withOpinions = (judged: Judged, opinions: readonly Opinion[]): Judged => ({
  ...judged,
  reasons: [...judged.reasons, ...opinions.map(({ reason }) => reason)],
  moderation: opinions.some(({ holds }) => holds) ? 'all' : judged.moderation,
})
