import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import * as v from 'valibot'
import type { CliTexts } from '../locale/cli/de.ts'
import { Failure } from './failure.ts'

/** What came of running wrangler. */
export interface WranglerResult {
  code: number
  stdout: string
  stderr: string
  /** The lines of wrangler's own report for machines (`WRANGLER_OUTPUT_FILE_PATH`). */
  report: unknown[]
}

/** Runs wrangler to its end. Passed in where the network is needed, so that tests can answer in its place. */
export type RunWrangler = (
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
) => Promise<WranglerResult>

const PACKAGE = createRequire(import.meta.url).resolve('wrangler/package.json')

/** The wrangler of this checkout, as something Node can run. */
export const WRANGLER = join(dirname(PACKAGE), 'bin/wrangler.js')

/** The environment wrangler runs in: it asks nobody, reports to nobody, and reads secrets from files only. */
export const wranglerEnv = (): NodeJS.ProcessEnv => ({
  ...process.env,
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  WRANGLER_WRITE_LOGS: 'false',
  CLOUDFLARE_INCLUDE_PROCESS_ENV: 'false',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  NO_COLOR: '1',
  FORCE_COLOR: '0',
})

/** A runner of the real wrangler in a folder; an aborted signal ends it. */
export function wranglerIn(folder: string, signal?: AbortSignal): RunWrangler {
  return async (args, more = {}) => {
    const reports = mkdtempSync(join(tmpdir(), 'mw-wrangler-'))
    const env = { ...wranglerEnv(), ...more, WRANGLER_OUTPUT_FILE_PATH: join(reports, 'report.ndjson') }
    try {
      const result = await collect([WRANGLER, ...args], folder, env, signal)
      return { ...result, report: readReport(env.WRANGLER_OUTPUT_FILE_PATH) }
    } finally {
      rmSync(reports, { recursive: true, force: true })
    }
  }
}

function collect(args: string[], cwd: string, env: NodeJS.ProcessEnv, signal: AbortSignal | undefined) {
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const end = () => child.kill('SIGTERM')
  signal?.addEventListener('abort', end)
  return new Promise<Pick<WranglerResult, 'code' | 'stdout' | 'stderr'>>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      signal?.removeEventListener('abort', end)
      resolve({ code: code ?? 1, stdout, stderr })
    })
  })
}

function readReport(file: string): unknown[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
    return lines.map((line): unknown => JSON.parse(line))
  } catch {
    return [] // it ended before it wrote any
  }
}

/** What a failed run said, in one line: wrangler's own error without its frame. */
export function reasonOf({ stdout, stderr, code }: WranglerResult): string {
  const lines = `${stderr}\n${stdout}`.split('\n').map((line) => line.trim())
  const said = lines.find((line) => /ERROR/.test(line)) ?? lines.find((line) => line !== '')
  return said?.replace(/^.*?\[?ERROR\]?\s*/, '') || String(code)
}

/** A run that has to succeed; else a `Failure` that says why not. */
export async function mustRun(
  run: RunWrangler,
  args: readonly string[],
  { deploy }: CliTexts,
): Promise<WranglerResult> {
  const result = await run(args)
  if (result.code !== 0) throw new Failure(deploy.wranglerFailed(nameOf(args), reasonOf(result)))
  return result
}

/** What a successful run printed as JSON, as a schema has it. */
export async function askJson<S extends v.GenericSchema>(
  run: RunWrangler,
  args: readonly string[],
  schema: S,
  texts: CliTexts,
): Promise<v.InferOutput<S>> {
  const { stdout } = await mustRun(run, args, texts)
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), jsonIn(stdout))
  if (!parsed.success) throw new Failure(texts.deploy.unexpected(nameOf(args)))
  return parsed.output
}

/** The command without its options, as a person would name it. */
const nameOf = (args: readonly string[]) =>
  args
    .filter((arg) => !arg.startsWith('-'))
    .slice(0, 3)
    .join(' ')

/** Wrangler may say a word before its JSON. */
const jsonIn = (stdout: string) => /^[[{].*/ms.exec(stdout)?.[0] ?? ''
