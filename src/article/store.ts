import * as v from 'valibot'
import type { Env } from '../env.ts'
import { type Article, Picture, type Teaser } from './article.ts'
import type { Candidate } from './related.ts'
import type { Rendered } from './render.ts'
import { Slug } from './slug.ts'

/** SQL and keys of the catalogue and of what is served of it. Nothing else reads or writes these tables. */

export const articleKey = (slug: Slug) => `article:${slug}`

const TEASER = 'a.slug, a.title, a.description, a.section, a.published_at, a.image'

const teaserColumns = {
  slug: Slug,
  title: v.string(),
  description: v.string(),
  section: Slug,
  published_at: v.string(),
  image: v.nullable(v.pipe(v.string(), v.parseJson(), Picture)),
}
const TeaserRow = v.object(teaserColumns)

const toTeaser = ({
  slug,
  title,
  description,
  section,
  published_at,
  image,
}: v.InferOutput<typeof TeaserRow>): Teaser => ({
  slug,
  title,
  description,
  section,
  date: published_at,
  ...(image ? { image } : {}),
})

/** The newest published articles. */
export const selectLatest = (db: D1Database, now: string, limit: number) =>
  db
    .prepare(
      `SELECT ${TEASER} FROM article a WHERE a.status = 'published' AND a.published_at <= ?1
       ORDER BY a.published_at DESC, a.slug LIMIT ?2`,
    )
    .bind(now, limit)

export const readTeasers = (rows: unknown[]): Teaser[] => rows.map((row) => toTeaser(v.parse(TeaserRow, row)))

/** The newest published articles of a section. */
export const selectOfSection = (db: D1Database, section: Slug, now: string, limit: number) =>
  db
    .prepare(
      `SELECT ${TEASER} FROM article a WHERE a.section = ?1 AND a.status = 'published' AND a.published_at <= ?2
       ORDER BY a.published_at DESC, a.slug LIMIT ?3`,
    )
    .bind(section, now, limit)

/** The newest published articles with a tag, and the tag's name as its newest article writes it. */
export const selectOfTag = (db: D1Database, tag: Slug, now: string, limit: number) =>
  db
    .prepare(
      `SELECT ${TEASER}, t.name AS tag_name FROM article_tag t JOIN article a ON a.slug = t.article
       WHERE t.tag = ?1 AND t.published_at <= ?2 AND a.status = 'published'
       ORDER BY t.published_at DESC, t.article LIMIT ?3`,
    )
    .bind(tag, now, limit)

const TagRow = v.object({ tag_name: v.string() })
export const readTagName = (rows: unknown[]): string | null =>
  rows[0] === undefined ? null : v.parse(TagRow, rows[0]).tag_name

/** Slugs and times of everything published, for the sitemap; at most 50,000 (its protocol's limit). */
export const selectSitemap = (db: D1Database, now: string) =>
  db
    .prepare(
      `SELECT slug, coalesce(updated_at, published_at) AS changed_at FROM article
       WHERE status = 'published' AND published_at <= ?1 ORDER BY published_at DESC, slug LIMIT 50000`,
    )
    .bind(now)

const SitemapRow = v.object({ slug: v.string(), changed_at: v.string() })
export const readSitemap = (rows: unknown[]) => rows.map((row) => v.parse(SitemapRow, row))

/** What might be related to an article: a few of the newest of each of its tags and of its section. */
export const selectRelatedCandidates = (db: D1Database, slug: Slug, now: string) =>
  db
    .prepare(
      `WITH self AS (SELECT section FROM article WHERE slug = ?1),
       near AS (
         SELECT one.value AS slug
         FROM article_tag mine, json_each((SELECT json_group_array(article) FROM (
           SELECT other.article FROM article_tag other WHERE other.tag = mine.tag AND other.published_at <= ?2
           ORDER BY other.published_at DESC LIMIT 10))) one
         WHERE mine.article = ?1
         UNION
         SELECT slug FROM (
           SELECT slug FROM article WHERE section = (SELECT section FROM self) AND status = 'published' AND published_at <= ?2
           ORDER BY published_at DESC LIMIT 10))
       SELECT ${TEASER}, (SELECT json_group_array(tag) FROM article_tag WHERE article = a.slug) AS tags
       FROM near JOIN article a ON a.slug = near.slug WHERE a.status = 'published' AND a.slug <> ?1`,
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
      `SELECT ${TEASER} FROM article self JOIN article a ON a.section = self.section AND a.status = 'published'
         AND (a.published_at, a.slug) ${than} (self.published_at, self.slug) AND a.published_at <= ?2
       WHERE self.slug = ?1 ORDER BY a.published_at ${order}, a.slug ${order} LIMIT 1`,
    )
    .bind(slug, now)
}

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
      `INSERT INTO article (slug, title, description, section, published_at, updated_at, image, comments, status, revision, hash, media)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
       ON CONFLICT (slug) DO UPDATE SET title = ?2, description = ?3, section = ?4, published_at = ?5, updated_at = ?6,
         image = ?7, comments = ?8, status = ?9, revision = ?10, hash = ?11, media = ?12`,
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
    )
  const record = db
    .prepare(
      `INSERT INTO article_revision (article, revision, front_matter, body, created_at) VALUES (?1, ?2, ?3, ?4, ?5)`,
    )
    .bind(article.slug, revision, JSON.stringify(source.frontMatter), source.body, now)
  const untag = db.prepare('DELETE FROM article_tag WHERE article = ?1').bind(article.slug)
  const tag = db
    .prepare(
      `INSERT OR IGNORE INTO article_tag (article, tag, name, published_at)
       SELECT ?1, value ->> 'slug', value ->> 'name', ?2 FROM json_each(?3)`,
    )
    .bind(article.slug, article.date, JSON.stringify(status === 'published' ? article.tags : []))
  return [catalogue, record, untag, tag]
}

/** Takes an article off the site, keeping its versions and comments. The list forgets it before KV does. */
export async function removeArticle(env: Env, slug: Slug): Promise<boolean> {
  const [removed] = await env.DB.batch([
    env.DB.prepare(
      `UPDATE article SET status = 'deleted', hash = '' WHERE slug = ?1 AND status <> 'deleted'`,
    ).bind(slug),
    env.DB.prepare('DELETE FROM article_tag WHERE article = ?1').bind(slug),
  ])
  await deleteServed(env, slug)
  return (removed?.meta.changes ?? 0) > 0
}
