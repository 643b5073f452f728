import * as v from 'valibot'
import type { Rendered } from '../article/render.ts'
import type { Slug } from '../article/slug.ts'
import { readTeasers, TEASER } from '../article/store.ts'
import type { Match } from './query.ts'
import { indexed, vocabularyOf } from './terms.ts'

/** SQL of the search index, and nowhere else. */

/** Characters of an article's text that are searched: more than any article has, less than would hurt. */
const MAX_TEXT = 200_000

/**
 * The statements that make an article findable, for the transaction that publishes it. A draft needs none: leaving the
 * site takes an article out of the index (see the trigger `search_forget`).
 */
export function indexStatements(
  db: D1Database,
  rendered: Rendered,
  names: readonly string[],
): D1PreparedStatement[] {
  const { article, status } = rendered
  if (status !== 'published') return []
  const { slug, language, title, description, date } = article
  const text = rendered.text.slice(0, MAX_TEXT)
  const named = names.join(' . ')
  const words = JSON.stringify([...vocabularyOf(`${title} ${description} ${named} ${text}`)])
  return [
    db
      .prepare('DELETE FROM search_index WHERE rowid = (SELECT id FROM search_article WHERE article = ?1)')
      .bind(slug),
    db.prepare('DELETE FROM search_article WHERE article = ?1').bind(slug),
    db
      .prepare(
        `INSERT INTO search_article (id, article, text)
         SELECT coalesce(
           (SELECT ?3 WHERE NOT EXISTS (SELECT 1 FROM search_article WHERE id = ?3)),
           (SELECT s.id + 1 FROM search_article s
            WHERE s.id >= ?3 AND NOT EXISTS (SELECT 1 FROM search_article n WHERE n.id = s.id + 1)
            ORDER BY s.id LIMIT 1)), ?1, ?2`,
      )
      .bind(slug, text, placeOf(date)),
    db
      .prepare(
        `INSERT INTO search_index (rowid, title, standfirst, names, body)
         SELECT id, ?2, ?3, ?4, ?5 FROM search_article WHERE article = ?1`,
      )
      .bind(
        slug,
        indexed(title, language),
        indexed(description, language),
        indexed(named, language),
        indexed(text, language),
      ),
    db
      .prepare(
        `INSERT OR IGNORE INTO search_word (word, shown) SELECT value ->> 0, value ->> 1 FROM json_each(?1)`,
      )
      .bind(words),
  ]
}

/** Articles of one second that have places of their own; further ones stand in the seconds after it. */
const PLACES = 16

/**
 * Where an article stands in the index: by its moment, so that the newest of all that match can be read first, and
 * nothing that is not due yet.
 * @param moment ISO 8601
 */
const placeOf = (moment: string) => Math.floor(Date.parse(moment) / 1000) * PLACES

/** Words that have all trigrams of a part in them, shortest first. */
export const selectContaining = (db: D1Database, part: string, limit: number) =>
  db
    .prepare(
      `SELECT word FROM search_word_part WHERE search_word_part MATCH ?1 ORDER BY length(word) LIMIT ?2`,
    )
    .bind(`"${part}"`, limit)

/** Words that share trigrams with one, those first that share most. */
export const selectAlike = (db: D1Database, word: string, limit: number) =>
  db
    .prepare(
      `SELECT w.word, w.shown FROM search_word_part p JOIN search_word w ON w.id = p.rowid
       WHERE search_word_part MATCH ?1 ORDER BY p.rank LIMIT ?2`,
    )
    .bind(trigramsOf(word), limit)

const trigramsOf = (word: string) => {
  const padded = [...word]
  const grams = padded.slice(0, -2).map((_, at) => padded.slice(at, at + 3).join(''))
  return [...new Set(grams)].map((gram) => `"${gram}"`).join(' OR ')
}

/** Whether a word is in the vocabulary as it is. */
export const selectWord = (db: D1Database, word: string) =>
  db.prepare('SELECT word, shown FROM search_word WHERE word = ?1').bind(word)

const WordRow = v.object({ word: v.string(), shown: v.optional(v.string(), '') })
export const readWords = (rows: unknown[]) => rows.map((row) => v.parse(WordRow, row))

/** Which articles are meant, besides what stands in them. */
export interface Filters {
  section: Slug | null
  author: Slug | null
  /** ISO 8601 in UTC, inclusive and exclusive. */
  from: string | null
  until: string | null
}

export interface Search extends Filters, Match {
  sort: 'relevance' | 'date'
  now: string
  limit: number
  offset: number
}

/** So many of the newest articles that match are weighed against each other; the results have no more pages. */
export const WEIGHED = 200
const SECONDS_PER_YEAR = 365 * 86_400

/**
 * The articles that match, best first: a word in the headline counts more than one in the standfirst, and that more
 * than one in the text; the whole word more than a compound; the newer of two equals comes first. The number of all
 * that match is with each row, at most `WEIGHED + 1`.
 *
 * Looked at are the newest that match in any way, the newest that have the whole words, and the newest that have them
 * in the head: a word that stands in every article costs no more than one that stands in a few hundred. What is too
 * old to be among the first of these counts as an average one.
 */
export function selectResults(db: D1Database, search: Search): D1PreparedStatement {
  const { section, author, from, until, now } = search
  const isNarrowed = section !== null || author !== null
  const newest = (what: string, match: string, most: number) =>
    `SELECT search_index.rowid AS id${what}
         FROM ${isNarrowed ? NARROWED : 'search_index'}
         WHERE search_index MATCH ${match} AND ${isNarrowed ? WITHIN : DUE}
         ORDER BY search_index.rowid DESC LIMIT ${most}`
  return db
    .prepare(
      `WITH wide AS MATERIALIZED (
         ${newest(', bm25(search_index, 10.0, 4.0, 5.0, 1.0) AS score', '?1', WEIGHED + 1)}),
       exact AS MATERIALIZED (${newest('', '?2', WEIGHED)}),
       head AS MATERIALIZED (${newest('', '?3', WEIGHED)}),
       scored AS (
         SELECT id, score * iif(id IN exact, 2.0, 1.0) AS score FROM wide
         UNION ALL
         SELECT id, (SELECT avg(score) FROM wide) * iif(id IN head, 8.0, 2.0) FROM (
           SELECT id FROM exact UNION SELECT id FROM head) WHERE id NOT IN (SELECT id FROM wide)),
       ranked AS MATERIALIZED (
         SELECT id, row_number() OVER (ORDER BY ${ORDER[search.sort]}) AS place FROM scored ORDER BY place LIMIT ?8 OFFSET ?9)
       SELECT ${TEASER}, a.language, s.text, (SELECT count(*) FROM wide) AS total
       FROM ranked r JOIN search_article s ON s.id = r.id JOIN article a ON a.slug = s.article ORDER BY r.place`,
    )
    .bind(
      search.wide,
      search.exact,
      search.head,
      from === null ? 0 : placeOf(from),
      // The end is exclusive, and what is due this second is due.
      Math.min(until === null ? Number.MAX_SAFE_INTEGER : placeOf(until), placeOf(now) + PLACES),
      section,
      author,
      search.limit,
      search.offset,
    )
}

const DUE = 'search_index.rowid >= ?4 AND search_index.rowid < ?5'
const NARROWED =
  'search_index CROSS JOIN search_article s ON s.id = search_index.rowid CROSS JOIN article a ON a.slug = s.article'
const WITHIN = `${DUE} AND (?6 IS NULL OR a.section = ?6)
  AND (?7 IS NULL OR EXISTS (SELECT 1 FROM json_each(a.authors) WHERE value = ?7))`

/** `bm25` is the smaller the better: below zero. A year's age costs about a tenth. */
const ORDER = {
  relevance: `score * (1.0 + 0.2 / (1.0 + (?5 - id) / ${PLACES * SECONDS_PER_YEAR}.0)), id DESC`,
  date: 'id DESC',
} as const

const ResultRow = v.object({ text: v.string(), total: v.number(), language: v.picklist(['de', 'en']) })

export function readResults(rows: unknown[]) {
  const teasers = readTeasers(rows)
  const results = rows.map((row, index) => ({ ...v.parse(ResultRow, row), teaser: teasers[index] }))
  return results.flatMap(({ teaser, ...rest }) => (teaser ? [{ teaser, ...rest }] : []))
}
export type Result = ReturnType<typeof readResults>[number]
