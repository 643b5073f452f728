/** The characters that the site's headline face has: `make-fonts.ts` cuts it to them, social pictures are drawn with it. */

const characters = (first: number, last: number): string =>
  Array.from({ length: last - first + 1 }, (_, index) => String.fromCodePoint(first + index)).join('')

/** What German and English are written with. */
export const LATIN = `${characters(0x20, 0x7e)}${characters(0xa0, 0xff)}Œœ–—‘’‚“”„†•…‰‹›€™−\u00ad\u2009\u2011\u202f`

/** What names of neighbours are written with; a page that has none of it does not load the file. */
export const EXTENDED = `${characters(0x100, 0x17f)}ȘșȚțẞ`

const known = new Set(`${LATIN}${EXTENDED}`)

/** The text with only what the face has; null when a letter or digit would be missing, and so the word. */
export function drawable(text: string): string | null {
  const composed = [...text.normalize('NFC')]
  if (composed.some((one) => /[\p{L}\p{N}]/u.test(one) && !known.has(one))) return null
  return composed
    .filter((one) => known.has(one))
    .join('')
    .replace(/\s+/g, ' ')
    .trim()
}
