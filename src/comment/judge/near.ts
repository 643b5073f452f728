import { hash32, wordsOf } from './words.ts'

/** Words of a run, and how many a text needs at least: short answers are alike without being copies. */
const RUN = 4
const FEWEST = 10
const SEEDS = [0x811c9dc5, 0x9747b28c] as const

/**
 * Two numbers by which near-duplicates find each other: the smallest hash over all runs of four words, by two measures
 * (MinHash, Broder 1997). Texts that share 80 % of their runs share at least one of the two with probability 0.96, those
 * that share 20 % with 0.36 and none with 0; null for short texts.
 */
export function nearOf(text: string): readonly [number, number] | null {
  const words = wordsOf(text)
  if (words.length < FEWEST) return null
  const runs = words.slice(RUN - 1).map((_, at) => words.slice(at, at + RUN).join(' '))
  const [one, other] = SEEDS.map((seed) => Math.min(...runs.map((run) => hash32(run, seed))))
  return [one ?? 0, other ?? 0]
}
