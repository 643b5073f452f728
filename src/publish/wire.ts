import * as v from 'valibot'
import { Slug } from '../article/slug.ts'

/**
 * What travels between the publishing API and its clients (command line, editor, importer).
 * Everything published is a document: front matter as JSON, and a Markdown body where it has one.
 */

/** The kinds of documents, as they stand in the API's addresses. */
export const KINDS = ['articles', 'pages', 'ads', 'authors', 'site'] as const
export type Kind = (typeof KINDS)[number]

/** The slug under which the one document of kind `site` is stored. */
export const SITE_SLUG = 'site'

/** Largest JSON request, in bytes, and most documents in one request. */
export const MAX_REQUEST_BYTES = 4 * 1024 * 1024
export const MAX_BATCH = 20

export const DocumentBody = v.strictObject({
  frontMatter: v.record(v.string(), v.unknown()),
  body: v.optional(v.string(), ''),
  /**
   * The revision this version is based on (0: a new document). Without it, the client's version wins, but for a campaign
   * that was ever changed at the desk.
   */
  base: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  /** Who wrote this version; a change at the desk is not overwritten by a file that does not know of it. */
  origin: v.optional(v.picklist(['file', 'desk'])),
})
export type DocumentBody = v.InferOutput<typeof DocumentBody>

export const DocumentBatch = v.strictObject({
  items: v.pipe(v.array(v.strictObject({ slug: Slug, ...DocumentBody.entries })), v.maxLength(MAX_BATCH)),
})
export type Draft = v.InferOutput<typeof DocumentBatch>['items'][number]

/** A line of a list of what is published: enough for a client to send only what changed. */
export const Listed = v.object({
  slug: Slug,
  hash: v.string(),
  revision: v.number(),
  /** Content hash of every picture the document shows, by name. */
  media: v.record(v.string(), v.string()),
  /** Of a campaign that the desk changed: which version it made last, and which last came from a file. */
  desk: v.optional(v.object({ mark: v.string(), filed: v.nullable(v.string()) })),
})
export type Listed = v.InferOutput<typeof Listed>
export const Listing = v.object({
  items: v.array(Listed),
  /** Campaigns that were deleted at the desk. */
  deleted: v.optional(v.array(v.string()), []),
})
export type Listing = v.InferOutput<typeof Listing>

export const Issue = v.object({
  key: v.string(),
  code: v.string(),
  got: v.optional(v.string()),
  expected: v.optional(v.string()),
  nearest: v.optional(v.string()),
  bodyLine: v.optional(v.number()),
  /** The issue in words, in the site's language. */
  detail: v.string(),
})

/** A photograph whose files are stored: what the library should know of it. */
export const Photo = v.strictObject({
  hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
  width: v.pipe(v.number(), v.integer(), v.minValue(1)),
  height: v.pipe(v.number(), v.integer(), v.minValue(1)),
  widths: v.pipe(
    v.array(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1600))),
    v.minLength(1),
    v.maxLength(6),
  ),
  color: v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/)),
})
export type Photo = v.InferOutput<typeof Photo>

/** A recording, captions or a social picture whose one file is stored. */
export const StoredFile = v.strictObject({
  hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
  /** In pixels; 0 for what can't be seen. */
  width: v.pipe(v.number(), v.integer(), v.minValue(0)),
  height: v.pipe(v.number(), v.integer(), v.minValue(0)),
})
export type StoredFile = v.InferOutput<typeof StoredFile>

/** Files that no article, version, document or entry of the library names, page by page. */
export const UnusedMedia = v.object({
  items: v.array(v.object({ file: v.string(), bytes: v.number() })),
  next: v.nullable(v.string()),
})
export type UnusedMedia = v.InferOutput<typeof UnusedMedia>

/** Files to remove, and those that were. */
export const UnusedFiles = v.strictObject({ files: v.pipe(v.array(v.string()), v.maxLength(500)) })
export const RemovedFiles = v.object({ removed: v.array(v.string()) })

/** What became of one document. */
export const Outcome = v.variant('outcome', [
  v.object({
    slug: v.string(),
    outcome: v.picklist(['created', 'updated', 'unchanged']),
    revision: v.number(),
    hash: v.string(),
  }),
  v.object({ slug: v.string(), outcome: v.literal('refused'), issues: v.array(Issue) }),
  v.object({
    slug: v.string(),
    outcome: v.literal('conflict'),
    /** What is stored; revision 0 where it was deleted at the desk. */
    theirs: v.object({ revision: v.number(), frontMatter: v.unknown(), body: v.string() }),
  }),
])
export type Outcome = v.InferOutput<typeof Outcome>
export const Outcomes = v.object({ items: v.array(Outcome) })

/** A document as the API gives it back. */
export const StoredDocument = v.object({
  slug: Slug,
  revision: v.number(),
  hash: v.string(),
  frontMatter: v.unknown(),
  body: v.string(),
})
export type StoredDocument = v.InferOutput<typeof StoredDocument>
/** A campaign as the API gives it back. */
export const StoredCampaign = v.object({
  ...StoredDocument.entries,
  frontMatter: DocumentBody.entries.frontMatter,
})
