import type { PlacementRules } from '../ad/policy.ts'

/** A top-level block of an article's body, as far as the placement of ads cares. */
export interface Block {
  kind: 'paragraph' | 'heading' | 'marker' | 'other'
  words: number
}

/**
 * Where ads may stand: for each slot the index of the block it stands before, the default slot first.
 * An index equal to `blocks.length` is the slot after the body.
 *
 * An author's marker wins over every rule. Otherwise the rules of DESIGN §3 hold: a slot lies between
 * a paragraph and a paragraph or heading, with enough text before, after and between.
 */
export function placeAds(blocks: readonly Block[], rules: PlacementRules): number[] {
  const markers = blocks.flatMap((block, index) => (block.kind === 'marker' ? [index] : []))
  if (markers.length > 0) return markers
  const spaced = spread(opportunities(blocks, rules), blocks, rules).slice(0, rules.most)
  return spaced.length > 0 ? spaced : [blocks.length]
}

/** Every gap that keeps the rules, whether or not it is too near to another. */
function opportunities(blocks: readonly Block[], rules: PlacementRules): number[] {
  const least = Math.max(rules.minParagraphsBefore, rules.preferredParagraph)
  const sums = runningSums(blocks)
  return blocks.flatMap((block, index) => {
    const before = between(sums, 0, index)
    const after = between(sums, index, blocks.length)
    const fits =
      blocks[index - 1]?.kind === 'paragraph' &&
      (block.kind === 'paragraph' || block.kind === 'heading') &&
      before.paragraphs >= least &&
      before.words >= rules.minWordsBefore &&
      after.paragraphs >= rules.minParagraphsAfter &&
      after.words >= rules.minWordsAfter
    return fits ? [index] : []
  })
}

function spread(gaps: readonly number[], blocks: readonly Block[], rules: PlacementRules): number[] {
  const sums = runningSums(blocks)
  const chosen: number[] = []
  for (const gap of gaps) {
    const last = chosen.at(-1)
    if (last === undefined || between(sums, last, gap).words >= rules.minWordsBetween) chosen.push(gap)
  }
  return chosen
}

interface Sum {
  paragraphs: number
  words: number
}
const NOTHING: Sum = { paragraphs: 0, words: 0 }

/** What stands before each block, and, last, in all of them. */
function runningSums(blocks: readonly Block[]): Sum[] {
  const sums = [NOTHING]
  for (const { kind, words } of blocks) {
    const before = sums.at(-1) ?? NOTHING
    sums.push({
      paragraphs: before.paragraphs + (kind === 'paragraph' ? 1 : 0),
      words: before.words + words,
    })
  }
  return sums
}

function between(sums: readonly Sum[], start: number, end: number): Sum {
  const { [start]: before = NOTHING, [end]: until = NOTHING } = sums
  return { paragraphs: until.paragraphs - before.paragraphs, words: until.words - before.words }
}
