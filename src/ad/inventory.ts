import { DAY_MS, dayAfter } from '../site/timestamp.ts'
import type { Placement } from './placements.ts'

/** Views of ads that a placement brings on pages of a section. */
export interface Shelf {
  readonly placement: Placement
  /** Empty for pages of no section. */
  readonly section: string
  readonly views: number
}

/** The same, as it was on a day `2024-07-03` of the site's zone. */
export interface ShelfDay extends Shelf {
  readonly day: string
}

const WEEKS = 4

/**
 * What is likely to be had on a day to come: for each placement and section the median of the same weekday in the last
 * four weeks, so that one day on which everybody came, or nobody, changes little. A day that is missing between others
 * had no views; weeks before the first day known are left out, and where the weekday wasn't seen yet all days are taken.
 *
 * @param history in any order, several entries of a day add up
 * @param today the day in progress: it and what follows isn't used, because it isn't whole
 */
export function inventoryFor(day: string, history: readonly ShelfDay[], today: string): Shelf[] {
  const first = dayAfter(today, -WEEKS * 7)
  const used = history.filter((entry) => entry.day >= first && entry.day < today)
  const begin = used.map((entry) => entry.day).toSorted()[0] ?? today
  const known = daysBetween(begin, today)
  const alike = known.filter((one) => weekday(one) === weekday(day))
  const days = alike.length > 0 ? alike : known

  const shelves = new Map<string, { placement: Placement; section: string; byDay: Map<string, number> }>()
  for (const { placement, section, views, day: at } of used) {
    const key = `${placement} ${section}`
    const shelf = shelves.get(key) ?? { placement, section, byDay: new Map<string, number>() }
    shelf.byDay.set(at, (shelf.byDay.get(at) ?? 0) + Math.max(0, views))
    shelves.set(key, shelf)
  }
  return [...shelves.values()].map(({ placement, section, byDay }) => ({
    placement,
    section,
    views: median(days.map((one) => byDay.get(one) ?? 0)),
  }))
}

/** @param values at least one */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}

const moment = (day: string) => Date.parse(`${day}T00:00:00Z`)
const weekday = (day: string) => new Date(moment(day)).getUTCDay()

/** Days from the first, included, to the last, excluded. */
function daysBetween(from: string, until: string): string[] {
  const count = Math.max(0, Math.round((moment(until) - moment(from)) / DAY_MS))
  return Array.from({ length: count }, (_, index) => dayAfter(from, index))
}
