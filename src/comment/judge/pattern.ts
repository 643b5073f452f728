import { plain } from './words.ts'

/**
 * Words that nobody wants here. A pattern is one word or several; `*` stands for any letters. There is no other syntax, and
 * matching looks at each letter a bounded number of times whatever the text: nothing here backtracks without end.
 */
export interface Patterns {
  /** Patterns without a star, by their first word. */
  readonly literal: ReadonlyMap<string, readonly (readonly string[])[]>
  /** Patterns whose first word has one. */
  readonly wild: readonly (readonly string[])[]
}

/** A pattern's words; a star stays in them. */
const partsOf = (pattern: string): string[] => plain(pattern).match(/[\p{L}\p{N}*]+/gu) ?? []

/** Makes patterns ready to be looked for; those without a letter are left out. */
export function compilePatterns(patterns: readonly string[]): Patterns {
  const literal = new Map<string, (readonly string[])[]>()
  const wild: (readonly string[])[] = []
  for (const parts of patterns.map(partsOf)) {
    const [first] = parts
    if (first === undefined || !parts.some((part) => /[^*]/.test(part))) continue
    if (first.includes('*')) wild.push(parts)
    else literal.set(first, [...(literal.get(first) ?? []), parts])
  }
  return { literal, wild }
}

/** The first pattern that occurs in a text's words, as it was written; null where none does. */
export function findPattern(words: readonly string[], { literal, wild }: Patterns): string | null {
  for (let at = 0; at < words.length; at++) {
    const candidates = [...(literal.get(words[at] ?? '') ?? []), ...wild]
    const found = candidates.find((parts) =>
      parts.every((part, offset) => {
        const word = words[at + offset]
        return word !== undefined && matches(word, part)
      }),
    )
    if (found) return found.join(' ')
  }
  return null
}

/** Longer words are no words; the rest of one says nothing more. */
const MAX_WORD = 100

/**
 * Whether a word fits a pattern with stars. Goes back to the last star only: at worst the product of both lengths, which are
 * bounded (see „Matching wildcards“, Krauss 2008).
 */
export function matches(whole: string, pattern: string): boolean {
  const word = whole.slice(0, MAX_WORD)
  let [at, in_, star, mark] = [0, 0, -1, 0]
  while (at < word.length) {
    if (in_ < pattern.length && pattern[in_] === '*') {
      star = in_++
      mark = at
    } else if (in_ < pattern.length && pattern[in_] === word[at]) {
      at++
      in_++
    } else if (star >= 0) {
      in_ = star + 1
      at = ++mark
    } else return false
  }
  while (pattern[in_] === '*') in_++
  return in_ === pattern.length
}
