import { type Discussion, discussionStatements, readDiscussion } from '../comment/thread.ts'
import type { Reading } from '../comment/view.ts'
import { logError } from '../http/log.ts'
import type { Site } from '../site/site.ts'
import type { Teaser } from './article.ts'
import { readNextDue, selectNextDue } from './list-store.ts'
import type { Candidate } from './related.ts'
import type { Slug } from './slug.ts'
import {
  readCandidates,
  readTeasers,
  readTranslation,
  selectNeighbour,
  selectRelatedCandidates,
  selectTranslation,
} from './store.ts'
import type { Translation } from './translation.ts'

/** What D1 knows around an article. */
export interface Surroundings {
  candidates: readonly Candidate[]
  previous: Teaser | null
  next: Teaser | null
  translation: Translation | null
  discussion: Discussion
  /** When the next scheduled article appears. */
  nextDue: string | null
}

/** Reads everything a page needs from D1 in one round trip; null when D1 does not answer. */
export async function findSurroundings(
  slug: Slug,
  reading: Reading,
  site: Site,
): Promise<Surroundings | null> {
  const { DB } = site.env
  try {
    const [candidates, previous, next, translation, due, ...comments] = await DB.batch([
      selectRelatedCandidates(DB, slug, site.timestamp),
      selectNeighbour(DB, slug, site.timestamp, 'previous'),
      selectNeighbour(DB, slug, site.timestamp, 'next'),
      selectTranslation(DB, slug, site.timestamp),
      selectNextDue(DB, site.timestamp),
      ...discussionStatements(DB, slug, reading),
    ])
    return {
      candidates: readCandidates(candidates?.results ?? []),
      previous: readTeasers(previous?.results ?? [])[0] ?? null,
      next: readTeasers(next?.results ?? [])[0] ?? null,
      translation: readTranslation(translation?.results ?? []),
      discussion: readDiscussion(comments, reading),
      nextDue: readNextDue(due?.results ?? []),
    }
  } catch (error) {
    logError('surroundings-not-read', error, { slug })
    return null
  }
}
