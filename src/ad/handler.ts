import { isbot } from 'isbot'
import type { IRequest } from 'itty-router'
import * as v from 'valibot'
import { parseSlug } from '../article/slug.ts'
import { plainHeaders } from '../http/headers.ts'
import { logError } from '../http/log.ts'
import { redirect } from '../http/page.ts'
import { json, problem } from '../http/problem.ts'
import { dayIn } from '../locale/locale.ts'
import { notFound } from '../site/errors.tsx'
import type { Site } from '../site/site.ts'
import type { Campaign } from './campaign.ts'
import { addCount, findReport } from './store.ts'

/** GET /go/:id — sends a reader to the advertiser and counts the click. Only ever to the campaign's own address. 302, 404. */
export async function followAd(request: IRequest, site: Site): Promise<Response> {
  const campaign = await findCampaign(request.params.id, site)
  if (!campaign) return notFound(site)
  count('clicks', campaign.id, request, site)
  return redirect(targetOf(campaign, new URL(request.url).searchParams.get('c')), 302, {
    'cache-control': 'no-store',
    'x-robots-tag': 'noindex',
  })
}

/** The smallest transparent GIF. */
const PIXEL = Uint8Array.from(atob('R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=='), (c) =>
  c.charCodeAt(0),
)

/** GET /go/:id.gif — counts a view and answers with one transparent pixel. Never cached. 200, 404. */
export async function viewAd(request: IRequest, site: Site): Promise<Response> {
  const campaign = await findCampaign(request.params.id, site)
  if (!campaign) return notFound(site)
  count('views', campaign.id, request, site)
  return new Response(PIXEL, {
    headers: {
      ...plainHeaders,
      'content-type': 'image/gif',
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex',
    },
  })
}

const Day = v.pipe(v.string(), v.isoDate())

/** GET /api/ads-report?from=&to= — views and clicks per day and campaign. 200, 400. */
export async function reportAds(request: IRequest, site: Site): Promise<Response> {
  const { searchParams } = new URL(request.url)
  const from = v.safeParse(Day, searchParams.get('from') ?? '2000-01-01')
  const to = v.safeParse(Day, searchParams.get('to') ?? '2999-12-31')
  if (!from.success || !to.success)
    return problem(400, site.texts.problem.malformed, { detail: site.texts.expected.day })
  return json({ items: await findReport(site.env.DB, from.output, to.output) })
}

/** Where a creative leads; the first one's address where none is named. */
const targetOf = ({ creatives }: Campaign, id: string | null): string =>
  (creatives.find((creative) => creative.id === id) ?? creatives[0])?.url ?? '/'

async function findCampaign(id: string | undefined, site: Site) {
  const slug = parseSlug(id)
  return slug && (await site.snapshot()).campaigns.find((campaign) => campaign.id === slug)
}

/** Counts after the response was sent. Declared bots, prefetches and HEAD requests are nobody's view. */
function count(what: 'views' | 'clicks', campaign: string, request: IRequest, site: Site): void {
  if (request.method !== 'GET' || isPrefetch(request) || isbot(request.headers.get('user-agent') ?? ''))
    return
  const day = dayIn(site.now, site.settings.timezone)
  site.defer(
    addCount(site.env.DB, day, campaign, what).catch((error) =>
      logError('ad-not-counted', error, { campaign, what }),
    ),
  )
}

const isPrefetch = ({ headers }: IRequest) =>
  /prefetch|prerender|preview/i.test(
    `${headers.get('sec-purpose') ?? ''} ${headers.get('purpose') ?? ''} ${headers.get('x-moz') ?? ''}`,
  )
