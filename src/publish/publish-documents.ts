import type { Env } from '../env.ts'
import { textsOf } from '../locale/locale.ts'
import { emptySettings, type SettingsSource } from '../site/settings.ts'
import { digest } from './digest.ts'
import { type RenderedDocument, renderDocument } from './documents.ts'
import { sayIssues } from './say.ts'
import {
  announceDocument,
  type DocumentKind,
  type DocumentRow,
  deleteDocument,
  libraryOf,
  readDocuments,
  readMedia,
  readSite,
  selectDocuments,
  selectMediaNamedIn,
  upsertDocument,
} from './store.ts'
import type { Draft, Outcome } from './wire.ts'

const KIND_PATH = { page: 'pages', ad: 'ads', site: 'site' } as const

/**
 * Publishes pages, campaigns or the settings: KV first, the row in D1 last. Safe to repeat.
 * @returns an outcome for each draft, in order; null while the site has no settings (which come first)
 */
export async function publishDocuments(
  env: Env,
  kind: DocumentKind,
  drafts: readonly Draft[],
): Promise<Outcome[] | null> {
  const [sites, documents, media] = await env.DB.batch([
    selectDocuments(env.DB, 'site'),
    selectDocuments(env.DB, kind),
    selectMediaNamedIn(env.DB, JSON.stringify(drafts)),
  ])
  const published = readSite(readDocuments(sites?.results ?? []))
  if (!published && kind !== 'site') return null
  const settings: SettingsSource = published ?? emptySettings
  const context = {
    settings,
    texts: textsOf(settings.language),
    media: libraryOf(readMedia(media?.results ?? [])),
  }
  const current = new Map(readDocuments(documents?.results ?? []).map((row) => [row.slug, row]))

  const outcomes: Outcome[] = []
  const changes: DocumentRow[] = []
  for (const draft of drafts) {
    const rendered = renderDocument(kind, draft, context)
    if (!rendered.ok) {
      outcomes.push({
        slug: draft.slug,
        outcome: 'refused',
        issues: sayIssues(rendered.issues, context.texts),
      })
      continue
    }
    const hash = await digest(KIND_PATH[kind], draft, published)
    const { outcome, change } = compare(draft, rendered.value, hash, current.get(draft.slug))
    outcomes.push(outcome)
    if (change) changes.push(change)
  }
  if (changes.length === 0) return outcomes
  const announcements = changes
    .filter(({ revision }) => revision > 1)
    .map(({ slug, revision }) => announceDocument(env.DB, kind, slug, revision - 1))
  if (announcements.length > 0) await env.DB.batch(announcements)
  const served = await serve(env, kind, changes, [])
  const written = await env.DB.batch(changes.map((change) => upsertDocument(env.DB, kind, change)))
  const losers = changes.filter((_, index) => written[index]?.meta.changes === 0)
  await serveWinners(env, kind, losers, served)
  return losers.length > 0 ? publishDocuments(env, kind, drafts) : outcomes
}

/** Takes a page or campaign off the site. Repeating it finishes one that broke off. */
export async function removeDocument(env: Env, kind: DocumentKind, slug: string): Promise<boolean> {
  const removed = await deleteDocument(env.DB, kind, slug).run()
  await serve(env, kind, [], [slug])
  return removed.meta.changes > 0
}

function compare(
  draft: Draft,
  rendered: RenderedDocument,
  hash: string,
  row: DocumentRow | undefined,
): { outcome: Outcome; change?: DocumentRow } {
  const { slug, frontMatter, body, base } = draft
  if (row && row.hash === hash && JSON.stringify(row.media) === JSON.stringify(rendered.media)) {
    return { outcome: { slug, outcome: 'unchanged', revision: row.revision, hash } }
  }
  if (row && base !== undefined && base !== row.revision) {
    return { outcome: { slug, outcome: 'conflict', theirs: { revision: row.revision, ...row.source } } }
  }
  const revision = (row?.revision ?? 0) + 1
  const { title, value, media } = rendered
  const change = { slug, title, value, media, revision, hash, source: { frontMatter, body } }
  return { outcome: { slug, outcome: row ? 'updated' : 'created', revision, hash }, change }
}

/** A value in KV that all documents of a kind go into. */
interface SharedValue {
  key: 'ads' | 'site'
  value: string
}

/** Writes the KV values that documents of a kind go into, from what D1 holds and what is about to be there. */
async function serve(
  env: Env,
  kind: DocumentKind,
  changed: readonly DocumentRow[],
  removed: readonly string[],
): Promise<SharedValue | null> {
  if (kind === 'page') {
    await Promise.all([
      ...changed.map((row) => env.KV.put(`page:${row.slug}`, JSON.stringify(row.value))),
      ...removed.map((slug) => env.KV.delete(`page:${slug}`)),
    ])
  }
  const shared = shareOf(kind, await readShared(env, kind), changed)
  if (shared) await env.KV.put(shared.key, shared.value)
  return shared
}

/** After our rows are written: where somebody published beside us, what lies in D1 is what counts. */
async function serveWinners(
  env: Env,
  kind: DocumentKind,
  losers: readonly DocumentRow[],
  served: SharedValue | null,
): Promise<void> {
  const stored = await readShared(env, kind)
  const lost = new Set(losers.map(({ slug }) => slug))
  if (kind === 'page') {
    const winners = stored.documents.filter(({ slug }) => lost.has(slug))
    await Promise.all(winners.map((row) => env.KV.put(`page:${row.slug}`, JSON.stringify(row.value))))
  }
  const shared = shareOf(kind, stored, [])
  if (shared && shared.value !== served?.value) await env.KV.put(shared.key, shared.value)
}

/** The rows of which a shared value is made. */
interface Stored {
  settings: SettingsSource | null
  /** All campaigns, or all pages. */
  documents: DocumentRow[]
}

async function readShared(env: Env, kind: DocumentKind): Promise<Stored> {
  const [sites, documents] = await env.DB.batch([
    selectDocuments(env.DB, 'site'),
    selectDocuments(env.DB, kind === 'ad' ? 'ad' : 'page'),
  ])
  return {
    settings: readSite(readDocuments(sites?.results ?? [])),
    documents: readDocuments(documents?.results ?? []),
  }
}

/** All campaigns; or the settings with the titles of all pages, null before there are settings. */
function shareOf(
  kind: DocumentKind,
  { settings, documents }: Stored,
  changed: readonly DocumentRow[],
): SharedValue | null {
  const merged = new Map(documents.map((row) => [row.slug, row]))
  if (kind !== 'site') for (const row of changed) merged.set(row.slug, row)
  const rows = [...merged.values()].sort((a, b) => (a.slug < b.slug ? -1 : 1))
  if (kind === 'ad') return { key: 'ads', value: JSON.stringify(rows.map((row) => row.value)) }
  const newest = kind === 'site' && changed[0] ? changed[0].value : settings
  if (!newest) return null
  const pages = Object.fromEntries(rows.map((row) => [row.slug, row.title]))
  return { key: 'site', value: JSON.stringify({ ...newest, pages }) }
}
