import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dom } from '../support/dom.ts'
import { article, page, publishNewsroom } from '../support/fixture.ts'
import { costOf, inSeconds, TestSite } from '../support/site.ts'

let site: TestSite

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(
    site,
    article('neuer-titel', {
      aliases: [
        '/alter-titel/',
        '/2019/05/04/Noch-Aelter/',
        '/?p=123',
        '/rubrik/unter/alt.html',
        '/Alt-Gross',
      ],
    }),
    article('entwurf', { status: 'draft', aliases: ['/alter-entwurf/'] }),
    article('geplant', { date: inSeconds(3600), aliases: ['/alter-plan/'] }),
  )
})
afterAll(() => site.close())

/** Where an address leads: its status, and the address when it is a redirect. */
async function follow(path: string): Promise<[number, string | null]> {
  const response = await site.fetch(path)
  return [response.status, response.headers.get('location')]
}

describe('an old address', () => {
  test.each([
    '/alter-titel/',
    '/alter-titel',
    '/Alter-Titel',
    '/index.php/alter-titel/',
    '/2018/01/02/alter-titel/',
    '/noch-aelter/',
    '/2019/05/04/noch-aelter/',
    '/?p=123',
    '/?p=0123',
    '/index.php?p=123',
    '/rubrik/unter/alt.html',
    '/alt-gross',
    '/alter-titel/amp/',
  ])('%s leads to the article in one step', async (path) => {
    expect(await follow(path)).toEqual([301, '/neuer-titel/'])
    expect((await site.fetch('/neuer-titel/')).status).toBe(200)
  })

  test.each([
    ['/neuer-titel', '/neuer-titel/'],
    ['/2024/07/03/Neuer-Titel', '/neuer-titel/'],
    ['/index.php/2024/07/03/neuer-titel/', '/neuer-titel/'],
    ['/?s=Zoll', '/search/?q=Zoll'],
    ['/feed/rss2/', '/feed/'],
    ['/comments/feed/rss2', '/comments/feed/'],
    ['/wp-sitemap.xml', '/sitemap.xml'],
    ['/page/1/', '/'],
    ['/CATEGORY/Wirtschaft', '/category/wirtschaft/'],
  ])('%s leads to %s in one step', async (path, address) => {
    expect(await follow(path)).toEqual([301, address])
  })

  test('of a draft or a scheduled article leads nowhere yet', async () => {
    for (const path of ['/alter-entwurf/', '/alter-plan/']) expect((await follow(path))[0], path).toBe(404)
    const later = await site.fetch('/alter-plan/', {}, { now: inSeconds(3601) })
    expect([later.status, later.headers.get('location')]).toEqual([301, '/geplant/'])
  })

  test('of a deleted article leads nowhere any more', async () => {
    await site.publish('articles', article('weg', { aliases: ['/alt-weg/'] }))
    expect(await follow('/alt-weg/')).toEqual([301, '/weg/'])
    await site.api('DELETE', 'articles/weg')
    expect((await follow('/alt-weg/'))[0]).toBe(404)
    expect((await follow('/weg/'))[0]).toBe(410)
    expect(await follow('/2020/01/01/Weg')).toEqual([301, '/weg/'])
  })

  test('that an article no longer claims is free again', async () => {
    await site.publish('articles', article('nehmer', { aliases: ['/frei/'] }))
    await site.publish('articles', article('nehmer'))
    expect((await follow('/frei/'))[0]).toBe(404)
    await site.publish('articles', article('erbe', { aliases: ['/frei/'] }))
    expect(await follow('/frei/')).toEqual([301, '/erbe/'])
  })

  test('keeps what a form was sent to apart: POST is not redirected', async () => {
    const response = await site.fetch('/alter-titel', { method: 'POST', body: 'x' })
    expect(response.status).toBe(405)
  })

  test('leads to its one spelling even while D1 is down', async () => {
    const response = await site.fetch('/Alter-Titel', {}, { down: ['d1'] })
    expect([response.status, response.headers.get('location')]).toEqual([301, '/alter-titel/'])
  })
})

describe('an old address that can’t be one is refused', () => {
  const refuse = async (name: string, aliases: string[]) => {
    const { frontMatter, body } = article(name, { aliases })
    const response = await site.api('PUT', `articles/${name}`, { frontMatter, body })
    expect(response.status).toBe(422)
    const { errors } = (await response.json()) as { errors: { key: string; code: string; got: string }[] }
    return errors.map(({ key, code, got }) => [key, code, got])
  }

  test('the article’s own', async () => {
    expect(await refuse('kreis', ['/kreis/'])).toEqual([['aliases.0', 'alias-self', '/kreis/']])
    expect(await refuse('kreis', ['/ok/', '/2024/01/01/Kreis'])).toEqual([
      ['aliases.1', 'alias-self', '/2024/01/01/Kreis'],
    ])
  })

  test('the front page', async () => {
    expect(await refuse('start', ['/'])).toEqual([['aliases.0', 'alias-self', '/']])
  })

  test('that of another article, of a page, or an alias of another', async () => {
    await site.publish('pages', page('hilfe', 'Hilfe'))
    expect(await refuse('dieb', ['/neuer-titel/', '/hilfe/', '/Alter-Titel'])).toEqual([
      ['aliases.0', 'alias-taken', '/neuer-titel/ → /neuer-titel/'],
      ['aliases.1', 'alias-taken', '/hilfe/ → /hilfe/'],
      ['aliases.2', 'alias-taken', '/alter-titel/ → /neuer-titel/'],
    ])
  })

  test('one on another host, or none at all', async () => {
    for (const alias of ['https://example.com/x', 'x', '/a b'])
      expect((await refuse('fremd', [alias])).map(([key, code]) => [key, code])).toEqual([
        ['aliases.0', 'invalid'],
      ])
  })
})

describe('where nothing is found', () => {
  test('the page offers the article with nearly this address, and a search for its words', async () => {
    const response = await site.fetch('/neuer-tittel/')
    const found = new Dom(await response.text())
    expect(response.status).toBe(404)
    expect(found.text('.nearest')).toBe('Meinten Sie diesen Artikel? Artikel neuer-titel')
    expect(found.attribute('.nearest a', 'href')).toBe('/neuer-titel/')
    expect(found.attribute('main form', 'action')).toBe('/search/')
    expect(found.attribute('main input[name=q]', 'value')).toBe('neuer tittel')
  })

  test('it suggests no article that is not there for readers', async () => {
    for (const path of ['/geplannt/', '/entwurff/', '/xyz/']) {
      const found = new Dom(await site.page(path))
      expect(found.has('.nearest'), path).toBe(false)
    }
  })

  test('it costs one round trip to D1 more than a page', async () => {
    expect(costOf(await site.fetch('/unbekannt/'))).toMatchObject({ d1: 2 })
    expect(costOf(await site.fetch('/a/b/c/d/'))).toMatchObject({ d1: 1 })
  })

  test('it is still a 404 while D1 is down', async () => {
    expect((await site.fetch('/nirgends/', {}, { down: ['d1'] })).status).toBe(404)
  })
})
