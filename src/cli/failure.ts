/** What a command tells the shell: fine, failed, or wrongly called. */
export type ExitCode = 0 | 1 | 2

/** Something a person can mend; its message is one line in their language. */
export class Failure extends Error {
  override readonly name = 'Failure'
}

/** A command called with arguments that make no sense; its message is one line in the person's language. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse'
}

/** Why an operation of the system failed: `ENOENT`; empty when the system does not say. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return ''
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.cause === undefined ? '' : errorCode(error.cause)
}
