import { writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { adBeacons } from './ad-beacons.ts'
import { adDraw } from './ad-draw.ts'
import { adReport } from './ad-report.ts'
import { bundle } from './bundle.ts'
import { coldArticle } from './cold-article.ts'
import { commentPost } from './comment-post.ts'
import { comments } from './comments.ts'
import { hotAds, hotArticle, hotLists } from './hot-page.ts'
import { lighthouseScores } from './lighthouse.ts'
import { pageMemory } from './page-memory.ts'
import { pageWeight } from './page-weight.ts'
import { publish } from './publish.ts'
import { scale } from './scale.ts'
import { sitemap } from './sitemap.ts'
import { stalePage } from './stale-page.ts'
import type { Figure, Measure } from './support/figure.ts'
import { tableOf } from './support/table.ts'

/** npm run bench — every figure that the site promises, measured; see docs/performance.md. Exits 1 when one is missed. */

const measures: Record<string, Measure> = {
  'hot-article': hotArticle,
  'hot-lists': hotLists,
  'hot-ads': hotAds,
  'ad-draw': adDraw,
  'ad-beacons': adBeacons,
  'ad-report': adReport,
  'cold-article': coldArticle,
  'comment-post': commentPost,
  comments,
  'stale-page': stalePage,
  'page-weight': pageWeight,
  bundle,
  'page-memory': pageMemory,
  sitemap,
  publish,
  scale,
  lighthouse: lighthouseScores,
}

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: Object.keys(measures) },
    json: { type: 'string' },
  },
})

const effort = options.quick ? { rounds: 3, scale: 0.1 } : { rounds: 11, scale: 1 }
const figures: Figure[] = []
for (const name of options.only) {
  const measure = measures[name]
  if (!measure) throw new Error(`no figure ${name}; there are ${Object.keys(measures).join(', ')}`)
  console.error(`… ${name}`)
  figures.push(...(await measure(effort)))
}

const machine = {
  date: new Date().toISOString(),
  node: process.version,
  cpu: cpus()[0]?.model,
  cores: cpus().length,
}
console.log(tableOf(figures))
if (options.json) await writeFile(options.json, JSON.stringify({ machine, effort, figures }, null, 2))

const missed = figures.filter(({ isMet }) => !isMet)
for (const { figure, measured, target } of missed)
  console.error(`missed: ${figure}: ${measured}, not ${target}`)
process.exitCode = missed.length > 0 ? 1 : 0
