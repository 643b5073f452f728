/** The words that go with a number: „Kommentar“ with one, „Kommentare“ with any other. */
export interface Forms {
  one: string
  other: string
}

/** How a language counts, by its own rules (Unicode CLDR) and with its own figures. */
export interface Counting {
  /** „1 Kommentar“, „1.234 Kommentare“. */
  count: (n: number, forms: Forms) => string
  /** „1.234“. */
  figure: (n: number) => string
  /** The words alone. */
  choose: (n: number, forms: Forms) => string
}

export function countingIn(locale: 'de-DE' | 'en-GB'): Counting {
  const rules = new Intl.PluralRules(locale)
  const numbers = new Intl.NumberFormat(locale)
  const figure = (n: number) => numbers.format(n)
  const choose = (n: number, { one, other }: Forms) => (rules.select(n) === 'one' ? one : other)
  return { count: (n, forms) => `${figure(n)} ${choose(n, forms)}`, figure, choose }
}
