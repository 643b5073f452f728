import { distance } from 'fastest-levenshtein'
import type { Site } from '../site/site.ts'
import { isCompoundOf, MIN_PART } from './compound.ts'
import { parseQuery, type Query, type Term, toMatch } from './query.ts'
import { filtersOf, PAGE_LENGTH, type SearchRequest } from './request.ts'
import {
  type Result,
  readResults,
  readWords,
  selectAlike,
  selectContaining,
  selectResults,
  selectWord,
} from './store.ts'
import { fold, stem } from './terms.ts'

/** What a search found. */
export interface Found {
  query: Query
  results: Result[]
  total: number
  /** True when no article has all the words, and these have some of them. */
  isPartial: boolean
  /** The query with its mistyped words put right, where that finds something. */
  suggestion: string | null
}

/** Words of the vocabulary that are looked at for one word of a query, and compounds that are searched for it. */
const CANDIDATES = 300
const MAX_COMPOUNDS = 60
const ALIKE = 30

/**
 * Searches: first the vocabulary for compounds that contain a word, then the index. Where nothing has all the words, it
 * looks for articles with some of them, and for words that were mistyped.
 */
export async function find(request: SearchRequest, site: Site): Promise<Found | null> {
  const query = parseQuery(request.query)
  if (query.wanted.length === 0) return null
  const vocabulary = await readVocabulary(query, site)
  const all = await search(query, vocabulary.compounds, 'AND', request, site)
  if (all.total > 0) return { query, ...all, isPartial: false, suggestion: null }
  const [some, suggestion] = await Promise.all([
    query.wanted.length > 1
      ? search(query, vocabulary.compounds, 'OR', request, site)
      : { results: [], total: 0 },
    suggest(request, vocabulary.unknown, site),
  ])
  return { query, ...some, isPartial: some.total > 0, suggestion }
}

interface Vocabulary {
  /** Stems of compounds, by the word of the query that is a part of them. */
  compounds: Map<string, string[]>
  /** Words that no article has, not even as a part. */
  unknown: string[]
}

/** What the vocabulary says about the words of a query, in one round trip. */
async function readVocabulary({ wanted }: Query, site: Site): Promise<Vocabulary> {
  const words = [...new Map(wanted.filter(isWord).map((term) => [term.word, term])).values()]
  if (words.length === 0) return { compounds: new Map(), unknown: [] }
  const { DB } = site.env
  const { rows } = await site.batch(
    words.flatMap((term) => [selectWord(DB, term.word), selectContaining(DB, partOf(term), CANDIDATES)]),
  )
  const vocabulary: Vocabulary = { compounds: new Map(), unknown: [] }
  for (const [index, term] of words.entries()) {
    const known = readWords(rows[2 * index] ?? []).length > 0
    const part = partOf(term)
    const containing = part.length < MIN_PART ? [] : readWords(rows[2 * index + 1] ?? [])
    const compounds = containing.map(({ word }) => word).filter((word) => isCompoundOf(word, part))
    const stems = compounds.slice(0, MAX_COMPOUNDS).flatMap((word) => [stem(word, 'de'), stem(word, 'en')])
    if (stems.length > 0) vocabulary.compounds.set(term.word, [...new Set(stems)])
    if (!known && stems.length === 0) vocabulary.unknown.push(term.word)
  }
  return vocabulary
}

const isWord = (term: Term) => term.kind === 'word'

/** What of a word is looked for inside of others: its German stem, where that is long enough to mean something. */
const partOf = ({ word, stems: [german = word] }: { word: string; stems: string[] }) =>
  german.length >= MIN_PART ? german : word

async function search(
  query: Query,
  compounds: ReadonlyMap<string, string[]>,
  operator: 'AND' | 'OR',
  request: SearchRequest,
  site: Site,
): Promise<{ results: Result[]; total: number }> {
  const statement = selectResults(site.env.DB, {
    ...toMatch(query, compounds, operator),
    ...filtersOf(request, site.settings),
    sort: request.sort,
    now: site.timestamp,
    limit: PAGE_LENGTH,
    offset: (request.page - 1) * PAGE_LENGTH,
  })
  const { rows } = await site.batch([statement])
  const results = readResults(rows[0] ?? [])
  return { results, total: results[0]?.total ?? 0 }
}

/** The query with each unknown word replaced by the nearest known one; null where that helps nothing. */
async function suggest(
  request: SearchRequest,
  unknown: readonly string[],
  site: Site,
): Promise<string | null> {
  const mistyped = unknown.filter((word) => word.length >= MIN_PART)
  if (mistyped.length === 0) return null
  const { rows } = await site.batch(mistyped.map((word) => selectAlike(site.env.DB, word, ALIKE)))
  const better = new Map(
    mistyped.flatMap((word, index) => {
      const nearest = nearestOf(word, readWords(rows[index] ?? []))
      return nearest ? [[word, nearest] as const] : []
    }),
  )
  if (better.size === 0) return null
  const suggestion = request.query.replace(
    /[\p{L}\p{N}]+/gu,
    (written) => better.get(fold(written)) ?? written,
  )
  const query = parseQuery(suggestion)
  const { total } = await search(query, new Map(), 'AND', { ...request, page: 1 }, site)
  return total > 0 ? suggestion : null
}

/** A word within a mistake or two; of several the nearest, which shares most with what was typed. */
function nearestOf(word: string, candidates: readonly { word: string; shown: string }[]): string | null {
  const most = word.length <= 5 ? 1 : word.length <= 9 ? 2 : 3
  const near = candidates
    .map(({ word: candidate, shown }) => ({ shown, edits: distance(word, candidate) }))
    .filter(({ edits }) => edits > 0 && edits <= most)
    .sort((a, b) => a.edits - b.edits)[0]
  return near?.shown ?? null
}
