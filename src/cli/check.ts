import type { Command } from 'commander'
import { documentsOf, readContentFolder } from './content-folder.ts'
import type { ExitCode } from './failure.ts'
import { inspect } from './inspect.ts'
import { printJson, refusalLine } from './print.ts'
import type { Terminal } from './terminal.ts'

/** `mw check [DIR]` — validates a content folder without a site. */
export function checkCommand(program: Command, terminal: Terminal): void {
  const { check, option } = terminal.texts
  program
    .command('check')
    .summary(check.summary)
    .description(check.summary)
    .argument('[dir]', option.dir, 'content')
    .option('--json', option.json)
    .action(async (dir: string, { json }: { json?: true }) => {
      process.exitCode = await runCheck(dir, json === true, terminal)
    })
}

export async function runCheck(dir: string, isJson: boolean, terminal: Terminal): Promise<ExitCode> {
  const { texts } = terminal
  const folder = await readContentFolder(dir, texts)
  const { refusals, warnings } = inspect(folder, terminal)
  const counts = { documents: documentsOf(folder).length, pictures: folder.pictures.length }
  if (isJson) printJson({ ok: refusals.length === 0, ...counts, refusals, warnings }, terminal)
  else {
    for (const refusal of refusals) terminal.out(refusalLine(refusal, terminal))
    for (const warning of warnings) {
      const message = texts.check.warning(warning.message)
      terminal.out(refusalLine({ ...warning, message }, terminal))
    }
    const documents = texts.count.documents(counts.documents)
    const pictures = texts.count.pictures(counts.pictures)
    if (refusals.length === 0) terminal.out(texts.check.passed(documents, pictures))
    else terminal.err(texts.check.failed(texts.count.refusals(refusals.length), documents, pictures))
  }
  return refusals.length === 0 ? 0 : 1
}
