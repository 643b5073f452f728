import * as v from 'valibot'
import { dayIn } from '../locale/locale.ts'
import type { Site } from '../site/site.ts'
import type { Campaign } from './campaign.ts'
import type { Span } from './report-store.ts'

/** Days of a report, both included. */
export interface Period {
  readonly from: string
  readonly to: string
  /** Whether more was asked for than a report shows at once. */
  readonly isCut: boolean
}

/** What one report shows at most. */
const MOST_MONTHS = 13

/** A day of the calendar in this millennium: the 31st of February is none. */
export const ReportDay = v.pipe(
  v.string(),
  v.regex(/^2\d{3}-\d\d-\d\d$/),
  v.check((text) => new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true),
)
const dayOr = (text: string | null, fallback: string) => (v.is(ReportDay, text) ? text : fallback)

/**
 * Which days somebody asks for, in any order; where they say nothing, or what is no day, from the first on which
 * something was counted to the end of the run so far.
 */
export function periodOf(
  asked: { from: string | null; to: string | null },
  campaign: Pick<Campaign, 'start' | 'end'> | null,
  counted: Span,
  { now, settings }: Pick<Site, 'now' | 'settings'>,
): Period {
  const day = (at: number | null | undefined) => (at == null ? null : dayIn(new Date(at), settings.timezone))
  const today = day(now.getTime()) ?? ''
  const end = campaign?.end ? day(campaign.end - 1) : null
  const over = end === null ? today : greatest([end, counted.last ?? end])
  const from = dayOr(asked.from, counted.first ?? least([day(campaign?.start) ?? today, today]))
  const to = dayOr(asked.to, least([over, today]))
  const last = greatest([from, to])
  const earliest = monthsBefore(last, MOST_MONTHS)
  const first = least([from, to])
  return { from: greatest([first, earliest]), to: last, isCut: first < earliest }
}

const least = (days: readonly string[]) => days.toSorted()[0] ?? ''
const greatest = (days: readonly string[]) => days.toSorted().at(-1) ?? ''

/** The day after the one so many months before: `2026-11-26` and 13 make `2025-10-27`. */
function monthsBefore(day: string, months: number): string {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCMonth(date.getUTCMonth() - months)
  date.setUTCDate(date.getUTCDate() + 1)
  return date.toISOString().slice(0, 10)
}

/** Each day from one to another, both included. */
export function daysBetween(from: string, to: string): string[] {
  const days: string[] = []
  for (const date = new Date(`${from}T00:00:00Z`); ; date.setUTCDate(date.getUTCDate() + 1)) {
    const day = date.toISOString().slice(0, 10)
    if (day > to) return days
    days.push(day)
  }
}
