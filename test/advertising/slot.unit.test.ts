import { afterEach, describe, expect, test, vi } from 'vitest'
import { fillSlots } from '../../src/ad/fill.ts'
import { creativeHash, hashOf, NO_TOKEN, readToken } from '../../src/ad/token.ts'
import { fromUtf8 } from '../../src/http/bytes.ts'
import { cutAtSlots, slotMarker } from '../../src/http/slots.ts'
import { Dom } from '../support/dom.ts'
import { adContext, creative, FakeSite, stored } from '../support/fake-site.ts'

afterEach(() => vi.restoreAllMocks())

const NOON = '2026-01-15T12:00:00Z'
const request = new Request('https://medienwirtschaft.example/artikel/')

/** What stands in an article's slots when the dice show this number. */
function shown(fake: FakeSite, random = 0, slots: Parameters<typeof adContext>[0] = {}): string[] {
  vi.spyOn(Math, 'random').mockReturnValue(random)
  return fillSlots(adContext(slots), request, fake.site).map((bytes) => (bytes ? fromUtf8(bytes) : ''))
}

const tokenIn = (html: string) => /\?v=([\w-]{28})"/.exec(html)?.[1] ?? ''

describe('what is served', () => {
  const ask = (method: string, headers: Record<string, string> = {}) =>
    new Request('https://medienwirtschaft.example/artikel/', { method, headers })

  test('is brought to the ledger within a second, added up, and what is no reader’s beside it', async () => {
    const fake = new FakeSite(NOON, [stored('nordlicht')])
    await fake.isReady()
    const times: [number, Request][] = [
      [3, ask('GET')],
      [2, ask('GET', { 'user-agent': 'Googlebot/2.1' })],
      [1, ask('GET', { cookie: '__Host-desk=x' })],
      [5, ask('HEAD')],
    ]
    for (const [count, one] of times)
      for (let view = 0; view < count; view++) fillSlots(adContext(), one, fake.site)
    await Promise.all(fake.deferred)
    expect(fake.deferred).toHaveLength(1)
    expect(fake.taken.map(({ served }) => served.map(({ filter, n }) => [filter, n]))).toEqual([
      [
        ['', 3],
        ['bot', 2],
        ['staff', 1],
      ],
    ])
    expect(fake.taken[0]?.served[0]).toMatchObject({
      hour: '2026-01-15T12',
      place: { campaign: 'nordlicht', creative: 'nordlicht', placement: 'in-article', section: 'wirtschaft' },
    })
  })
})

describe('the slot', () => {
  test('shows one of the campaigns in force, drawn anew for every view', () => {
    const fake = new FakeSite(NOON, [stored('nordlicht', { weight: 3 }), stored('suedwind')])
    expect(shown(fake, 0)[0]).toContain('/go/nordlicht?v=')
    expect(shown(fake, 0.99)[0]).not.toBe('')
  })

  test('stays empty when nothing is in force and when nothing is known', () => {
    expect(shown(new FakeSite(NOON))).toEqual([''])
    const unknown = new FakeSite(NOON, [stored('nordlicht')])
    unknown.knownSnapshot = undefined
    expect(shown(unknown)).toEqual([])
  })

  test('is named, can be skipped, counts its view late, and says who pays and why it is there', () => {
    const image = { src: '/media/abc.svg', width: 600, height: 200, alt: 'Container' }
    const fake = new FakeSite(NOON, [stored('nordlicht', { creatives: [creative('a', { image })] })])
    const dom = new Dom(shown(fake)[0] ?? '')
    expect(dom.attribute('[role=region]', 'aria-labelledby')).toBe('anzeige-1')
    expect(dom.text('#anzeige-1')).toBe('Kurze Werbeeinblendung')
    expect(dom.attribute('.ad-skip', 'href')).toBe('#nach-anzeige-1')
    expect(dom.attribute('#nach-anzeige-1', 'tabindex')).toBe('-1')
    expect(dom.attribute('.ad-link', 'href')).toMatch(/^\/go\/nordlicht\?v=[\w-]{28}$/)
    expect(dom.attribute('.ad-link', 'rel')).toBe('sponsored nofollow noopener')
    expect(dom.attributes('img', 'loading')).toEqual(['lazy', 'lazy'])
    expect(dom.attribute('.ad-image', 'width')).toBe('600')
    expect(dom.attribute('.ad-count', 'src')).toBe(dom.attribute('.ad-link', 'href')?.replace('?', '.gif?'))
    expect(dom.text('.ad-by')).toBe('Anzeige von Kontor Nordlicht Warum diese Anzeige?')
    expect(dom.attribute('.ad-by a', 'href')).toBe('/ads/nordlicht/')
  })

  test('has names of its own where a page has several', () => {
    const fake = new FakeSite(NOON, [stored('a'), stored('b')])
    const html = shown(fake, 0, { slots: ['in-article', 'after-article'] }).join('')
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    expect(ids).toEqual(['anzeige-1', 'nach-anzeige-1', 'nach-anzeige-2'])
  })

  test('shows a picture in the size that was booked, told to whoever can’t see it', () => {
    const image = { src: '/media/x.png', width: 300, height: 250, alt: 'Messe im Mai' }
    const banner = {
      kind: 'picture' as const,
      id: 'a',
      url: '/x/',
      share: 1,
      size: '300x250' as const,
      image,
    }
    const dom = new Dom(shown(new FakeSite(NOON, [stored('messe', { creatives: [banner] })]))[0] ?? '')
    expect(dom.attribute('.ad-link img', 'alt')).toBe('Messe im Mai')
    expect([dom.attribute('.ad-link img', 'width'), dom.attribute('.ad-link img', 'height')]).toEqual([
      '300',
      '250',
    ])
    expect(dom.has('.ad-copy')).toBe(false)
  })

  test('has a token of its own for each view, which says what was shown where', async () => {
    const fake = new FakeSite(NOON, [stored('zwei', { creatives: [creative('a'), creative('b')] })])
    await fake.isReady()
    const tokens = [0, 0, 0.6].map((random) => tokenIn(shown(fake, random)[0] ?? ''))
    expect(new Set(tokens).size).toBe(3)
    const { key } = fake.ads
    const read = (token: string) => key && readToken(key, 'zwei', token, fake.now.getTime(), 60)
    expect(tokens.map((token) => read(token)?.creative)).toEqual(['a', 'a', 'b'].map(creativeHash))
    expect(read(tokens[0] ?? '')).toEqual({
      mintedAt: fake.now.getTime() / 1000,
      creative: creativeHash('a'),
      placement: 'in-article',
      section: hashOf('wirtschaft'),
      country: null,
      device: null,
    })
  })

  test('takes nothing that an advertiser writes for the place of a token', () => {
    const text = `?v=${NO_TOKEN}" `
    const fake = new FakeSite(NOON, [
      stored('boese', { creatives: [creative('a', { text, headline: text })] }),
    ])
    expect(new Dom(shown(fake)[0] ?? '').text('.ad-copy strong')).toBe(text.trim())
  })

  test('says who finances political advertising', () => {
    const political = {
      sponsor: 'Verein Freie Presse e. V.',
      amount: '1.200 EUR',
      period: 'Mai 2026',
      election: 'keine',
    }
    const dom = new Dom(shown(new FakeSite(NOON, [stored('wahl', { political })]))[0] ?? '')
    expect(dom.text('.ad-by')).toContain(
      'Politische Anzeige von Kontor Nordlicht, finanziert von Verein Freie Presse e. V.',
    )
  })

  test('holds an advertiser’s words as text', () => {
    const evil = '"><script>window.__xss=1</script>'
    const fake = new FakeSite(NOON, [
      stored('boese', {
        advertiser: evil,
        creatives: [creative('a', { headline: evil, text: evil, button: evil })],
      }),
    ])
    const dom = new Dom(shown(fake)[0] ?? '')
    expect(dom.has('script')).toBe(false)
    expect(dom.text('.ad-copy strong')).toBe(evil)
  })
})

describe('a page’s slots', () => {
  test('are found in its HTML, in order', () => {
    const html = `a${slotMarker('front-top')}b${slotMarker('list')}${slotMarker('list')}c`
    expect(cutAtSlots(html)).toEqual({ pieces: ['a', 'b', '', 'c'], slots: ['front-top', 'list', 'list'] })
    expect(cutAtSlots('<p>Nur Text.</p>')).toEqual({ pieces: ['<p>Nur Text.</p>'], slots: [] })
  })
})
