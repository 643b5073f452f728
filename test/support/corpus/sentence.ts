import type { Chance } from './random.ts'
import {
  COMPANY_KINDS,
  FIRST_NAMES,
  type Gender,
  HEADS,
  LAST_NAMES,
  MODIFIERS,
  type Noun,
  PLACES,
  type Topic,
} from './words.ts'

type Case = 'nominative' | 'accusative' | 'dative'

const ARTICLES: Record<Case, Record<Gender | 'plural', string>> = {
  nominative: { m: 'der', f: 'die', n: 'das', plural: 'die' },
  accusative: { m: 'den', f: 'die', n: 'das', plural: 'die' },
  dative: { m: 'dem', f: 'der', n: 'dem', plural: 'den' },
}

/** After a definite article an adjective ends in -e or -en (weak declension). */
const isShort = (kind: Case, gender: Gender | 'plural') =>
  gender !== 'plural' && (kind === 'nominative' || (kind === 'accusative' && gender !== 'm'))

const capitalise = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** Writes German main clauses about a topic: subject, verb and object agree. */
export class Writer {
  readonly #chance: Chance
  readonly #topic: Topic

  constructor(chance: Chance, topic: Topic) {
    this.#chance = chance
    this.#topic = topic
  }

  noun(): Noun {
    if (this.#chance.next() < 0.55) return this.#chance.zipf(this.#topic.nouns)
    const [singular, gender, plural] = this.#chance.zipf(HEADS)
    const modifier = this.#chance.zipf(MODIFIERS)
    return [modifier + singular, gender, modifier + plural]
  }

  person(): string {
    return `${this.#chance.zipf(FIRST_NAMES)} ${this.#chance.pick(LAST_NAMES)}`
  }

  company(): string {
    return `${this.#chance.pick(LAST_NAMES)} ${this.#chance.pick(COMPANY_KINDS)}`
  }

  place(): string {
    return this.#chance.zipf(PLACES)
  }

  /** „die neue Zeitung“, „den Verlagen“. */
  phrase(kind: Case, isPlural = this.#chance.next() < 0.3): string {
    const [singular, gender, plural] = this.noun()
    const form = isPlural ? 'plural' : gender
    const adjective =
      this.#chance.next() < 0.45 ? ` ${this.adjective()}${isShort(kind, form) ? 'e' : 'en'}` : ''
    const dative = kind === 'dative' && isPlural && !/[ns]$/.test(plural) ? `${plural}n` : plural
    return `${ARTICLES[kind][form]}${adjective} ${isPlural ? dative : singular}`
  }

  /** The stem of an adjective before its ending: „teuer“ loses its e. */
  adjective(): string {
    return this.#chance.zipf(this.#topic.adjectives).replace(/teuer$/, 'teur')
  }

  /** Subject and verb, in the order of a main clause or with the verb first. */
  #clause(isInverted: boolean): string {
    const isPlural = this.#chance.next() < 0.3
    const subject = this.phrase('nominative', isPlural)
    const verb = this.#chance.zipf(this.#topic.verbs)[isPlural ? 1 : 0]
    return isInverted
      ? `${verb} ${subject} ${this.phrase('accusative')}`
      : `${subject} ${verb} ${this.phrase('accusative')}`
  }

  sentence(): string {
    const number = this.#chance.between(2, 98)
    const year = this.#chance.between(2009, 2026)
    const forms: (() => string)[] = [
      () => `${this.#clause(false)}.`,
      () => `In ${this.place()} ${this.#clause(true)}.`,
      () => `Seit ${year} ${this.#clause(true)}, und zwar mit ${this.phrase('dative')}.`,
      () => `„${capitalise(this.#clause(false))}“, sagt ${this.person()} von ${this.company()}.`,
      () =>
        `Um ${number} Prozent wächst ${this.phrase('nominative', false)} gegenüber ${this.phrase('dative')}.`,
      () => `Nach ${this.phrase('dative')} ${this.#clause(true)}.`,
      () =>
        `${this.#clause(false)}, weil ${this.phrase('nominative', false)} ${this.phrase('accusative')} nicht mehr braucht.`,
      () =>
        `${this.person()} aus ${this.place()} kennt ${this.phrase('accusative')} seit ${this.#chance.between(2, 30)} Jahren.`,
      () => `Für ${this.company()} bedeutet das ${number} Millionen Euro im Jahr ${year}.`,
    ]
    return capitalise(this.#chance.zipf(forms)())
  }

  paragraph(words: number): string {
    const sentences: string[] = []
    for (let left = words; left > 0; ) {
      const sentence = this.sentence()
      sentences.push(sentence)
      left -= sentence.split(' ').length
    }
    return sentences.join(' ')
  }

  headline(): string {
    const forms: (() => string)[] = [
      () => this.#clause(false),
      () => `${this.place()}: ${capitalise(this.#clause(false))}`,
      () => `Wie ${this.company()} ${this.phrase('accusative')} verändert`,
      () => `${this.person()}: „${capitalise(this.#clause(false))}“`,
      () => `Was ${this.phrase('nominative', false)} mit ${this.phrase('dative')} zu tun hat`,
    ]
    return capitalise(this.#chance.zipf(forms)())
  }
}
