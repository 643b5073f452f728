import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dom } from '../support/dom.ts'
import { article, author, publishNewsroom } from '../support/fixture.ts'
import { costOf, freshAddress, inSeconds, TestSite } from '../support/site.ts'

let site: TestSite

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site)
  await site.publish('authors', author('Änne Groß'))
  await site.publish(
    'articles',
    article(
      'bilanz',
      {
        title: 'Deutschlands Außenhandelsbilanz',
        description: 'Überschuss im Mai.',
        date: '2026-03-01T08:00:00+01:00',
        tags: [],
        author: 'Änne Groß',
      },
      'Die Zölle wirken. Die Größe der Lücke wächst um <b>3 Prozent</b>.',
    ),
    article(
      'verhandeln',
      {
        title: 'Tarifparteien verhandeln weiter',
        description: 'Ohne Ergebnis.',
        date: '2026-03-02T08:00:00+01:00',
        tags: [],
        section: 'technik',
      },
      'Die Gewerkschaft fordert acht Prozent mehr Lohn und will streiken.',
    ),
    article(
      'zeitung',
      {
        title: 'Eine Zeitung stellt um',
        description: 'Vom Papier zum E-Paper.',
        date: '2026-02-01T08:00:00+01:00',
        tags: ['Umstellung'],
      },
      'Der Verlag druckt die Wochenendausgabe weiter. Müllers Druckerei in Astana bleibt. Handel und Gewerbe.',
    ),
    article(
      'english',
      {
        title: 'Publishers are trading papers',
        description: 'Running costs.',
        date: '2025-02-01T08:00:00+01:00',
        tags: [],
        language: 'en',
      },
      'Companies were selling subscriptions.',
    ),
    article(
      'geplant',
      { title: 'Geheimes Vorhaben', date: inSeconds(7200), tags: [] },
      'Niemand weiß davon.',
    ),
    article('entwurf', { title: 'Unfertiges Werkstück', status: 'draft', tags: [] }, 'Noch nicht.'),
  )
})
afterAll(() => site.close())

/** Everybody who searches here comes from another address, so that nobody is too fast. */
const search = (path: string, instruments = {}) =>
  site.fetch(path, { headers: { 'cf-connecting-ip': freshAddress() } }, instruments)
const ask = async (query: string, more = '') =>
  new Dom(await (await search(`/search/?q=${encodeURIComponent(query)}${more}`)).text())
const found = async (query: string, more = '') => (await ask(query, more)).attributes('.results h3 a', 'href')

describe('a search', () => {
  test.each([
    ['Größe', ['/bilanz/']],
    ['Groesse', ['/bilanz/']],
    ['GROSSE', ['/bilanz/']],
    ['Zoll', ['/bilanz/']],
    ['Zoelle', ['/bilanz/']],
    ['Zeitungen', ['/zeitung/']],
    ['Mueller', ['/zeitung/']],
    ['E-Paper', ['/zeitung/']],
    ['epaper', ['/zeitung/']],
    ['Änne Groß', ['/bilanz/']],
    ['Umstellung', ['/zeitung/']],
    ['company', ['/english/']],
    ['trade', ['/english/']],
    ['streik*', ['/verhandeln/']],
    ['"acht Prozent"', ['/verhandeln/']],
    ['"Prozent acht"', []],
    ['Geheimes', []],
    ['Unfertiges', []],
  ])('for %s finds %j', async (query, slugs) => expect(await found(query)).toEqual(slugs))

  test('finds the parts of compounds, but not what only looks like one', async () => {
    expect(await found('Handel')).toEqual(['/bilanz/', '/zeitung/'])
    expect(await found('Ausgabe')).toEqual(['/zeitung/'])
  })

  test('wants every word, and none with a minus', async () => {
    expect((await found('Prozent')).sort()).toEqual(['/bilanz/', '/verhandeln/'])
    expect(await found('Prozent Lohn')).toEqual(['/verhandeln/'])
    expect(await found('Prozent -Lohn')).toEqual(['/bilanz/'])
  })

  test('says so when no article has all words, and shows those with some', async () => {
    const page = await ask('Gewerkschaft Druckerei')
    expect(page.text('#treffer')).toBe('Zu „Gewerkschaft Druckerei“ haben wir nichts gefunden.')
    expect(page.text('main')).toContain('Kein Artikel enthält alle Wörter.')
    expect(page.attributes('.results h3 a', 'href').sort()).toEqual(['/verhandeln/', '/zeitung/'])
  })

  test('can be narrowed to a section, an author and days', async () => {
    expect(await found('Prozent', '&section=technik')).toEqual(['/verhandeln/'])
    expect(await found('Prozent', '&author=aenne-gross')).toEqual(['/bilanz/'])
    expect(await found('Prozent', '&from=2026-03-02')).toEqual(['/verhandeln/'])
    expect(await found('Prozent', '&to=2026-03-01')).toEqual(['/bilanz/'])
    expect(await found('Prozent', '&from=2026-03-01&to=2026-03-01')).toEqual(['/bilanz/'])
    expect((await found('Prozent', '&section=gibtsnicht&author=x&from=gestern&sort=x')).length).toBe(2)
    expect(await found('Prozent', '&sort=date')).toEqual(['/verhandeln/', '/bilanz/'])
  })

  test('finds a scheduled article from the moment it is due', async () => {
    const page = new Dom(await (await search('/search/?q=Geheimes', { now: inSeconds(7201) })).text())
    expect(page.attributes('.results h3 a', 'href')).toEqual(['/geplant/'])
  })
})

describe('the page of results', () => {
  test('counts, marks what was found, and shows what stands around it', async () => {
    const page = await ask('Zoll Bilanz')
    expect(page.text('title')).toBe('Suche nach „Zoll Bilanz“ – MedienWirtschaft')
    expect(page.text('#treffer')).toBe('1 Artikel gefunden')
    expect(page.texts('.results mark')).toEqual(['Außenhandelsbilanz', 'Zölle'])
    expect(page.text('.results .excerpt')).toContain('um 3 Prozent')
    expect(page.attribute('#q', 'value')).toBe('Zoll Bilanz')
  })

  test('is not for search engines and has no address of its own', async () => {
    const page = await ask('Zoll')
    expect(page.attribute('meta[name=robots]', 'content')).toBe('noindex')
    expect(page.has('link[rel=canonical]')).toBe(false)
  })

  test('asks whether a mistyped word was meant otherwise', async () => {
    const page = await ask('Gewerkshaft')
    expect(page.text('.did-you-mean')).toBe('Meinten Sie Gewerkschaft?')
    expect(page.attribute('.did-you-mean a', 'href')).toBe('/search/?q=Gewerkschaft')
  })

  test('stays a decent page whatever is typed', async () => {
    const typed = [
      '',
      ' ',
      '"',
      '""',
      '"offen',
      'NEAR(',
      'NEAR(a b, 2)',
      '*',
      'AND',
      'OR NOT',
      '-',
      '-Lohn',
      'a:b',
      'title:x',
      '{title}: x',
      '^x',
      '(',
      ')))',
      "' OR 1=1 --",
      '\u0000\u0007',
      '%',
      '_',
      '\u202Eevil',
      '😀',
      'x'.repeat(10_240),
      '"'.repeat(5000),
      'a '.repeat(3000),
      '\ud800',
    ]
    for (const query of typed) {
      const response = await search(`/search/?q=${encodeURIComponent(query.toWellFormed())}`)
      expect(response.status, query.slice(0, 40)).toBe(200)
      expect(new Dom(await response.text()).has('#q')).toBe(true)
    }
  })

  test('shows the form alone, and reads no index, where nothing is asked for', async () => {
    const response = await site.fetch('/search/?q=')
    const page = new Dom(await response.text())
    expect(page.text('h1')).toBe('Suche')
    expect(page.has('#treffer')).toBe(false)
    expect(costOf(await site.fetch('/search/'))).toMatchObject({ d1: 0 })
  })

  test('leads from page to page', async () => {
    await site.publish(
      'articles',
      ...Array.from({ length: 20 }, (_, n) =>
        article(`serie-${n}`, { title: `Folge ${n}`, tags: ['Mehrteiler'] }, 'Kurz.'),
      ),
    )
    await site.publish('articles', article('serie-20', { title: 'Folge 20', tags: ['Mehrteiler'] }, 'Kurz.'))
    const first = await ask('Mehrteiler')
    expect(first.text('#treffer')).toBe('21 Artikel gefunden')
    expect(first.attributes('.paging a', 'href')).toEqual([
      '/search/?q=Mehrteiler',
      '/search/?q=Mehrteiler&page=2',
      '/search/?q=Mehrteiler&page=3',
    ])
    const pages = await Promise.all([1, 2, 3].map((page) => found('Mehrteiler', `&page=${page}`)))
    expect(pages.map((page) => page.length)).toEqual([10, 10, 1])
    expect(new Set(pages.flat()).size).toBe(21)
  })

  test('is given from memory when it is asked for again', async () => {
    await search('/search/?q=Astana')
    expect(costOf(await site.fetch('/search/?q=Astana'))).toMatchObject({ kv: 0, d1: 0 })
    expect(costOf(await site.fetch('/search/?section=&q=+Astana+&author=&sort=relevance'))).toMatchObject({
      d1: 0,
    })
  })
})

test('who searches too fast is asked to wait', async () => {
  const headers = { 'cf-connecting-ip': '198.51.100.7' }
  const statuses: number[] = []
  for (let n = 0; n < 32; n++)
    statuses.push((await site.fetch(`/search/?q=nummer${n}`, { headers }, { noLimiter: true })).status)
  expect(statuses.slice(0, 30).every((status) => status === 200)).toBe(true)
  const limited = await site.fetch('/search/?q=noch-eine', { headers }, { noLimiter: true })
  expect(limited.status).toBe(429)
  expect(limited.headers.get('retry-after')).toBe('60')
  expect(new Dom(await limited.text()).text('h1')).toBe('Das waren viele Suchen auf einmal')
})

test('a browser can add the search to its own', async () => {
  const response = await site.fetch('/search/opensearch.xml')
  expect(response.headers.get('content-type')).toBe('application/opensearchdescription+xml; charset=utf-8')
  expect(await response.text()).toContain(`template="${site.url}/search/?q={searchTerms}"`)
  expect(new Dom(await site.page('/')).attribute('link[rel=search]', 'href')).toBe('/search/opensearch.xml')
})
