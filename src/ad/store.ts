import * as v from 'valibot'
import { dayIn } from '../locale/locale.ts'
import type { Outgoing } from './count.ts'

/** SQL of what is counted of ads, as D1 keeps it, and nowhere else. */

const KEYS = 'campaign, hour, creative, placement, section, country, device'
const IN_JSON = KEYS.split(', ')
  .map((key) => `value ->> '${key}' AS ${key}`)
  .join(', ')

/** Whether a batch has not arrived yet. ?1 is the ledger, ?2 the number. */
const IS_NEW = 'NOT EXISTS (SELECT 1 FROM ad_ledger WHERE id = ?1 AND batch >= ?2)'

/**
 * Adds a ledger's batch, in one transaction; one that is sent again changes nothing. Rows are made first and added to
 * second, because a correction is less than 0 and a new row must not be.
 * @param timezone whose days the room for ads is kept by
 * @throws where D1 does not answer
 */
export const addBatch = (
  db: D1Database,
  ledger: string,
  { batch, counts, reasons, shelves }: Outgoing,
  timezone: string,
) =>
  db.batch([
    db
      .prepare(
        `INSERT INTO ad_hour (${KEYS}) SELECT ${IN_JSON} FROM json_each(?3) WHERE ${IS_NEW} ON CONFLICT DO NOTHING`,
      )
      .bind(ledger, batch, counts),
    db
      .prepare(
        `UPDATE ad_hour SET served = ad_hour.served + more.served, loaded = ad_hour.loaded + more.loaded,
           viewable = ad_hour.viewable + more.viewable, clicks = ad_hour.clicks + more.clicks,
           filtered = ad_hour.filtered + more.filtered
         FROM (SELECT ${IN_JSON}, value ->> 'served' AS served, value ->> 'loaded' AS loaded,
                 value ->> 'viewable' AS viewable, value ->> 'clicks' AS clicks, value ->> 'filtered' AS filtered
               FROM json_each(?3)) AS more
         WHERE (${KEYS.replace(/\w+/g, 'ad_hour.$&')}) = (${KEYS.replace(/\w+/g, 'more.$&')}) AND ${IS_NEW}`,
      )
      .bind(ledger, batch, counts),
    db
      .prepare(
        `INSERT INTO ad_filtered (campaign, hour, kind, reason, n)
         SELECT value ->> 'campaign', value ->> 'hour', value ->> 'kind', value ->> 'reason', value ->> 'n'
         FROM json_each(?3) WHERE ${IS_NEW}
         ON CONFLICT (campaign, hour, kind, reason) DO UPDATE SET n = n + excluded.n`,
      )
      .bind(ledger, batch, reasons),
    db
      .prepare(
        `INSERT INTO ad_shelf (day, placement, section, offered, served, loaded)
         SELECT value ->> 'day', value ->> 'placement', value ->> 'section', sum(value ->> 'offered'),
           sum(value ->> 'served'), sum(value ->> 'loaded')
         FROM json_each(?3) WHERE ${IS_NEW} GROUP BY 1, 2, 3
         ON CONFLICT (day, placement, section) DO UPDATE SET offered = offered + excluded.offered,
           served = served + excluded.served, loaded = loaded + excluded.loaded`,
      )
      .bind(ledger, batch, withDays(shelves, timezone)),
    db
      .prepare(
        'INSERT INTO ad_ledger (id, batch) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET batch = max(batch, ?2)',
      )
      .bind(ledger, batch),
  ])

const Shelves = v.array(v.looseObject({ hour: v.string() }))

/** An hour belongs to the day of the site's zone in which it begins. */
const withDays = (shelves: string, timezone: string): string =>
  JSON.stringify(
    v
      .parse(Shelves, JSON.parse(shelves))
      .map((shelf) => ({ ...shelf, day: dayIn(new Date(`${shelf.hour}:00:00Z`), timezone) })),
  )

const TotalRow = v.object({
  campaign: v.string(),
  served: v.number(),
  loaded: v.number(),
  clicks: v.number(),
})

/** What was counted of campaigns of all time, by id; those of which nothing was are not among them. */
export async function findTotals(
  db: D1Database,
  campaigns: readonly string[],
): Promise<ReadonlyMap<string, v.InferOutput<typeof TotalRow>>> {
  const { results } = await db
    .prepare(
      `SELECT campaign, sum(served) AS served, sum(loaded) AS loaded, sum(clicks) AS clicks FROM (
         SELECT campaign, served, loaded, clicks FROM ad_hour WHERE campaign IN (SELECT value FROM json_each(?1))
         UNION ALL
         SELECT campaign, served, loaded, clicks FROM ad_day WHERE campaign IN (SELECT value FROM json_each(?1)))
       GROUP BY campaign`,
    )
    .bind(JSON.stringify(campaigns))
    .all()
  const rows = results.map((row) => v.parse(TotalRow, row))
  return new Map(rows.map((row) => [row.campaign, row]))
}

const numbers = {
  served: v.number(),
  loaded: v.number(),
  viewable: v.number(),
  clicks: v.number(),
  filtered: v.number(),
}
const SUMS = Object.keys(numbers)
  .map((name) => `sum(${name}) AS ${name}`)
  .join(', ')

const HourRow = v.object({
  hour: v.string(),
  campaign: v.string(),
  headline: v.nullable(v.string()),
  ...numbers,
})
const DayRow = v.object({
  day: v.string(),
  campaign: v.string(),
  headline: v.nullable(v.string()),
  ...numbers,
})

/** What was counted of a campaign on a day of the site's zone. */
export type DayCounts = v.InferOutput<typeof DayRow>

/**
 * What was counted per campaign: by hour, and by day where hours are folded already.
 * @param days the first and the last of them; in UTC a day of the site's begins and ends up to 14 hours beside it
 */
export async function findCounts(
  db: D1Database,
  days: { from: string; to: string },
  hours: { from: string; to: string },
) {
  const title = `(SELECT d.title FROM document d WHERE d.kind = 'ad' AND d.slug = c.campaign) AS headline`
  const [byDay, byHour] = await db.batch([
    db
      .prepare(
        `SELECT c.day, c.campaign, ${title}, ${SUMS} FROM ad_day c
         WHERE c.day BETWEEN ?1 AND ?2 GROUP BY c.day, c.campaign`,
      )
      .bind(days.from, days.to),
    db
      .prepare(
        `SELECT c.hour, c.campaign, ${title}, ${SUMS} FROM ad_hour c
         WHERE c.hour BETWEEN ?1 AND ?2 GROUP BY c.hour, c.campaign`,
      )
      .bind(hours.from, hours.to),
  ])
  return {
    days: (byDay?.results ?? []).map((row) => v.parse(DayRow, row)),
    hours: (byHour?.results ?? []).map((row) => v.parse(HourRow, row)),
  }
}

/** Hours before one, the oldest first: those whose figures are to be folded into days. */
export async function findOldHours(db: D1Database, before: string, limit: number): Promise<string[]> {
  const { results } = await db
    .prepare('SELECT DISTINCT hour FROM ad_hour WHERE hour < ?1 ORDER BY hour LIMIT ?2')
    .bind(before, limit)
    .all()
  return results.map((row) => v.parse(v.object({ hour: v.string() }), row).hour)
}

/** Adds an hour's figures to those of a day, and removes them. To be run in one transaction. */
export const foldHour = (db: D1Database, hour: string, day: string) => [
  db
    .prepare(
      `INSERT INTO ad_day (campaign, day, creative, placement, section, country, device, served, loaded, viewable, clicks, filtered)
       SELECT campaign, ?2, creative, placement, section, country, device, served, loaded, viewable, clicks, filtered
       FROM ad_hour WHERE hour = ?1
       ON CONFLICT (campaign, day, creative, placement, section, country, device) DO UPDATE SET
         served = served + excluded.served, loaded = loaded + excluded.loaded, viewable = viewable + excluded.viewable,
         clicks = clicks + excluded.clicks, filtered = filtered + excluded.filtered`,
    )
    .bind(hour, day),
  db.prepare('DELETE FROM ad_hour WHERE hour = ?1').bind(hour),
]

/** Room for ads on days that no forecast looks at any more. */
export const deleteOldShelves = (db: D1Database, before: string) =>
  db.prepare('DELETE FROM ad_shelf WHERE day < ?1').bind(before)

/** Reasons of what was filtered go with the hours they belong to. */
export const deleteOldReasons = (db: D1Database, before: string) =>
  db.prepare('DELETE FROM ad_filtered WHERE hour < ?1').bind(before)
