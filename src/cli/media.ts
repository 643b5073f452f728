import type { Command } from 'commander'
import type { SiteClient } from './client.ts'
import type { ExitCode } from './failure.ts'
import { printJson } from './print.ts'
import { LOCAL_URL, openSite } from './target.ts'
import type { Terminal } from './terminal.ts'

interface PruneOptions {
  to: string
  dryRun?: true
  json?: true
}

/** `mw media …` — looks after the stored pictures and recordings. */
export function mediaCommand(program: Command, terminal: Terminal): void {
  const { media, option } = terminal.texts
  const group = program.command('media').summary(media.summary).description(media.summary)
  group
    .command('prune')
    .summary(media.prune)
    .description(media.pruneDescription)
    .option('--to <url>', option.to, LOCAL_URL)
    .option('--dry-run', option.dryRun)
    .option('--json', option.json)
    .action(async (options: PruneOptions) => {
      process.exitCode = await prune(openSite(options.to, terminal), options, terminal)
    })
}

interface StoredFile {
  file: string
  bytes: number
}

async function prune(client: SiteClient, options: PruneOptions, terminal: Terminal): Promise<ExitCode> {
  const { media } = terminal.texts
  // Listed first and removed then: what is removed would move the pages of the list.
  const unused = await collect(client)
  const removed: StoredFile[] = []
  const say = ({ file, bytes }: StoredFile) => {
    if (!options.json) terminal.out(`${file}  ${kilobytes(bytes, terminal)}`)
  }
  if (options.dryRun) unused.forEach(say)
  for (let at = 0; at < unused.length && !options.dryRun; at += BATCH) {
    const batch = unused.slice(at, at + BATCH)
    const gone = new Set(await client.removeUnusedMedia(batch.map(({ file }) => file)))
    const done = batch.filter(({ file }) => gone.has(file))
    done.forEach(say)
    removed.push(...done)
  }
  const counted = options.dryRun ? unused : removed
  const total = kilobytes(
    counted.reduce((sum, { bytes }) => sum + bytes, 0),
    terminal,
  )
  if (options.json) printJson({ to: client.target.url, unused, removed }, terminal)
  else if (counted.length === 0) terminal.out(media.nothingUnused)
  else
    terminal.out(options.dryRun ? media.unused(counted.length, total) : media.removed(counted.length, total))
  return 0
}

const BATCH = 100

async function collect(client: SiteClient): Promise<StoredFile[]> {
  const found: StoredFile[] = []
  let next: string | null = null
  do {
    const page = await client.listUnusedMedia(next)
    found.push(...page.items)
    next = page.next
  } while (next !== null)
  return found
}

const kilobytes = (bytes: number, { language }: Terminal): string =>
  new Intl.NumberFormat(language, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 }).format(
    Math.ceil(bytes / 1000),
  )
