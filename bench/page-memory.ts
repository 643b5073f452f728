import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { PageCache } from '../src/http/page-cache.ts'
import type { Effort, Figure, Measure } from './support/figure.ts'
import { isolateBytes } from './support/heap.ts'
import { load } from './support/load.ts'
import { callApi, openNewsroom } from './support/newsroom.ts'
import { residentBytes } from './support/processes.ts'
import { viewRequest } from './support/requests.ts'
import { count } from './support/statistics.ts'

const PAGES = 1_000_000
const ARTICLES = 2000
/** Different pages of each article: its own, and those of its older comments. */
const PAGES_OF_EACH = 8
const MIB = 1024 * 1024
/** What the platform grants an isolate before it is taken away. */
const ISOLATE_LIMIT = 128 * MIB

/** Cold views of ever different pages: the memory that pages take stays below its limit. */
export const pageMemory: Measure = async (effort) => [cacheAlone(effort), await cacheInWorker(effort)]

/** Drives the isolate's cache itself with a million pages of 20 to 60 kB. */
function cacheAlone({ scale }: Effort): Figure {
  setFlagsFromString('--expose-gc')
  const gc: () => void = runInNewContext('gc')
  const collectGarbage = () => [gc(), gc()] // the second waits for what the first has left to its helpers
  const limit = 8 * MIB
  const cache = new PageCache(limit)
  const pages = Math.round(PAGES * scale)
  collectGarbage()
  const before = process.memoryUsage().arrayBuffers
  let [mostCounted, mostHeld] = [0, 0]
  for (let n = 0; n < pages; n++) {
    const content = new Uint8Array(20_000 + ((n * 7919) % 40_000))
    cache.set(`https://example.org/artikel-${n}/`, {
      bytes: content.length + 1024,
      madeAt: n,
      ...{ content },
    })
    mostCounted = Math.max(mostCounted, cache.bytes)
    if (n % (pages / 20) !== 0 && n !== pages - 1) continue
    collectGarbage()
    mostHeld = Math.max(mostHeld, process.memoryUsage().arrayBuffers - before)
  }
  return {
    figure: `${count(pages)} cold views of different pages, cache of 8 MiB: most bytes`,
    measured: `${count(mostCounted)} counted, ${count(mostHeld)} held`,
    target: `≤ ${count(limit)}`,
    isMet: mostCounted <= limit && mostHeld <= limit,
    details: { pages, limit, mostCounted, mostHeld },
  }
}

/** The same in workerd: a site with a cache of 1 MiB, whose views would fill a hundred times that. */
async function cacheInWorker({ scale }: Effort): Promise<Figure> {
  await using site = await openNewsroom('src/worker.ts', { PAGE_CACHE_BYTES: String(MIB) }, true)
  const articles = Math.round((ARTICLES * scale) / 20) * 20
  await publishArticles(site.url, articles)
  const inspector = await site.inspector()
  const [isolate, resident]: [number[], number[]] = [[], []]
  for (let page = 0; page < PAGES_OF_EACH; page++) {
    let next = 0
    const query = page === 0 ? '' : `?ab=${page}`
    const request = () => viewRequest(site.url, `/artikel-${next++}/${query}`)
    await load(site, { requests: articles, status: 200, request })
    isolate.push(await isolateBytes(inspector))
    resident.push(await residentBytes(site.pid))
  }
  const [views, most] = [articles * PAGES_OF_EACH, Math.max(...isolate)]
  return {
    figure: `${count(views)} cold views in workerd, cache of 1 MiB: memory of the isolate`,
    measured: `${(most / MIB).toFixed(0)} MiB`,
    target: `≤ ${ISOLATE_LIMIT / MIB} MiB`,
    isMet: most <= ISOLATE_LIMIT,
    details: { views, isolate, resident },
  }
}

async function publishArticles(url: string, articles: number): Promise<void> {
  for (let first = 0; first < articles; first += 20) {
    const items = Array.from({ length: 20 }, (_, n) => articleOf(first + n))
    await callApi(url, 'articles', { items })
  }
}

const PARAGRAPH =
  'Der Absatz erzählt mit ruhigen Wörtern, was an diesem Tag in der Branche geschah und warum es nützt. '.repeat(
    4,
  )

const articleOf = (n: number) => ({
  slug: `artikel-${n}`,
  frontMatter: {
    title: `Artikel ${n}`,
    description: 'Einer von vielen.',
    date: '2026-01-15T09:00:00+01:00',
    section: 'medien',
    author: 'Miriam Albers',
  },
  body: Array.from({ length: 12 }, (_, paragraph) => `${n}.${paragraph} ${PARAGRAPH}`).join('\n\n'),
})
