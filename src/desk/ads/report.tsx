import type { IRequest } from 'itty-router'
import type { Campaign } from '../../ad/campaign.ts'
import { type CampaignReport, campaignReport } from '../../ad/campaign-report.ts'
import { type Period, periodOf } from '../../ad/period.ts'
import { sendReportCsv } from '../../ad/report-csv.ts'
import { findSpan } from '../../ad/report-store.ts'
import { ReportView } from '../../ad/report-view.tsx'
import { notFound } from '../../site/errors.tsx'
import type { Site } from '../../site/site.ts'
import type { DeskCall } from '../guard.ts'
import { sendDeskPage } from '../layout.tsx'
import { findCampaign } from './campaign-store.ts'

/** GET /desk/ads/:id/report/ — what a campaign has brought in some days (`von`, `bis`). 200, 404. */
export async function showCampaignReport({ request, site, person }: DeskCall): Promise<Response> {
  const found = await reportFor(request, site)
  if (!found) return notFound(site)
  const { ad, desk } = site.texts
  const { id, title, campaign, period, report } = found
  return sendDeskPage(
    site,
    person,
    { title: ad.report.title(title), part: 'ads' },
    <article>
      <p>
        <a href={`/desk/ads/${id}/`}>{desk.ads.toForm}</a>
      </p>
      <h1>{ad.report.title(title)}</h1>
      <ReportView
        report={report}
        campaign={campaign}
        period={period}
        csvPath={`/desk/ads/${id}/report.csv`}
        site={site}
      />
    </article>,
  )
}

/** GET /desk/ads/:id/report.csv — the same as a file, by day, creative and placement. 200, 404. */
export async function downloadCampaignReport({ request, site }: DeskCall): Promise<Response> {
  const found = await reportFor(request, site)
  return found ? sendReportCsv(found.report) : notFound(site)
}

interface Found {
  id: string
  title: string
  campaign: Campaign | null
  period: Period
  report: CampaignReport
}

/** The report that an address asks for; null where there is no such campaign. */
async function reportFor(request: IRequest, site: Site): Promise<Found | null> {
  const { DB } = site.env
  const id = request.params.id ?? ''
  const [found, counted] = await Promise.all([findCampaign(DB, id), findSpan(DB, id)])
  if (!found) return null
  const { searchParams } = new URL(request.url)
  const asked = { from: searchParams.get('von'), to: searchParams.get('bis') }
  const period = periodOf(asked, found.campaign, counted, site)
  const report = await campaignReport(site, id, period.from, period.to)
  return { id, title: found.title, campaign: found.campaign, period, report }
}
