import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { Campaign } from '../../src/ad/campaign.ts'
import { renderCampaign } from '../../src/publish/campaigns.ts'
import { campaign, native } from '../support/fixture.ts'
import { contextWith } from '../support/rendering.ts'

/** What `content/ads/*.yaml` may say, and what becomes of it. */

const render = (more: Record<string, unknown>, creative: Record<string, unknown> = {}, settings = {}) =>
  renderCampaign(campaign('nordlicht', more, creative), contextWith(settings))
const issuesOf = (...how: Parameters<typeof render>) => {
  const result = render(...how)
  return result.ok ? [] : result.issues
}
const taken = (...how: Parameters<typeof render>) => {
  const result = render(...how)
  if (!result.ok) throw new Error(JSON.stringify(result.issues))
  return { ...result.value, value: v.parse(Campaign, JSON.parse(JSON.stringify(result.value.value))) }
}

const banner = (more: Record<string, unknown> = {}) => ({
  kind: 'picture',
  size: '300x250',
  url: 'https://example.com/messe',
  image: { src: 'messe.png', alt: 'Messe im Mai' },
  ...more,
})

describe('a campaign', () => {
  test('becomes what pages need, with its picture measured', () => {
    const picture = { src: 'bild.svg', alt: 'Container' }
    const { title, value, media } = taken({ weight: 4 }, { image: picture })
    expect(title).toBe('Anzeige nordlicht')
    expect(media).toEqual({ 'bild.svg': 'hash-bild.svg' })
    expect(value).toEqual({
      id: 'nordlicht',
      name: 'Anzeige nordlicht',
      advertiser: 'Kontor Nordlicht',
      state: 'ready',
      start: null,
      end: null,
      priority: 'sold',
      weight: 4,
      budget: {},
      pacing: 'even',
      target: { sections: [], tags: [], articles: [], authors: [], hours: [], countries: [], devices: [] },
      sensitive: false,
      creatives: [
        {
          kind: 'native',
          id: 'a',
          share: 1,
          headline: 'Anzeige nordlicht',
          text: 'Wir bringen Ihre Fracht ans Ziel.',
          button: 'Angebot anfordern',
          url: 'https://example.com/nordlicht',
          image: { src: '/media/hash-bild.svg', width: 1200, height: 675, alt: 'Container' },
        },
      ],
    })
  })

  test('may say everything there is', () => {
    const { title, value } = taken(
      {
        name: 'Nordlicht im Frühling',
        state: 'paused',
        start: '2026-03-01',
        end: '2026-05-31T18:00:00+02:00',
        priority: 'house',
        budget: { views: 10_000, clicks: 200 },
        pacing: 'fast',
        target: {
          sections: ['technik'],
          tags: ['solar'],
          articles: ['artikel'],
          authors: ['miriam-albers'],
          hours: [{ days: ['mon', 'fri'], from: 8, until: 18 }, { from: 20 }],
          countries: ['DE', 'AT'],
          devices: ['phone'],
        },
        category: 'logistik',
        sensitive: true,
        placements: ['in-article', 'list'],
        political: { sponsor: 'Verein', amount: '1.200 EUR', period: 'Mai 2026', election: 'Keine Wahl' },
        creatives: [native('eins', { id: 'eins', share: 3 }), banner({ id: 'zwei' })],
      },
      {},
      { ads: { political: 'allow' } },
    )
    expect(title).toBe('Nordlicht im Frühling')
    expect(value.target.hours[1]).toEqual({
      days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
      from: 20,
      until: 24,
    })
    expect(value.creatives.map(({ id, share }) => [id, share])).toEqual([
      ['eins', 3],
      ['zwei', 1],
    ])
  })

  test.each([
    ['2026-02-02', '2026-02-02', '2026-02-01T23:00:00.000Z', '2026-02-02T23:00:00.000Z'],
    ['2026-03-29', '2026-03-29', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
    ['2026-10-25', '2026-10-25', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
    ['2026-12-31', '2026-12-31', '2026-12-30T23:00:00.000Z', '2026-12-31T23:00:00.000Z'],
    [
      '2026-07-01T12:00:00Z',
      '2026-07-01T14:00:00+01:00',
      '2026-07-01T12:00:00.000Z',
      '2026-07-01T13:00:00.000Z',
    ],
  ])(
    'from %s to %s runs whole days where the site is, or from moment to moment',
    (start, end, from, until) => {
      const { value } = taken({ start, end })
      expect([value.start, value.end].map((at) => new Date(at ?? 0).toISOString())).toEqual([from, until])
    },
  )

  test('cannot end before it starts, but may last a day', () => {
    expect(issuesOf({ start: '2026-02-02', end: '2026-02-01' })).toEqual([
      { key: 'end', code: 'invalid', got: '2026-02-01', expected: 'afterStart' },
    ])
    expect(issuesOf({ start: '2026-02-02', end: '2026-02-02' })).toEqual([])
  })

  test('is for sections that the site has', () => {
    expect(issuesOf({ target: { sections: ['technik', 'tecknik'] } })).toEqual([
      {
        key: 'target.sections.1',
        code: 'unknown-value',
        got: 'tecknik',
        expected: 'section',
        nearest: 'technik',
      },
    ])
  })

  test('is for hours that have a length', () => {
    expect(issuesOf({ target: { hours: [{ from: 18, until: 8 }] } })).toEqual([
      { key: 'target.hours.0.until', code: 'invalid', got: '8', expected: 'afterFrom' },
    ])
  })

  test('that is political is refused, unless the site takes such', () => {
    const political = { sponsor: 'Verein', amount: '1.200 EUR', period: 'Mai 2026', election: 'keine' }
    expect(issuesOf({ political })).toEqual([{ key: 'political', code: 'political-refused' }])
    expect(issuesOf({ political }, {}, { ads: { political: 'allow' } })).toEqual([])
    const { sponsor: _, ...nameless } = political
    expect(issuesOf({ political: nameless }, {}, { ads: { political: 'allow' } })).toEqual([
      { key: 'political.sponsor', code: 'missing', expected: 'text120' },
    ])
  })

  test.each<[string, unknown]>([
    ['start', '1.2.2026'],
    ['end', '2026-13-01'],
    ['weight', 0],
    ['weight', 101],
    ['weight', 1.5],
    ['weight', '5'],
    ['advertiser', ''],
    ['state', 'running'],
    ['priority', 'remnant'],
    ['pacing', 'schnell'],
    ['category', 'Banken & Co'],
    ['sensitive', 'ja'],
    ['placements', []],
    ['creatives', []],
    ['creatives', Array.from({ length: 13 }, (_, n) => native(`n${n}`))],
  ])('with %s: %j is refused', (key, value) => {
    expect(issuesOf({ [key]: value }).map((issue) => issue.key)).toEqual([key])
  })

  test.each<[string, unknown]>([
    ['budget.views', 0],
    ['budget.clicks', 1.5],
    ['target.sections', 'technik'],
    ['target.countries.0', ['Deutschland']],
    ['target.devices.0', ['tablet']],
    ['target.hours.0.from', [{ from: 24 }]],
    ['target.hours.0.days.0', [{ days: ['montag'] }]],
  ])('with %s: %j is refused', (path, value) => {
    const [group = '', key = ''] = path.split('.')
    expect(issuesOf({ [group]: { [key]: value } }).map((issue) => issue.key)).toEqual([path])
  })

  test('with a mistyped key hears of the nearest one, inside of a creative too', () => {
    expect(issuesOf({ wieght: 3 })).toEqual([{ key: 'wieght', code: 'unknown-key', nearest: 'weight' }])
    expect(issuesOf({ target: { section: [] } })).toEqual([
      { key: 'target.section', code: 'unknown-key', nearest: 'sections' },
    ])
    expect(issuesOf({}, { buton: 'x' })).toEqual([
      { key: 'creatives.0.buton', code: 'unknown-key', nearest: 'button' },
    ])
    expect(issuesOf({ creatives: [banner({ headline: 'x' })] })).toMatchObject([
      { key: 'creatives.0.headline', code: 'unknown-key' },
    ])
  })
})

describe('a creative', () => {
  test('names a picture that is there', () => {
    expect(issuesOf({}, { image: { src: 'bilt.svg', alt: '' } })).toEqual([
      { key: 'creatives.0.image.src', code: 'missing-media', got: 'bilt.svg', nearest: 'bild.svg' },
    ])
  })

  test('is of a kind that the site knows', () => {
    expect(issuesOf({ creatives: [{ kind: 'video' }] })).toMatchObject([
      { key: 'creatives.0.kind', code: 'invalid', got: 'video', expected: 'creativeKind' },
    ])
    expect(issuesOf({ creatives: [{ headline: 'x' }] })).toMatchObject([
      { key: 'creatives.0.kind', code: 'missing', expected: 'creativeKind' },
    ])
  })

  test('of a size takes the room of that size, however large its file is', () => {
    const { value } = taken({ creatives: [banner()] })
    expect(value.creatives[0]).toMatchObject({
      image: { src: '/media/hash-messe.png', width: 300, height: 250 },
    })
  })

  test('of a size has a picture in its proportions', () => {
    expect(issuesOf({ creatives: [banner({ size: '728x90' })] })).toEqual([
      { key: 'creatives.0.image.src', code: 'picture-size', got: '600 × 500', expected: 'pictureOfSize' },
    ])
  })

  test('tells those who can’t see it what it says', () => {
    expect(issuesOf({ creatives: [banner({ image: { src: 'messe.png', alt: ' ' } })] })).toMatchObject([
      { key: 'creatives.0.image.alt', code: 'invalid', expected: 'alt' },
    ])
  })

  test('of HTML is shown from its own address', () => {
    const packed = { kind: 'html5', size: '300x250', file: 'spiel.zip', alt: 'Ein Spiel', url: '/x/' }
    const { value, media } = taken({ creatives: [packed] })
    expect(value.creatives).toEqual([
      {
        kind: 'html5',
        id: 'a',
        share: 1,
        size: '300x250',
        alt: 'Ein Spiel',
        url: '/x/',
        src: '/creative/hash-spiel.zip/index.html',
      },
    ])
    expect(media).toEqual({ 'spiel.zip': 'hash-spiel.zip' })
    expect(issuesOf({ creatives: [{ ...packed, file: 'speil.zip' }] })).toEqual([
      { key: 'creatives.0.file', code: 'missing-media', got: 'speil.zip', nearest: 'spiel.zip' },
    ])
    expect(issuesOf({ creatives: [{ ...packed, file: 'bild.svg' }] })).toMatchObject([
      { key: 'creatives.0.file', expected: 'zip' },
    ])
  })

  test('has a placement that it fits, and each placement a creative', () => {
    expect(issuesOf({ placements: ['side', 'list'], creatives: [banner()] })).toEqual([
      { key: 'placements.0', code: 'placement-empty', got: 'side' },
    ])
    expect(issuesOf({ placements: ['side'], creatives: [native('a'), banner()] })).toEqual([
      { key: 'creatives.1.size', code: 'creative-homeless', got: '300x250' },
    ])
  })

  test('has a name of its own', () => {
    expect(issuesOf({ creatives: [native('a', { id: 'x' }), native('b', { id: 'x' })] })).toEqual([
      { key: 'creatives.1.id', code: 'creative-twice', got: 'x' },
    ])
    // The 12 bits that a token has of a name are the same for these two.
    expect(
      issuesOf({ creatives: [native('a', { id: 'sommer-7' }), native('b', { id: 'hoch-10' })] }),
    ).toEqual([{ key: 'creatives.1.id', code: 'creative-alike', got: 'hoch-10' }])
    expect(taken({ creatives: [native('a'), native('b')] }).value.creatives.map(({ id }) => id)).toEqual([
      'a',
      'b',
    ])
  })

  test.each(['https://example.com/?a=b&c=d#e', 'http://example.com', '/impressum/', '/'])(
    'may lead to %s',
    (url) => {
      expect(issuesOf({}, { url })).toEqual([])
    },
  )

  test.each<[string, unknown]>([
    ['url', 'javascript:alert(1)'],
    ['url', '//evil.example/'],
    ['url', '/\\evil.example'],
    ['url', 'impressum'],
    ['url', 'https://a.de/\r\nset-cookie: a=b'],
    ['url', '/impressum/\r\nset-cookie: a=b'],
    ['url', '/impressum/\n'],
    ['url', 'https://'],
    ['headline', 'x'.repeat(61)],
    ['text', 'x'.repeat(141)],
    ['button', 'x'.repeat(25)],
    ['share', 0],
    ['id', 'Mit Leerzeichen'],
  ])('with %s: %j is refused', (key, value) => {
    expect(issuesOf({}, { [key]: value }).map((issue) => issue.key)).toEqual([`creatives.0.${key}`])
  })
})
