import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { choose, isInForce } from '../../src/ad/choose.ts'
import { fillSlot } from '../../src/ad/fill.ts'
import { fromUtf8 } from '../../src/http/bytes.ts'
import { Dom } from '../support/dom.ts'
import { FakeSite, stored } from '../support/fake-site.ts'

afterEach(() => vi.restoreAllMocks())

describe('a campaign is in force', () => {
  const summer = stored('sommer', { start: '2026-06-21', end: '2026-09-22' })

  test.each([
    ['2026-06-20', false],
    ['2026-06-21', true],
    ['2026-08-01', true],
    ['2026-09-22', true],
    ['2026-09-23', false],
  ])('from its first day to its last, both included: %s', (day, expected) => {
    expect(isInForce(summer, day, null)).toBe(expected)
  })

  test('on one day only, when both are the same', () => {
    const oneDay = stored('tag', { start: '2026-06-21', end: '2026-06-21' })
    expect(['2026-06-20', '2026-06-21', '2026-06-22'].filter((day) => isInForce(oneDay, day, null))).toEqual([
      '2026-06-21',
    ])
  })

  test('always, where it names no days', () => {
    expect(isInForce(stored('immer'), '1999-12-31', null)).toBe(true)
    expect(isInForce(stored('seither', { start: '2026-01-01' }), '2099-01-01', null)).toBe(true)
    expect(isInForce(stored('bis', { end: '2026-01-01' }), '1999-01-01', null)).toBe(true)
  })

  test('in its sections, and everywhere where it names none', () => {
    const trade = stored('handel', { sections: ['wirtschaft', 'handel'] })
    expect(isInForce(trade, '2026-01-01', 'handel')).toBe(true)
    expect(isInForce(trade, '2026-01-01', 'technik')).toBe(false)
    expect(isInForce(trade, '2026-01-01', null)).toBe(false)
    expect(isInForce(stored('ueberall'), '2026-01-01', 'technik')).toBe(true)
  })
})

describe('the choice', () => {
  /** How often each campaign is drawn when every chance comes equally often. */
  const shares = (weights: readonly number[], draws: number) => {
    const campaigns = weights.map((weight, n) => stored(`c${n}`, { weight }))
    const counts = weights.map(() => 0)
    for (let n = 0; n < draws; n++) {
      const index = campaigns.findIndex((one) => one === choose(campaigns, n / draws))
      counts[index] = (counts[index] ?? Number.NaN) + 1
    }
    return counts
  }

  test('gives each campaign views in proportion to its weight', () => {
    expect(shares([1, 3], 400)).toEqual([100, 300])
    expect(shares([5], 10)).toEqual([10])
    expect(shares([1, 1, 1, 97], 1000)).toEqual([10, 10, 10, 970])
  })

  test('keeps to the weights whatever they are', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(weights, (weights) => {
        const total = weights.reduce((sum, weight) => sum + weight, 0)
        const counts = shares(weights, total * 4)
        for (const [n, weight] of weights.entries()) {
          expect(Math.abs((counts[n] ?? Number.NaN) - weight * 4)).toBeLessThanOrEqual(1)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('always draws one of several, up to the last chance', () => {
    const campaigns = [
      stored('a', { weight: 0.1 }),
      stored('b', { weight: 0.2 }),
      stored('c', { weight: 0.3 }),
    ]
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (random) => {
        expect(campaigns).toContain(choose(campaigns, random))
      }),
    )
    expect(choose(campaigns, 1 - Number.EPSILON / 2)?.id).toBe('c')
  })

  test('is nothing when nothing is in force', () => {
    expect(choose([], 0.5)).toBeNull()
  })
})

/** What stands in the slot when the dice show this number. */
function shown(fake: FakeSite, section: string | null = 'wirtschaft', random = 0): string | null {
  vi.spyOn(Math, 'random').mockReturnValue(random)
  const bytes = fillSlot(section, fake.site)
  return bytes && fromUtf8(bytes)
}

describe('the slot', () => {
  test('shows one of the campaigns in force, drawn anew for every view', () => {
    const fake = new FakeSite('2026-01-15T12:00:00Z', [
      stored('nordlicht', { weight: 3 }),
      stored('suedwind'),
    ])
    expect(shown(fake, null, 0)).toContain('/go/nordlicht"')
    expect(shown(fake, null, 0.74)).toContain('/go/nordlicht"')
    expect(shown(fake, null, 0.75)).toContain('/go/suedwind"')
  })

  test('stays empty when nothing is in force, when nothing is known, and in another section', () => {
    expect(shown(new FakeSite('2026-01-15T12:00:00Z'))).toBeNull()
    const over = new FakeSite('2026-01-15T12:00:00Z', [stored('vorbei', { end: '2026-01-14' })])
    expect(shown(over)).toBeNull()
    const unknown = new FakeSite('2026-01-15T12:00:00Z', [stored('nordlicht')])
    unknown.knownSnapshot = undefined
    expect(shown(unknown)).toBeNull()
    const elsewhere = new FakeSite('2026-01-15T12:00:00Z', [stored('technik', { sections: ['technik'] })])
    expect(shown(elsewhere, 'wirtschaft')).toBeNull()
    expect(shown(elsewhere, 'technik')).not.toBeNull()
  })

  /** Days begin in Berlin, not in Greenwich, and one hour earlier there in summer. */
  test.each([
    ['winter', '2026-01-15', '2026-01-14T22:59:59Z', '2026-01-14T23:00:00Z'],
    ['summer', '2026-07-15', '2026-07-14T21:59:59Z', '2026-07-14T22:00:00Z'],
    ['the day on which summer time begins', '2026-03-29', '2026-03-28T22:59:59Z', '2026-03-28T23:00:00Z'],
    ['the day after', '2026-03-30', '2026-03-29T21:59:59Z', '2026-03-29T22:00:00Z'],
    ['the day on which it ends', '2026-10-25', '2026-10-24T21:59:59Z', '2026-10-24T22:00:00Z'],
    ['the day after that', '2026-10-26', '2026-10-25T22:59:59Z', '2026-10-25T23:00:00Z'],
    ['a new year', '2027-01-01', '2026-12-31T22:59:59Z', '2026-12-31T23:00:00Z'],
  ])('begins and ends at midnight where the site is: %s', (_, day, before, after) => {
    const starting = [stored('erster', { start: day })]
    expect(shown(new FakeSite(before, starting))).toBeNull()
    expect(shown(new FakeSite(after, starting))).not.toBeNull()
    const previous = new Date(`${day}T00:00:00Z`)
    previous.setUTCDate(previous.getUTCDate() - 1)
    const ending = [stored('letzter', { end: previous.toISOString().slice(0, 10) })]
    expect(shown(new FakeSite(before, ending))).not.toBeNull()
    expect(shown(new FakeSite(after, ending))).toBeNull()
  })

  test('follows the clock while the settings stay the same', () => {
    const fake = new FakeSite('2026-01-14T22:59:30Z', [
      stored('gestern', { end: '2026-01-14' }),
      stored('heute', { start: '2026-01-15' }),
    ])
    expect(shown(fake)).toContain('/go/gestern"')
    fake.pass(60_000)
    expect(shown(fake)).toContain('/go/heute"')
  })

  test('is named, can be skipped, counts its view late and says who pays', () => {
    const picture = { src: '/media/abc.svg', width: 600, height: 200, alt: 'Container' }
    const fake = new FakeSite('2026-01-15T12:00:00Z', [stored('nordlicht', { image: picture })])
    const dom = new Dom(shown(fake) ?? '')
    expect(dom.attribute('[role=region]', 'aria-labelledby')).toBe('anzeige')
    expect(dom.text('#anzeige')).toBe('Kurze Werbeeinblendung')
    expect(dom.attribute('.ad-skip', 'href')).toBe('#nach-der-anzeige')
    expect(dom.attribute('#nach-der-anzeige', 'tabindex')).toBe('-1')
    expect(dom.attribute('.ad-link', 'href')).toBe('/go/nordlicht')
    expect(dom.attribute('.ad-link', 'rel')).toBe('sponsored nofollow')
    expect(dom.attributes('img', 'loading')).toEqual(['lazy', 'lazy'])
    expect(dom.attribute('.ad-image', 'width')).toBe('600')
    expect(dom.attribute('.ad-count', 'src')).toBe('/go/nordlicht.gif')
    expect(dom.text('.ad-by')).toBe('Anzeige von Kontor Nordlicht')
  })

  test('holds an advertiser’s words as text', () => {
    const evil = '"><script>window.__xss=1</script>'
    const fake = new FakeSite('2026-01-15T12:00:00Z', [
      stored('boese', { headline: evil, text: evil, button: evil, advertiser: evil }),
    ])
    const dom = new Dom(shown(fake) ?? '')
    expect(dom.has('script')).toBe(false)
    expect(dom.text('.ad-copy strong')).toBe(evil)
  })
})
