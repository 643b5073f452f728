import { type Campaign, creativesFor } from '../../ad/campaign.ts'
import { PLACEMENTS } from '../../ad/placements.ts'
import { dayIn, longDates, monthAndYear, startOfDay } from '../../locale/locale.ts'
import { dayAfter } from '../../site/timestamp.ts'
import { ScrollableTable } from '../../view/parts.tsx'
import type { DeskCall } from '../guard.ts'
import { sendDeskPage } from '../layout.tsx'
import { CALENDAR_MOST, listBooked } from './campaign-store.ts'

/**
 * GET /desk/ads/calendar/ — which sold campaigns are booked on the days of a month (`monat`), by placement: days in a row
 * with the same campaigns are one row. 200.
 */
export async function showCalendar({ request, site, person }: DeskCall): Promise<Response> {
  const { ads } = site.texts.desk
  const { timezone } = site.settings
  const asked = new URL(request.url).searchParams.get('monat') ?? ''
  const month = /^20\d\d-(?:0[1-9]|1[0-2])$/.test(asked) ? asked : dayIn(site.now, timezone).slice(0, 7)
  const [previous, next] = [monthAfter(month, -1), monthAfter(month, 1)]
  const until = startOfDay(`${next}-01`, timezone).getTime()
  const { booked, isCut } = await listBooked(
    site.env.DB,
    startOfDay(`${month}-01`, timezone).getTime(),
    until,
  )
  return sendDeskPage(
    site,
    person,
    { title: ads.calendar, part: 'ads' },
    <article>
      <p>
        <a href="/desk/ads/">{ads.toList}</a>
      </p>
      <h1>{ads.calendarOf(monthAndYear(month, site.settings))}</h1>
      <p class="pager">
        <a href={`/desk/ads/calendar/?monat=${previous}`}>{monthAndYear(previous, site.settings)}</a>{' '}
        <a href={`/desk/ads/calendar/?monat=${next}`}>{monthAndYear(next, site.settings)}</a>
      </p>
      {isCut && <p>{ads.calendarCut(CALENDAR_MOST)}</p>}
      <ScrollableTable label={ads.calendar}>
        <thead>
          <tr>
            <th scope="col">{ads.days}</th>
            {PLACEMENTS.map((placement) => (
              <th key={placement} scope="col">
                {ads.places[placement]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {spansOf(daysOf(month), booked, timezone).map(({ first, last, campaigns }) => (
            <tr key={first}>
              <th scope="row">
                {longDates(startOfDay(first, timezone), startOfDay(last, timezone), site.settings)}
              </th>
              {PLACEMENTS.map((placement) => (
                <td key={placement}>
                  <Booked
                    campaigns={campaigns.filter((one) => creativesFor(one, placement).length > 0)}
                    free={ads.free}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </ScrollableTable>
    </article>,
  )
}

/** What is sold in a placement. */
function Booked({ campaigns, free }: { campaigns: readonly Campaign[]; free: string }) {
  if (campaigns.length === 0) return <span class="note">{free}</span>
  return (
    <ul>
      {campaigns.map(({ id, name }) => (
        <li key={id}>
          <a href={`/desk/ads/${id}/`}>{name}</a>
        </li>
      ))}
    </ul>
  )
}

/** Days in a row on which the same campaigns are booked. */
interface Span {
  readonly first: string
  last: string
  readonly campaigns: readonly Campaign[]
}

function spansOf(days: readonly string[], booked: readonly Campaign[], timezone: string): Span[] {
  const spans: Span[] = []
  for (const day of days) {
    const from = startOfDay(day, timezone).getTime()
    const after = startOfDay(dayAfter(day), timezone).getTime()
    const campaigns = booked.filter((one) => isBooked(one, from, after))
    const before = spans.at(-1)
    if (before && idsOf(before.campaigns) === idsOf(campaigns)) before.last = day
    else spans.push({ first: day, last: day, campaigns })
  }
  return spans
}

const idsOf = (campaigns: readonly Campaign[]) => campaigns.map(({ id }) => id).join(' ')

/** `2026-12` and 1 make `2027-01`. */
function monthAfter(month: string, by: 1 | -1): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7)
}

function daysOf(month: string): string[] {
  const days: string[] = []
  for (let day = `${month}-01`; day.startsWith(month); day = dayAfter(day)) days.push(day)
  return days
}

const isBooked = ({ start, end }: Campaign, from: number, until: number) =>
  (start === null || start < until) && (end === null || end > from)
