import { Calendar, IdealLine } from '../../src/ad/line.ts'
import { type Flight, type Steering, steer } from '../../src/ad/pace.ts'
import { seeded } from './seeded.ts'

const DAY = 86_400_000

/** How much a site is read by the hour of a day, in percent of its best one: peaks at 8, 12 and 20, hardly anybody at night. */
const HOURS = [4, 2, 1, 1, 1, 4, 25, 70, 95, 60, 50, 60, 100, 70, 50, 45, 50, 55, 65, 85, 100, 70, 35, 12]

/** What is known of a site's week: hours of weekdays, and of weekends, on which less is read and later. */
export const WEEK = Array.from({ length: 7 }, (_, day) =>
  day < 5 ? HOURS : HOURS.map((_, hour) => 0.6 * (HOURS[(hour + 23) % 24] ?? 0)),
).flat()
const AVERAGE = WEEK.reduce((sum, weight) => sum + weight, 0) / WEEK.length

/** A world in which a campaign runs. */
export interface World {
  readonly start: string
  readonly days: number
  readonly budget: Flight['budget']
  readonly pacing?: Flight['pacing']
  /** How many times the budget of views could be had in the run, if it took part in every draw. */
  readonly plenty?: number
  /** Views a day that could be had instead, where the budget is one of clicks. */
  readonly viewsPerDay?: number
  /** Share of ads served that are loaded, at an hour of the run. */
  readonly loaded?: (hour: number) => number
  readonly clicked?: number
  /** Share of counts that never arrive. */
  readonly lost?: number
  /** Share of readers who come back to the page within the hour and load the ad then. */
  readonly laggards?: number
  /**
   * After how many seconds an isolate asks for the chance that has counted nothing; those that have are told in answer.
   * Without it all are told every second.
   */
  readonly asksEvery?: number
  /** Whether as much is read at night as at noon. */
  readonly isFlat?: boolean
  readonly seed?: number
}

/** What came of it. */
export interface Delivery {
  /** At each tenth of the run, how far the count is from the line, as a share of the budget. */
  readonly deviations: readonly number[]
  readonly loaded: number
  readonly clicks: number
  readonly served: number
  /** Seconds from the start to 98 % of the budget of views. */
  readonly spentAfter: number
  /** How many views could have been had until then, or until the end where it isn't spent. */
  readonly offered: number
}

const ISOLATES = 8
/** The longest that a count is on its way in seconds, laggards included: a power of two. */
const RING = 4096

/**
 * Runs a campaign second by second: readers come by Poisson's law to one of eight isolates whose clocks are up to two
 * seconds wrong; each draws with a chance that is one to three seconds old; counts of servings reach the ledger a
 * second later, those of loads after 1 to 30 seconds or never, clicks after 2 to 100.
 */
export function deliver(world: World): Delivery {
  const {
    days,
    budget,
    pacing = 'even',
    plenty = 4,
    loaded: loadRate = () => 0.7,
    clicked = 0.01,
    lost = 0,
    laggards = 0,
    asksEvery,
    isFlat = false,
    seed = 1,
  } = world
  const random = seeded(seed)
  const startsAt = Date.parse(world.start)
  const endsAt = startsAt + days * DAY
  const calendar = new Calendar('Europe/Berlin')
  const flight: Flight = { startsAt, endsAt, budget, pacing }
  const line = new IdealLine(startsAt, endsAt, isFlat ? [] : WEEK, calendar)
  const perDay = world.viewsPerDay ?? (plenty * (budget.views ?? 0)) / loadRate(0) / days
  const clocks = Array.from({ length: ISOLATES }, () => Math.round((random() * 4 - 2) * 10) / 10)
  const weekHours = calendar.daysOf(startsAt - DAY, endsAt + DAY)

  const coming = { loaded: new Int32Array(RING), clicks: new Int32Array(RING) }
  const chances = [0, 0, 0, 0]
  // Who has been told nothing yet takes part in every draw.
  const isolates = Array.from({ length: ISOLATES }, () => ({ chance: 1, toldAt: 0, answerAt: -1 }))
  let counted = -1
  let steering: Steering | null = null
  let [served, servedLately, loaded, clicks, offered] = [0, 0, 0, 0, 0]
  let [traffic, today, hourOfDay] = [0, 0, -1]
  let spentAfter = Number.POSITIVE_INFINITY
  let offeredUntilSpent = 0
  const deviations: number[] = []
  const goal = budget.views ?? budget.clicks ?? 1

  const seconds = days * 86_400
  for (let second = 0; second < seconds + 3700; second++) {
    const now = startsAt + second * 1000
    const slot = second & (RING - 1)
    loaded += coming.loaded[slot] ?? 0
    clicks += coming.clicks[slot] ?? 0
    coming.loaded[slot] = 0
    coming.clicks[slot] = 0
    if (second < seconds) {
      if (loaded >= 0.98 * goal && spentAfter === Number.POSITIVE_INFINITY)
        [spentAfter, offeredUntilSpent] = [second, offered]
      const isAsked =
        asksEvery === undefined || served + loaded + clicks !== counted || second % asksEvery === 0
      if (isAsked || !steering) steering = steer(flight, line, { served, loaded, clicks }, now, steering)
      counted = served + loaded + clicks
      chances[second & 3] = steering.chance
      for (const isolate of isolates) {
        if (isolate.answerAt !== second && second - isolate.toldAt < (asksEvery ?? 0)) continue
        isolate.chance = steering.chance
        isolate.toldAt = second
      }
    }
    served += servedLately
    servedLately = 0
    // What an hour brings is what the week says, give or take a quarter: news.
    const hour = Math.floor(second / 3600)
    if (hour !== hourOfDay) {
      hourOfDay = hour
      while ((weekHours[today]?.until ?? Number.POSITIVE_INFINITY) <= now) today++
      const day = weekHours[today]
      const weight = WEEK[day?.hours[Math.floor((now - day.from) / 3_600_000)] ?? 0] ?? 0
      const usual = isFlat ? 1 : weight / AVERAGE
      traffic = (perDay / 86_400) * usual * (0.75 + random() / 2)
    }
    for (let view = poisson(traffic, random); view > 0; view--) {
      const number = Math.floor(random() * ISOLATES)
      const clock = now + (clocks[number] ?? 0) * 1000
      const isolate = isolates[number]
      if (clock < startsAt || clock >= endsAt) continue
      offered++
      const old = 1 + Math.floor(random() * 3)
      const told = second < old ? 0 : (chances[(second - old) & 3] ?? 0)
      if (random() >= (asksEvery === undefined ? told : (isolate?.chance ?? 0))) continue
      if (isolate && isolate.answerAt < second) isolate.answerAt = second + old
      servedLately++
      const late = random() < laggards
      if (late || random() < loadRate(hour)) {
        const delay = late ? 60 + Math.floor(random() * 3540) : 1 + Math.floor(random() ** 3 * 30)
        if (random() >= lost) add(coming.loaded, second + delay)
        if (random() < clicked) add(coming.clicks, second + delay + 1 + Math.floor(random() * 70))
      }
    }
    if (second > 0 && second <= seconds && second % (seconds / 10) === 0) {
      deviations.push((budget.views === undefined ? clicks : loaded) / goal - line.at(now))
    }
  }
  return {
    deviations,
    loaded,
    clicks,
    served,
    spentAfter,
    offered: Number.isFinite(spentAfter) ? offeredUntilSpent : offered,
  }
}

function add(ring: Int32Array, second: number): void {
  const slot = second & (RING - 1)
  ring[slot] = (ring[slot] ?? 0) + 1
}

/** A number of events by Poisson's law (D. Knuth); few at a time. */
function poisson(mean: number, random: () => number): number {
  if (mean <= 0) return 0
  if (mean > 30) return poisson(30, random) + poisson(mean - 30, random)
  const limit = Math.exp(-mean)
  let count = 0
  for (let product = random(); product > limit; product *= random()) count++
  return count
}
