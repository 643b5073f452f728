#!/usr/bin/env node
import { adsCommand } from './ads.ts'
import { checkCommand } from './check.ts'
import { commentsCommand } from './comments.ts'
import { deployCommand } from './deploy.ts'
import { devCommand } from './dev.ts'
import { errorCode } from './failure.ts'
import { createProgram, run } from './program.ts'
import { publishCommand } from './publish.ts'
import { openTerminal } from './terminal.ts'

/** The command line of a site; every command is a file of its own. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    if (errorCode(error) !== 'EPIPE') throw error // nobody reads on; the work is done all the same
  })
}
const terminal = openTerminal(process)
const program = createProgram(terminal)
for (const register of [devCommand, checkCommand, publishCommand, commentsCommand, adsCommand, deployCommand])
  register(program, terminal)
await run(program, process.argv, terminal)
