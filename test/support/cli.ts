import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { openTerminal, type Terminal } from '../../src/cli/terminal.ts'

/** What a person at the command line has: folders, a terminal, and `mw`. */

export const ROOT = new URL('../..', import.meta.url).pathname
const MW = join(ROOT, 'src/cli/mw.ts')

export type Files = Record<string, string | Uint8Array>

/** A folder with files that is gone when the test is over. */
export function folder(files: Files = {}): string {
  const dir = makeFolder(files)
  onTestFinished(() => removeFolder(dir))
  return dir
}

/** The same for several tests: whoever makes it removes it. */
export function makeFolder(files: Files = {}): string {
  const dir = mkdtempSync(join(tmpdir(), 'mw-test-'))
  put(dir, files)
  return dir
}

export const removeFolder = (dir: string): void => rmSync(dir, { recursive: true, force: true })

/** Writes files into a folder. */
export function put(dir: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true })
    writeFileSync(join(dir, name), content)
  }
}

/** The least a site needs; without pictures that nobody made, so that tests see those that they made. */
export const SITE_YAML = `name: Testblatt
social: none
sections:
  - slug: wirtschaft
    name: Wirtschaft
`

/** An article as a file; lines of front matter may be replaced or added. */
export function articleFile(title: string, more: Record<string, string> = {}, body = 'Ein Absatz.'): string {
  const keys = { title, date: '2026-01-15T09:00:00+01:00', section: 'wirtschaft', ...more }
  const lines = Object.entries(keys).map(([key, value]) => `${key}: ${value}`)
  return `---\n${lines.join('\n')}\n---\n\n${body}\n`
}

/** A terminal that remembers what it was shown. */
export function listen(env: Record<string, string> = { MW_LANG: 'de' }) {
  const shown = { out: '', err: '' }
  const terminal: Terminal = openTerminal({
    env,
    stdout: {
      write: (text) => {
        shown.out += text
      },
    },
    stderr: {
      write: (text) => {
        shown.err += text
      },
    },
  })
  return { terminal, shown }
}

export interface Ran {
  code: number | null
  stdout: string
  stderr: string
}

/** A command that runs until it ends, or until the test does. */
export class Running {
  readonly child: ChildProcess
  stdout = ''
  stderr = ''
  readonly ended: Promise<Ran>

  constructor(args: readonly string[], { env = {}, cwd = ROOT }: RunOptions = {}) {
    const { FORCE_COLOR: _, MW_TOKEN: __, ...clean } = process.env
    this.child = spawn(process.execPath, [MW, ...args], {
      cwd,
      env: { ...clean, MW_LANG: 'de', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text
    })
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text
    })
    this.ended = new Promise((resolve) => {
      this.child.on('close', (code) => resolve({ code, stdout: this.stdout, stderr: this.stderr }))
    })
  }

  /** Everything it said, whichever way. */
  get said(): string {
    return this.stdout + this.stderr
  }
}

interface RunOptions {
  env?: Record<string, string>
  cwd?: string
}

/** Runs `mw` to its end. */
export const mw = (args: readonly string[], options?: RunOptions): Promise<Ran> =>
  new Running(args, options).ended

/** Waits until something is so; what it came to when it took too long is in the error. */
export async function until<T>(what: () => T | Promise<T>, seconds = 20): Promise<NonNullable<T>> {
  const deadline = Date.now() + seconds * 1000
  let last: unknown
  while (Date.now() < deadline) {
    try {
      const value = await what()
      if (value) return value
      last = value
    } catch (error) {
      last = error
    }
    await pause(20)
  }
  throw new Error(`not within ${seconds} seconds: ${what} (last: ${String(last)})`)
}

/** A port that nobody uses at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}
