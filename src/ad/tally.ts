import type { Filter, Kind, Place } from './count.ts'

/** A place as one key: six words, in the order of `Place`. None of them has a line break. */
export const keyOf = ({ campaign, creative, placement, section, country, device }: Place): string =>
  [campaign, creative, placement, section, country, device].join('\n')

/** What is counted of an ad in one place in one hour. */
interface Count extends Record<Kind | 'filtered', number> {
  readonly campaign: string
  /** A key, see `keyOf`. */
  readonly place: string
  readonly hour: string
}

interface Reason {
  readonly campaign: string
  readonly hour: string
  readonly kind: Kind
  readonly reason: Filter
  n: number
}

/** How much room for ads there was, how much of it was filled, and how many of those were loaded. */
interface Shelf {
  readonly hour: string
  readonly placement: string
  readonly section: string
  offered: number
  served: number
  loaded: number
}

/** What a batch adds to the ledger's sums: added up in memory, so that each is written once, however many views it has. */
export class Tally {
  readonly #counts = new Map<string, Count>()
  readonly #reasons = new Map<string, Reason>()
  readonly #shelves = new Map<string, Shelf>()

  get counts(): Iterable<Count> {
    return this.#counts.values()
  }

  get reasons(): Iterable<Reason> {
    return this.#reasons.values()
  }

  get shelves(): Iterable<Shelf> {
    return this.#shelves.values()
  }

  /** @param n may be below 0: what was counted too much */
  add(place: string, hour: string, kind: Kind | 'filtered', n: number): void {
    const key = `${hour} ${place}`
    let count = this.#counts.get(key)
    if (!count) {
      const campaign = place.slice(0, place.indexOf('\n'))
      count = { campaign, place, hour, served: 0, loaded: 0, viewable: 0, clicks: 0, filtered: 0 }
      this.#counts.set(key, count)
    }
    count[kind] += n
  }

  addReason(campaign: string, hour: string, kind: Kind, reason: Filter, n: number): void {
    const key = [campaign, hour, kind, reason].join('\n')
    const known = this.#reasons.get(key) ?? { campaign, hour, kind, reason, n: 0 }
    known.n += n
    this.#reasons.set(key, known)
  }

  /** Notes slots that there were, whether filled or not. */
  addRoom(
    { placement, section }: Place,
    hour: string,
    kind: 'offered' | 'served' | 'loaded',
    n: number,
  ): void {
    const key = [hour, placement, section].join('\n')
    const shelf = this.#shelves.get(key) ?? { hour, placement, section, offered: 0, served: 0, loaded: 0 }
    shelf[kind] += n
    this.#shelves.set(key, shelf)
  }
}
