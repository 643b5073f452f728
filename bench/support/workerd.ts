import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Miniflare } from 'miniflare'
import * as v from 'valibot'
import { unstable_readConfig, unstable_splitSqlQuery } from 'wrangler'
import { buildWorker, type Module } from './build.ts'
import { childProcesses } from './processes.ts'

const ROOT = join(import.meta.dirname, '../..')

/** A Worker that runs in a workerd of its own. */
export interface RunningWorker extends AsyncDisposable {
  /** Address of the socket that leads straight into the Worker: no proxy stands before it. */
  url: string
  db: D1Database
  /** Process id of its workerd; null where it can't be known. */
  pid: number | null
  /** Address of workerd's inspector. */
  inspector(): Promise<URL>
}

/**
 * Starts the production build of a Worker in workerd with empty stores and the tables of `migrations/`.
 * @param isInspected whether workerd opens its inspector, which costs a little
 */
export async function startWorker(
  entry: string,
  vars: Record<string, string>,
  isInspected = false,
): Promise<RunningWorker> {
  const modules = await buildWorker(entry)
  const before = await childProcesses('workerd')
  const miniflare = new Miniflare({
    logRequests: false,
    enableDevRegistry: false,
    cf: false,
    ...(isInspected ? { inspectorPort: 0 } : {}),
    workers: [{ config: configOf(modules, vars), dev: { unsafeDirectSockets: [{}] } }],
  })
  const url = (await miniflare.unsafeGetDirectURL('bench')).origin
  const started = (await childProcesses('workerd')).filter((pid) => !before.includes(pid))
  const db = await miniflare.getD1Database('DB')
  await migrate(db)
  return {
    url,
    db,
    pid: started[0] ?? null,
    inspector: () => miniflare.getInspectorURL(),
    [Symbol.asyncDispose]: () => miniflare.dispose(),
  }
}

const Limits = v.array(
  v.object({
    name: v.string(),
    namespace_id: v.string(),
    simple: v.object({ limit: v.number(), period: v.picklist([10, 60]) }),
  }),
)

/** The bindings of wrangler.toml, as workerd gets them. */
function configOf(modules: readonly Module[], vars: Record<string, string>) {
  const { compatibility_date, ratelimits } = unstable_readConfig({ config: join(ROOT, 'wrangler.toml') })
  if (!compatibility_date || ratelimits.length === 0)
    throw new Error('wrangler.toml lacks its date or its rate limits')
  const limiters = v
    .parse(Limits, ratelimits)
    .map(({ name, namespace_id, simple }) => [
      name,
      { type: 'rate-limit', namespace: namespace_id, simple } as const,
    ])
  const [main] = modules
  // A bare Worker counts no ads.
  const hasLedger = main?.contents.toString().includes('AdLedger') ?? false
  return {
    name: 'bench',
    compatibilityDate: compatibility_date,
    manifest: {
      mainModule: main?.name ?? '',
      modules: Object.fromEntries(modules.map(({ name, type, contents }) => [name, { type, contents }])),
    },
    exports: hasLedger ? ({ AdLedger: { type: 'durable-object', storage: 'sqlite' } } as const) : {},
    env: {
      KV: { type: 'kv', id: 'kv' },
      DB: { type: 'd1', id: 'db' },
      MEDIA: { type: 'r2', name: 'media' },
      ...(hasLedger
        ? { AD_LEDGER: { type: 'durable-object', worker: 'bench', exportName: 'AdLedger' } as const }
        : {}),
      ...Object.fromEntries(limiters),
      ...Object.fromEntries(Object.entries(vars).map(([key, value]) => [key, { type: 'text', value }])),
    },
  } as const
}

async function migrate(db: D1Database): Promise<void> {
  const files = (await readdir(join(ROOT, 'migrations'))).filter((name) => name.endsWith('.sql')).sort()
  for (const file of files) {
    const sql = await readFile(join(ROOT, 'migrations', file), 'utf8')
    await db.batch(unstable_splitSqlQuery(sql).map((statement) => db.prepare(statement)))
  }
}
