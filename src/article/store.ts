import * as v from 'valibot'
import type { Env } from '../env.ts'
import { type Article, Picture, type Teaser } from './article.ts'
import type { Candidate } from './related.ts'
import type { Rendered } from './render.ts'
import { Slug } from './slug.ts'
import { Translation } from './translation.ts'

/** SQL and keys of the catalogue and of what is served of it. Nothing else reads or writes these tables. */

export const articleKey = (slug: Slug) => `article:${slug}`

/** The columns a teaser is read from; `a` is the article's row. */
export const TEASER =
  'a.slug, a.title, a.description, a.section, a.published_at, a.language, a.image, a.comment_count'

const teaserColumns = {
  slug: Slug,
  title: v.string(),
  description: v.string(),
  section: Slug,
  published_at: v.string(),
  language: v.picklist(['de', 'en']),
  image: v.nullable(v.pipe(v.string(), v.parseJson(), Picture)),
  comment_count: v.number(),
}
const TeaserRow = v.object(teaserColumns)

const toTeaser = ({
  slug,
  title,
  description,
  section,
  published_at,
  language,
  image,
  comment_count,
}: v.InferOutput<typeof TeaserRow>): Teaser => ({
  slug,
  title,
  description,
  section,
  date: published_at,
  language,
  ...(image ? { image } : {}),
  ...(comment_count > 0 ? { commentCount: comment_count } : {}),
})

export const readTeasers = (rows: unknown[]): Teaser[] => rows.map((row) => toTeaser(v.parse(TeaserRow, row)))

/** What might be related to an article: a few of the newest of each of its tags and of its section. */
export const selectRelatedCandidates = (db: D1Database, slug: Slug, now: string) =>
  db
    .prepare(
      `WITH mine AS (
         SELECT list FROM listing WHERE article = ?1 AND (list GLOB 'tag/*' OR list GLOB 'section/*')),
       near AS (
         SELECT DISTINCT one.value AS slug
         FROM mine, json_each((SELECT json_group_array(article) FROM (
           SELECT other.article FROM listing other WHERE other.list = mine.list AND other.published_at <= ?2
           ORDER BY other.published_at DESC LIMIT 10))) one)
       SELECT ${TEASER}, (SELECT json_group_array(substr(list, 5)) FROM listing
         WHERE article = a.slug AND list GLOB 'tag/*') AS tags
       FROM near JOIN article a ON a.slug = near.slug WHERE a.slug <> ?1`,
    )
    .bind(slug, now)

const CandidateRow = v.object({
  ...teaserColumns,
  tags: v.pipe(v.string(), v.parseJson(), v.array(v.string())),
})

export const readCandidates = (rows: unknown[]): Candidate[] =>
  rows.map((row) => v.parse(CandidateRow, row)).map((row) => ({ ...toTeaser(row), tags: row.tags }))

/** The articles before and after one in its section, at most one row each. */
export const selectNeighbour = (db: D1Database, slug: Slug, now: string, which: 'previous' | 'next') => {
  const [than, order] = which === 'previous' ? ['<', 'DESC'] : ['>', 'ASC']
  return db
    .prepare(
      `SELECT ${TEASER} FROM article self JOIN listing l ON l.list = 'section/' || self.section
         AND (l.published_at, l.article) ${than} (self.published_at, self.slug) AND l.published_at <= ?2
       JOIN article a ON a.slug = l.article
       WHERE self.slug = ?1 ORDER BY l.published_at ${order}, l.article ${order} LIMIT 1`,
    )
    .bind(slug, now)
}

/**
 * The same article in another language, where it can be read. One side may name the other before that is published:
 * the two find each other whoever comes first, and nobody is linked with an article that names somebody else.
 */
export const selectTranslation = (db: D1Database, slug: Slug, now: string) =>
  db
    .prepare(
      `WITH self AS MATERIALIZED (SELECT slug, language, in_de, in_en FROM article WHERE slug = ?1),
       near AS MATERIALIZED (
         SELECT iif(language = 'de', in_en, in_de) AS slug FROM self
         UNION SELECT other.slug FROM self CROSS JOIN article other ON other.in_de = self.slug WHERE self.language = 'de'
         UNION SELECT other.slug FROM self CROSS JOIN article other ON other.in_en = self.slug WHERE self.language = 'en')
       SELECT o.slug, o.title, o.language FROM self CROSS JOIN near CROSS JOIN article o ON o.slug = near.slug
       WHERE o.language <> self.language AND o.status = 'published' AND o.published_at <= ?2
         AND coalesce(iif(o.language = 'de', self.in_de, self.in_en), o.slug) = o.slug
         AND coalesce(iif(self.language = 'de', o.in_de, o.in_en), self.slug) = self.slug
         AND (iif(self.language = 'de', o.in_de, o.in_en) IS NOT NULL OR NOT EXISTS (
           SELECT 1 FROM article rival WHERE rival.slug IN (
             SELECT slug FROM article WHERE in_de = o.slug UNION ALL SELECT slug FROM article WHERE in_en = o.slug)
           AND rival.language = self.language AND rival.slug < self.slug
           AND rival.status = 'published' AND rival.published_at <= ?2))
       LIMIT 20`,
    )
    .bind(slug, now)

/** Of several that name the article, the first by address is its translation. */
export const readTranslation = (rows: unknown[]): Translation | null =>
  rows.map((row) => v.parse(Translation, row)).sort((a, b) => (a.slug < b.slug ? -1 : 1))[0] ?? null

/** Makes a publish send the article again: its value in KV turned out to be unreadable. */
export const distrust = (db: D1Database, slug: Slug) =>
  db.prepare(`UPDATE article SET hash = '' WHERE slug = ?1 AND hash <> ''`).bind(slug)

/**
 * Says that an article's value in KV is about to change. Should that break off before the new revision is in the
 * catalogue, nobody vouches for the value any more, and publishing either version heals it.
 */
export const announceChange = (db: D1Database, slug: Slug, revision: number) =>
  db.prepare(`UPDATE article SET hash = '' WHERE slug = ?1 AND revision = ?2`).bind(slug, revision)

/** Vouches for an article's value in KV, or that there is none. */
export const vouch = (db: D1Database, slug: Slug, revision: number, hash: string) =>
  db.prepare('UPDATE article SET hash = ?3 WHERE slug = ?1 AND revision = ?2').bind(slug, revision, hash)

const CatalogueRow = v.object({
  slug: v.string(),
  hash: v.string(),
  revision: v.number(),
  status: v.picklist(['draft', 'published', 'deleted']),
  media: v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.string())),
})
export type CatalogueRow = v.InferOutput<typeof CatalogueRow>
export const readCatalogue = (rows: unknown[]) => rows.map((row) => v.parse(CatalogueRow, row))

export const selectCatalogue = (db: D1Database) =>
  db.prepare(
    `SELECT slug, hash, revision, status, media FROM article WHERE status <> 'deleted' ORDER BY slug`,
  )

export const selectCatalogueOf = (db: D1Database, slugs: readonly string[]) =>
  db
    .prepare(
      `SELECT slug, hash, revision, status, media FROM article WHERE slug IN (SELECT value FROM json_each(?1))`,
    )
    .bind(JSON.stringify(slugs))

const SourceRow = v.object({
  slug: v.string(),
  revision: v.number(),
  hash: v.string(),
  front_matter: v.pipe(v.string(), v.parseJson()),
  body: v.string(),
})

/** The newest source of an article that is not deleted. */
export async function findSource(db: D1Database, slug: string) {
  const row = await db
    .prepare(
      `SELECT a.slug, a.revision, a.hash, r.front_matter, r.body FROM article a
       JOIN article_revision r ON r.article = a.slug AND r.revision = a.revision
       WHERE a.slug = ?1 AND a.status <> 'deleted'`,
    )
    .bind(slug)
    .first()
  return row === null ? null : v.parse(SourceRow, row)
}

/** Writes what is served. */
export const putServed = (env: Env, article: Article) =>
  env.KV.put(articleKey(article.slug), JSON.stringify(article))

/** An article without a value in KV is not there, so drafts have none. */
export const deleteServed = (env: Env, slug: Slug) => env.KV.delete(articleKey(slug))

export interface NewRevision {
  rendered: Rendered
  revision: number
  hash: string
  source: { frontMatter: unknown; body: string }
}

/**
 * The statements that make a revision the current one, for one transaction.
 * The first fails when somebody else made a revision of the same number: nothing is written then.
 */
export function insertRevision(
  db: D1Database,
  { rendered, revision, hash, source }: NewRevision,
  now: string,
): D1PreparedStatement[] {
  const { article, status, media } = rendered
  const catalogue = db
    .prepare(
      `INSERT INTO article (slug, title, description, section, published_at, updated_at, image, comments, status,
         revision, hash, media, language, authors, in_de, in_en)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
       ON CONFLICT (slug) DO UPDATE SET title = ?2, description = ?3, section = ?4, published_at = ?5, updated_at = ?6,
         image = ?7, comments = ?8, status = ?9, revision = ?10, hash = ?11, media = ?12, language = ?13, authors = ?14,
         in_de = ?15, in_en = ?16`,
    )
    .bind(
      article.slug,
      article.title,
      article.description,
      article.section,
      article.date,
      article.updated ?? null,
      article.image ? JSON.stringify(article.image) : null,
      article.comments,
      status,
      revision,
      hash,
      JSON.stringify(media),
      article.language,
      JSON.stringify(article.authors.map(({ slug }) => slug)),
      article.translations.de ?? null,
      article.translations.en ?? null,
    )
  const record = db
    .prepare(
      `INSERT INTO article_revision (article, revision, front_matter, body, created_at, media)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6)`,
    )
    .bind(article.slug, revision, JSON.stringify(source.frontMatter), source.body, now, JSON.stringify(media))
  return [catalogue, record, ...listStatements(db, rendered), ...redirectStatements(db, rendered)]
}

/** What makes an article stand in its lists and in no other; a draft stands in none. */
function listStatements(db: D1Database, { article, lists, status }: Rendered): D1PreparedStatement[] {
  const { slug, date, tags } = article
  const wanted = JSON.stringify(status === 'published' ? lists : [])
  const leave = db
    .prepare(
      `DELETE FROM listing WHERE article = ?1
       AND (published_at <> ?2 OR list NOT IN (SELECT value FROM json_each(?3)))`,
    )
    .bind(slug, date, wanted)
  const enter = db
    .prepare(
      `INSERT OR IGNORE INTO listing (list, published_at, article) SELECT value, ?2, ?1 FROM json_each(?3)`,
    )
    .bind(slug, date, wanted)
  const name = db
    .prepare(
      `INSERT INTO tag (slug, name) SELECT value ->> 'slug', value ->> 'name' FROM json_each(?1) WHERE true
       ON CONFLICT (slug) DO UPDATE SET name = excluded.name WHERE name <> excluded.name`,
    )
    .bind(JSON.stringify(status === 'published' ? tags : []))
  return [leave, enter, name]
}

/** What makes an article's old addresses lead to it; one that another article has claimed stays with that. */
function redirectStatements(db: D1Database, { article, aliases }: Rendered): D1PreparedStatement[] {
  const wanted = JSON.stringify(aliases)
  const drop = db
    .prepare('DELETE FROM redirect WHERE article = ?1 AND path NOT IN (SELECT value FROM json_each(?2))')
    .bind(article.slug, wanted)
  const add = db
    .prepare('INSERT OR IGNORE INTO redirect (path, article) SELECT value, ?1 FROM json_each(?2)')
    .bind(article.slug, wanted)
  return [drop, add]
}

/** What is known of an address at which no page was found. */
export interface Trace {
  /** The article whose old address it is. */
  movedTo: Slug | null
  /** Whether an article was here and was deleted. */
  isGone: boolean
  /** Published articles whose addresses begin alike. */
  alike: readonly { slug: Slug; title: string }[]
}

/** Most addresses that are compared with one that leads nowhere. */
const ALIKE = 100

/**
 * Looks for what an address may have meant, in one round trip.
 * @param path the address in its one spelling, as aliases are stored
 * @param slug the article it would be; null where no article can be
 */
export const selectTrace = (db: D1Database, path: string, slug: Slug | null, now: string) => [
  db
    .prepare(
      `SELECT a.slug FROM redirect r JOIN article a ON a.slug = r.article
       WHERE r.path = ?1 AND a.status = 'published' AND a.published_at <= ?2`,
    )
    .bind(path, now),
  db.prepare(`SELECT slug FROM article WHERE slug = ?1 AND status = 'deleted'`).bind(slug),
  db
    .prepare(
      `SELECT slug, title FROM article
       WHERE slug >= ?1 AND slug < ?1 || '~' AND status = 'published' AND published_at <= ?2 LIMIT ${ALIKE}`,
    )
    .bind(slug?.slice(0, 3) ?? '~', now),
]

const SlugRow = v.object({ slug: Slug })
const AlikeRow = v.object({ slug: Slug, title: v.string() })
export const readTrace = ([moved = [], gone = [], alike = []]: readonly unknown[][]): Trace => ({
  movedTo: moved[0] === undefined ? null : v.parse(SlugRow, moved[0]).slug,
  isGone: gone.length > 0,
  alike: alike.map((row) => v.parse(AlikeRow, row)),
})

/** Which of some addresses are old addresses of an article, and of which. */
export const selectClaims = (db: D1Database, paths: readonly string[]) =>
  db
    .prepare(
      `SELECT r.path, r.article FROM redirect r JOIN article a ON a.slug = r.article
       WHERE r.path IN (SELECT value FROM json_each(?1)) AND a.status <> 'deleted'`,
    )
    .bind(JSON.stringify(paths))

const ClaimRow = v.object({ path: v.string(), article: v.string() })
export const readClaims = (rows: unknown[]) => rows.map((row) => v.parse(ClaimRow, row))

/** Takes an article off the site, keeping its versions and comments. The list forgets it before KV does. */
export async function removeArticle(env: Env, slug: Slug): Promise<boolean> {
  const [removed] = await env.DB.batch([
    env.DB.prepare(
      `UPDATE article SET status = 'deleted', hash = '' WHERE slug = ?1 AND status <> 'deleted'`,
    ).bind(slug),
    env.DB.prepare('DELETE FROM listing WHERE article = ?1').bind(slug),
  ])
  await deleteServed(env, slug)
  return (removed?.meta.changes ?? 0) > 0
}
