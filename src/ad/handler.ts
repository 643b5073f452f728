import type { IRequest } from 'itty-router'
import * as v from 'valibot'
import { parseSlug } from '../article/slug.ts'
import { plainHeaders } from '../http/headers.ts'
import { redirect } from '../http/page.ts'
import { json, problem } from '../http/problem.ts'
import type { Snapshot } from '../site/content.ts'
import { notFound } from '../site/errors.tsx'
import { networkOf } from '../site/limit.ts'
import type { Site } from '../site/site.ts'
import type { Campaign } from './campaign.ts'
import { askedReport } from './campaign-report.ts'
import { creativeOf, filterOf, placeOf } from './count.ts'
import type { Report } from './counter.ts'
import { ReportDay } from './period.ts'
import { remembered } from './remembered.ts'
import { reportDays } from './report.ts'
import { type AdView, readToken } from './token.ts'

/** For how long after its page was sent a view may be reported as loaded or viewable, and clicked. */
const VIEW_SECONDS = 2 * 3600
const CLICK_SECONDS = 24 * 3600

const NEVER_KEPT = { 'cache-control': 'no-store', 'x-robots-tag': 'noindex' }

/** An ad's own address, as the site spells it in its pages. */
const ADDRESS = /^https?:\/\/[^/]+\/go\/([a-z0-9-]+)(\.gif|\/seen)?\?v=([\w-]+)$/

/**
 * Answers what pages ask for more often than anybody asks for pages, before the router has looked at all that there is, and
 * without a promise where there is nothing to wait for; null for any other request. The router has these addresses too,
 * for who spells them in another way or asks only for headers.
 */
export function answerAd(request: Request, site: Site): Response | Promise<Response> | null {
  const match = ADDRESS.exec(request.url)
  if (!match) return null
  const [, id, kind, token] = match
  const asked = { id, token }
  if (kind === '/seen') return request.method === 'POST' ? see(asked, request, site) : null
  if (request.method !== 'GET') return null
  return kind === '.gif' ? load(asked, request, site) : follow(asked, request, site)
}

/** Of which campaign something is asked, and by which token. */
interface Asked {
  readonly id: string | undefined
  readonly token: string | readonly string[] | undefined
}

type Handler = (asked: Asked, request: Request, site: Site) => Response | Promise<Response>

const routed = (handler: Handler) => (request: IRequest, site: Site) =>
  handler({ id: request.params.id, token: request.query.v }, request, site)

/**
 * GET /go/:id?v= — sends a reader to the advertiser, once the click is written down. Only ever to one of the campaign's own
 * addresses: the token says which. Where that creative is gone it is the first one's, and counts as the campaign's; without
 * a good token nothing is counted. 302, 404.
 */
export const followAd = routed(follow)

async function follow(asked: Asked, request: Request, site: Site): Promise<Response> {
  const found = findView(await site.snapshot(), asked, site, CLICK_SECONDS)
  if (!found) return notFound(site)
  const { campaign, view } = found
  const report = reportOf('clicks', request, found, site)
  if (report) await site.ads.countClick(report, site)
  const { url } = (view && creativeOf(campaign, view)) ?? campaign.creatives[0] ?? { url: '/' }
  return redirect(url, 302, NEVER_KEPT)
}

/** Made once: a `Response` takes them over faster than an object. */
const NOTED_HEADERS = new Headers({ ...plainHeaders, ...NEVER_KEPT })

/** Notes that something happened to an ad's view. */
const noted =
  (kind: 'loaded' | 'viewable'): Handler =>
  (asked, request, site) => {
    const note = (snapshot: Snapshot) => {
      const found = findView(snapshot, asked, site, VIEW_SECONDS)
      if (!found) return notFound(site)
      const report = reportOf(kind, request, found, site)
      if (report) site.ads.countView(report, site)
      return new Response(null, { status: 204, headers: NOTED_HEADERS })
    }
    const known = site.freshSnapshot
    return known ? note(known) : site.snapshot().then(note)
  }

const load = noted('loaded')
const see = noted('viewable')

/**
 * GET /go/:id.gif?v= — counts that an ad was loaded. Answers with nothing: a browser shows no sign of a picture without a
 * text that does not come, and no one has to send or read one. Never cached. 204, 404.
 */
export const loadAd = routed(load)

/** POST /go/:id/seen?v= — counts that half of an ad was in view for a second (`ad.client.js`). 204, 404. */
export const seeAd = routed(see)

const Day = v.pipe(v.string(), v.isoDate())

/** GET /api/ads-report?from=&to= — what was counted per day and campaign (docs/ads.md). 200, 400. */
export async function reportAds(request: IRequest, site: Site): Promise<Response> {
  const { searchParams } = new URL(request.url)
  const from = v.safeParse(Day, searchParams.get('from') ?? '2000-01-01')
  const to = v.safeParse(Day, searchParams.get('to') ?? '2999-12-31')
  if (!from.success || !to.success)
    return problem(400, site.texts.problem.malformed, { detail: site.texts.expected.day })
  return json({ items: await reportDays(site, from.output, to.output) })
}

/**
 * GET /api/ads/:slug/report?from=&to= — what a campaign has brought, as its page at the desk shows it: from the first day
 * on which something was counted, and no more than 13 months. 200, 400, 404.
 */
export async function reportAd(request: IRequest, site: Site): Promise<Response> {
  const { problem: texts, expected } = site.texts
  const { searchParams } = new URL(request.url)
  const asked = { from: searchParams.get('from'), to: searchParams.get('to') }
  if (!v.is(v.nullable(ReportDay), asked.from) || !v.is(v.nullable(ReportDay), asked.to))
    return problem(400, texts.malformed, { detail: expected.day })
  const id = parseSlug(request.params.slug)
  const campaign = (await site.snapshot()).campaigns.find((one) => one.id === id) ?? null
  const found = id && (await askedReport(site, id, campaign, asked))
  // The figures of a campaign stay when it is deleted.
  if (!found || (!campaign && found.report.sums.length === 0)) return problem(404, texts.notFound)
  return json(found.report)
}

/** A campaign, and the view of it that a request is about; null where its token is not good. */
interface Found {
  readonly campaign: Campaign
  readonly token: string
  readonly view: AdView | null
  readonly expiresAt: number
}

const campaigns = new WeakMap<Snapshot, ReadonlyMap<string | undefined, Campaign>>()

function findView(snapshot: Snapshot, asked: Asked, site: Site, maxAgeSeconds: number): Found | null {
  const byId = remembered(campaigns, snapshot, () => new Map(snapshot.campaigns.map((one) => [one.id, one])))
  const campaign = byId.get(asked.id)
  if (!campaign) return null
  const { token } = asked
  if (typeof token !== 'string') return { campaign, token: '', view: null, expiresAt: 0 }
  const { key } = site.ads
  const view = key ? readToken(key, campaign.id, token, site.now.getTime(), maxAgeSeconds) : null
  return { campaign, token, view, expiresAt: (view?.mintedAt ?? 0) + maxAgeSeconds }
}

/** What a request reports; null for one that is about no view, or only asks for the headers. */
function reportOf(
  kind: Report['kind'],
  request: Request,
  { campaign, token, view, expiresAt }: Found,
  site: Site,
): Report | null {
  if (!view || request.method === 'HEAD') return null
  return {
    kind,
    token,
    place: placeOf(campaign, view, site.settings),
    at: site.now.getTime(),
    expiresAt,
    network: networkOf(request.headers.get('cf-connecting-ip') ?? 'unknown'),
    filter: filterOf(request),
  }
}
