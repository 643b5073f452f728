import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { errorCode } from './failure.ts'
import { WRANGLER, wranglerEnv } from './wrangler.ts'

/** Where the Worker on this machine listens, keeps its data and writes its log. */
export interface DevPlace {
  project: string
  port: number
  persistTo: string
  log: string
}

const LEASH = pathToFileURL(join(import.meta.dirname, 'leash.ts')).href
const GRACE_MS = 5_000
const LOOK_EVERY_MS = 50

/** The Worker under `wrangler dev`: a process group of its own, so that nothing of it stays behind. */
export class DevWorker {
  readonly #child: ChildProcess
  readonly #log: string
  /** How it ended: an exit code or a signal. */
  readonly ended: Promise<string>

  constructor(place: DevPlace) {
    mkdirSync(dirname(place.log), { recursive: true })
    const log = openSync(place.log, 'w', 0o600)
    this.#log = place.log
    this.#child = spawn(process.execPath, ['--import', LEASH, WRANGLER, ...devArguments(place)], {
      cwd: place.project,
      env: { ...wranglerEnv(), WRANGLER_REGISTRY_PATH: join(place.persistTo, 'registry') },
      stdio: ['ignore', log, log, 'ipc'],
      detached: true,
    })
    closeSync(log)
    this.ended = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(errorCode(error)))
      this.#child.once('exit', (code, signal) => resolve(signal ?? String(code)))
    })
  }

  /** Ends the Worker and everything it started, gently at first. */
  async stop(): Promise<void> {
    this.#signal('SIGTERM')
    await Promise.race([this.ended, pause(GRACE_MS, null, { ref: false })])
    this.#signal('SIGKILL')
    await this.ended
  }

  /** The last lines of its log that say something. */
  lastLines(count: number): string[] {
    const lines = readFileSync(this.#log, 'utf8').split('\n')
    return lines.filter((line) => line.trim() !== '').slice(-count)
  }

  #signal(name: 'SIGTERM' | 'SIGKILL'): void {
    try {
      if (this.#child.pid !== undefined) process.kill(-this.#child.pid, name)
    } catch (error) {
      if (errorCode(error) !== 'ESRCH') throw error // nobody is left in the group
    }
  }
}

const devArguments = ({ port, persistTo }: DevPlace) => [
  'dev',
  ...['--ip', '127.0.0.1', '--port', String(port), '--inspector-port', '0'],
  ...['--persist-to', persistTo, '--show-interactive-dev-session=false'],
]

/** Waits until the site at an address can be used; false when that takes too long or is given up. */
export async function isHealthyWithin(seconds: number, url: string, signal?: AbortSignal): Promise<boolean> {
  const deadline = Date.now() + seconds * 1000
  while (Date.now() < deadline && !signal?.aborted) {
    const timeout = AbortSignal.timeout(5_000)
    const response = await fetch(`${url}/healthz`, { signal: timeout }).catch(() => null)
    await response?.body?.cancel().catch(() => {})
    if (response?.status === 200) return true
    await pause(LOOK_EVERY_MS)
  }
  return false
}
