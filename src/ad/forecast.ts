import type { Calendar, IdealLine } from './line.ts'
import type { Flight } from './pace.ts'

const HOUR = 3_600_000
/** Nothing is said of what lies further ahead. */
const FORESIGHT = 400 * 24 * HOUR
/** Before so much of a run has been seen, its pace is chance. */
const LEAST_SEEN = 6 * HOUR
/** What is missing of a budget at the end and still counts as delivered; that much, steering keeps to. */
const TOLERANCE = 0.02
/** An even run that is no further behind than this is where it should be. */
const BEHIND = 0.05

/** What has been counted of a campaign, and how much of that lately. */
export interface Course {
  readonly views: number
  readonly clicks: number
  /** Up to seven days: longer, and what changed last week isn't seen. */
  readonly lately: { readonly since: number; readonly views: number; readonly clicks: number }
}

/**
 * Why a forecast says what it says. `on-course`: an even run on its line, which its end completes. `at-this-pace`: it
 * will be reached before the end. `falls-short`: the run ends before. `not-in-sight`: there is no end, and at this pace
 * it takes more than 400 days. `unused`: nothing has been counted lately.
 */
export const REASONS = [
  'no-budget',
  'reached',
  'not-begun',
  'ended',
  'too-early',
  'unused',
  'on-course',
  'at-this-pace',
  'falls-short',
  'not-in-sight',
] as const
export type Reason = (typeof REASONS)[number]

/** When a campaign's budget will be reached. */
export interface Forecast {
  readonly reason: Reason
  /** Milliseconds since 1970; null where it won't be, was already, or can't be said. */
  readonly reachedAt: number | null
  /** Which budget this is about. */
  readonly of: 'views' | 'clicks' | null
  /** What will have been counted at the end of the run; null where nothing can be said. */
  readonly expected: number | null
  /** Whether the run ends with less than 98 % of what was sold. */
  readonly isShort: boolean
}

/**
 * When a budget will be reached at the pace of late. A day of the week brings in proportion to how much the site is
 * read on it. An even run on its line is taken to stay there, because it is being held back; one that is behind takes
 * part in every draw already, so that its pace is all there is.
 * Of two budgets the one that will be reached first is spoken of, and where neither will be, the one that comes nearer.
 *
 * @param week how much the site is read in the 168 hours of a week from Monday, midnight, in any unit
 * @param now milliseconds since 1970
 */
export function forecast(
  flight: Flight,
  line: IdealLine,
  course: Course,
  week: readonly number[],
  calendar: Calendar,
  now: number,
): Forecast {
  const { views, clicks } = flight.budget
  const goals = [
    ...(views ? [{ of: 'views' as const, budget: views }] : []),
    ...(clicks ? [{ of: 'clicks' as const, budget: clicks }] : []),
  ]
  const forecasts = goals.map(({ of, budget }) => {
    const given = { budget, counted: course[of], lately: course.lately[of], since: course.lately.since }
    const { reachedAt = null, expected = null, ...said } = sayOf(given, flight, line, week, calendar, now)
    const share = (expected ?? given.counted) / budget
    return { share, forecast: { ...said, reachedAt, expected, of } }
  })
  const done = forecasts.find(({ forecast: { reason } }) => reason === 'reached')
  const [first] = forecasts
    .filter(({ forecast }) => forecast.reachedAt !== null)
    .sort((a, b) => (a.forecast.reachedAt ?? 0) - (b.forecast.reachedAt ?? 0))
  const [nearest] = forecasts.sort((a, b) => b.share - a.share)
  const chosen = done ?? first ?? nearest
  return (
    chosen?.forecast ?? { reason: 'no-budget', reachedAt: null, of: null, expected: null, isShort: false }
  )
}

interface Given {
  readonly budget: number
  readonly counted: number
  readonly lately: number
  readonly since: number
}

interface Said {
  readonly reason: Reason
  readonly isShort: boolean
  readonly reachedAt?: number | null
  readonly expected?: number
}

function sayOf(
  { budget, counted, lately, since }: Given,
  flight: Flight,
  line: IdealLine,
  week: readonly number[],
  calendar: Calendar,
  now: number,
): Said {
  const { startsAt, endsAt, pacing } = flight
  if (counted >= budget) return { reason: 'reached', expected: counted, isShort: false }
  if (now >= endsAt)
    return { reason: 'ended', expected: counted, isShort: counted < budget * (1 - TOLERANCE) }
  if (now < startsAt) return { reason: 'not-begun', isShort: false }
  const seenFrom = Math.max(startsAt, since)
  if (!(now - seenFrom >= LEAST_SEEN)) return { reason: 'too-early', isShort: false }
  const isEven = pacing === 'even' && Number.isFinite(endsAt)
  if (isEven && counted / budget >= line.at(now) - BEHIND)
    return { reason: 'on-course', reachedAt: endsAt, expected: budget, isShort: false }

  const read = readership(seenFrom, now, week, calendar)
  if (lately <= 0 || read <= 0)
    return { reason: 'unused', expected: counted, isShort: Number.isFinite(endsAt) }
  const pace = lately / read
  const last = Math.min(endsAt, now + FORESIGHT)
  const expected = counted + pace * readership(now, last, week, calendar)
  if (expected >= budget) {
    const reachedAt = momentOf((budget - counted) / pace, now, last, week, calendar)
    return { reason: 'at-this-pace', reachedAt, expected: budget, isShort: false }
  }
  if (last < endsAt) return { reason: 'not-in-sight', isShort: Number.isFinite(endsAt), expected }
  return { reason: 'falls-short', expected, isShort: expected < budget * (1 - TOLERANCE) }
}

/** How much the site is read between two moments, in the week's unit. */
function readership(from: number, until: number, week: readonly number[], calendar: Calendar): number {
  return hoursOf(from, until, week, calendar).reduce((sum, { read }) => sum + read, 0)
}

/** When so much will have been read. */
function momentOf(
  amount: number,
  from: number,
  until: number,
  week: readonly number[],
  calendar: Calendar,
): number {
  let left = amount
  for (const { begin, end, read } of hoursOf(from, until, week, calendar)) {
    if (read > 0 && read >= left) return begin + ((end - begin) * left) / read
    left -= read
  }
  return until
}

function hoursOf(from: number, until: number, week: readonly number[], calendar: Calendar) {
  const isKnown = week.length === 168 && week.some((weight) => weight > 0)
  return calendar.daysOf(from, until).flatMap((day) =>
    day.hours.flatMap((hour, index) => {
      const begin = Math.max(from, day.from + index * HOUR)
      const end = Math.min(until, day.until, day.from + (index + 1) * HOUR)
      const weight = isKnown ? Math.max(0, week[hour] ?? 0) : 1
      return end > begin ? [{ begin, end, read: (weight * (end - begin)) / HOUR }] : []
    }),
  )
}
