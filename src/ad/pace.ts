import * as v from 'valibot'
import type { IdealLine } from './line.ts'

/** What was agreed about a campaign's run. */
export interface Flight {
  /** Milliseconds since 1970. */
  readonly startsAt: number
  /** Milliseconds since 1970; `Infinity` where no end was agreed, and `even` has nothing to be spread over. */
  readonly endsAt: number
  /** Both: whichever is reached first ends it. Views are those that were loaded. */
  readonly budget: { readonly views?: number | undefined; readonly clicks?: number | undefined }
  readonly pacing: 'even' | 'fast'
}

/** What has been counted of a campaign since its start. */
export interface Progress {
  readonly served: number
  readonly loaded: number
  readonly clicks: number
}

/** With which chance a campaign takes part, and what the next reckoning wants to know: plain data, to be kept beside the counts. */
export const Steering = v.object({
  /** 0 to 1. */
  chance: v.number(),
  /** When it was reckoned, milliseconds since 1970. */
  at: v.number(),
  served: v.number(),
  /** How often it was served of late, and for how many seconds at chance 1 that was, older ones counting less. */
  yield: v.object({ served: v.number(), seconds: v.number() }),
  /** How much had been served when, the oldest first. */
  past: v.array(v.tuple([v.number(), v.number()])),
})
export type Steering = v.InferOutput<typeof Steering>

/** One of the budgets, as it stands. */
interface Goal {
  readonly budget: number
  readonly count: number
  /** How many more the ads already on their way are likely to bring, and will bring at most. */
  readonly likely: number
  readonly most: number
  /** How many one ad served brings, and brings at most. */
  readonly rate: number
  readonly highest: number
}

/** After so many seconds an ad that wasn't loaded won't be: a reader who never scrolls there. Half a minute, and the way. */
const LOADED_AFTER = 35
/** After so many seconds nearly everybody who clicks has clicked. */
const CLICKED_AFTER = 120
/** What is on its way may exceed a budget by this share even if every ad of it is loaded. */
const SLACK = 0.015
/**
 * A chance is lowered so that what is left would last this many seconds. From a view to its count to a chance in the
 * last isolate takes up to 5, and what follows its own past by such a delay overshoots unless it takes e times as long
 * (x' = −k·x(t−d) swings where k·d > 1/e).
 */
const REACTION = 15
/** Before anything is known of a site, 200 views a second are feared, with the weight of a quarter of a view. */
const FEARED = { served: 0.25, seconds: 0.00125 }
/**
 * How long it takes until what a chance brought counts a third, in seconds; but the last thirty views are remembered
 * however long ago they were: of a campaign that has ten a day nothing would be known otherwise.
 */
const MEMORY = 600
const REMEMBERED = 30
/** How often the past is noted, in seconds. */
const NOTED_EVERY = 2.5

/**
 * The chance, 0 to 1, with which a campaign takes part in a draw from now on. To be asked once a second while anything
 * is counted, and every half minute or so while nothing is. An isolate has to be told, too, that has counted nothing:
 * where the chance is small nothing is counted, and nobody would learn that it has risen.
 *
 * It needs no forecast: how many views a chance brings is seen from what it has brought, and how many of those that
 * were served are loaded from those that had time to. What is still on its way is taken into account twice: as what is
 * likely to come of it, and as the most that can.
 *
 * What isn't reached on a day with too few readers is made up for as soon as there are enough, at chance 1 if need be.
 *
 * @param line what is due by when
 * @param moment milliseconds since 1970
 * @param before what this function returned last; null at the start, or where it was lost: then what was served counts
 *   as loaded or not, and the chance rises from a small one
 */
export function steer(
  flight: Flight,
  line: IdealLine,
  progress: Progress,
  moment: number,
  before: Steering | null,
): Steering {
  const now = momentOf(moment, before?.at ?? 0)
  const served = count(progress.served)
  const past = pastOf(before, served, now)
  const gained = yieldOf(before, served, now)
  const goals = goalsOf(flight, progress, past, now)
  const perSecond = (gained.served + FEARED.served) / (gained.seconds + FEARED.seconds)
  const chances = goals.map((goal) => {
    const left = allowed(goal) / REACTION
    if (flight.pacing === 'fast' || !hasLength(flight)) return left / perSecond
    return Math.min(left, wanted(goal, flight, line, now)) / perSecond
  })
  const isOver = !(now < flight.endsAt)
  return {
    chance: isOver ? 0 : Math.max(0, Math.min(1, ...chances)),
    at: now,
    served,
    yield: gained,
    past,
  }
}

/** How many more ads may be served at all. */
function allowed({ budget, count, likely, most, rate, highest }: Goal): number {
  const left = budget - count - likely
  if (left < 0.5) return 0
  return Math.max(0, Math.min(left / rate, (budget * (1 + SLACK) - count - most) / highest))
}

/**
 * How many ads a second bring the count to its line. It looks ahead a two-hundredth of the run, but far enough for ten
 * to be due (one click more or less would throw it about), and never past the end.
 */
function wanted(
  { budget, count, likely, rate }: Goal,
  { startsAt, endsAt }: Flight,
  line: IdealLine,
  now: number,
): number {
  const run = endsAt - startsAt
  const forTen = Math.min(run / 20, (run * 10) / budget)
  const usual = Math.min(1_800_000, Math.max(30_000, run / 200))
  const ahead = Math.max(5000, Math.min(Math.max(usual, forTen), endsAt - now))
  const at = Math.max(now, startsAt)
  const due = budget * line.at(at + ahead) - count - likely
  return Math.max(0, due / rate / (ahead / 1000))
}

function goalsOf({ budget }: Flight, progress: Progress, past: Steering['past'], now: number): Goal[] {
  const served = count(progress.served)
  const goals: Goal[] = []
  if (budget.views !== undefined) {
    const loaded = count(progress.loaded)
    const known = servedBefore(past, now - LOADED_AFTER * 1000)
    // Of the first ones all are expected to be loaded.
    const rate = Math.min(1, (loaded + 5) / (known + 5))
    const most = Math.max(0, Math.min(served - known, served - loaded))
    const likely = Math.max(0, Math.min(most, rate * served - loaded))
    goals.push({ budget: count(budget.views), count: loaded, likely, most, rate, highest: 1 })
  }
  if (budget.clicks !== undefined) {
    const clicks = count(progress.clicks)
    const known = servedBefore(past, now - CLICKED_AFTER * 1000)
    // One in two hundred, until a few hundred have been seen.
    const rate = Math.min(1, (clicks + 1) / (known + 200))
    const likely = Math.max(0, served - known) * rate
    const most = likely + 2 * Math.sqrt(likely)
    goals.push({ budget: count(budget.clicks), count: clicks, likely, most, rate, highest: rate })
  }
  return goals
}

function yieldOf(before: Steering | null, served: number, now: number): Steering['yield'] {
  if (!before) return { served: 0, seconds: 0 }
  const seconds = Math.max(0, (now - before.at) / 1000)
  const known = before.yield.served
  const kept = known > REMEMBERED ? Math.max(Math.exp(-seconds / MEMORY), REMEMBERED / known) : 1
  // What is forgotten meanwhile is forgotten of the meantime, too, however long nobody asked.
  const lasting = kept < 1 ? (kept - 1) / Math.log(kept) : 1
  return {
    served: known * kept + Math.max(0, served - before.served),
    seconds: before.yield.seconds * kept + before.chance * seconds * lasting,
  }
}

/** Notes what had been served, and forgets what is too old to be asked for. */
function pastOf(before: Steering | null, served: number, now: number): Steering['past'] {
  if (!before) return [[now - CLICKED_AFTER * 1000, served]]
  const last = before.past.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY
  if (now - last < NOTED_EVERY * 1000) return before.past
  const oldest = before.past.findLastIndex(([at]) => at <= now - CLICKED_AFTER * 1000)
  return [...before.past.slice(Math.max(0, oldest)), [now, served]]
}

function servedBefore(past: Steering['past'], moment: number): number {
  return past.findLast(([at]) => at <= moment)?.[1] ?? 0
}

const hasLength = ({ startsAt, endsAt }: Flight) =>
  Number.isFinite(startsAt) && Number.isFinite(endsAt) && endsAt > startsAt

/** Whatever comes in as a count: what is none is nothing, and nobody counts further than a thousand million million. */
const count = (value: number) => (value > 0 ? Math.min(value, 1e15) : 0)

/** The furthest moment from 1970 that a `Date` knows (ECMA-262 §21.4.1.1). */
const FURTHEST = 8.64e15

/** What is no moment would stay in all that is reckoned later: no time has passed then. */
const momentOf = (value: number, last: number) => (Math.abs(value) <= FURTHEST ? value : last)
