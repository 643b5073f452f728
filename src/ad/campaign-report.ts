import type { Site } from '../site/site.ts'
import type { Campaign } from './campaign.ts'
import type { Numbers } from './numbers.ts'
import { type Period, periodOf } from './period.ts'
import { findSpan, findSums, type Reason, type Sum } from './report-store.ts'
import { type Comparison, compare, type Rate, rateWithInterval } from './statistics.ts'

/** Numbers, and what follows from them, as parts of `loaded`; null where nothing can be said. */
export interface Figures extends Numbers {
  readonly viewableShare: Rate | null
  readonly clickRate: Rate | null
}

/** Creatives that stood in the same placements, so that their rates there can be compared, in the order of `chances`. */
export interface Contest extends Comparison {
  readonly placements: readonly string[]
  readonly creatives: readonly string[]
}

/** What a campaign has brought from a day to another, both included. Days are those of the site's zone. */
export interface CampaignReport {
  readonly campaign: string
  readonly from: string
  readonly to: string
  readonly total: Figures
  /** Days on which something was counted, in order. */
  readonly days: readonly (Figures & { day: string })[]
  readonly placements: readonly (Figures & { placement: string })[]
  readonly creatives: readonly (Figures & { creative: string })[]
  /** Why what was filtered did not count. */
  readonly reasons: readonly Reason[]
  readonly contests: readonly Contest[]
  /** All that the above is added up of: by day, creative and placement. */
  readonly sums: readonly Sum[]
}

/** What a campaign has brought in some days. It reads as many rows as there are days × creatives × placements. */
export async function campaignReport(
  { env }: Pick<Site, 'env'>,
  campaign: string,
  from: string,
  to: string,
): Promise<CampaignReport> {
  const { sums, reasons } = await findSums(env.DB, campaign, from, to)
  return {
    campaign,
    from,
    to,
    total: figuresOf(sums),
    days: groupsOf(sums, 'day').map(([day, rows]) => ({ day, ...figuresOf(rows) })),
    placements: groupsOf(sums, 'placement').map(([placement, rows]) => ({ placement, ...figuresOf(rows) })),
    creatives: groupsOf(sums, 'creative').map(([creative, rows]) => ({ creative, ...figuresOf(rows) })),
    reasons,
    contests: contestsOf(sums),
    sums,
  }
}

/** A report, with the days it is of and the campaign it is about; null where that is gone or can't be read any more. */
export interface AskedReport {
  readonly report: CampaignReport
  readonly campaign: Campaign | null
  readonly period: Period
}

/** The report of a campaign for the days that somebody asks for (see `periodOf`). */
export async function askedReport(
  site: Site,
  id: string,
  campaign: Campaign | null,
  asked: { from: string | null; to: string | null },
): Promise<AskedReport> {
  const period = periodOf(asked, campaign, await findSpan(site.env.DB, id), site)
  return { report: await campaignReport(site, id, period.from, period.to), campaign, period }
}

/** Rows by the value of a column, in the order of the values. */
const groupsOf = (sums: readonly Sum[], key: 'day' | 'placement' | 'creative'): [string, Sum[]][] =>
  [...Map.groupBy(sums, (one) => one[key])].sort(([a], [b]) => (a < b ? -1 : 1))

function figuresOf(rows: readonly Numbers[]): Figures {
  const sum = { served: 0, loaded: 0, viewable: 0, clicks: 0, filtered: 0 }
  for (const { served, loaded, viewable, clicks, filtered } of rows) {
    sum.served += served
    sum.loaded += loaded
    sum.viewable += viewable
    sum.clicks += clicks
    sum.filtered += filtered
  }
  return {
    ...sum,
    viewableShare: rateWithInterval(sum.viewable, sum.loaded),
    clickRate: rateWithInterval(sum.clicks, sum.loaded),
  }
}

/**
 * Which creatives can be compared, and what comes of it. How often an ad is clicked depends on where it stands more than
 * on what it says: a banner beside the text and a notice within it are no contest, and of one that stood in both places
 * only what was counted beside its rivals is compared.
 */
function contestsOf(sums: readonly Sum[]): Contest[] {
  const placements = groupsOf(
    sums.filter(({ loaded }) => loaded > 0),
    'placement',
  )
  const rivals = Map.groupBy(placements, ([, rows]) =>
    groupsOf(rows, 'creative')
      .map(([creative]) => creative)
      .join(),
  )
  return [...rivals.values()].flatMap((alike) => {
    const creatives = groupsOf(
      alike.flatMap(([, rows]) => rows),
      'creative',
    )
    if (creatives.length < 2) return []
    const counts = creatives.map(([, rows]) => {
      const { loaded, clicks } = figuresOf(rows)
      return { views: loaded, clicks }
    })
    return {
      placements: alike.map(([placement]) => placement),
      creatives: creatives.map(([creative]) => creative),
      ...compare(counts),
    }
  })
}
