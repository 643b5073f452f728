/**
 * Writes one line of JSON for the person who runs the site. Nothing personal goes in here: no addresses,
 * no names, no texts, no query strings.
 */
export function log(event: string, fields: Record<string, string | number | boolean> = {}): void {
  console.log(JSON.stringify({ event, ...fields }))
}

/** Logs a failure by its kind; the message of an exception never holds what a reader typed. */
export function logError(event: string, error: unknown, fields: Record<string, string | number> = {}): void {
  const reason = error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 300) : 'unknown'
  console.error(JSON.stringify({ event, reason, ...fields }))
}
