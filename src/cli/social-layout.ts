import german from 'hyphen/de/index.js'
import english from 'hyphen/en-gb/index.js'

/** A headline set in lines. */
export interface Setting {
  /** Height of the letters' body, in pixels. */
  size: number
  lines: string[]
}

/** Room for a headline, in pixels. */
export interface Room {
  width: number
  height: number
}

/** How wide a text is, in em. */
export type Measure = (text: string) => number

export const LINE_HEIGHT = 1.1
const LARGEST = 104
const SMALLEST = 30
const STEP = 2

const HYPHENATE = { de: german.hyphenateSync, en: english.hyphenateSync }
const SOFT = '\u00ad'

/**
 * Sets a headline as large as the room allows, never clipped: words too long for a line are divided where the
 * language divides them, and where it says nothing, anywhere. The lines are about equally long.
 */
export function setHeadline(headline: string, language: 'de' | 'en', room: Room, measure: Measure): Setting {
  let size = LARGEST
  while (size > SMALLEST && !fits(wrap(headline, language, room.width / size, measure), size, room, measure))
    size -= STEP
  return { size, lines: balanced(headline, language, room.width / size, measure) }
}

const fits = (lines: readonly string[], size: number, { width, height }: Room, measure: Measure) =>
  lines.length * size * LINE_HEIGHT <= height && lines.every((line) => measure(line) * size <= width)

/** Lines no longer than they need be for their number: the last is not a single word. */
function balanced(headline: string, language: 'de' | 'en', width: number, measure: Measure): string[] {
  const lines = wrap(headline, language, width, measure)
  let best = lines
  for (let narrower = width * 0.97; narrower > width / 2; narrower *= 0.97) {
    const tried = wrap(headline, language, narrower, measure)
    const isWorse =
      tried.length > lines.length || tried.filter(isDivided).length > lines.filter(isDivided).length
    if (isWorse) break
    best = tried
  }
  return best
}

const isDivided = (line: string) => line.endsWith('-')

/** Fills lines word by word, in em. */
function wrap(headline: string, language: 'de' | 'en', width: number, measure: Measure): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of headline.split(' ')) {
    const longer = line ? `${line} ${word}` : word
    if (measure(longer) <= width) {
      line = longer
      continue
    }
    if (line) lines.push(line)
    const parts = measure(word) <= width ? [word] : divide(word, language, width, measure)
    lines.push(...parts.slice(0, -1))
    line = parts.at(-1) ?? ''
  }
  return line ? [...lines, line] : lines
}

/** Divides a word that is longer than a line. */
function divide(word: string, language: 'de' | 'en', width: number, measure: Measure): string[] {
  const syllables = HYPHENATE[language](word, { hyphenChar: SOFT, minWordLength: 6 }).split(SOFT)
  const pieces = syllables.flatMap((one) => (measure(`${one}-`) <= width ? [one] : [...one]))
  const parts: string[] = []
  let part = ''
  for (const piece of pieces) {
    if (part && measure(`${part}${piece}-`) > width) {
      parts.push(part.endsWith('-') ? part : `${part}-`)
      part = ''
    }
    part += piece
  }
  return [...parts, part]
}
