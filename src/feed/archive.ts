/**
 * Archives of a feed (RFC 5005 §4): documents that hold everything older than the feed itself, each linked with the
 * next, none of which changes any more. Each is a part of a month (UTC), counted from the month's oldest article; it
 * is closed once it is full or its month is over. What is in no closed archive yet stands in the feed itself.
 */

/** Articles in a part of a month. */
export const ARCHIVE_LENGTH = 50
/** Articles a feed holds, where its open part of a month has no more. */
export const FEED_LENGTH = 20

export interface Archive {
  /** `2024-07` */
  month: string
  /** 1 holds the month's oldest articles. */
  part: number
}

/** How many articles of a list were published in a month (UTC), as of now. */
export interface MonthCount {
  month: string
  articles: number
}

/** How many of a month's parts are closed. */
export const closedParts = ({ month, articles }: MonthCount, now: string) =>
  month < now.slice(0, 7) ? Math.ceil(articles / ARCHIVE_LENGTH) : Math.floor(articles / ARCHIVE_LENGTH)

/** The newest closed archive of a month; null where it has none. */
const newestOf = (count: MonthCount | undefined, now: string): Archive | null => {
  const part = count ? closedParts(count, now) : 0
  return count && part > 0 ? { month: count.month, part } : null
}

/**
 * What stands in the feed itself, and which archive continues it.
 * @param months this month, where something was published in it, and the one before in which something was
 */
export function planCurrent(
  months: readonly MonthCount[],
  now: string,
): { length: number; previous: Archive | null } {
  const thisMonth = months.find(({ month }) => month === now.slice(0, 7))
  const before = months.find(({ month }) => month < now.slice(0, 7))
  const open = (thisMonth?.articles ?? 0) % ARCHIVE_LENGTH
  return { length: Math.max(FEED_LENGTH, open), previous: newestOf(thisMonth, now) ?? newestOf(before, now) }
}

/** An archive's neighbours; null where there is no such archive (yet). */
export function planArchive(
  { month, part }: Archive,
  { here, older, newer }: Record<'here' | 'older' | 'newer', MonthCount | undefined>,
  now: string,
): { previous: Archive | null; next: Archive | null } | null {
  const parts = here ? closedParts(here, now) : 0
  if (part > parts) return null
  return {
    previous: part > 1 ? { month, part: part - 1 } : newestOf(older, now),
    next:
      part < parts
        ? { month, part: part + 1 }
        : newestOf(newer, now) && { month: newer?.month ?? '', part: 1 },
  }
}

/** An archive's address: the feed's with a query. */
export const linkToArchive = (feed: string, { month, part }: Archive) =>
  `${feed}?archiv=${month}${part > 1 ? `&teil=${part}` : ''}`

/** Which archive an address asks for; null for the feed itself, undefined for an address that no document has. */
export function readArchiveAsked({ searchParams }: URL): Archive | null | undefined {
  const [month, part] = [searchParams.get('archiv'), searchParams.get('teil') ?? '1']
  if (month === null) return null
  const isArchive = /^\d{4}-(?:0[1-9]|1[0-2])$/.test(month) && /^[1-9]\d{0,3}$/.test(part)
  return isArchive ? { month, part: Number(part) } : undefined
}
