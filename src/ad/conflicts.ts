import type { Shelf } from './inventory.ts'

/** A campaign as far as it takes room. */
export interface Booking {
  readonly id: string
  /** Milliseconds since 1970. */
  readonly startsAt: number
  readonly endsAt: number
  /** What is left of its budget, in views. */
  readonly views: number
  /** Where it may stand. */
  readonly uses: (shelf: Shelf) => boolean
}

/** A day, in milliseconds since 1970, and what is likely to be had on it. */
export interface ShelvedDay {
  readonly from: number
  readonly until: number
  readonly shelves: readonly Shelf[]
}

/** Campaigns for which a day has no room, however they are arranged. */
export interface Conflict {
  readonly from: number
  readonly until: number
  /** In the order of the bookings. */
  readonly campaigns: readonly string[]
  /** All places where any of them could stand. */
  readonly shelves: readonly Shelf[]
  /** Views that are due on the day. */
  readonly sold: number
  /** Views that are to be had for them; the others there are never more than these. */
  readonly available: number
}

/** Less than a view is nothing that anybody was sold. */
const NOTHING = 0.5

/**
 * The days on which more was sold than is to be had. What is left of a campaign is due evenly over its days, whether it
 * runs `even` or `fast`. A campaign that could stand elsewhere is expected to: a conflict is named only if no
 * arrangement of the day's campaigns gives each its views. That is a flow from campaigns to shelves, and a conflict is
 * the cut that limits it (Ford and Fulkerson, 1956), the smallest set of campaigns that shows it.
 *
 * Two things are left out that can only make it tighter: that a campaign stands once on a page, and that categories
 * keep apart.
 *
 * @param now milliseconds since 1970: what is due is due from now on
 */
export function conflicts(
  bookings: readonly Booking[],
  days: readonly ShelvedDay[],
  now: number,
): Conflict[] {
  return days.flatMap(({ from, until, shelves }) => {
    const sizes = shelves.filter(({ views }) => views > 0)
    const needs = bookings.flatMap((booking) => {
      const due = dueOn(booking, from, until, now)
      return due > 0 ? [{ id: booking.id, due, shelves: sizes.filter(booking.uses) }] : []
    })
    return apart(limiting(needs)).map((needs) => conflictOf(needs, from, until))
  })
}

interface Need {
  readonly id: string
  readonly due: number
  readonly shelves: readonly Shelf[]
}

function dueOn({ startsAt, endsAt, views }: Booking, from: number, until: number, now: number): number {
  const begin = Math.max(startsAt, now)
  const time = Math.min(endsAt, until) - Math.max(begin, from)
  const due = (views * time) / (endsAt - begin)
  return time > 0 && Number.isFinite(due) ? due : 0
}

function conflictOf(needs: readonly Need[], from: number, until: number): Conflict {
  const shelves = [...new Set(needs.flatMap(({ shelves }) => shelves))]
  return {
    from,
    until,
    campaigns: needs.map(({ id }) => id),
    shelves,
    sold: needs.reduce((sum, { due }) => sum + due, 0),
    available: shelves.reduce((sum, { views }) => sum + views, 0),
  }
}

/** Campaigns that may stand in the same places, taken together. */
interface Party {
  readonly needs: Need[]
  readonly shelves: readonly Shelf[]
  left: number
  /** How much of it stands where. */
  readonly flow: Map<Shelf, number>
}

/** The places of a day while campaigns are arranged in them. */
interface Room {
  readonly free: Map<Shelf, number>
  /** Who stands where, or did. */
  readonly holders: Map<Shelf, Set<Party>>
  /** Places from which no way leads to room. None will, because nobody there can move: they are looked at once. */
  readonly full: Set<Shelf>
}

/** Those of the needs that can't all be met, and whoever could make room for them; none where all can. */
function limiting(needs: readonly Need[]): Need[] {
  const parties = partiesOf(needs)
  const shelves = new Set(parties.flatMap(({ shelves }) => shelves))
  const room: Room = {
    free: new Map([...shelves].map((shelf) => [shelf, shelf.views])),
    holders: new Map([...shelves].map((shelf) => [shelf, new Set()])),
    full: new Set(),
  }
  const reached = new Set<Party>()
  for (const party of parties) {
    while (party.left > NOTHING) {
      const tree = reachable(party, room)
      if (tree.end) fill(party, tree.end, tree, room)
      else {
        for (const one of tree.parties.keys()) reached.add(one)
        for (const shelf of tree.shelves.keys()) room.full.add(shelf)
        break
      }
    }
  }
  const limited = new Set([...reached].flatMap(({ needs }) => needs))
  return needs.filter((need) => limited.has(need))
}

function partiesOf(needs: readonly Need[]): Party[] {
  const numbers = new Map<Shelf, number>()
  const parties = new Map<string, Party>()
  for (const need of needs) {
    for (const shelf of need.shelves) numbers.set(shelf, numbers.get(shelf) ?? numbers.size)
    const key = need.shelves.map((shelf) => numbers.get(shelf)).join(' ')
    const party: Party = parties.get(key) ?? { needs: [], shelves: need.shelves, left: 0, flow: new Map() }
    party.needs.push(need)
    party.left += need.due
    parties.set(key, party)
  }
  return [...parties.values()]
}

/** Whom each shelf was reached from, by way of whom: a party moves out of a shelf to let another in. */
interface Tree {
  readonly parties: Map<Party, Shelf | null>
  readonly shelves: Map<Shelf, Party>
  /** The nearest shelf with room; null where there is none. */
  readonly end: Shelf | null
}

/** Looks for room, nearest first, so that the search ends after few turns (Edmonds and Karp, 1972). */
function reachable(start: Party, { free, holders, full }: Room): Tree {
  const tree = { parties: new Map<Party, Shelf | null>([[start, null]]), shelves: new Map<Shelf, Party>() }
  for (const party of tree.parties.keys()) {
    for (const shelf of party.shelves) {
      if (tree.shelves.has(shelf) || full.has(shelf)) continue
      tree.shelves.set(shelf, party)
      if ((free.get(shelf) ?? 0) > 0) return { ...tree, end: shelf }
      for (const other of holders.get(shelf) ?? []) {
        if (!tree.parties.has(other) && (other.flow.get(shelf) ?? 0) > 0) tree.parties.set(other, shelf)
      }
    }
  }
  return { ...tree, end: null }
}

/** Moves as much as goes along the way from a party to a shelf with room. */
function fill(start: Party, end: Shelf, tree: Tree, { free, holders }: Room): void {
  const way: { party: Party; into: Shelf; outOf: Shelf | null }[] = []
  for (let into: Shelf | null = end; into; ) {
    const party = tree.shelves.get(into)
    if (!party) break
    const outOf: Shelf | null = tree.parties.get(party) ?? null
    way.push({ party, into, outOf })
    into = outOf
  }
  const moved = way.map(({ party, outOf }) => (outOf ? (party.flow.get(outOf) ?? 0) : start.left))
  const amount = Math.min(free.get(end) ?? 0, ...moved)
  free.set(end, (free.get(end) ?? 0) - amount)
  start.left -= amount
  for (const { party, into, outOf } of way) {
    party.flow.set(into, (party.flow.get(into) ?? 0) + amount)
    holders.get(into)?.add(party)
    if (outOf) party.flow.set(outOf, (party.flow.get(outOf) ?? 0) - amount)
  }
}

/** Needs in groups that share no place with each other. */
function apart(needs: readonly Need[]): Need[][] {
  const groups: { needs: Set<Need>; shelves: Set<Shelf> }[] = []
  for (const need of needs) {
    const near = groups.filter(({ shelves }) => need.shelves.some((shelf) => shelves.has(shelf)))
    for (const group of near) groups.splice(groups.indexOf(group), 1)
    groups.push({
      needs: new Set([...near.flatMap((group) => [...group.needs]), need]),
      shelves: new Set([...near.flatMap((group) => [...group.shelves]), ...need.shelves]),
    })
  }
  return groups.map((group) => needs.filter((need) => group.needs.has(need)))
}
