import type { Slug } from '../article/slug.ts'
import { socialName } from '../article/social.ts'
import { digest, sourceMark } from '../publish/digest.ts'
import { KINDS, type Kind, type Listed } from '../publish/wire.ts'
import type { SettingsSource } from '../site/settings.ts'
import { type ContentFolder, type DocumentFile, documentsOf } from './content-folder.ts'
import { knowsOfDesk } from './desk-mark.ts'
import { type Inspection, ReadyDocument } from './inspect.ts'
import { authorsOf } from './inspect-references.ts'
import type { PictureFile } from './picture.ts'

/** What is on a site, as far as publishing needs to know. */
export interface Published {
  documents: Record<Kind, readonly Listed[]>
  /** Campaigns that were deleted at the desk. */
  deletedAds: ReadonlySet<string>
  media: readonly { name: string; hash: string }[]
}

export interface SyncOptions {
  /** Send what has not changed, too. */
  isForced: boolean
  /** Which of the names (`articles/<slug>`, `media/<name>`) missing in the folder are deleted on the site. */
  prunes: (name: string) => boolean
  /** Which campaigns are published over what was done to them at the desk. */
  overwrites: ReadonlySet<string>
  /** The social pictures that the folder's articles should have (see `social.ts`). */
  socials: Socials
}

export type Socials = ReadonlyMap<Slug, PictureFile>

export type Change = 'created' | 'updated' | 'unchanged'

/** What the desk did that a file does not know of: it changed the campaign, as the file did `both`, or deleted it. */
export type Clash = 'desk' | 'both' | 'deleted'

/** What has to be sent so that a site shows a folder. */
export interface SyncPlan {
  pictures: { picture: PictureFile; change: Change }[]
  documents: PlannedDocument[]
  /** In the order in which nothing lacks what it shows. */
  deletions: { kind: Exclude<Kind, 'site'> | 'media'; name: string }[]
  /** Folders in which an unreadable file might be any address, so that nothing is deleted there. */
  unpruned: string[]
  /** Campaigns missing in the folder that stay, because the desk made or changed them. */
  kept: string[]
}

interface PlannedDocument {
  document: ReadyDocument
  change: Change
  /** The revision that the document replaces; none where only the site can tell whether it may. */
  base?: number
  clash?: Clash
}

/** Compares a folder with a site; pure but for hashing. */
export async function planSync(
  folder: ContentFolder,
  inspection: Inspection,
  published: Published,
  options: SyncOptions,
): Promise<SyncPlan> {
  const stored = new Map(published.media.map(({ name, hash }) => [name, hash]))
  const pictures = [...folder.pictures, ...options.socials.values()]
    .filter(({ media }) => media !== null)
    .map((picture) => ({
      picture,
      change: options.isForced
        ? forced(stored.has(picture.name))
        : compare(stored.get(picture.name), picture.media?.hash),
    }))
  const listed = listedBy(published)
  const documents: SyncPlan['documents'] = []
  // One after the other: together they would be in memory together.
  for (const document of inspection.documents) {
    const before = listed.get(`${document.file.kind}/${document.slug}`)
    const isSame =
      !options.isForced &&
      before !== undefined &&
      (inspection.known.has(document.file) ||
        (await isUnchanged(document, before, inspection, options.socials)))
    const change = isSame ? 'unchanged' : forced(before !== undefined)
    const clash = isSame ? undefined : await clashOf(document, before, published, options)
    documents.push({ document, change, ...(clash ? { clash } : { base: before?.revision ?? 0 }) })
  }
  return { pictures, documents, ...planDeletions(folder, published, options) }
}

/** What a campaign's file does not know of and may not overwrite. */
async function clashOf(
  { file, slug, draft }: ReadyDocument,
  before: Listed | undefined,
  { deletedAds }: Published,
  { overwrites }: SyncOptions,
): Promise<Clash | undefined> {
  if (file.kind !== 'ads' || overwrites.has(slug)) return undefined
  if (!before) return deletedAds.has(slug) ? 'deleted' : undefined
  if (knowsOfDesk(file, before.desk)) return undefined
  const mark = await sourceMark(draft)
  // What says the same as the site is no clash: its pictures or the settings changed.
  if (mark === before.desk?.mark) return undefined
  return mark === before.desk?.filed || mark === file.source?.deskMark ? 'desk' : 'both'
}

/** Every published document by its name, `articles/<slug>`. */
const listedBy = ({ documents }: Published): ReadonlyMap<string, Listed> =>
  new Map(KINDS.flatMap((kind) => documents[kind].map((one) => [`${kind}/${one.slug}`, one] as const)))

const forced = (exists: boolean): Change => (exists ? 'updated' : 'created')
const compare = (before: string | undefined, now: string | undefined): Change =>
  before === undefined ? 'created' : before === now ? 'unchanged' : 'updated'

/** The files of which a site has the very same document already: it has judged them, and would judge the same. */
export async function filesKnownTo(
  published: Published,
  folder: ContentFolder,
  settings: SettingsSource | null,
  socials: Socials,
): Promise<ReadonlySet<DocumentFile>> {
  const media = new Map(folder.pictures.flatMap(({ media: one }) => (one ? [[one.name, one]] : [])))
  const authors = authorsOf(folder)
  const listed = listedBy(published)
  const known = new Set<DocumentFile>()
  for (const file of documentsOf(folder)) {
    if (!file.source || !file.slug) continue
    const before = listed.get(`${file.kind}/${file.slug}`)
    if (!before) continue
    const document = new ReadyDocument(file, file.slug, file.source)
    if (await isUnchanged(document, before, { settings, media, authors }, socials)) known.add(file)
  }
  return known
}

/** Whether the site would make the same of a document: same source, same settings and names, same pictures. */
async function isUnchanged(
  { file, slug, draft }: ReadyDocument,
  before: Listed,
  { settings, media, authors }: Pick<Inspection, 'settings' | 'media' | 'authors'>,
  socials: Socials,
): Promise<boolean> {
  const social = file.kind === 'articles' ? socials.get(slug)?.media : undefined
  if (social && before.media[social.name] !== social.hash) return false
  const hasSamePictures = Object.entries(before.media).every(
    ([name, hash]) => (media.get(name)?.hash ?? hash) === hash,
  )
  return hasSamePictures && before.hash === (await digest(file.kind, draft, { settings, authors }))
}

function planDeletions(
  folder: ContentFolder,
  published: Published,
  { prunes, overwrites, socials }: SyncOptions,
): Pick<SyncPlan, 'deletions' | 'unpruned' | 'kept'> {
  const present = new Set([
    ...documentsOf(folder).map(({ kind, slug }) => `${kind}/${slug}`),
    ...[...folder.pictures, ...socials.values()].map(({ name }) => `media/${name}`),
  ])
  const isGone = (name: string) => !present.has(name) && prunes(name)
  const deletions: SyncPlan['deletions'] = []
  const unpruned: string[] = []
  const isKept = ({ slug, desk }: Listed) => desk !== undefined && !overwrites.has(slug)
  for (const kind of ['articles', 'ads', 'pages', 'authors'] as const) {
    const gone = published.documents[kind].filter(({ slug }) => isGone(`${kind}/${slug}`))
    if (gone.length > 0 && folder[kind].some(({ slug }) => slug === null)) unpruned.push(kind)
    else deletions.push(...gone.filter((one) => !isKept(one)).map(({ slug }) => ({ kind, name: slug })))
  }
  const orphans = new Set(
    deletions.flatMap(({ kind, name }) => (kind === 'articles' ? [socialName(name)] : [])),
  )
  // What was uploaded at the desk is in no folder before it is pulled.
  const shown = new Set(published.documents.ads.flatMap((one) => (isKept(one) ? Object.keys(one.media) : [])))
  const pictures = published.media.filter(
    ({ name }) => (isGone(`media/${name}`) && !shown.has(name)) || orphans.has(name),
  )
  deletions.push(...pictures.map(({ name }) => ({ kind: 'media' as const, name })))
  const kept = published.documents.ads.filter((one) => isGone(`ads/${one.slug}`) && isKept(one))
  return { deletions, unpruned, kept: kept.map(({ slug }) => slug) }
}
