import type { Snapshot } from '../site/content.ts'
import type { Site } from '../site/site.ts'
import type { Creative } from './campaign.ts'
import type { AdContext } from './context.ts'
import { type Reader, readerOf } from './context.ts'
import { emptyPlace, filterOf, type Place, placeOf } from './count.ts'
import { type Choice, drawAds } from './draw.ts'
import { PLACEMENTS, type Placement } from './placements.ts'
import { AdPlan } from './plan.ts'
import { remembered } from './remembered.ts'
import { renderAd } from './slot.tsx'
import { codeOfReader, creativeHash, hashOf, mintToken, type Spot, UNCOUNTED } from './token.ts'

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
  const now = site.now.getTime()
  const plan = planOf(snapshot)
  const decks = plan.decksFor(context, now)
  const reader = readerOf(request)
  const chances = plan.hasBudgets ? site.ads.chances(snapshot.chances, site) : null
  const choices = drawAds(decks, reader, chances, Math.random)
  const section = context.section === null ? 0 : hashOf(context.section)
  const { keys } = site.ads
  const counted: Place[] = []
  const ads = choices.map((choice, index) => {
    const placement = decks.slots[index]?.placement
    if (!placement) return null
    if (!choice) {
      // Where there was room is of interest to who sells ads, and to nobody else.
      if (snapshot.campaigns.length > 0) counted.push(emptyPlace(placement, context.section ?? ''))
      return null
    }
    if (!keys) return renderAd(choice, index + 1, UNCOUNTED, site)
    const { spot, place } = standOf(choice, { placement, section, reader }, site)
    counted.push(place)
    const token = mintToken(keys.of(choice.campaign.id), spot, Math.floor(now / 1000))
    return renderAd(choice, index + 1, token, site)
  })
  // Who only asks for the headers is sent no ad.
  if (keys && request.method === 'GET') site.ads.countServed(counted, filterOf(request), site)
  return ads
}

/** What an ad in one place, for one kind of reader, says in its tokens, and where it stands in the figures. */
interface Stand {
  readonly spot: Spot
  readonly place: Place
}

/** By what a stand differs from others of its creative: 30 bits, so that no number is an object. */
const stands = new WeakMap<Creative, Map<number, Stand>>()

function standOf(
  { campaign, creative }: Choice,
  { placement, section, reader }: { placement: Placement; section: number; reader: Reader },
  { settings }: Site,
): Stand {
  const ofCreative = remembered(stands, creative, () => new Map<number, Stand>())
  const number = (PLACEMENTS.indexOf(placement) << 27) | (section << 12) | codeOfReader(reader)
  const known = ofCreative.get(number)
  if (known) return known
  const spot = { creative: creativeHash(creative.id), placement, section, ...reader }
  const made = { spot, place: placeOf(campaign, spot, settings) }
  ofCreative.set(number, made)
  return made
}

const planOf = (snapshot: Snapshot): AdPlan =>
  remembered(plans, snapshot, () => new AdPlan(snapshot.campaigns, snapshot.settings.timezone))
