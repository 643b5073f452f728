import type { Command } from 'commander'
import { parseSlug } from '../article/slug.ts'
import { readContentFolder } from './content-folder.ts'
import { type ExitCode, Failure, WrongUse } from './failure.ts'
import { printJson } from './print.ts'
import { countLine, countOutcomes, entryLines, hasFailed } from './publish-folder.ts'
import { pullCampaigns } from './pull-campaigns.ts'
import type { Entry } from './sync.ts'
import { LOCAL_URL, openSite } from './target.ts'
import type { Terminal } from './terminal.ts'

interface Options {
  to: string
  content: string
  dryRun?: true
  overwrite?: true
  json?: true
}

/** `mw pull [ID…]` — writes what was done to campaigns at the desk back to their files. */
export function pullCommand(program: Command, terminal: Terminal): void {
  const { pull, option, ads } = terminal.texts
  program
    .command('pull')
    .summary(pull.summary)
    .description(pull.summary)
    .argument('[ids...]', ads.id)
    .option('--to <url>', option.to, LOCAL_URL)
    .option('--content <dir>', option.dir, 'content')
    .option('--dry-run', option.dryRun)
    .option('--overwrite', pull.overwrite)
    .option('--json', option.json)
    .action(async (ids: string[], options: Options) => {
      process.exitCode = await runPull(ids, options, terminal)
    })
}

async function runPull(ids: readonly string[], options: Options, terminal: Terminal): Promise<ExitCode> {
  const { texts } = terminal
  const mistaken = ids.find((id) => !parseSlug(id))
  if (mistaken !== undefined) throw new WrongUse(texts.wrongUse.campaign(mistaken))
  const client = openSite(options.to, terminal)
  const folder = await readContentFolder(options.content, texts)
  const listing = await client.list('ads')
  const known = new Set<string>([...listing.items.map(({ slug }) => slug), ...listing.deleted])
  const unknown = ids.find((id) => !known.has(id))
  if (unknown !== undefined) throw new Failure(texts.ads.notFound(unknown))
  const wanted = { ids, isDryRun: options.dryRun === true, isForced: options.overwrite === true }
  const entries: Entry[] = []
  for await (const entry of pullCampaigns(listing, { folder, client, options: wanted, texts })) {
    entries.push(entry)
    if (options.json || entry.outcome === 'unchanged') continue
    for (const line of entryLines(entry, terminal)) terminal.out(line)
  }
  if (options.json) {
    const counts = countOutcomes(entries)
    printJson({ to: client.target.url, dryRun: wanted.isDryRun, counts, items: entries }, terminal)
  } else {
    terminal.out(countLine(entries, terminal))
    if (wanted.isDryRun) terminal.out(texts.pull.dryRun)
  }
  return hasFailed(entries) ? 1 : 0
}
