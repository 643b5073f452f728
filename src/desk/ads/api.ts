import type { IRequest } from 'itty-router'
import { phaseOf } from '../../ad/campaign.ts'
import { parseSlug } from '../../article/slug.ts'
import { json } from '../../http/problem.ts'
import type { Site } from '../../site/site.ts'
import { CAMPAIGNS_PAGE, type ListedCampaign, listCampaigns } from './campaign-store.ts'

/** GET /api/campaigns?after= — the campaigns with their phases, by id, 50 a page; `next` goes on. 200. */
export async function listByApi({ url }: IRequest, site: Site): Promise<Response> {
  const id = parseSlug(new URL(url).searchParams.get('after') ?? '')
  const found = await listCampaigns(site.env.DB, null, site.now.getTime(), id && { at: 0, id })
  const shown = found.slice(0, CAMPAIGNS_PAGE)
  const next = found.length > shown.length ? (shown.at(-1)?.id ?? null) : null
  return json({ items: shown.map((one) => lineOf(one, site.now.getTime())), next })
}

function lineOf({ id, title, revision, campaign }: ListedCampaign, now: number) {
  if (!campaign) return { id, name: title, revision, phase: null }
  const { advertiser, start, end, priority, weight, budget, placements } = campaign
  const moment = (at: number | null) => (at === null ? null : new Date(at).toISOString())
  return {
    ...{ id, name: title, revision, advertiser, phase: phaseOf(campaign, now) },
    ...{ start: moment(start), end: moment(end), priority, weight, budget },
    placements: placements ?? null,
  }
}
