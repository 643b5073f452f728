import type { Effort, Figure, Measure } from './support/figure.ts'
import { type Comparison, compare, cpuText, ratioText } from './support/load.ts'
import { ARTICLE, callApi, openNewsroom } from './support/newsroom.ts'
import { viewRequest } from './support/requests.ts'
import { medianRatio } from './support/statistics.ts'
import { type RunningWorker, startWorker } from './support/workerd.ts'

/** Short loads and many of them: what else the machine does in the meantime meets both sides. */
const REQUESTS = 2000
const ROUNDS = 5
/** The engine goes on optimising our code for more than 100,000 requests; that of the bare Worker has less to optimise. */
const WARM_UP = 100

/** An article asked for again and again, against a bare Worker that returns one of its pages as a constant. */
export const hotArticle: Measure = async (effort) => {
  await using site = await openNewsroom()
  const { ads, ...page } = await usualPage(site, `/${ARTICLE}/`)
  if (ads < 2) throw new Error('the same ad in a hundred views: nothing is chosen')
  const outcomes = await compareWithBare(site, `/${ARTICLE}/`, page, effort)
  const details = { pageBytes: Buffer.byteLength(page.text), ads, ...outcomes }
  return [throughput('article', outcomes, details), slowest(outcomes, details)]
}

/** Campaigns in force, of which a page has three. */
const CAMPAIGNS = 200

/** The same article with three slots and many campaigns to choose from. */
export const hotAds: Measure = async (effort) => {
  await using site = await openNewsroom()
  const campaigns = Array.from({ length: CAMPAIGNS }, (_, n) => campaign(n))
  for (let at = 0; at < CAMPAIGNS; at += 20)
    await callApi(site.url, 'ads', { items: campaigns.slice(at, at + 20) })
  const { ads, ...page } = await usualPage(site, `/${ARTICLE}/`)
  const slots = page.text.match(/class="ad-label"/g)?.length
  if (slots !== 3) throw new Error(`the page has ${slots} ads`)
  const outcomes = await compareWithBare(site, `/${ARTICLE}/`, page, effort)
  const details = { pageBytes: Buffer.byteLength(page.text), ads, ...outcomes }
  return [throughput(`article with ${CAMPAIGNS} campaigns and 3 slots`, outcomes, details)]
}

/** One of many campaigns: a third of them for a section, a third of one category, all with a weight of their own. */
const campaign = (n: number) => ({
  slug: `kampagne-${n}`,
  body: '',
  frontMatter: {
    advertiser: `Kontor ${n}`,
    weight: 1 + (n % 10),
    ...(n % 3 === 0 ? { target: { sections: ['wirtschaft', 'medien'] } } : {}),
    ...(n % 3 === 1 ? { category: `branche-${n % 9}` } : {}),
    creatives: [
      {
        kind: 'native',
        headline: `Angebot Nummer ${n}`,
        text: 'Wir bringen Ihre Fracht ans Ziel und sagen vorher, was es kostet.',
        button: 'Angebot anfordern',
        url: `https://example.com/${n}`,
      },
    ],
  },
})

/** The front page and a section's list, measured in the same way. */
export const hotLists: Measure = async (effort) => {
  await using site = await openNewsroom()
  const figures: Figure[] = []
  for (const [kind, path] of [
    ['front', '/'],
    ['section list', '/category/medien/'],
  ] as const) {
    const { ads, ...page } = await usualPage(site, path)
    const outcomes = await compareWithBare(site, path, page, effort)
    figures.push(throughput(kind, outcomes, { pageBytes: Buffer.byteLength(page.text), ads, ...outcomes }))
  }
  return figures
}

async function compareWithBare(
  site: RunningWorker,
  path: string,
  page: { text: string; headers: Record<string, string> },
  { rounds, scale }: Effort,
): Promise<Comparison> {
  await using bare = await startWorker('bench/workers/bare-page.ts', { PAGE: JSON.stringify(page) })
  const sideOf = (worker: RunningWorker) => {
    const bytes = viewRequest(worker.url, path)
    return { worker, requests: REQUESTS * scale, status: 200, request: () => bytes }
  }
  // Awaited here: both Workers end with this function.
  return await compare(rounds * ROUNDS, sideOf(site), sideOf(bare), WARM_UP)
}

function throughput(kind: string, outcomes: Comparison, details: Record<string, unknown>): Figure {
  const { ours, bare } = outcomes
  const [mine, least] = [ours.map(({ perSecond }) => perSecond), bare.map(({ perSecond }) => perSecond)]
  const ratio = medianRatio(mine, least)
  return {
    figure: `hot ${kind}, requests/s against a bare Worker`,
    measured: `${ratioText(ratio, mine, least)}, ${cpuText(outcomes)}`,
    target: '≥ 0.9',
    isMet: ratio >= 0.9,
    details: { ratio, ...details },
  }
}

function slowest({ ours, bare }: Comparison, details: Record<string, unknown>): Figure {
  const [mine, least] = [ours.map(({ p99Ms }) => p99Ms), bare.map(({ p99Ms }) => p99Ms)]
  const ratio = medianRatio(mine, least)
  return {
    figure: 'hot article, p99 in ms against the bare Worker’s',
    measured: ratioText(ratio, mine, least, 1),
    target: '≤ 2',
    isMet: ratio <= 2,
    details: { ratio, ...details },
  }
}

/** A page of median size among many views, its headers, and how many different ads those views had. */
async function usualPage({ url }: RunningWorker, path: string) {
  const texts: string[] = []
  let headers: Record<string, string> = {}
  for (let view = 0; view < 100; view++) {
    const response = await fetch(url + path)
    texts.push(await response.text())
    headers = Object.fromEntries([...response.headers].filter(([name]) => name !== 'content-length'))
  }
  const ads = new Set(texts.flatMap((text) => text.match(/(?<=href="\/go\/)[\w-]+/g) ?? [])).size
  texts.sort((a, b) => a.length - b.length)
  return { text: texts[texts.length >> 1] ?? '', headers, ads }
}
