import type { Snapshot } from '../site/content.ts'
import type { Site } from '../site/site.ts'
import type { AdContext } from './context.ts'
import { readerOf } from './context.ts'
import { type Counted, emptyPlace, filterOf, placeOf } from './count.ts'
import { type Choice, drawAds } from './draw.ts'
import { AdPlan } from './plan.ts'
import { remembered } from './remembered.ts'
import { renderAd } from './slot.tsx'
import {
  codeOf,
  codeOfReader,
  creativeHash,
  hashOf,
  mintToken,
  type Spot,
  type SpotCode,
  UNCOUNTED,
} from './token.ts'

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
  const where = (section << 12) | codeOfReader(reader)
  const { key } = site.ads
  const counted: Counted[] = []
  const ads = choices.map((choice, index) => {
    const placement = decks.slots[index]?.placement
    if (!placement) return null
    if (!choice) {
      // Where there was room is of interest to who sells ads, and to nobody else.
      if (snapshot.campaigns.length > 0) counted.push(emptyPlace(placement, context.section ?? ''))
      return null
    }
    if (!key) return renderAd(choice, index + 1, UNCOUNTED, site)
    const stand = standOf(choice, where, { placement, section, ...reader }, site)
    counted.push(stand)
    const token = mintToken(key, choice.campaign.id, stand.code, Math.floor(now / 1000))
    return renderAd(choice, index + 1, token, site)
  })
  // Who only asks for the headers is sent no ad.
  if (key && request.method === 'GET') site.ads.countServed(counted, filterOf(request), site)
  return ads
}

/** An ad in one place, for one kind of reader: what its tokens say, and where it is counted. */
interface Stand extends Counted {
  readonly code: SpotCode
}

/** By section and reader, as one number. A choice is for one placement. */
const stands = new WeakMap<Choice, Map<number, Stand>>()

function standOf(choice: Choice, where: number, spot: Omit<Spot, 'creative'>, { settings }: Site): Stand {
  const ofChoice = remembered(stands, choice, () => new Map<number, Stand>())
  const known = ofChoice.get(where)
  if (known) return known
  const whole = { ...spot, creative: creativeHash(choice.creative.id) }
  const made = { code: codeOf(whole), place: placeOf(choice.campaign, whole, settings) }
  ofChoice.set(where, made)
  return made
}

const planOf = (snapshot: Snapshot): AdPlan =>
  remembered(plans, snapshot, () => new AdPlan(snapshot.campaigns, snapshot.settings.timezone))
