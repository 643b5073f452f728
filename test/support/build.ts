import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { unstable_readConfig } from 'wrangler'
import { buildConfig } from './build-config.ts'

const ROOT = join(import.meta.dirname, '../..')

/** Where the probe Worker's configuration and its production build lie while tests run. */
export const PROBE_CONFIG = join(ROOT, 'test-results/probe/wrangler.json')
export const PROBE_BUILD = join(ROOT, 'test-results/probe/build')

/**
 * Builds the probe Worker once for all test files, as `mw deploy` builds the site's own. The configuration is
 * `wrangler.toml` with another entry, away from the checkout: its `.dev.vars` are the developer's.
 */
export default function setup(): void {
  const config = unstable_readConfig({ config: join(ROOT, 'wrangler.toml') })
  const { kv_namespaces, r2_buckets, ratelimits, send_email, durable_objects, migrations } = config
  const d1_databases = config.d1_databases.map((one: object) => ({
    ...one,
    migrations_dir: join(ROOT, 'migrations'),
  }))
  const bindings = {
    kv_namespaces,
    d1_databases,
    r2_buckets,
    ratelimits,
    send_email,
    durable_objects,
    migrations,
  }
  const build = buildConfig('probe', 'test/support/probe-worker.ts')
  mkdirSync(join(ROOT, 'test-results/probe'), { recursive: true })
  writeFileSync(PROBE_CONFIG, JSON.stringify({ ...build, ...bindings }))
  const wrangler = join(ROOT, 'node_modules/wrangler/bin/wrangler.js')
  execFileSync(
    process.execPath,
    [wrangler, 'deploy', '--dry-run', '--config', PROBE_CONFIG, '--outdir', PROBE_BUILD],
    { env: { ...process.env, WRANGLER_SEND_METRICS: 'false', NO_COLOR: '1', CI: '1' }, stdio: 'pipe' },
  )
}
