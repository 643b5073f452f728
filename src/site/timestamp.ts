export const DAY_MS = 86_400_000

/** A moment in the form that D1 holds: ISO 8601 in UTC, to the second. Such texts are in order when they are sorted. */
export const timestampOf = (at: Date | number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')

/** The day so many days after one of the calendar, `2026-05-04`; before it where there are fewer than none. */
export const dayAfter = (day: string, count = 1): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10)
