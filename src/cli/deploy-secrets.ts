import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import type { CliTexts } from '../locale/cli/de.ts'
import { makeSecret } from './dev-vars.ts'
import { errorCode, Failure } from './failure.ts'
import { askJson, type RunWrangler } from './wrangler.ts'

/** `.deploy.json`: what this machine knows of the deployed site. Never committed. */
const Kept = v.object({
  url: v.optional(v.string(), ''),
  MW_SECRET: v.optional(v.string()),
  MW_TOKEN: v.optional(v.string()),
})
export type Kept = v.InferOutput<typeof Kept>

export const keptFile = (project: string): string => join(project, '.deploy.json')

/** Reads what was kept; a file that can't be read is never overwritten, because it may hold the only key. */
export function readKept(project: string, { deploy }: CliTexts): Kept {
  const file = keptFile(project)
  try {
    return v.parse(v.pipe(v.string(), v.parseJson(), Kept), readFileSync(file, 'utf8'))
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { url: '' }
    throw new Failure(deploy.brokenKeys(file))
  }
}

/** Keeps it, for the owner's eyes, all or nothing. */
export function writeKept(project: string, kept: Kept): void {
  const draft = `${keptFile(project)}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 })
  renameSync(draft, keptFile(project))
}

const Names = v.array(v.object({ name: v.string() }))

/** The names of the secrets a Worker has; none when there is no such Worker yet. */
export async function listSecrets(worker: string, run: RunWrangler, texts: CliTexts): Promise<Set<string>> {
  const args = ['secret', 'list', '--name', worker]
  const isNew = { value: false }
  const tolerant: RunWrangler = async (...call) => {
    const result = await run(...call)
    isNew.value = result.code !== 0 && /Worker "[^"]*" not found|\[code: 10007\]/.test(result.stderr)
    return isNew.value ? { ...result, code: 0, stdout: '[]' } : result
  }
  return new Set((await askJson(tolerant, args, Names, texts)).map(({ name }) => name))
}

export interface Secrets {
  /** What has to be set. Never what the Worker has already: with another `MW_SECRET` it could not read its e-mails. */
  toSet: Record<string, string>
  /** The token to publish with; null when the Worker has one that nobody here knows. */
  token: string | null
}

/** Decides which secrets to set: given ones (`MW_SECRET`, `MW_TOKEN`) first, then kept ones, then new ones. */
export function planSecrets(
  onSite: ReadonlySet<string>,
  kept: Kept,
  env: Readonly<Record<string, string | undefined>>,
  { deploy, site }: CliTexts,
): Secrets {
  const toSet: Record<string, string> = {}
  for (const name of ['MW_SECRET', 'MW_TOKEN'] as const) {
    if (!onSite.has(name)) toSet[name] = env[name] || kept[name] || makeSecret()
  }
  if (toSet.MW_SECRET !== undefined && toSet.MW_SECRET.length < 32) throw new Failure(deploy.shortSecret)
  const token = toSet.MW_TOKEN ?? (env.MW_TOKEN || kept.MW_TOKEN || null)
  if (token !== null && !/^[\w\-.~+/]{16,}=*$/.test(token)) throw new Failure(site.badToken)
  return { toSet, token }
}
