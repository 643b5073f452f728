import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Campaign } from '../../src/ad/campaign.ts'
import { phaseOf } from '../../src/ad/campaign.ts'
import type { AdContext } from '../../src/ad/context.ts'
import { AdPlan, isFor, isInForce } from '../../src/ad/plan.ts'
import { ANYWHERE, adContext, creative, stored } from '../support/fake-site.ts'
import { slug } from '../support/fixture.ts'

/** Which campaigns a page could carry at a moment. */

const BERLIN = 'Europe/Berlin'
const at = (moment: string) => Date.parse(moment)
const NOON = at('2026-01-15T12:00:00Z')

const candidates = (plan: AdPlan, context: AdContext, now = NOON) =>
  plan
    .decksFor(context, now)
    .slots.map(({ sold, house }) => [...sold.orders, ...house.orders].map(({ campaign }) => campaign.id))

describe('a campaign', () => {
  const run = { start: at('2026-06-20T22:00:00Z'), end: at('2026-09-22T22:00:00Z') }

  test.each<[Campaign['state'], string, ReturnType<typeof phaseOf>]>([
    ['ready', '2026-06-20T21:59:59Z', 'ready'],
    ['ready', '2026-06-20T22:00:00Z', 'running'],
    ['ready', '2026-09-22T21:59:59Z', 'running'],
    ['ready', '2026-09-22T22:00:00Z', 'ended'],
    ['draft', '2026-07-01T00:00:00Z', 'draft'],
    ['draft', '2027-07-01T00:00:00Z', 'draft'],
    ['paused', '2026-07-01T00:00:00Z', 'paused'],
    ['paused', '2027-07-01T00:00:00Z', 'ended'],
    ['ended', '2026-07-01T00:00:00Z', 'ended'],
  ])('that is %s is at %s: %s', (state, moment, phase) => {
    expect(phaseOf({ state, ...run }, at(moment))).toBe(phase)
  })

  test('without dates runs from now on for ever', () => {
    expect(phaseOf({ state: 'ready', start: null, end: null }, 0)).toBe('running')
  })

  test('stands on pages only while it runs', () => {
    for (const state of ['draft', 'paused', 'ended'] as const)
      expect(isInForce(stored('eine', { state }), NOON, BERLIN)).toBe(false)
    expect(isInForce(stored('eine'), NOON, BERLIN)).toBe(true)
  })
})

describe('hours', () => {
  const office = stored('buero', {
    target: { ...ANYWHERE, hours: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: 8, until: 18 }] },
  })

  test.each([
    ['a Thursday at noon', '2026-01-15T11:00:00Z', true],
    ['its first minute', '2026-01-15T07:00:00Z', true],
    ['the minute before', '2026-01-15T06:59:59Z', false],
    ['its last minute', '2026-01-15T16:59:59Z', true],
    ['the minute after', '2026-01-15T17:00:00Z', false],
    ['a Saturday', '2026-01-17T11:00:00Z', false],
    ['an hour earlier by UTC in summer', '2026-07-16T06:00:00Z', true],
    ['the Monday on which summer time has begun', '2026-03-30T06:00:00Z', true],
    ['the Friday before', '2026-03-27T06:00:00Z', false],
  ])('are those where the site is: %s', (_, moment, expected) => {
    expect(isInForce(office, at(moment), BERLIN)).toBe(expected)
  })

  test('begin and end in a plan that is kept', () => {
    const plan = new AdPlan([office], BERLIN)
    const page = adContext()
    expect(candidates(plan, page, at('2026-01-15T06:59:59Z'))).toEqual([[]])
    expect(candidates(plan, page, at('2026-01-15T07:00:00Z'))).toEqual([['buero']])
    expect(candidates(plan, page, at('2026-01-15T17:00:00Z'))).toEqual([[]])
  })
})

describe('a plan', () => {
  test('follows the clock: starts, ends, and a clock that was put back', () => {
    const plan = new AdPlan(
      [
        stored('gestern', { end: at('2026-01-14T23:00:00Z') }),
        stored('heute', { start: at('2026-01-14T23:00:00Z') }),
      ],
      BERLIN,
    )
    const page = adContext()
    expect(candidates(plan, page, at('2026-01-14T22:59:59Z'))).toEqual([['gestern']])
    expect(candidates(plan, page, at('2026-01-14T23:00:00Z'))).toEqual([['heute']])
    expect(candidates(plan, page, at('2026-01-14T22:00:00Z'))).toEqual([['gestern']])
  })

  test('gives each page the campaigns for it, however it finds them', () => {
    const slugs = ['a', 'b', 'c'].map(slug)
    const some = fc.subarray(slugs)
    const campaign = fc.record({
      sections: some,
      tags: some,
      articles: some,
      authors: some,
      sensitive: fc.boolean(),
    })
    const page = fc.record({
      section: fc.constantFrom(null, ...slugs),
      article: fc.constantFrom(null, ...slugs),
      tags: some,
      authors: some,
      isSensitive: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(campaign, { maxLength: 12 }), fc.array(page, { maxLength: 4 }), (all, pages) => {
        const campaigns = all.map(({ sensitive, ...target }, n) =>
          stored(`c${n}`, { sensitive, target: { ...ANYWHERE, ...target } }),
        )
        const plan = new AdPlan(campaigns, BERLIN)
        for (const about of pages) {
          const context = adContext(about)
          const expected = campaigns.filter((one) => isFor(one, context)).map(({ id }) => id)
          expect([...(candidates(plan, context)[0] ?? [])].sort()).toEqual(expected.sort())
        }
      }),
    )
  })

  test('gives a slot only the creatives that fit it, and a campaign only the placements it wants', () => {
    const image = { src: '/media/x.png', width: 160, height: 600, alt: 'Ein Turm' }
    const tall = {
      kind: 'picture' as const,
      id: 'turm',
      url: '/x/',
      share: 1,
      size: '160x600' as const,
      image,
    }
    const plan = new AdPlan(
      [
        stored('beides', { creatives: [creative('text'), tall] }),
        stored('nur-turm', { creatives: [tall] }),
        stored('nur-liste', { placements: ['list'] }),
      ],
      BERLIN,
    )
    const page = plan.decksFor(adContext({ slots: ['in-article', 'side', 'list'] }), NOON)
    const shown = page.slots.map(({ sold }) =>
      sold.orders.map(
        ({ campaign, choices }) => `${campaign.id}: ${choices.map(({ creative }) => creative.id).join(' ')}`,
      ),
    )
    expect(shown).toEqual([
      ['beides: text'],
      ['beides: text turm', 'nur-turm: turm'],
      ['beides: text', 'nur-liste: nur-liste'],
    ])
  })
})

describe('an article about accidents, death or war', () => {
  test('carries only what is allowed there', () => {
    const plan = new AdPlan([stored('lustig'), stored('spende', { sensitive: true })], BERLIN)
    expect(candidates(plan, adContext({ isSensitive: true }))).toEqual([['spende']])
    expect(candidates(plan, adContext())[0]?.sort()).toEqual(['lustig', 'spende'])
  })
})
