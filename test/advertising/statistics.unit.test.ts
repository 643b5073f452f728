import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Counts, clickRate, compare } from '../../src/ad/statistics.ts'
import { seeded } from '../support/seeded.ts'

/** What a report may say about rates. */

describe('a rate of clicks', () => {
  test.each([
    // By hand from Wilson's formula with z = 1.96.
    [{ views: 10, clicks: 0 }, 0, 0.2775],
    [{ views: 100, clicks: 50 }, 0.4038, 0.5962],
    [{ views: 1000, clicks: 10 }, 0.0054, 0.0183],
  ])('%o lies between', (counts, from, to) => {
    expect(clickRate(counts).from).toBeCloseTo(from, 3)
    expect(clickRate(counts).to).toBeCloseTo(to, 3)
  })

  test('is anything without a view', () => {
    expect(clickRate({ views: 0, clicks: 0 })).toEqual({ rate: 0, from: 0, to: 1 })
  })

  test('lies in its interval, whatever comes in', () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), (views, clicks) => {
        const { rate, from, to } = clickRate({ views, clicks })
        expect(from).toBeGreaterThanOrEqual(0)
        expect(to).toBeLessThanOrEqual(1)
        expect(rate).toBeGreaterThanOrEqual(from)
        expect(rate).toBeLessThanOrEqual(to)
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

  test('of two equal ones, looked at daily for four weeks, fewer than one in twenty is ever named', () => {
    const random = seeded(5)
    const RUNS = 200
    let named = 0
    for (let run = 0; run < RUNS; run++) {
      const pair = [
        { views: 0, clicks: 0 },
        { views: 0, clicks: 0 },
      ]
      let isNamed = false
      for (let day = 0; day < 28 && !isNamed; day++) {
        for (const one of pair) {
          one.views += 500
          for (let left = 1 - random(); left > Math.exp(-5); left *= 1 - random()) one.clicks++
        }
        isNamed = compare(pair).verdict === 'better'
      }
      if (isNamed) named++
    }
    expect(named / RUNS).toBeLessThan(0.05)
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
