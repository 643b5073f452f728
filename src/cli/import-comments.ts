import type { Command } from 'commander'
import { FORMATS, type Format, type FromFile, readComments } from './comment-source.ts'
import { type ExitCode, Failure, WrongUse } from './failure.ts'
import { printJson } from './print.ts'
import { LOCAL_URL, openSite } from './target.ts'
import { printable, type Terminal } from './terminal.ts'

interface Options {
  from: Format
  to: string
  json?: true
}

/** As many as the site takes at once. */
const BATCH = 500

/** `mw import comments FILE --from wxr|disqus|json`. */
export function importCommand(program: Command, terminal: Terminal): void {
  const { import: texts, option, wrongUse } = terminal.texts
  const parseFrom = (text: string): Format => {
    const format = FORMATS.find((one) => one === text)
    if (!format) throw new WrongUse(wrongUse.from(text))
    return format
  }
  program
    .command('import')
    .summary(texts.summary)
    .description(texts.summary)
    .command('comments')
    .summary(texts.comments)
    .description(texts.comments)
    .argument('<file>', texts.file)
    .requiredOption('--from <from>', texts.from, parseFrom)
    .option('--to <url>', option.to, LOCAL_URL)
    .option('--json', option.json)
    .action(async (file: string, options: Options) => {
      process.exitCode = await importComments(file, options, terminal)
    })
}

interface Skipped {
  source: string
  reason: 'invalid' | 'no-article'
}

async function importComments(file: string, options: Options, terminal: Terminal): Promise<ExitCode> {
  const { import: texts } = terminal.texts
  const client = openSite(options.to, terminal)
  const counted = { created: 0, existing: 0 }
  const skipped: Skipped[] = []
  let bytes = 0
  const send = async (batch: readonly FromFile[]) => {
    const outcomes = await client.importComments(batch)
    for (const [index, { outcome, reason }] of outcomes.entries()) {
      if (outcome === 'created') counted.created++
      else if (outcome === 'exists') counted.existing++
      else skipped.push({ source: String(batch[index]?.source ?? '?'), reason: reason ?? 'invalid' })
    }
    const done = counted.created + counted.existing + skipped.length
    terminal.progress(options.json ? null : texts.progress((bytes / 1e6).toFixed(1), done))
  }
  try {
    let batch: FromFile[] = []
    const comments = readComments(file, options.from, (more) => {
      bytes += more
    })
    for await (const comment of comments) {
      batch.push(comment)
      if (batch.length < BATCH) continue
      await send(batch)
      batch = []
    }
    if (batch.length > 0) await send(batch)
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure(texts.broken(file, error instanceof Error ? error.message : String(error)))
  } finally {
    terminal.progress(null)
  }
  report(counted, skipped, options, terminal)
  return 0
}

function report(
  { created, existing }: { created: number; existing: number },
  skipped: readonly Skipped[],
  { to, json }: Options,
  terminal: Terminal,
): void {
  const { import: texts } = terminal.texts
  if (json) {
    printJson({ to, created, existing, skipped }, terminal)
    return
  }
  terminal.out(texts.done(created, existing, skipped.length))
  for (const { source, reason } of skipped) terminal.err(`${printable(source)}: ${texts.skipped[reason]}`)
}
