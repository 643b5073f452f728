/** What was counted of something that is shown and clicked. Views are those that were loaded. */
export interface Clicked {
  readonly views: number
  readonly clicks: number
}

/** A share of views that were clicked, and between which bounds the true one lies, 19 times of 20. */
export interface Rate {
  readonly rate: number
  readonly low: number
  readonly high: number
}

/** The 97.5 % point of the normal distribution: 95 % lie within as many deviations on both sides. */
const Z = 1.959963984540054

/**
 * The click rate with its 95 % interval (E. B. Wilson, Journal of the American Statistical Association 22, 1927): right
 * for few clicks and for none, too, where the usual ± says that nothing is certain to be nothing.
 * @returns null where nothing was viewed
 */
export function rateWithInterval(clicks: number, views: number): Rate | null {
  const { views: n, clicks: k } = sound({ views, clicks })
  if (n === 0) return null
  const rate = k / n
  const scale = 1 + Z ** 2 / n
  const middle = (rate + Z ** 2 / (2 * n)) / scale
  const spread = (Z / scale) * Math.sqrt((rate * (1 - rate)) / n + Z ** 2 / (4 * n ** 2))
  return {
    rate,
    low: k === 0 ? 0 : Math.max(0, middle - spread),
    high: k === n ? 1 : Math.min(1, middle + spread),
  }
}

/**
 * The probability, 0 to 1, that `b` is clicked more often than `a` in the long run, by what was counted and nothing
 * else known before: a rate is distributed as Beta(1 + clicks, 1 + views − clicks).
 */
export const probabilityBetter = (a: Clicked, b: Clicked): number => bestOf([a, b])[1]?.probability ?? 0.5

/** How one of several stands. */
export interface Standing {
  /** The probability that its rate is the highest of all, 0 to 1. */
  readonly probability: number
  /** By how much the highest rate is expected to exceed its own: what is lost by settling on it. */
  readonly loss: number
}

/**
 * How each of several stands against all others together: the integrals ∫ fᵢ ∏ Fⱼ, summed up over points that lie
 * densely where any of the densities does (error below 0.001). A density that is made to add up to 1 needs no gamma
 * function, so there is no library.
 */
export function bestOf(all: readonly Clicked[]): Standing[] {
  const counts = all.map(sound)
  const angles = anglesOf(counts)
  const below = counts.map((one) => distributionOf(one, angles))
  const probabilities = below.map(() => 0)
  const means = below.map(() => 0)
  let highest = 0
  for (let n = 1; n < angles.length; n++) {
    const rate = (rateAt(angles[n]) + rateAt(angles[n - 1])) / 2
    const gains = below.map((shares) => (shares[n] ?? 1) - (shares[n - 1] ?? 0))
    for (const [one, gain] of gains.entries()) {
      if (gain === 0) continue
      const others = below.filter((_, other) => other !== one)
      probabilities[one] =
        (probabilities[one] ?? 0) + gain * ((product(others, n) + product(others, n - 1)) / 2)
      means[one] = (means[one] ?? 0) + gain * rate
    }
    highest += (product(below, n) - product(below, n - 1)) * rate
  }
  const whole = probabilities.reduce((sum, probability) => sum + probability, 0)
  return probabilities.map((probability, one) => ({
    probability: probability / whole,
    loss: Math.max(0, highest - (means[one] ?? 0)),
  }))
}

/** What can be said of creatives that are compared. */
export interface Comparison {
  /** In the order in which they came in. */
  readonly standings: readonly Standing[]
  readonly verdict: 'too-early' | 'no-difference-yet' | 'better'
  /** The index of the one that is better than all others; null unless the verdict says so. */
  readonly best: number | null
}

/** What has to be known of each before anything is said. */
export const LEAST_VIEWS = 1000
/** What has to be known of all together. */
export const LEAST_CLICKS = 25
/**
 * From which probability on one is called better. More than the usual 0.95, because a report is looked at every day
 * and the first day that says so ends the comparison: of pairs that are equal, a daily look through 90 days crowns
 * one in two at 0.95, and fewer than one in twenty at this (measured in statistics.unit.test.ts).
 */
export const BETTER_FROM = 0.998
/** What may be lost by settling on it at most, as a share of its own rate. */
export const MOST_LOSS = 0.01

/**
 * Which of several creatives is the best, and whether that can be said yet.
 * @returns null where there is nothing to compare
 */
export function compare(all: readonly Clicked[]): Comparison | null {
  if (all.length < 2) return null
  const counts = all.map(sound)
  const standings = bestOf(counts)
  const clicks = counts.reduce((sum, one) => sum + one.clicks, 0)
  if (clicks < LEAST_CLICKS || counts.some(({ views }) => views < LEAST_VIEWS))
    return { standings, verdict: 'too-early', best: null }
  const best = standings.findIndex(({ probability }) => probability >= BETTER_FROM)
  const [standing, count] = [standings[best], counts[best]]
  const isCertain = standing && count && standing.loss <= MOST_LOSS * (count.clicks / count.views)
  return isCertain
    ? { standings, verdict: 'better', best }
    : { standings, verdict: 'no-difference-yet', best: null }
}

/** Counts as counts: a click whose view was not counted is none of a rate. */
function sound({ views, clicks }: Clicked): Clicked {
  const n = count(views)
  return { views: n, clicks: Math.min(n, count(clicks)) }
}

const count = (value: number) => (Number.isFinite(value) && value > 0 ? value : 0)

/**
 * A rate is looked at as an angle, rate = sin² angle: so the distributions of rare and of frequent clicks are alike,
 * and as wide as the number of views says (M. S. Bartlett, 1936).
 */
const rateAt = (angle = 0) => Math.sin(angle) ** 2

const POINTS = 512
/** How many deviations on each side are looked at; of ten thousand million nothing is left out. */
const REACH = 8

/** Points at which some of the densities is something, in order. */
function anglesOf(counts: readonly Clicked[]): Float64Array {
  const angles = counts.flatMap((one) => {
    const deviation = 0.5 / Math.sqrt(one.views + 1)
    const [from, to] = [
      Math.max(0, likeliestOf(one) - REACH * deviation),
      Math.min(Math.PI / 2, likeliestOf(one) + REACH * deviation),
    ]
    return Array.from({ length: POINTS + 1 }, (_, n) => from + ((to - from) * n) / POINTS)
  })
  return Float64Array.from(angles).sort()
}

/** Where the density of an angle is highest. */
const likeliestOf = ({ views, clicks }: Clicked) => Math.asin(Math.sqrt((clicks + 0.5) / (views + 1)))

/** The probability that the rate is below that of each angle. */
function distributionOf(one: Clicked, angles: Float64Array): Float64Array {
  const top = logDensity(one, likeliestOf(one))
  const below = new Float64Array(angles.length)
  let [sum, last, lastAngle] = [0, 0, 0]
  for (const [n, angle] of angles.entries()) {
    const density = Math.exp(logDensity(one, angle) - top)
    if (n > 0) sum += ((density + last) / 2) * (angle - lastAngle)
    below[n] = sum
    ;[last, lastAngle] = [density, angle]
  }
  return below.map((share) => share / sum)
}

/** Of an angle, so far as it depends on it: sin^(2a−1) cos^(2b−1) for Beta(a, b). */
const logDensity = ({ views, clicks }: Clicked, angle: number) =>
  (2 * clicks + 1) * Math.log(Math.sin(angle)) + (2 * (views - clicks) + 1) * Math.log(Math.cos(angle))

const product = (below: readonly Float64Array[], n: number) =>
  below.reduce((product, shares) => product * (shares[n] ?? 1), 1)
