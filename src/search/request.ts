import * as v from 'valibot'
import { Day } from '../article/article.ts'
import { parseSlug, type Slug } from '../article/slug.ts'
import { startOfDay } from '../locale/locale.ts'
import type { Settings } from '../site/settings.ts'
import { dayAfter, timestampOf } from '../site/timestamp.ts'
import { cleanQuery } from './query.ts'
import { type Filters, WEIGHED } from './store.ts'

/** A search as its form asks for it; whatever is no valid value counts as not given. */
export interface SearchRequest {
  /** What was typed, cleaned. */
  query: string
  section: Slug | null
  author: Slug | null
  /** Days, both inclusive. */
  from: string | null
  to: string | null
  sort: 'relevance' | 'date'
  page: number
}

/** Results on a page, and how many pages can be leafed through: nobody reads further. */
export const PAGE_LENGTH = 10
export const MAX_PAGES = WEIGHED / PAGE_LENGTH

/** Reads the parameters of an address. Only sections and authors that the site has are taken. */
export function readRequest(parameters: URLSearchParams, settings: Settings): SearchRequest {
  const one = (name: string) => parameters.get(name) ?? ''
  const section = parseSlug(one('section'))
  const author = parseSlug(one('author'))
  const day = (name: string) => (v.is(Day, one(name)) ? one(name) : null)
  const page = /^[1-9]\d?$/.test(one('page')) ? Number(one('page')) : 1
  return {
    query: cleanQuery(one('q')),
    section: section && settings.sections.some(({ slug }) => slug === section) ? section : null,
    author: author && settings.authors[author] !== undefined ? author : null,
    from: day('from'),
    to: day('to'),
    sort: one('sort') === 'date' ? 'date' : 'relevance',
    page: Math.min(page, MAX_PAGES),
  }
}

/** The one address of a search, or of another page or query of it. */
export function addressOf(request: SearchRequest, change: Partial<SearchRequest> = {}): string {
  const { query, section, author, from, to, sort, page } = { ...request, ...change }
  const given = {
    ...(query ? { q: query } : {}),
    ...(section ? { section } : {}),
    ...(author ? { author } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...(sort === 'date' ? { sort } : {}),
    ...(page > 1 ? { page: String(page) } : {}),
  }
  const parameters = new URLSearchParams(given).toString()
  return parameters ? `/search/?${parameters}` : '/search/'
}

/** The moments between which the days of a search lie. */
export function filtersOf({ section, author, from, to }: SearchRequest, { timezone }: Settings): Filters {
  const moment = (day: string) => timestampOf(startOfDay(day, timezone))
  return { section, author, from: from && moment(from), until: to && moment(dayAfter(to)) }
}
