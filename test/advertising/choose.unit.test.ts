import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Campaign } from '../../src/ad/campaign.ts'
import { choose, isInForce } from '../../src/ad/choose.ts'
import { dayIn } from '../../src/locale/locale.ts'
import { slug } from '../support/fixture.ts'

const campaign = (id: string, more: Partial<Campaign> = {}): Campaign => ({
  id: slug(id),
  advertiser: 'Kontor',
  headline: id,
  text: 'Text',
  button: 'Mehr',
  url: 'https://example.com/',
  sections: [],
  weight: 1,
  ...more,
})

describe('the draw', () => {
  test('gives each campaign a share in proportion to its weight', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 8 }), (weights) => {
        const campaigns = weights.map((weight, index) => campaign(`c${index}`, { weight }))
        const total = weights.reduce((sum, weight) => sum + weight, 0)
        const drawn = new Map<string, number>()
        for (let ticket = 0; ticket < total; ticket++) {
          const id = choose(campaigns, (ticket + 0.5) / total)?.id ?? ''
          drawn.set(id, (drawn.get(id) ?? 0) + 1)
        }
        expect(campaigns.map(({ id }) => drawn.get(id))).toEqual(weights)
      }),
    )
  })

  test('always draws one where there is one, and none where there is none', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(random, (number) => {
        expect(choose([campaign('eins')], number)?.id).toBe('eins')
        expect(choose([], number)).toBeNull()
      }),
    )
  })
})

describe('a campaign is in force', () => {
  const summer = campaign('sommer', { start: '2026-06-01', end: '2026-08-31' })

  test.each([
    ['2026-05-31', false],
    ['2026-06-01', true],
    ['2026-08-31', true],
    ['2026-09-01', false],
  ])('on %s: %s', (day, expected) => {
    expect(isInForce(summer, day, null)).toBe(expected)
  })

  test('always, where it has no dates', () => {
    expect(isInForce(campaign('immer'), '1999-01-01', 'technik')).toBe(true)
  })

  test('in its sections only', () => {
    const technical = campaign('technik', { sections: ['technik'] })
    expect(isInForce(technical, '2026-01-01', 'technik')).toBe(true)
    expect(isInForce(technical, '2026-01-01', 'medien')).toBe(false)
    expect(isInForce(technical, '2026-01-01', null)).toBe(false)
  })
})

describe('the day of a campaign is the one in the newsroom', () => {
  test.each([
    ['2026-06-30T21:59:59Z', '2026-06-30'],
    ['2026-06-30T22:00:00Z', '2026-07-01'],
    ['2026-12-31T22:59:59Z', '2026-12-31'],
    ['2026-12-31T23:00:00Z', '2027-01-01'],
    ['2026-03-29T00:59:59Z', '2026-03-29'],
    ['2026-10-25T22:59:59Z', '2026-10-25'],
  ])('%s is %s in Berlin', (moment, day) => {
    expect(dayIn(new Date(moment), 'Europe/Berlin')).toBe(day)
  })
})
