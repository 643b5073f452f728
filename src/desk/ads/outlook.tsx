import type { Campaign } from '../../ad/campaign.ts'
import type { Conflict, ShelvedDay } from '../../ad/conflicts.ts'
import { readershipOf, roomAhead, type Standing, standingsOf } from '../../ad/outlook.ts'
import { PLACEMENTS } from '../../ad/placements.ts'
import { hasBudget } from '../../ad/plan.ts'
import { json } from '../../http/problem.ts'
import { dayIn, figure, longDate } from '../../locale/locale.ts'
import type { Site } from '../../site/site.ts'
import { DAY_MS } from '../../site/timestamp.ts'
import { ScrollableTable } from '../../view/parts.tsx'
import type { DeskCall } from '../guard.ts'
import { sendDeskPage } from '../layout.tsx'
import { listBooked } from './campaign-store.ts'

/** How far ahead campaigns are looked for that take room, and how many days of room are shown. */
const AHEAD_MS = 29 * DAY_MS
const SHOWN_DAYS = 7

/** GET /desk/ads/outlook/ — on which days more is sold than there is room, how sold campaigns stand, and the room to be had. 200. */
export async function showOutlook({ site, person }: DeskCall): Promise<Response> {
  const { ads } = site.texts.desk
  const { campaigns, standings, days, conflicts, isKnown } = await outlookOf(site)
  return sendDeskPage(
    site,
    person,
    { title: ads.outlook, part: 'ads' },
    <article>
      <p>
        <a href="/desk/ads/">{ads.toList}</a>
      </p>
      <h1>{ads.outlook}</h1>
      <p>{ads.outlookIntro}</p>
      {isKnown ? (
        <>
          <h2>{ads.conflicts}</h2>
          <Conflicts conflicts={conflicts} campaigns={campaigns} site={site} />
        </>
      ) : (
        <p>{ads.noRoomKnown}</p>
      )}
      <h2>{ads.standings}</h2>
      <Standings campaigns={campaigns} standings={standings} site={site} />
      {isKnown && (
        <>
          <h2>{ads.room}</h2>
          <Room days={days.slice(0, SHOWN_DAYS)} site={site} />
        </>
      )}
    </article>,
  )
}

/** GET /api/ads-forecast — the same for programs: days are those of the site's zone, `end` is ISO 8601. 200. */
export async function forecastByApi(_: unknown, site: Site): Promise<Response> {
  await site.snapshot()
  const { campaigns, standings, days, conflicts } = await outlookOf(site)
  const dayOf = (at: number) => dayIn(new Date(at), site.settings.timezone)
  return json({
    campaigns: campaigns.flatMap(({ id, name, budget, end }) => {
      const standing = standings.get(id)
      if (!standing) return []
      const { reason, reachedAt, of, expected, isShort } = standing.forecast
      const forecast = {
        ...{ reason, of, isShort },
        reachedOn: reachedAt === null ? null : dayOf(reachedAt - 1),
        expected: expected === null ? null : Math.round(expected),
      }
      const until = end === null ? null : new Date(end).toISOString()
      return [{ id, name, budget, end: until, counted: standing.counted, forecast }]
    }),
    conflicts: conflicts.map(({ from, campaigns, sold, available }) => ({
      ...{ day: dayOf(from), campaigns },
      ...{ sold: Math.round(sold), available: Math.round(available) },
    })),
    room: days.slice(0, SHOWN_DAYS).map(({ from, shelves }) => ({
      day: dayOf(from),
      shelves: shelves.map((shelf) => ({ ...shelf, views: Math.round(shelf.views) })),
    })),
  })
}

/** The sold campaigns with a budget that run now or in the next weeks, where they stand, and the room for them. */
async function outlookOf(site: Site) {
  const now = site.now.getTime()
  const [{ booked }, readership] = await Promise.all([
    listBooked(site.env.DB, now, now + AHEAD_MS),
    readershipOf(site),
  ])
  const campaigns = booked.filter(hasBudget)
  const standings = await standingsOf(campaigns, readership, site)
  const isKnown = readership.history.length > 0
  return { campaigns, standings, isKnown, ...roomAhead(campaigns, standings, readership, site) }
}

interface ConflictsProps {
  conflicts: readonly Conflict[]
  campaigns: readonly Campaign[]
  site: Site
}

/** Days on which the same campaigns want more than there is are one entry. */
function Conflicts({ conflicts, campaigns, site }: ConflictsProps) {
  const { ads } = site.texts.desk
  if (conflicts.length === 0) return <p>{ads.noConflicts}</p>
  const names = new Map<string, string>(campaigns.map(({ id, name }) => [id, name]))
  const groups = Map.groupBy(conflicts, (conflict) => conflict.campaigns.join(' '))
  return (
    <ul class="desk-list">
      {[...groups].map(([key, [first, ...others]]) => {
        if (!first) return null
        const all = [first, ...others]
        const mean = (of: (one: Conflict) => number) =>
          rounded(all.reduce((sum, one) => sum + of(one), 0) / all.length)
        return (
          <li key={key}>
            <div>
              <strong>
                {first.campaigns.map((id, index) => (
                  <>
                    {index > 0 && ', '}
                    <a href={`/desk/ads/${id}/`}>{names.get(id) ?? id}</a>
                  </>
                ))}
              </strong>
              <p>
                {ads.soldOf(
                  mean(({ sold }) => sold),
                  mean(({ available }) => available),
                )}
              </p>
              <p class="hint">{ads.conflictOn(spansOf(all, site).join(', '))}</p>
            </div>
          </li>
        )
      })}
    </ul>
  )
}

/** Days in a row as one span. */
function spansOf(days: readonly Conflict[], { settings }: Site): string[] {
  const spans: { from: number; until: number }[] = []
  for (const { from, until } of days) {
    const last = spans.at(-1)
    if (last?.until === from) last.until = until
    else spans.push({ from, until })
  }
  return spans.map(({ from, until }) => {
    const [first, last] = [from, until - 1].map((at) => longDate(new Date(at), settings))
    return first === last ? `${first}` : `${first} – ${last}`
  })
}

interface StandingsProps {
  campaigns: readonly Campaign[]
  standings: ReadonlyMap<string, Standing>
  site: Site
}

function Standings({ campaigns, standings, site }: StandingsProps) {
  const { ads } = site.texts.desk
  if (campaigns.length === 0) return <p>{ads.noStandings}</p>
  return (
    <ScrollableTable label={ads.standings}>
      <thead>
        <tr>
          {Object.entries(ads.standingColumns).map(([key, name]) => (
            <th key={key} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {campaigns.map((campaign) => {
          const [counted, forecast] = progressOf(campaign, standings.get(campaign.id), site)
          return (
            <tr key={campaign.id}>
              <th scope="row">
                <a href={`/desk/ads/${campaign.id}/`}>{campaign.name}</a>
              </th>
              <td>{counted}</td>
              <td>{forecast}</td>
            </tr>
          )
        })}
      </tbody>
    </ScrollableTable>
  )
}

/** As exactly as a forecast is: two figures that mean something. */
const rounded = (n: number) => (n < 100 ? Math.round(n) : Number(n.toPrecision(2)))

/** What was counted of a campaign against what was sold, and how it will go on, in words; the latter is empty without a budget. */
export function progressOf(
  { budget }: Campaign,
  standing: Standing | undefined,
  { texts, settings }: Site,
): [counted: string, forecast: string] {
  const { ads } = texts.desk
  const { counted = { views: 0, clicks: 0 }, forecast } = standing ?? {}
  const goals = (['views', 'clicks'] as const).flatMap((of) => {
    const sold = budget[of]
    return sold === undefined ? [] : [ads.countedOf(counted[of], sold, of)]
  })
  const said = goals.length > 0 ? goals.join(', ') : ads.counted(counted.views, counted.clicks)
  if (!forecast || forecast.reason === 'no-budget') return [said, '']
  const { reason, reachedAt, of } = forecast
  const expected = (reason === 'falls-short' ? rounded : Math.round)(forecast.expected ?? 0)
  const isReached = reason === 'on-course' || reason === 'at-this-pace'
  const value = isReached
    ? longDate(new Date((reachedAt ?? 0) - 1), settings)
    : ads.amount(expected, of ?? 'views')
  return [said, ads.forecasts[reason](value ?? '')]
}

function Room({ days, site }: { days: readonly ShelvedDay[]; site: Site }) {
  const { ads } = site.texts.desk
  const sections = new Map<string, string>(site.settings.sections.map(({ slug, name }) => [slug, name]))
  const shelves = Map.groupBy(
    days.flatMap((day) => day.shelves),
    ({ placement, section }) => `${placement} ${section}`,
  )
  const rows = [...shelves.values()]
    .flatMap((all) => {
      const views = all.reduce((sum, one) => sum + one.views, 0)
      return all[0] ? [{ ...all[0], views }] : []
    })
    .sort((a, b) => PLACEMENTS.indexOf(a.placement) - PLACEMENTS.indexOf(b.placement) || b.views - a.views)
  return (
    <ScrollableTable label={ads.room}>
      <thead>
        <tr>
          {Object.entries(ads.roomColumns).map(([key, name]) => (
            <th key={key} scope="col" {...(key === 'views' || key === 'perDay' ? { class: 'right' } : {})}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ placement, section, views }) => (
          <tr key={`${placement} ${section}`}>
            <th scope="row">{ads.places[placement]}</th>
            <td>{section === '' ? ads.noSection : (sections.get(section) ?? section)}</td>
            <td class="right">{figure(rounded(views), site.settings)}</td>
            <td class="right">{figure(rounded(views / days.length), site.settings)}</td>
          </tr>
        ))}
      </tbody>
    </ScrollableTable>
  )
}
