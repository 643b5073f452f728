import { dayIn } from '../locale/locale.ts'
import type { Slug } from './slug.ts'

/** A list that articles stand in, as the catalogue names it. */
export type ListName = '' | `${'section' | 'tag' | 'author'}/${string}` | `month/${string}`

/** Everything that is published. */
export const EVERYTHING: ListName = ''

export const sectionList = (slug: Slug): ListName => `section/${slug}`
export const tagList = (slug: Slug): ListName => `tag/${slug}`
export const authorList = (slug: Slug): ListName => `author/${slug}`

/** @param month `2024-07`, in the site's time zone */
export const monthList = (month: string): ListName => `month/${month}`

/** What decides in which lists an article stands. */
export interface Listable {
  section: Slug
  /** ISO 8601 in UTC. */
  date: string
  tags: readonly { slug: string }[]
  authors: readonly { slug: string }[]
}

/** Every list an article stands in, once it is published. */
export const listsOf = ({ section, date, tags, authors }: Listable, timezone: string): ListName[] => [
  EVERYTHING,
  sectionList(section),
  monthList(dayIn(new Date(date), timezone).slice(0, 7)),
  ...tags.map(({ slug }): ListName => `tag/${slug}`),
  ...authors.map(({ slug }): ListName => `author/${slug}`),
]

/** Articles on one page of a list. */
export const LIST_LENGTH = 25
