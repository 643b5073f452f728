import type { Command } from 'commander'
import { type ExitCode, Failure } from './failure.ts'
import { printJson } from './print.ts'
import { LOCAL_URL, openSite } from './target.ts'
import { printable, type Terminal } from './terminal.ts'

interface Common {
  to: string
  json?: true
}

/** `mw person export|erase` — gives out or erases what is held on an e-mail address (GDPR Art. 15, 17, 20). */
export function personCommand(program: Command, terminal: Terminal): void {
  const { person, option } = terminal.texts
  const group = program.command('person').summary(person.summary).description(person.summary)
  group
    .command('export')
    .summary(person.export)
    .description(person.export)
    .argument('<email>', option.email)
    .option('--to <url>', option.to, LOCAL_URL)
    .action(async (email: string, options: Common) => {
      const dossier = await openSite(options.to, terminal).exportPerson(email)
      if (!dossier) throw new Failure(person.noAddress(email))
      terminal.out(JSON.stringify(dossier, null, 2))
    })
  group
    .command('erase')
    .summary(person.erase)
    .description(person.erase)
    .argument('<email>', option.email)
    .option('--keep-texts', person.keepTexts)
    .option('--to <url>', option.to, LOCAL_URL)
    .option('--json', option.json)
    .action(async (email: string, options: Common & { keepTexts?: true }) => {
      process.exitCode = await erase(email, options, terminal)
    })
}

async function erase(
  email: string,
  { to, json, keepTexts }: Common & { keepTexts?: true },
  terminal: Terminal,
): Promise<ExitCode> {
  const { person } = terminal.texts
  const erased = await openSite(to, terminal).erasePerson(email, keepTexts ? 'keep' : 'remove')
  if (!erased) throw new Failure(person.noAddress(email))
  if (json) printJson({ to, ...erased }, terminal)
  else terminal.out(person.erased(printable(email), erased.comments))
  return 0
}

/** `mw keys rotate` — encrypts every stored address with the newest key. */
export function keysCommand(program: Command, terminal: Terminal): void {
  const { keys, option } = terminal.texts
  program
    .command('keys')
    .summary(keys.summary)
    .description(keys.summary)
    .command('rotate')
    .summary(keys.rotate)
    .description(keys.rotate)
    .option('--to <url>', option.to, LOCAL_URL)
    .option('--json', option.json)
    .action(async ({ to, json }: Common) => {
      const client = openSite(to, terminal)
      let [changed, unreadable] = [0, 0]
      let next: { column: number; after: number } | null = { column: 0, after: 0 }
      while (next !== null) {
        const step: Awaited<ReturnType<typeof client.rotateKeys>> = await client.rotateKeys(next)
        changed += step.changed
        unreadable += step.unreadable
        next = step.next
      }
      if (json) printJson({ to, changed, unreadable }, terminal)
      else {
        terminal.out(keys.changed(changed))
        if (unreadable > 0) terminal.err(keys.unreadable(unreadable))
      }
      process.exitCode = unreadable > 0 ? 1 : 0
    })
}
