import { dayIn, startOfDay, weekdayIn } from '../locale/locale.ts'
import type { Site } from '../site/site.ts'
import { dayAfter } from '../site/timestamp.ts'
import { type Campaign, creativesFor, WEEKDAYS } from './campaign.ts'
import { type Booking, type Conflict, conflicts, type ShelvedDay } from './conflicts.ts'
import { type Forecast, forecast } from './forecast.ts'
import { inventoryFor, type ShelfDay } from './inventory.ts'
import { Calendar } from './line.ts'
import { findLately, findShelves, type OfferedShelf } from './outlook-store.ts'
import { totalsOf } from './report-store.ts'
import { flightOf, lineOf } from './steering.ts'

/** How far back the pace of a campaign is seen. */
const LATELY_DAYS = 7
/** How far back the site's readership is looked at, and how far ahead. */
const HISTORY_DAYS = 28
const AHEAD_DAYS = 28

/** Where a campaign stands, and where it will. */
export interface Standing {
  /** Views are those that were loaded. */
  readonly counted: { readonly views: number; readonly clicks: number }
  readonly forecast: Forecast
}

/** What is known of the site's readership, from which everything ahead follows. */
export interface Readership {
  /** Views that ads had or could have had, by day, placement and section. */
  readonly history: readonly ShelfDay[]
  /** The same by the hour of the week; each day's hours alike, because only days are asked for. */
  readonly week: readonly number[]
}

/** Reads how the site was read in the last four weeks. */
export async function readershipOf(site: Site): Promise<Readership> {
  const { timezone } = site.settings
  const shelves = await findShelves(site.env.DB, daysFrom(site, -HISTORY_DAYS))
  return { history: shelves.map(viewsOf(shelves)), week: weekdaysOf(shelves, timezone) }
}

/** Where campaigns stand: two round trips, and as many rows as they have campaigns and days of the last week. */
export async function standingsOf(
  campaigns: readonly Campaign[],
  { week }: Readership,
  site: Site,
): Promise<ReadonlyMap<string, Standing>> {
  const { timezone } = site.settings
  const since = daysFrom(site, -LATELY_DAYS)
  const ids = campaigns.map(({ id }) => id)
  const [totals, lately] = await Promise.all([
    totalsOf(site.env.DB, ids),
    findLately(site.env.DB, ids, since),
  ])
  const calendar = new Calendar(timezone)
  const sinceMs = startOfDay(since, timezone).getTime()
  return new Map(
    campaigns.map((campaign) => {
      const total = totals.get(campaign.id)
      const counted = { views: total?.loaded ?? 0, clicks: total?.clicks ?? 0 }
      const { views = 0, clicks = 0 } = lately.get(campaign.id) ?? {}
      const course = { ...counted, lately: { since: sinceMs, views, clicks } }
      const flight = flightOf(campaign)
      const line = lineOf(campaign, week, calendar)
      return [
        campaign.id,
        { counted, forecast: forecast(flight, line, course, week, calendar, site.now.getTime()) },
      ]
    }),
  )
}

/** What is likely to be had on the days to come, and on which of them more is sold than that. */
export function roomAhead(
  campaigns: readonly Campaign[],
  standings: ReadonlyMap<string, Standing>,
  { history }: Readership,
  site: Site,
): { days: ShelvedDay[]; conflicts: Conflict[] } {
  const { timezone } = site.settings
  const today = daysFrom(site, 0)
  const days = Array.from({ length: AHEAD_DAYS }, (_, index) => {
    const [day, next] = [daysFrom(site, index), daysFrom(site, index + 1)]
    const [from, until] = [day, next].map((one) => startOfDay(one, timezone).getTime())
    return { from: from ?? 0, until: until ?? 0, shelves: inventoryFor(day, history, today) }
  })
  const bookings = campaigns.flatMap((campaign) => bookingOf(campaign, standings, site))
  return { days, conflicts: history.length > 0 ? conflicts(bookings, days, site.now.getTime()) : [] }
}

/** What a campaign takes of the room, if it was sold by views. Of its targets only the sections are known of a place. */
function bookingOf(campaign: Campaign, standings: ReadonlyMap<string, Standing>, site: Site): Booking[] {
  const { id, state, priority, budget, start, end, target } = campaign
  if (state !== 'ready' || priority !== 'sold' || budget.views === undefined || end === null) return []
  return [
    {
      id,
      startsAt: start ?? site.now.getTime(),
      endsAt: end,
      views: Math.max(0, budget.views - (standings.get(id)?.counted.views ?? 0)),
      uses: ({ placement, section }) =>
        creativesFor(campaign, placement).length > 0 &&
        (target.sections.length === 0 || target.sections.some((one) => one === section)),
    },
  ]
}

/** A place's views: as many as were offered, by the share of ads there that are loaded; all where none was served yet. */
function viewsOf(all: readonly OfferedShelf[]): (shelf: OfferedShelf) => ShelfDay {
  const sums = new Map<string, { served: number; loaded: number }>()
  for (const { placement, served, loaded } of all) {
    const sum = sums.get(placement) ?? { served: 0, loaded: 0 }
    sums.set(placement, { served: sum.served + served, loaded: sum.loaded + loaded })
  }
  return ({ day, placement, section, offered }) => {
    const { served = 0, loaded = 0 } = sums.get(placement) ?? {}
    return { day, placement, section, views: offered * (served > 0 ? Math.min(1, loaded / served) : 1) }
  }
}

function weekdaysOf(shelves: readonly OfferedShelf[], timezone: string): number[] {
  const week = Array<number>(7 * 24).fill(0)
  const byDay = Map.groupBy(shelves, ({ day }) => day)
  // One day says nothing about how another weekday is read.
  if (byDay.size < 7) return []
  for (const [day, ofDay] of byDay) {
    const weekdays: readonly string[] = WEEKDAYS
    const first = 24 * weekdays.indexOf(weekdayIn(startOfDay(day, timezone), timezone))
    const offered = ofDay.reduce((sum, one) => sum + one.offered, 0)
    for (let hour = first; hour < first + 24; hour++) week[hour] = (week[hour] ?? 0) + offered / 24
  }
  return week
}

/** The day of the site's zone so many days from now. */
const daysFrom = ({ now, settings: { timezone } }: Site, days: number): string =>
  dayAfter(dayIn(now, timezone), days)
