import { isbot } from 'isbot'
import { hasDeskCookie } from '../http/cookie.ts'
import { dayIn } from '../locale/locale.ts'
import type { Settings } from '../site/settings.ts'
import type { Campaign, Creative } from './campaign.ts'
import { remembered } from './remembered.ts'
import { creativeHash, hashOf, type Spot, spotNumber } from './token.ts'

/**
 * What is counted of an ad (docs/ads.md): written into a page that was sent; its counting picture fetched; half of it in
 * view for a second; clicked.
 */
export type Kind = 'served' | 'loaded' | 'viewable' | 'clicks'

/** Why something is no reader's: a program, fetched ahead, somebody of the newsroom, a flood, the same view again. */
export type Filter = 'bot' | 'prefetch' | 'staff' | 'rate' | 'double'

/** What counts are added up by. What is unknown is empty. */
export interface Place {
  readonly campaign: string
  readonly creative: string
  readonly placement: string
  readonly section: string
  readonly country: string
  readonly device: string
}

/** A place, and the line of the isolate's batch that it was last counted in, where it is found at once the next time. */
export interface Counted {
  readonly place: Place
  line: Served | null
  batch: readonly Served[] | null
}

/** How many ads of one place an isolate wrote into pages, by what filters them; '' for the clean ones. */
export interface Served {
  readonly place: Place
  /** The hour in UTC, `2026-05-04T10`. */
  readonly hour: string
  readonly filter: Filter | ''
  n: number
}

/** Something that was reported of one view. */
export interface AdEvent {
  readonly kind: Exclude<Kind, 'served'>
  readonly token: string
  readonly place: Place
  /** Milliseconds since 1970. */
  readonly at: number
  /** When its token is good for nothing any more, in seconds since 1970. */
  readonly expiresAt: number
  /** Of whom there may not be too many: 53 bits of a hash whose key changes daily. */
  readonly address: number
  /** What filters it already, before anybody has counted. */
  readonly filter: Filter | null
}

/** What an isolate brings to the ledger at once. */
export interface CountBatch {
  readonly id: string
  readonly served: readonly Served[]
  readonly events: readonly AdEvent[]
}

/** A numbered batch on its way from the ledger to D1: JSON arrays of counts, of reasons, and of what there was room for. */
export interface Outgoing {
  readonly batch: number
  readonly counts: string
  readonly reasons: string
  readonly shelves: string
}

/** With which chance, 0 to 1, campaigns that have a budget take part in draws, by id; null where that isn't known yet. */
export type ToldChances = Readonly<Record<string, number>> | null

/** The binding of the ledger's Durable Object, as far as the site calls it. */
export interface Ledgers {
  getByName(name: string): {
    take(batch: CountBatch): Promise<ToldChances>
    chances(): Promise<ToldChances>
  }
}

const empty = new Map<string, Counted>()
const MOST_EMPTY = 1000

/** Where an empty slot stands in the figures: under no campaign. So many more ads could have been sold. */
export function emptyPlace(placement: string, section: string): Counted {
  const key = `${placement} ${section}`
  const known = empty.get(key)
  if (known) return known
  if (empty.size >= MOST_EMPTY) empty.clear()
  const made = {
    place: { campaign: '', creative: '', placement, section, country: '', device: '' },
    line: null,
    batch: null,
  }
  empty.set(key, made)
  return made
}

const HOUR_MS = 3_600_000
let [lastHour, lastName] = [Number.NaN, '']

/** The day of a time zone in which an hour of UTC begins. */
export const dayOfHour = (hour: string, timezone: string): string =>
  dayIn(new Date(`${hour}:00:00Z`), timezone)

/** The hour of a moment, in UTC. Asked for at every ad: the last one is known. */
export function hourOf(at: number): string {
  const hour = Math.floor(at / HOUR_MS)
  if (hour !== lastHour) [lastHour, lastName] = [hour, new Date(at).toISOString().slice(0, 13)]
  return lastName
}

/** The creative that a view was of; undefined where the campaign has it no longer. */
export const creativeOf = ({ creatives }: Campaign, view: Pick<Spot, 'creative'>): Creative | undefined =>
  creatives.find(({ id }) => creativeHash(id) === view.creative)

/** Campaigns are read together with the settings, and go with them. */
const places = new WeakMap<Campaign, Map<number, Place>>()

/** Where a view stands in the figures: the same object each time, by which views can be added up. */
export function placeOf(campaign: Campaign, spot: Spot, settings: Settings): Place {
  const ofCampaign = remembered(places, campaign, () => new Map<number, Place>())
  return remembered(ofCampaign, spotNumber(spot), () => ({
    campaign: campaign.id,
    creative: creativeOf(campaign, spot)?.id ?? '',
    placement: spot.placement,
    section: sectionsOf(settings).get(spot.section) ?? '',
    country: spot.country ?? '',
    device: spot.device ?? '',
  }))
}

const sections = new WeakMap<Settings, ReadonlyMap<number, string>>()

const sectionsOf = (settings: Settings): ReadonlyMap<number, string> =>
  remembered(sections, settings, () => new Map(settings.sections.map(({ slug }) => [hashOf(slug), slug])))

/** What a request says of itself that makes it no reader's; null where it says nothing of the kind. */
export function filterOf({ headers }: Pick<Request, 'headers'>): Filter | null {
  if (isProgram(headers.get('user-agent') ?? '')) return 'bot'
  const purpose = headers.get('sec-purpose') ?? headers.get('purpose') ?? headers.get('x-moz')
  if (purpose !== null && /prefetch|prerender|preview/i.test(purpose)) return 'prefetch'
  return hasDeskCookie(headers) ? 'staff' : null
}

/** Browsers that were asked about already: the list of programs is one long expression. */
const programs = new Map<string, boolean>()
const MOST_PROGRAMS = 1000

function isProgram(agent: string): boolean {
  const known = programs.get(agent)
  if (known !== undefined) return known
  if (programs.size >= MOST_PROGRAMS) programs.clear()
  const found = isbot(agent)
  programs.set(agent, found)
  return found
}
