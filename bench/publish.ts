import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { writeArticles } from '../test/support/corpus/corpus.ts'
import type { Effort, Figure, Measure } from './support/figure.ts'
import { ROOT, SECRET, settingsWithoutPictures, TOKEN } from './support/newsroom.ts'
import { residentPeak } from './support/processes.ts'
import { count } from './support/statistics.ts'
import { startWorker } from './support/workerd.ts'

/** As `npm run mw` starts it. */
const FLAGS = ['--max-semi-space-size=2']
const ARTICLES = 10_000
const WORDS = 500

/** A newsroom of 10,000 articles publishes all of them, and then nothing. */
export const publish: Measure = async ({ scale }: Effort): Promise<Figure[]> => {
  const articles = Math.round(ARTICLES * Math.max(scale, 0.05))
  const folder = await mkdtemp(join(tmpdir(), 'mw-bench-'))
  await using site = await startWorker('src/worker.ts', { MW_SECRET: SECRET, MW_TOKEN: TOKEN })
  try {
    await writeFile(join(folder, 'site.yaml'), await settingsWithoutPictures())
    writeArticles(folder, { count: articles, words: WORDS })
    const first = await run(folder, site.url)
    const again = await run(folder, site.url)
    const perSecond = articles / first.seconds
    const megabytes = Math.max(first.bytes, again.bytes) / 1024 / 1024
    return [
      {
        figure: `publish ${count(articles)} articles of ${WORDS} words: articles/s`,
        measured: count(perSecond),
        target: '≥ 100',
        isMet: perSecond >= 100 && first.created >= articles,
        details: { first },
      },
      {
        figure: 'publish them: memory of the command line',
        measured: `${count(megabytes)} MB`,
        target: '< 300 MB',
        isMet: megabytes < 300,
        details: { first, again },
      },
      {
        figure: 'publish them again unchanged: seconds, writes',
        measured: `${again.seconds.toFixed(1)} s, ${again.created + again.updated}`,
        target: '< 5 s, 0',
        isMet: again.seconds < 5 && again.created + again.updated === 0 && again.unchanged >= articles,
        details: { again },
      },
    ]
  } finally {
    await rm(folder, { recursive: true })
  }
}

const Counts = v.object({
  counts: v.object({ created: v.number(), updated: v.number(), unchanged: v.number() }),
})

/** Publishes a folder in a process of its own, as a person would, and looks at what it took. */
async function run(folder: string, url: string) {
  const start = performance.now()
  const child = spawn(
    process.execPath,
    [...FLAGS, 'src/cli/mw.ts', 'publish', folder, '--to', url, '--json'],
    {
      cwd: ROOT,
      env: { ...process.env, MW_TOKEN: TOKEN },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let bytes = 0
  const watch = setInterval(async () => {
    bytes = Math.max(bytes, await residentPeak(child.pid ?? null).catch(() => 0))
  }, 50)
  const chunks: Buffer[] = []
  for await (const chunk of child.stdout) chunks.push(chunk)
  clearInterval(watch)
  const seconds = (performance.now() - start) / 1000
  const { counts } = v.parse(Counts, JSON.parse(Buffer.concat(chunks).toString()))
  return { seconds, bytes, ...counts }
}
