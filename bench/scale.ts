import { gzipSync } from 'node:zlib'
import { LIST_LENGTH } from '../src/article/list.ts'
import { measureRelevance, WISHES } from '../test/searching/relevance.ts'
import { Chance } from '../test/support/corpus/random.ts'
import { type CorpusSite, openCorpusSite } from './support/corpus-site.ts'
import type { Effort, Figure, Measure } from './support/figure.ts'
import { compare, ratioText, type Side } from './support/load.ts'
import { addressOf, searchRequest, viewRequest } from './support/requests.ts'
import { count, median, medianRatio } from './support/statistics.ts'
import { startWorker } from './support/workerd.ts'

const MANY = 10_000
const FEW = 100
const REQUESTS = 300
const PAGE_LIMIT = 14_000
/** A cache that holds no page: every view is cold. */
const COLD = { PAGE_CACHE_BYTES: '1' }

/** What a site of 10,000 articles takes longer for than one of 100, and how much D1 reads for it. */
export const scale: Measure = async (effort: Effort): Promise<Figure[]> => {
  const many = Math.max(1000, Math.round(MANY * effort.scale))
  await using large = await openCorpusSite(many, COLD)
  await using small = await openCorpusSite(FEW, COLD)
  const queries = queriesFrom(large.titles)
  return [
    ...(await slowdowns(large, small, queries, effort)),
    await rowsRead(large),
    await weight(large, 'front page', '/'),
    await weight(large, 'list page of 25', '/page/2/'),
    await searchLatency(large, queries, effort),
    await relevance(small, '≥ 0.95', 0.95),
    await relevance(large, 'printed', 0),
  ]
}

/** One or two words of headlines, as readers type them: the same ones for every site. */
function queriesFrom(titles: readonly string[]): string[] {
  const chance = new Chance(4)
  const words = () =>
    chance
      .pick(titles)
      .split(/[^\p{L}]+/u)
      .filter((word) => word.length > 4)
  return Array.from({ length: 500 }, () => {
    const found = words()
    const one = found.length > 0 ? chance.pick(found) : 'Zeitung'
    return chance.next() < 0.5 || found.length < 2 ? one : `${one} ${chance.pick(found)}`
  })
}

type RequestOf = (site: CorpusSite, n: number) => Buffer

async function slowdowns(
  large: CorpusSite,
  small: CorpusSite,
  queries: readonly string[],
  { rounds, scale }: Effort,
): Promise<Figure[]> {
  const pagesOf = (site: CorpusSite) => Math.floor(site.paths.length / LIST_LENGTH)
  const kinds: Record<string, RequestOf> = {
    article: (site, n) => viewRequest(site.url, site.paths[(n * 7919) % site.paths.length] ?? ''),
    front: (site) => viewRequest(site.url, '/'),
    'section list': (site) => viewRequest(site.url, '/category/wirtschaft/'),
    'list page N': (site, n) => viewRequest(site.url, `/page/${2 + ((n * 31) % (pagesOf(site) - 1))}/`),
    search: (site, n) => searchRequest(site.url, queries[n % queries.length] ?? '', n),
  }
  const figures: Figure[] = []
  for (const [kind, request] of Object.entries(kinds)) {
    const sideOf = (worker: CorpusSite): Side => ({
      worker,
      requests: Math.max(60, Math.round(REQUESTS * scale)),
      status: 200,
      request: (n) => request(worker, n),
    })
    const { ours, bare } = await compare(Math.min(rounds, 5), sideOf(large), sideOf(small))
    const seconds = [ours, bare].map((side) => side.map(({ perSecond }) => 1000 / perSecond))
    const [mine = [], least = []] = seconds
    const ratio = medianRatio(mine, least)
    figures.push({
      figure: `cold ${kind}: ms a request, ${count(large.paths.length)} articles against ${FEW}`,
      measured: ratioText(ratio, mine, least, 2),
      target: '≤ 1.5',
      isMet: ratio <= 1.5,
      details: { ratio, large: ours, small: bare },
    })
  }
  return figures
}

/** What a reader downloads for a page of a site that is full. */
async function weight(site: CorpusSite, name: string, path: string): Promise<Figure> {
  const bytes = gzipSync(await (await fetch(site.url + path)).text(), { level: 9 }).length
  return {
    figure: `${name}, ${count(site.paths.length)} articles, everything inlined, gzip -9`,
    measured: `${count(bytes)} B`,
    target: `≤ ${count(PAGE_LIMIT)} B`,
    isMet: bytes <= PAGE_LIMIT,
    details: { bytes },
  }
}

/** How many rows D1 reads for a page, as it says itself. */
async function rowsRead(site: CorpusSite): Promise<Figure> {
  const last = Math.floor(site.paths.length / LIST_LENGTH)
  const year = new Date().getUTCFullYear() - 1
  const paths = {
    front: '/',
    'section page 1': '/category/wirtschaft/',
    'section page 40': '/category/wirtschaft/page/40/',
    'list page 2': '/page/2/',
    [`list page ${last}`]: `/page/${last}/`,
    feed: '/feed/',
    'sitemap file': `/sitemap-${year}.xml`,
    article: site.paths[0] ?? '',
  }
  const rows: Record<string, number> = {}
  for (const [name, path] of Object.entries(paths)) {
    const response = await fetch(site.url + path, { headers: { 'x-probe-now': new Date().toISOString() } })
    if (response.status !== 200) throw new Error(`${path} was answered ${response.status}`)
    await response.arrayBuffer()
    rows[name] = Number(response.headers.get('x-probe-rows-read'))
  }
  const most = Math.max(...Object.values(rows))
  return {
    figure: `D1 rows read with ${count(site.paths.length)} articles`,
    measured: Object.entries(rows)
      .map(([name, read]) => `${name} ${count(read)}`)
      .join(', '),
    target: `page ${last} as page 2, each ≤ 3,000`,
    isMet: most <= 3000 && isAsMuch(rows['list page 2'], rows[`list page ${last}`]),
    details: rows,
  }
}

/** A page reads a handful of rows more or less than another, by how many articles its day and its month have. */
const isAsMuch = (one = 0, other = 0) => Math.abs(one - other) <= 0.25 * Math.max(one, other)

/** One search after the other, against a Worker that reads one row. */
async function searchLatency(
  site: CorpusSite,
  queries: readonly string[],
  { rounds, scale }: Effort,
): Promise<Figure> {
  const slug = site.paths[0]?.replaceAll('/', '') ?? ''
  await using bare = await startWorker('bench/workers/bare-read.ts', { SLUG: slug })
  await bare.db
    .prepare(
      "INSERT INTO article (slug, title, description, section, published_at, comments, status, revision, hash) VALUES (?1, 'Titel', 'Text', 'medien', '2026-01-01T00:00:00Z', 'open', 'published', 1, 'x')",
    )
    .bind(slug)
    .run()
  const requests = Math.max(50, Math.round(200 * scale))
  const { ours, bare: least } = await compare(
    Math.min(rounds, 5),
    {
      worker: site,
      requests,
      status: 200,
      connections: 1,
      request: (n) => searchRequest(site.url, queries[n % queries.length] ?? '', n),
    },
    { worker: bare, requests, status: 200, connections: 1, request: () => viewRequest(bare.url, '/') },
  )
  const [mine, theirs] = [ours.map(({ p95Ms }) => p95Ms), least.map(({ p95Ms }) => p95Ms)]
  return {
    figure: `search over ${count(site.paths.length)} articles, cold: p95 in ms against a one-row D1 read`,
    measured: ratioText(medianRatio(mine, theirs), mine, theirs, 1),
    target: 'printed',
    isMet: true,
    details: { p95Ms: median(mine), ours, least },
  }
}

/**
 * success@3 of the table in `test/searching/relevance.ts`, among all generated articles: of ten thousand, some are
 * about what a query asks for, and rightly come first.
 */
async function relevance(site: CorpusSite, target: string, least: number): Promise<Figure> {
  let n = 0
  const { success, misses } = await measureRelevance(async (path) => {
    const response = await fetch(site.url + path, { headers: { 'cf-connecting-ip': addressOf(n++) } })
    return response.text()
  })
  return {
    figure: `search relevance: success@3 of ${WISHES.length} queries among ${count(site.paths.length)} articles`,
    measured: success.toFixed(3),
    target,
    isMet: success >= least,
    details: { success, misses },
  }
}
