import type { Cost } from '../test/support/probe-worker.ts'
import type { Measure } from './support/figure.ts'
import { ARTICLE, openNewsroom } from './support/newsroom.ts'

/** What the first view of an article costs, right after the isolate started and later, as the probe counts it. */
export const coldArticle: Measure = async () => {
  await using site = await openNewsroom('test/support/probe-worker.ts')
  const costs: Cost[] = []
  // Publishing has left the settings in the isolate's memory; a minute later they are stale, as after a start.
  for (const minutes of [1, 1, 3]) costs.push(await costOfView(site.url, minutes))
  const [cold, again, stale] = costs
  const isMet = isOneAndOne(cold) && again?.kv === 0 && again.d1 === 0
  return [
    {
      figure: 'cold article: KV reads + D1 round trips',
      measured: `${cold?.kv} + ${cold?.d1}, ${cold?.parallel ? 'parallel' : 'one after the other'}`,
      target: '1 + 1, parallel',
      isMet,
      details: { cold, again, stale },
    },
  ]
}

const isOneAndOne = (cost: Cost | undefined) => cost?.kv === 1 && cost.d1 === 1 && cost.parallel

async function costOfView(url: string, minutes: number): Promise<Cost> {
  const now = new Date(Date.now() + minutes * 60_000).toISOString()
  const response = await fetch(`${url}/${ARTICLE}/`, { headers: { 'x-probe-now': now } })
  if (response.status !== 200) throw new Error(`a cold view was answered ${response.status}`)
  await response.arrayBuffer()
  return JSON.parse(response.headers.get('x-probe-cost') ?? '{}')
}
