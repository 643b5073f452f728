import * as v from 'valibot'

/** SQL of the ad counters, and nowhere else. */

/** Adds one view or click to a campaign's day. */
export const addCount = (db: D1Database, day: string, campaign: string, what: 'views' | 'clicks') =>
  db
    .prepare(
      `INSERT INTO ad_count (day, campaign, views, clicks) VALUES (?1, ?2, ?3, ?4)
       ON CONFLICT (day, campaign) DO UPDATE SET views = views + ?3, clicks = clicks + ?4`,
    )
    .bind(day, campaign, what === 'views' ? 1 : 0, what === 'clicks' ? 1 : 0)
    .run()

const ReportRow = v.object({
  day: v.string(),
  campaign: v.string(),
  headline: v.nullable(v.string()),
  views: v.number(),
  clicks: v.number(),
})

/** Views and clicks per day and campaign; days are inclusive. */
export async function findReport(db: D1Database, from: string, to: string) {
  const { results } = await db
    .prepare(
      `SELECT c.day, c.campaign, d.title AS headline, c.views, c.clicks FROM ad_count c
       LEFT JOIN document d ON d.kind = 'ad' AND d.slug = c.campaign
       WHERE c.day BETWEEN ?1 AND ?2 ORDER BY c.day, c.campaign`,
    )
    .bind(from, to)
    .all()
  return results.map((row) => v.parse(ReportRow, row))
}
