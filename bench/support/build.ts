import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { buildConfig } from '../../test/support/build-config.ts'

const ROOT = join(import.meta.dirname, '../..')

/** A module of a Worker as `wrangler deploy` uploads it. */
export interface Module {
  name: string
  type: 'esm' | 'text' | 'data'
  contents: string | Uint8Array<ArrayBuffer>
}

const TYPES: Record<string, Module['type']> = { '.js': 'esm', '.woff2': 'data' }

const built = new Map<string, Promise<readonly Module[]>>()

/** Builds a Worker for production, with the settings of wrangler.toml; its main module comes first. */
export function buildWorker(entry: string): Promise<readonly Module[]> {
  const known = built.get(entry)
  if (known) return known
  const modules = build(entry)
  built.set(entry, modules)
  return modules
}

async function build(entry: string): Promise<readonly Module[]> {
  const directory = await mkdtemp(join(tmpdir(), 'mw-bench-'))
  const config = join(directory, 'wrangler.json')
  await writeFile(config, JSON.stringify(buildConfig('bench', entry)))
  await wrangler('deploy', '--dry-run', '--config', config, '--outdir', directory)
  const files = (await readdir(directory)).filter((name) => /\.(?:js|css|svg|woff2)$/.test(name))
  const modules = files.map(async (name): Promise<Module> => {
    const contents = await readFile(join(directory, name))
    const type = name.endsWith('.client.js') ? 'text' : (TYPES[extname(name)] ?? 'text')
    return { name, type, contents: type === 'data' ? new Uint8Array(contents) : contents.toString() }
  })
  const read = await Promise.all(modules)
  await rm(directory, { recursive: true })
  return read.sort(({ type }) => (type === 'esm' ? -1 : 1))
}

/** Runs wrangler in this checkout, without a network. */
export async function wrangler(...args: string[]): Promise<string> {
  const script = join(ROOT, 'node_modules/wrangler/bin/wrangler.js')
  const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', NO_COLOR: '1', CI: '1' }
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...args], { cwd: ROOT, env })
  return stdout
}
