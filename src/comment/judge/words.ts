/** A text's words as the judge compares them: lower case, without accents, compatibility forms made plain. */
export const wordsOf = (text: string): string[] => plain(text).match(/[\p{L}\p{N}]+(?:['’][\p{L}]+)*/gu) ?? []

export const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

/** Hosts of the addresses in a text, with or without a scheme in front. */
export const hostsOf = (text: string): string[] => (text.includes('://') ? hostsIn(text) : [])

const hostsIn = (text: string): string[] =>
  [...text.matchAll(/https?:\/\/([^\s/?#<>"']{1,253})/giu)].map(([, host = '']) =>
    host.toLowerCase().replace(/:\d+$/, ''),
  )

/** 32 bits of a text (FNV-1a); fast, and nobody gains by finding two with the same. */
export function hash32(text: string, seed = 0x811c9dc5): number {
  let hash = seed
  for (let n = 0; n < text.length; n++) {
    hash ^= text.charCodeAt(n)
    hash = Math.imul(hash, 0x01000193)
  }
  // A last stir: FNV leaves the low bits of short texts alike.
  hash ^= hash >>> 15
  hash = Math.imul(hash, 0x2c1b3c6d)
  return (hash ^ (hash >>> 13)) >>> 0
}
