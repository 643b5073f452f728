/** What a report may say about rates of clicks, and from when on. */

/** Of one creative, both counted clean. */
export interface Counts {
  readonly views: number
  readonly clicks: number
}

/** A share with the bounds between which the true one lies, 19 times of 20. */
export interface Rate {
  readonly rate: number
  readonly low: number
  readonly high: number
}

/** What can be said of several creatives. `best` is an index; the chances to be the best add up to 1. */
export interface Comparison {
  readonly verdict: 'too-early' | 'no-difference-yet' | 'better'
  readonly best: number | null
  readonly chances: readonly number[]
  /** What is lost of the rate, as a share of it, by staying with the best if another is better after all. */
  readonly expectedLoss: number
}

/** Before each creative has so many views, and all together so many clicks, nothing is said. */
export const LEAST_VIEWS = 1000
export const LEAST_CLICKS = 30
/**
 * How likely the best must be. A seller looks every day, and the first day that names one ends it: of two equal
 * creatives, looked at daily for 90 days, half had a winner by 95 % at some time, 16 % by 99 %, 5 % by 99.8 % and fewer
 * than 3 % by this (test/advertising/statistics.unit.test.ts).
 */
const CERTAIN = 0.999
const LOSS = 0.005

/** 97.5 % of the normal distribution lie below. */
const Z = 1.959963984540054

/**
 * The share of views that were clicked, with its 95 % interval (E. B. Wilson, Journal of the American Statistical
 * Association 22, 1927), which holds for few clicks and for none, too.
 * @returns null where there were no views, or more clicks than views: readers whose browsers load no counting pictures
 */
export function rateWithInterval(clicks: number, views: number): Rate | null {
  if (!(views >= 1 && clicks >= 0 && clicks <= views) || !Number.isFinite(views)) return null
  const rate = clicks / views
  const scale = 1 + Z ** 2 / views
  const middle = (rate + Z ** 2 / (2 * views)) / scale
  const reach = (Z / scale) * Math.sqrt((rate * (1 - rate)) / views + Z ** 2 / (4 * views ** 2))
  return {
    rate,
    low: clicks === 0 ? 0 : Math.max(0, Math.min(rate, middle - reach)),
    high: clicks === views ? 1 : Math.min(1, Math.max(rate, middle + reach)),
  }
}

/**
 * Which of several creatives is clicked more, by what was counted alone: each one's rate is distributed as
 * Beta(1 + clicks, 1 + views − clicks), every rate being equally likely beforehand.
 * @param creatives one or more
 */
export function compare(creatives: readonly Counts[]): Comparison {
  const counts = creatives.map(clean)
  const { chances, losses } = posterior(counts)
  const best = chances.indexOf(Math.max(...chances))
  const expectedLoss = losses[best] ?? 0
  const clicks = counts.reduce((sum, one) => sum + one.clicks, 0)
  const isEnough =
    counts.length > 1 && clicks >= LEAST_CLICKS && counts.every(({ views }) => views >= LEAST_VIEWS)
  if (!isEnough) return { verdict: 'too-early', best: null, chances, expectedLoss }
  const isBetter = (chances[best] ?? 0) >= CERTAIN && expectedLoss <= LOSS
  return {
    verdict: isBetter ? 'better' : 'no-difference-yet',
    best: isBetter ? best : null,
    chances,
    expectedLoss,
  }
}

/**
 * The chances to be the best, ∫ fᵢ ∏ Fⱼ, and what staying with each is expected to lose, (E[best] − E[i]) / E[i], added
 * up over points that lie densely where any of the densities is something: a creative with a thousand views is compared
 * with one that has a million as well as with its like.
 */
function posterior(counts: readonly Counts[]): { chances: number[]; losses: number[] } {
  const angles = anglesOf(counts)
  const below = counts.map((one) => distributionOf(one, angles))
  const chances = below.map((own, index) => {
    const others = productOf(
      below.filter((_, other) => other !== index),
      angles.length,
    )
    return sumOver(own, (n) => ((others[n] ?? 1) + (others[n - 1] ?? 1)) / 2)
  })
  const middle = (n: number) => (rateAt(angles[n]) + rateAt(angles[n - 1])) / 2
  const best = sumOver(productOf(below, angles.length), middle)
  const total = chances.reduce((sum, chance) => sum + chance, 0)
  return {
    chances: chances.map((chance) => chance / total),
    losses: below.map((own) => {
      const mean = sumOver(own, middle)
      return Math.max(0, best - mean) / mean
    }),
  }
}

/**
 * A rate is looked at as an angle, rate = sin² angle: as wide a distribution for rare clicks as for frequent ones
 * (M. S. Bartlett, Supplement to the Journal of the Royal Statistical Society 3, 1936).
 */
const rateAt = (angle = 0) => Math.sin(angle) ** 2

const POINTS = 512
/** How many deviations on both sides are looked at. */
const REACH = 8

/** In order. */
function anglesOf(counts: readonly Counts[]): Float64Array {
  const angles = counts.flatMap((one) => {
    const reach = REACH * (0.5 / Math.sqrt(one.views + 1))
    const from = Math.max(0, likeliestOf(one) - reach)
    const to = Math.min(Math.PI / 2, likeliestOf(one) + reach)
    return Array.from({ length: POINTS + 1 }, (_, n) => from + ((to - from) * n) / POINTS)
  })
  return Float64Array.from(angles).sort()
}

const likeliestOf = ({ views, clicks }: Counts) => Math.asin(Math.sqrt((clicks + 0.5) / (views + 1)))

/** How likely the rate is below that of each angle. Made to end at 1, it needs no gamma function. */
function distributionOf(one: Counts, angles: Float64Array): Float64Array {
  const top = logDensity(one, likeliestOf(one))
  const densities = angles.map((angle) => Math.exp(logDensity(one, angle) - top))
  const below = new Float64Array(angles.length)
  for (let n = 1; n < angles.length; n++) {
    const width = (angles[n] ?? 0) - (angles[n - 1] ?? 0)
    below[n] = (below[n - 1] ?? 0) + (((densities[n] ?? 0) + (densities[n - 1] ?? 0)) / 2) * width
  }
  const whole = below.at(-1) ?? 1
  return below.map((share) => share / whole)
}

/** Of an angle, so far as it depends on it: sin^(2a−1) cos^(2b−1) where the rate has Beta(a, b). */
const logDensity = ({ views, clicks }: Counts, angle: number) =>
  (2 * clicks + 1) * Math.log(Math.sin(angle)) + (2 * (views - clicks) + 1) * Math.log(Math.cos(angle))

function productOf(distributions: readonly Float64Array[], length: number): Float64Array {
  const product = new Float64Array(length).fill(1)
  for (const one of distributions)
    for (let n = 0; n < length; n++) product[n] = (product[n] ?? 1) * (one[n] ?? 1)
  return product
}

/** The mean of something by a distribution. */
function sumOver(distribution: Float64Array, of: (n: number) => number): number {
  let sum = 0
  for (let n = 1; n < distribution.length; n++)
    sum += ((distribution[n] ?? 0) - (distribution[n - 1] ?? 0)) * of(n)
  return sum
}

/** Whatever comes in as counts: no fewer than none, and no more clicks than views. */
function clean({ views, clicks }: Counts): Counts {
  const count = (value: number) =>
    Number.isFinite(value) && value >= 1 ? Math.min(1e12, Math.floor(value)) : 0
  return { views: count(views), clicks: Math.min(count(views), count(clicks)) }
}
