import { basename } from 'node:path'
import type { CliTexts } from '../locale/cli/de.ts'
import { type Draft, type Kind, MAX_BATCH, MAX_REQUEST_BYTES, type Outcome } from '../publish/wire.ts'
import type { SiteClient } from './client.ts'
import { type ContentFolder, documentsOf } from './content-folder.ts'
import { type Difference, differences } from './differences.ts'
import type { ReadyDocument } from './inspect.ts'
import type { PictureFile } from './picture.ts'
import { lineOfIssue, type Refusal } from './refusal.ts'
import { sendPictures } from './send-pictures.ts'
import type { Change, Clash, Published, SyncPlan } from './sync-plan.ts'

/** What became of one document or picture. */
export interface Entry {
  kind: Kind | 'media'
  name: string
  /** The file it comes from; null for what is only on the site. */
  file: string | null
  outcome: Change | 'refused' | 'conflict' | 'deleted'
  refusals: Refusal[]
  /** Where the file and the site differ, when neither may overwrite the other. */
  differences?: readonly Difference[]
}

/** Asks a site what is on it. */
export async function survey(client: SiteClient): Promise<Published> {
  const [articles, pages, ads, authors, site, media] = await Promise.all([
    client.list('articles'),
    client.list('pages'),
    client.list('ads'),
    client.list('authors'),
    client.list('site'),
    client.listMedia(),
  ])
  return {
    documents: {
      articles: articles.items,
      pages: pages.items,
      ads: ads.items,
      authors: authors.items,
      site: site.items,
    },
    deletedAds: new Set(ads.deleted),
    media,
  }
}

/** What a plan would do, without doing it. */
export const foretell = (plan: SyncPlan, texts: CliTexts): Entry[] => [
  ...plan.pictures.map(({ picture, change }) => entry('media', picture.name, fileOf(picture), change)),
  ...plan.documents.map(({ document, change, clash }) =>
    clash ? clashOf(document, clash, [], texts) : entryOf(document, change),
  ),
  ...plan.deletions.map(({ kind, name }) => entry(kind, name, null, 'deleted')),
]

/**
 * Carries out a plan: pictures, then settings, authors, pages, campaigns and articles, then deletions.
 * @param cache folder for pictures that are encoded
 */
export async function* carryOut(
  plan: SyncPlan,
  client: SiteClient,
  cache: string,
  texts: CliTexts,
): AsyncGenerator<Entry> {
  const changeOf = new Map(plan.pictures.map(({ picture, change }) => [picture, change]))
  for (const [picture, change] of changeOf) {
    if (change === 'unchanged') yield entry('media', picture.name, fileOf(picture), change)
  }
  const changed = [...changeOf].filter(([, change]) => change !== 'unchanged').map(([picture]) => picture)
  for await (const { picture, reason } of sendPictures(changed, client, cache)) {
    const refusals = reason === null ? [] : [{ file: picture.file, line: 1, key: '', message: reason }]
    const outcome = reason === null ? (changeOf.get(picture) ?? 'created') : 'refused'
    yield entry('media', picture.name, fileOf(picture), outcome, refusals)
  }
  for (const kind of ['site', 'authors', 'pages', 'ads', 'articles'] as const) {
    const documents = plan.documents.filter(({ document }) => document.file.kind === kind)
    yield* documents.filter(isSame).map(({ document, change }) => entryOf(document, change))
    for (const batch of batches(documents.filter((one) => !isSame(one))))
      yield* await sendBatch(kind, batch, client, texts)
  }
  for (const { kind, name } of plan.deletions) {
    await client.remove(kind, name) // somebody else deleted it meanwhile: just as well
    yield entry(kind, name, null, 'deleted')
  }
}

/** A social picture comes from no file of its own. */
const fileOf = ({ file, social }: PictureFile) => (social ? null : file)

const isSame = ({ change }: { change: Change }) => change === 'unchanged'

interface Sending {
  document: ReadyDocument
  draft: Draft
  clash: Clash | undefined
}

/** Cuts what is to be sent into requests of a size that the site takes. */
function* batches(changed: SyncPlan['documents']): Generator<Sending[]> {
  let batch: Sending[] = []
  let bytes = 0
  for (const { document, base, clash } of changed) {
    const sending = { document, draft: { ...document.draft, base }, clash }
    const size = Buffer.byteLength(JSON.stringify(sending.draft)) + 1
    if (batch.length === MAX_BATCH || (batch.length > 0 && bytes + size > MAX_REQUEST_BYTES - 64)) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(sending)
    bytes += size
  }
  if (batch.length > 0) yield batch
}

async function sendBatch(
  kind: Kind,
  batch: readonly Sending[],
  client: SiteClient,
  texts: CliTexts,
): Promise<Entry[]> {
  const drafts = batch.map(({ draft }) => draft)
  const outcomes = await client.publish(kind, drafts, batch[0]?.document.file.file ?? kind)
  const bySlug = new Map(outcomes?.map((outcome) => [outcome.slug, outcome]))
  return batch.map((sending) => toEntry(sending, bySlug.get(sending.document.slug), texts))
}

function toEntry({ document, draft, clash }: Sending, outcome: Outcome | undefined, texts: CliTexts): Entry {
  const { file } = document
  const refusal = (line: number, key: string, message: string): Refusal => ({
    file: file.file,
    line,
    key,
    message,
  })
  if (!outcome) return entryOf(document, 'refused', [refusal(1, '', texts.publish.blocked)])
  if (outcome.outcome === 'conflict' && file.kind === 'ads') {
    const { revision, frontMatter } = outcome.theirs
    const found = revision === 0 ? [] : differences(draft.frontMatter, frontMatter)
    return clashOf(document, revision === 0 ? 'deleted' : (clash ?? 'both'), found, texts)
  }
  if (outcome.outcome === 'conflict') {
    return entryOf(document, 'conflict', [
      refusal(1, '', texts.publish.conflictDetail(outcome.theirs.revision)),
    ])
  }
  if (outcome.outcome !== 'refused') return entryOf(document, outcome.outcome)
  const refusals = outcome.issues.map((issue) =>
    refusal(file.source ? lineOfIssue(issue, file.source) : 1, issue.key, issue.detail),
  )
  return entryOf(document, 'refused', refusals)
}

/** A campaign that was changed at the desk, and stays as it is. */
function clashOf(
  document: ReadyDocument,
  clash: Clash,
  found: readonly Difference[],
  texts: CliTexts,
): Entry {
  const { file, slug } = document
  const message = texts.publish.clash[clash](slug)
  const refused = entryOf(document, 'conflict', [{ file: file.file, line: 1, key: '', message }])
  return { ...refused, differences: found }
}

const entryOf = ({ file, slug }: ReadyDocument, outcome: Entry['outcome'], refusals: Refusal[] = []) =>
  entry(file.kind, slug, file.file, outcome, refusals)

const entry = (
  kind: Entry['kind'],
  name: string,
  file: string | null,
  outcome: Entry['outcome'],
  refusals: Refusal[] = [],
): Entry => ({
  kind,
  name,
  file,
  outcome,
  refusals,
})

/** The entries of a folder's files that are refused before anything is sent. */
export function refusedEntries(folder: ContentFolder, refusals: readonly Refusal[]): Entry[] {
  const byFile = Map.groupBy(refusals, ({ file }) => file)
  const refused = (kind: Entry['kind'], name: string, file: string) => {
    const found = byFile.get(file)
    return found ? [entry(kind, name, file, 'refused', found)] : []
  }
  return [
    ...folder.pictures.flatMap(({ name, file }) => refused('media', name, file)),
    ...documentsOf(folder).flatMap(({ kind, slug, file }) => refused(kind, slug ?? basename(file), file)),
  ]
}
