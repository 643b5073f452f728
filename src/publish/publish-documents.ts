import type { Env } from '../env.ts'
import { textsOf } from '../locale/locale.ts'
import { emptySettings, type SettingsSource } from '../site/settings.ts'
import { digest } from './digest.ts'
import { type RenderedDocument, renderDocument } from './documents.ts'
import { sayIssues } from './say.ts'
import {
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
  await serve(env, kind, changes, [])
  const written = await env.DB.batch(changes.map((change) => upsertDocument(env.DB, kind, change)))
  if (written.some((result) => result.meta.changes === 0)) {
    await serve(env, kind, [], []) // somebody was faster: what lies in D1 is what counts
    return publishDocuments(env, kind, drafts)
  }
  return outcomes
}

/** Takes a page or campaign off the site. */
export async function removeDocument(env: Env, kind: DocumentKind, slug: string): Promise<boolean> {
  const removed = await deleteDocument(env.DB, kind, slug).run()
  if (removed.meta.changes === 0) return false
  await serve(env, kind, [], [slug])
  return true
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

/** Writes the KV values that documents of a kind go into, from what D1 holds and what is about to be there. */
async function serve(
  env: Env,
  kind: DocumentKind,
  changed: readonly DocumentRow[],
  removed: readonly string[],
): Promise<void> {
  if (kind === 'page') {
    await Promise.all([
      ...changed.map((row) => env.KV.put(`page:${row.slug}`, JSON.stringify(row.value))),
      ...removed.map((slug) => env.KV.delete(`page:${slug}`)),
    ])
  }
  const [sites, documents] = await env.DB.batch([
    selectDocuments(env.DB, 'site'),
    selectDocuments(env.DB, kind === 'ad' ? 'ad' : 'page'),
  ])
  const merged = new Map(readDocuments(documents?.results ?? []).map((row) => [row.slug, row]))
  if (kind !== 'site') for (const row of changed) merged.set(row.slug, row)
  const rows = [...merged.values()].sort((a, b) => (a.slug < b.slug ? -1 : 1))
  if (kind === 'ad') {
    await env.KV.put('ads', JSON.stringify(rows.map((row) => row.value)))
    return
  }
  const settings =
    kind === 'site' && changed[0] ? changed[0].value : readSite(readDocuments(sites?.results ?? []))
  if (!settings) return
  const pages = Object.fromEntries(rows.map((row) => [row.slug, row.title]))
  await env.KV.put('site', JSON.stringify({ ...settings, pages }))
}
