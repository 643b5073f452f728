import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dom } from '../support/dom.ts'
import { article, publishNewsroom } from '../support/fixture.ts'
import { costOf, inSeconds, TestSite } from '../support/site.ts'

let site: TestSite

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site)
})
afterAll(() => site.close())

const german = (slug: string, translation?: string, more: Record<string, unknown> = {}) =>
  article(slug, { ...(translation ? { translations: { en: translation } } : {}), ...more })
const english = (slug: string, translation?: string, more: Record<string, unknown> = {}) =>
  article(slug, {
    language: 'en',
    ...(translation ? { translations: { de: translation } } : {}),
    ...more,
  })

const open = async (path: string, now?: string) => new Dom(await site.page(path, now ? { now } : {}))
/** The addresses that a page gives for its languages. */
const languagesOf = (page: Dom) =>
  Object.fromEntries(
    page
      .all('link[hreflang]')
      .map(({ properties: { hrefLang, href } }) => [String(hrefLang), String(href).slice(site.url.length)]),
  )

describe('two articles that name each other', () => {
  const LANGUAGES = { de: '/handel/', en: '/trade/', 'x-default': '/handel/' }

  test('are linked both ways, whichever was published first', async () => {
    await site.publish('articles', german('handel', 'trade', { title: 'Der Handel' }))
    expect(languagesOf(await open('/handel/'))).toEqual({})
    await site.publish('articles', english('trade', 'handel', { title: 'The "trade"' }))
    for (const path of ['/handel/', '/trade/']) expect(languagesOf(await open(path))).toEqual(LANGUAGES)
  })

  test('say so to the reader, in a line with the other’s headline', async () => {
    const page = await open('/handel/')
    expect(page.text('.translation')).toBe('Auch auf Englisch: The "trade"')
    expect(page.attribute('.translation a', 'href')).toBe('/trade/')
    expect(page.attribute('.translation a', 'hrefLang')).toBe('en')
    expect((await open('/trade/')).text('.translation')).toBe('Auch auf Deutsch: Der Handel')
  })

  test('are in their own language, within the site’s', async () => {
    const page = await open('/trade/')
    expect(page.attribute('html', 'lang')).toBe('de')
    expect(page.attribute('article.article', 'lang')).toBe('en')
    expect(page.attribute('article.article .byline', 'lang')).toBe('de')
    expect(page.attribute('meta[property="og:locale"]', 'content')).toBe('en_GB')
    expect(page.attribute('meta[property="og:locale:alternate"]', 'content')).toBe('de_DE')
    expect(page.html).toContain('"inLanguage":"en"')
    expect(page.html).toContain(`"workTranslation":{"@type":"NewsArticle","@id":"${site.url}/handel/"`)
    expect((await open('/handel/')).attribute('article.article', 'lang')).toBe(null)
  })

  test('are not related to each other: they are the same article', async () => {
    expect((await open('/handel/')).attributes('.related a', 'href')).not.toContain('/trade/')
  })

  test('say their language in every list of the site', async () => {
    for (const path of ['/', '/category/wirtschaft/', '/tag/handel/']) {
      const page = await open(path)
      expect(page.attribute('a[href="/trade/"]', 'lang'), path).toBe('en')
      expect(page.attribute('a[href="/handel/"]', 'lang'), path).toBe(null)
    }
  })

  test('have the quotation marks of their own language', async () => {
    const body = 'He said "yes" and left the room, and nobody in the house said anything more that day.'
    await site.publish('articles', english('quotes', undefined, {}), { ...english('quoted'), body })
    expect(await site.page('/quoted/')).toContain('He said “yes” and')
  })

  test('cost no more than one read of KV and one of D1', async () => {
    expect(costOf(await site.fetch('/handel/', {}, { now: inSeconds(200) }))).toMatchObject({ kv: 1, d1: 1 })
  })
})

describe('a translation that is not there is not linked', () => {
  test('while it is a draft, after it was deleted, and until it is due', async () => {
    const due = inSeconds(3600)
    await site.publish('articles', german('markt', 'market'), english('market', 'markt', { status: 'draft' }))
    expect(languagesOf(await open('/markt/'))).toEqual({})
    await site.publish('articles', english('market', 'markt', { date: due }))
    expect(languagesOf(await open('/markt/'))).toEqual({})
    expect(languagesOf(await open('/markt/', due))).toMatchObject({ en: '/market/' })
    await site.api('DELETE', 'articles/market')
    expect(languagesOf(await open('/markt/', due))).toEqual({})
  })
})

describe('where one side does not name the other', () => {
  test('the two find each other all the same', async () => {
    await site.publish('articles', german('presse', 'press'), english('press'))
    for (const path of ['/presse/', '/press/'])
      expect(languagesOf(await open(path))).toEqual({
        de: '/presse/',
        en: '/press/',
        'x-default': '/presse/',
      })
  })

  test('of several that name one, only the first by address gets the link', async () => {
    await site.publish('articles', german('funk'), english('radio-b', 'funk'), english('radio-a', 'funk'))
    expect(languagesOf(await open('/funk/'))).toMatchObject({ en: '/radio-a/' })
    expect(languagesOf(await open('/radio-a/'))).toMatchObject({ de: '/funk/' })
    expect(languagesOf(await open('/radio-b/'))).toEqual({})
  })

  test('one that names somebody else is not linked', async () => {
    await site.publish('articles', german('bild', 'image'), english('image', 'foto'), german('foto', 'image'))
    expect(languagesOf(await open('/bild/'))).toEqual({})
    expect(languagesOf(await open('/image/'))).toMatchObject({ de: '/foto/' })
  })

  test('one in the same language is not linked', async () => {
    await site.publish('articles', german('wort', 'wort-zwei'), german('wort-zwei'))
    expect(languagesOf(await open('/wort/'))).toEqual({})
  })
})

describe('the site refuses', () => {
  test.each([
    ['its own language', german('selbst', undefined, { translations: { de: 'anderer' } }), 'translations.de'],
    ['itself', german('selbst', 'selbst'), 'translations.en'],
  ])('a translation into %s', async (_, { frontMatter, body }, key) => {
    const response = await site.api('PUT', 'articles/selbst', { frontMatter, body })
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ errors: [{ key, code: 'translation-self' }] })
  })
})
