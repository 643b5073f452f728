import { stemmer as stemEnglish } from '@orama/stemmers/english'
import { stemmer as stemGerman } from '@orama/stemmers/german'

/**
 * Words as the index knows them. What is published and what is searched for go through the same functions, so that
 * „Groesse“, „Größe“ and „grosse“ meet.
 */

export type Language = 'de' | 'en'

/** A word's letters and digits; everything else separates words. */
const WORD = /[\p{L}\p{N}]+(?:['’][\p{L}]+)?/gu

const SHARP = /ß|ẞ/g
/** „ae“, „oe“, „ue“ are umlauts unless the „u“ or „a“ belongs to the sound before: „neue“, „Quelle“. */
const SPELT_OUT = /(?<![aeiouyq])([aou])e/g

/** A word without case, accents and umlauts, however they are spelt: „Außenhandel“ → `aussenhandel`, „Zoelle“ → `zolle`. */
export function fold(word: string): string {
  return word
    .normalize('NFKC')
    .toLowerCase()
    .replace(SHARP, 'ss')
    .replace(/æ/g, 'ae')
    .replace(/œ/g, 'oe')
    .replace(/ø/g, 'o')
    .replace(/ı/g, 'i')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/['’]/g, '')
    .replace(SPELT_OUT, '$1')
}

/** Longest word that is stemmed, in letters: no language has longer ones, but a hostile text may. */
const MAX_WORD = 60

/** A folded word's stem (Snowball, snowballstem.org). */
export function stem(folded: string, language: Language): string {
  if (folded.length > MAX_WORD) return folded.slice(0, MAX_WORD)
  const stemmed = language === 'en' ? stemEnglish(folded) : stemGerman(folded)
  return fold(stemmed) || folded
}

/** Words that are remembered: most of a text are among the same few thousand. */
const REMEMBERED = 20_000

/** Does the same as a function of words, and remembers what it said. */
function remembering(work: (written: string) => string): (written: string) => string {
  const known = new Map<string, string>()
  return (written) => {
    const said = known.get(written)
    if (said !== undefined) return said
    const saying = work(written)
    if (known.size >= REMEMBERED) known.clear()
    if (written.length <= MAX_WORD) known.set(written, saying)
    return saying
  }
}

/** A word as written, folded. */
export const foldWord = remembering(fold)

const stems: Readonly<Record<Language, (written: string) => string>> = {
  de: remembering((written) => stem(foldWord(written), 'de')),
  en: remembering((written) => stem(foldWord(written), 'en')),
}

/** The stem of a word as written. */
export const stemOf = (written: string, language: Language): string => stems[language](written)

/** The words of a text, as written. */
export const wordsOf = (text: string): string[] => text.match(WORD) ?? []

/** The stems of a text in their order, for the index or a phrase. */
export const stemsOf = (text: string, language: Language): string[] =>
  wordsOf(text).map((word) => stemOf(word, language))

/** Words written with hyphens („E-Paper“) as one: `epaper`. */
const joinedOf = (text: string, language: Language): string[] =>
  (text.match(/[\p{L}\p{N}]+(?:[-‑][\p{L}\p{N}]+)+/gu) ?? []).map((word) =>
    stem(fold(word.replace(/[-‑]/g, '')), language),
  )

/** A text as the index holds it; what is joined by hyphens stands at its end once more, so that phrases stay whole. */
export const indexed = (text: string, language: Language): string =>
  [...stemsOf(text, language), ...joinedOf(text, language)].join(' ')

/** Shortest word of the vocabulary: a shorter one is no part of a compound, and nobody mistypes it. */
const MIN_VOCABULARY = 4

/** The longer words of a text, folded, each with the form in which it is written first. */
export function vocabularyOf(text: string): Map<string, string> {
  const words = new Map<string, string>()
  for (const written of wordsOf(text)) {
    const word = foldWord(written)
    if (word.length >= MIN_VOCABULARY && word.length <= MAX_WORD && !/\d/.test(word) && !words.has(word))
      words.set(word, written)
  }
  return words
}
