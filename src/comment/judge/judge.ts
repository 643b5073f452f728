import type { Reason } from '../queue-store.ts'
import { EMPTY_MODEL, type Model, type Sample, scoreOf } from './model.ts'
import { compilePatterns, findPattern, type Patterns } from './pattern.ts'
import { hostsOf, wordsOf } from './words.ts'

/** What the newsroom has told the judge: what it blocks, and what it decided before. */
export interface Knowledge {
  words: Patterns
  domains: ReadonlySet<string>
  /** Keyed hashes. */
  emails: ReadonlySet<string>
  connections: ReadonlySet<string>
  /** What the names of the newsroom look like: nobody else takes them. */
  names: ReadonlySet<string>
  model: Model
}

export const KNOWS_NOTHING: Knowledge = {
  words: compilePatterns([]),
  domains: new Set(),
  emails: new Set(),
  connections: new Set(),
  names: new Set(),
  model: EMPTY_MODEL,
}

/** What is known of a comment without asking D1. */
export interface Evidence extends Sample {
  fellIntoHoneypot: boolean
  /** Since the form was made. */
  formSeconds: number
  emailHash: string
  ipHash: string
}

type Signal = (evidence: Evidence, knowledge: Knowledge) => Omit<Reason, 'signal'> | null

const says = (score: number, ...values: (string | number)[]) => ({ score, values })

/** Hosts that only lead on to others, so that nobody sees where to. */
const SHORTENERS = new Set(
  'bit.ly tinyurl.com t.co goo.gl is.gd ow.ly buff.ly cutt.ly rb.gy shorturl.at t.me wa.me'.split(' '),
)

/** The signals in the order in which the desk shows them; each says how much, and why. Positive is for spam. */
export const SIGNALS: Readonly<Record<string, Signal>> = {
  honeypot: ({ fellIntoHoneypot }) => (fellIntoHoneypot ? says(10) : null),
  blockedPerson: ({ emailHash }, { emails }) => (emails.has(emailHash) ? says(10) : null),
  blockedConnection: ({ ipHash }, { connections }) => (connections.has(ipHash) ? says(10) : null),
  blockedDomain: ({ text, website }, { domains }) => {
    const found = hostsOf(`${text} ${website ?? ''}`).find((host) => isWithin(host, domains))
    return found ? says(10, found) : null
  },
  blockedWord: ({ text, name }, { words }) => {
    if (words.literal.size + words.wild.length === 0) return null
    const found = findPattern(wordsOf(`${name}\n${text}`), words)
    return found ? says(10, found) : null
  },
  quick: ({ formSeconds }) => (formSeconds < 8 ? says(1, Math.round(formSeconds)) : null),
  links: ({ text }) => {
    const n = hostsOf(text).length
    return n === 0 ? null : says([0, 0.5, 1.2, 2.2][n] ?? 3.5, n)
  },
  website: ({ website }) => (website === null ? null : says(0.3)),
  shortener: ({ text, website }) => {
    const found = hostsOf(`${text} ${website ?? ''}`).find(
      (host) => SHORTENERS.has(host) || /^[\d.]+$|^\[/.test(host) || host.includes('xn--'),
    )
    return found ? says(1.5, found) : null
  },
  mixedScript: ({ text, name }) => {
    const whole = `${name} ${text}`
    const found = OTHER_LETTERS.test(whole) ? whole.match(/[\p{L}\p{M}]{3,}/gu)?.find(isMixed) : undefined
    return found ? says(2.5, found) : null
  },
  foreignScript: ({ text }) => {
    if (!BEYOND_LATIN.test(text)) return null
    const letters = text.match(/\p{L}/gu)?.length ?? 0
    const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0
    return letters >= 10 && latin < letters * 0.5 ? says(1.5) : null
  },
  shouting: ({ text }) => {
    if (!/[A-ZÄÖÜ]{3}/.test(text)) return null
    const letters = text.match(/\p{L}/gu)?.length ?? 0
    const capitals = text.match(/\p{Lu}/gu)?.length ?? 0
    return letters > 20 && capitals > letters * 0.6 ? says(1) : null
  },
  marks: ({ text }) => (/([!?$€])\1{3,}/.test(text) ? says(0.5) : null),
  learned: (evidence, { model }) => {
    const score = scoreOf(evidence, model)
    return score === null || Math.abs(score) < 0.5 ? null : says(Math.round(score * 10) / 10)
  },
}

/** Most texts have none of these: a look at each letter is only worth it where they do. */
const OTHER_LETTERS = /[\u0370-\u052f\u1c80-\u1c8f\u1f00-\u1fff\u2de0-\u2dff\ua640-\ua69f]/
const BEYOND_LATIN = /[\u0370-\u1dff\u2c80-\udfff\uf900-\uffff]/

/** Letters of Latin and of another script that looks like it in one word: written to deceive programs, not readers. */
const isMixed = (word: string) =>
  /\p{Script=Latin}/u.test(word) && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(word)

const isWithin = (host: string, domains: ReadonlySet<string>): boolean =>
  host.split('.').some((_, at, labels) => domains.has(labels.slice(at).join('.')))

/** What speaks for and against a comment by itself. */
export const weighText = (evidence: Evidence, knowledge: Knowledge): Reason[] =>
  Object.entries(SIGNALS).flatMap(([signal, look]) => {
    const found = look(evidence, knowledge)
    return found ? [{ signal, ...found }] : []
  })

/** What D1 counts while it stores a comment. */
export interface Counts {
  /** Published comments, and spam, of the same address. */
  good: number
  bad: number
  /** Comments from the same connection within an hour. */
  connection: number
  /** Comments elsewhere that are nearly the same. */
  near: number
  /** Whole years since the article was published. */
  years: number
}

/**
 * How much each of what D1 counts weighs, and how many of it count at most. The statement that stores a comment multiplies
 * and adds in the same way, because a verdict that waited for these would cost a second round trip.
 */
export const COUNTED: Readonly<Record<keyof Counts, { weight: number; most: number }>> = {
  good: { weight: -1.2, most: 3 },
  bad: { weight: 2, most: 3 },
  connection: { weight: 0.2, most: 15 },
  // Copies alone are held; with anything else beside them they are spam.
  near: { weight: 1.2, most: 4 },
  years: { weight: 0.5, most: 2 },
}

/** What D1 counted, as reasons. */
export const weighCounts = (counts: Counts): Reason[] =>
  (['good', 'bad', 'connection', 'near', 'years'] as const).flatMap((signal) => {
    const { weight, most } = COUNTED[signal]
    const score = weight * Math.min(counts[signal], most)
    return score === 0 ? [] : [{ signal, score, values: [counts[signal]] }]
  })

/** A stored verdict as the list of its reasons. */
export const reasonsIn = ({
  reasons,
  counts,
}: {
  reasons: Reason[]
  counts?: Counts | undefined
}): Reason[] => [...reasons, ...(counts ? weighCounts(counts) : [])]

export const totalOf = (reasons: readonly Reason[]): number =>
  reasons.reduce((sum, { score }) => sum + score, 0)

/** From which score on a comment is held, and from which on it is spam. */
export interface Thresholds {
  hold: number
  spam: number
}

/** The most that what D1 counts can speak for a comment. */
const BEST_COUNTS = Object.values(COUNTED).reduce(
  (sum, { weight, most }) => sum + Math.min(0, weight * most),
  0,
)

/** Whether a comment is spam whatever D1 is going to count. */
export const isSpamAnyway = (reasons: readonly Reason[], { spam }: Thresholds): boolean =>
  totalOf(reasons) + BEST_COUNTS >= spam

export type Moderation = 'all' | 'returning' | 'none'

/** What becomes of a comment; the statement that stores it decides in the same way. */
export function verdictOf(
  reasons: readonly Reason[],
  isKnown: boolean,
  moderation: Moderation,
  { hold, spam }: Thresholds,
): 'approved' | 'pending' | 'spam' {
  const total = totalOf(reasons)
  if (total >= spam) return 'spam'
  const isWelcome = moderation === 'none' || (moderation === 'returning' && isKnown)
  return isWelcome && total < hold ? 'approved' : 'pending'
}
