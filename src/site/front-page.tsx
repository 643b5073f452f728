import type { IRequest } from 'itty-router'
import { type ComponentChildren, Fragment } from 'preact'
import { listContext, withSlots } from '../ad/context.ts'
import { fillSlots } from '../ad/fill.ts'
import type { Placement } from '../ad/placements.ts'
import type { Teaser } from '../article/article.ts'
import { EVERYTHING, LIST_LENGTH, sectionList } from '../article/list.ts'
import {
  readListPage,
  readNextDue,
  selectListPage,
  selectMostCommented,
  selectNewest,
  selectNextDue,
  selectTeasersOf,
} from '../article/list-store.ts'
import { readTeasers } from '../article/store.ts'
import { type ComposedPage, cachedPage, composePage, sendPage } from '../http/page.ts'
import { slotMarker } from '../http/slots.ts'
import { dayAndDate, dayIn } from '../locale/locale.ts'
import { Html } from '../view/html.ts'
import { renderPage } from '../view/layout.tsx'
import { foreign, sectionName, TeaserCard, TeaserLine } from '../view/parts.tsx'
import { type FrontPlan, planFrontPage } from './front-plan.ts'
import { linkToPage, type Paging, pagesOf } from './paging.tsx'
import type { Site } from './site.ts'
import { webSite } from './structured-data.ts'

/** Newest articles of a section that are read, so that some are left when others stand further up. */
const SECTION_MATERIAL = 12
/** Newest articles among which the most commented are looked for. */
const RECENT = 100
const MOST_COMMENTED = 8

/** GET / — the front page, composed like a newspaper's. 200, 304. */
export async function showFrontPage(request: IRequest, site: Site): Promise<Response> {
  const page = await cachedPage(`${site.origin}/`, site, () => compose(site))
  if (!page) throw new Error('there is always a front page')
  return sendPage(page, request, site, fillSlots)
}

/** Composes it from one round trip to D1, once it is known which sections there are and what is pinned. */
async function compose(site: Site): Promise<ComposedPage> {
  const { settings } = await site.snapshot()
  const { DB } = site.env
  const now = site.timestamp
  const today = dayIn(site.now, settings.timezone)
  const pins = settings.front.filter(({ until }) => until === undefined || today <= until)
  const { rows } = await site.batch([
    selectNextDue(DB, now),
    selectTeasersOf(
      DB,
      pins.map(({ slug }) => slug),
      now,
    ),
    selectListPage(DB, EVERYTHING, { asOf: now, page: 1, size: LIST_LENGTH }),
    selectMostCommented(DB, now, RECENT, MOST_COMMENTED),
    ...settings.sections.map(({ slug }) => selectNewest(DB, sectionList(slug), now, SECTION_MATERIAL)),
  ])
  const [due = [], pinned = [], everything = [], commented = [], ...sections] = rows
  const { teasers: newest, total, newest: stand } = readListPage(everything)
  const plan = planFrontPage({
    pinned: readTeasers(pinned),
    newest,
    mostCommented: readTeasers(commented),
    sections: settings.sections.map(({ slug }, index) => ({
      slug,
      teasers: readTeasers(sections[index] ?? []),
    })),
  })
  const draft = await renderFrontPage(plan, { base: '/', page: 1, total, stand: stand ?? now }, site)
  return composePage({ ...draft, nextDue: readNextDue(due), ads: withSlots(listContext('front')) }, site.now)
}

function renderFrontPage(plan: FrontPlan, paging: Paging, site: Site) {
  const { settings, texts } = site
  const meta = {
    title: settings.name,
    path: '/',
    structuredData: [webSite(site)],
    ...(settings.tagline ? { description: settings.tagline } : {}),
    ...(pagesOf(paging.total) > 1 ? { next: linkToPage(paging, 2) } : {}),
  }
  return renderPage(
    site,
    meta,
    <>
      <header class="front-head">
        <h1>{texts.front.title(settings.name)}</h1>
        <p class="edition">{dayAndDate(site.now, settings)}</p>
      </header>
      {plan.lead ? (
        <FrontBody plan={plan} paging={paging} site={site} />
      ) : (
        <div class="notice">
          <p>{texts.site.empty}</p>
          <p>{texts.site.emptyHint}</p>
        </div>
      )}
    </>,
  )
}

/** After how many sections an ad may stand. */
const SECTIONS_PER_AD = 2

function FrontBody({ plan, paging, site }: { plan: FrontPlan; paging: Paging; site: Site }) {
  const { texts } = site
  const slot = (placement: Placement) =>
    site.settings.ads.placements.front.some((one) => one === placement) && <Html of={slotMarker(placement)} />
  return (
    <>
      {slot('front-top')}
      <div class="front">
        {plan.lead && (
          <div class="front-lead">
            <TeaserCard teaser={plan.lead} site={site} isLead />
          </div>
        )}
        {plan.second.length > 0 && (
          <div class="front-second cards">
            {plan.second.map((teaser) => (
              <TeaserCard key={teaser.slug} teaser={teaser} site={site} />
            ))}
          </div>
        )}
        <aside class="front-side">
          {plan.latest.length > 0 && (
            <Block name="ticker" title={texts.front.latest}>
              <ol class="short">
                {plan.latest.map((teaser) => (
                  <TeaserLine key={teaser.slug} teaser={teaser} site={site} />
                ))}
              </ol>
              <p class="more">
                {pagesOf(paging.total) > 1 && <a href={linkToPage(paging, 2)}>{texts.list.older}</a>}{' '}
                <a href={`/${dayIn(new Date(paging.stand), site.settings.timezone).slice(0, 4)}/`}>
                  {texts.front.archive}
                </a>
              </p>
            </Block>
          )}
          {plan.mostCommented.length > 0 && (
            <Block name="most-commented" title={texts.front.mostCommented}>
              <ol class="short">
                {plan.mostCommented.map((teaser) => (
                  <CommentedLine key={teaser.slug} teaser={teaser} site={site} />
                ))}
              </ol>
            </Block>
          )}
          {slot('side')}
        </aside>
        <div class="front-sections">
          {plan.sections.map(({ slug, teasers }, index) => (
            <Fragment key={slug}>
              <section class="front-section" aria-labelledby={`ressort-${slug}`}>
                <h2 id={`ressort-${slug}`}>
                  <a href={`/category/${slug}/`}>{sectionName(site, slug)}</a>
                </h2>
                <div class="cards">
                  {teasers.map((teaser) => (
                    <TeaserCard key={teaser.slug} teaser={teaser} site={site} level={3} />
                  ))}
                </div>
                <p class="more">
                  <a href={`/category/${slug}/`}>{texts.front.moreOf(sectionName(site, slug))}</a>
                </p>
              </section>
              {(index + 1) % SECTIONS_PER_AD === 0 && index + 1 < plan.sections.length && slot('list')}
            </Fragment>
          ))}
        </div>
      </div>
    </>
  )
}

function Block({ name, title, children }: { name: string; title: string; children: ComponentChildren }) {
  return (
    <section class={name} aria-labelledby={name}>
      <h2 id={name}>{title}</h2>
      {children}
    </section>
  )
}

function CommentedLine({ teaser, site }: { teaser: Teaser; site: Site }) {
  return (
    <li>
      <a href={`/${teaser.slug}/`} {...foreign(teaser, site)}>
        {teaser.title}
      </a>{' '}
      <span class="meta">{site.texts.comments.count(teaser.commentCount ?? 0)}</span>
    </li>
  )
}
