import type { Placement } from '../ad/placements.ts'
import { markSafe, type SafeHtml } from '../view/html.ts'

/**
 * Stands in a page's HTML where an ad may go. No content can hold it: text is escaped, and the sanitiser
 * gives an author neither this element nor a class.
 */
export const slotMarker = (placement: Placement): SafeHtml =>
  markSafe(`<aside class="ad-slot ${placement}"></aside>`)

const MARKER = /<aside class="ad-slot ([a-z-]+)"><\/aside>/

/** Whether a page has a place for an ad. */
export const hasSlots = (html: string): boolean => MARKER.test(html)

/** Cuts a page at its slots: always one piece more than slots. */
export function cutAtSlots(html: string): { pieces: string[]; slots: string[] } {
  const parts = html.split(MARKER)
  return {
    pieces: parts.filter((_, index) => index % 2 === 0),
    slots: parts.filter((_, index) => index % 2 === 1),
  }
}
