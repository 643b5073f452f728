import { DAY_MS } from '../site/timestamp.ts'
import type { Teaser } from './article.ts'

/** What the choice of related articles needs to know of the article they are related to. */
export interface RelatedTo {
  slug: string
  section: string
  date: string
  tags: readonly { slug: string }[]
}

export type Candidate = Teaser & { tags: readonly string[] }

/** A tag shared is worth more than a section shared, and either more than being of the same week. */
const TAG_POINTS = 3
const SECTION_POINTS = 2
/** Days after which nearness in time counts half. */
const HALF_LIFE_DAYS = 90

/** The best of shared tags, section and nearness in time; the newer of two equals first. */
export function pickRelated(article: RelatedTo, candidates: readonly Candidate[], limit: number): Teaser[] {
  const tags = new Set(article.tags.map((tag) => tag.slug))
  const points = ({ tags: theirs, section, date }: Candidate) =>
    theirs.filter((tag) => tags.has(tag)).length * TAG_POINTS +
    (section === article.section ? SECTION_POINTS : 0) +
    2 ** (-daysBetween(article.date, date) / HALF_LIFE_DAYS)
  return candidates
    .filter(({ slug }) => slug !== article.slug)
    .map((candidate) => ({ candidate, points: points(candidate) }))
    .sort((a, b) => b.points - a.points || Date.parse(b.candidate.date) - Date.parse(a.candidate.date))
    .slice(0, limit)
    .map(({ candidate: { tags: _, ...teaser } }) => teaser)
}

const daysBetween = (a: string, b: string) => Math.abs(Date.parse(a) - Date.parse(b)) / DAY_MS
