import type { Command } from 'commander'
import { adsCommand } from './ads.ts'
import { checkCommand } from './check.ts'
import { commentsCommand } from './comments.ts'
import { deployCommand } from './deploy.ts'
import { deskCommand } from './desk.ts'
import { devCommand } from './dev.ts'
import { importCommand } from './import-comments.ts'
import { judgeCommand } from './judge.ts'
import { mediaCommand } from './media.ts'
import { keysCommand, personCommand } from './person.ts'
import { createProgram } from './program.ts'
import { publishCommand } from './publish.ts'
import { pullCommand } from './pull.ts'
import type { Terminal } from './terminal.ts'

/** Every command, in the order in which the help names them. */
const COMMANDS = [
  devCommand,
  checkCommand,
  publishCommand,
  pullCommand,
  commentsCommand,
  importCommand,
  mediaCommand,
  adsCommand,
  deskCommand,
  judgeCommand,
  personCommand,
  keysCommand,
  deployCommand,
]

/** `mw` with all its commands; each is explained in docs/commands.md. */
export function createMw(terminal: Terminal): Command {
  const program = createProgram(terminal)
  for (const register of COMMANDS) register(program, terminal)
  return program
}
