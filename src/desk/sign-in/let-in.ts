import { NO_STORE } from '../../http/headers.ts'
import { redirect } from '../../http/page.ts'
import { hashOfAddress, isWithinLimit } from '../../site/limit.ts'
import type { Site } from '../../site/site.ts'
import { insertAudit } from '../audit/audit-store.ts'
import { startSession } from '../session.ts'

/** What all ways in have in common. */

/** Whether somebody may try once more in this minute, from where they are. */
export const mayTry = async (request: Request, site: Site): Promise<boolean> =>
  isWithinLimit(site, 'SIGN_IN_RATE', `sign-in ${await hashOfAddress(request, site)}`)

/**
 * Signs a person in and leads on. Only who showed a passkey may at once do what can't be taken back.
 * @param more what else belongs into the same transaction
 */
export async function letIn(
  person: number,
  by: 'passkey' | 'link' | 'access',
  next: string,
  request: Request,
  site: Site,
  more: readonly D1PreparedStatement[] = [],
): Promise<Response> {
  const { statement, cookie } = await startSession(person, by === 'passkey', request, site)
  const line = { person, action: `sign-in-${by}`, subject: `person/${person}` }
  await site.env.DB.batch([...more, statement, insertAudit(site.env.DB, line, site.timestamp)])
  return redirect(next, 303, { ...NO_STORE, 'set-cookie': cookie })
}
