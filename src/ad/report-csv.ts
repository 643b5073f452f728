import { csv } from '../http/csv.ts'
import { NO_STORE, plainHeaders } from '../http/headers.ts'
import type { CampaignReport } from './campaign-report.ts'

/** The same names in every language: a program reads them. */
const COLUMNS = ['day', 'creative', 'placement', 'served', 'loaded', 'viewable', 'clicks', 'filtered']

/** A report as a file: a line for each day, creative and placement. Its sums are those of the page. */
export function sendReportCsv({ campaign, from, to, sums }: CampaignReport): Response {
  const lines = sums.map((one) => [
    ...[one.day, one.creative, one.placement],
    ...[one.served, one.loaded, one.viewable, one.clicks, one.filtered],
  ])
  return new Response(csv(lines, COLUMNS), {
    headers: {
      ...plainHeaders,
      ...NO_STORE,
      'x-robots-tag': 'noindex',
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="report-${campaign}-${from}-${to}.csv"`,
    },
  })
}
