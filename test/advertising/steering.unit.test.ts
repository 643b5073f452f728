import { describe, expect, test } from 'vitest'
import type { Progress } from '../../src/ad/pace.ts'
import { AdSteering, isWorthTelling, weekOf } from '../../src/ad/steering.ts'
import { ANYWHERE, stored } from '../support/fake-site.ts'

const NOON = Date.parse('2026-05-04T12:00:00Z')
const NONE: Progress = { served: 0, loaded: 0, clicks: 0 }
const fast = (views: number) => stored('schnell', { budget: { views }, pacing: 'fast' })

describe('chances', () => {
  test('are not known before campaigns are', () => {
    expect(new AdSteering().chancesAt(NOON, () => NONE)).toBeNull()
  })

  test('are for campaigns with a budget that are not over, and whose progress is known', () => {
    const steering = new AdSteering()
    const budget = { views: 100 }
    steering.plan(
      [
        stored('ohne'),
        fast(100),
        stored('neu', { budget }),
        stored('entwurf', { budget, state: 'draft' }),
        stored('aus', { budget, state: 'ended' }),
      ],
      'UTC',
      [],
    )
    expect(steering.steered).toEqual(['schnell', 'neu'])
    expect(steering.hasHeardOf('ohne')).toBe(true)
    expect(steering.hasHeardOf('fremd')).toBe(false)
    expect(steering.chancesAt(NOON, (id) => (id === 'neu' ? null : NONE))).toEqual({
      schnell: expect.any(Number),
    })
  })

  test('rise while hardly anybody is there, and are nothing once the budget is spent', () => {
    const steering = new AdSteering()
    steering.plan([fast(1000)], 'UTC', [])
    let served = 0
    const chances = Array.from({ length: 600 }, (_, second) => {
      served = Math.floor(second / 10)
      return steering.chancesAt(NOON + second * 1000, () => ({ served, loaded: served, clicks: 0 }))?.schnell
    })
    expect(chances.at(-1)).toBe(1)
    const after = steering.chancesAt(NOON + 601_000, () => ({ served: 1000, loaded: 1000, clicks: 0 }))
    expect(after).toEqual({ schnell: 0 })
  })

  test('are reckoned once a second', () => {
    const steering = new AdSteering()
    steering.plan([fast(1000)], 'UTC', [])
    let asked = 0
    const progress = () => {
      asked++
      return NONE
    }
    for (const passed of [0, 300, 900, 1000, 1500]) steering.chancesAt(NOON + passed, progress)
    expect(asked).toBe(2)
  })

  test('are the same after a break: hours in which a campaign does not run say nothing of what a chance brings', () => {
    const hours = [{ days: ['mon' as const], from: 12, until: 13 }]
    const campaign = { ...fast(100_000), target: { ...ANYWHERE, hours } }
    const steering = new AdSteering()
    steering.plan([campaign], 'UTC', [])
    for (let second = 0; second < 3600; second += 10)
      steering.chancesAt(NOON + second * 1000, () => ({ served: second, loaded: second, clicks: 0 }))
    const done = { served: 3590, loaded: 3590, clicks: 0 }
    const last = steering.chancesAt(NOON + 3_599_000, () => done)
    const day = 86_400_000
    for (let hour = 1; hour < 7 * 24; hour++) steering.chancesAt(NOON + hour * 3_600_000, () => done)
    expect(steering.chancesAt(NOON + 7 * day, () => done)?.schnell).toBeCloseTo(last?.schnell ?? 0, 2)
  })

  test('go on after a restart where they were', () => {
    const [before, after] = [new AdSteering(), new AdSteering()]
    for (const one of [before, after]) one.plan([fast(1000)], 'UTC', [])
    const seen = (second: number) => ({ served: second, loaded: second, clicks: 0 })
    for (let second = 0; second <= 60; second++) before.chancesAt(NOON + second * 1000, () => seen(second))
    after.state = before.state
    const next = [before, after].map((one) => one.chancesAt(NOON + 61_000, () => seen(61)))
    expect(next[0]).toEqual(next[1])
    expect(next[0]?.schnell).toBeGreaterThan(0.1)
  })
})

describe('the week that a site is read in', () => {
  const hours = (count: number, n: (hour: number) => number) =>
    Array.from({ length: count }, (_, index) => ({
      hour: new Date(Date.parse('2026-05-04T00:00:00Z') + index * 3_600_000).toISOString().slice(0, 13),
      n: n(index),
    }))

  test('is unknown before one has passed', () => {
    expect(weekOf([], 'UTC')).toEqual([])
    expect(
      weekOf(
        hours(168, () => 1),
        'UTC',
      ),
    ).toEqual([])
  })

  test('begins on Monday, midnight, in the site’s zone, and adds weeks up', () => {
    const week = weekOf(
      hours(15 * 24, (index) => (index % 168 === 8 ? 1000 : 0)),
      'Europe/Berlin',
    )
    expect(week).toHaveLength(168)
    expect(week.indexOf(Math.max(...week))).toBe(10) // 8 o'clock UTC on a Monday in May
    expect(week[10]).toBe(3000)
  })

  test('has no hour of which nothing is asked', () => {
    const week = weekOf(
      hours(400, (index) => (index % 24 === 8 ? 1000 : 0)),
      'UTC',
    )
    expect(Math.min(...week)).toBeGreaterThan(0)
    expect(Math.min(...week)).toBeLessThan(10)
  })
})

describe('isolates that know nothing are told', () => {
  test.each<[string, Record<string, number> | null, Record<string, number>, boolean]>([
    ['of a new campaign', { a: 1 }, { a: 1, b: 1 }, true],
    ['the first time', null, { a: 1 }, true],
    ['when a budget is spent', { a: 0.01 }, { a: 0 }, true],
    ['when it is not any more', { a: 0 }, { a: 0.01 }, true],
    ['when a chance has doubled', { a: 0.1 }, { a: 0.21 }, true],
    ['when a chance has halved', { a: 0.1 }, { a: 0.04 }, true],
    ['not of a little change', { a: 0.1 }, { a: 0.15 }, false],
    ['not when one is as good as none', { a: 0.0001 }, { a: 0 }, false],
    ['not when a campaign is gone', { a: 1, b: 1 }, { a: 1 }, false],
    ['not where there are none', null, {}, false],
  ])('%s', (_, before, now, expected) => {
    expect(isWorthTelling(before, now)).toBe(expected)
  })
})
