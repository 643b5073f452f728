import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type RunningWorker, startWorker } from './workerd.ts'

export const ROOT = join(import.meta.dirname, '../..')

export const SECRET = 'a-secret-for-the-bench-that-is-long-enough'
export const TOKEN = 'token-of-the-bench'

/** The article that is measured: the first of the content that ships with the site. */
export const ARTICLE = 'china-kasachstan'

/** The site with the content folder of this checkout on it, published through its API by the command line. */
export async function openNewsroom(
  entry = 'src/worker.ts',
  vars: Record<string, string> = {},
  isInspected = false,
): Promise<RunningWorker> {
  const worker = await startWorker(entry, { MW_SECRET: SECRET, MW_TOKEN: TOKEN, ...vars }, isInspected)
  const command = ['src/cli/mw.ts', 'publish', 'content', '--to', worker.url]
  const env = { ...process.env, MW_TOKEN: TOKEN }
  await promisify(execFile)(process.execPath, command, { cwd: ROOT, env }).catch(forgiveRefusals)
  return worker
}

/** The settings that ship, for a site whose articles get no pictures drawn. */
export const settingsWithoutPictures = async (): Promise<string> =>
  `${await readFile(join(ROOT, 'content/site.yaml'), 'utf8')}\nsocial: none\n`

/** A file that is refused is for `mw check` to complain about; the others are published all the same. */
function forgiveRefusals(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 1)) throw error
}

/** Talks to the publishing API of a site; fails when it refuses. */
export async function callApi(url: string, path: string, json: unknown): Promise<unknown> {
  const response = await fetch(`${url}/api/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify(json),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return response.json()
}
