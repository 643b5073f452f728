import { dayIn, hourIn, startOfDay, weekdayIn } from '../locale/locale.ts'
import { WEEKDAYS } from './campaign.ts'

const HOUR = 3_600_000
const WEEKDAY_NAMES: readonly string[] = WEEKDAYS
/** Past two years of a run a day's curve is nothing that could be seen in its line. */
const MOST_DAYS = 800

/** A day of a time zone, in milliseconds since 1970, with the hour of the week (0 is Monday, midnight) of each of its hours. */
interface Day {
  readonly from: number
  readonly until: number
  readonly hours: readonly number[]
}

/** Which hour of a week a moment is in, from 0 on Monday, midnight. */
export const hourOfWeek = (at: Date, timezone: string): number =>
  dayOfWeek(at, timezone) * 24 + hourIn(at, timezone)

const dayOfWeek = (at: Date, timezone: string) => WEEKDAY_NAMES.indexOf(weekdayIn(at, timezone))

/** How far a part of a run's line reaches. */
interface Step {
  readonly until: number
  /** The share of the budget that is due then. */
  readonly due: number
}

/**
 * The days of a time zone, with their 23, 24 or 25 hours. One for a site: all campaigns ask for the same days.
 */
export class Calendar {
  readonly #timezone: string
  readonly #days = new Map<number, Day>()

  constructor(timezone: string) {
    this.#timezone = timezone
  }

  /** The days that a run touches, whole ones. */
  daysOf(startsAt: number, endsAt: number): Day[] {
    const days: Day[] = []
    let from = startOfDay(dayIn(new Date(startsAt), this.#timezone), this.#timezone).getTime()
    while (from < endsAt) {
      const day = this.#dayFrom(from)
      days.push(day)
      from = day.until
    }
    return days
  }

  #dayFrom(from: number): Day {
    const known = this.#days.get(from)
    if (known) return known
    // However long this day is, a day and a half hour past 25 is in the next one.
    const until = startOfDay(dayIn(new Date(from + 25.5 * HOUR), this.#timezone), this.#timezone).getTime()
    const count = Math.ceil((until - from) / HOUR)
    const weekday = dayOfWeek(new Date(from), this.#timezone)
    const hours = Array.from({ length: count }, (_, index) => {
      const hour = count === 24 ? index : hourIn(new Date(from + index * HOUR), this.#timezone)
      return weekday * 24 + hour
    })
    const day = { from, until, hours }
    this.#days.set(from, day)
    return day
  }
}

/**
 * How much of a budget is due by when. It goes by the clock from midnight to midnight: each day of the run is due the
 * same, whatever its traffic, and a day that the run only touches is due its part. Within a day it follows the hours
 * in which the site is read, because at four in the morning nobody is there to see what the clock would ask for: by
 * the clock alone a run of one day would be a quarter behind at six.
 */
export class IdealLine {
  readonly #startsAt: number
  readonly #steps: readonly Step[]

  /**
   * @param startsAt milliseconds since 1970, as is `endsAt`
   * @param week how much is to be had in each of the 168 hours of a week from Monday, midnight, in any unit; 0 where the
   *   campaign doesn't run. A list that says nothing, or of another length, is a site that is read evenly.
   */
  constructor(startsAt: number, endsAt: number, week: readonly number[], calendar: Calendar) {
    this.#startsAt = startsAt
    const isRun = Number.isFinite(startsAt) && Number.isFinite(endsAt) && endsAt > startsAt
    const isLong = !isRun || endsAt - startsAt > MOST_DAYS * 24 * HOUR
    const steps = isLong ? [] : stepsOf(startsAt, endsAt, week, calendar)
    this.#steps = steps.length > 0 ? steps : [{ until: isRun ? endsAt : startsAt, due: 1 }]
  }

  /**
   * The share of the budget, 0 to 1, that is due at a moment.
   * @param now milliseconds since 1970
   */
  at(now: number): number {
    if (!(now > this.#startsAt)) return 0
    const steps = this.#steps
    let [low, high] = [0, steps.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((steps[middle]?.until ?? now) > now) high = middle
      else low = middle + 1
    }
    const step = steps[low]
    if (!step) return 1
    const before = steps[low - 1] ?? { until: this.#startsAt, due: 0 }
    return before.due + ((step.due - before.due) * (now - before.until)) / (step.until - before.until)
  }
}

/** A step for every hour of the run; none where no hour of it has readers. */
function stepsOf(startsAt: number, endsAt: number, week: readonly number[], calendar: Calendar): Step[] {
  const isKnown = week.length === 168 && week.some(isPositive)
  const weightOf = (hour: number) => (isKnown ? (isPositive(week[hour]) ? (week[hour] ?? 0) : 0) : 1)
  const steps: { until: number; due: number }[] = []
  let total = 0
  for (const { from, until, hours } of calendar.daysOf(startsAt, endsAt)) {
    const parts = hours.flatMap((hour, index) => {
      const begin = Math.max(startsAt, from + index * HOUR)
      const end = Math.min(endsAt, until, from + (index + 1) * HOUR)
      return end > begin ? [{ end, weight: weightOf(hour) * (end - begin) }] : []
    })
    const weight = parts.reduce((sum, part) => sum + part.weight, 0)
    const time = Math.min(endsAt, until) - Math.max(startsAt, from)
    for (const part of parts) {
      if (weight > 0) total += (time * part.weight) / weight
      steps.push({ until: part.end, due: total })
    }
  }
  return total > 0 ? steps.map(({ until, due }) => ({ until, due: Math.min(1, due / total) })) : []
}

const isPositive = (value: number | undefined) => value !== undefined && Number.isFinite(value) && value > 0
