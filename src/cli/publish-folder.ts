import { join } from 'node:path'
import type { SiteClient } from './client.ts'
import type { ContentFolder, DocumentFile } from './content-folder.ts'
import { differenceLines } from './differences.ts'
import { inspect, settingsOf } from './inspect.ts'
import { refusalLine } from './print.ts'
import { socialPictures } from './social.ts'
import { carryOut, type Entry, foretell, refusedEntries, survey } from './sync.ts'
import { filesKnownTo, planSync, type SyncOptions, type SyncPlan } from './sync-plan.ts'
import { PROJECT } from './target.ts'
import { printable, type Terminal } from './terminal.ts'

/** How a folder is published, and who hears of each file. */
export interface PublishOptions extends Omit<SyncOptions, 'socials'> {
  isDryRun: boolean
  onEntry: (entry: Entry) => void
  /** Hears of a kind in which nothing is deleted because a file there is unreadable. */
  onUnpruned: (kind: string) => void
  /** Hears of a campaign that is not deleted because the desk made or changed it. */
  onKept: (id: string) => void
}

const LONG_WORK = 20
/** Photographs that were encoded once stay encoded, whatever site they are sent to. */
const PICTURE_CACHE = join(PROJECT, '.wrangler/mw-media')

/** Brings a site to what a folder says: checks everything first, then sends what changed. */
export async function publishFolder(
  folder: ContentFolder,
  client: SiteClient,
  options: PublishOptions,
  terminal: Terminal,
): Promise<Entry[]> {
  const settings = settingsOf(folder) ?? (await client.settings())
  const published = await survey(client)
  const socials = await socialPictures(folder, settings)
  const known = options.isForced
    ? new Set<DocumentFile>()
    : await filesKnownTo(published, folder, settings, socials)
  const inspection = inspect(folder, { ...terminal, published: settings, known })
  const refused = refusedEntries(folder, inspection.refusals)
  refused.forEach(options.onEntry)
  const plan = await planSync(folder, inspection, published, { ...options, socials })
  return [...refused, ...(await send(plan, client, options, terminal))]
}

async function send(plan: SyncPlan, client: SiteClient, options: PublishOptions, terminal: Terminal) {
  const sent: Entry[] = []
  plan.unpruned.forEach(options.onUnpruned)
  plan.kept.forEach(options.onKept)
  const changes = foretell(plan, terminal.texts).filter(({ outcome }) => outcome !== 'unchanged').length
  const entries = options.isDryRun
    ? foretell(plan, terminal.texts)
    : carryOut(plan, client, PICTURE_CACHE, terminal.texts)
  let done = 0
  for await (const entry of entries) {
    sent.push(entry)
    options.onEntry(entry)
    if (entry.outcome !== 'unchanged') done++
    if (changes >= LONG_WORK && !options.isDryRun) terminal.progress(progressBar(done, changes, terminal))
  }
  terminal.progress(null)
  return sent
}

function progressBar(done: number, total: number, { texts }: Terminal): string {
  const width = 30
  const filled = Math.round((done / total) * width)
  return `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${texts.publish.progress(done, total)}`
}

/** A file's outcome as lines: „neu  content/articles/x.md“, or why it was refused. */
export function entryLines(entry: Entry, terminal: Terminal): string[] {
  if (entry.refusals.length > 0)
    return [
      ...entry.refusals.map((refusal) => refusalLine(refusal, terminal)),
      ...differenceLines(entry.differences ?? [], terminal),
    ]
  const word = terminal.texts.publish[entry.outcome].padEnd(10)
  const style =
    ({ created: 'green', updated: 'green', deleted: 'yellow' } as const)[entry.outcome as 'created'] ?? 'dim'
  return [`${terminal.paint(style, word)} ${printable(entry.file ?? `${entry.kind}/${entry.name}`)}`]
}

const OUTCOMES = ['created', 'updated', 'unchanged', 'refused', 'conflict', 'deleted'] as const

/** How many files came to what. */
export const countOutcomes = (entries: readonly Entry[]): Record<Entry['outcome'], number> => {
  const count = { created: 0, updated: 0, unchanged: 0, refused: 0, conflict: 0, deleted: 0 }
  for (const { outcome } of entries) count[outcome]++
  return count
}

/** „2 neu, 1 geändert, 40 unverändert, 0 abgelehnt.“ */
export function countLine(entries: readonly Entry[], { texts }: Terminal): string {
  const count = countOutcomes(entries)
  const shown = OUTCOMES.filter(
    (outcome) => count[outcome] > 0 || (outcome !== 'conflict' && outcome !== 'deleted'),
  )
  return texts.publish.counts(
    shown.map((outcome) => `${count[outcome]} ${texts.publish[outcome]}`).join(', '),
  )
}

export const hasFailed = (entries: readonly Entry[]): boolean =>
  entries.some(({ outcome }) => outcome === 'refused' || outcome === 'conflict')
