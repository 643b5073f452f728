import type { IRequest } from 'itty-router'
import { parseSlug } from '../article/slug.ts'
import { dateAndTime } from '../locale/locale.ts'
import { notFound } from '../site/errors.tsx'
import type { Site } from '../site/site.ts'
import { renderPage, sendOnce } from '../view/layout.tsx'
import { sectionName } from '../view/parts.tsx'
import type { Campaign, Political, Targeting } from './campaign.ts'
import { findNotice } from './notice-store.ts'

/**
 * GET /ads/:id/ — „Warum diese Anzeige?“: on whose behalf it is shown, who pays, and by what it was chosen
 * (Regulation (EU) 2022/2065, Art. 26; for political advertising (EU) 2024/900, Art. 12). 200, 404.
 */
export async function explainAd(request: IRequest, site: Site): Promise<Response> {
  const id = parseSlug(request.params.id)
  const { campaigns } = await site.snapshot()
  const campaign = campaigns.find((one) => one.id === id && one.state !== 'draft')
  // A notice of political advertising is kept longer than its campaign.
  const about = campaign ?? (id ? await findNotice(site.env.DB, id) : null)
  if (!about) return notFound(site)
  const { reasons, why } = site.texts.ad
  const { advertiser, political } = about
  const page = await renderPage(
    site,
    { title: reasons.title(advertiser), noindex: true, sheet: 'text' },
    <article class="static">
      <header class="list-head">
        <h1>{why}</h1>
        <p class="standfirst">{reasons.standfirst(advertiser)}</p>
      </header>
      <div class="body">
        <h2>{reasons.whoPays}</h2>
        <p>{reasons.paidBy(political?.sponsor ?? advertiser)}</p>
        {political && <Transparency political={political} site={site} />}
        <h2>{reasons.howChosen}</h2>
        {campaign ? <Parameters campaign={campaign} site={site} /> : <p>{reasons.over}</p>}
        <p>{reasons.lots}</p>
        <h2>{reasons.aboutYou}</h2>
        <p>{reasons.nothing}</p>
        {site.settings.comments.privacy && (
          <p>
            <a href={`/${site.settings.comments.privacy}/`}>{reasons.privacy}</a>
          </p>
        )}
      </div>
    </article>,
  )
  return sendOnce(page)
}

/** The transparency notice of a political advertisement. */
function Transparency({ political, site }: { political: Political; site: Site }) {
  const { notice } = site.texts.ad.reasons
  return (
    <>
      <h2>{notice.title}</h2>
      <dl>
        {(['sponsor', 'amount', 'period', 'election'] as const).map((key) => (
          <div key={key}>
            <dt>{notice[key]}</dt>
            <dd>{political[key]}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}

/** The parameters by which a page gets this ad, in words. */
function Parameters({ campaign, site }: { campaign: Campaign; site: Site }) {
  const { reasons } = site.texts.ad
  const said = [...topicsIn(campaign.target, site), ...circumstancesIn(campaign, site)]
  return said.length === 0 ? (
    <p>{reasons.anywhere}</p>
  ) : (
    <>
      <p>{reasons.chosenBy}</p>
      <ul>
        {said.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </>
  )
}

/** A campaign ends before a moment; what is said is the last minute in which it runs. */
const MINUTE_MS = 60_000

function topicsIn(target: Targeting, site: Site): string[] {
  const { reasons } = site.texts.ad
  const list = new Intl.ListFormat(site.settings.language, { type: 'disjunction' })
  const { sections, tags, authors, articles } = target
  const names = authors.map((slug) => site.settings.authors[slug] ?? slug)
  return [
    ...(sections.length > 0
      ? [reasons.sections(list.format(sections.map((slug) => sectionName(site, slug))))]
      : []),
    ...(tags.length > 0 ? [reasons.tags(list.format(tags))] : []),
    ...(authors.length > 0 ? [reasons.authors(list.format(names))] : []),
    ...(articles.length > 0 ? [reasons.articles] : []),
  ]
}

function circumstancesIn({ target, start, end }: Campaign, site: Site): string[] {
  const { reasons } = site.texts.ad
  const { settings } = site
  const list = new Intl.ListFormat(settings.language, { type: 'disjunction' })
  const countries = new Intl.DisplayNames(settings.language, { type: 'region' })
  const moment = (at: number) => dateAndTime(new Date(at), settings)
  return [
    ...target.hours.map(({ days, from, until }) =>
      reasons.hours(list.format(days.map((day) => reasons.weekdays[day])), from, until),
    ),
    ...(target.countries.length > 0
      ? [reasons.countries(list.format(target.countries.map((code) => countries.of(code) ?? code)))]
      : []),
    ...target.devices.slice(0, target.devices.length === 1 ? 1 : 0).map((device) => reasons.devices[device]),
    ...(start !== null ? [reasons.from(moment(start))] : []),
    ...(end !== null ? [reasons.until(moment(end - MINUTE_MS))] : []),
  ]
}
