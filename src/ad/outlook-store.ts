import * as v from 'valibot'
import { PLACEMENTS } from './placements.ts'

/** SQL of what the days to come are forecast from, and nowhere else. */

const ShelfRow = v.object({
  day: v.string(),
  placement: v.picklist(PLACEMENTS),
  section: v.string(),
  offered: v.number(),
  served: v.number(),
  loaded: v.number(),
})

/** How much room for ads a placement had on a day in a section, how much was filled, and how many of those were loaded. */
export type OfferedShelf = v.InferOutput<typeof ShelfRow>

/** The room that there was for ads since a day of the site's zone. */
export async function findShelves(db: D1Database, since: string): Promise<OfferedShelf[]> {
  const { results } = await db
    .prepare('SELECT day, placement, section, offered, served, loaded FROM ad_shelf WHERE day >= ?1')
    .bind(since)
    .all()
  // A placement that this version does not have is no room any more.
  return results.flatMap((row) => {
    const read = v.safeParse(ShelfRow, row)
    return read.success ? [read.output] : []
  })
}

const CourseRow = v.object({ campaign: v.string(), views: v.number(), clicks: v.number() })

/** Views (loaded) and clicks of campaigns since a day of the site's zone, by id; those of which nothing was counted are left out. */
export async function findLately(
  db: D1Database,
  campaigns: readonly string[],
  since: string,
): Promise<ReadonlyMap<string, v.InferOutput<typeof CourseRow>>> {
  const { results } = await db
    .prepare(
      `SELECT campaign, sum(loaded) AS views, sum(clicks) AS clicks FROM ad_sum
       WHERE campaign IN (SELECT value FROM json_each(?1)) AND day >= ?2 GROUP BY campaign`,
    )
    .bind(JSON.stringify(campaigns), since)
    .all()
  const rows = results.map((row) => v.parse(CourseRow, row))
  return new Map(rows.map((row) => [row.campaign, row]))
}
