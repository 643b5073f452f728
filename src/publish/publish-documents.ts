import type { Env } from '../env.ts'
import { textsOf } from '../locale/locale.ts'
import { emptySettings, type SettingsSource } from '../site/settings.ts'
import {
  type DeskChange,
  forgetDeskChange,
  noteDeskChange,
  noteDeskDeletion,
  noteFiled,
  readDeskChanges,
  selectDeskChangesOf,
} from './desk-change-store.ts'
import { digest, sourceMark } from './digest.ts'
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

const KIND_PATH = { page: 'pages', ad: 'ads', author: 'authors', site: 'site' } as const

/**
 * Publishes pages, campaigns or the settings: KV first, the row in D1 last. Safe to repeat.
 * @param form the key of the desk's form that makes the campaign, if one does
 * @returns an outcome for each draft, in order; null while the site has no settings (which come first)
 */
export async function publishDocuments(
  env: Env,
  kind: DocumentKind,
  drafts: readonly Draft[],
  form: string | null = null,
): Promise<Outcome[] | null> {
  const [sites, documents, media, desk] = await env.DB.batch([
    selectDocuments(env.DB, 'site'),
    selectDocuments(env.DB, kind),
    selectMediaNamedIn(env.DB, JSON.stringify(drafts)),
    selectDeskChangesOf(env.DB, kind === 'ad' ? drafts.map(({ slug }) => slug) : []),
  ])
  const published = readSite(readDocuments(sites?.results ?? []))
  if (!published && kind !== 'site') return null
  const settings: SettingsSource = published ?? emptySettings
  const context = {
    settings,
    texts: textsOf(settings.language),
    media: libraryOf(readMedia(media?.results ?? [])),
    authors: [],
  }
  const current = new Map(readDocuments(documents?.results ?? []).map((row) => [row.slug, row]))
  const deskChanges = readDeskChanges(desk?.results ?? [])

  const outcomes: Outcome[] = []
  const changes: DocumentRow[] = []
  const notes: D1PreparedStatement[] = []
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
    const hash = await digest(KIND_PATH[kind], draft, { settings: published, authors: [] })
    const row = current.get(draft.slug)
    if (await isBlind(draft, row, deskChanges.get(draft.slug))) {
      outcomes.push(conflict(draft.slug, row))
      continue
    }
    const { outcome, change } = compare(draft, rendered.value, hash, row)
    outcomes.push(outcome)
    if (!change) continue
    changes.push(change)
    if (kind === 'ad') notes.push(await noteOrigin(env, draft, change, row, form))
  }
  if (changes.length === 0) return outcomes
  const announcements = changes
    .filter(({ revision }) => revision > 1)
    .map(({ slug, revision }) => announceDocument(env.DB, kind, slug, revision - 1))
  if (announcements.length > 0) await env.DB.batch(announcements)
  const served = await serve(env, kind, changes, [])
  const upserts = changes.map((change) => upsertDocument(env.DB, kind, change))
  const written = (await env.DB.batch([...notes, ...upserts])).slice(notes.length)
  const losers = changes.filter((_, index) => written[index]?.meta.changes === 0)
  await serveWinners(env, kind, losers, served)
  return losers.length > 0 ? publishDocuments(env, kind, drafts, form) : outcomes
}

/** Takes a page or campaign off the site. Repeating it finishes one that broke off. */
export async function removeDocument(
  env: Env,
  kind: DocumentKind,
  slug: string,
  origin: Draft['origin'] = 'file',
): Promise<boolean> {
  const note = (origin === 'desk' ? noteDeskDeletion : forgetDeskChange)(env.DB, slug)
  const [removed] = await env.DB.batch([deleteDocument(env.DB, kind, slug), ...(kind === 'ad' ? [note] : [])])
  await serve(env, kind, [], [slug])
  return (removed?.meta.changes ?? 0) > 0
}

/** Whether a campaign would overwrite, or bring back, what was done at the desk without saying that it knows of it. */
async function isBlind(
  draft: Draft,
  row: DocumentRow | undefined,
  change: DeskChange | undefined,
): Promise<boolean> {
  if (!change || draft.base !== undefined) return false
  return !row || (await sourceMark(draft)) !== (await sourceMark(row.source))
}

/** Notes who makes a version of a campaign. */
async function noteOrigin(
  { DB }: Env,
  { origin }: Draft,
  { slug, source, revision }: DocumentRow,
  before: DocumentRow | undefined,
  form: string | null,
): Promise<D1PreparedStatement> {
  const mark = await sourceMark(source)
  // Made anew from a file: what the desk deleted is another campaign's story.
  if (origin !== 'desk') return before ? noteFiled(DB, slug, mark, revision) : forgetDeskChange(DB, slug)
  const filed = before ? await sourceMark(before.source) : null
  return noteDeskChange(DB, { campaign: slug, mark, filed }, revision, form)
}

const conflict = (slug: string, row: DocumentRow | undefined): Outcome => ({
  slug,
  outcome: 'conflict',
  theirs: row ? { revision: row.revision, ...row.source } : { revision: 0, frontMatter: null, body: '' },
})

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
  if (row && base !== undefined && base !== row.revision) return { outcome: conflict(slug, row) }
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

/** Kinds of which each document also has a value of its own. */
const OWN_KEY = { page: 'page', author: 'author', ad: null, site: null } as const

/** Writes the KV values that documents of a kind go into, from what D1 holds and what is about to be there. */
async function serve(
  env: Env,
  kind: DocumentKind,
  changed: readonly DocumentRow[],
  removed: readonly string[],
): Promise<SharedValue | null> {
  await putOwn(env, kind, changed)
  const prefix = OWN_KEY[kind]
  if (prefix) await Promise.all(removed.map((slug) => env.KV.delete(`${prefix}:${slug}`)))
  const shared = shareOf(kind, await readShared(env, kind), changed)
  if (shared) await env.KV.put(shared.key, shared.value)
  return shared
}

async function putOwn(env: Env, kind: DocumentKind, rows: readonly DocumentRow[]): Promise<void> {
  const prefix = OWN_KEY[kind]
  if (prefix)
    await Promise.all(rows.map((row) => env.KV.put(`${prefix}:${row.slug}`, JSON.stringify(row.value))))
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
  await putOwn(
    env,
    kind,
    stored[kind].filter(({ slug }) => lost.has(slug)),
  )
  const shared = shareOf(kind, stored, [])
  if (shared && shared.value !== served?.value) await env.KV.put(shared.key, shared.value)
}

/** The rows of which a shared value is made; those it is not made of are left out. */
type Stored = Record<DocumentKind, DocumentRow[]>

async function readShared(env: Env, kind: DocumentKind): Promise<Stored> {
  const kinds: DocumentKind[] = kind === 'ad' ? ['ad'] : ['site', 'page', 'author']
  const found = await env.DB.batch(kinds.map((one) => selectDocuments(env.DB, one)))
  const rows = new Map(kinds.map((one, index) => [one, readDocuments(found[index]?.results ?? [])]))
  const of = (one: DocumentKind) => rows.get(one) ?? []
  return { site: of('site'), page: of('page'), author: of('author'), ad: of('ad') }
}

/** All campaigns; or the settings with the titles of pages and the names of authors, null before there are settings. */
function shareOf(kind: DocumentKind, stored: Stored, changed: readonly DocumentRow[]): SharedValue | null {
  const rowsOf = (one: DocumentKind) => {
    const merged = new Map(stored[one].map((row) => [row.slug, row]))
    if (one === kind) for (const row of changed) merged.set(row.slug, row)
    return [...merged.values()].sort((a, b) => (a.slug < b.slug ? -1 : 1))
  }
  if (kind === 'ad') return { key: 'ads', value: JSON.stringify(rowsOf('ad').map((row) => row.value)) }
  const settings = readSite(rowsOf('site'))
  if (!settings) return null
  const titles = (one: DocumentKind) => Object.fromEntries(rowsOf(one).map((row) => [row.slug, row.title]))
  return {
    key: 'site',
    value: JSON.stringify({ ...settings, pages: titles('page'), authors: titles('author') }),
  }
}
