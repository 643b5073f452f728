import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import * as v from 'valibot'
import { MediaName } from '../article/article.ts'
import type { CliTexts } from '../locale/cli/de.ts'
import { sourceMark } from '../publish/digest.ts'
import { type Draft, type Listed, type Listing, StoredCampaign } from '../publish/wire.ts'
import type { SiteClient } from './client.ts'
import type { ContentFolder, DocumentFile } from './content-folder.ts'
import { knowsOfDesk, withDeskMark, withoutDeskMark } from './desk-mark.ts'
import { differences } from './differences.ts'
import { mergeYaml, toYaml } from './merge-yaml.ts'
import { readYaml } from './source.ts'
import type { Entry } from './sync.ts'

/** What is pulled, and how. */
export interface PullOptions {
  /** Campaigns to pull; empty for all. */
  ids: readonly string[]
  isDryRun: boolean
  /** Take the site's version also where the file was changed. */
  isForced: boolean
}

interface Pull {
  folder: ContentFolder
  client: SiteClient
  options: PullOptions
  texts: CliTexts
}

/** Brings files to what was done to their campaigns at the desk. Pictures come first: a file names nothing that is missing. */
export async function* pullCampaigns(listing: Listing, pull: Pull): AsyncGenerator<Entry> {
  const { folder, options } = pull
  const isAsked = (id: string) => options.ids.length === 0 || options.ids.includes(id)
  const fileOf = (id: string) => folder.ads.find(({ slug }) => slug === id)
  const fetched = new Set(folder.pictures.map(({ name }) => name))
  for (const listed of listing.items) {
    if (!listed.desk || !isAsked(listed.slug)) continue
    const pulled = await pullCampaign({ ...listed, desk: listed.desk }, fileOf(listed.slug), pull)
    if (pulled.text !== null) {
      const missing = Object.keys(listed.media).filter((name) => !fetched.has(name))
      for (const name of missing) {
        fetched.add(name)
        yield await pullPicture(name, pull)
      }
      if (!options.isDryRun) await write(pulled.entry.file, pulled.text)
    }
    yield pulled.entry
  }
  for (const id of listing.deleted) {
    const file = fileOf(id)
    if (file && isAsked(id)) yield entryOf(id, file.file, 'deleted', pull.texts.publish.clash.deleted(id))
  }
}

/** What becomes of a campaign's file; no text where it stays as it is. */
interface Pulled {
  entry: Entry & { file: string }
  text: string | null
}

type Changed = Listed & { desk: NonNullable<Listed['desk']> }

async function pullCampaign(
  { slug, desk }: Changed,
  file: DocumentFile | undefined,
  pull: Pull,
): Promise<Pulled> {
  const { folder, client, options, texts } = pull
  const path = file?.file ?? join(folder.dir, 'ads', `${slug}.yaml`)
  if (file && !file.source)
    return { entry: { ...entryOf(slug, path, 'refused'), refusals: file.refusals }, text: null }
  if (file?.source && knowsOfDesk(file, desk)) return { entry: entryOf(slug, path, 'unchanged'), text: null }
  const stored = v.safeParse(StoredCampaign, await client.findAd(slug))
  // Somebody deleted it a moment ago.
  if (!stored.success) return { entry: entryOf(slug, path, 'unchanged'), text: null }
  const { frontMatter } = stored.output
  if (!file?.source) return { entry: entryOf(slug, path, 'created'), text: mark(toYaml(frontMatter)) }
  const [own, theirs] = await Promise.all([sourceMark(file.source), sourceMark(stored.output)])
  const isPristine = [desk.filed, file.source.deskMark, theirs].includes(own)
  if (!isPristine && !options.isForced) {
    const refused = entryOf(slug, path, 'conflict', texts.publish.clash.both(slug))
    return {
      entry: { ...refused, differences: differences(file.source.frontMatter, frontMatter) },
      text: null,
    }
  }
  const before = await readFile(path, 'utf8')
  const text = own === theirs ? before : await merge(before, frontMatter, texts)
  return { entry: entryOf(slug, path, 'updated'), text: mark(text) }

  function mark(text: string): string {
    return withDeskMark(text, desk.mark, texts.pull.mark)
  }
}

/** A campaign's file that says what is stored; written anew where it can't be changed in place (aliases, for example). */
async function merge(before: string, frontMatter: Draft['frontMatter'], texts: CliTexts): Promise<string> {
  const merged = mergeYaml(withoutDeskMark(before), frontMatter)
  const read = readYaml(Buffer.from(merged), texts)
  const wanted = await sourceMark({ frontMatter, body: '' })
  return read.ok && (await sourceMark(read.source)) === wanted ? merged : toYaml(frontMatter)
}

/** Fetches a picture that was uploaded at the desk; a photograph that came from a folder has its original there. */
async function pullPicture(name: string, { folder, client, options, texts }: Pull): Promise<Entry> {
  const file = join(folder.dir, 'media', name)
  const created: Entry = { kind: 'media', name, file, outcome: 'created', refusals: [] }
  const bytes = v.is(MediaName, name) ? await client.findMedia(name) : null
  if (bytes === null) {
    const refusals = [{ file, line: 1, key: '', message: texts.pull.noOriginal }]
    return { ...created, outcome: 'refused', refusals }
  }
  if (!options.isDryRun) await write(file, bytes)
  return created
}

async function write(file: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, content)
}

function entryOf(id: string, file: string, outcome: Entry['outcome'], message?: string) {
  const refusals = message === undefined ? [] : [{ file, line: 1, key: '', message }]
  return { kind: 'ads' as const, name: id, file, outcome, refusals }
}
