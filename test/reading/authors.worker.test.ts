import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dom } from '../support/dom.ts'
import { article, author, publishNewsroom } from '../support/fixture.ts'
import { costOf, TestSite } from '../support/site.ts'

let site: TestSite

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site)
  await site.publish(
    'authors',
    author('Änne Groß', {
      role: 'Redakteurin <Technik>',
      portrait: { src: 'bild.svg', alt: 'Änne Groß vor einem Setzkasten' },
      biography: 'Schreibt über *Netze*.\n\nUnd über <script>alert(1)</script> Formate.',
      links: [{ name: 'Mastodon', url: 'https://example.social/@aenne' }],
    }),
    author('Bo Neu'),
  )
  await site.publish(
    'articles',
    article('zu-zweit', { author: ['Änne Groß', 'miriam-albers'], date: '2026-02-02T08:00:00Z' }),
    article('allein', { author: 'Änne Groß', date: '2026-02-01T08:00:00Z' }),
    article('niemand', { author: undefined }),
  )
})
afterAll(() => site.close())

const open = async (path: string) => new Dom(await site.page(path))

describe('the by-line of an article', () => {
  test('names its authors and leads to each of them', async () => {
    const page = await open('/zu-zweit/')
    expect(page.text('.byline .author')).toBe('Von Änne Groß und Miriam Albers')
    expect(page.attributes('.byline .author a[rel=author]', 'href')).toEqual([
      '/author/aenne-gross/',
      '/author/miriam-albers/',
    ])
  })

  test('is left out where nobody is named', async () => {
    expect((await open('/niemand/')).has('.byline .author')).toBe(false)
  })

  test('follows an author who changes their name, without the article being published again', async () => {
    await site.publish('authors', author('Bo Neu', { name: 'Bo Neumann' }))
    await site.publish('articles', article('von-bo', { author: 'bo-neu' }))
    await site.publish('authors', { ...author('Bo Neu'), frontMatter: { name: 'Bo Altmann' } })
    expect((await open('/von-bo/')).text('.byline .author')).toBe('Von Bo Altmann')
  })

  test('keeps the name of one who has left, without a link', async () => {
    await site.publish('authors', author('Cem Weg'))
    await site.publish('articles', article('von-cem', { author: 'Cem Weg' }))
    expect((await site.api('DELETE', 'authors/cem-weg')).status).toBe(204)
    const page = await open('/von-cem/')
    expect(page.text('.byline .author')).toBe('Von Cem Weg')
    expect(page.has('.byline .author a')).toBe(false)
    expect((await site.fetch('/author/cem-weg/')).status).toBe(404)
  })
})

describe('the page of an author', () => {
  test('says who they are', async () => {
    const page = await open('/author/aenne-gross/')
    expect(page.text('h1')).toBe('Änne Groß')
    expect(page.text('.author-head .standfirst')).toBe('Redakteurin <Technik>')
    expect(page.attribute('.author-head img', 'alt')).toBe('Änne Groß vor einem Setzkasten')
    expect(page.texts('.biography p')[0]).toBe('Schreibt über Netze.')
    expect(page.has('.biography em')).toBe(true)
    expect(page.has('.biography script')).toBe(false)
    expect(page.attribute('.author-links a', 'href')).toBe('https://example.social/@aenne')
    expect(page.attribute('meta[name=description]', 'content')).toBe('Alle Artikel von Änne Groß.')
  })

  test('lists what they wrote, from one round trip to D1', async () => {
    const response = await site.fetch('/author/aenne-gross/?kalt')
    expect(new Dom(await response.text()).attributes('.cards h2 a', 'href')).toEqual([
      '/zu-zweit/',
      '/allein/',
    ])
    const cold = await site.fetch('/author/miriam-albers/')
    expect(costOf(cold)).toMatchObject({ kv: 1, d1: 1, parallel: true })
  })

  test('is there before they have written anything, and nowhere for somebody unknown', async () => {
    await site.publish('authors', author('Dana Still'))
    const page = await open('/author/dana-still/')
    expect(page.text('h1')).toBe('Dana Still')
    expect(page.text('main')).toContain('Hier ist noch nichts veröffentlicht.')
    expect((await site.fetch('/author/keiner/')).status).toBe(404)
  })
})

describe('an article by somebody unknown', () => {
  test('is refused, with the nearest name', async () => {
    const response = await site.api('PUT', 'articles/falsch', {
      frontMatter: article('falsch', { author: ['Änne Gross', 'Xaver Q'] }).frontMatter,
      body: 'Text.',
    })
    expect(response.status).toBe(422)
    const { errors } = (await response.json()) as {
      errors: { key: string; nearest?: string; detail: string }[]
    }
    expect(errors).toMatchObject([{ key: 'author.0', nearest: 'Änne Groß' }, { key: 'author.1' }])
    expect(errors[0]?.detail).toBe(
      'unbekannter Wert: Änne Gross (erwartet: eine Autorin oder ein Autor aus content/authors, mit Namen oder Adressteil; meinten Sie „Änne Groß“?)',
    )
  })
})
