import * as v from 'valibot'
import type { Filter, Kind } from './count.ts'
import { ANY, NUMBERS, numbers } from './numbers.ts'

/** SQL of what reports of campaigns read: sums that triggers keep (`ad_sum`, `ad_total`), and nowhere else. */

const SumRow = v.object({ day: v.string(), creative: v.string(), placement: v.string(), ...numbers })

/** What was counted of a campaign's creative in a placement on a day of the site's zone. */
export type Sum = v.InferOutput<typeof SumRow>

const KINDS = ['served', 'loaded', 'viewable', 'clicks'] as const satisfies readonly Kind[]
const FILTERS = ['bot', 'prefetch', 'staff', 'rate', 'double'] as const satisfies readonly Filter[]
const ReasonRow = v.object({ kind: v.picklist(KINDS), reason: v.picklist(FILTERS), n: v.number() })

/** How many of what were filtered for a reason. */
export type Reason = v.InferOutput<typeof ReasonRow>

/** What was counted of a campaign from a day to another, both included: by day, creative and placement. One round trip. */
export async function findSums(
  db: D1Database,
  campaign: string,
  from: string,
  to: string,
): Promise<{ sums: Sum[]; reasons: Reason[] }> {
  const [sums, reasons] = await db.batch([
    db
      .prepare(
        `SELECT day, creative, placement, ${NUMBERS} FROM ad_sum
         WHERE campaign = ?1 AND day BETWEEN ?2 AND ?3 AND ${ANY}
         ORDER BY day, creative, placement`,
      )
      .bind(campaign, from, to),
    db
      .prepare(
        `SELECT kind, reason, sum(n) AS n FROM ad_filtered WHERE campaign = ?1 AND day BETWEEN ?2 AND ?3
         GROUP BY kind, reason`,
      )
      .bind(campaign, from, to),
  ])
  return {
    sums: (sums?.results ?? []).map((row) => v.parse(SumRow, row)),
    reasons: (reasons?.results ?? []).map((row) => v.parse(ReasonRow, row)),
  }
}

const TotalRow = v.object({ campaign: v.string(), ...numbers })

/** What was counted of campaigns in all time, by id; those of which nothing was counted are left out. */
export type Totals = ReadonlyMap<string, v.InferOutput<typeof TotalRow>>

/** One row per campaign, in one round trip. */
export async function totalsOf(db: D1Database, campaigns: readonly string[]): Promise<Totals> {
  const { results } = await db
    .prepare(`SELECT campaign, ${NUMBERS} FROM ad_total WHERE campaign IN (SELECT value FROM json_each(?1))`)
    .bind(JSON.stringify(campaigns))
    .all()
  return new Map(results.map((row) => v.parse(TotalRow, row)).map((row) => [row.campaign, row]))
}

const SpanRow = v.object({ first: v.nullable(v.string()), last: v.nullable(v.string()) })

/** The first and the last day on which something was counted of a campaign; null where nothing was. */
export type Span = v.InferOutput<typeof SpanRow>

export async function findSpan(db: D1Database, campaign: string): Promise<Span> {
  const row = await db
    .prepare(
      `SELECT (SELECT min(day) FROM ad_sum WHERE campaign = ?1) AS first,
         (SELECT max(day) FROM ad_sum WHERE campaign = ?1) AS last`,
    )
    .bind(campaign)
    .first()
  return v.parse(SpanRow, row)
}
