import { FRESH_MS } from '../src/http/page-cache.ts'
import type { Cost } from '../test/support/probe-worker.ts'
import type { Measure } from './support/figure.ts'
import { ARTICLE, openNewsroom } from './support/newsroom.ts'

const READERS = 200

/** Many readers at once of a page that has just become stale: how many of them make the isolate read its stores. */
export const stalePage: Measure = async () => {
  await using site = await openNewsroom('test/support/probe-worker.ts')
  const start = Date.now()
  await view(site.url, start)
  const later = start + FRESH_MS + 1000
  const views = await Promise.all(Array.from({ length: READERS }, () => view(site.url, later)))
  const refreshes = views.filter(({ kv, d1 }) => kv + d1 > 0)
  const calls = { kv: sum(views, 'kv'), d1: sum(views, 'd1') }
  return [
    {
      figure: `${READERS} views at once of a stale page: refreshes`,
      measured: `${refreshes.length} (${calls.kv} KV, ${calls.d1} D1), ${READERS - refreshes.length} without a call`,
      target: '1',
      isMet: refreshes.length === 1 && calls.kv === 1 && calls.d1 === 1,
      details: { readers: READERS, refreshes: refreshes.length, ...calls },
    },
  ]
}

const sum = (costs: readonly Cost[], store: 'kv' | 'd1') => costs.reduce((all, cost) => all + cost[store], 0)

/** A view at a moment; what the isolate does after the answer is counted, too. */
async function view(url: string, now: number): Promise<Cost> {
  const headers = { 'x-probe-now': new Date(now).toISOString(), 'x-probe-settle': '1' }
  const response = await fetch(`${url}/${ARTICLE}/`, { headers })
  if (response.status !== 200) throw new Error(`a view was answered ${response.status}`)
  await response.arrayBuffer()
  return JSON.parse(response.headers.get('x-probe-cost') ?? '{}')
}
