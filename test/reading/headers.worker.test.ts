import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dom } from '../support/dom.ts'
import { article, publishNewsroom, SVG } from '../support/fixture.ts'
import { inSeconds, READ_TOKEN, TestSite } from '../support/site.ts'

let site: TestSite
let picture: string

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(
    site,
    article('artikel', { image: { src: 'bild.svg', alt: 'Ein Bild' } }),
    article('zum-loeschen'),
    article('kaputt'),
  )
  await site.approvedComment('artikel')
  picture = /\/media\/[0-9a-f]{32}\.svg/.exec(await site.page('/artikel/'))?.[0] ?? ''
  await site.env.KV.put('article:kaputt', '{')
})
afterAll(() => site.close())

/** Every kind of response the site gives, by name. */
const RESPONSES: Record<string, { status: number; ask: () => Promise<Response> }> = {
  'front page': { status: 200, ask: () => site.fetch('/') },
  article: { status: 200, ask: () => site.fetch('/artikel/') },
  'article, HEAD': { status: 200, ask: () => site.fetch('/artikel/', { method: 'HEAD' }) },
  'article, not modified': {
    status: 304,
    ask: async () => {
      const etag = (await site.fetch('/artikel/')).headers.get('etag') ?? ''
      return site.fetch('/artikel/', { headers: { 'if-none-match': etag } })
    },
  },
  'article without D1': {
    status: 200,
    ask: () => site.fetch('/artikel/?ab=7', {}, { down: ['d1'] }),
  },
  section: { status: 200, ask: () => site.fetch('/category/wirtschaft/') },
  tag: { status: 200, ask: () => site.fetch('/tag/handel/') },
  'static page': { status: 200, ask: () => site.fetch('/impressum/') },
  'not found': { status: 404, ask: () => site.fetch('/nirgends/') },
  'corrupt value': { status: 404, ask: () => site.fetch('/kaputt/') },
  'wrong method': { status: 405, ask: () => site.fetch('/artikel/', { method: 'PUT' }) },
  'missing slash': { status: 301, ask: () => site.fetch('/artikel') },
  'KV down': {
    status: 503,
    ask: () => site.fetch('/nie-gelesen/', {}, { down: ['kv'], now: inSeconds(60) }),
  },
  feed: { status: 200, ask: () => site.fetch('/feed/') },
  sitemap: { status: 200, ask: () => site.fetch('/sitemap.xml') },
  robots: { status: 200, ask: () => site.fetch('/robots.txt') },
  favicon: { status: 200, ask: () => site.fetch('/favicon.svg') },
  health: { status: 200, ask: () => site.fetch('/healthz') },
  'health, failing': { status: 503, ask: () => site.fetch('/healthz', {}, { down: ['d1'] }) },
  picture: { status: 200, ask: () => site.fetch(picture) },
  'picture, not modified': {
    status: 304,
    ask: () => site.fetch(picture, { headers: { 'if-none-match': '*' } }),
  },
  'picture that is not there': { status: 404, ask: () => site.fetch(`/media/${'0'.repeat(32)}.svg`) },
  'ad click': { status: 302, ask: () => site.fetch('/go/nordlicht') },
  'ad view': { status: 204, ask: () => site.fetch('/go/nordlicht.gif') },
  'unknown ad': { status: 404, ask: () => site.fetch('/go/niemand') },
  'comment stored': { status: 303, ask: () => site.comment('artikel') },
  'comment with a mistake': { status: 422, ask: () => site.comment('artikel', { name: '' }) },
  'comment too fast': {
    status: 429,
    ask: async () => site.comment('artikel', { token: await site.token('artikel', 0) }),
  },
  'comment without D1': { status: 503, ask: () => site.comment('artikel', {}, {}, { down: ['d1'] }) },
  'comment from elsewhere': {
    status: 403,
    ask: () => site.comment('artikel', {}, { origin: 'https://example.com' }),
  },
  'comment of another type': {
    status: 415,
    ask: () => site.fetch('/artikel/comments', { method: 'POST', body: 'x' }),
  },
  'comment too large': { status: 413, ask: () => site.comment('artikel', { text: 'x'.repeat(40_000) }) },
  'comment not found': { status: 404, ask: () => site.comment('nirgends') },
  'comments reloaded': { status: 303, ask: () => site.fetch('/artikel/comments') },
  'API list': { status: 200, ask: () => site.api('GET', 'articles') },
  'API not found': { status: 404, ask: () => site.api('GET', 'nirgends') },
  'API without token': { status: 401, ask: () => site.fetch('/api/articles') },
  'API with a token for reading': {
    status: 403,
    ask: () => site.api('DELETE', 'articles/artikel', undefined, READ_TOKEN),
  },
  'API wrong method': { status: 405, ask: () => site.api('DELETE', 'articles') },
  'API malformed': { status: 400, ask: () => site.api('POST', 'articles', {}) },
  'API refused': { status: 422, ask: () => site.api('PUT', 'articles/x', { frontMatter: {} }) },
  'API without D1': {
    status: 503,
    ask: () =>
      site.fetch(
        '/api/articles',
        { headers: { authorization: 'Bearer token-that-may-write' } },
        { down: ['d1'] },
      ),
  },
  'API deleted': { status: 204, ask: () => site.api('DELETE', 'articles/zum-loeschen') },
  'API picture deleted': {
    status: 204,
    ask: async () => {
      await site.putPicture('weg.svg', SVG)
      return site.api('DELETE', 'media/weg.svg')
    },
  },
  'API comment deleted': {
    status: 204,
    ask: async () =>
      site.api('DELETE', `comments/${await site.approvedComment('artikel', { text: 'Zum Löschen.' })}`),
  },
  'API ads report': { status: 200, ask: () => site.api('GET', 'ads-report') },
}

describe('security headers are on every response', () => {
  test.each(Object.entries(RESPONSES))('%s', async (_, { status, ask }) => {
    const response = await ask()
    expect(response.status).toBe(status)
    const { headers } = response
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin')
    expect(headers.get('permissions-policy')).toContain('camera=()')
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
    const policy = headers.get('content-security-policy') ?? ''
    for (const rule of ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action '"]) {
      expect(policy).toContain(rule)
    }
    expect(policy).not.toMatch(/script-src (?!'self';)|unsafe-eval|https?:|\*/)
    expect(headers.getSetCookie()).toEqual([])
    expect(headers.get('server')).toBeNull()
  })
})

describe('a page’s own policy', () => {
  test('allows its stylesheet by hash, pictures, frames and forms of this site, and nothing else', async () => {
    const response = await site.fetch('/artikel/')
    const css = /<style>(.*?)<\/style>/s.exec(await response.text())?.[1] ?? ''
    const hash = createHash('sha256').update(css).digest('base64')
    expect(response.headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'sha256-${hash}' 'self'; script-src 'self'; frame-src 'self'; img-src 'self'; media-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    )
  })

  test('leaves no inline style or handler for it to block', async () => {
    const page = new Dom(await site.page('/artikel/'))
    expect(page.all('[style]')).toEqual([])
    const handlers = page
      .all('*')
      .flatMap(({ properties }) => Object.keys(properties).filter((name) => /^on/i.test(name)))
    expect(handlers).toEqual([])
  })
})

describe('what only one reader may see is kept by no cache', () => {
  test.each([
    'not found',
    'wrong method',
    'KV down',
    'article without D1',
    'comment with a mistake',
    'comment too fast',
    'comment without D1',
    'comment from elsewhere',
    'comment stored',
    'comment too large',
  ])('%s', async (name) => {
    const response = await RESPONSES[name]?.ask()
    expect(response?.headers.get('cache-control')).toBe('private, no-store')
    expect(response?.headers.get('cdn-cache-control')).toBeNull()
    expect(response?.headers.get('etag')).toBeNull()
  })
})
