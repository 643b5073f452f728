import * as v from 'valibot'
import type { Outgoing } from './count.ts'
import { ANY, NUMBERS, numbers, SUMS } from './numbers.ts'

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
 * @throws where D1 does not answer
 */
export const addBatch = (db: D1Database, ledger: string, { batch, counts, reasons, shelves }: Outgoing) =>
  db.batch([
    db
      .prepare(
        `INSERT INTO ad_hour (${KEYS}, day) SELECT ${IN_JSON}, value ->> 'day' FROM json_each(?3)
         WHERE ${IS_NEW} ON CONFLICT DO NOTHING`,
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
        `INSERT INTO ad_filtered (campaign, day, kind, reason, n)
         SELECT value ->> 'campaign', ifnull(value ->> 'day', substr(value ->> 'hour', 1, 10)), value ->> 'kind',
           value ->> 'reason', value ->> 'n'
         FROM json_each(?3) WHERE ${IS_NEW}
         ON CONFLICT (campaign, day, kind, reason) DO UPDATE SET n = n + excluded.n`,
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
      .bind(ledger, batch, shelves),
    db
      .prepare(
        'INSERT INTO ad_ledger (id, batch) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET batch = max(batch, ?2)',
      )
      .bind(ledger, batch),
  ])

const DayRow = v.object({
  day: v.string(),
  campaign: v.string(),
  headline: v.nullable(v.string()),
  ...numbers,
})

/** What was counted of a campaign on a day of the site's zone. */
export type DayCounts = v.InferOutput<typeof DayRow>

/** What was counted per day of the site's zone and campaign, in this order; the days are inclusive. */
export async function findDays(db: D1Database, from: string, to: string): Promise<DayCounts[]> {
  const { results } = await db
    .prepare(
      `SELECT day, campaign, ${SUMS},
         (SELECT d.title FROM document d WHERE d.kind = 'ad' AND d.slug = campaign) AS headline
       FROM ad_sum WHERE day BETWEEN ?1 AND ?2 AND ${ANY} GROUP BY day, campaign ORDER BY day, campaign`,
    )
    .bind(from, to)
    .all()
  return results.map((row) => v.parse(DayRow, row))
}

/** The last of the oldest hours before one, so many at most: up to which figures can be folded into days at once. */
export async function findOldHour(db: D1Database, before: string, most: number): Promise<string | null> {
  const found = await db
    .prepare(
      `SELECT max(hour) AS hour FROM (SELECT DISTINCT hour FROM ad_hour WHERE hour < ?1 ORDER BY hour LIMIT ?2) old`,
    )
    .bind(before, most)
    .first()
  return v.parse(v.object({ hour: v.nullable(v.string()) }), found).hour
}

/** Adds figures of hours, up to this one, to those of their days, and removes them. To be run in one transaction. */
export const foldHours = (db: D1Database, last: string) => [
  db
    .prepare(
      `INSERT INTO ad_day (campaign, day, creative, placement, section, country, device, ${NUMBERS})
       SELECT campaign, ifnull(day, substr(hour, 1, 10)), creative, placement, section, country, device, ${NUMBERS}
       FROM ad_hour WHERE hour <= ?1
       ON CONFLICT (campaign, day, creative, placement, section, country, device) DO UPDATE SET
         served = served + excluded.served, loaded = loaded + excluded.loaded, viewable = viewable + excluded.viewable,
         clicks = clicks + excluded.clicks, filtered = filtered + excluded.filtered`,
    )
    .bind(last),
  db.prepare('DELETE FROM ad_hour WHERE hour <= ?1').bind(last),
]

/** Room for ads on days that no forecast looks at any more. */
export const deleteOldShelves = (db: D1Database, before: string) =>
  db.prepare('DELETE FROM ad_shelf WHERE day < ?1').bind(before)

/** Reasons of what was filtered go with the hours they belong to. */
export const deleteOldReasons = (db: D1Database, before: string) =>
  db.prepare('DELETE FROM ad_filtered WHERE day < ?1').bind(before)
