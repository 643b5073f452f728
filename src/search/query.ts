import { fold, type Language, stem, stemsOf, wordsOf } from './terms.ts'

/** What a reader searches for. */
export interface Query {
  /** Each of them has to be found. */
  wanted: Term[]
  /** None of them may be found. */
  unwanted: Term[]
}

export type Term =
  /** A word, folded, with its stems in the languages of the site. */
  | { kind: 'word'; word: string; stems: string[] }
  /** The beginning of a word, folded. */
  | { kind: 'prefix'; word: string; stems: string[] }
  /** Words in a row: their stems, for each language. */
  | { kind: 'phrase'; phrases: string[][] }

/** Characters of a query that are looked at, and terms in it; what is beyond is left out. */
export const MAX_QUERY = 200
const MAX_TERMS = 12

const LANGUAGES: readonly Language[] = ['de', 'en']

/** A query as typed, without what nobody types on purpose. */
export const cleanQuery = (typed: string): string =>
  [
    ...typed
      .normalize('NFC')
      .replace(/[\p{C}\s]+/gu, ' ')
      .trim(),
  ]
    .slice(0, MAX_QUERY)
    .join('')
    .trim()

/**
 * Reads a query: words, `"phrases"`, `prefix*` and `-without`. There is no wrong query: quotation marks that are not
 * closed reach to the end, and every other sign only separates words.
 */
export function parseQuery(typed: string): Query {
  const query: Query = { wanted: [], unwanted: [] }
  const parts = cleanQuery(typed).matchAll(
    /(?<=^|\s)(-?)["„“”»«]([^"„“”»«]*)["“”»«]?|(?<=^|\s)(-?)(\S+)|(\S+)/gu,
  )
  for (const [, notPhrase, phrase, notWord, word, rest] of parts) {
    if (query.wanted.length + query.unwanted.length >= MAX_TERMS) break
    const terms = phrase === undefined ? wordTerms(word ?? rest ?? '') : phraseTerms(phrase)
    const into = notPhrase || notWord ? query.unwanted : query.wanted
    into.push(...terms)
  }
  query.wanted.splice(MAX_TERMS)
  return query
}

function wordTerms(typed: string): Term[] {
  const words = wordsOf(typed)
  // „E-Paper“ is words in a row, or one word where somebody writes it so.
  if (words.length > 1) return phraseTerms(typed)
  return words.map((written) => {
    const word = fold(written)
    const stems = stemsOfWord(word)
    return /\p{L}\*+$/u.test(typed) ? { kind: 'prefix', word, stems } : { kind: 'word', word, stems }
  })
}

function phraseTerms(typed: string): Term[] {
  const phrases = LANGUAGES.map((language) => stemsOf(typed, language)).filter((stems) => stems.length > 0)
  const [first] = phrases
  if (!first) return []
  if (first.length > 1) return [{ kind: 'phrase', phrases: unique(phrases) }]
  const [written = ''] = wordsOf(typed)
  return [{ kind: 'word', word: fold(written), stems: stemsOfWord(fold(written)) }]
}

const stemsOfWord = (word: string) => [...new Set(LANGUAGES.map((language) => stem(word, language)))]

const unique = (phrases: string[][]) => [...new Map(phrases.map((one) => [one.join(' '), one])).values()]

/** A query in the language of FTS5 (sqlite.org/fts5.html §3); every word of it quoted. */
export interface Match {
  /** Articles with every word as it was asked for. */
  exact: string
  /** Articles with every word in headline, standfirst or among the names. */
  head: string
  /** The same, or with compounds that contain it. */
  wide: string
}

/**
 * Says a query to FTS5.
 * @param compounds stems of compounds that contain a word, by the word
 * @param operator whether every word has to be found, or any
 */
export function toMatch(
  query: Query,
  compounds: ReadonlyMap<string, string[]>,
  operator: 'AND' | 'OR',
): Match {
  const say = (terms: readonly Term[], isWide: boolean) =>
    terms.map((term) => `(${alternatives(term, isWide ? compounds : new Map()).join(' OR ')})`)
  const unwanted = say(query.unwanted, false)
  const whole = (isWide: boolean, columns = '') => {
    const wanted = `${columns}(${say(query.wanted, isWide).join(` ${operator} `)})`
    return unwanted.length > 0 ? `(${wanted}) NOT (${unwanted.join(' OR ')})` : wanted
  }
  return { exact: whole(false), head: whole(false, '{title standfirst names} : '), wide: whole(true) }
}

function alternatives(term: Term, compounds: ReadonlyMap<string, string[]>): string[] {
  if (term.kind === 'phrase') {
    const joined = term.phrases.map((stems) => quote(stems.join('')))
    return [...term.phrases.map((stems) => quote(stems.join(' '))), ...joined]
  }
  const words = [...new Set([...term.stems, ...(compounds.get(term.word) ?? [])])].map(quote)
  return term.kind === 'prefix' ? [`${quote(term.word)} *`, ...words] : words
}

/** A string of FTS5: nothing in it means anything but itself. */
const quote = (text: string) => `"${text.replaceAll('"', '""')}"`
