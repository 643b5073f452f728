import type { Snapshot } from '../site/content.ts'
import type { Site } from '../site/site.ts'
import type { AdContext } from './context.ts'
import { readerOf } from './context.ts'
import { type Chances, drawAds } from './draw.ts'
import { AdPlan } from './plan.ts'
import { renderAd } from './slot.tsx'

const plans = new WeakMap<Snapshot, AdPlan>()

/** Every campaign takes part in every draw. */
const ALL: Chances = new Map()

/**
 * Chooses the ads for one view of a page: no storage, a few random numbers.
 * @returns for each slot its ad in UTF-8, null for an empty one; an empty list where nobody knows any campaigns yet
 */
export function fillSlots(
  context: AdContext,
  request: Request,
  site: Site,
): (Uint8Array<ArrayBuffer> | null)[] {
  const snapshot = site.knownSnapshot
  if (!snapshot) return []
  const decks = planOf(snapshot).decksFor(context, site.now.getTime())
  const choices = drawAds(decks, readerOf(request), ALL, Math.random)
  return choices.map((choice, index) => choice && renderAd(choice, index + 1, site))
}

function planOf(snapshot: Snapshot): AdPlan {
  const known = plans.get(snapshot)
  if (known) return known
  const plan = new AdPlan(snapshot.campaigns, snapshot.settings.timezone)
  plans.set(snapshot, plan)
  return plan
}
