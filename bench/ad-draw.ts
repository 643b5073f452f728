import { Campaign } from '../src/ad/campaign.ts'
import { drawAds } from '../src/ad/draw.ts'
import { AdPlan } from '../src/ad/plan.ts'
import { parse } from '../src/publish/issue.ts'
import type { Figure, Measure } from './support/figure.ts'
import { median } from './support/statistics.ts'

const [FEW, MANY] = [20, 2000]
const DRAWS = 200_000
const NOW = Date.parse('2026-06-01T12:00:00Z')
const READER = { country: null, device: null }

/** What a draw of three slots costs with many campaigns in force, against few; in this process, turn about. */
export const adDraw: Measure = async ({ rounds, scale }) => {
  const [few, many] = [dealer(FEW), dealer(MANY)]
  const draws = DRAWS * scale
  for (const warmUp of [few, many]) warmUp(draws)
  const times = Array.from({ length: rounds }, () => [few(draws), many(draws)] as const)
  const [least, most] = [times.map(([time]) => time), times.map(([, time]) => time)]
  const ratio = median(times.map(([a, b]) => b / a))
  const figure: Figure = {
    figure: `draw of 3 slots, ${MANY} campaigns against ${FEW}`,
    measured: `${ratio.toFixed(2)} (${nanoseconds(most, draws)} : ${nanoseconds(least, draws)} ns)`,
    target: '≤ 1.5',
    isMet: ratio <= 1.5,
    details: { ratio, few: least, many: most },
  }
  return [figure]
}

const nanoseconds = (times: readonly number[], draws: number) => Math.round((median(times) / draws) * 1e6)

/** Draws again and again from a page that so many campaigns could fill; half of them take part by half of the chance. */
function dealer(count: number): (draws: number) => number {
  const campaigns = Array.from({ length: count }, (_, n) => campaign(n))
  const page = new AdPlan(campaigns, 'Europe/Berlin').decksFor(
    {
      page: 'article',
      slots: ['in-article', 'in-article', 'after-article'],
      section: 'wirtschaft',
      tags: [],
      article: 'artikel',
      authors: [],
      isSensitive: false,
    },
    NOW,
  )
  const chances = new Map(campaigns.filter((_, n) => n % 2 === 0).map(({ id }) => [String(id), 0.5]))
  return (draws) => {
    const start = performance.now()
    for (let n = 0; n < draws; n++) drawAds(page, READER, chances, Math.random)
    return performance.now() - start
  }
}

function campaign(n: number): Campaign {
  const parsed = parse(Campaign, {
    id: `kampagne-${n}`,
    name: `Kampagne ${n}`,
    advertiser: 'Kontor',
    start: null,
    end: null,
    weight: 1 + (n % 10),
    ...(n % 3 === 1 ? { category: `branche-${n % 9}` } : {}),
    creatives: [
      { kind: 'native', id: 'a', share: 1, headline: 'Angebot', text: 'Fracht.', button: 'Los', url: '/x/' },
    ],
  })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues))
  return parsed.value
}
