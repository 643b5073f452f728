import type { RootContent } from 'hast'
import * as v from 'valibot'
import { proseOf } from './body.ts'

/** A subhead that the table of contents links. */
export const Entry = v.object({ id: v.string(), title: v.string() })
export type Entry = v.InferOutput<typeof Entry>

/** Shorter articles are read, not looked things up in. */
const MIN_WORDS = 600
const MIN_ENTRIES = 3

/** The subheads of a shaped body; none where it is short enough to do without a table of contents. */
export function contentsOf(blocks: readonly RootContent[], words: number): Entry[] {
  const entries = blocks.flatMap((block) => {
    if (block.type !== 'element' || block.tagName !== 'h2') return []
    const title = block.children
      .filter((child) => child.type !== 'element' || child.properties.className?.toString() !== 'anchor')
      .map(proseOf)
      .join('')
    return [{ id: String(block.properties.id), title: title.trim() }]
  })
  return words >= MIN_WORDS && entries.length >= MIN_ENTRIES ? entries : []
}
