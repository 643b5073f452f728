import type { IRequest } from 'itty-router'
import type { Site } from '../site/site.ts'
import { renderPage, sendOnce } from '../view/layout.tsx'
import { type AskedReport, askedReport } from './campaign-report.ts'
import { findLink, markUsed } from './link-store.ts'
import { sendReportCsv } from './report-csv.ts'
import { ReportView } from './report-view.tsx'

/** Reports for advertisers: who has a campaign's link sees its numbers, and nothing else. */

/** Never found, and what it links to is not told the key. */
const SECRET = { 'x-robots-tag': 'noindex', 'referrer-policy': 'no-referrer' }

/** The address at which a key's report is read. */
export const sharedPath = (key: string) => `/ads/report/${key}/`

/** How a key is stored: nobody who reads the database can use the link. */
export const hashOfKey = (key: string, site: Site): Promise<string> => site.keys.hash('ad-report', key)

/** GET /ads/report/:key/ — the report of one campaign (`von`, `bis`). 200, 404. */
export async function showSharedReport(request: IRequest, site: Site): Promise<Response> {
  const shared = await findShared(request, site)
  if (!shared) return refuse(site)
  const { report: texts } = site.texts.ad
  const title = texts.title(shared.campaign?.name ?? shared.report.campaign)
  const page = await renderPage(
    site,
    { title, noindex: true, sheet: 'text' },
    <article>
      <h1>{title}</h1>
      <ReportView {...shared} csvPath={`${sharedPath(request.params.key ?? '')}report.csv`} site={site} />
    </article>,
  )
  return sendOnce(page, SECRET)
}

/** GET /ads/report/:key/report.csv — the same as a file. 200, 404. */
export async function downloadSharedReport(request: IRequest, site: Site): Promise<Response> {
  const shared = await findShared(request, site)
  return shared ? sendReportCsv(shared.report) : refuse(site)
}

/** What a key opens; null where it opens nothing, or nothing any more. */
async function findShared(request: IRequest, site: Site): Promise<AskedReport | null> {
  const { campaigns } = await site.snapshot()
  const key = request.params.key ?? ''
  if (!/^[\w-]{43}$/.test(key)) return null
  const hash = await hashOfKey(key, site)
  const link = await findLink(site.env.DB, hash)
  if (!link) return null
  const today = site.timestamp.slice(0, 10)
  if (link.usedOn !== today) site.defer(markUsed(site.env.DB, hash, today).run())
  const campaign = campaigns.find(({ id }) => id === link.campaign) ?? null
  const { searchParams } = new URL(request.url)
  const asked = { from: searchParams.get('von'), to: searchParams.get('bis') }
  return askedReport(site, link.campaign, campaign, asked)
}

async function refuse(site: Site): Promise<Response> {
  const { report } = site.texts.ad
  const page = await renderPage(
    site,
    { title: report.goneTitle, noindex: true, sheet: 'text' },
    <article class="notice">
      <h1>{report.goneTitle}</h1>
      <p>{report.gone}</p>
    </article>,
    404,
  )
  return sendOnce(page, SECRET)
}
