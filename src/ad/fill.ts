import type { Snapshot } from '../site/content.ts'
import type { Settings } from '../site/settings.ts'
import type { Site } from '../site/site.ts'
import type { AdContext } from './context.ts'
import { readerOf } from './context.ts'
import { type Counted, emptyPlace, filterOf, placeOf } from './count.ts'
import { type Choice, drawAds } from './draw.ts'
import { AdPlan, type PageDecks } from './plan.ts'
import { remembered } from './remembered.ts'
import { renderAd, type Template, withToken } from './slot.tsx'
import { codeOf, codeOfReader, creativeHash, hashOf, mintToken, type Spot, type SpotCode } from './token.ts'

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
      const room = roomOf(decks, context)[index]
      if (room && snapshot.campaigns.length > 0) counted.push(room)
      return null
    }
    const shown = shownAt(index, choice, site)
    if (!key) return shown.template.bytes
    const stand = remembered(shown.stands, where, () =>
      standOf(choice, { placement, section, ...reader }, snapshot.settings),
    )
    counted.push(stand)
    return withToken(shown.template, mintToken(key, shown.campaign, stand, Math.floor(now / 1000)))
  })
  // Who only asks for the headers is sent no ad.
  if (key && request.method === 'GET') site.ads.countServed(counted, filterOf(request), site)
  return ads
}

const rooms = new WeakMap<PageDecks, readonly Counted[]>()

/** Where the slots of a page are counted that stay empty. */
const roomOf = (decks: PageDecks, { section }: AdContext): readonly Counted[] =>
  remembered(rooms, decks, () => decks.slots.map(({ placement }) => emptyPlace(placement, section ?? '')))

/** An ad in one slot of a page. Few objects that lie far from each other: each costs a look. */
interface Shown {
  readonly campaign: string
  readonly template: Template
  /** By section and reader, as one number. */
  readonly stands: Map<number, Stand>
}

/** An ad in one place, for one kind of reader: what its tokens say, and where it is counted. */
type Stand = Counted & SpotCode

/** By slot. What may be drawn is read together with the settings, and goes with them. */
const shownIn: WeakMap<Choice, Shown>[] = []

function shownAt(slot: number, choice: Choice, site: Site): Shown {
  shownIn[slot] ??= new WeakMap()
  return remembered(shownIn[slot], choice, () => ({
    campaign: choice.campaign.id,
    template: renderAd(choice, slot + 1, site),
    stands: new Map(),
  }))
}

function standOf({ campaign, creative }: Choice, place: Omit<Spot, 'creative'>, settings: Settings): Stand {
  const spot = { ...place, creative: creativeHash(creative.id) }
  return { ...codeOf(spot), place: placeOf(campaign, spot, settings), line: null, batch: null }
}

const planOf = (snapshot: Snapshot): AdPlan =>
  remembered(plans, snapshot, () => new AdPlan(snapshot.campaigns, snapshot.settings.timezone))
