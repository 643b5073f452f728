import { dayIn } from '../locale/locale.ts'
import type { Site } from '../site/site.ts'
import { DAY_MS } from '../site/timestamp.ts'
import { hourOf } from './count.ts'
import {
  type DayCounts,
  deleteOldReasons,
  deleteOldShelves,
  findCounts,
  findOldHours,
  foldHour,
} from './store.ts'

/** Figures by the hour are kept this long, then by the day of the site's time zone. */
const HOURS_KEPT_MONTHS = 13
/** The room that there was for ads, for forecasts from the last four weeks. */
const SHELVES_KEPT_DAYS = 35
/** Hours that one run folds; a day has 24, and what a site that stood still has left over is taken in a few days. */
const MOST_HOURS = 100

/** The moment an hour begins, in milliseconds since 1970. */
const startOf = (hour: string): number => Date.parse(`${hour}:00:00Z`)

/**
 * What was counted per day of the site's zone and campaign, in the order of days and ids; days are inclusive. An hour
 * belongs to the day in which it begins.
 */
export async function reportDays(site: Site, from: string, to: string): Promise<DayCounts[]> {
  const { timezone } = (await site.snapshot()).settings
  const around = { from: beside(from, -DAY_MS), to: beside(to, 2 * DAY_MS) }
  const { days, hours } = await findCounts(site.env.DB, { from, to }, around)
  const sums = new Map<string, DayCounts>()
  const ofHours = hours.map(({ hour, ...counts }) => ({
    day: dayIn(new Date(startOf(hour)), timezone),
    ...counts,
  }))
  for (const one of [...days, ...ofHours]) {
    if (one.day < from || one.day > to) continue
    const key = `${one.day} ${one.campaign}`
    sums.set(key, sum(one, sums.get(key)))
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, counts]) => counts)
}

/** An hour so long beside the beginning of a day, within the years that have four digits. */
const beside = (day: string, milliseconds: number): string =>
  hourOf(Math.min(Math.max(Date.parse(day) + milliseconds, 0), LAST))
const LAST = Date.UTC(9999, 11, 31)

function sum(one: DayCounts, other: DayCounts | undefined): DayCounts {
  if (!other) return one
  return {
    ...one,
    served: one.served + other.served,
    loaded: one.loaded + other.loaded,
    viewable: one.viewable + other.viewable,
    clicks: one.clicks + other.clicks,
    filtered: one.filtered + other.filtered,
  }
}

/** Once a day: figures older than 13 months are kept by the day instead of the hour. Every sum stays what it was. */
export async function foldOldHours(site: Site): Promise<void> {
  const { timezone } = (await site.snapshot()).settings
  const since = new Date(site.now)
  since.setUTCMonth(since.getUTCMonth() - HOURS_KEPT_MONTHS)
  const before = hourOf(since.getTime())
  const { DB } = site.env
  const hours = await findOldHours(DB, before, MOST_HOURS)
  await DB.batch([
    ...hours.flatMap((hour) => foldHour(DB, hour, dayIn(new Date(startOf(hour)), timezone))),
    deleteOldReasons(DB, before),
    deleteOldShelves(DB, dayIn(new Date(site.now.getTime() - SHELVES_KEPT_DAYS * DAY_MS), timezone)),
  ])
}
