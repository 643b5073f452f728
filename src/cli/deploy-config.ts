import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import * as v from 'valibot'
import type { CliTexts } from '../locale/cli/de.ts'
import { Failure } from './failure.ts'

const Raw = v.looseObject({
  name: v.string(),
  main: v.string(),
  account_id: v.optional(v.string()),
  alias: v.optional(v.record(v.string(), v.string()), {}),
  kv_namespaces: v.optional(v.array(v.looseObject({ binding: v.string(), id: v.optional(v.string()) })), []),
  d1_databases: v.optional(
    v.array(
      v.looseObject({
        binding: v.string(),
        database_name: v.optional(v.string()),
        database_id: v.optional(v.string()),
        migrations_dir: v.optional(v.string(), 'migrations'),
      }),
    ),
    [],
  ),
  r2_buckets: v.optional(
    v.array(v.looseObject({ binding: v.string(), bucket_name: v.optional(v.string()) })),
    [],
  ),
})

/** `wrangler.toml` as read by wrangler, and the names under which Cloudflare keeps what it binds. */
export interface DeployConfig {
  project: string
  raw: v.InferOutput<typeof Raw>
  names: { worker: string; kv: string; d1: string; r2: string }
  /** Ids that `wrangler.toml` names already; null where it has a name only. */
  ids: Ids<string | null>
}

export interface Ids<Id = string> {
  kv: Id
  d1: Id
}

/** Reads `wrangler.toml`. Its placeholder for the KV namespace's id is the name that `mw deploy` gives it. */
export async function readDeployConfig(project: string, { deploy }: CliTexts): Promise<DeployConfig> {
  const { experimental_readRawConfig } = await import('wrangler') // it takes a second to load
  const { rawConfig } = experimental_readRawConfig({ config: join(project, 'wrangler.toml') })
  const parsed = v.safeParse(Raw, rawConfig)
  if (!parsed.success) throw new Failure(deploy.noBinding(v.getDotPath(parsed.issues[0]) ?? 'name'))
  const raw = parsed.output
  const kv = raw.kv_namespaces.find(({ binding }) => binding === 'KV')
  const d1 = raw.d1_databases.find(({ binding }) => binding === 'DB')
  const r2 = raw.r2_buckets.find(({ binding }) => binding === 'MEDIA')
  const missing = Object.entries({ KV: kv, DB: d1, MEDIA: r2 }).find(([, found]) => !found)?.[0]
  if (!kv || !d1 || !r2) throw new Failure(deploy.noBinding(missing ?? ''))
  const kvId = kv.id && /^[0-9a-f]{32}$/.test(kv.id) ? kv.id : null
  const d1Id = d1.database_id && v.is(v.pipe(v.string(), v.uuid()), d1.database_id) ? d1.database_id : null
  return {
    project,
    raw,
    names: {
      worker: raw.name,
      kv: kv.id ?? `${raw.name}-content`,
      d1: d1.database_name ?? raw.name,
      r2: r2.bucket_name ?? `${raw.name}-media`,
    },
    ids: { kv: kvId, d1: d1Id },
  }
}

/**
 * Writes the configuration that is deployed: `wrangler.toml` with the ids of this account, so that the file in Git
 * stays as it is. Paths are made absolute because wrangler reads them from where the configuration lies.
 */
export function writeDeployConfig({ project, raw, names }: DeployConfig, ids: Ids, file: string): string {
  const config = {
    ...raw,
    main: resolve(project, raw.main),
    alias: Object.fromEntries(
      Object.entries(raw.alias).map(([name, path]) => [name, resolve(project, path)]),
    ),
    kv_namespaces: raw.kv_namespaces.map((one) => (one.binding === 'KV' ? { ...one, id: ids.kv } : one)),
    d1_databases: raw.d1_databases.map((one) => ({
      ...one,
      migrations_dir: resolve(project, one.migrations_dir),
      ...(one.binding === 'DB' ? { database_name: names.d1, database_id: ids.d1 } : {}),
    })),
    r2_buckets: raw.r2_buckets.map((one) =>
      one.binding === 'MEDIA' ? { ...one, bucket_name: names.r2 } : one,
    ),
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`)
  return file
}
