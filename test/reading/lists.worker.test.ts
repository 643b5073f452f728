import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { slugify } from '../../src/article/slug.ts'
import { Dom } from '../support/dom.ts'
import { article, page, publishNewsroom } from '../support/fixture.ts'
import { costOf, TestSite } from '../support/site.ts'

let site: TestSite

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(
    site,
    article('neu', {
      date: '2026-02-02T08:00:00Z',
      image: { src: 'bild.svg', alt: 'Rot' },
      tags: ['Öl & Gas'],
    }),
    article('mittel', { date: '2026-02-01T08:00:00Z', section: 'technik', tags: ['Öl & Gas', 'KI'] }),
    article('alt', { date: '2026-01-01T08:00:00Z', updated: '2026-02-03T08:00:00Z', tags: ['KI'] }),
    article('entwurf', { status: 'draft', tags: ['KI'] }),
  )
  await site.publish('pages', page('hilfe', 'Hilfe & Rat', 'Ein *Absatz*.\n\n## Mehr'))
})
afterAll(() => site.close())

const open = async (path: string) => new Dom(await site.page(path))
const listed = (page: Dom) =>
  page.attributes('.teaser h2 a, .teaser h3 a, .ticker li a, .most-commented li a', 'href')

describe('the front page', () => {
  test('costs one round trip to D1 when cold and nothing when hot', async () => {
    await site.page('/hilfe/')
    const cold = await site.fetch('/')
    expect(costOf(cold)).toMatchObject({ kv: 0, d1: 1 })
    expect(costOf(await site.fetch('/'))).toMatchObject({ kv: 0, d1: 0 })
  })

  test('lists the newest first, the first of them large with its picture', async () => {
    const page = await open('/')
    expect(listed(page)).toEqual(['/neu/', '/mittel/', '/alt/'])
    expect(page.text('.teaser.lead h2')).toBe('Artikel neu')
    expect(page.text('.teaser.lead .standfirst')).toBe('Worum es in neu geht.')
    expect(page.text('.teaser.lead time')).toBe('2. Februar 2026')
    expect(page.attribute('.teaser.lead img', 'width')).toBe('1200')
    expect(page.attribute('.teaser.lead img', 'alt')).toBe('')
  })

  test('says its name, its description and its one address', async () => {
    const page = await open('/')
    expect(page.text('title')).toBe('MedienWirtschaft – Nachrichten über Medien')
    expect(page.attribute('meta[name=description]', 'content')).toBe('Nachrichten über Medien')
    expect(page.attribute('link[rel=canonical]', 'href')).toBe(`${site.url}/`)
    expect(page.all('h1')).toHaveLength(1)
  })
})

describe('a section', () => {
  test('lists its own articles under its name', async () => {
    const page = await open('/category/technik/')
    expect(page.text('h1')).toBe('Technik')
    expect(page.text('.list-head .standfirst')).toBe('Alles über Technik.')
    expect(listed(page)).toEqual(['/mittel/'])
    expect(page.attribute('link[rel=canonical]', 'href')).toBe(`${site.url}/category/technik/`)
  })

  test('that the site does not have is a 404', async () => {
    for (const name of ['kultur', 'a'.repeat(200), '%00']) {
      expect((await site.fetch(`/category/${name}/`)).status, name).toBe(404)
    }
  })
})

describe('a tag', () => {
  test('lists the articles that carry it, under its name as written', async () => {
    const page = await open('/tag/oel-gas/')
    expect(page.text('h1')).toBe('Öl & Gas')
    expect(page.text('.list-head .standfirst')).toBe('Alle Artikel zum Schlagwort „Öl & Gas“.')
    expect(listed(page)).toEqual(['/neu/', '/mittel/'])
  })

  test('does not list drafts', async () => {
    expect(listed(await open('/tag/ki/'))).toEqual(['/mittel/', '/alt/'])
  })

  test('that nobody uses is a 404', async () => {
    expect((await site.fetch('/tag/niemand/')).status).toBe(404)
  })

  test('of letters or signs that an address has no place for has one all the same, and its own', async () => {
    const tags = ['سلام', '🎉', '—']
    await site.publish('articles', article('gruss', { tags, date: '2025-12-31T08:00:00Z' }))
    const links = (await open('/gruss/')).attributes('.tags a', 'href')
    expect(links).toEqual(['/tag/31pd5vqjxxcae/', `/tag/${slugify('🎉')}/`])
    for (const link of links) expect(listed(await open(link ?? ''))).toEqual(['/gruss/'])
  })
})

describe('a static page', () => {
  test('shows its text, with a title and one address', async () => {
    const response = await site.fetch('/hilfe/')
    const page = new Dom(await response.text())
    expect(response.status).toBe(200)
    expect(page.text('h1')).toBe('Hilfe & Rat')
    expect(page.text('.body em')).toBe('Absatz')
    expect(page.text('title')).toBe('Hilfe & Rat – MedienWirtschaft')
    expect(page.attribute('link[rel=canonical]', 'href')).toBe(`${site.url}/hilfe/`)
  })

  test('carries no ad and no comments', async () => {
    const page = await open('/hilfe/')
    expect(page.has('.ad, .comments, main form')).toBe(false)
  })

  test('takes no comments', async () => {
    expect((await site.comment('hilfe')).status).toBe(404)
    expect(await site.comments()).toEqual([])
  })
})

describe('what is not there', () => {
  test.each(['/nirgends/', '/a/b/c/', '/entwurf/', '/gross/', '/.env', '/wp-login.php', '/index.html'])(
    '%s is a page that says so and is not kept',
    async (path) => {
      const response = await site.fetch(path)
      const page = new Dom(await response.text())
      expect(response.status).toBe(404)
      expect(page.text('h1')).toBe('Diese Seite gibt es nicht')
      expect(page.attribute('meta[name=robots]', 'content')).toBe('noindex')
      expect(page.has('link[rel=canonical]')).toBe(false)
      expect(page.texts('nav.sections a')).toEqual(['Wirtschaft', 'Technik'])
      expect(response.headers.get('cache-control')).toBe('private, no-store')
    },
  )

  test('an article that was taken off the site is gone everywhere', async () => {
    await site.publish('articles', article('weg', { tags: ['Flüchtig'], date: '2026-02-04T08:00:00Z' }))
    expect((await site.fetch('/weg/')).status).toBe(200)
    expect(listed(await open('/'))).toContain('/weg/')
    expect((await site.api('DELETE', 'articles/weg')).status).toBe(204)
    const gone = await site.fetch('/weg/')
    expect(gone.status).toBe(410)
    expect(new Dom(await gone.text()).text('h1')).toBe('Diesen Artikel gibt es nicht mehr')
    expect((await site.fetch('/tag/fluechtig/')).status).toBe(404)
    for (const path of [
      '/',
      '/category/wirtschaft/',
      '/feed/',
      '/feed/atom/',
      '/category/wirtschaft/feed/json/',
      '/sitemap-2026.xml',
    ]) {
      expect(await site.page(path), path).not.toContain('/weg/')
    }
  })

  test('an article that became a draft again is gone, and comes back with its comments', async () => {
    await site.publish('articles', article('hin-und-her'))
    await site.approvedComment('hin-und-her')
    await site.publish('articles', article('hin-und-her', { status: 'draft' }))
    expect((await site.fetch('/hin-und-her/')).status).toBe(404)
    expect(await site.page('/')).not.toContain('/hin-und-her/')
    await site.publish('articles', article('hin-und-her'))
    expect((await open('/hin-und-her/')).text('#kommentare-titel')).toBe('1 Kommentar')
    await site.api('DELETE', 'articles/hin-und-her')
  })
})

describe('addresses', () => {
  test('without their slash lead to the one with it, query and all', async () => {
    const moves = {
      '/neu': '/neu/',
      '/neu?ab=5': '/neu/?ab=5',
      '/neu//': '/neu/',
      '/category/technik': '/category/technik/',
      '/tag/ki': '/tag/ki/',
      '/Category/TECHNIK/': '/category/technik/',
      '/NEU': '/neu/',
      '/feed': '/feed/',
    }
    for (const [from, to] of Object.entries(moves)) {
      const response = await site.fetch(from)
      expect(response.status, from).toBe(301)
      expect(response.headers.get('location'), from).toBe(to)
    }
  })

  test('never lead to another host', async () => {
    for (const path of [
      '//example.com',
      '//example.com/',
      '/%2fexample.com',
      '/\\example.com',
      '///example.com//',
    ]) {
      const response = await site.fetch(path)
      const location = response.headers.get('location')
      const target = location === null ? null : new URL(location, `${site.url}${path}`)
      expect(target?.host ?? new URL(site.url).host, `${path} → ${location}`).toBe(new URL(site.url).host)
    }
  })

  test('answer 405 to another method and say which ones they know', async () => {
    const known = {
      '/': 'GET, HEAD',
      '/neu/': 'GET, HEAD',
      '/category/technik/': 'GET, HEAD',
      '/feed/': 'GET, HEAD',
      '/sitemap.xml': 'GET, HEAD',
      '/robots.txt': 'GET, HEAD',
      '/healthz': 'GET, HEAD',
      '/go/nordlicht': 'GET, HEAD',
    }
    for (const [path, allow] of Object.entries(known)) {
      for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
        const response = await site.fetch(path, { method })
        expect(response.status, `${method} ${path}`).toBe(405)
        expect(response.headers.get('allow'), `${method} ${path}`).toBe(allow)
      }
    }
    const comments = await site.fetch('/neu/comments', { method: 'DELETE' })
    expect(comments.headers.get('allow')).toBe('POST, GET, HEAD')
    expect(new Dom(await comments.text()).text('h1')).toBe('So geht es nicht')
  })
})

describe('for machines', () => {
  test('robots.txt lets everything be read but the counters and the newsroom', async () => {
    const response = await site.fetch('/robots.txt')
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    const lines = (await response.text()).split('\n')
    expect(lines).toEqual(expect.arrayContaining(['User-agent: *', 'Disallow: /go/', 'Disallow: /api/']))
    expect(lines).toContain(`Sitemap: ${site.url}/sitemap.xml`)
    expect(lines).not.toContain('Disallow: /')
  })

  test('sitemap.xml is not sent twice to who has it', async () => {
    const etag = (await site.fetch('/sitemap.xml')).headers.get('etag') ?? ''
    expect((await site.fetch('/sitemap.xml', { headers: { 'if-none-match': etag } })).status).toBe(304)
  })

  test('favicon.svg is a picture', async () => {
    const response = await site.fetch('/favicon.svg')
    expect(response.headers.get('content-type')).toBe('image/svg+xml')
    expect(await response.text()).toContain('<svg')
  })

  test('healthz says that KV, D1 and the secrets are there', async () => {
    const response = await site.fetch('/healthz')
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toEqual({ status: 'ok', kv: true, d1: true, secrets: true })
  })

  test.each(['kv', 'd1'] as const)('healthz says when %s is down', async (store) => {
    const response = await site.fetch('/healthz', {}, { down: [store] })
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ status: 'failing', [store]: false, secrets: true })
  })
})
