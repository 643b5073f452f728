/**
 * Which words contain another one as a part: „Handel“ is in „Außenhandelsbilanz“, but not in „verhandeln“, and „Rat“
 * not in „Kurator“. German has no mark between the parts; what stands around a part has to look like a word itself.
 */

/** Shortest word that is looked for inside of others. */
export const MIN_PART = 4

/** Beginnings that change a verb instead of being a word before it. */
const PREFIXES = new Set([
  ...['be', 'emp', 'ent', 'er', 'ge', 'miss', 'ver', 'zer', 'un', 'ur', 're', 'de', 'ab', 'an', 'auf', 'aus'],
  ...['bei', 'ein', 'vor', 'zu', 'um', 'unver', 'unbe', 'verge', 'mitver'],
])

/** Endings of a word, and what German puts between the parts of a compound. */
const ENDING = /^(?:e|en|er|es|em|ern|s|n|ens|ung|ungs|in|innen|lich|isch|bar|t|te|ten|d)?$/

/** Whether a folded word is a compound with a folded part in it. */
export function isCompoundOf(word: string, part: string): boolean {
  if (part.length < MIN_PART || word.length < part.length + 3) return false
  for (let at = word.indexOf(part); at >= 0; at = word.indexOf(part, at + 1)) {
    const before = word.slice(0, at)
    const after = word.slice(at + part.length)
    if (isWordLike(before) && isRest(after)) return true
  }
  return false
}

const isWordLike = (before: string) =>
  before === '' || (before.length >= 3 && /[aeiouy]/.test(before) && !PREFIXES.has(before))

const isRest = (after: string) => ENDING.test(after) || (after.length >= 4 && /[aeiouy]/.test(after))
