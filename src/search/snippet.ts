import { isCompoundOf } from './compound.ts'
import type { Query } from './query.ts'
import { foldWord, type Language, stemOf } from './terms.ts'

/** A piece of text, and whether it is what was searched for. */
export interface Piece {
  text: string
  isHit: boolean
}

/** Says whether a word as written is one that was searched for. */
export type Hit = (written: string) => boolean

/** Words shown around what was found, about. */
const WINDOW = 34

/** Recognises the words of a query in a text. A word is judged once, however often it stands there. */
export function hitsOf({ wanted }: Query, language: Language): Hit {
  const stems = new Set<string>()
  const parts: string[] = []
  const prefixes: string[] = []
  for (const term of wanted) {
    for (const one of term.kind === 'phrase' ? term.phrases.flat() : term.stems) stems.add(one)
    if (term.kind === 'prefix') prefixes.push(term.word)
    if (term.kind === 'word') parts.push(...new Set([term.word, ...term.stems]))
  }
  const isLonger = (written: string) => {
    const word = foldWord(written)
    return (
      prefixes.some((prefix) => word.startsWith(prefix)) || parts.some((part) => isCompoundOf(word, part))
    )
  }
  const known = new Map<string, boolean>()
  return (written) => {
    const judged = known.get(written)
    if (judged !== undefined) return judged
    const isHit = stems.has(stemOf(written, language)) || isLonger(written)
    known.set(written, isHit)
    return isHit
  }
}

/** Cuts a text at its words. */
export function markHits(text: string, isHit: Hit): Piece[] {
  const pieces: Piece[] = []
  for (const [part = ''] of text.matchAll(/[\p{L}\p{N}]+(?:['’][\p{L}]+)?|[^\p{L}\p{N}]+/gu)) {
    const hit = /^[\p{L}\p{N}]/u.test(part) && isHit(part)
    const last = pieces.at(-1)
    if (last && last.isHit === hit) last.text += part
    else pieces.push({ text: part, isHit: hit })
  }
  return pieces
}

const isWord = /^\p{L}+$/u
const hasHit = (text: string, isHit: Hit) => (text.match(/[\p{L}\p{N}]+/gu) ?? []).some(isHit)

/** The end of a line that ends like no sentence: a subhead, a caption, an item of a list. */
const HEADING_END = /(?<=[\p{L}\p{N})“”"]) *\n+/gu

/** The part of a text in which most of what was searched for stands close together; its beginning where nothing does. */
export function excerpt(text: string, isHit: Hit): Piece[] {
  const words = [...text.matchAll(/\S+/g)]
  if (words.length === 0) return []
  const points = words.map(({ 0: word }) => Number(isWord.test(word) ? isHit(word) : hasHit(word, isHit)))
  let best = 0
  let sum = points.slice(0, WINDOW).reduce((total, one) => total + one, 0)
  let most = sum
  for (let at = 1; at + WINDOW <= words.length; at++) {
    sum += (points[at + WINDOW - 1] ?? 0) - (points[at - 1] ?? 0)
    if (sum > most) [most, best] = [sum, at]
  }
  // The first hit should not be the first word: some of what leads to it helps to read it.
  const first = points.indexOf(1, best)
  const start = most === 0 ? 0 : Math.max(0, Math.min(first < 0 ? best : first - 6, words.length - WINDOW))
  const end = Math.min(words.length, start + WINDOW)
  const last = words[end - 1]
  const shown = text.slice(words[start]?.index ?? 0, (last?.index ?? 0) + (last?.[0].length ?? 0))
  return [
    ...(start > 0 ? [{ text: '… ', isHit: false }] : []),
    ...markHits(shown.replace(HEADING_END, ' · ').replace(/\s+/g, ' '), isHit),
    ...(end < words.length ? [{ text: ' …', isHit: false }] : []),
  ]
}
