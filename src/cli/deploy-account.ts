import * as v from 'valibot'
import type { CliTexts } from '../locale/cli/de.ts'
import type { DeployConfig, Ids } from './deploy-config.ts'
import { Failure } from './failure.ts'
import { askJson, mustRun, type RunWrangler, reasonOf } from './wrangler.ts'

const Identity = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    loggedIn: v.literal(true),
    accounts: v.optional(v.array(v.object({ id: v.string(), name: v.string() })), []),
  }),
)

/** Finds the account to deploy to and returns a runner that works in it. */
export async function chooseAccount(
  run: RunWrangler,
  chosen: string | undefined,
  texts: CliTexts,
): Promise<RunWrangler> {
  const identity = v.safeParse(Identity, (await run(['whoami', '--json'])).stdout)
  if (!identity.success) throw new Failure(texts.deploy.notLoggedIn)
  const { accounts } = identity.output
  if (!chosen && accounts.length > 1) {
    throw new Failure(texts.deploy.accounts(accounts.map(({ id, name }) => `${name}: ${id}`).join(', ')))
  }
  const id = chosen ?? accounts[0]?.id
  return id ? (args, env) => run(args, { ...env, CLOUDFLARE_ACCOUNT_ID: id }) : run
}

const Namespaces = v.array(v.object({ id: v.string(), title: v.string() }))
const Databases = v.array(v.object({ uuid: v.string(), name: v.string() }))

/** What an account has after `ensureResources`, and what of it is new. */
export interface Resources {
  ids: Ids
  created: ('kv' | 'd1' | 'r2')[]
}

/** Creates the KV namespace, the database and the bucket where they are missing. Safe to repeat. */
export async function ensureResources(
  { names, ids }: DeployConfig,
  run: RunWrangler,
  texts: CliTexts,
): Promise<Resources> {
  const created: Resources['created'] = []
  const findKv = async () =>
    (await askJson(run, ['kv', 'namespace', 'list'], Namespaces, texts)).find(
      ({ title }) => title === names.kv,
    )?.id
  const findD1 = async () =>
    (await askJson(run, ['d1', 'list', '--json'], Databases, texts)).find(({ name }) => name === names.d1)
      ?.uuid
  const ensure = async (kind: 'kv' | 'd1', find: () => Promise<string | undefined>, create: string[]) => {
    const found = ids[kind] ?? (await find())
    if (found) return found
    await mustRun(run, create, texts)
    created.push(kind)
    const made = await find()
    if (!made) throw new Failure(texts.deploy.unexpected(create.join(' ')))
    return made
  }
  const kv = await ensure('kv', findKv, ['kv', 'namespace', 'create', names.kv])
  const d1 = await ensure('d1', findD1, ['d1', 'create', names.d1])
  if (await ensureBucket(names.r2, run, texts)) created.push('r2')
  return { ids: { kv, d1 }, created }
}

/** Creates the bucket; false when it was there. Wrangler lists only the first twenty, so it may be there unlisted. */
async function ensureBucket(name: string, run: RunWrangler, texts: CliTexts): Promise<boolean> {
  const { stdout } = await mustRun(run, ['r2', 'bucket', 'list'], texts)
  const names = [...stdout.matchAll(/^name:\s+(\S+)$/gm)].map(([, found]) => found)
  if (names.includes(name)) return false
  const result = await run(['r2', 'bucket', 'create', name])
  if (result.code === 0) return true
  if (/already exists|10004/.test(`${result.stderr}${result.stdout}`)) return false
  throw new Failure(texts.deploy.wranglerFailed('r2 bucket create', reasonOf(result)))
}
