import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dom } from '../support/dom.ts'
import { article, campaign, paragraph, publishNewsroom, settings } from '../support/fixture.ts'
import { TestSite } from '../support/site.ts'

/** Where ads stand on every kind of page, and what a reader is told about one. */

const LONG = Array.from({ length: 24 }, (_, n) => paragraph(n)).join('\n\n')
const EVERYWHERE = {
  article: ['in-article', 'after-article', 'side'],
  front: ['front-top', 'list', 'side'],
  list: ['list'],
}

let site: TestSite
beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site)
  const placement = { most: 3, minWordsBetween: 250 }
  await site.publish(
    'site',
    settings({ ads: { placement, placements: EVERYWHERE, listEvery: 4, sensitiveWords: ['Unfall'] } }),
  )
  await site.publish(
    'articles',
    article('lang', { tags: ['Solar'] }, LONG),
    article('kurz', {}, 'Nur ein Satz.'),
    article('ohne', { ads: 'none' }, LONG),
    article('unfall', { sensitive: true }, LONG),
    article('unfallwort', { title: 'Ein schwerer Unfall auf der A 7' }, LONG),
    article('unfallfrei', { title: 'Unfallversicherung: Was sich ändert' }, LONG),
    article('doch', { title: 'Der Unfall, der keiner war', sensitive: false }, LONG),
    ...Array.from({ length: 9 }, (_, n) => article(`technik-${n}`, { section: 'technik' })),
  )
  await run(...Array.from({ length: 8 }, (_, n) => campaign(`c${n}`)))
})
afterAll(() => site.close())

/** Makes the given campaigns the only ones. */
async function run(...campaigns: ReturnType<typeof campaign>[]): Promise<void> {
  const { items }: { items: { slug: string }[] } = await (await site.api('GET', 'ads')).json()
  for (const { slug } of items) await site.api('DELETE', `ads/${slug}`)
  if (campaigns.length > 0) await site.publish('ads', ...campaigns)
}

const open = async (path: string) => new Dom(await site.page(path))
/** Where the ads of a page lead, without the tokens of this view. */
const linksOn = async (path: string) =>
  (await open(path)).attributes('.ad-link', 'href').map((address) => address?.split('?')[0])
const adsOn = async (path: string) => (await open(path)).all('.ad').length

describe('an article', () => {
  test('has as many ads inside its text as its length allows, one below and one beside it', async () => {
    const dom = await open('/lang/')
    expect(dom.all('.body > .ad')).toHaveLength(3)
    expect(dom.all('.article > .ad')).toHaveLength(1)
    expect(dom.all('main > .ad')).toHaveLength(1)
    expect(new Set(dom.attributes('.ad-link', 'href')).size).toBe(5)
  })

  test('that is short has the one below it only', async () => {
    const dom = await open('/kurz/')
    expect(dom.all('.body > .ad')).toHaveLength(0)
    expect(dom.all('main > .ad')).toHaveLength(1)
  })

  test('that wants none has none', async () => {
    expect(await adsOn('/ohne/')).toBe(0)
  })
})

describe('lists', () => {
  test('have an ad after every fourth article, and none at their end', async () => {
    const dom = await open('/category/technik/')
    const kinds = dom
      .all('main > .cards > *')
      .flatMap(({ properties }) => String(properties.className).split(',')[0] ?? '')
    expect(
      kinds
        .filter((kind) => kind === 'ad' || kind === 'teaser')
        .map((kind) => kind[0])
        .join(''),
    ).toBe('ttttattttat')
  })

  test('have them on the front page: on top, between sections, beside', async () => {
    const dom = await open('/')
    expect(dom.all('main > .ad')).toHaveLength(1)
    expect(dom.all('.front-side .ad')).toHaveLength(1)
    expect(dom.one('main').properties.id).toBe('inhalt')
  })

  test('are chosen for by their section, their tag and their author', async () => {
    await run(
      campaign('technik', { target: { sections: ['technik'] } }),
      campaign('solar', { target: { tags: ['solar'] } }),
      campaign('miriam', { target: { authors: ['miriam-albers'] } }),
    )
    expect(await linksOn('/category/technik/')).toEqual(['/go/technik'])
    expect(await linksOn('/author/miriam-albers/')).toEqual(['/go/miriam'])
    expect((await linksOn('/lang/')).sort()).toEqual(['/go/miriam', '/go/solar'])
    expect(await linksOn('/')).toEqual([])
  })
})

test('pages that sell no room have none: static pages, search, errors, feeds, forms', async () => {
  await run(...Array.from({ length: 3 }, (_, n) => campaign(`c${n}`)))
  const paths = [
    '/impressum/',
    '/search/?q=Absatz',
    '/nirgends/',
    '/feed/',
    '/2026/',
    '/my-data/',
    '/ads/c1/',
  ]
  for (const path of paths) expect(await site.page(path), path).not.toContain('class="ad ')
})

describe('an article on an accident', () => {
  test.each([
    ['says so', '/unfall/', 0],
    ['has one of the site’s words in its headline', '/unfallwort/', 0],
    ['has a word that only begins like one', '/unfallfrei/', 1],
    ['says that it is not', '/doch/', 1],
  ])('carries no ads when it %s', async (_, path, expected) => {
    await run(campaign('lustig'))
    expect(await adsOn(path)).toBe(expected)
  })

  test('carries what is allowed there', async () => {
    await run(campaign('lustig'), campaign('spende', { sensitive: true }))
    expect(await linksOn('/unfall/')).toEqual(['/go/spende'])
  })
})

describe('a campaign that is paused', () => {
  test('is gone from the next page of the isolate that took the change, and comes back', async () => {
    await run(campaign('eine'))
    expect(await adsOn('/lang/')).toBe(1)
    await site.publish('ads', campaign('eine', { state: 'paused' }))
    expect(await adsOn('/lang/')).toBe(0)
    await site.publish('ads', campaign('eine', { state: 'ready' }))
    expect(await adsOn('/lang/')).toBe(1)
  })
})

describe('„Warum diese Anzeige?“', () => {
  const political = {
    sponsor: 'Verein Freie Presse',
    amount: '1.200 EUR',
    period: 'Mai 2026',
    election: 'keine',
  }

  test('says who pays, by what the ad was chosen, and that nothing is known of the reader', async () => {
    await run(
      campaign('nordlicht', {
        start: '2026-01-01',
        end: '2026-12-31',
        target: {
          sections: ['technik', 'wirtschaft'],
          tags: ['solar'],
          authors: ['miriam-albers'],
          articles: ['lang'],
          hours: [{ days: ['mon', 'tue'], from: 8, until: 18 }],
          countries: ['DE', 'AT'],
          devices: ['phone'],
        },
      }),
    )
    const dom = await open('/ads/nordlicht/')
    expect(dom.text('h1')).toBe('Warum diese Anzeige?')
    expect(dom.text('.body')).toContain('im Auftrag von Kontor Nordlicht')
    expect(dom.texts('.body li')).toEqual([
      'Die Seite gehört zum Ressort Technik oder Wirtschaft.',
      'Der Artikel hat das Schlagwort solar.',
      'Der Artikel ist von Miriam Albers.',
      'Sie ist für diesen Artikel gebucht.',
      'Es ist Montag oder Dienstag, zwischen 8 und 18 Uhr.',
      'Die Verbindung kommt aus diesem Land: Deutschland oder Österreich.',
      'Der Browser sagt, er laufe auf einem Telefon.',
      'Sie läuft seit dem 1. Januar 2026, 00:00 Uhr.',
      'Sie läuft bis zum 31. Dezember 2026, 23:59 Uhr.',
    ])
    expect(dom.text('.body')).toContain('keinen Cookie')
    expect(dom.attribute('meta[name=robots]', 'content')).toBe('noindex')
  })

  test('says so where nothing was asked', async () => {
    await run(campaign('ueberall'))
    expect((await open('/ads/ueberall/')).text('.body')).toContain('auf jeder Seite')
  })

  test('has the transparency notice of political advertising', async () => {
    await site.publish('site', settings({ ads: { political: 'allow' } }))
    await run(campaign('wahl', { political }))
    const dom = await open('/ads/wahl/')
    expect(dom.texts('.body dd')).toEqual(Object.values(political))
    expect((await open('/lang/')).text('.ad-by')).toContain('finanziert von Verein Freie Presse')
    await site.publish('site', settings())
  })

  test('is there for no draft and for nothing that never was', async () => {
    await run(campaign('entwurf', { state: 'draft' }))
    for (const path of ['/ads/entwurf/', '/ads/niemand/', '/ads/__proto__/', '/ads/%22%3E/'])
      expect((await site.fetch(path)).status, path).toBe(404)
  })
})

test('a page that is shown after a change of its placements has them at once', async () => {
  await run(campaign('eine'), campaign('zwei'))
  await site.publish('site', settings({ ads: { placements: { article: ['after-article'] } } }))
  expect((await open('/kurz/')).all('main > .ad')).toHaveLength(1)
  await site.publish('site', settings({ ads: { placements: { article: [] } } }))
  expect(await adsOn('/kurz/')).toBe(0)
})
