import type { Campaign, Creative } from './campaign.ts'
import type { Reader } from './context.ts'
import type { Deck, PageDecks, SlotDecks } from './plan.ts'

/** What was drawn for a slot. */
export interface Choice {
  readonly campaign: Campaign
  readonly creative: Creative
}

/** With which chance, 0 to 1, a campaign takes part in a draw, by its id; 1 for one that is not named. */
export type Chances = ReadonlyMap<string, number>

/** What has been drawn for a page and what takes no part in this view of it. */
interface Round {
  readonly reader: Reader
  readonly chances: Chances
  readonly random: () => number
  readonly taken: Set<Campaign>
  readonly categories: Set<string>
  /** Whose chance was tried already: it takes part in the whole view or in none of it. */
  readonly present: Map<Campaign, boolean>
}

/**
 * Draws the ads of one view of a page, together: what is sold before the house's own, by weight among those that take
 * part, no campaign twice, no two of one category.
 * @param random numbers from 0 (inclusive) to 1 (exclusive)
 * @returns for each slot what stands in it, null where it stays empty
 */
export function drawAds(
  page: PageDecks,
  reader: Reader,
  chances: Chances,
  random: () => number,
): (Choice | null)[] {
  const round: Round = {
    reader,
    chances,
    random,
    taken: new Set(),
    categories: new Set(),
    present: new Map(),
  }
  const choices: (Choice | null)[] = page.slots.map(() => null)
  for (const index of page.order) {
    const slot = page.slots[index]
    if (slot && isThere(slot, reader))
      choices[index] = drawFrom(slot.sold, round) ?? drawFrom(slot.house, round)
  }
  return choices
}

/** A phone has no room beside the text: nothing is drawn for where nobody would see it. */
const isThere = ({ placement }: SlotDecks, { device }: Reader) => placement !== 'side' || device !== 'phone'

/** How often a table is asked before all that is left is looked at: enough while few are missing. */
const TRIES = 12

/**
 * Draws by weight and draws again when the campaign takes no part: so each that does has a chance in proportion to
 * its weight. Where hardly any does, those are looked for one by one.
 */
function drawFrom({ orders, weights }: Deck, round: Round): Choice | null {
  if (orders.length === 0) return null
  for (let tries = 0; tries < TRIES; tries++) {
    const order = orders[weights.draw(round.random())]
    if (order && takesPart(order.campaign, round)) return choose(order, round)
  }
  const left = orders.filter(({ campaign }) => takesPart(campaign, round))
  let rest = round.random() * left.reduce((sum, { campaign }) => sum + campaign.weight, 0)
  for (const order of left) {
    rest -= order.campaign.weight
    if (rest < 0) return choose(order, round)
  }
  const last = left.at(-1)
  return last ? choose(last, round) : null
}

function takesPart(campaign: Campaign, round: Round): boolean {
  if (round.taken.has(campaign)) return false
  if (campaign.category !== undefined && round.categories.has(campaign.category)) return false
  const known = round.present.get(campaign)
  if (known !== undefined) return known
  const chance = round.chances.get(campaign.id) ?? 1
  const isPresent = isForReader(campaign, round.reader) && (chance >= 1 || round.random() < chance)
  round.present.set(campaign, isPresent)
  return isPresent
}

/** An unknown country or device is none of those that a campaign asks for. */
function isForReader({ target: { countries, devices } }: Campaign, { country, device }: Reader): boolean {
  return (
    (countries.length === 0 || (country !== null && countries.includes(country))) &&
    (devices.length === 0 || (device !== null && devices.includes(device)))
  )
}

function choose({ campaign, creatives, shares }: Deck['orders'][number], round: Round): Choice | null {
  const creative = creatives[creatives.length === 1 ? 0 : shares.draw(round.random())]
  if (!creative) return null
  round.taken.add(campaign)
  if (campaign.category !== undefined) round.categories.add(campaign.category)
  return { campaign, creative }
}
