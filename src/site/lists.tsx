import type { IRequest } from 'itty-router'
import { Fragment, type VNode } from 'preact'
import { listContext, withSlots } from '../ad/context.ts'
import { fillSlots } from '../ad/fill.ts'
import type { Teaser } from '../article/article.ts'
import {
  authorList,
  EVERYTHING,
  LIST_LENGTH,
  type ListName,
  monthList,
  sectionList,
  tagList,
} from '../article/list.ts'
import {
  readListPage,
  readName,
  readNextDue,
  selectListPage,
  selectNextDue,
  selectTagName,
} from '../article/list-store.ts'
import { parseSlug, type Slug } from '../article/slug.ts'
import { type ComposedPage, cachedPage, composePage, sendPage } from '../http/page.ts'
import { slotMarker } from '../http/slots.ts'
import { monthAndYear } from '../locale/locale.ts'
import { AuthorProfile } from '../publish/documents.ts'
import { Html } from '../view/html.ts'
import { renderPage } from '../view/layout.tsx'
import { Breadcrumbs, Image, TeaserCard } from '../view/parts.tsx'
import { parseStored } from './content.ts'
import { missing } from './moved.tsx'
import { linkToPage, PageLinks, type Paging, pagesOf, pathOfPage, readPageAsked } from './paging.tsx'
import type { Site } from './site.ts'
import { breadcrumbList, collectionPage, profilePage } from './structured-data.ts'

/** What a list says about itself. */
interface ListMeta {
  title: string
  description?: string | undefined
  section?: string
  /** The pages above it, below the front page. */
  trail?: readonly { name: string; path: string }[]
  /** Shown in place of the plain heading. */
  head?: VNode
  /** What the first page is, to programs; a list of articles where nothing is said. */
  structuredData?: object
  /** The tag or author whose articles it lists: what ads are chosen by, besides its section. */
  about?: { tags: string[] } | { authors: string[] }
  /** Whether it can be subscribed to. */
  hasFeed?: boolean
  /** Whether there is a page even where no article stands in the list yet. */
  isPermanent?: boolean
}

/** A list that an address asks for, and what is read beside its articles to describe it. */
interface ListAsked {
  list: ListName
  /** Address of its first page. */
  base: string
  statement?: D1PreparedStatement
  key?: string
  /** Null where there is no such list. */
  describe: (row: unknown[], value: string | null, site: Site) => ListMeta | null
}

/** GET /page/:page/ — everything published, newest first, from the second page on. 200, 304, 404. */
export const showLatest = (request: IRequest, site: Site) =>
  showList(request, site, {
    list: EVERYTHING,
    base: '/',
    describe: () => ({ title: site.texts.list.everything, description: site.texts.list.everythingText }),
  })

/** GET /category/:slug/ and its /page/:page/ — the articles of a section. 200, 304, 404. */
export const showSection = (request: IRequest, site: Site) =>
  withSlug(request, site, (slug) => ({
    list: sectionList(slug),
    base: `/category/${slug}/`,
    describe: (_row, _value, { settings }) => {
      const section = settings.sections.find((one) => one.slug === slug)
      return (
        (section && {
          title: section.name,
          description: section.description ?? site.texts.list.ofSection(section.name),
          section: slug,
          hasFeed: true,
          isPermanent: true,
        }) ??
        null
      )
    },
  }))

/** GET /tag/:slug/ and its /page/:page/ — the articles with a tag. 200, 304, 404. */
export const showTag = (request: IRequest, site: Site) =>
  withSlug(request, site, (slug) => ({
    list: tagList(slug),
    base: `/tag/${slug}/`,
    statement: selectTagName(site.env.DB, slug),
    describe: (rows, _value, { texts }) => {
      const title = readName(rows)
      if (title === null) return null
      return { title, description: texts.site.tagged(title), about: { tags: [slug] }, hasFeed: true }
    },
  }))

/** GET /author/:slug/ and its /page/:page/ — who an author is, and what they wrote. 200, 304, 404. */
export const showAuthor = (request: IRequest, site: Site) =>
  withSlug(request, site, (slug) => ({
    list: authorList(slug),
    base: `/author/${slug}/`,
    key: `author:${slug}`,
    describe: (_rows, value, { texts }) => {
      const author = parseStored(`author:${slug}`, AuthorProfile, value)
      return (
        author && {
          title: author.name,
          description: texts.list.ofAuthor(author.name),
          head: <AuthorHead author={author} site={site} />,
          structuredData: profilePage(author, site),
          about: { authors: [slug] },
          hasFeed: true,
          isPermanent: true,
        }
      )
    },
  }))

/** GET /:year/:month/ and its /page/:page/ — the articles of a month, in the site's time zone. 200, 304, 404. */
export function showMonth(request: IRequest, site: Site): Promise<Response> {
  const { year = '', month = '' } = request.params
  if (!/^\d{4}$/.test(year) || !/^(?:0[1-9]|1[0-2])$/.test(month)) return missing(site)
  return showList(request, site, {
    list: monthList(`${year}-${month}`),
    base: `/${year}/${month}/`,
    describe: (_row, _value, { settings, texts }) => {
      const title = monthAndYear(`${year}-${month}`, settings)
      return {
        title,
        description: texts.list.ofMonth(title),
        trail: [{ name: texts.list.archive(year), path: `/${year}/` }],
      }
    },
  })
}

function withSlug(request: IRequest, site: Site, ask: (slug: Slug) => ListAsked): Promise<Response> {
  const slug = parseSlug(request.params.slug)
  return slug ? showList(request, site, ask(slug)) : missing(site)
}

async function showList(request: IRequest, site: Site, asked: ListAsked): Promise<Response> {
  const which = readPageAsked(request.params.page, request.url, site)
  if (!which) return missing(site)
  const { page, stand } = which
  const address = site.origin + pathOfPage(asked.base, page) + (stand ? `?stand=${stand}` : '')
  const composed = await cachedPage(address, site, () => compose(asked, page, stand ?? site.timestamp, site))
  return composed ? sendPage(composed, request, site, fillSlots) : missing(site)
}

/** Composes a page of a list from one round trip to D1; null where there is no such page. */
async function compose(
  { list, base, statement, key, describe }: ListAsked,
  page: number,
  asOf: string,
  site: Site,
): Promise<ComposedPage | null> {
  const { DB } = site.env
  const { rows, values } = await site.batch(
    [
      selectListPage(DB, list, { asOf, page, size: LIST_LENGTH }),
      selectNextDue(DB, site.timestamp),
      ...(statement ? [statement] : []),
    ],
    key ? [key] : [],
  )
  const [listed = [], due = [], described = []] = rows
  const meta = describe(described, (key && values.get(key)) ?? null, site)
  const { teasers, total, newest } = readListPage(listed)
  if (!meta || (teasers.length === 0 && (page > 1 || !meta.isPermanent))) return null
  const paging = { base, page, total, stand: newest ?? asOf }
  const { section, about } = meta
  return composePage(
    {
      ...(await renderList(meta, teasers, paging, site)),
      nextDue: readNextDue(due),
      ads: withSlots(listContext('list', { ...(section ? { section } : {}), ...about })),
    },
    site.now,
  )
}

/** Whether a slot stands after an article of a list; never after the last. */
function hasAdAfter(index: number, { length }: readonly Teaser[], { settings: { ads } }: Site): boolean {
  return ads.placements.list.includes('list') && (index + 1) % ads.listEvery === 0 && index + 1 < length
}

function renderList(meta: ListMeta, teasers: readonly Teaser[], paging: Paging, site: Site) {
  const { title, description, section, trail = [], head, hasFeed = false } = meta
  const { base, page, total } = paging
  const { texts } = site
  const here = page === 1 ? title : texts.list.titleOfPage(title, page)
  const path = pathOfPage(base, page)
  const way = [...trail, ...(page === 1 ? [] : [{ name: title, path: base }])]
  const last = page === 1 ? title : texts.list.page(page)
  const about = page === 1 ? meta.structuredData : undefined
  return renderPage(
    site,
    {
      title: here,
      path,
      structuredData: [
        about ?? collectionPage({ name: here, description, path }, site),
        breadcrumbList(way, last, site),
      ],
      ...(hasFeed
        ? { feed: { path: `${base}feed/`, title: texts.site.feedOf(`${title} – ${site.settings.name}`) } }
        : {}),
      ...(description && page === 1 ? { description } : {}),
      ...(section ? { section } : {}),
      ...(page > 1 ? { previous: linkToPage(paging, page - 1) } : {}),
      ...(page < pagesOf(total) ? { next: linkToPage(paging, page + 1) } : {}),
    },
    <>
      <Breadcrumbs trail={way} here={last} site={site} />
      {head && page === 1 ? (
        head
      ) : (
        <header class="list-head">
          <h1>{title}</h1>
          {page === 1 ? (
            description && <p class="standfirst">{description}</p>
          ) : (
            <p class="standfirst">{texts.list.pageOf(page, pagesOf(total))}</p>
          )}
        </header>
      )}
      {teasers.length === 0 ? (
        <p class="notice">{texts.site.empty}</p>
      ) : (
        <div class="cards">
          {teasers.map((teaser, index) => (
            <Fragment key={teaser.slug}>
              <TeaserCard teaser={teaser} site={site} />
              {hasAdAfter(index, teasers, site) && <Html of={slotMarker('list')} />}
            </Fragment>
          ))}
        </div>
      )}
      <PageLinks paging={paging} site={site} />
    </>,
  )
}

/** Portrait, role, biography and links of an author. */
function AuthorHead({ author, site }: { author: AuthorProfile; site: Site }) {
  const { name, role, portrait, biography, links } = author
  return (
    <header class="list-head author-head">
      {portrait && <Image picture={portrait} place="portrait" isLead />}
      <div>
        <h1>{name}</h1>
        {role && <p class="standfirst">{role}</p>}
        {biography && (
          <div class="biography">
            <Html of={biography} />
          </div>
        )}
        {links.length > 0 && (
          <ul class="author-links" aria-label={site.texts.list.authorLinks(name)}>
            {links.map((link) => (
              <li key={link.url}>
                <a href={link.url} rel="me noopener external">
                  {link.name}
                </a>
              </li>
            ))}
          </ul>
        )}
      </div>
    </header>
  )
}
