import { insertFigures } from '../test/support/ad-figures.ts'
import setup from '../test/support/build.ts'
import { Colleague } from '../test/support/desk.ts'
import { campaign, publishNewsroom } from '../test/support/fixture.ts'
import { rowsReadBy, TestSite } from '../test/support/site.ts'
import type { Figure, Measure } from './support/figure.ts'
import { count } from './support/statistics.ts'

const DAYS = 395
const CREATIVES = ['a', 'b']
const PLACEMENTS = ['in-article', 'list']
/** A sum for each day, creative and placement; nine reasons a day, which are read and sorted; and what any page of the desk reads. */
const REPORT_LIMIT = DAYS * (CREATIVES.length * PLACEMENTS.length + 2 * 9) + 100

const CAMPAIGNS = 2000
const LIST_LIMIT = 300

/** What D1 reads for the report of a campaign over 13 months, and for the list of many campaigns. */
export const adReport: Measure = async (): Promise<Figure[]> => {
  setup()
  const site = await TestSite.open()
  try {
    await publishNewsroom(site)
    await site.publish('ads', campaign('lang'))
    const figures = { days: DAYS, hours: 16, creatives: CREATIVES, placements: PLACEMENTS }
    await insertFigures(site.env.DB, { campaign: 'lang', from: '2025-05-17', ...figures })
    await insertCampaigns(site.env.DB)
    const seller = await Colleague.open(site, 'editor')
    const look = async (path: string) => {
      const response = await seller.get(path)
      if (response.status !== 200) throw new Error(`${path} was answered ${response.status}`)
      return rowsReadBy(response)
    }
    const hours = await site.env.DB.prepare('SELECT count(*) AS n FROM ad_hour').first<{ n: number }>()
    const period = 'von=2025-05-17&bis=2026-06-15'
    return [
      figure(
        `D1 rows read: report of 13 months, ${count(hours?.n ?? 0)} rows of hours`,
        await look(`/desk/ads/lang/report/?${period}`),
        REPORT_LIMIT,
      ),
      figure(`D1 rows read: list of ${count(CAMPAIGNS)} campaigns`, await look('/desk/ads/'), LIST_LIMIT),
      figure(
        `D1 rows read: running ones of ${count(CAMPAIGNS)} campaigns`,
        await look('/desk/ads/?stand=running'),
        LIST_LIMIT,
      ),
    ]
  } finally {
    await site.close()
  }
}

const figure = (name: string, rows: number, limit: number): Figure => ({
  figure: name,
  measured: count(rows),
  target: `≤ ${count(limit)}`,
  isMet: rows <= limit,
  details: { rows },
})

/** Copies of a campaign under other ids. */
async function insertCampaigns(db: D1Database): Promise<void> {
  const { results } = await db
    .prepare("SELECT name FROM pragma_table_info('document')")
    .all<{ name: string }>()
  const columns = results.map(({ name }) => name)
  await db
    .prepare(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${CAMPAIGNS})
       INSERT INTO document (${columns}) SELECT ${columns.map((name) => (name === 'slug' ? "'kampagne-' || i" : name))}
       FROM document, n WHERE kind = 'ad' AND slug = 'lang'`,
    )
    .run()
}
