import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { generateArticles, writeArticles } from '../../test/support/corpus/corpus.ts'
import { ROOT, SECRET, settingsWithoutPictures, TOKEN } from './newsroom.ts'
import { type RunningWorker, startWorker } from './workerd.ts'

const WORDS = 500

/** A site with generated articles beside those that ship. */
export interface CorpusSite extends RunningWorker {
  /** Addresses of the generated articles. */
  paths: readonly string[]
  /** Headlines of the generated articles. */
  titles: readonly string[]
}

/** Starts the site of `bench/workers/site.ts` and publishes the shipped content and generated articles on it. */
export async function openCorpusSite(count: number, vars: Record<string, string>): Promise<CorpusSite> {
  const worker = await startWorker('bench/workers/site.ts', { MW_SECRET: SECRET, MW_TOKEN: TOKEN, ...vars })
  const folder = await mkdtemp(join(tmpdir(), 'mw-bench-'))
  try {
    await cp(join(ROOT, 'content'), folder, { recursive: true })
    await writeFile(join(folder, 'site.yaml'), await settingsWithoutPictures())
    writeArticles(folder, { count, words: WORDS })
    await promisify(execFile)(
      process.execPath,
      ['src/cli/mw.ts', 'publish', folder, '--to', worker.url, '--json'],
      { cwd: ROOT, env: { ...process.env, MW_TOKEN: TOKEN }, maxBuffer: 1e8 },
    )
  } finally {
    await rm(folder, { recursive: true })
  }
  const drafts = [...generateArticles({ count, words: WORDS })]
  return Object.assign(worker, {
    paths: drafts.map(({ slug }) => `/${slug}/`),
    titles: drafts.map(({ frontMatter }) => String(frontMatter.title)),
  })
}
