export const DAY_MS = 86_400_000

/** A moment in the form that D1 holds: ISO 8601 in UTC, to the second. Such texts are in order when they are sorted. */
export const timestampOf = (at: Date | number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')
