import fnv1a from '@sindresorhus/fnv1a'

/**
 * What makes two comments one: 64 bits (FNV-1a). What goes into it is stored beside it, and of the address only its keyed
 * hash goes in, so it needs no key of its own.
 */
export const fingerprintOf = (parts: readonly (string | number)[]): string =>
  fnv1a(JSON.stringify(parts), { size: 64 }).toString(36)
