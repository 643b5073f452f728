import type { Article } from '../article/article.ts'
import { dayIn, startOfDay } from '../locale/locale.ts'
import type { Settings } from '../site/settings.ts'
import { DAY_MS, timestampOf } from '../site/timestamp.ts'

/** Why comments are closed, and since when. Times are ISO 8601. */
export type Closing =
  | { by: 'site'; since: string }
  | { by: 'age'; since: string; days: number }
  /** `since` is null where the article never took any, or where nobody knows just now. */
  | { by: 'article'; since: string | null }

type Policy = Pick<Settings, 'comments' | 'timezone'>

/**
 * Why an article takes no comments; null where it does. What closes everything is said rather than what closes one.
 * @param closedAt when the newsroom closed this article's
 * @param stoppedAt when it did so from the desk
 */
export function closingOf(
  { comments, date }: Pick<Article, 'comments' | 'date'>,
  { closedAt, stoppedAt }: { closedAt: string | null; stoppedAt: string | null },
  policy: Policy,
  now: Date,
): Closing | null {
  const site = closedOnSite(policy, now)
  if (site) return site
  if (stoppedAt !== null) return { by: 'article', since: stoppedAt }
  if (comments === 'closed') return { by: 'article', since: closedAt }
  const days = policy.comments.closeAfterDays
  if (days === undefined || date > oldestOpen(policy, now)) return null
  return { by: 'age', since: new Date(Date.parse(date) + days * DAY_MS).toISOString(), days }
}

/** Whether the whole site takes no comments, from the first moment of the day that its settings name. */
export const closedOnSite = ({ comments, timezone }: Policy, now: Date): Closing | null =>
  comments.closed !== undefined && comments.closed <= dayIn(now, timezone)
    ? { by: 'site', since: startOfDay(comments.closed, timezone).toISOString() }
    : null

/** Articles published after this moment take comments, as far as their age goes; before all of them without a limit. */
export const oldestOpen = ({ comments }: Policy, now: Date): string =>
  comments.closeAfterDays === undefined ? '' : timestampOf(now.getTime() - comments.closeAfterDays * DAY_MS)
