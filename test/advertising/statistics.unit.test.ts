import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  BETTER_FROM,
  bestOf,
  type Clicked,
  compare,
  LEAST_VIEWS,
  probabilityBetter,
  rateWithInterval,
} from '../../src/ad/statistics.ts'
import { seeded } from '../support/seeded.ts'

/** What may be concluded from what was counted. Every dice is seeded: what passes once passes always. */

const of = (clicks: number, views: number): Clicked => ({ clicks, views })
const anyCounts = fc
  .tuple(fc.integer({ min: 0, max: 100_000 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([views, share]) => of(Math.round(views * share ** 3), views))

describe('a click rate', () => {
  // R: prop.test(k, n, correct = FALSE)$conf.int
  test.each([
    [0, 10, 0, 0.2775],
    [1, 100, 0.0018, 0.0545],
    [5, 10, 0.2366, 0.7634],
    [10, 10, 0.7225, 1],
  ])('of %i clicks on %i views lies between %d and %d', (clicks, views, low, high) => {
    const rate = rateWithInterval(clicks, views)
    expect(rate?.rate).toBe(clicks / views)
    expect(rate?.low).toBeCloseTo(low, 4)
    expect(rate?.high).toBeCloseTo(high, 4)
  })

  test('is unknown where nothing was viewed', () => {
    for (const views of [0, -3, Number.NaN]) expect(rateWithInterval(1, views)).toBeNull()
  })

  test('has bounds from which it is 1.96 deviations away, which is what Wilson’s are', () => {
    fc.assert(
      fc.property(anyCounts, ({ clicks, views }) => {
        fc.pre(views > 0)
        const found = rateWithInterval(clicks, views)
        for (const bound of [found?.low ?? -1, found?.high ?? -1]) {
          expect(bound).toBeGreaterThanOrEqual(0)
          expect(bound).toBeLessThanOrEqual(1)
          const away = Math.abs((found?.rate ?? 0) - bound) - 1.96 * Math.sqrt((bound * (1 - bound)) / views)
          expect(Math.abs(away)).toBeLessThan(1e-4)
        }
      }),
    )
  })

  test('lies within its interval about 95 times of 100', () => {
    const random = seeded(11)
    for (const rate of [0.005, 0.02, 0.3]) {
      let within = 0
      for (let n = 0; n < 2000; n++) {
        const found = rateWithInterval(clicksOf(rate, 2000, random), 2000)
        if (found && found.low <= rate && rate <= found.high) within++
      }
      expect(within / 2000).toBeGreaterThan(0.935)
      expect(within / 2000).toBeLessThan(0.97)
    }
  })
})

describe('the probability that one of two is better', () => {
  test.each([
    ['twice as many clicks', of(10, 1000), of(20, 1000)],
    ['five more', of(25, 5000), of(30, 5000)],
    ['hardly viewed against well known', of(0, 100), of(100, 20_000)],
    ['clicked always', of(10, 10), of(9, 10)],
    ['never viewed', of(0, 0), of(1, 100)],
    ['nothing known of either', of(0, 0), of(0, 0)],
  ])('is what the closed form says: %s', (_, a, b) => {
    expect(probabilityBetter(a, b)).toBeCloseTo(exactlyBetter(a, b), 3)
    expect(probabilityBetter(b, a)).toBeCloseTo(exactlyBetter(b, a), 3)
  })

  test('is what the closed form says of any two', () => {
    const few = fc.tuple(fc.nat(400), fc.nat(30)).map(([missed, clicks]) => of(clicks, missed + clicks))
    fc.assert(
      fc.property(few, few, (a, b) => {
        expect(Math.abs(probabilityBetter(a, b) - exactlyBetter(a, b))).toBeLessThan(0.001)
      }),
    )
  })

  test('and of it the loss are what dice say', () => {
    const all = [of(20, 3000), of(30, 3000), of(27, 2500), of(4, 300)]
    const random = seeded(5)
    const [wins, rates, highest] = [all.map(() => 0), all.map(() => 0), { sum: 0 }]
    const DRAWS = 100_000
    for (let n = 0; n < DRAWS; n++) {
      const drawn = all.map((one) => drawRate(one, random))
      const most = Math.max(...drawn)
      highest.sum += most
      for (const [one, rate] of drawn.entries()) {
        rates[one] = (rates[one] ?? 0) + rate
        if (rate === most) wins[one] = (wins[one] ?? 0) + 1
      }
    }
    for (const [one, { probability, loss }] of bestOf(all).entries()) {
      expect(Math.abs(probability - (wins[one] ?? 0) / DRAWS)).toBeLessThan(0.006)
      expect(Math.abs(loss - (highest.sum - (rates[one] ?? 0)) / DRAWS)).toBeLessThan(0.0001)
    }
  })

  test('adds up to 1 over all, is never outside 0 and 1, and loses nothing below nothing', () => {
    const hostile = fc.record({
      views: fc.oneof(fc.double(), fc.integer()),
      clicks: fc.oneof(fc.double(), fc.integer()),
    })
    fc.assert(
      fc.property(fc.array(fc.oneof(anyCounts, hostile), { minLength: 2, maxLength: 5 }), (all) => {
        const standings = bestOf(all)
        expect(standings.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 9)
        for (const { probability, loss } of standings) {
          expect(probability).toBeGreaterThanOrEqual(0)
          expect(probability).toBeLessThanOrEqual(1)
          expect(loss).toBeGreaterThanOrEqual(0)
          expect(loss).toBeLessThanOrEqual(1)
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('a comparison', () => {
  test('of one has nothing to say', () => {
    expect(compare([])).toBeNull()
    expect(compare([of(100, 10_000)])).toBeNull()
  })

  test.each([
    ['one was hardly viewed', [of(200, 10_000), of(0, LEAST_VIEWS - 1)]],
    ['hardly anybody clicked', [of(20, 10_000), of(0, 10_000)]],
    ['nothing was counted', [of(0, 0), of(0, 0)]],
  ])('is too early where %s', (_, all) => {
    expect(compare(all)).toMatchObject({ verdict: 'too-early', best: null })
  })

  test('sees no difference where there may be none', () => {
    expect(compare([of(50, 10_000), of(60, 10_000)])).toMatchObject({
      verdict: 'no-difference-yet',
      best: null,
    })
    expect(compare([of(50, 10_000), of(100, 10_000), of(101, 10_000)])?.best).toBeNull()
  })

  test('names the one that is better than all others', () => {
    expect(compare([of(50, 10_000), of(100, 10_000), of(52, 10_000)])).toMatchObject({
      verdict: 'better',
      best: 1,
    })
  })

  test('that is looked at every day for 90 days crowns fewer than one in twenty of what is equal', () => {
    const random = seeded(2026)
    const crowned = (creatives: number, viewsPerDay: number, rate: number, runs: number) => {
      let winners = 0
      for (let run = 0; run < runs; run++) {
        const all = Array.from({ length: creatives }, () => of(0, 0))
        if (isCrowned(all, viewsPerDay, rate, 90, random)) winners++
      }
      return winners / runs
    }
    const shares = [
      crowned(2, 500, 0.005, 800),
      crowned(2, 2000, 0.005, 800),
      crowned(2, 300, 0.02, 800),
      crowned(3, 1000, 0.005, 400),
    ]
    const all = shares.reduce((sum, share) => sum + share, 0) / shares.length
    expect(all).toBeLessThan(0.05)
    // Of 800 runs a share of 0.05 is off by 0.008 easily.
    expect(Math.max(...shares)).toBeLessThan(0.06)
  })

  test('finds one that is clicked twice as often within some thousand views', () => {
    const random = seeded(9)
    let found = 0
    for (let run = 0; run < 100; run++) {
      const views = 10_000
      const all = [of(clicksOf(0.005, views, random), views), of(clicksOf(0.01, views, random), views)]
      if (compare(all)?.best === 1) found++
    }
    expect(found).toBeGreaterThan(85)
  })
})

/** Whether some day ends the comparison of creatives that are equal. */
function isCrowned(
  start: readonly Clicked[],
  viewsPerDay: number,
  rate: number,
  days: number,
  random: () => number,
): boolean {
  let all = start
  for (let day = 0; day < days; day++) {
    all = all.map(({ clicks, views }) =>
      of(clicks + clicksOf(rate, viewsPerDay, random), views + viewsPerDay),
    )
    if (isWorthALook(all) && compare(all)?.verdict === 'better') return true
  }
  return false
}

/** Whether the first two are two deviations apart: below that no probability comes near the bound, and a look is dear. */
function isWorthALook(all: readonly Clicked[]): boolean {
  const [first = 0, second = 0] = all.map(({ clicks }) => clicks).sort((a, b) => b - a)
  return BETTER_FROM > 0.99 && first - second > 2 * Math.sqrt(first + second)
}

/** How many of rare clicks come (Poisson's law), by gaps between them. */
function clicksOf(rate: number, views: number, random: () => number): number {
  let clicks = -1
  for (let at = 0; at < rate * views; clicks++) at -= Math.log(1 - random())
  return Math.max(0, clicks)
}

/** A rate from its distribution: Beta(a, b) is a/(a+b) of two sums of exponential waits. */
function drawRate({ clicks, views }: Clicked, random: () => number): number {
  const [hits, misses] = [gamma(clicks + 1, random), gamma(views - clicks + 1, random)]
  return hits / (hits + misses)
}

/** G. Marsaglia and W. Tsang, ACM Transactions on Mathematical Software 26, 2000; for shapes of at least 1. */
function gamma(shape: number, random: () => number): number {
  const d = shape - 1 / 3
  for (;;) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
    const v = (1 + normal / Math.sqrt(9 * d)) ** 3
    if (v > 0 && Math.log(1 - random()) < 0.5 * normal ** 2 + d - d * v + d * Math.log(v)) return d * v
  }
}

/** E. Miller, „Formulas for Bayesian A/B Testing“, 2014: P(B > A) as a sum over B's clicks. */
function exactlyBetter(a: Clicked, b: Clicked): number {
  const [hitsA, missesA] = [1 + a.clicks, 1 + a.views - a.clicks]
  const missesB = 1 + b.views - b.clicks
  let sum = 0
  for (let n = 0; n <= b.clicks; n++) {
    sum += Math.exp(
      logBeta(hitsA + n, missesA + missesB) -
        Math.log(missesB + n) -
        logBeta(1 + n, missesB) -
        logBeta(hitsA, missesA),
    )
  }
  return sum
}

const logBeta = (a: number, b: number) => logFactorial(a - 1) + logFactorial(b - 1) - logFactorial(a + b - 1)

const logFactorials = [0]
function logFactorial(n: number): number {
  for (let next = logFactorials.length; next <= n; next++)
    logFactorials.push((logFactorials[next - 1] ?? 0) + Math.log(next))
  return logFactorials[n] ?? 0
}
