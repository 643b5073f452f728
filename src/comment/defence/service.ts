import { readBytes } from '../../http/body.ts'
import { fromUtf8 } from '../../http/bytes.ts'
import type { Reason } from '../queue-store.ts'

/** What the services have in common that help to tell spam. */

/** What a service says about a comment. */
export interface Opinion {
  reason: Reason
  /** Whether somebody of the newsroom has to look, whatever else is known of the comment. */
  holds: boolean
}

/** How long all of them together may take. */
export const PATIENCE_MS = 2000

/** Answers are a few hundred bytes. */
const MAX_ANSWER_BYTES = 16 * 1024

/** Why there is no answer to use: it took too long, there was none, it made no sense, or the site's key is wrong. */
export type Fault = 'Slow' | 'Down' | 'Odd' | 'Key'

/** A service that did not answer as it should: nobody's mistake but the moment's, or that of who set it up (`Key`). */
export class ServiceFailure extends Error {
  override readonly name = 'ServiceFailure'
  readonly fault: Fault

  constructor(fault: Fault, message: string) {
    super(message)
    this.fault = fault
  }
}

/**
 * Sends a form to a service. Redirects are not followed: what it is told is meant for it alone.
 * @returns the text and headers of an answer with status 200
 * @throws ServiceFailure for anything else
 */
export async function post(
  url: string,
  fields: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<{ text: string; headers: Headers }> {
  const failed = (message: string) => new ServiceFailure(signal.aborted ? 'Slow' : 'Down', message)
  const init = { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual', signal } as const
  const response = await fetch(url, { ...init, headers: { 'user-agent': 'MedienWirtschaft/0.1' } }).catch(
    () => {
      throw failed('does not answer')
    },
  )
  if (response.status !== 200) {
    await response.body?.cancel()
    throw failed(`answered ${response.status}`)
  }
  const body = await readBytes(response, MAX_ANSWER_BYTES)
  if (!body.ok) throw failed('broke off, or said too much')
  return { text: fromUtf8(body.value), headers: response.headers }
}
