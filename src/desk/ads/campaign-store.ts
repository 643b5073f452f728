import * as v from 'valibot'
import { Campaign, type Phase } from '../../ad/campaign.ts'

/** SQL of the campaigns as the desk lists and opens them. They are documents of kind `ad`, whoever wrote them. */

const json = v.pipe(v.string(), v.parseJson())

/** A campaign in a list. */
const ListedCampaign = v.object({
  id: v.string(),
  title: v.string(),
  revision: v.number(),
  /** Null where an older version of the site stored it, and it can't be read any more. */
  campaign: v.pipe(json, v.fallback(v.nullable(Campaign), null)),
})
export type ListedCampaign = v.InferOutput<typeof ListedCampaign>

const COLUMNS = 'slug AS id, title, revision, value AS campaign'

export const CAMPAIGNS_PAGE = 50

/** Where a page of a list begins: behind this one. `at` is what its list is sorted by, in milliseconds; 0 for all. */
export interface After {
  at: number
  id: string
}

/** How a list is found: what is in it (`?3` is now), and by which column, from where, in which direction it comes. */
interface List {
  where: string
  column: 'ad_begins' | 'ad_ends'
  begin: (now: number) => number
  isBackward?: true
}
const LISTS: Readonly<Record<Phase, List>> = {
  draft: { where: "ad_state = 'draft'", column: 'ad_ends', begin: () => -1 },
  ready: { where: "ad_state = 'ready'", column: 'ad_begins', begin: (now) => now },
  running: { where: "ad_state = 'ready' AND ad_begins <= ?3", column: 'ad_ends', begin: (now) => now },
  paused: { where: "ad_state = 'paused'", column: 'ad_ends', begin: (now) => now },
  ended: { where: 'ad_is_draft = 0', column: 'ad_ends', begin: (now) => now, isBackward: true },
}

/** Behind every id: ids are of letters, digits and hyphens. */
const LAST_ID = '~'

/**
 * A page of the campaigns that are in a phase at a moment, and one line more where there are more. All of them come by
 * their id; what waits by its start; what ended, the last first; all else by its end. Each page reads as many rows as
 * it shows, but for running campaigns also those that end earlier than the last one shown and have not begun yet.
 */
export async function listCampaigns(
  db: D1Database,
  phase: Phase | null,
  now: number,
  after: After | null,
): Promise<ListedCampaign[]> {
  const from = `SELECT ${COLUMNS} FROM document WHERE kind = 'ad'`
  const limit = `LIMIT ${CAMPAIGNS_PAGE + 1}`
  const { results } = await (phase === null
    ? db.prepare(`${from} AND slug > ?1 ORDER BY slug ${limit}`).bind(after?.id ?? '')
    : selectList(LISTS[phase])
  ).all()
  return results.map((row) => v.parse(ListedCampaign, row))

  function selectList({ where, column, begin, isBackward }: List) {
    const start = after ?? { at: begin(now), id: LAST_ID }
    const way = isBackward ? 'DESC' : 'ASC'
    const sql = `${from} AND ${where} AND (${column}, slug) ${isBackward ? '<' : '>'} (?1, ?2)`
    const statement = db.prepare(`${sql} ORDER BY ${column} ${way}, slug ${way} ${limit}`)
    return where.includes('?3') ? statement.bind(start.at, start.id, now) : statement.bind(start.at, start.id)
  }
}

/** What a list in this phase is sorted by, of a campaign in it. */
export function sortedBy(phase: Phase | null, { campaign }: ListedCampaign): number {
  if (phase === null || !campaign) return 0
  if (phase === 'ready') return campaign.start ?? 0
  if (phase === 'ended' && campaign.state === 'ended') return 0
  return campaign.end ?? Number.MAX_SAFE_INTEGER
}

/** How many campaigns a month of the calendar shows at most. */
export const CALENDAR_MOST = 500

/**
 * The sold campaigns that are booked at some moment of a span, in milliseconds since 1970, the end excluded.
 * @returns `isCut` where there are more than are read: those that end first are
 */
export async function listBooked(
  db: D1Database,
  from: number,
  until: number,
): Promise<{ booked: Campaign[]; isCut: boolean }> {
  const { results } = await db
    .prepare(
      `SELECT ${COLUMNS} FROM document WHERE kind = 'ad' AND ad_is_draft = 0 AND ad_ends > ?1 AND ad_begins < ?2
       ORDER BY ad_ends, slug LIMIT ${CALENDAR_MOST + 1}`,
    )
    .bind(from, until)
    .all()
  const booked = results
    .slice(0, CALENDAR_MOST)
    .map((row) => v.parse(ListedCampaign, row))
    .flatMap(({ campaign }) => (campaign?.priority === 'sold' ? [campaign] : []))
  return { booked, isCut: results.length > CALENDAR_MOST }
}

const OpenedCampaign = v.object({
  ...ListedCampaign.entries,
  source: v.pipe(json, v.object({ frontMatter: v.record(v.string(), v.unknown()), body: v.string() })),
})
export type OpenedCampaign = v.InferOutput<typeof OpenedCampaign>

/** A campaign as it was written, and as pages have it. */
export async function findCampaign(db: D1Database, id: string): Promise<OpenedCampaign | null> {
  const row = await db
    .prepare(`SELECT ${COLUMNS}, source FROM document WHERE kind = 'ad' AND slug = ?1`)
    .bind(id)
    .first()
  return row === null ? null : v.parse(OpenedCampaign, row)
}

/** Which of some ids are taken. */
export async function takenIds(db: D1Database, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const { results } = await db
    .prepare(
      `SELECT slug AS id FROM document WHERE kind = 'ad' AND slug IN (SELECT value FROM json_each(?1))`,
    )
    .bind(JSON.stringify(ids))
    .all()
  return new Set(results.map((row) => v.parse(v.object({ id: v.string() }), row).id))
}

/** The campaign that a form made, by the form's key; null where it made none. */
export async function findMadeBy(db: D1Database, form: string): Promise<string | null> {
  const row = await db.prepare('SELECT campaign FROM desk_change WHERE form = ?1').bind(form).first()
  return row === null ? null : v.parse(v.object({ campaign: v.string() }), row).campaign
}

/** Whether something was ever counted of a campaign: then its numbers have to keep their name. */
export async function hasRun(db: D1Database, id: string): Promise<boolean> {
  const found = await db
    .prepare(
      `SELECT EXISTS (SELECT 1 FROM ad_hour WHERE campaign = ?1) OR EXISTS (SELECT 1 FROM ad_day WHERE campaign = ?1) AS yes`,
    )
    .bind(id)
    .first()
  return v.parse(v.object({ yes: v.number() }), found).yes === 1
}

/** How many pictures of the library a form proposes; others are named by hand. */
const PICTURES_MOST = 500

/** Names of pictures in the library, for a form to propose. */
export async function listPictures(db: D1Database): Promise<string[]> {
  const { results } = await db
    .prepare(
      `SELECT name FROM media WHERE width > 0 AND name NOT GLOB '*.zip' ORDER BY name LIMIT ${PICTURES_MOST}`,
    )
    .all()
  return results.map((row) => v.parse(v.object({ name: v.string() }), row).name)
}

/** Which file a name of the library stands for, by content hash; null where it is free. */
export async function mediaHash(db: D1Database, name: string): Promise<string | null> {
  const row = await db.prepare('SELECT hash FROM media WHERE name = ?1').bind(name).first()
  return row === null ? null : v.parse(v.object({ hash: v.string() }), row).hash
}

/** The newest article of the first of some lists that has one at a moment: `section/medien`, `tag/solar`; '' has all. */
export async function newestArticle(
  db: D1Database,
  lists: readonly string[],
  now: string,
): Promise<string | null> {
  for (const list of lists) {
    const row = await db
      .prepare(
        'SELECT article FROM listing WHERE list = ?1 AND published_at <= ?2 ORDER BY published_at DESC, article LIMIT 1',
      )
      .bind(list, now)
      .first()
    if (row !== null) return v.parse(v.object({ article: v.string() }), row).article
  }
  return null
}
