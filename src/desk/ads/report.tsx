import type { IRequest } from 'itty-router'
import { type AskedReport, askedReport } from '../../ad/campaign-report.ts'
import { deleteLink, insertLink, listLinks } from '../../ad/link-store.ts'
import { sendReportCsv } from '../../ad/report-csv.ts'
import { ReportView } from '../../ad/report-view.tsx'
import { hashOfKey, sharedPath } from '../../ad/shared-report.tsx'
import { notFound } from '../../site/errors.tsx'
import type { Site } from '../../site/site.ts'
import { insertAuditIfChanged } from '../audit/audit-store.ts'
import type { DeskCall } from '../guard.ts'
import { Notice, sendDeskPage } from '../layout.tsx'
import { backTo, noticeIn } from '../notices.ts'
import { formToken, randomKey } from '../session.ts'
import { findCampaign } from './campaign-store.ts'
import { LABEL_MOST, ReportLinks } from './report-links.tsx'

/** GET /desk/ads/:id/report/ — what a campaign has brought in some days (`von`, `bis`). 200, 404. */
export const showCampaignReport = (call: DeskCall): Promise<Response> => sendReport(call, null)

/** @param created the address of a link that was just made */
async function sendReport({ request, site, person }: DeskCall, created: string | null): Promise<Response> {
  const found = await reportFor(request, site)
  if (!found) return notFound(site)
  const { ad, desk } = site.texts
  const { id, title, ...shown } = found
  const [links, token] = await Promise.all([listLinks(site.env.DB, id), formToken(person, site)])
  return sendDeskPage(
    site,
    person,
    { title: ad.report.title(title), part: 'ads' },
    <article>
      <p>
        <a href={`/desk/ads/${id}/`}>{desk.ads.toForm}</a>
      </p>
      <h1>{ad.report.title(title)}</h1>
      <Notice {...noticeIn(request.url, site.texts)} />
      <ReportView {...shown} csvPath={`/desk/ads/${id}/report.csv`} site={site} />
      <ReportLinks path={pathOf(id)} {...{ links, token, created, site }} />
    </article>,
  )
}

const pathOf = (id: string) => `/desk/ads/${id}/report/`

/** GET /desk/ads/:id/report.csv — the same as a file, by day, creative and placement. 200, 404. */
export async function downloadCampaignReport({ request, site }: DeskCall): Promise<Response> {
  const found = await reportFor(request, site)
  return found ? sendReportCsv(found.report) : notFound(site)
}

/** The report that an address asks for; null where there is no such campaign. */
async function reportFor(
  request: IRequest,
  site: Site,
): Promise<(AskedReport & { id: string; title: string }) | null> {
  const found = await findCampaign(site.env.DB, request.params.id ?? '')
  if (!found) return null
  const { searchParams } = new URL(request.url)
  const asked = { from: searchParams.get('von'), to: searchParams.get('bis') }
  return { id: found.id, title: found.title, ...(await askedReport(site, found.id, found.campaign, asked)) }
}

/** POST /desk/ads/:id/report/ — makes a link for the advertiser and shows it, this once; or revokes one. 200, 303. */
export async function changeReportLinks(call: DeskCall): Promise<Response> {
  const { request, site, form } = call
  const found = await findCampaign(site.env.DB, request.params.id ?? '')
  if (!found) return backTo('/desk/ads/', 'notSaved')
  const revoked = form.get('revoke')
  return revoked === undefined
    ? createLink(call, found.id)
    : revokeLink(call, found.id, /^\d{1,15}$/.test(revoked) ? Number(revoked) : 0)
}

async function createLink(call: DeskCall, campaign: string): Promise<Response> {
  const { site, form } = call
  const label = [...(form.get('label') ?? '').normalize('NFC').trim()].slice(0, LABEL_MOST).join('')
  const key = randomKey()
  const link = { hash: await hashOfKey(key, site), campaign, label, now: site.timestamp }
  const isMade = await change(call, insertLink(site.env.DB, link), 'create-ad-link', campaign, { label })
  if (!isMade) return backTo(pathOf(campaign), 'notLink')
  return sendReport(call, `${site.origin}${sharedPath(key)}`)
}

async function revokeLink(call: DeskCall, campaign: string, id: number): Promise<Response> {
  const statement = deleteLink(call.site.env.DB, campaign, id)
  const isGone = await change(call, statement, 'revoke-ad-link', campaign, { link: id })
  return backTo(pathOf(campaign), isGone ? 'linkRevoked' : 'notSaved')
}

/** Whether a change was one; the log says so in the same transaction. */
async function change(
  { site, person }: DeskCall,
  statement: D1PreparedStatement,
  action: string,
  campaign: string,
  detail: Record<string, string | number>,
): Promise<boolean> {
  const line = { person: person.id, action, subject: `ad/${campaign}`, detail }
  const [changed] = await site.env.DB.batch([
    statement,
    insertAuditIfChanged(site.env.DB, line, site.timestamp),
  ])
  return (changed?.meta.changes ?? 0) > 0
}
