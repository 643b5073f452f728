/** Figures of a campaign as the ledger would have brought them: by the hour, in sections, countries and on devices. */
export interface Figures {
  campaign: string
  /** The first of the days. */
  from: string
  days: number
  /** Hours of each day in which somebody reads. */
  hours: number
  creatives: readonly string[]
  placements: readonly string[]
}

/** Puts figures into D1: more by day than by night, fewer on some days, and the later a creative is named the more clicks. */
export async function insertFigures(db: D1Database, figures: Figures): Promise<void> {
  const { campaign, from, days, hours, creatives, placements } = figures
  const list = (values: readonly string[]) => JSON.stringify(values)
  await db
    .prepare(
      `WITH RECURSIVE d (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM d WHERE i < ?3 - 1),
         h (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM h WHERE i < ?4 - 1)
       INSERT INTO ad_hour (campaign, hour, day, creative, placement, section, country, device, served, loaded, viewable, clicks, filtered)
       SELECT ?1, at || 'T' || printf('%02d', 6 + hour), at, creative, placement, 'wirtschaft', 'DE', device, loaded * 5 / 4, loaded,
         loaded * 2 / 3, (loaded * (2 + nth) + (day * 71 + hour * 37) % 400) / 400, loaded / 60
       FROM (SELECT date(?2, '+' || d.i || ' days') AS at, d.i AS day, h.i AS hour, c.value AS creative, c.key AS nth,
           p.value AS placement, v.value AS device,
           20 + (d.i * 37 + d.i * d.i * 11) % 90 + (h.i * (16 - h.i)) + iif((d.i % 7) > 4, 0, 60) AS loaded
         FROM d, h, json_each(?5) c, json_each(?6) p, json_each('["phone","desktop"]') v)`,
    )
    .bind(campaign, from, days, hours, list(creatives), list(placements))
    .run()
  await db
    .prepare(
      `INSERT INTO ad_filtered (campaign, day, kind, reason, n)
       SELECT campaign, day, k.value, r.value, 1 + sum(loaded) / 900 FROM ad_sum, json_each('["served","loaded","clicks"]') k,
         json_each('["bot","prefetch","double"]') r
       WHERE campaign = ?1 GROUP BY campaign, day, k.value, r.value`,
    )
    .bind(campaign)
    .run()
}
