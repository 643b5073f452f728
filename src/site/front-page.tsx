import type { IRequest } from 'itty-router'
import type { Teaser } from '../article/article.ts'
import { readTeasers, selectLatest } from '../article/store.ts'
import { type ComposedPage, cachedPage, composePage, sendPage } from '../http/page.ts'
import { dayAndDate } from '../locale/locale.ts'
import { renderPage } from '../view/layout.tsx'
import { TeaserCard } from '../view/parts.tsx'
import { LIST_LENGTH } from './lists.tsx'
import type { Site } from './site.ts'

/** GET / — the newest articles, the first of them large. 200, 304. */
export async function showFrontPage(request: IRequest, site: Site): Promise<Response> {
  const page = await cachedPage(`${site.origin}/`, site, () => compose(site))
  if (!page) throw new Error('there is always a front page')
  return sendPage(page, request, site)
}

async function compose(site: Site): Promise<ComposedPage> {
  const teasers = readTeasers(await site.rows(selectLatest(site.env.DB, site.timestamp, LIST_LENGTH)))
  const { settings } = site
  const description = settings.tagline ? { description: settings.tagline } : {}
  const draft = await renderPage(
    site,
    { title: settings.name, path: '/', ...description },
    <FrontPage teasers={teasers} site={site} />,
  )
  return composePage(draft, site.now)
}

function FrontPage({ teasers: [lead, ...others], site }: { teasers: readonly Teaser[]; site: Site }) {
  const { texts, settings } = site
  return (
    <>
      <header class="front-head">
        <h1>{texts.site.latest}</h1>
        <p class="edition">{dayAndDate(site.now, settings)}</p>
      </header>
      {lead ? (
        <>
          <TeaserCard teaser={lead} site={site} isLead />
          <div class="cards">
            {others.map((teaser) => (
              <TeaserCard key={teaser.slug} teaser={teaser} site={site} />
            ))}
          </div>
        </>
      ) : (
        <div class="notice">
          <p>{texts.site.empty}</p>
          <p>{texts.site.emptyHint}</p>
        </div>
      )}
    </>
  )
}
