import * as v from 'valibot'
import { type ArticleSource, type RenderContext, type Rendered, renderArticle } from '../article/render.ts'
import type { Slug } from '../article/slug.ts'
import { socialHash, socialName, socialText } from '../article/social.ts'
import {
  announceChange,
  type CatalogueRow,
  deleteServed,
  distrust,
  findSource,
  insertRevision,
  type NewRevision,
  putServed,
  readCatalogue,
  readClaims,
  selectCatalogueOf,
  selectClaims,
  vouch,
} from '../article/store.ts'
import type { Env } from '../env.ts'
import { textsOf } from '../locale/locale.ts'
import { indexStatements } from '../search/store.ts'
import { aliasKey } from '../site/address.ts'
import type { SettingsSource } from '../site/settings.ts'
import { digest } from './digest.ts'
import type { Issue, Parsed } from './issue.ts'
import { sayIssues } from './say.ts'
import {
  libraryOf,
  readAuthors,
  readDocuments,
  readMedia,
  readSite,
  readTitles,
  selectDocuments,
  selectMediaNamedIn,
  selectTitles,
} from './store.ts'
import type { Draft, Outcome } from './wire.ts'

/** What publishing found before it wrote anything. */
interface Ground {
  context: RenderContext
  /** What lives at the addresses that drafts name as old ones: slugs of articles, by path. */
  claims: ReadonlyMap<string, string>
  current: ReadonlyMap<string, CatalogueRow>
}

/** How often a publish looks again after somebody else was faster. */
const MAX_ATTEMPTS = 8

/**
 * Publishes articles: those that are new or changed are rendered, written to KV, and then entered in the
 * catalogue, so that an article is listed only once it can be read; a draft leaves the lists before it leaves KV.
 * Safe to repeat.
 * @returns an outcome for each draft, in order; null while the site has no settings
 */
export async function publishArticles(
  env: Env,
  drafts: readonly Draft[],
  now: Date,
  attempt = 1,
): Promise<Outcome[] | null> {
  const ground = await survey(env, drafts)
  if (!ground) return null
  const plans = await Promise.all(drafts.map((draft) => plan(env, draft, ground)))
  const outcomes = plans.map((one) => one.outcome)
  const changes = plans.flatMap((one) => ('change' in one ? [one.change] : []))
  if (attempt > 1) await restoreWinners(env, plans, ground)
  if (changes.length === 0) return outcomes
  try {
    await write(env, changes, ground, now)
  } catch (error) {
    // Somebody made the same revision between our reading and our writing: look again.
    if (!String(error).includes('UNIQUE constraint failed')) throw error
    if (attempt < MAX_ATTEMPTS) return publishArticles(env, drafts, now, attempt + 1)
    await env.DB.batch(changes.map(({ rendered }) => distrust(env.DB, rendered.article.slug)))
    throw error
  }
  return outcomes
}

/** Names by which an article is looked for, besides what it says: of its authors, tags, section and source. */
function namesOf({ article }: Rendered, { sections }: SettingsSource): string[] {
  const section = sections.find(({ slug }) => slug === article.section)
  return [
    ...article.authors.map(({ name }) => name),
    ...article.tags.map(({ name }) => name),
    ...(section ? [section.name] : []),
    ...(article.source ? [article.source.name] : []),
  ]
}

async function write(
  env: Env,
  changes: readonly NewRevision[],
  { context: { settings } }: Ground,
  now: Date,
): Promise<void> {
  const shown = changes.filter(({ rendered }) => rendered.status === 'published')
  const hidden = changes.filter(({ rendered }) => rendered.status === 'draft')
  const announcements = changes
    .filter(({ revision }) => revision > 1)
    .map(({ rendered, revision }) => announceChange(env.DB, rendered.article.slug, revision - 1))
  if (announcements.length > 0) await env.DB.batch(announcements)
  await Promise.all(shown.map(({ rendered, revision }) => putServed(env, { ...rendered.article, revision })))
  const revisions = [...shown, ...hidden.map((change) => ({ ...change, hash: '' }))]
  await env.DB.batch(
    revisions.flatMap((change) => [
      ...insertRevision(env.DB, change, now.toISOString()),
      ...indexStatements(env.DB, change.rendered, namesOf(change.rendered, settings)),
    ]),
  )
  if (hidden.length === 0) return
  await Promise.all(hidden.map(({ rendered }) => deleteServed(env, rendered.article.slug)))
  await env.DB.batch(
    hidden.map(({ rendered, revision, hash }) => vouch(env.DB, rendered.article.slug, revision, hash)),
  )
}

async function survey(env: Env, drafts: readonly Draft[]): Promise<Ground | null> {
  const text = `${JSON.stringify(drafts)} ${drafts.map(({ slug }) => socialName(slug)).join(' ')}`
  const aliases = drafts.flatMap(aliasesOf)
  const [site, media, authors, claimed, pages, current] = await env.DB.batch([
    selectDocuments(env.DB, 'site'),
    selectMediaNamedIn(env.DB, text),
    selectTitles(env.DB, 'author'),
    selectClaims(env.DB, aliases),
    selectTitles(env.DB, 'page'),
    selectCatalogueOf(env.DB, [...drafts.map((draft) => draft.slug), ...aliases.map(slugOfPath)]),
  ])
  const settings = readSite(readDocuments(site?.results ?? []))
  if (!settings) return null
  const context = {
    settings,
    texts: textsOf(settings.language),
    media: libraryOf(readMedia(media?.results ?? [])),
    authors: readAuthors(authors?.results ?? []),
  }
  const catalogue = readCatalogue(current?.results ?? [])
  const claims = new Map([
    ...readClaims(claimed?.results ?? []).map(({ path, article }) => [path, article] as const),
    ...readTitles(pages?.results ?? []).map((page) => [`/${page.slug}/`, page.slug] as const),
    ...catalogue.flatMap((row) => (row.status === 'deleted' ? [] : [[`/${row.slug}/`, row.slug] as const])),
  ])
  return { context, claims, current: new Map(catalogue.map((row) => [row.slug, row])) }
}

const NamedAliases = v.object({ aliases: v.array(v.pipe(v.string(), v.startsWith('/'))) })

/** The old addresses a draft names, in their one spelling; what is no list of paths is refused later. */
function aliasesOf({ frontMatter }: Draft): string[] {
  const named = v.safeParse(NamedAliases, frontMatter)
  return named.success ? named.output.aliases.map(aliasKey) : []
}

const slugOfPath = (path: string) => path.replaceAll('/', '')

/** Old addresses that are another article's, or at which something is. */
const takenAliases = (slug: string, aliases: readonly string[], claims: Ground['claims']): Issue[] =>
  aliases.flatMap((path, index) => {
    const owner = claims.get(path)
    return owner === undefined || owner === slug
      ? []
      : [{ key: `aliases.${index}`, code: 'alias-taken', got: `${path} → /${owner}/` }]
  })

type Plan = { outcome: Outcome } | { outcome: Outcome; change: NewRevision }

async function plan(env: Env, draft: Draft, { context, current, claims }: Ground): Promise<Plan> {
  const { slug, frontMatter, body } = draft
  const rendered = await render(slug, draft, context)
  if (!rendered.ok)
    return { outcome: { slug, outcome: 'refused', issues: sayIssues(rendered.issues, context.texts) } }
  const taken = takenAliases(slug, rendered.value.aliases, claims)
  if (taken.length > 0)
    return { outcome: { slug, outcome: 'refused', issues: sayIssues(taken, context.texts) } }
  const row = current.get(slug)
  const hash = await digest('articles', draft, context)
  if (row && row.status !== 'deleted') {
    if (row.hash === hash && sameMedia(row, rendered.value)) {
      return { outcome: { slug, outcome: 'unchanged', revision: row.revision, hash } }
    }
    if (draft.base !== undefined && draft.base !== row.revision)
      return { outcome: await conflict(env, slug, row.revision) }
  }
  const revision = (row?.revision ?? 0) + 1
  const outcome = {
    slug,
    outcome: row && row.status !== 'deleted' ? 'updated' : 'created',
    revision,
    hash,
  } as const
  return { outcome, change: { rendered: rendered.value, revision, hash, source: { frontMatter, body } } }
}

/** Renders an article, and gives it its social picture where the library has the one that says what the article says. */
async function render(slug: Slug, source: ArticleSource, context: RenderContext): Promise<Parsed<Rendered>> {
  const rendered = renderArticle(slug, source, context)
  const picture = context.settings.social === 'none' ? undefined : context.media.get(socialName(slug))
  if (!rendered.ok || !picture) return rendered
  const { article, media } = rendered.value
  if ((await socialHash(socialText(article, context.settings))) !== picture.hash) return rendered
  const { src, width, height, name, hash } = picture
  const shown = { ...article, socialImage: { src, width, height } }
  return { ok: true, value: { ...rendered.value, article: shown, media: { ...media, [name]: hash } } }
}

const sameMedia = (row: CatalogueRow, rendered: Rendered) =>
  JSON.stringify(Object.entries(row.media).sort()) === JSON.stringify(Object.entries(rendered.media).sort())

async function conflict(env: Env, slug: string, revision: number): Promise<Outcome> {
  const theirs = await findSource(env.DB, slug)
  return {
    slug,
    outcome: 'conflict',
    theirs: { revision, frontMatter: theirs?.front_matter ?? null, body: theirs?.body ?? '' },
  }
}

/** After a lost race our value may lie in KV over the winner's: put the winner's back. */
async function restoreWinners(env: Env, plans: readonly Plan[], { context }: Ground): Promise<void> {
  for (const { outcome } of plans) {
    if (outcome.outcome !== 'conflict') continue
    const { revision, frontMatter, body } = outcome.theirs
    const slug = outcome.slug as Draft['slug']
    const winner = await render(slug, { frontMatter, body }, context)
    if (!winner.ok) continue
    if (winner.value.status === 'published') await putServed(env, { ...winner.value.article, revision })
    else await deleteServed(env, slug)
  }
}
