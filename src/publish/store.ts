import * as v from 'valibot'
import type { Author } from '../article/article.ts'
import type { Media, MediaLibrary } from '../article/media.ts'
import { companionsOf, MEDIA_TYPES, mediaPath } from '../article/media.ts'
import { Slug } from '../article/slug.ts'
import { SettingsSource } from '../site/settings.ts'
import { SITE_SLUG } from './wire.ts'

/** SQL of the documents that are not articles (pages, campaigns, settings) and of the pictures. */

export type DocumentKind = 'page' | 'ad' | 'author' | 'site'

const jsonText = v.pipe(v.string(), v.parseJson())
const DocumentRow = v.object({
  slug: v.string(),
  title: v.string(),
  source: v.pipe(jsonText, v.object({ frontMatter: v.unknown(), body: v.string() })),
  value: jsonText,
  media: v.pipe(jsonText, v.record(v.string(), v.string())),
  revision: v.number(),
  hash: v.string(),
})
export type DocumentRow = v.InferOutput<typeof DocumentRow>

const COLUMNS = 'slug, title, source, value, media, revision, hash'

export const selectDocuments = (db: D1Database, kind: DocumentKind) =>
  db.prepare(`SELECT ${COLUMNS} FROM document WHERE kind = ?1 ORDER BY slug`).bind(kind)

/** Slugs and titles of all documents of a kind: who the authors are, which pages there are. */
export const selectTitles = (db: D1Database, kind: DocumentKind) =>
  db.prepare('SELECT slug, title FROM document WHERE kind = ?1 ORDER BY slug').bind(kind)

const TitleRow = v.object({ slug: Slug, title: v.string() })
export const readTitles = (rows: unknown[]) => rows.map((row) => v.parse(TitleRow, row))
export const readAuthors = (rows: unknown[]): Author[] =>
  readTitles(rows).map(({ slug, title }) => ({ slug, name: title }))

export const readDocuments = (rows: unknown[]): DocumentRow[] => rows.map((row) => v.parse(DocumentRow, row))

/**
 * Stores a document as the successor of the revision before it.
 * @returns a statement that changes no row when somebody else was faster
 */
export const upsertDocument = (db: D1Database, kind: DocumentKind, row: DocumentRow) =>
  db
    .prepare(
      `INSERT INTO document (kind, slug, title, source, value, media, revision, hash)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
       ON CONFLICT (kind, slug) DO UPDATE SET title = ?3, source = ?4, value = ?5, media = ?6, revision = ?7, hash = ?8
       WHERE revision = ?7 - 1`,
    )
    .bind(
      kind,
      row.slug,
      row.title,
      JSON.stringify(row.source),
      JSON.stringify(row.value),
      JSON.stringify(row.media),
      row.revision,
      row.hash,
    )

/** Says that what is served of a document is about to change; see `announceChange` of articles. */
export const announceDocument = (db: D1Database, kind: DocumentKind, slug: string, revision: number) =>
  db
    .prepare(`UPDATE document SET hash = '' WHERE kind = ?1 AND slug = ?2 AND revision = ?3`)
    .bind(kind, slug, revision)

/** Makes a publish send a document again, or all of a kind: the value in KV turned out to be unreadable. */
export const distrustDocuments = (db: D1Database, kind: DocumentKind, slug: string | null = null) =>
  db
    .prepare(`UPDATE document SET hash = '' WHERE kind = ?1 AND (?2 IS NULL OR slug = ?2) AND hash <> ''`)
    .bind(kind, slug)

export const deleteDocument = (db: D1Database, kind: DocumentKind, slug: string) =>
  db.prepare('DELETE FROM document WHERE kind = ?1 AND slug = ?2').bind(kind, slug)

/** The published settings; null before there are any. */
export const readSite = (documents: DocumentRow[]): SettingsSource | null => {
  const site = documents.find((document) => document.slug === SITE_SLUG)
  return site ? v.parse(SettingsSource, site.value) : null
}

const MediaRow = v.object({
  name: v.string(),
  hash: v.string(),
  width: v.number(),
  height: v.number(),
  widths: v.pipe(jsonText, v.array(v.number())),
  color: v.nullable(v.string()),
})
const MEDIA_COLUMNS = 'name, hash, width, height, widths, color'

/** The stored files that a text might name, by file name, and what belongs to them. */
export const selectMediaNamedIn = (db: D1Database, text: string) =>
  db
    .prepare(`SELECT ${MEDIA_COLUMNS} FROM media WHERE name IN (SELECT value FROM json_each(?1))`)
    .bind(JSON.stringify(fileNamesIn(text)))

/** In two steps, for one expression would try every letter of a long word as the beginning of a name. */
function fileNamesIn(text: string): string[] {
  const named = (text.match(/[a-z0-9][a-z0-9._-]*/g) ?? []).flatMap((word) => ENDING.exec(word)?.[0] ?? [])
  const besides = named.flatMap((name) => {
    const { captions, stills } = companionsOf(name)
    return [...captions.map((one) => one.name), ...stills]
  })
  return [...new Set([...named, ...besides])]
}

const ENDING = new RegExp(`^.*\\.(?:${Object.keys(MEDIA_TYPES).join('|')})`)

export const selectAllMedia = (db: D1Database) =>
  db.prepare(`SELECT ${MEDIA_COLUMNS} FROM media ORDER BY name`)

export const readMedia = (rows: unknown[]): Media[] =>
  rows
    .map((row) => v.parse(MediaRow, row))
    .map(({ color, ...row }) => ({ ...row, ...(color ? { color } : {}), src: mediaPath(row) }))

export const libraryOf = (media: Media[]): MediaLibrary => new Map(media.map((one) => [one.name, one]))

export const upsertMedia = (db: D1Database, media: Omit<Media, 'src'>, bytes: number) =>
  db
    .prepare(
      `INSERT INTO media (name, hash, width, height, bytes, widths, color) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
       ON CONFLICT (name) DO UPDATE SET hash = ?2, width = ?3, height = ?4, bytes = ?5, widths = ?6, color = ?7`,
    )
    .bind(
      media.name,
      media.hash,
      media.width,
      media.height,
      bytes,
      JSON.stringify(media.widths),
      media.color ?? null,
    )

/** Content hashes of all files that the library, an article, any version of one, or a document names. */
export const selectNamedHashes = (db: D1Database, hashes: readonly string[]) =>
  db
    .prepare(
      `WITH wanted (hash) AS (SELECT value FROM json_each(?1))
       SELECT hash FROM media WHERE hash IN wanted
       UNION SELECT j.value FROM article a, json_each(a.media) j WHERE j.value IN wanted
       UNION SELECT j.value FROM article_revision r, json_each(r.media) j WHERE j.value IN wanted
       UNION SELECT j.value FROM document d, json_each(d.media) j WHERE j.value IN wanted`,
    )
    .bind(JSON.stringify(hashes))

const HashRow = v.object({ hash: v.string() })
export const readHashes = (rows: unknown[]): string[] => rows.map((row) => v.parse(HashRow, row).hash)

export const deleteMedia = (db: D1Database, name: string) =>
  db.prepare('DELETE FROM media WHERE name = ?1').bind(name)
