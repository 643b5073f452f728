import { readBytes } from './body.ts'
import { fromUtf8 } from './bytes.ts'

/** What asking other people's services has in common. */

/** Answers are a few kilobytes at most. */
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
 * Asks a service. Redirects are not followed: what it is told is meant for it alone, and what it says for us.
 * @returns the text and headers of an answer with status 200
 * @throws ServiceFailure for anything else
 */
export async function askService(
  url: string,
  question: { method: 'GET' } | { method: 'POST'; body: URLSearchParams },
  signal: AbortSignal,
): Promise<{ text: string; headers: Headers }> {
  const failed = (message: string) => new ServiceFailure(signal.aborted ? 'Slow' : 'Down', message)
  const headers = { 'user-agent': 'MedienWirtschaft/0.1' }
  const response = await fetch(url, { ...question, headers, redirect: 'manual', signal }).catch(() => {
    throw failed('does not answer')
  })
  if (response.status !== 200) {
    await response.body?.cancel()
    throw failed(`answered ${response.status}`)
  }
  const body = await readBytes(response, MAX_ANSWER_BYTES)
  if (!body.ok) throw failed('broke off, or said too much')
  return { text: fromUtf8(body.value), headers: response.headers }
}
