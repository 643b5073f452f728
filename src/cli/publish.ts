import { readFile, writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { Listed } from '../publish/wire.ts'
import type { SiteClient } from './client.ts'
import { readContentFolder } from './content-folder.ts'
import { withDeskMark } from './desk-mark.ts'
import type { ExitCode } from './failure.ts'
import { printJson } from './print.ts'
import { countLine, countOutcomes, entryLines, hasFailed, publishFolder } from './publish-folder.ts'
import type { Entry } from './sync.ts'
import { LOCAL_URL, openSite } from './target.ts'
import type { Terminal } from './terminal.ts'

interface Options {
  to: string
  dryRun?: true
  prune?: true
  force?: true
  overwrite: string[]
  json?: true
}

/** Options that may be given several times. */
const collect = (value: string, before: string[]) => [...before, value]

/** `mw publish [DIR]` — sends what changed to a running site. */
export function publishCommand(program: Command, terminal: Terminal): void {
  const { publish, option } = terminal.texts
  program
    .command('publish')
    .summary(publish.summary)
    .description(publish.summary)
    .argument('[dir]', option.dir, 'content')
    .option('--to <url>', option.to, LOCAL_URL)
    .option('--dry-run', option.dryRun)
    .option('--prune', option.prune)
    .option('--force', option.force)
    .option('--overwrite <id>', option.overwrite, collect, [])
    .option('--json', option.json)
    .action(async (dir: string, options: Options) => {
      process.exitCode = await runPublish(dir, options, terminal)
    })
}

export async function runPublish(dir: string, options: Options, terminal: Terminal): Promise<ExitCode> {
  const client = openSite(options.to, terminal)
  const folder = await readContentFolder(dir, terminal.texts)
  const sync = {
    isForced: options.force === true,
    isDryRun: options.dryRun === true,
    prunes: () => options.prune === true,
    overwrites: new Set(options.overwrite),
    onUnpruned: (kind: string) => terminal.err(terminal.texts.publish.notPruned(kind)),
    onKept: (id: string) => terminal.err(terminal.texts.publish.kept(id)),
    onEntry: (entry: Parameters<typeof entryLines>[0]) => {
      if (options.json || entry.outcome === 'unchanged') return
      for (const line of entryLines(entry, terminal)) terminal.out(line)
    },
  }
  const entries = await publishFolder(folder, client, sync, terminal)
  if (!sync.isDryRun) await noteOverwritten(entries, sync.overwrites, client, terminal)
  if (options.json) {
    printJson(
      { to: client.target.url, dryRun: sync.isDryRun, counts: countOutcomes(entries), items: entries },
      terminal,
    )
  } else {
    terminal.out(countLine(entries, terminal))
    if (sync.isDryRun) terminal.out(terminal.texts.publish.dryRun)
  }
  return hasFailed(entries) ? 1 : 0
}

/** Whoever overwrites what was done at the desk knows of it: from now on the file says so, and may be changed further. */
async function noteOverwritten(
  entries: readonly Entry[],
  overwrites: ReadonlySet<string>,
  client: SiteClient,
  { texts }: Terminal,
): Promise<void> {
  const done = entries.filter(({ kind, name, outcome }) => {
    return kind === 'ads' && overwrites.has(name) && outcome !== 'refused' && outcome !== 'conflict'
  })
  if (done.length === 0) return
  const desk = new Map(
    (await client.list('ads')).items.map((one): [string, Listed['desk']] => [one.slug, one.desk]),
  )
  for (const { name, file } of done) {
    const mark = desk.get(name)?.mark
    if (file !== null && mark)
      await writeFile(file, withDeskMark(await readFile(file, 'utf8'), mark, texts.pull.mark))
  }
}
