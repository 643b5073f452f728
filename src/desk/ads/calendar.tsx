import { type Campaign, creativesFor } from '../../ad/campaign.ts'
import { PLACEMENTS } from '../../ad/placements.ts'
import { dayIn, longDate, monthAndYear, startOfDay } from '../../locale/locale.ts'
import { dayAfter } from '../../site/timestamp.ts'
import { ScrollableTable } from '../../view/parts.tsx'
import type { DeskCall } from '../guard.ts'
import { sendDeskPage } from '../layout.tsx'
import { CALENDAR_MOST, listBooked } from './campaign-store.ts'

/** GET /desk/ads/calendar/ — which sold campaigns are booked on each day of a month (`monat`), by placement. 200. */
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
            <th scope="col">{ads.day}</th>
            {PLACEMENTS.map((placement) => (
              <th key={placement} scope="col">
                {ads.places[placement]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {daysOf(month).map((day) => {
            const from = startOfDay(day, timezone)
            const after = startOfDay(dayAfter(day), timezone).getTime()
            const ofDay = booked.filter((one) => isBooked(one, from.getTime(), after))
            return (
              <tr key={day}>
                <th scope="row">{longDate(from, site.settings)}</th>
                {PLACEMENTS.map((placement) => (
                  <td key={placement}>
                    {ofDay
                      .filter((one) => creativesFor(one, placement).length > 0)
                      .map(({ id, name }, index) => (
                        <>
                          {index > 0 && ', '}
                          <a href={`/desk/ads/${id}/`}>{name}</a>
                        </>
                      ))}
                  </td>
                ))}
              </tr>
            )
          })}
        </tbody>
      </ScrollableTable>
    </article>,
  )
}

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
