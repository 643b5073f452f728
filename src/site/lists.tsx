import type { IRequest } from 'itty-router'
import type { Teaser } from '../article/article.ts'
import { parseSlug } from '../article/slug.ts'
import { readTagName, readTeasers, selectOfSection, selectOfTag } from '../article/store.ts'
import { type ComposedPage, cachedPage, composePage, sendPage } from '../http/page.ts'
import { renderPage } from '../view/layout.tsx'
import { TeaserCard } from '../view/parts.tsx'
import { notFound } from './errors.tsx'
import type { Site } from './site.ts'

/** Articles a list names. */
export const LIST_LENGTH = 30

/** GET /category/:slug/ — the newest articles of a section. 200, 304, 404. */
export async function showSection(request: IRequest, site: Site): Promise<Response> {
  const slug = parseSlug(request.params.slug)
  if (!slug) return notFound(site)
  const path = `/category/${slug}/`
  const page = await cachedPage(site.origin + path, site, async () => {
    const rows = await site.rows(selectOfSection(site.env.DB, slug, site.timestamp, LIST_LENGTH))
    const section = site.settings.sections.find((one) => one.slug === slug)
    if (!section) return null
    return composeList(
      { path, title: section.name, description: section.description, section: slug },
      rows,
      site,
    )
  })
  return page ? sendPage(page, request, site) : notFound(site)
}

/** GET /tag/:slug/ — the newest articles with a tag. 200, 304, 404. */
export async function showTag(request: IRequest, site: Site): Promise<Response> {
  const slug = parseSlug(request.params.slug)
  if (!slug) return notFound(site)
  const path = `/tag/${slug}/`
  const page = await cachedPage(site.origin + path, site, async () => {
    const rows = await site.rows(selectOfTag(site.env.DB, slug, site.timestamp, LIST_LENGTH))
    const name = readTagName(rows)
    if (name === null) return null
    return composeList({ path, title: name, description: site.texts.site.tagged(name) }, rows, site)
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
