import { hash32, hostsOf, wordsOf } from './words.ts'

/**
 * A naive Bayes classifier over hashed features (Graham 2002; Weinberger et al. 2009 for the hashing): in how many good and
 * how many bad comments each occurred. It learns from what moderators decide, one comment at a time, and unlearns what they
 * take back.
 */
export interface Model {
  /** Comments it has learned from. */
  readonly good: number
  readonly bad: number
  /** Per bucket. */
  readonly goodIn: ReadonlyMap<number, number>
  readonly badIn: ReadonlyMap<number, number>
}

export const EMPTY_MODEL: Model = { good: 0, bad: 0, goodIn: new Map(), badIn: new Map() }

/** Buckets that features are hashed into; -1 counts the comments. */
const BUCKETS = 2 ** 15
export const COMMENTS_BUCKET = -1

/** What the classifier looks at. */
export interface Sample {
  name: string
  website: string | null
  text: string
}

/** The buckets of a comment's features, each once: words, pairs of words, hosts, how long it is, how it is written. */
export function featuresOf({ name, website, text }: Sample): number[] {
  const words = wordsOf(text).slice(0, 400)
  const hosts = hostsOf(`${text} ${website ?? ''}`)
  const letters = text.match(/\p{L}/gu)?.length ?? 0
  const shouted = text.match(/\p{Lu}/gu)?.length ?? 0
  const features = [
    ...words.map((word) => `w ${word}`),
    ...words.slice(1).map((word, at) => `p ${words[at]} ${word}`),
    ...wordsOf(name).map((word) => `n ${word}`),
    ...hosts.flatMap((host) => [`h ${host}`, `d ${host.split('.').slice(-2).join('.')}`]),
    `links ${Math.min(3, hosts.length)}`,
    `site ${website === null ? 'no' : 'yes'}`,
    `words ${Math.min(7, Math.floor(Math.log2(words.length + 1)))}`,
    ...(letters > 20 && shouted > letters / 2 ? ['shouted'] : []),
    ...(/[!?]{3,}/.test(text) ? ['marks'] : []),
    ...(/\d[\d.,]*\s?(?:€|\$|%)|[€$]\s?\d/.test(text) ? ['money'] : []),
  ]
  return [...new Set(features.map((feature) => hash32(feature) % BUCKETS))]
}

/** It says nothing before it has seen so many of each. */
const FEWEST = 10
/** A feature that says less than this says nothing: most words are everybody's. */
const FAINTEST = 0.7
const STRONGEST = 2.5
/** The most telling features count; with all of them, length would decide. */
const TELLING = 12

/**
 * How much a comment looks like spam, as the logarithm of odds between -6 and 6; null where the model has seen too little.
 */
export function scoreOf(sample: Sample, model: Model): number | null {
  if (model.good < FEWEST || model.bad < FEWEST) return null
  const weights = featuresOf(sample)
    .map((bucket) => weightOf(bucket, model))
    .filter((weight) => Math.abs(weight) >= FAINTEST)
    .sort((a, b) => Math.abs(b) - Math.abs(a))
    .slice(0, TELLING)
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return Math.max(-6, Math.min(6, sum))
}

/** The logarithm of how much more often a feature is in bad comments than in good ones; one that is rare says little. */
function weightOf(bucket: number, { good, bad, goodIn, badIn }: Model): number {
  const [inGood, inBad] = [goodIn.get(bucket) ?? 0, badIn.get(bucket) ?? 0]
  const weight = Math.log((inBad + 0.5) / (bad + 1)) - Math.log((inGood + 0.5) / (good + 1))
  return Math.max(-STRONGEST, Math.min(STRONGEST, weight)) * Math.min(1, (inGood + inBad) / 4)
}

/** The model after one more comment, or one less; for measurements. What the site learns, it learns in D1. */
export function learn(model: Model, sample: Sample, label: 'good' | 'bad', times = 1): Model {
  const counts = new Map(label === 'good' ? model.goodIn : model.badIn)
  for (const bucket of featuresOf(sample)) counts.set(bucket, (counts.get(bucket) ?? 0) + times)
  return label === 'good'
    ? { ...model, good: model.good + times, goodIn: counts }
    : { ...model, bad: model.bad + times, badIn: counts }
}
