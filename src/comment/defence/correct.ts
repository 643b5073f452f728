import { logError } from '../../http/log.ts'
import type { Akismet } from '../../site/settings.ts'
import type { Site } from '../../site/site.ts'
import { submit } from './akismet.ts'
import { type ErrorRow, returnError, takeErrors } from './akismet-store.ts'
import { PATIENCE_MS } from './service.ts'

/** A request may ask only so many others; what is beyond stays as Akismet had it. */
const AT_ONCE = 20

/**
 * Tells Akismet, behind the response, what the newsroom has decided otherwise; and once more the other way round when that is
 * taken back. Whatever goes wrong is logged: no decision waits for it or fails because of it.
 */
export async function correctAkismet(ids: readonly number[], site: Site): Promise<void> {
  try {
    const { akismet } = (await site.snapshot()).settings.comments
    if (!akismet) return
    const errors = await takeErrors(site.env.DB, ids, AT_ONCE)
    const signal = AbortSignal.timeout(PATIENCE_MS)
    await Promise.all(errors.map((one) => tell(akismet, one, site, signal)))
  } catch (error) {
    logError('akismet-not-corrected', error)
  }
}

async function tell(akismet: Akismet, row: ErrorRow, site: Site, signal: AbortSignal): Promise<void> {
  const { told, verdict, ...comment } = row
  const guid = verdict.reasons.find(({ signal }) => signal.startsWith('akismet'))?.values[0]
  try {
    await submit(told, akismet, comment, guid === undefined ? null : String(guid), site, signal)
  } catch (error) {
    logError('akismet-not-corrected', error)
    await returnError(site.env.DB, row).run()
  }
}
