import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { SiteClient } from './client.ts'
import { mustBeFolder } from './content-folder.ts'
import { ensureDevVars } from './dev-vars.ts'
import { type DevPlace, DevWorker, isHealthyWithin } from './dev-worker.ts'
import { type ExitCode, errorCode, Failure } from './failure.ts'
import { mustBeFree, parsePort } from './port.ts'
import { countLine } from './publish-folder.ts'
import { Republisher } from './republish.ts'
import { PROJECT } from './target.ts'
import { printable, type Terminal } from './terminal.ts'
import { watchFolder } from './watch-folder.ts'
import { reasonOf, wranglerIn } from './wrangler.ts'

interface Options {
  port: number
  content: string
  persistTo: string
}

/** `mw dev` — the site on this machine: starts it, publishes the folder, and again whenever a file is saved. */
export function devCommand(program: Command, terminal: Terminal): void {
  const { dev, option } = terminal.texts
  program
    .command('dev')
    .summary(dev.summary)
    .description(dev.summary)
    .option('--port <port>', option.port, (text) => parsePort(text, terminal.texts), 8787)
    .option('--content <dir>', option.dir, 'content')
    .option('--persist-to <dir>', option.persistTo, '.wrangler/state')
    .action(async (options: Options) => {
      process.exitCode = await runDev(options, PROJECT, terminal)
    })
}

const HEALTHY_WITHIN_SECONDS = 60
const LAST_LINES = 12

/** Runs until somebody asks it to end (0), or until the Worker ends by itself (1). */
export async function runDev(options: Options, project: string, terminal: Terminal): Promise<ExitCode> {
  const { dev } = terminal.texts
  await mustBeFolder(options.content, terminal.texts)
  await mustBeFree(options.port, terminal.texts)
  const end = untilAskedToEnd()
  const persistTo = resolve(options.persistTo)
  const place = { project, port: options.port, persistTo, log: join(persistTo, 'dev.log') }
  const { token, made } = ensureDevVars(project)
  if (made) terminal.err(dev.madeVars(printable(made)))
  const isMigrated = await migrate(place, end.signal, terminal)
  if (!isMigrated || end.signal.aborted) return end.signal.aborted ? 0 : 1
  terminal.err(dev.starting)
  const worker = new DevWorker(place)
  try {
    const died = worker.ended.then((how) => sayDeath(how, worker, end.signal, terminal))
    return await Promise.race([end.asked, died, serve(options, token, place, end.signal, terminal)])
  } finally {
    if (end.signal.aborted) terminal.err(dev.stopping)
    end.now()
    await worker.stop()
  }
}

const LOOK_FOR_PARENT_MS = 300

/**
 * Ctrl+C, or whoever runs us wants us to end. A second time ends us at once; the leash sees to the Worker.
 * npm passes no signal on: when it is asked to end, its shell goes, and we become somebody else's child.
 */
function untilAskedToEnd() {
  const controller = new AbortController()
  const asked = new Promise<0>((resolve) => {
    controller.signal.addEventListener('abort', () => resolve(0))
  })
  const now = () => controller.abort()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, now)
  const parent = process.ppid
  const lookForParent = () => process.ppid !== parent && now()
  if (process.env.npm_lifecycle_event) setInterval(lookForParent, LOOK_FOR_PARENT_MS).unref()
  return { asked, now, signal: controller.signal }
}

async function migrate(place: DevPlace, signal: AbortSignal, terminal: Terminal): Promise<boolean> {
  const { dev } = terminal.texts
  terminal.err(dev.migrating)
  const migrations = ['d1', 'migrations', 'apply', 'DB', '--local', '--persist-to', place.persistTo]
  const result = await wranglerIn(place.project, signal)(migrations)
  if (result.code === 0 || signal.aborted) return true
  terminal.err(terminal.texts.error(dev.migrationFailed))
  terminal.err(printable(reasonOf(result)))
  return false
}

function sayDeath(how: string, worker: DevWorker, signal: AbortSignal, terminal: Terminal): ExitCode {
  if (signal.aborted) return 0
  terminal.err(terminal.texts.error(terminal.texts.dev.stopped(how)))
  for (const line of worker.lastLines(LAST_LINES)) terminal.err(`  ${printable(line)}`)
  return 1
}

/** Publishes the folder as soon as the site can be used, and again whenever something in it changes. */
async function serve(
  { content }: Options,
  token: string,
  { port, persistTo, log }: DevPlace,
  signal: AbortSignal,
  terminal: Terminal,
): Promise<ExitCode> {
  const { dev } = terminal.texts
  const url = `http://127.0.0.1:${port}`
  const isHealthy = await isHealthyWithin(HEALTHY_WITHIN_SECONDS, url, signal)
  if (!isHealthy && !signal.aborted) throw new Failure(dev.notHealthy(HEALTHY_WITHIN_SECONDS, log))
  const client = new SiteClient({ url, token }, terminal.texts)
  const republisher = new Republisher(content, client, join(persistTo, 'published.json'), terminal)
  terminal.out(countLine(await republisher.publish(), terminal))
  terminal.out(dev.ready(`${url}/`))
  terminal.err(dev.watching(printable(content), printable(log)))
  await keepPublished(content, republisher, signal, terminal)
  return 0
}

/** Republishes a folder until the signal; what is saved while it is being published is published next. */
function keepPublished(dir: string, republisher: Republisher, signal: AbortSignal, terminal: Terminal) {
  return new Promise<void>((resolve, reject) => {
    let isBusy = false
    let isDue = false
    const round = async () => {
      isDue = true
      if (isBusy) return
      isBusy = true
      while (isDue && !signal.aborted) {
        isDue = false
        await publishAgain(republisher, signal, terminal)
      }
      isBusy = false
    }
    const start = () => void round().catch(reject)
    const stopWatching = watchFolder(dir, start)
    signal.addEventListener('abort', () => {
      stopWatching()
      resolve()
    })
    start() // what was saved since it was last read
  })
}

async function publishAgain(republisher: Republisher, signal: AbortSignal, terminal: Terminal) {
  try {
    await republisher.publish()
  } catch (error) {
    if (signal.aborted) return
    if (error instanceof Failure) terminal.err(terminal.texts.error(printable(error.message)))
    else if (errorCode(error)) terminal.err(terminal.texts.dev.siteGone)
    else throw error
  }
}
