import type { Campaign } from './campaign.ts'
import type { Reader } from './context.ts'
import type { Chances, Choice, Deck, Order, PageDecks, SlotDecks } from './plan.ts'

export type { Chances, Choice } from './plan.ts'

/** What has been drawn for a page and what takes no part in this view of it. Short lists: a page has few slots. */
interface Round {
  readonly reader: Reader
  /** By a campaign's number. */
  readonly chances: Float64Array
  readonly random: () => number
  readonly taken: string[]
  readonly categories: string[]
  /** Whose chance was tried already: it takes part in the whole view or in none of it. */
  readonly present: string[]
  readonly absent: string[]
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
    chances: page.chancesOf(chances),
    random,
    taken: [],
    categories: [],
    present: [],
    absent: [],
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
    if (order && takesPart(order, round)) return choose(order, round)
  }
  const left = orders.filter((order) => takesPart(order, round))
  let rest = round.random() * left.reduce((sum, { campaign }) => sum + campaign.weight, 0)
  for (const order of left) {
    rest -= order.campaign.weight
    if (rest < 0) return choose(order, round)
  }
  const last = left.at(-1)
  return last ? choose(last, round) : null
}

function takesPart(order: Order, round: Round): boolean {
  const { id, number, category, isForSome } = order
  if (round.taken.includes(id) || (category !== null && round.categories.includes(category))) return false
  if (isForSome && !isForReader(order.campaign, round.reader)) return false
  const chance = round.chances[number] ?? 1
  if (chance >= 1 || round.present.includes(id)) return true
  if (round.absent.includes(id)) return false
  const isPresent = round.random() < chance
  if (isPresent) round.present.push(id)
  else round.absent.push(id)
  return isPresent
}

/** An unknown country or device is none of those that a campaign asks for. */
function isForReader({ target: { countries, devices } }: Campaign, { country, device }: Reader): boolean {
  return (
    (countries.length === 0 || (country !== null && countries.includes(country))) &&
    (devices.length === 0 || (device !== null && devices.includes(device)))
  )
}

function choose({ id, category, only, choices, shares }: Order, round: Round): Choice | null {
  const choice = only ?? choices[shares.draw(round.random())]
  if (!choice) return null
  round.taken.push(id)
  if (category !== null) round.categories.push(category)
  return choice
}
