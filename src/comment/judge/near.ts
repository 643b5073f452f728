import { hash32, wordsOf } from './words.ts'

/** Words of a run, and how many a text needs at least: short answers are alike without being copies. */
const RUN = 4
const FEWEST = 10

/**
 * A number by which near-duplicates find each other: the smallest hash over all runs of four words (MinHash, Broder 1997).
 * Two texts have the same with the probability of the share of runs that they have in common: copies always, a text of
 * forty words of which the last was changed with 0.95, and texts without a common run never. Null for short texts.
 */
export function nearOf(text: string): number | null {
  const words = wordsOf(text)
  if (words.length < FEWEST) return null
  return Math.min(...words.slice(RUN - 1).map((_, at) => hash32(words.slice(at, at + RUN).join(' '))))
}
