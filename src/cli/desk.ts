import type { Command } from 'commander'
import { ROLES, type Role } from '../desk/roles.ts'
import { type ExitCode, Failure, WrongUse } from './failure.ts'
import { printJson } from './print.ts'
import { LOCAL_URL, openSite } from './target.ts'
import { printable, type Terminal } from './terminal.ts'

interface Options {
  role: Role
  name?: string
  to: string
  json?: true
}

/** `mw desk invite` — lets somebody into the newsroom; the way in for the first admin. */
export function deskCommand(program: Command, terminal: Terminal): void {
  const { desk, option, wrongUse } = terminal.texts
  const parseRole = (text: string): Role => {
    const role = ROLES.find((one) => one === text)
    if (!role) throw new WrongUse(wrongUse.role(text))
    return role
  }
  program
    .command('desk')
    .summary(desk.summary)
    .description(desk.summary)
    .command('invite')
    .summary(desk.invite)
    .description(desk.invite)
    .argument('<email>', option.email)
    .requiredOption('--role <role>', option.role, parseRole)
    .option('--name <name>', option.name)
    .option('--to <url>', option.to, LOCAL_URL)
    .option('--json', option.json)
    .action(async (email: string, options: Options) => {
      process.exitCode = await invite(email, options, terminal)
    })
}

async function invite(email: string, options: Options, terminal: Terminal): Promise<ExitCode> {
  const { desk } = terminal.texts
  const { role, name = email.split('@')[0] ?? '' } = options
  const invited = await openSite(options.to, terminal).invite({ name, email, role })
  if (!invited) throw new Failure(desk.refused(email))
  // Browsers know passkeys for a name, not for a number (WebAuthn §5.1.2).
  const link = invited.link.replace('//127.0.0.1:', '//localhost:')
  if (options.json) printJson({ to: options.to, email, role, ...invited, link }, terminal)
  else {
    terminal.out(desk.invited(printable(email), role))
    const until = new Date(invited.expiresAt).toLocaleString(terminal.language === 'de' ? 'de-DE' : 'en-GB', {
      timeStyle: 'short',
      dateStyle: 'long',
    })
    terminal.out(desk.link(link, until))
  }
  return 0
}
