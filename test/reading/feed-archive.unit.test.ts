import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  ARCHIVE_LENGTH,
  type Archive,
  FEED_LENGTH,
  linkToArchive,
  type MonthCount,
  planArchive,
  planCurrent,
  readArchiveAsked,
} from '../../src/feed/archive.ts'

const NOW = '2026-08-20T12:00:00Z'

/** A list as SQL counts it: how many articles each month has, the newest month first. */
const counts = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 170 })), {
    selector: ([ago]) => ago,
    maxLength: 12,
  })
  .map((months) =>
    months
      .sort(([a], [b]) => a - b)
      .map(([ago, articles]): MonthCount => {
        const month = new Date(Date.UTC(2026, 7 - ago, 1)).toISOString().slice(0, 7)
        return { month, articles }
      }),
  )

const plan = (archive: Archive, months: readonly MonthCount[], now = NOW) =>
  planArchive(
    archive,
    {
      here: months.find(({ month }) => month === archive.month),
      older: months.find(({ month }) => month < archive.month),
      newer: months.findLast(({ month }) => month > archive.month),
    },
    now,
  )

/** How many articles an archive holds. */
const sizeOf = ({ month, part }: Archive, months: readonly MonthCount[]) => {
  const articles = months.find((one) => one.month === month)?.articles ?? 0
  return Math.min(ARCHIVE_LENGTH, articles - (part - 1) * ARCHIVE_LENGTH)
}

/** Every archive, from the newest to the oldest, as a reader follows them from the feed. */
function walk(months: readonly MonthCount[], now = NOW): Archive[] {
  const found: Archive[] = []
  for (let at = planCurrent(months, now).previous; at; at = plan(at, months, now)?.previous ?? null)
    found.push(at)
  return found
}

describe('the archives of a feed (RFC 5005)', () => {
  test('have every article that the feed itself has not', () => {
    fc.assert(
      fc.property(counts, (months) => {
        const total = months.reduce((sum, { articles }) => sum + articles, 0)
        const archived = walk(months).reduce((sum, archive) => sum + sizeOf(archive, months), 0)
        expect(archived + planCurrent(months, NOW).length).toBeGreaterThanOrEqual(total)
        expect(archived).toBeLessThanOrEqual(total)
      }),
    )
  })

  test('are linked both ways', () => {
    fc.assert(
      fc.property(counts, (months) => {
        const archives = walk(months)
        for (const [index, archive] of archives.entries()) {
          const { previous, next } = plan(archive, months) ?? {}
          expect(previous).toEqual(archives[index + 1] ?? null)
          expect(next).toEqual(archives[index - 1] ?? null)
        }
      }),
    )
  })

  test('keep what they hold when more is published, and when months pass', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 200 }), fc.boolean(), (months, more, isLater) => {
        const now = isLater ? '2026-09-02T08:00:00Z' : NOW
        const month = now.slice(0, 7)
        const already = months.find((one) => one.month === month)?.articles ?? 0
        const grown = [{ month, articles: already + more }, ...months.filter((one) => one.month !== month)]
        for (const archive of walk(months)) {
          expect(plan(archive, grown, now)).not.toBeNull()
          expect(sizeOf(archive, grown)).toBe(sizeOf(archive, months))
        }
      }),
    )
  })

  test('leave the feed at least its usual length, and never more than fits into an archive', () => {
    fc.assert(
      fc.property(counts, (months) => {
        const { length } = planCurrent(months, NOW)
        expect(length).toBeGreaterThanOrEqual(FEED_LENGTH)
        expect(length).toBeLessThan(ARCHIVE_LENGTH)
      }),
    )
  })

  test('are not there before they are closed', () => {
    const months = [{ month: '2026-08', articles: 70 }]
    expect(plan({ month: '2026-08', part: 1 }, months)).toEqual({ previous: null, next: null })
    expect(plan({ month: '2026-08', part: 2 }, months)).toBeNull()
    expect(plan({ month: '2026-08', part: 2 }, months, '2026-09-01T00:00:00Z')).not.toBeNull()
    expect(plan({ month: '2026-07', part: 1 }, months)).toBeNull()
  })
})

describe('an archive’s address', () => {
  test.each([
    { month: '2026-07', part: 1 },
    { month: '2019-12', part: 14 },
  ])('of %o is read as it is written', (archive) => {
    expect(readArchiveAsked(new URL(linkToArchive('https://beispiel.de/feed/', archive)))).toEqual(archive)
  })

  test.each([
    '?archiv=',
    '?archiv=2026',
    '?archiv=2026-13',
    '?archiv=2026-07&teil=0',
    '?archiv=2026-07&teil=x',
    '?archiv=2026-07&teil=99999',
  ])('%s is none', (query) =>
    expect(readArchiveAsked(new URL(`https://beispiel.de/feed/${query}`))).toBeUndefined(),
  )

  test('without a query is the feed itself', () => {
    expect(readArchiveAsked(new URL('https://beispiel.de/feed/?utm_source=x'))).toBeNull()
  })
})
