import type { IRequest } from 'itty-router'
import type { Teaser } from '../article/article.ts'
import { parseSlug, type Slug } from '../article/slug.ts'
import { readTagName, readTeasers, selectOfSection, selectOfTag } from '../article/store.ts'
import { type ComposedPage, cachedPage, composePage, sendPage } from '../http/page.ts'
import { renderPage } from '../view/layout.tsx'
import { TeaserCard } from '../view/parts.tsx'
import { notFound } from './errors.tsx'
import type { Site } from './site.ts'

/** Articles a list names. */
export const LIST_LENGTH = 30

/** GET /category/:slug/ — the newest articles of a section. 200, 304, 404. */
export const showSection = (request: IRequest, site: Site) =>
  showList(request, site, selectOfSection, (slug) => {
    const section = site.settings.sections.find((one) => one.slug === slug)
    const { name: title, description } = section ?? {}
    return title === undefined ? null : { path: `/category/${slug}/`, title, description, section: slug }
  })

/** GET /tag/:slug/ — the newest articles with a tag. 200, 304, 404. */
export const showTag = (request: IRequest, site: Site) =>
  showList(request, site, selectOfTag, (slug, rows) => {
    const title = readTagName(rows)
    return title === null
      ? null
      : { path: `/tag/${slug}/`, title, description: site.texts.site.tagged(title) }
  })

/** Shows a list of articles; what it says about itself is known only after its rows were read, if it exists at all. */
async function showList(
  request: IRequest,
  site: Site,
  select: typeof selectOfSection,
  describe: (slug: Slug, rows: unknown[]) => ListMeta | null,
): Promise<Response> {
  const slug = parseSlug(request.params.slug)
  if (!slug) return notFound(site)
  const { pathname } = new URL(request.url) // the one spelling there is: see `withSlash` in the router
  const page = await cachedPage(site.origin + pathname, site, async () => {
    const rows = await site.rows(select(site.env.DB, slug, site.timestamp, LIST_LENGTH))
    const meta = describe(slug, rows)
    return meta && composeList(meta, rows, site)
  })
  return page ? sendPage(page, request, site) : notFound(site)
}

interface ListMeta {
  path: string
  title: string
  description?: string | undefined
  section?: string
}

async function composeList(meta: ListMeta, rows: unknown[], site: Site): Promise<ComposedPage> {
  const { title, description, ...rest } = meta
  const teasers = readTeasers(rows)
  const draft = await renderPage(
    site,
    { title, ...(description ? { description } : {}), ...rest },
    <>
      <header class="list-head">
        <h1>{title}</h1>
        {description && <p class="standfirst">{description}</p>}
      </header>
      <List teasers={teasers} site={site} />
    </>,
  )
  return composePage(draft, site.now)
}

function List({ teasers, site }: { teasers: readonly Teaser[]; site: Site }) {
  if (teasers.length === 0) return <p>{site.texts.site.empty}</p>
  return (
    <div class="cards">
      {teasers.map((teaser) => (
        <TeaserCard key={teaser.slug} teaser={teaser} site={site} />
      ))}
    </div>
  )
}
