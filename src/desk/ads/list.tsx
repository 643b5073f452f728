import { type Campaign, type Phase, phaseOf } from '../../ad/campaign.ts'
import { readershipOf, type Standing, standingsOf } from '../../ad/outlook.ts'
import { longDate } from '../../locale/locale.ts'
import type { Site } from '../../site/site.ts'
import type { DeskCall } from '../guard.ts'
import { Notice, sendDeskPage } from '../layout.tsx'
import { noticeIn } from '../notices.ts'
import { formToken } from '../session.ts'
import { type After, CAMPAIGNS_PAGE, type ListedCampaign, listCampaigns, sortedBy } from './campaign-store.ts'
import { movesFrom, readUndo } from './move.ts'
import { progressOf } from './outlook.tsx'

export const PHASES = ['running', 'ready', 'paused', 'draft', 'ended'] as const satisfies readonly Phase[]

/** GET /desk/ads/ — all campaigns, or those in a phase (`stand`), by pages (`ab`). 200. */
export async function listAds({ request, site, person }: DeskCall): Promise<Response> {
  const { ads } = site.texts.desk
  const { searchParams } = new URL(request.url)
  const phase = PHASES.find((one) => one === searchParams.get('stand')) ?? null
  const after = readAfter(searchParams.get('ab') ?? '')
  const [found, token, readership] = await Promise.all([
    listCampaigns(site.env.DB, phase, site.now.getTime(), after),
    formToken(person, site),
    readershipOf(site),
  ])
  const shown = found.slice(0, CAMPAIGNS_PAGE)
  const begun = shown.flatMap(({ campaign }) => (campaign && campaign.state !== 'draft' ? [campaign] : []))
  const standings = await standingsOf(begun, readership, site)
  const last = found.length > shown.length ? shown.at(-1) : undefined
  const further = last && `${listAddress(phase)}${phase ? '&' : '?'}ab=${sortedBy(phase, last)}.${last.id}`
  return sendDeskPage(
    site,
    person,
    { title: ads.title, part: 'ads' },
    <article>
      <h1>{ads.title}</h1>
      <Notice {...noticeIn(request.url, site.texts)} />
      <Undo search={searchParams} token={token} site={site} />
      <p class="desk-row">
        <a href="/desk/ads/new/">{ads.fresh}</a> <a href="/desk/ads/calendar/">{ads.calendar}</a>{' '}
        <a href="/desk/ads/outlook/">{ads.outlook}</a>
      </p>
      <nav class="desk-tabs" aria-label={ads.tabsLabel}>
        <ul>
          {[null, ...PHASES].map((one) => (
            <li key={one}>
              <a href={listAddress(one)} {...(one === phase ? { 'aria-current': 'page' } : {})}>
                {one === null ? ads.all : ads.phases[one]}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {shown.length === 0 && <p>{ads.empty[phase ?? 'all']}</p>}
      <ul class="desk-list">
        {shown.map((one) => (
          <Line
            key={one.id}
            one={one}
            standing={standings.get(one.id)}
            phase={phase}
            token={token}
            site={site}
          />
        ))}
      </ul>
      {(further || after) && (
        <p class="pager">
          {after && <a href={listAddress(phase)}>{ads.toStart}</a>}{' '}
          {further && <a href={further}>{ads.further}</a>}
        </p>
      )}
    </article>,
  )
}

export const listAddress = (phase: Phase | null) => `/desk/ads/${phase ? `?stand=${phase}` : ''}`

function readAfter(text: string): After | null {
  const [, at, id] = /^(\d{1,16})\.([a-z0-9-]{1,120})$/.exec(text) ?? []
  return at !== undefined && id !== undefined ? { at: Number(at), id } : null
}

interface LineProps {
  one: ListedCampaign
  /** Undefined for a draft, of which nothing can have been counted. */
  standing: Standing | undefined
  phase: Phase | null
  token: string
  site: Site
}

/** A campaign, what it is doing, and what can be done with it. */
function Line({ one, standing, phase, token, site }: LineProps) {
  const { ads } = site.texts.desk
  const { id, title, revision, campaign } = one
  const is = campaign && phaseOf(campaign, site.now.getTime())
  return (
    <li>
      <div>
        <strong>
          <a href={`/desk/ads/${id}/`}>{title}</a>
        </strong>{' '}
        {campaign && is ? (
          <>
            {campaign.advertiser} · {ads.phases[is]}
            {standing && <p>{progressOf(campaign, standing, site).filter(Boolean).join('. ')}</p>}
            <p class="hint">{factsOf(campaign, site).join(' · ')}</p>
          </>
        ) : (
          <p class="hint">{ads.unreadable}</p>
        )}
      </div>
      <form method="post" action="/desk/ads/" class="desk-row">
        <input type="hidden" name="token" value={token} />
        <input type="hidden" name="campaign" value={`${id}.${revision}`} />
        {phase && <input type="hidden" name="stand" value={phase} />}
        {[...(is ? movesFrom(is) : []), 'duplicate' as const].map((move) => (
          <button
            key={move}
            type="submit"
            class="second"
            name="do"
            value={move}
            aria-label={ads.moveOf(ads.moves[move], title)}
          >
            {ads.moves[move]}
          </button>
        ))}
      </form>
    </li>
  )
}

/** Run, budget, priority, placements, in words. */
export function factsOf(campaign: Campaign, { texts, settings }: Site): string[] {
  const { ads } = texts.desk
  const { start, end, budget, priority, weight, placements } = campaign
  const day = (at: number | null) => (at === null ? null : longDate(new Date(at), settings))
  return [
    ads.run(day(start), day(end === null ? null : end - 1)), // the last day that is still in it
    ads.budget(budget.views, budget.clicks),
    ads.priorities[priority],
    ads.weight(weight),
    placements ? placements.map((one) => ads.places[one]).join(', ') : ads.everywhere,
  ]
}

/** Takes back what was just done, as the address of the page says. */
function Undo({ search, token, site }: { search: URLSearchParams; token: string; site: Site }) {
  const undo = readUndo(search.get('zurueck') ?? '')
  return undo ? (
    <form method="post" action="/desk/ads/undo/" class="desk-row">
      <input type="hidden" name="token" value={token} />
      <input type="hidden" name="undo" value={search.get('zurueck') ?? ''} />
      <button type="submit" class="second">
        {site.texts.desk.ads.undo}
      </button>
    </form>
  ) : null
}
