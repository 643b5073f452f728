import * as v from 'valibot'

/** SQL of comments that come from another system, and go to one. */

export interface ImportedRow {
  source: string
  parent: string | null
  article: string
  name: string
  email: string
  emailHash: string
  website: string | null
  text: string
  html: string
  avatar: string
  status: string
  createdAt: string
  editedAt: string | null
  original: string | null
  shortened: string | null
  pinnedAt: string | null
  fingerprint: string
}

/**
 * Stores comments, each once: one that is there already is left as it is, also when it was changed since. A parent has to be
 * stored before. Says which were stored.
 */
export const insertImported = (db: D1Database, rows: readonly ImportedRow[]) =>
  db
    .prepare(
      `INSERT INTO comment (source, article, parent, thread, branch, name, email, email_hash, website, text, html, avatar,
         status, created_at, edited_at, original, shortened, pinned_at, fingerprint)
       SELECT j.value ->> 'source', a.slug, p.id, ifnull(p.thread, p.id), iif(p.thread IS NULL, NULL, ifnull(p.branch, p.id)),
         j.value ->> 'name', j.value ->> 'email', j.value ->> 'emailHash', j.value ->> 'website', j.value ->> 'text',
         j.value ->> 'html', j.value ->> 'avatar', j.value ->> 'status', j.value ->> 'createdAt', j.value ->> 'editedAt',
         j.value ->> 'original', j.value ->> 'shortened', j.value ->> 'pinnedAt', j.value ->> 'fingerprint'
       FROM json_each(?1) j JOIN article a ON a.slug = j.value ->> 'article'
       LEFT JOIN comment p ON p.source = j.value ->> 'parent' AND p.article = a.slug
       WHERE NOT EXISTS (SELECT 1 FROM comment x WHERE x.id = CAST(substr(j.value ->> 'source', 4) AS INTEGER)
         AND j.value ->> 'source' = 'mw:' || x.id AND x.article = a.slug AND x.created_at = j.value ->> 'createdAt')
       ORDER BY j.key ON CONFLICT DO NOTHING RETURNING source`,
    )
    .bind(JSON.stringify(rows))

const SourceRow = v.object({ source: v.string() })
export const readSources = (rows: unknown[]): string[] => rows.map((row) => v.parse(SourceRow, row).source)

/** Which of these articles there are. */
export async function findArticles(db: D1Database, slugs: readonly string[]): Promise<Set<string>> {
  const { results } = await db
    .prepare('SELECT slug AS source FROM article WHERE slug IN (SELECT value FROM json_each(?1))')
    .bind(JSON.stringify(slugs))
    .all()
  return new Set(readSources(results))
}

const ExportRow = v.object({
  id: v.number(),
  source: v.nullable(v.string()),
  parent: v.nullable(v.string()),
  article: v.string(),
  name: v.string(),
  email: v.string(),
  website: v.nullable(v.string()),
  text: v.string(),
  status: v.string(),
  createdAt: v.string(),
  editedAt: v.nullable(v.string()),
  original: v.nullable(v.string()),
  shortened: v.nullable(v.string()),
  pinnedAt: v.nullable(v.string()),
})
export type ExportRow = v.InferOutput<typeof ExportRow>

/** Comments in the order in which they were written; an empty place is none. */
export async function findToExport(db: D1Database, after: number, limit: number): Promise<ExportRow[]> {
  const { results } = await db
    .prepare(
      `SELECT c.id, c.source, ifnull(p.source, 'mw:' || p.id) AS parent, c.article, c.name, c.email, c.website, c.text, c.status,
         c.created_at AS createdAt, c.edited_at AS editedAt, c.original, c.shortened, c.pinned_at AS pinnedAt
       FROM comment c LEFT JOIN comment p ON p.id = c.parent AND p.status <> 'deleted'
       WHERE c.id > ?1 AND c.status <> 'deleted' ORDER BY c.id LIMIT ?2`,
    )
    .bind(after, limit)
    .all()
  return results.map((row) => v.parse(ExportRow, row))
}
