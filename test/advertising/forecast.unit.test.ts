import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Booking, conflicts } from '../../src/ad/conflicts.ts'
import { type Course, forecast } from '../../src/ad/forecast.ts'
import { inventoryFor, type Shelf, type ShelfDay } from '../../src/ad/inventory.ts'
import { Calendar, IdealLine } from '../../src/ad/line.ts'
import type { Flight } from '../../src/ad/pace.ts'
import { WEEK } from '../support/delivery.ts'

/** What a seller is told of what is to come. */

const DAY = 86_400_000
const BERLIN = new Calendar('Europe/Berlin')
const MONDAY = Date.parse('2026-01-12T00:00:00+01:00')

describe('when a budget will be reached', () => {
  const flight = (change: Partial<Flight> = {}): Flight => ({
    startsAt: MONDAY,
    endsAt: MONDAY + 28 * DAY,
    budget: { views: 28_000 },
    pacing: 'fast',
    ...change,
  })
  /** What was counted of a run that has had its days, the last seven of which brought as many as said. */
  const counted = (now: number, views: number, lately: number, clicks = 0): Course => ({
    views,
    clicks,
    lately: { since: now - 7 * DAY, views: lately, clicks },
  })
  const tell = (run: Flight, course: Course, now: number) =>
    forecast(run, new IdealLine(run.startsAt, run.endsAt, WEEK, BERLIN), course, WEEK, BERLIN, now)
  const TWO_WEEKS = MONDAY + 14 * DAY

  test('a fast run that brought 7,000 a week has a week to go for 7,000 more', () => {
    const said = tell(flight(), counted(TWO_WEEKS, 21_000, 7000), TWO_WEEKS)
    expect(said).toMatchObject({ reason: 'at-this-pace', of: 'views', isShort: false, expected: 28_000 })
    expect(Math.abs((said.reachedAt ?? 0) - (TWO_WEEKS + 7 * DAY))).toBeLessThan(60_000)
  })

  test('a weekend brings less than other days', () => {
    const friday = MONDAY + 18 * DAY
    const said = tell(flight(), counted(friday, 26_000, 7000), friday)
    const monday = tell(flight(), counted(TWO_WEEKS, 26_000, 7000), TWO_WEEKS)
    expect((said.reachedAt ?? 0) - friday).toBeGreaterThan((monday.reachedAt ?? 0) - TWO_WEEKS)
  })

  test('an even run on its line is reached with its end, however the last days were', () => {
    const said = tell(flight({ pacing: 'even' }), counted(TWO_WEEKS, 13_900, 6000), TWO_WEEKS)
    expect(said).toEqual({
      reason: 'on-course',
      of: 'views',
      reachedAt: MONDAY + 28 * DAY,
      expected: 28_000,
      isShort: false,
    })
  })

  test('an even run far behind gets no further than at its pace', () => {
    const said = tell(flight({ pacing: 'even' }), counted(TWO_WEEKS, 8000, 4000), TWO_WEEKS)
    expect(said).toMatchObject({ reason: 'falls-short', reachedAt: null, isShort: true })
    expect(said.expected).toBeCloseTo(16_000, 0)
  })

  test('of two budgets the one that is reached first is spoken of', () => {
    const both = flight({ budget: { views: 28_000, clicks: 300 } })
    const course = {
      views: 14_000,
      clicks: 200,
      lately: { since: TWO_WEEKS - 7 * DAY, views: 7000, clicks: 100 },
    }
    const said = tell(both, course, TWO_WEEKS)
    expect(said.of).toBe('clicks')
    expect(Math.abs((said.reachedAt ?? 0) - (TWO_WEEKS + 7 * DAY))).toBeLessThan(60_000)
  })

  test.each([
    ['no-budget', flight({ budget: {} }), counted(TWO_WEEKS, 500, 500), TWO_WEEKS, false],
    ['reached', flight(), counted(TWO_WEEKS, 28_001, 500), TWO_WEEKS, false],
    ['not-begun', flight(), counted(MONDAY - DAY, 0, 0), MONDAY - DAY, false],
    ['ended', flight(), counted(MONDAY + 29 * DAY, 20_000, 5000), MONDAY + 29 * DAY, true],
    ['ended', flight(), counted(MONDAY + 29 * DAY, 27_900, 5000), MONDAY + 29 * DAY, false],
    ['too-early', flight(), counted(MONDAY + DAY / 10, 10, 10), MONDAY + DAY / 10, false],
    ['unused', flight(), counted(TWO_WEEKS, 500, 0), TWO_WEEKS, true],
    [
      'not-in-sight',
      flight({ endsAt: Number.POSITIVE_INFINITY }),
      counted(TWO_WEEKS, 9, 7),
      TWO_WEEKS,
      false,
    ],
  ] as const)('%s: no day is named', (reason, run, course, now, isShort) => {
    expect(tell(run, course, now)).toMatchObject({ reason, reachedAt: null, isShort })
  })

  test('is a moment of the run or none, whatever comes in', () => {
    const anyNumber = fc.oneof(fc.double(), fc.integer({ min: -10, max: 40_000 }))
    fc.assert(
      fc.property(
        fc.record({ views: anyNumber, clicks: anyNumber }),
        fc.record({
          since: fc.integer({ min: MONDAY - 9 * DAY, max: MONDAY + 40 * DAY }),
          views: anyNumber,
          clicks: anyNumber,
        }),
        fc.integer({ min: MONDAY - 9 * DAY, max: MONDAY + 40 * DAY }),
        fc.constantFrom('even' as const, 'fast' as const),
        (counts, lately, now, pacing) => {
          const said = tell(
            flight({ pacing, budget: { views: 9000, clicks: 80 } }),
            { ...counts, lately },
            now,
          )
          expect(Number.isNaN(said.expected)).toBe(false)
          if (said.reachedAt === null) return
          expect(said.reachedAt).toBeGreaterThanOrEqual(now)
          expect(said.reachedAt).toBeLessThanOrEqual(MONDAY + 28 * DAY)
          expect(said.isShort).toBe(false)
        },
      ),
    )
  })
})

describe('what is likely to be had on a day', () => {
  const daysBefore = (day: string, count: number) =>
    new Date(Date.parse(`${day}T00:00:00Z`) - count * DAY).toISOString().slice(0, 10)
  const TODAY = '2026-02-09'
  const brought = (views: (day: string, back: number) => number, weeks = 4): ShelfDay[] =>
    Array.from({ length: weeks * 7 }, (_, index) => {
      const day = daysBefore(TODAY, index + 1)
      return { placement: 'in-article', section: 'kultur', day, views: views(day, index + 1) }
    })
  const isSunday = (day: string) => new Date(`${day}T00:00:00Z`).getUTCDay() === 0
  const viewsOn = (day: string, history: ShelfDay[]) => inventoryFor(day, history, TODAY)[0]?.views

  test('is what the same weekday brought', () => {
    const history = brought((day) => (isSunday(day) ? 400 : 1000))
    expect(viewsOn('2026-02-15', history)).toBe(400)
    expect(viewsOn('2026-02-16', history)).toBe(1000)
  })

  test('isn’t moved by a day on which everybody came, nor by one on which nobody did', () => {
    const outlier = (views: number) =>
      brought((day, back) => (back === 7 ? views : isSunday(day) ? 400 : 1000))
    expect(viewsOn('2026-02-16', outlier(90_000))).toBe(1000)
    expect(viewsOn('2026-02-16', outlier(0))).toBe(1000)
  })

  test('takes what is known of a young site, and all days where the weekday wasn’t seen', () => {
    expect(
      viewsOn(
        '2026-02-16',
        brought(() => 1000, 1),
      ),
    ).toBe(1000)
    const [yesterday] = brought(() => 300)
    expect(yesterday && viewsOn('2026-02-16', [yesterday])).toBe(300)
    expect(inventoryFor('2026-02-16', [], TODAY)).toEqual([])
  })

  test('leaves out today and what is older than four weeks, and takes a missing day as one without views', () => {
    const others = [
      { placement: 'in-article' as const, section: 'kultur', day: TODAY, views: 5 },
      { placement: 'in-article' as const, section: 'kultur', day: '2025-12-15', views: 5 },
    ]
    expect(viewsOn('2026-02-16', [...brought(() => 1000), ...others])).toBe(1000)
    const mondaysMissing = brought(() => 1000).filter(({ day }) => new Date(day).getUTCDay() !== 1)
    expect(viewsOn('2026-02-16', mondaysMissing)).toBe(0)
  })

  test('is told by placement and section', () => {
    const more = brought(() => 10).map((one) => ({ ...one, placement: 'side' as const, section: '' }))
    expect(inventoryFor('2026-02-16', [...brought(() => 1000), ...more], TODAY)).toEqual([
      { placement: 'in-article', section: 'kultur', views: 1000 },
      { placement: 'side', section: '', views: 10 },
    ])
  })
})

describe('more sold than there is room for', () => {
  const shelf = (section: string, views: number): Shelf => ({ placement: 'in-article', section, views })
  const days = (shelves: Shelf[], count = 2) =>
    Array.from({ length: count }, (_, index) => ({
      from: MONDAY + index * DAY,
      until: MONDAY + (index + 1) * DAY,
      shelves,
    }))
  const booking = (
    id: string,
    views: number,
    sections: string[],
    change: Partial<Booking> = {},
  ): Booking => ({
    id,
    startsAt: MONDAY,
    endsAt: MONDAY + 2 * DAY,
    views,
    uses: ({ section }) => sections.includes(section),
    ...change,
  })

  test('two campaigns for one section that has room for one of them', () => {
    const kultur = shelf('kultur', 1000)
    const found = conflicts(
      [booking('a', 1600, ['kultur']), booking('b', 1600, ['kultur'])],
      days([kultur]),
      MONDAY,
    )
    expect(found).toHaveLength(2)
    expect(found[0]).toEqual({
      from: MONDAY,
      until: MONDAY + DAY,
      campaigns: ['a', 'b'],
      shelves: [kultur],
      sold: 1600,
      available: 1000,
    })
  })

  test('no alarm where one of them may stand elsewhere, even if it has to make room twice', () => {
    const shelves = [shelf('kultur', 1000), shelf('sport', 1000), shelf('lokales', 1000)]
    const sold = [
      booking('a', 2000, ['kultur', 'sport']),
      booking('b', 2000, ['kultur', 'lokales']),
      booking('c', 2000, ['kultur']),
    ]
    expect(conflicts(sold, days(shelves), MONDAY)).toEqual([])
  })

  test('only those are named that can’t get out of each other’s way', () => {
    const shelves = [shelf('kultur', 100), shelf('sport', 1000), shelf('lokales', 100)]
    const sold = [
      booking('a', 400, ['kultur']),
      booking('b', 400, ['sport', 'kultur']),
      booking('c', 400, ['lokales']),
      booking('nowhere', 10, []),
    ]
    expect(conflicts(sold, days(shelves, 1), MONDAY).map(({ campaigns }) => campaigns)).toEqual([
      ['a'],
      ['c'],
      ['nowhere'],
    ])
  })

  test('only the days on which both run', () => {
    const second = booking('b', 800, ['kultur'], { startsAt: MONDAY + DAY })
    const found = conflicts([booking('a', 1600, ['kultur']), second], days([shelf('kultur', 1000)]), MONDAY)
    expect(found.map(({ from, sold }) => [from, sold])).toEqual([[MONDAY + DAY, 1600]])
  })

  test('what is left of a budget is due in the time that is left', () => {
    const found = conflicts([booking('a', 1500, ['kultur'])], days([shelf('kultur', 1000)]), MONDAY + DAY)
    expect(found.map(({ from, sold }) => [from, sold])).toEqual([[MONDAY + DAY, 1500]])
  })

  test('exactly when some set of campaigns was sold more than all its places have (Hall)', () => {
    const anySold = fc.array(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 31 })), {
      minLength: 1,
      maxLength: 7,
    })
    fc.assert(
      fc.property(
        anySold,
        fc.array(fc.integer({ min: 0, max: 15 }), { minLength: 5, maxLength: 5 }),
        (sold, sizes) => {
          const shelves = sizes.map((views, index) => shelf(String(index), views))
          const mayUse = (mask: number, { section }: Shelf) => ((mask >> Number(section)) & 1) === 1
          const bookings = sold.map(([views, mask], index) =>
            booking(String(index), views, [], { endsAt: MONDAY + DAY, uses: (one) => mayUse(mask, one) }),
          )
          const excess = (chosen: readonly (readonly [number, number])[]) => {
            const views = chosen.reduce((sum, [views]) => sum + views, 0)
            const reach = chosen.reduce((all, [, mask]) => all | mask, 0)
            return (
              views - shelves.filter((one) => mayUse(reach, one)).reduce((sum, { views }) => sum + views, 0)
            )
          }
          const sets = Array.from({ length: 2 ** sold.length }, (_, set) =>
            sold.filter((_, index) => (set >> index) & 1),
          )
          const worst = Math.max(...sets.map(excess))
          const found = conflicts(bookings, days(shelves, 1), MONDAY)
          const missing = found.reduce((sum, { sold, available }) => sum + sold - available, 0)
          expect(missing).toBeCloseTo(Math.max(0, worst), 6)
          for (const { sold, available } of found) expect(sold).toBeGreaterThan(available)
        },
      ),
      { numRuns: 1000 },
    )
  })

  test('two thousand campaigns in a hundred places are seen through in a moment', () => {
    const shelves = Array.from({ length: 100 }, (_, index) => shelf(String(index), 2000))
    const sold = Array.from({ length: 2000 }, (_, index) => {
      const sections = Array.from({ length: 1 + (index % 5) }, (_, step) =>
        String((index * (step + 1)) % 100),
      )
      return booking(String(index), 180, sections)
    })
    const started = performance.now()
    conflicts(sold, days(shelves, 30), MONDAY)
    expect(performance.now() - started).toBeLessThan(5000)
  })
})
