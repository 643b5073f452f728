#!/usr/bin/env node
import { createMw } from './commands.ts'
import { errorCode } from './failure.ts'
import { run } from './program.ts'
import { openTerminal } from './terminal.ts'

/** The command line of a site. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    if (errorCode(error) !== 'EPIPE') throw error // nobody reads on; the work is done all the same
  })
}
const terminal = openTerminal(process)
await run(createMw(terminal), process.argv, terminal)
