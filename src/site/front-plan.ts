import type { Teaser } from '../article/article.ts'

/** What a front page can be made of; every list newest first. */
export interface FrontMaterial {
  /** Articles the newsroom has pinned, in its order. */
  pinned: readonly Teaser[]
  /** The newest of everything: all of them find a place on the page. */
  newest: readonly Teaser[]
  mostCommented: readonly Teaser[]
  /** The newest of each section. */
  sections: readonly { slug: string; teasers: readonly Teaser[] }[]
}

/** Which article stands where on the front page; each in one place only. */
export interface FrontPlan {
  lead: Teaser | null
  second: Teaser[]
  mostCommented: Teaser[]
  sections: { slug: string; teasers: Teaser[] }[]
  latest: Teaser[]
}

const SECOND = 3
const MOST_COMMENTED = 3
const PER_SECTION = 3
/** At least so many newest articles stand in the column of the latest, where there are enough for everything. */
const LATEST = 6

/**
 * Composes the front page: pinned and newest articles lead, every section gets its newest; some of the newest are kept
 * for the column of the latest; what is talked about and the sections take what is left. Newest articles that got no
 * place end up in the column, so that none of them is missing.
 */
export function planFrontPage({ pinned, newest, mostCommented, sections }: FrontMaterial): FrontPlan {
  const placed = new Set<string>()
  const take = (teasers: readonly Teaser[], most: number): Teaser[] => {
    const taken: Teaser[] = []
    for (const teaser of teasers) {
      if (taken.length === most) break
      if (placed.has(teaser.slug)) continue
      placed.add(teaser.slug)
      taken.push(teaser)
    }
    return taken
  }
  const [lead = null, ...second] = take([...pinned, ...newest], 1 + SECOND)
  const firsts = sections.map(({ teasers }) => take(teasers, 1))
  const left = newest.filter(({ slug }) => !placed.has(slug)).length
  const reserved = take(newest, Math.min(LATEST, Math.floor(left / 3)))
  const talkedAbout = take(mostCommented, MOST_COMMENTED)
  const blocks = sections.map(({ slug, teasers }, index) => {
    const first = firsts[index] ?? []
    return { slug, teasers: [...first, ...take(teasers, PER_SECTION - first.length)] }
  })
  const latest = [...reserved, ...take(newest, newest.length)]
  return {
    lead,
    second,
    mostCommented: talkedAbout,
    sections: blocks.filter(({ teasers }) => teasers.length > 0),
    latest,
  }
}
