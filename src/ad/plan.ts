import { hourIn, weekdayIn } from '../locale/locale.ts'
import { AliasTable } from './alias.ts'
import { type Campaign, type Creative, creativesFor, phaseOf } from './campaign.ts'
import type { AdContext } from './context.ts'
import type { Placement } from './placements.ts'

/** An ad that may be drawn: the same object as long as its plan holds, so that what is made of it can be found again. */
export interface Choice {
  readonly campaign: Campaign
  readonly creative: Creative
}

/** A campaign that may stand in a placement, with those of its creatives that fit there. */
export interface Order {
  readonly campaign: Campaign
  /** Of the campaign; here, so that a draw that passes it over need not look further. */
  readonly id: string
  /** Its place among the plan's campaigns. */
  readonly number: number
  readonly category: string | null
  /** Whether it asks for countries or devices. */
  readonly isForSome: boolean
  /** Its one choice, where it has no other: found without a look at a list. */
  readonly only: Choice | null
  readonly choices: readonly Choice[]
  readonly shares: AliasTable
}

/** Orders that are drawn from by weight. */
export interface Deck {
  readonly orders: readonly Order[]
  readonly weights: AliasTable
}

/** What may fill a slot: what is sold, and, where that leaves it empty, the house's own. */
export interface SlotDecks {
  readonly placement: Placement
  readonly sold: Deck
  readonly house: Deck
}

/** How a page is filled: the decks of each of its slots, and in which order they are drawn from. */
export interface PageDecks {
  readonly slots: readonly SlotDecks[]
  /** Indexes of slots: the one with the fewest campaigns first, so that none is left to a slot that could have another. */
  readonly order: readonly number[]
  /** With which chance each campaign takes part in a draw, by its number. */
  readonly chancesOf: (chances: Chances) => Float64Array
}

/**
 * With which chance, 0 to 1, campaigns that have a budget take part in a draw, by id; null where nothing is known of any.
 * All others always take part.
 */
export type Chances = ReadonlyMap<string, number> | null

/** The chance of a campaign with a budget of which the ledger hasn't heard yet, because it is new. */
const UNHEARD = 0.1

/** Pages whose articles are about the same, as far as campaigns ask, share their decks; there are not many kinds. */
const MAX_DECKS = 2000

/**
 * The campaigns of one snapshot, made ready to be drawn from: who is in force, which campaigns a page could carry,
 * and tables by weight. What it works out holds until the next start, end or hour that a campaign names.
 */
export class AdPlan {
  readonly #campaigns: readonly Campaign[]
  readonly #numbers: ReadonlyMap<Campaign, number>
  readonly #timezone: string
  /** Whether the chances of any have to be known. */
  readonly hasBudgets: boolean
  #weighed: { chances: Chances; numbers: Float64Array } | null = null
  #from = Number.POSITIVE_INFINITY
  #until = Number.NEGATIVE_INFINITY
  /** Campaigns in force by one thing they ask for, `tag/solar`; those that ask for nothing under ''. */
  #index = new Map<string, Campaign[]>()
  /** Everything that some campaign in force asks for. */
  #topics = new Set<string>()
  #pages = new WeakMap<AdContext, PageDecks>()
  #decks = new Map<string, SlotDecks>()
  #orders = new Map<string, Order | null>()

  constructor(campaigns: readonly Campaign[], timezone: string) {
    this.#campaigns = campaigns
    this.#numbers = new Map(campaigns.map((campaign, number) => [campaign, number]))
    this.#timezone = timezone
    this.hasBudgets = campaigns.some(hasBudget)
  }

  /** @param now milliseconds since 1970 */
  decksFor(context: AdContext, now: number): PageDecks {
    if (now < this.#from || now >= this.#until) this.#bringUpTo(now)
    const known = this.#pages.get(context)
    if (known) return known
    const slots = context.slots.map((placement) => this.#decksOf(placement, context))
    const sizes = slots.map(({ sold, house }) => sold.orders.length + house.orders.length)
    const order = slots.map((_, index) => index).sort((a, b) => (sizes[a] ?? 0) - (sizes[b] ?? 0))
    const decks = { slots, order, chancesOf: this.#chancesOf }
    this.#pages.set(context, decks)
    return decks
  }

  /** Chances by number: found without a look at any name, of which there may be thousands. */
  readonly #chancesOf = (chances: Chances): Float64Array => {
    if (this.#weighed?.chances === chances) return this.#weighed.numbers
    const numbers = Float64Array.from(
      this.#campaigns,
      (campaign) => chances?.get(campaign.id) ?? (chances && hasBudget(campaign) ? UNHEARD : 1),
    )
    this.#weighed = { chances, numbers }
    return numbers
  }

  #bringUpTo(now: number): void {
    const inForce = this.#campaigns.filter((campaign) => isInForce(campaign, now, this.#timezone))
    const changes = this.#campaigns.flatMap(({ start, end }) => [start ?? 0, end ?? 0])
    const hasHours = this.#campaigns.some(({ target }) => target.hours.length > 0)
    const nextHour = hasHours ? nextFullHour(now) : Number.POSITIVE_INFINITY
    this.#from = now
    this.#until = Math.min(nextHour, ...changes.filter((change) => change > now))
    this.#index = new Map()
    this.#topics = new Set(inForce.flatMap(allTopicsOf))
    this.#pages = new WeakMap()
    this.#decks = new Map()
    this.#orders = new Map()
    for (const campaign of inForce) {
      for (const key of keysOf(campaign)) {
        const known = this.#index.get(key)
        if (known) known.push(campaign)
        else this.#index.set(key, [campaign])
      }
    }
  }

  #decksOf(placement: Placement, context: AdContext): SlotDecks {
    const topics = topicsOf(context).filter((topic) => this.#topics.has(topic))
    const key = `${placement} ${context.isSensitive} ${topics.join(' ')}`
    const known = this.#decks.get(key)
    if (known) return known
    const candidates = new Set(['', ...topics].flatMap((topic) => this.#index.get(topic) ?? []))
    const orders = [...candidates]
      .filter((campaign) => isFor(campaign, context))
      .flatMap((campaign) => this.#orderOf(campaign, placement) ?? [])
    const decks = {
      placement,
      sold: deckOf(orders.filter(({ campaign }) => campaign.priority === 'sold')),
      house: deckOf(orders.filter(({ campaign }) => campaign.priority === 'house')),
    }
    if (this.#decks.size >= MAX_DECKS) this.#decks.clear()
    this.#decks.set(key, decks)
    return decks
  }

  #orderOf(campaign: Campaign, placement: Placement): Order | null {
    const key = `${placement} ${campaign.id}`
    const known = this.#orders.get(key)
    if (known !== undefined) return known
    const creatives = creativesFor(campaign, placement)
    const choices = creatives.map((creative) => ({ campaign, creative }))
    const order =
      creatives.length > 0
        ? {
            campaign,
            id: campaign.id,
            number: this.#numbers.get(campaign) ?? -1,
            category: campaign.category ?? null,
            isForSome: campaign.target.countries.length + campaign.target.devices.length > 0,
            only: choices.length === 1 ? (choices[0] ?? null) : null,
            choices,
            shares: new AliasTable(creatives.map(({ share }) => share)),
          }
        : null
    this.#orders.set(key, order)
    return order
  }
}

const deckOf = (orders: readonly Order[]): Deck => ({
  orders,
  weights: new AliasTable(orders.map(({ campaign }) => campaign.weight)),
})

/** Hours begin at the same moment everywhere but where the clock is half an hour off: a quarter of an hour fits all. */
const QUARTER_MS = 15 * 60_000
const nextFullHour = (now: number) => (Math.floor(now / QUARTER_MS) + 1) * QUARTER_MS

/** What a campaign asks a page to be about, list by list, the narrowest first. */
const topicListsOf = ({ target: { articles, tags, authors, sections } }: Campaign): string[][] => [
  articles.map((slug) => `article/${slug}`),
  tags.map((slug) => `tag/${slug}`),
  authors.map((slug) => `author/${slug}`),
  sections.map((slug) => `section/${slug}`),
]
const allTopicsOf = (campaign: Campaign): string[] => topicListsOf(campaign).flat()

/** Under which topics a campaign is looked up: those of the narrowest of its lists, or none. */
const keysOf = (campaign: Campaign): string[] =>
  topicListsOf(campaign).find((topics) => topics.length > 0) ?? ['']

const topicsOf = ({ section, tags, article, authors }: AdContext) => [
  ...(article ? [`article/${article}`] : []),
  ...tags.map((slug) => `tag/${slug}`),
  ...authors.map((slug) => `author/${slug}`),
  ...(section ? [`section/${section}`] : []),
]

/** Whether there is something that a campaign must not exceed. */
export const hasBudget = ({ budget: { views, clicks } }: Pick<Campaign, 'budget'>): boolean =>
  views !== undefined || clicks !== undefined

/** Whether a campaign runs at a moment, in milliseconds since 1970: decided, begun, not over, and at this hour. */
export function isInForce(campaign: Campaign, now: number, timezone: string): boolean {
  if (phaseOf(campaign, now) !== 'running') return false
  const { hours } = campaign.target
  if (hours.length === 0) return true
  const at = new Date(now)
  const [day, hour] = [weekdayIn(at, timezone), hourIn(at, timezone)]
  return hours.some(
    ({ days, from, until }) => days.some((one) => one === day) && from <= hour && hour < until,
  )
}

/** Whether a campaign is for a page. Each of its lists has to name something of the page's; an empty one asks nothing. */
export function isFor({ target, sensitive }: Campaign, context: AdContext): boolean {
  const names = (wanted: readonly string[], has: readonly string[]) =>
    wanted.length === 0 || has.some((one) => wanted.includes(one))
  const { section, article, tags, authors } = context
  return (
    (sensitive || !context.isSensitive) &&
    names(target.sections, section ? [section] : []) &&
    names(target.articles, article ? [article] : []) &&
    names(target.tags, tags) &&
    names(target.authors, authors)
  )
}
