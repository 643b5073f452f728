import * as v from 'valibot'
import { type Campaign, WEEKDAYS } from './campaign.ts'
import type { ToldChances } from './count.ts'
import { Calendar, hourOfWeek, IdealLine } from './line.ts'
import { type Flight, type Progress, Steering, steer } from './pace.ts'
import { hasBudget, isInForce } from './plan.ts'

/** A campaign with a budget, and when how much of it is due. */
interface Run {
  readonly campaign: Campaign
  readonly flight: Flight
  readonly line: IdealLine
  /** What the line was made of. */
  readonly key: string
}

/** How often chances are reckoned anew, at most. */
const RECKON_MS = 1000
/** A chance below this is as good as none. */
const NONE = 0.001

const State = v.record(v.string(), Steering)

/** Holds the chances of all campaigns that have a budget. Plain reckoning: what is stored and when it is asked is the ledger's. */
export class AdSteering {
  #known: ReadonlySet<string> = new Set()
  #runs: ReadonlyMap<string, Run> = new Map()
  #states = new Map<string, Steering>()
  #timezone = 'UTC'
  #calendar = new Calendar('UTC')
  #week: readonly number[] = []
  #chances: ToldChances = null
  #reckonedAt = Number.NEGATIVE_INFINITY

  /** Whether it has heard of a campaign, with a budget or without. */
  hasHeardOf(campaign: string): boolean {
    return this.#known.has(campaign)
  }

  /** Campaigns whose progress it needs. */
  get steered(): readonly string[] {
    return [...this.#runs.keys()]
  }

  /**
   * Takes the campaigns that there are now.
   * @param week how much the site is read in each of the 168 hours of a week from Monday, midnight; see `weekOf`
   */
  plan(campaigns: readonly Campaign[], timezone: string, week: readonly number[]): void {
    if (timezone !== this.#timezone) this.#calendar = new Calendar(timezone)
    const isSame = timezone === this.#timezone && week === this.#week
    this.#timezone = timezone
    this.#week = week
    const before = this.#runs
    this.#known = new Set(campaigns.map(({ id }) => id))
    this.#runs = new Map(
      campaigns
        .filter((campaign) => hasBudget(campaign) && campaign.state !== 'draft' && campaign.state !== 'ended')
        .map((campaign) => [
          campaign.id,
          this.#runOf(campaign, isSame ? before.get(campaign.id) : undefined),
        ]),
    )
    this.#reckonedAt = Number.NEGATIVE_INFINITY
  }

  /**
   * The chances from now on.
   * @param progressOf what has been counted of a campaign; null where that isn't known yet
   * @param now milliseconds since 1970
   */
  chancesAt(now: number, progressOf: (id: string) => Progress | null): ToldChances {
    if (this.#known.size === 0) return null
    if (Math.abs(now - this.#reckonedAt) < RECKON_MS) return this.#chances
    this.#reckonedAt = now
    const chances: Record<string, number> = {}
    for (const [id, run] of this.#runs) {
      const progress = progressOf(id)
      if (progress) chances[id] = Number(this.#chanceOf(run, progress, now).toPrecision(3))
    }
    this.#chances = chances
    return chances
  }

  #chanceOf({ campaign, flight, line }: Run, progress: Progress, now: number): number {
    const before = this.#states.get(campaign.id) ?? null
    const isRunning = isInForce(campaign, now, this.#timezone)
    // Time in which it takes part in no draw says nothing about what a chance brings.
    if (before && !isRunning) {
      this.#states.set(campaign.id, { ...before, at: now })
      return before.chance
    }
    const state = steer(flight, line, progress, now, before)
    if (isRunning) this.#states.set(campaign.id, state)
    return state.chance
  }

  /** What is to be kept, so that after a restart it goes on where it was. */
  get state(): string {
    return JSON.stringify(Object.fromEntries([...this.#states].filter(([id]) => this.#runs.has(id))))
  }

  set state(kept: string) {
    this.#states = new Map(Object.entries(v.parse(State, JSON.parse(kept))))
  }

  #runOf(campaign: Campaign, before: Run | undefined): Run {
    const { start, end, target } = campaign
    const key = JSON.stringify([start, end, target.hours])
    const line = before?.key === key ? before.line : lineOf(campaign, this.#week, this.#calendar)
    return { campaign, flight: flightOf(campaign), line, key }
  }
}

/** What was agreed about a campaign's run. */
export const flightOf = ({ start, end, budget, pacing }: Campaign): Flight => ({
  startsAt: start ?? 0,
  endsAt: end ?? Number.POSITIVE_INFINITY,
  budget,
  pacing,
})

/**
 * How much of a campaign's budget is due by when.
 * @param week how much the site is read in each of the 168 hours of a week from Monday, midnight
 */
export function lineOf(campaign: Campaign, week: readonly number[], calendar: Calendar): IdealLine {
  const { startsAt, endsAt } = flightOf(campaign)
  return new IdealLine(startsAt, endsAt, weekFor(campaign, week), calendar)
}

/** The week as a campaign sees it that names its hours. */
function weekFor({ target: { hours } }: Campaign, week: readonly number[]): readonly number[] {
  if (hours.length === 0) return week
  const isNamed = (weekday: string, hour: number) =>
    hours.some(({ days, from, until }) => days.some((one) => one === weekday) && from <= hour && hour < until)
  return WEEKDAYS.flatMap((weekday, day) =>
    Array.from({ length: 24 }, (_, hour) => (isNamed(weekday, hour) ? (week[day * 24 + hour] ?? 1) : 0)),
  )
}

/** A week has to have been seen whole before anything follows from it. */
const WHOLE_WEEK = 7 * 24
/** What an hour counts at least, in parts of the average: a night in which nobody came is no law. */
const LEAST = 0.02

/**
 * How much the site is read in each of the 168 hours of a week from Monday, midnight.
 * @param hours what there was to be had by the hour in UTC, `2026-05-04T10`, the oldest first
 * @returns an empty list where less than a week is known
 */
export function weekOf(hours: readonly { hour: string; n: number }[], timezone: string): number[] {
  const [first, last] = [hours[0], hours.at(-1)].map((one) => Date.parse(`${one?.hour}:00:00Z`))
  if (!((last ?? 0) - (first ?? 0) >= WHOLE_WEEK * 3_600_000)) return []
  const week = Array<number>(WHOLE_WEEK).fill(0)
  for (const { hour, n } of hours) {
    const index = hourOfWeek(new Date(`${hour}:00:00Z`), timezone)
    week[index] = (week[index] ?? 0) + n
  }
  const least = (LEAST * week.reduce((sum, n) => sum + n, 0)) / WHOLE_WEEK
  return week.map((n) => Math.max(n, least))
}

/** Whether chances are so different from those told before that isolates without any of their own should know. */
export function isWorthTelling(before: ToldChances, now: NonNullable<ToldChances>): boolean {
  return Object.entries(now).some(([id, chance]) => {
    const was = before?.[id]
    if (was === undefined) return true
    return chance < NONE ? was >= NONE : was < NONE || chance > 2 * was || was > 2 * chance
  })
}
