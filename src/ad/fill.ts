import type { Snapshot } from '../site/content.ts'
import type { Site } from '../site/site.ts'
import type { AdContext } from './context.ts'
import { type Reader, readerOf } from './context.ts'
import { emptyPlace, filterOf, placeOf } from './count.ts'
import { type Choice, drawAds } from './draw.ts'
import type { Placement } from './placements.ts'
import { AdPlan } from './plan.ts'
import { remembered } from './remembered.ts'
import { renderAd } from './slot.tsx'
import { type AdView, creativeHash, hashOf, mintToken, UNCOUNTED } from './token.ts'

const plans = new WeakMap<Snapshot, AdPlan>()

/**
 * Chooses the ads for one view of a page, and counts them as served: no storage, a few random numbers.
 * @returns for each slot its ad in UTF-8, null for an empty one; an empty list where nobody knows any campaigns yet
 */
export function fillSlots(
  context: AdContext,
  request: Request,
  site: Site,
): (Uint8Array<ArrayBuffer> | null)[] {
  const snapshot = site.knownSnapshot
  if (!snapshot) return []
  const plan = planOf(snapshot)
  const decks = plan.decksFor(context, site.now.getTime())
  const reader = readerOf(request)
  const chances = plan.hasBudgets ? site.ads.chances(snapshot.chances, site) : null
  const choices = drawAds(decks, reader, chances, Math.random)
  const section = context.section === null ? 0 : hashOf(context.section)
  // Who only asks for the headers is sent no ad.
  const isCounted = request.method === 'GET'
  const filter = filterOf(request)
  return choices.map((choice, index) => {
    const placement = decks.slots[index]?.placement
    if (!placement) return null
    if (!choice) {
      // Where there was room is of interest to who sells ads, and to nobody else.
      if (isCounted && snapshot.campaigns.length > 0)
        site.ads.countServed(emptyPlace(placement, context.section ?? ''), filter, site)
      return null
    }
    const view = viewOf(choice, { placement, section, reader }, site)
    const { key } = site.ads
    if (isCounted && key)
      site.ads.countServed(placeOf(choice.campaign, view, snapshot.settings), filter, site)
    return renderAd(choice, index + 1, key ? mintToken(key, choice.campaign.id, view) : UNCOUNTED, site)
  })
}

/** What is shown where, as its token says it. */
const viewOf = (
  { creative }: Choice,
  { placement, section, reader }: { placement: Placement; section: number; reader: Reader },
  site: Site,
): AdView => ({
  mintedAt: Math.floor(site.now.getTime() / 1000),
  creative: creativeHash(creative.id),
  placement,
  section,
  ...reader,
})

const planOf = (snapshot: Snapshot): AdPlan =>
  remembered(plans, snapshot, () => new AdPlan(snapshot.campaigns, snapshot.settings.timezone))
