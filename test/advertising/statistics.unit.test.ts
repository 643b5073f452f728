import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Counts, compare, rateWithInterval } from '../../src/ad/statistics.ts'
import { seeded } from '../support/seeded.ts'

/** What a report may say about rates. */

/** How many of rare clicks come, by the gaps between them (Poisson's law). */
function clicksOf(rate: number, views: number, random: () => number): number {
  let clicks = -1
  for (let at = 0; at < rate * views; clicks++) at -= Math.log(1 - random())
  return Math.max(0, clicks)
}

describe('a rate of clicks', () => {
  test.each([
    // R: prop.test(clicks, views, correct = FALSE)$conf.int
    [0, 10, 0, 0.2775],
    [5, 10, 0.2366, 0.7634],
    [50, 100, 0.4038, 0.5962],
    [10, 1000, 0.0054, 0.0183],
    [10, 10, 0.7225, 1],
  ])('%i of %i lies between %d and %d', (clicks, views, low, high) => {
    const rate = rateWithInterval(clicks, views)
    expect(rate?.rate).toBe(clicks / views)
    expect(rate?.low).toBeCloseTo(low, 4)
    expect(rate?.high).toBeCloseTo(high, 4)
  })

  test('is unknown without a view, and with more clicks than views', () => {
    expect(rateWithInterval(0, 0)).toBeNull()
    expect(rateWithInterval(3, 2)).toBeNull()
  })

  test('is 1.96 deviations away from its bounds, which is what makes them Wilson’s', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (views, share) => {
          const rate = rateWithInterval(Math.round(views * share ** 3), views)
          for (const bound of [rate?.low ?? -1, rate?.high ?? -1]) {
            const deviation = Math.sqrt((bound * (1 - bound)) / views)
            expect(Math.abs((rate?.rate ?? 0) - bound)).toBeCloseTo(1.959964 * deviation, 7)
          }
        },
      ),
    )
  })

  test('lies within its interval about 95 times of 100', () => {
    const random = seeded(11)
    for (const share of [0.005, 0.02]) {
      let within = 0
      for (let n = 0; n < 2000; n++) {
        const rate = rateWithInterval(clicksOf(share, 2000, random), 2000)
        if (rate && rate.low <= share && share <= rate.high) within++
      }
      expect(within / 2000).toBeGreaterThan(0.935)
      expect(within / 2000).toBeLessThan(0.97)
    }
  })

  test('is null or lies in its interval, whatever comes in', () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), (clicks, views) => {
        const rate = rateWithInterval(clicks, views)
        if (!rate) return
        expect(rate.low).toBeGreaterThanOrEqual(0)
        expect(rate.high).toBeLessThanOrEqual(1)
        expect(rate.rate).toBeGreaterThanOrEqual(rate.low)
        expect(rate.rate).toBeLessThanOrEqual(rate.high)
      }),
    )
  })
})

/** P(B > A) in whole numbers, as a finite sum (E. Miller, Formulas for Bayesian A/B Testing, 2015). */
function chanceOfSecond(a: Counts, b: Counts): number {
  const factorials = [0]
  for (let n = 1; n <= a.views + b.views + 4; n++) factorials.push((factorials[n - 1] ?? 0) + Math.log(n))
  const logBeta = (x: number, y: number) =>
    (factorials[x - 1] ?? 0) + (factorials[y - 1] ?? 0) - (factorials[x + y - 1] ?? 0)
  const [a1, a0, b1, b0] = [a.clicks + 1, a.views - a.clicks + 1, b.clicks + 1, b.views - b.clicks + 1]
  let sum = 0
  for (let i = 0; i < b1; i++)
    sum += Math.exp(logBeta(a1 + i, a0 + b0) - Math.log(b0 + i) - logBeta(1 + i, b0) - logBeta(a1, a0))
  return sum
}

describe('which creative is better', () => {
  test.each([
    [
      { views: 100, clicks: 1 },
      { views: 100, clicks: 4 },
    ],
    [
      { views: 1000, clicks: 10 },
      { views: 1000, clicks: 10 },
    ],
    [
      { views: 5000, clicks: 60 },
      { views: 400, clicks: 3 },
    ],
    [
      { views: 2000, clicks: 0 },
      { views: 2000, clicks: 12 },
    ],
    [
      { views: 0, clicks: 0 },
      { views: 30, clicks: 3 },
    ],
  ])('%o against %o, as the exact sum has it', (a, b) => {
    expect(compare([a, b]).chances[1]).toBeCloseTo(chanceOfSecond(a, b), 3)
  })

  test('of three, as drawing has it', () => {
    const clicks = [10, 14, 12]
    const random = seeded(3)
    // A gamma variable of a whole shape is a sum of exponential ones; with views beyond number it is the rate.
    const gamma = (shape: number) => {
      let product = 1
      for (let n = 0; n < shape; n++) product *= 1 - random()
      return -Math.log(product)
    }
    const wins = [0, 0, 0]
    for (let n = 0; n < 40_000; n++) {
      const rates = clicks.map((count) => gamma(count + 1))
      const winner = rates.indexOf(Math.max(...rates))
      wins[winner] = (wins[winner] ?? 0) + 1
    }
    const { chances } = compare(clicks.map((count) => ({ views: 10_000_000, clicks: count })))
    for (const [index, chance] of chances.entries())
      expect(chance).toBeCloseTo((wins[index] ?? 0) / 40_000, 1.7)
  })

  test('isn’t blurred by one of which hardly anything is known', () => {
    const [known, less] = [
      { views: 1e8, clicks: 1_003_000 },
      { views: 1e8, clicks: 1_000_000 },
    ]
    const { chances } = compare([{ views: 1000, clicks: 10 }, known, less])
    expect(chances[1]).toBeGreaterThan(0.4)
    expect(chances[2]).toBeLessThan(0.02)
  })

  test('isn’t said too early, nor where there is no difference', () => {
    expect(
      compare([
        { views: 999, clicks: 1 },
        { views: 5000, clicks: 90 },
      ]).verdict,
    ).toBe('too-early')
    expect(
      compare([
        { views: 9000, clicks: 2 },
        { views: 9000, clicks: 20 },
      ]).verdict,
    ).toBe('too-early')
    expect(compare([{ views: 9000, clicks: 90 }]).verdict).toBe('too-early')
    expect(compare([])).toMatchObject({ verdict: 'too-early', best: null, chances: [] })
    const alike = compare([
      { views: 9000, clicks: 90 },
      { views: 9000, clicks: 95 },
    ])
    expect(alike).toMatchObject({ verdict: 'no-difference-yet', best: null })
  })

  test('is said where it is clear', () => {
    const clear = compare([
      { views: 9000, clicks: 60 },
      { views: 9000, clicks: 120 },
    ])
    expect(clear).toMatchObject({ verdict: 'better', best: 1 })
  })

  /** Whether a daily look names one of creatives that are all the same. */
  function isNamed(count: number, viewsPerDay: number, rate: number, random: () => number): boolean {
    let all: Counts[] = Array.from({ length: count }, () => ({ views: 0, clicks: 0 }))
    for (let day = 0; day < 90; day++) {
      all = all.map(({ views, clicks }) => ({
        views: views + viewsPerDay,
        clicks: clicks + clicksOf(rate, viewsPerDay, random),
      }))
      // Below two deviations nothing comes near being named, and reckoning it every day is slow.
      const [first = 0, second = 0] = all.map(({ clicks }) => clicks).sort((a, b) => b - a)
      if (first - second < 2 * Math.sqrt(first + second)) continue
      if (compare(all).verdict === 'better') return true
    }
    return false
  }

  test.each([
    ['two', 2, 500, 0.005],
    ['two that are viewed more', 2, 2000, 0.005],
    ['two that are clicked more', 2, 300, 0.02],
    ['three', 3, 1000, 0.005],
  ])(
    'of %s equal ones, looked at daily for 90 days, fewer than one in twenty is ever named',
    (_, count, views, rate) => {
      const random = seeded(2026)
      const RUNS = 600
      let named = 0
      for (let run = 0; run < RUNS; run++) if (isNamed(count, views, rate, random)) named++
      expect(named / RUNS).toBeLessThan(0.05)
    },
  )

  test('is found within ten thousand views where one is clicked twice as often', () => {
    const random = seeded(9)
    let found = 0
    for (let run = 0; run < 100; run++) {
      const [views, rate] = [10_000, 0.005]
      const pair = [rate, 2 * rate].map((one) => ({ views, clicks: clicksOf(one, views, random) }))
      if (compare(pair).best === 1) found++
    }
    expect(found).toBeGreaterThan(80)
  })

  test('has chances that add up to 1, whatever comes in', () => {
    const anyCounts = fc.record({ views: fc.double(), clicks: fc.double() })
    fc.assert(
      fc.property(fc.array(anyCounts, { minLength: 1, maxLength: 5 }), (creatives) => {
        const { chances, expectedLoss } = compare(creatives)
        expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 6)
        expect(expectedLoss).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})
