import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AliasTable } from '../../src/ad/alias.ts'
import type { Campaign } from '../../src/ad/campaign.ts'
import type { AdContext, Reader } from '../../src/ad/context.ts'
import { type Chances, type Choice, drawAds } from '../../src/ad/draw.ts'
import { AdPlan } from '../../src/ad/plan.ts'
import { isPlausible } from '../support/chance.ts'
import { ANYWHERE, adContext, creative, stored } from '../support/fake-site.ts'
import { slug } from '../support/fixture.ts'
import { seeded } from '../support/seeded.ts'

/** How the ads of one view of a page are drawn. Every dice is seeded: what passes once passes always. */

const NOW = Date.parse('2026-01-15T12:00:00Z')
const SOMEBODY: Reader = { country: null, device: null }
const DRAWS = 100_000

interface Table {
  campaigns: readonly Campaign[]
  context?: Partial<AdContext>
  reader?: Reader
  chances?: Chances
}

/** Draws once and again from the same page. */
function dealer({ campaigns, context = {}, reader = SOMEBODY, chances = new Map() }: Table, seed = 1) {
  const page = new AdPlan(campaigns, 'Europe/Berlin').decksFor(adContext(context), NOW)
  const random = seeded(seed)
  return () => drawAds(page, reader, chances, random)
}

/** How often each outcome came, over many draws. */
function tally(
  table: Table,
  say: (choices: (Choice | null)[]) => string,
  draws = DRAWS,
): Map<string, number> {
  const draw = dealer(table)
  const counts = new Map<string, number>()
  for (let n = 0; n < draws; n++) {
    const outcome = say(draw())
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  }
  return counts
}

const firstId = ([choice]: (Choice | null)[]) => choice?.campaign.id ?? 'none'
const ids = (choices: (Choice | null)[]) => choices.map((choice) => choice?.campaign.id ?? 'none')

/** Expects counts that fair dice give at least once in a thousand times. */
function expectFair(counts: ReadonlyMap<string, number>, shares: Readonly<Record<string, number>>): void {
  expect([...counts.keys()].sort()).toEqual(Object.keys(shares).sort())
  const total = Object.values(shares).reduce((sum, share) => sum + share, 0)
  const draws = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const observed = Object.keys(shares).map((name) => counts.get(name) ?? 0)
  const expected = Object.values(shares).map((share) => (share / total) * draws)
  expect(isPlausible(observed, expected)).toBe(true)
}

describe('a campaign’s chance', () => {
  test('is in proportion to its weight', () => {
    const campaigns = [stored('leicht'), stored('mittel', { weight: 3 }), stored('schwer', { weight: 16 })]
    expectFair(tally({ campaigns }, firstId), { leicht: 1, mittel: 3, schwer: 16 })
  })

  test('is divided among its creatives by their shares', () => {
    const creatives = [creative('a'), creative('b', { share: 2 }), creative('c', { share: 7 })]
    const campaigns = [stored('eine', { creatives })]
    expectFair(
      tally({ campaigns }, ([choice]) => choice?.creative.id ?? 'none'),
      { a: 1, b: 2, c: 7 },
    )
  })

  test('is nil while it takes no part, and by weight among those that do', () => {
    const campaigns = [stored('halb', { weight: 2 }), stored('ganz'), stored('nie', { weight: 50 })]
    const chances = new Map([
      ['halb', 0.5],
      ['nie', 0],
    ])
    // Half of the time both are there, and the first wins two times of three; else the second is alone.
    expectFair(tally({ campaigns, chances }, firstId), { halb: 1 / 3, ganz: 2 / 3 })
  })

  test('leaves a slot empty as often as it takes no part alone', () => {
    const chances = new Map([['eine', 0.3]])
    expectFair(tally({ campaigns: [stored('eine')], chances }, firstId), { eine: 0.3, none: 0.7 })
  })

  test('is the same where hardly any of many take part', () => {
    const campaigns = Array.from({ length: 300 }, (_, n) => stored(`c${n}`, { weight: n < 3 ? n + 1 : 100 }))
    const chances = new Map(campaigns.slice(3).map(({ id }) => [String(id), 0]))
    expectFair(tally({ campaigns, chances }, firstId, 20_000), { c0: 1, c1: 2, c2: 3 })
  })
})

describe('what is sold', () => {
  test('comes before the house’s own, whatever their weights', () => {
    const campaigns = [stored('verkauft'), stored('haus', { priority: 'house', weight: 100 })]
    expect([...tally({ campaigns }, firstId, 1000)]).toEqual([['verkauft', 1000]])
  })

  test('leaves the slot to the house where it takes no part', () => {
    const campaigns = [stored('verkauft'), stored('haus', { priority: 'house' })]
    const chances = new Map([['verkauft', 0.25]])
    expectFair(tally({ campaigns, chances }, firstId), { verkauft: 1, haus: 3 })
  })
})

describe('the slots of one page', () => {
  const three: Partial<AdContext> = { slots: ['in-article', 'in-article', 'after-article'] }

  test('never carry one campaign twice', () => {
    const campaigns = [stored('a', { weight: 90 }), stored('b'), stored('c'), stored('d')]
    const draw = dealer({ campaigns, context: three })
    for (let n = 0; n < 2000; n++) expect(new Set(ids(draw())).size).toBe(3)
  })

  test('stay empty rather than repeat the only one', () => {
    const draw = dealer({ campaigns: [stored('einzige')], context: three })
    expect(ids(draw()).sort()).toEqual(['einzige', 'none', 'none'])
  })

  test('never carry two campaigns of one category', () => {
    const campaigns = [
      stored('bank-1', { category: slug('banken'), weight: 40 }),
      stored('bank-2', { category: slug('banken'), weight: 40 }),
      stored('verlag'),
      stored('ohne'),
    ]
    const draw = dealer({ campaigns, context: three })
    for (let n = 0; n < 2000; n++) {
      expect(ids(draw()).filter((id) => id.startsWith('bank')).length).toBeLessThanOrEqual(1)
    }
  })

  test('share the pairs fairly: without replacement, by weight', () => {
    const campaigns = [stored('a'), stored('b', { weight: 2 }), stored('c', { weight: 3 })]
    const pairs = tally({ campaigns, context: { slots: ['in-article', 'in-article'] } }, (choices) =>
      ids(choices).join(' '),
    )
    expectFair(pairs, {
      'a b': (1 / 6) * (2 / 5),
      'a c': (1 / 6) * (3 / 5),
      'b a': (2 / 6) * (1 / 4),
      'b c': (2 / 6) * (3 / 4),
      'c a': (3 / 6) * (1 / 3),
      'c b': (3 / 6) * (2 / 3),
    })
  })

  test('are drawn together: the campaign that fits only one of them is not left out for one that fits both', () => {
    const campaigns = [
      stored('ueberall', { placements: ['in-article', 'after-article'] }),
      stored('nur-unten', { placements: ['after-article'] }),
    ]
    const draw = dealer({ campaigns, context: { slots: ['after-article', 'in-article'] } })
    for (let n = 0; n < 500; n++) expect(ids(draw())).toEqual(['nur-unten', 'ueberall'])
  })

  test('leave the one beside the text empty on a phone, where nobody would see it', () => {
    const context: Partial<AdContext> = { slots: ['side', 'in-article'] }
    const campaigns = [stored('eine')]
    const onPhone = dealer({ campaigns, context, reader: { country: null, device: 'phone' } })
    for (let n = 0; n < 50; n++) expect(ids(onPhone())).toEqual(['none', 'eine'])
  })

  test('let a campaign take part in the whole view or in none of it', () => {
    const chances = new Map([['eine', 0.5]])
    const context: Partial<AdContext> = { slots: Array.from({ length: 6 }, () => 'in-article' as const) }
    const shown = tally({ campaigns: [stored('eine')], chances, context }, (choices) =>
      choices.some(Boolean) ? 'shown' : 'none',
    )
    expectFair(shown, { shown: 1, none: 1 })
  })
})

describe('a campaign for some readers', () => {
  const inAustria = stored('wien', { target: { ...ANYWHERE, countries: ['AT'] } })
  const onPhones = stored('app', { target: { ...ANYWHERE, devices: ['phone'] } })

  test.each<[string, Campaign, Reader, string]>([
    ['the country', inAustria, { country: 'AT', device: null }, 'wien'],
    ['another country', inAustria, { country: 'DE', device: null }, 'none'],
    ['an unknown country', inAustria, { country: null, device: null }, 'none'],
    ['the device', onPhones, { country: null, device: 'phone' }, 'app'],
    ['another device', onPhones, { country: null, device: 'desktop' }, 'none'],
    ['an unknown device', onPhones, { country: null, device: null }, 'none'],
  ])('looks at %s, and guesses nothing', (_, campaign, reader, expected) => {
    expect(firstId(dealer({ campaigns: [campaign], reader })())).toBe(expected)
  })
})

test('whatever the campaigns, every rule holds in every draw', () => {
  const anyCampaign = fc.record({
    weight: fc.integer({ min: 1, max: 100 }),
    priority: fc.constantFrom('sold' as const, 'house' as const),
    category: fc.constantFrom(undefined, 'a', 'b'),
    sensitive: fc.boolean(),
    countries: fc.subarray(['DE', 'AT', 'CH']),
    chance: fc.constantFrom(0, 0.2, 1),
  })
  const page = fc.record({
    campaigns: fc.array(anyCampaign, { maxLength: 30 }),
    isSensitive: fc.boolean(),
    country: fc.constantFrom(null, 'DE', 'AT'),
    slots: fc.array(fc.constantFrom('in-article' as const, 'after-article' as const, 'list' as const), {
      minLength: 1,
      maxLength: 5,
    }),
    seed: fc.integer(),
  })
  fc.assert(
    fc.property(page, ({ campaigns, isSensitive, country, slots, seed }) => {
      const all = campaigns.map(({ category, countries, chance: _, ...rest }, n) =>
        stored(`c${n}`, {
          ...rest,
          ...(category ? { category: slug(category) } : {}),
          target: { ...ANYWHERE, countries },
        }),
      )
      const chances = new Map(campaigns.map(({ chance }, n) => [`c${n}`, chance]))
      const table = {
        campaigns: all,
        context: { slots, isSensitive },
        reader: { country, device: null },
        chances,
      }
      const drawn = dealer(table, seed)().flatMap((choice) => choice?.campaign ?? [])
      expect(new Set(drawn).size).toBe(drawn.length)
      const categories = drawn.flatMap(({ category }) => category ?? [])
      expect(new Set(categories).size).toBe(categories.length)
      for (const { id, sensitive, target } of drawn) {
        expect(chances.get(id)).toBeGreaterThan(0)
        expect(sensitive || !isSensitive).toBe(true)
        expect(target.countries.length === 0 || target.countries.includes(country ?? '?')).toBe(true)
      }
      // A slot is empty only where nothing that surely takes part could stand in it.
      const free = all.filter(
        ({ id, sensitive, target, category }) =>
          chances.get(id) === 1 &&
          (sensitive || !isSensitive) &&
          (target.countries.length === 0 || target.countries.includes(country ?? '?')) &&
          !drawn.some((one) => one.id === id) &&
          (category === undefined || !categories.includes(category)),
      )
      if (drawn.length < slots.length) expect(free).toEqual([])
    }),
    { numRuns: 400 },
  )
})

describe('a table of weights', () => {
  test('gives each index its share, whatever the weights', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 40 }), (weights) => {
        const total = weights.reduce((sum, weight) => sum + weight, 0)
        fc.pre(total > 0)
        const table = new AliasTable(weights)
        // Each cell is crossed by so many even steps that its two parts are measured to a thousandth.
        const steps = weights.length * 2000
        const counts = weights.map(() => 0)
        for (let n = 0; n < steps; n++) {
          const index = table.draw((n + 0.5) / steps)
          counts[index] = (counts[index] ?? 0) + 1
        }
        for (const [n, weight] of weights.entries()) {
          expect(Math.abs((counts[n] ?? 0) / steps - weight / total)).toBeLessThan(0.001)
        }
      }),
      { numRuns: 100 },
    )
  })

  test('answers the last chance with one that is there', () => {
    const table = new AliasTable([1, 2, 3])
    expect([0, 1, 2]).toContain(table.draw(1 - Number.EPSILON / 2))
  })
})
