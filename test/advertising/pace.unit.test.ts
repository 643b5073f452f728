import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { Calendar, IdealLine } from '../../src/ad/line.ts'
import { type Flight, type Progress, type Steering, steer } from '../../src/ad/pace.ts'
import { type Delivery, deliver, WEEK, type World } from '../support/delivery.ts'

/** How budgets are kept: simulated second by second, with seeds. What passes once passes always. */

/** Months, second by second. */
vi.setConfig({ testTimeout: 300_000 })

const DAY = 86_400_000
const MONDAY = '2026-01-12T00:00:00+01:00'
const BERLIN = new Calendar('Europe/Berlin')
const VIEWS: World = { start: MONDAY, days: 1, budget: { views: 10_000 } }

const furthest = ({ deviations }: Delivery) => Math.max(...deviations.map(Math.abs))
const seeds = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
const lineOf = (start: string, days: number, week = WEEK) =>
  new IdealLine(Date.parse(start), Date.parse(start) + days * DAY, week, BERLIN)

describe('an even run keeps within 5 % of its line, and ends within 2 % of its budget', () => {
  test.each<[string, World]>([
    ['a day', VIEWS],
    ['a day, from three in the afternoon', { ...VIEWS, start: '2026-01-12T15:00:00+01:00' }],
    ['three days', { ...VIEWS, days: 3 }],
    ['a week', { ...VIEWS, days: 7 }],
    ['thirty days', { ...VIEWS, days: 30 }],
    ['a day with twice as many readers', { ...VIEWS, plenty: 8 }],
    ['a day with half as many readers', { ...VIEWS, plenty: 2 }],
    ['thirty days with half as many readers', { ...VIEWS, days: 30, plenty: 2 }],
    ['a day in which summer time ends', { ...VIEWS, start: '2026-10-25T00:00:00+02:00' }],
    ['a week in which summer time begins', { ...VIEWS, days: 7, start: '2026-03-25T00:00:00+01:00' }],
    ['one count in twenty lost', { ...VIEWS, days: 3, lost: 0.05 }],
    ['ads that hardly anybody scrolls to', { ...VIEWS, loaded: () => 0.2 }],
    ['ads that are scrolled to in the evening', { ...VIEWS, loaded: (hour) => (hour < 12 ? 0.3 : 0.9) }],
    ['readers who come back within the hour', { ...VIEWS, laggards: 0.02 }],
    ['a site that is full of readers', { ...VIEWS, plenty: 60 }],
  ])('%s', (_, world) => {
    const run = deliver(world)
    expect(run.deviations).toHaveLength(10)
    expect(furthest(run)).toBeLessThan(0.005)
    expect(run.loaded).toBeGreaterThan(9_950)
    expect(run.loaded).toBeLessThanOrEqual(10_050)
  })

  test('twenty days, each with another dice', () => {
    const runs = seeds(20).map((seed) => deliver({ ...VIEWS, seed, lost: 0.05 }))
    expect(Math.max(...runs.map(furthest))).toBeLessThan(0.01)
    expect(Math.max(...runs.map(({ loaded }) => loaded))).toBeLessThanOrEqual(10_050)
  })

  test.each<[string, World]>([
    ['ten views a day', { ...VIEWS, days: 30, budget: { views: 300 } }],
    ['a hundred views a day', { ...VIEWS, days: 3, budget: { views: 300 } }],
    ['a few a day of very many', { ...VIEWS, days: 7, plenty: 200, budget: { views: 300 } }],
    ['a thousand in a week, of two thousand', { ...VIEWS, days: 7, plenty: 2, budget: { views: 1000 } }],
  ])('a small budget nearly as well: %s', (_, world) => {
    const { views = 0 } = world.budget
    const runs = seeds(world.days > 7 ? 1 : 3).map((seed) => deliver({ ...world, seed }))
    expect(Math.max(...runs.map(furthest))).toBeLessThan(0.05)
    expect(Math.max(...runs.map(({ loaded }) => loaded))).toBeLessThanOrEqual(1.02 * views)
    expect(Math.min(...runs.map(({ loaded }) => loaded))).toBeGreaterThan(0.98 * views)
  })

  test.each<[string, World]>([
    ['a day', VIEWS],
    ['a week', { ...VIEWS, days: 7 }],
    ['three hundred views in a month', { ...VIEWS, days: 30, budget: { views: 300 } }],
    ['a site that is full of readers', { ...VIEWS, plenty: 60 }],
  ])('isolates that are told only when they have counted, or after half a minute: %s', (_, world) => {
    const { views = 0 } = world.budget
    const run = deliver({ ...world, asksEvery: 30 })
    expect(furthest(run)).toBeLessThan(views < 1000 ? 0.05 : 0.01)
    expect(run.loaded).toBeGreaterThan(0.98 * views)
    expect(run.loaded).toBeLessThanOrEqual(1.02 * views)
  })

  test('from a week on that is the straight line, too', () => {
    const run = deliver({ ...VIEWS, days: 7 })
    const line = lineOf(MONDAY, 7)
    for (const [index, deviation] of run.deviations.entries()) {
      const share = (index + 1) / 10
      expect(Math.abs(deviation + line.at(Date.parse(MONDAY) + share * 7 * DAY) - share)).toBeLessThan(0.05)
    }
  })

  test('where there are too few readers, everybody sees it', () => {
    const run = deliver({ ...VIEWS, plenty: 0.5 })
    expect(run.loaded).toBeLessThan(9_000)
    expect(run.served).toBeGreaterThan(0.97 * run.offered)
  })
})

describe('a fast run', () => {
  test('takes every view until its budget is nearly spent', () => {
    const run = deliver({ ...VIEWS, pacing: 'fast' })
    expect(run.loaded).toBeGreaterThan(9_950)
    expect(run.loaded).toBeLessThanOrEqual(10_050)
    expect(run.offered).toBeLessThan(1.05 * (9_800 / 0.7))
  })

  test.each(seeds(8))(
    'spends it in minutes and stops in time where a hundred ads a second could be had (%i)',
    (seed) => {
      const run = deliver({ ...VIEWS, pacing: 'fast', isFlat: true, plenty: 600, days: 1, seed })
      expect(run.loaded).toBeGreaterThan(9_900)
      expect(run.loaded).toBeLessThanOrEqual(10_200)
      expect(run.spentAfter).toBeLessThan(600)
    },
  )
})

describe('a budget of clicks', () => {
  const clicks: World = { start: MONDAY, days: 7, budget: { clicks: 200 }, viewsPerDay: 20_000 }

  test('ends within 2 % and keeps within what clicks are rare enough to be off by', () => {
    const runs = seeds(6).map((seed) => deliver({ ...clicks, seed }))
    expect(Math.max(...runs.map(({ clicks }) => clicks))).toBeLessThanOrEqual(204)
    expect(Math.min(...runs.map(({ clicks }) => clicks))).toBeGreaterThanOrEqual(190)
    expect(Math.max(...runs.map(furthest))).toBeLessThan(0.06)
  })

  test('a greater one is as even as one of views', () => {
    const run = deliver({ ...clicks, budget: { clicks: 1000 }, viewsPerDay: 60_000 })
    expect(run.clicks).toBeLessThanOrEqual(1_005)
    expect(furthest(run)).toBeLessThan(0.02)
  })

  test('is kept where a click a second could be had', () => {
    const runs = seeds(8).map((seed) =>
      deliver({ ...clicks, days: 0.1, viewsPerDay: 9_000_000, isFlat: true, pacing: 'fast', seed }),
    )
    expect(Math.max(...runs.map(({ clicks }) => clicks))).toBeLessThanOrEqual(210)
  })

  test('beside one of views: whichever is reached first ends it', () => {
    const viewsFirst = deliver({ ...VIEWS, budget: { views: 10_000, clicks: 1000 } })
    expect(viewsFirst.loaded).toBeLessThanOrEqual(10_050)
    expect(viewsFirst.loaded).toBeGreaterThan(9_900)
    const clicksFirst = deliver({ ...VIEWS, pacing: 'fast', budget: { views: 10_000, clicks: 40 } })
    expect(clicksFirst.clicks).toBeLessThanOrEqual(43)
    expect(clicksFirst.loaded).toBeLessThan(9_000)
  })
})

describe('the line', () => {
  const at = (line: IdealLine, moment: string) => line.at(Date.parse(moment))

  test('goes by the clock from midnight to midnight, whatever the day', () => {
    const line = lineOf(MONDAY, 30)
    for (let day = 0; day <= 30; day++)
      expect(line.at(Date.parse(MONDAY) + day * DAY)).toBeCloseTo(day / 30, 9)
  })

  test('follows the readers within a day', () => {
    const line = lineOf(MONDAY, 1)
    expect(at(line, '2026-01-12T05:00:00+01:00')).toBeLessThan(0.02)
    expect(at(line, '2026-01-12T12:00:00+01:00')).toBeGreaterThan(0.3)
    expect(at(line, '2026-01-12T22:00:00+01:00')).toBeGreaterThan(0.9)
  })

  test('knows days of 23 and of 25 hours', () => {
    const spring = new IdealLine(
      Date.parse('2026-03-28T00:00:00+01:00'),
      Date.parse('2026-03-31T00:00:00+02:00'),
      WEEK,
      BERLIN,
    )
    expect(at(spring, '2026-03-29T00:00:00+01:00')).toBeCloseTo(24 / 71, 9)
    expect(at(spring, '2026-03-30T00:00:00+02:00')).toBeCloseTo(47 / 71, 9)
    expect(
      BERLIN.daysOf(Date.parse('2026-10-25T00:00:00+02:00'), Date.parse('2026-10-26T00:00:00+01:00')),
    ).toMatchObject([{ hours: { length: 25 } }])
  })

  test('asks for nothing in hours that the campaign leaves out', () => {
    const working = WEEK.map((weight, hour) => (hour < 120 && hour % 24 >= 8 && hour % 24 < 18 ? weight : 0))
    const line = lineOf(MONDAY, 14, working)
    expect(at(line, '2026-01-12T08:00:00+01:00')).toBe(0)
    expect(at(line, '2026-01-12T18:00:00+01:00')).toBeCloseTo(0.1, 9)
    expect(at(line, '2026-01-17T00:00:00+01:00')).toBeCloseTo(0.5, 9)
    expect(at(line, '2026-01-19T00:00:00+01:00')).toBeCloseTo(0.5, 9)
  })

  test('is straight where nothing is known of the site', () => {
    for (const week of [[], [1, 2, 3], Array<number>(168).fill(0), Array<number>(168).fill(Number.NaN)]) {
      expect(lineOf(MONDAY, 1, week).at(Date.parse(MONDAY) + DAY / 4)).toBeCloseTo(0.25, 9)
    }
  })

  test('never falls and stays within 0 and 1', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 400 * 24 }),
        fc.double({ min: 0.01, max: 60, noNaN: true }),
        fc.array(fc.oneof(fc.double(), fc.integer({ min: 0, max: 9 })), { minLength: 168, maxLength: 168 }),
        fc.array(fc.double({ min: -0.1, max: 1.1, noNaN: true }), { minLength: 2, maxLength: 20 }),
        (hour, days, week, shares) => {
          const startsAt = Date.parse(MONDAY) + hour * 3_600_000
          const line = new IdealLine(startsAt, startsAt + days * DAY, week, BERLIN)
          const due = shares.sort((a, b) => a - b).map((share) => line.at(startsAt + share * days * DAY))
          for (const [index, value] of due.entries()) {
            expect(value).toBeGreaterThanOrEqual(due[index - 1] ?? 0)
            expect(value).toBeLessThanOrEqual(1)
          }
          expect(line.at(startsAt + days * DAY)).toBe(1)
        },
      ),
    )
  })
})

describe('a chance', () => {
  const NOW = Date.parse(MONDAY) + DAY / 2
  const LINE = lineOf(MONDAY, 1)
  const flight = (change: Partial<Flight> = {}): Flight => ({
    startsAt: Date.parse(MONDAY),
    endsAt: Date.parse(MONDAY) + DAY,
    budget: { views: 10_000 },
    pacing: 'even',
    ...change,
  })
  const none: Progress = { served: 0, loaded: 0, clicks: 0 }

  test('is 1 without a budget, until the end', () => {
    expect(steer(flight({ budget: {} }), LINE, none, NOW, null).chance).toBe(1)
    expect(steer(flight({ budget: {} }), LINE, none, NOW + DAY, null).chance).toBe(0)
  })

  test('is 0 once a budget is spent', () => {
    for (const pacing of ['even', 'fast'] as const) {
      const spent = { served: 20_000, loaded: 10_000, clicks: 100 }
      expect(steer(flight({ pacing }), LINE, spent, NOW, null).chance).toBe(0)
      expect(steer(flight({ pacing, budget: { clicks: 100 } }), LINE, spent, NOW, null).chance).toBe(0)
    }
  })

  test('takes even for fast where no end was agreed', () => {
    const endless = flight({ endsAt: Number.POSITIVE_INFINITY })
    const line = new IdealLine(endless.startsAt, endless.endsAt, WEEK, BERLIN)
    expect(steer(endless, line, none, NOW, null).chance).toBe(1)
  })

  test('survives its notes being lost, and being written down', () => {
    const before = steer(flight(), LINE, { ...none, served: 400, loaded: 300 }, NOW, null)
    const progress = { ...none, served: 420, loaded: 310 }
    const kept = steer(flight(), LINE, progress, NOW + 1000, before)
    const written: Steering = JSON.parse(JSON.stringify(before))
    expect(steer(flight(), LINE, progress, NOW + 1000, written)).toEqual(kept)
    expect(steer(flight(), LINE, progress, NOW + 1000, null).chance).toBeGreaterThan(0)
  })

  const anyNumber = fc.oneof(fc.double(), fc.integer({ min: -10, max: 20_000 }))
  const anyMoment = fc.oneof(
    fc.double(),
    fc.integer({ min: Date.parse(MONDAY) - 40 * DAY, max: Date.parse(MONDAY) + 40 * DAY }),
  )
  const anyBudget = fc.record({
    views: fc.option(anyNumber, { nil: undefined }),
    clicks: fc.option(anyNumber, { nil: undefined }),
  })
  const anyProgress = fc.record({ served: anyNumber, loaded: anyNumber, clicks: anyNumber })
  const anyPacing = fc.constantFrom('even' as const, 'fast' as const)

  test('survives a clock that says nothing', () => {
    const progress = { ...none, served: 400, loaded: 300 }
    const before = steer(flight(), LINE, progress, NOW, null)
    for (const nothing of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const lost = steer(flight(), LINE, progress, nothing, before)
      expect(lost).toMatchObject({ at: NOW, chance: before.chance })
      expect(steer(flight(), LINE, progress, NOW + 1000, lost).chance).toBeGreaterThan(0)
    }
  })

  test('is a number from 0 to 1, whatever comes in', () => {
    fc.assert(
      fc.property(
        fc.record({ startsAt: anyMoment, endsAt: anyMoment, budget: anyBudget, pacing: anyPacing }),
        fc.array(fc.tuple(anyProgress, anyMoment), { minLength: 1, maxLength: 6 }),
        (run, turns) => {
          const line = new IdealLine(run.startsAt, run.endsAt, WEEK, BERLIN)
          let before: Steering | null = null
          for (const [progress, now] of turns) {
            before = steer(run, line, progress, now, before)
            expect(before.chance).toBeGreaterThanOrEqual(0)
            expect(before.chance).toBeLessThanOrEqual(1)
          }
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('never rises with what has been counted', () => {
    fc.assert(
      fc.property(
        anyPacing,
        fc.integer({ min: 0, max: 20_000 }),
        fc.tuple(fc.integer({ min: 0, max: 12_000 }), fc.integer({ min: 0, max: 12_000 })),
        fc.integer({ min: 0, max: DAY }),
        (pacing, served, counts, passed) => {
          const chanceAt = (loaded: number) =>
            steer(flight({ pacing }), LINE, { served, loaded, clicks: 0 }, Date.parse(MONDAY) + passed, null)
              .chance
          expect(chanceAt(Math.max(...counts))).toBeLessThanOrEqual(chanceAt(Math.min(...counts)))
        },
      ),
    )
  })

  test('never falls with a greater budget where it is spent fast', () => {
    fc.assert(
      fc.property(
        fc.tuple(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 1e6 })),
        fc.integer({ min: 0, max: 20_000 }),
        (budgets, loaded) => {
          const chanceFor = (views: number) =>
            steer(
              flight({ pacing: 'fast', budget: { views } }),
              LINE,
              { ...none, served: 20_000, loaded },
              NOW,
              null,
            ).chance
          expect(chanceFor(Math.max(...budgets))).toBeGreaterThanOrEqual(chanceFor(Math.min(...budgets)))
        },
      ),
    )
  })
})
