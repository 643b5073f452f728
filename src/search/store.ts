import * as v from 'valibot'
import type { Rendered } from '../article/render.ts'
import type { Slug } from '../article/slug.ts'
import { readTeasers, TEASER } from '../article/store.ts'
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
  const { slug, language, title, description } = article
  const text = rendered.text.slice(0, MAX_TEXT)
  const named = names.join(' . ')
  const words = JSON.stringify([...vocabularyOf(`${title} ${description} ${named} ${text}`)])
  return [
    db
      .prepare(
        `INSERT INTO search_article (article, text) VALUES (?1, ?2)
         ON CONFLICT (article) DO UPDATE SET text = ?2`,
      )
      .bind(slug, text),
    db
      .prepare(
        `INSERT OR REPLACE INTO search_index (rowid, title, standfirst, names, body)
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

export interface Search extends Filters {
  exact: string
  wide: string
  sort: 'relevance' | 'date'
  now: string
  limit: number
  offset: number
}

/**
 * The articles that match, best first: a word in the headline counts more than one in the standfirst, and that more
 * than one in the text; the whole word more than a compound; the newer of two equals comes first. The number of all
 * that match is with each row.
 */
export const selectResults = (db: D1Database, search: Search) =>
  db
    .prepare(
      `WITH found AS MATERIALIZED (
         SELECT rowid AS id, bm25(search_index, 10.0, 4.0, 5.0, 1.0) AS score
         FROM search_index WHERE search_index MATCH ?1),
       exact AS MATERIALIZED (SELECT rowid AS id FROM search_index WHERE search_index MATCH ?2),
       ranked AS MATERIALIZED (
         SELECT f.id, a.slug, count(*) OVER () AS total, row_number() OVER (ORDER BY ${ORDER[search.sort]}) AS place
         FROM found f JOIN search_article s ON s.id = f.id JOIN article a ON a.slug = s.article
         WHERE a.status = 'published' AND a.published_at <= ?3
           AND (?4 IS NULL OR a.section = ?4)
           AND (?5 IS NULL OR EXISTS (SELECT 1 FROM json_each(a.authors) WHERE value = ?5))
           AND (?6 IS NULL OR a.published_at >= ?6) AND (?7 IS NULL OR a.published_at < ?7)
         ORDER BY place LIMIT ?8 OFFSET ?9)
       SELECT ${TEASER}, a.language, s.text, r.total
       FROM ranked r JOIN search_article s ON s.id = r.id JOIN article a ON a.slug = r.slug ORDER BY r.place`,
    )
    .bind(
      search.wide,
      search.exact,
      search.now,
      search.section,
      search.author,
      search.from,
      search.until,
      search.limit,
      search.offset,
    )

/** `bm25` is the smaller the better: below zero. A year's age costs about a tenth. */
const ORDER = {
  relevance: `f.score * iif(f.id IN exact, 2.0, 1.0)
         * (1.0 + 0.2 / (1.0 + max(0.0, julianday(?3) - julianday(a.published_at)) / 365.0)), a.published_at DESC, a.slug`,
  date: 'a.published_at DESC, a.slug',
} as const

const ResultRow = v.object({ text: v.string(), total: v.number(), language: v.picklist(['de', 'en']) })

export function readResults(rows: unknown[]) {
  const teasers = readTeasers(rows)
  const results = rows.map((row, index) => ({ ...v.parse(ResultRow, row), teaser: teasers[index] }))
  return results.flatMap(({ teaser, ...rest }) => (teaser ? [{ teaser, ...rest }] : []))
}
export type Result = ReturnType<typeof readResults>[number]
