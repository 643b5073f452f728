import { dayIn } from '../locale/locale.ts'
import type { Site } from '../site/site.ts'
import { DAY_MS } from '../site/timestamp.ts'
import { hourOf } from './count.ts'
import {
  type DayCounts,
  deleteOldReasons,
  deleteOldShelves,
  findDays,
  findOldHour,
  foldHours,
} from './store.ts'

/** Figures by the hour are kept this long, then by the day of the site's time zone. */
const HOURS_KEPT_MONTHS = 13
/** The room that there was for ads, for forecasts from the last four weeks. */
const SHELVES_KEPT_DAYS = 35
/** Hours that one run folds; a day has 24, and what a site that stood still has left over is taken in a few days. */
const MOST_HOURS = 100

/**
 * What was counted per day of the site's zone and campaign, in the order of days and ids; days are inclusive. An hour
 * belongs to the day in which it begins.
 */
export const reportDays = (site: Site, from: string, to: string): Promise<DayCounts[]> =>
  findDays(site.env.DB, from, to)

/** Once a day: figures older than 13 months are kept by the day instead of the hour. Every sum stays what it was. */
export async function foldOldHours(site: Site): Promise<void> {
  const since = new Date(site.now)
  since.setUTCMonth(since.getUTCMonth() - HOURS_KEPT_MONTHS)
  const before = hourOf(since.getTime())
  const { DB } = site.env
  const last = await findOldHour(DB, before, MOST_HOURS)
  await DB.batch([
    ...(last === null ? [] : foldHours(DB, last)),
    deleteOldReasons(DB, before.slice(0, 10)),
    deleteOldShelves(
      DB,
      dayIn(new Date(site.now.getTime() - SHELVES_KEPT_DAYS * DAY_MS), site.settings.timezone),
    ),
  ])
}
