import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import lighthouse from 'lighthouse'
import { publishComments } from './support/comments.ts'
import type { Figure, Measure } from './support/figure.ts'
import { ARTICLE, openNewsroom } from './support/newsroom.ts'
import { median } from './support/statistics.ts'

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo']
const SEO = 3
const RUNS = 3
const PAGES = {
  article: `/${ARTICLE}/`,
  front: '/',
  list: '/category/medien/',
  search: '/search/?q=Handel',
}

/** What Lighthouse says of pages on a slow phone. */
export const lighthouseScores: Measure = async () => {
  await using site = await openNewsroom('bench/workers/site.ts')
  await publishComments(site.url, ARTICLE, 20)
  await using chromium = await openChromium()
  const figures: Figure[] = []
  for (const [name, path] of Object.entries(PAGES)) {
    const runs: Run[] = []
    for (let run = 0; run < RUNS; run++) runs.push(await look(site.url + path, chromium.port))
    const scores = CATEGORIES.map((_, index) => median(runs.map((run) => run.scores[index] ?? 0)))
    figures.push({
      figure: `Lighthouse, mobile, ${name}: performance, accessibility, best practices, SEO`,
      measured: scores.join(', '),
      // A page that search engines are told not to list can't have all of SEO.
      target: name === 'search' ? '100, 100, 100, noindex' : '100, 100, 100, 100',
      isMet: scores.every((score, index) => score === 100 || (name === 'search' && index === SEO)),
      details: { runs },
    })
  }
  return figures
}

interface Run {
  /** 0 to 100, in the order of the categories. */
  scores: number[]
  failed: string[]
}

async function look(url: string, port: number): Promise<Run> {
  const report = await lighthouse(url, {
    port,
    output: 'json',
    logLevel: 'silent',
    onlyCategories: CATEGORIES,
    formFactor: 'mobile',
  })
  const categories = report?.lhr.categories ?? {}
  const failed = Object.values(report?.lhr.audits ?? {}).filter(
    ({ score, scoreDisplayMode }) => scoreDisplayMode !== 'informative' && score !== null && score < 1,
  )
  return {
    scores: CATEGORIES.map((one) => Math.round((categories[one]?.score ?? 0) * 100)),
    failed: failed.map(({ id, displayValue }) => `${id} ${displayValue ?? ''}`.trim()),
  }
}

interface Chromium extends AsyncDisposable {
  port: number
}

/** Starts Chromium with a profile of its own and an open port for its tools. */
async function openChromium(): Promise<Chromium> {
  const profile = await mkdtemp(join(tmpdir(), 'mw-chromium-'))
  const child: ChildProcess = spawn(
    CHROMIUM,
    [...FLAGS, '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'],
    { stdio: 'ignore' },
  )
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const port = await portOf(join(profile, 'DevToolsActivePort'))
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL')
      await ended
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function portOf(file: string): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const [port] = (await readFile(file, 'utf8').catch(() => '')).split('\n')
    if (port) return Number(port)
    await setTimeout(100)
  }
  throw new Error('Chromium does not start')
}
