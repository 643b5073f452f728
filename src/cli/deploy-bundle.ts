import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { CliTexts } from '../locale/cli/de.ts'
import { type DeployConfig, writeDeployConfig } from './deploy-config.ts'
import { mustRun, type RunWrangler } from './wrangler.ts'

export interface BundleSize {
  bytes: number
  gzipBytes: number
}

/** Builds the Worker as it would be deployed, without the network, and measures it. */
export async function measureBundle(
  config: DeployConfig,
  run: RunWrangler,
  texts: CliTexts,
): Promise<BundleSize> {
  const folder = mkdtempSync(join(tmpdir(), 'mw-bundle-'))
  try {
    const ids = { kv: '0'.repeat(32), d1: '00000000-0000-4000-8000-000000000000' }
    const file = writeDeployConfig(config, ids, join(folder, 'wrangler.json'))
    const out = join(folder, 'out')
    await mustRun(run, ['deploy', '--dry-run', '--outdir', out, '--config', file], texts)
    const modules = readdirSync(out).filter((name) => !name.endsWith('.map') && name !== 'README.md')
    const bytes = Buffer.concat(modules.map((name) => readFileSync(join(out, name))))
    return { bytes: bytes.length, gzipBytes: gzipSync(bytes, { level: 9 }).length }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
