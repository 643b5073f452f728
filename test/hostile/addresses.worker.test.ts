import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { article, publishNewsroom } from '../support/fixture.ts'
import { expectAlive, expectSafe, isRefusedByRuntime, request, send } from '../support/hostile.ts'
import { COMMENT, TestSite } from '../support/site.ts'

/** Whatever address, method or header is sent, the answer is a proper one, and never leads to another host. */

let site: TestSite
beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site, article('leitartikel'))
})
afterAll(() => site?.close())

/** Separated by blanks, for an address has none. */
const TRICKY_PATHS = `
  // /// //example.org //example.org/ /////example.org/ /\\example.org/ /\\/example.org /%2f%2fexample.org/ /%5cexample.org/
  /%2e%2e/ /%2e%2e%2f /../../etc/passwd /./leitartikel/./ /..%2f..%2fapi/articles /leitartikel/../api/articles
  /leitartikel// /leitartikel/%2f /leitartikel%2f /%00 /leitartikel%00/ /leitartikel/%00 /% /%2 /%zz/ /%ff/ /%c0%af/ /%ed%a0%80/
  /%u0041/ /leitartikel;jsessionid=1/ /;/ /leitartikel/;/ /ä/ /%c3%a4/ /🎉/ /%f0%9f%8e%89/ /LEITARTIKEL/
  /leitartikel/? /leitartikel? /? /?? /?=&&= /# /leitartikel/#x /+/ /*/ /leitartikel/comments/ /leitartikel/comments/x
  /comments //comments /go/ /go// /go/.gif /go/..gif /go/nordlicht.gif.gif /go/%2e%2e /go/https://example.org
  /media/ /media/.. /media/%00 /media/../api/articles /media/${'0'.repeat(32)}.svg /media/x.svg
  /category/ /category// /tag// /category/%2e%2e/ /tag/%00/ /api /api/ /api// /API/articles /api/articles/../site /api/%61rticles
  /feed /feed// /FEED/ /feed/x/ /sitemap.xml/ /robots.txt/ /.well-known/security.txt /.git/config
  /__proto__/ /constructor/ /toString/ /hasOwnProperty/ /api/articles/__proto__ /go/__proto__
  /${'a'.repeat(10_000)} /${'a'.repeat(10_000)}/ /${'a/'.repeat(5_000)} /${'%2e'.repeat(3_000)}
  /leitartikel/?${'x'.repeat(10_000)} /leitartikel?${'x=y&'.repeat(2_500)} /go/${'n'.repeat(10_000)}`
  .trim()
  .split(/\s+/)

const CAMPAIGNS = ['https://example.com/nordlicht', 'https://example.com/suedwind']

describe('an address', () => {
  test.each(['GET', 'HEAD', 'POST'])('that plays tricks gets a proper answer (%s)', async (method) => {
    for (const path of TRICKY_PATHS) {
      const answer = await send(site, request(site, method, path, { 'content-length': '0' }))
      expectSafe(
        site,
        answer ?? expect.fail(`no answer to ${path}`),
        `${method} ${path.slice(0, 80)}`,
        CAMPAIGNS,
      )
    }
    await expectAlive(site)
  })

  test('that is no address at all is refused', async () => {
    for (const target of [
      '',
      'leitartikel',
      '/a b',
      '/\u0000',
      '/\u007f',
      'http://example.org/leitartikel',
    ]) {
      const answer = await send(site, request(site, 'GET', target))
      if (answer && !isRefusedByRuntime(answer)) expectSafe(site, answer, JSON.stringify(target))
    }
    await expectAlive(site)
  })

  test('of any shape gets a proper answer', async () => {
    const part = fc.oneof(
      fc.constantFrom(
        'leitartikel',
        'comments',
        'api',
        'articles',
        'go',
        'nordlicht',
        'media',
        'tag',
        'category',
      ),
      fc.constantFrom(
        '..',
        '.',
        '',
        '%2f',
        '%5c',
        '%00',
        '%0d%0a',
        '%',
        ';',
        '\\',
        "'",
        '"',
        '<',
        '>',
        '|',
        '{',
        '^',
      ),
      fc.webFragments(),
      fc.string({ unit: 'binary', maxLength: 30 }).map((text) => encodeURIComponent(text.toWellFormed())),
    )
    const path = fc.array(part, { maxLength: 6 }).map((parts) => `/${parts.join('/')}`)
    const query = fc.option(fc.webQueryParameters(), { nil: '' })
    await fc.assert(
      fc.asyncProperty(path, query, fc.boolean(), async (somewhere, asked, isSlashed) => {
        const target = `${somewhere}${isSlashed ? '/' : ''}${asked ? `?${asked}` : ''}`.replace(/[\s#]/g, '')
        const answer = await send(site, request(site, 'GET', target))
        if (!answer) expect.fail(`no answer to ${target}`)
        if (!isRefusedByRuntime(answer)) expectSafe(site, answer, target, CAMPAIGNS)
      }),
      { numRuns: 400 },
    )
    await expectAlive(site)
  })
})

describe('a method', () => {
  const PATHS =
    '/ /leitartikel/ /leitartikel/comments /feed/ /robots.txt /go/nordlicht /healthz /api/articles /nirgends/'.split(
      ' ',
    )
  const METHODS = 'PUT DELETE PATCH OPTIONS TRACE PROPFIND PURGE QUERY SEARCH LOCK REPORT'.split(' ')

  test('that an address does not know gets a proper answer', async () => {
    for (const path of PATHS) {
      for (const method of METHODS) {
        const answer = await send(site, request(site, method, path, { 'content-length': '0' }))
        expectSafe(site, answer ?? expect.fail('no answer'), `${method} ${path}`, CAMPAIGNS)
      }
    }
  })

  test('that nobody knows is refused', async () => {
    for (const method of ['FOO', 'get', 'G3T', 'GET\u0000', '<script>', 'X'.repeat(5_000)]) {
      const answer = await send(site, request(site, method, '/'))
      expect(answer === null || isRefusedByRuntime(answer), method).toBe(true)
    }
    await expectAlive(site)
  })
})

describe('a redirect', () => {
  const BREAKS = ['%0d%0a', '%0a', '%0d', '%0D%0A%20', '%E5%98%8A%E5%98%8D', '%00', '%c4%8d%c4%8a', '\\r\\n']
  const PLACES = [
    (text: string) => `/${text}`,
    (text: string) => `/leitartikel${text}`,
    (text: string) => `/leitartikel?x=${text}`,
    (text: string) => `/category/${text}`,
    (text: string) => `/tag/handel${text}`,
    (text: string) => `/go/${text}`,
    (text: string) => `/go/nordlicht${text}`,
    (text: string) => `/go/nordlicht?${text}`,
    (text: string) => `/${text}/comments`,
    (text: string) => `/leitartikel/comments?${text}`,
    (text: string) => `/leitartikel/?kommentar=${text}`,
  ]

  test('takes no header from an address', async () => {
    for (const line of BREAKS) {
      for (const place of PLACES) {
        const target = place(`${line}x-injected:%201${line}Set-Cookie:%20a=b${line}${line}%3Cscript%3E`)
        const answer = await send(site, request(site, 'GET', target))
        expectSafe(site, answer ?? expect.fail('no answer'), target, CAMPAIGNS)
      }
    }
  })

  test('of an ad leads to the campaign’s own address, whatever is asked', async () => {
    const questions = [
      '',
      '?url=https://example.org',
      '?to=//example.org',
      '?nordlicht=https://example.org',
      '/../suedwind',
    ]
    for (const question of questions) {
      const answer = await send(site, request(site, 'GET', `/go/nordlicht${question}`))
      expect(CAMPAIGNS).toContain(answer?.headers.get('location'))
    }
  })

  test('of a comment leads to its article, whatever the form says', async () => {
    const fields = {
      redirect: '//example.org',
      next: 'https://example.org',
      parent: '//example.org',
      url: 'x',
    }
    const response = await site.comment(
      'leitartikel',
      { ...fields, text: 'Wohin?' },
      { referer: 'https://example.org/' },
    )
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toMatch(
      /^\/leitartikel\/\?kommentar=\d+\.[\w-]{22}#kommentar-\d+$/,
    )
  })

  test('does not believe a forwarded host', async () => {
    const headers = {
      'x-forwarded-host': 'example.org',
      forwarded: 'host=example.org',
      'x-original-url': '/api/articles',
      'x-rewrite-url': '//example.org',
    }
    for (const path of ['/leitartikel', '/leitartikel/', '/category/wirtschaft', '/feed/', '/sitemap.xml']) {
      const response = await site.fetch(path, { headers })
      expectSafe(site, response, path)
      expect(await response.text()).not.toContain('example.org')
    }
  })
})

describe('a header', () => {
  test('of any size and shape does not upset a page', async () => {
    const headers: [string, string][] = [
      ['if-none-match', 'W/"x",'.repeat(1_700)],
      ['if-none-match', '"'.repeat(10_000)],
      ['if-none-match', '*, *, *'],
      ['if-modified-since', 'gestern'],
      ['if-match', '"x"'],
      ['range', 'bytes=0-0,-1,5-2'],
      ['range', `bytes=${'0-1,'.repeat(2_000)}`],
      ['accept', 'x'.repeat(10_000)],
      ['accept-language', '-'.repeat(10_000)],
      ['accept-encoding', 'identity;q=0, *;q=0'],
      ['user-agent', '('.repeat(10_000)],
      ['user-agent', ''],
      ['cookie', '=;'.repeat(4_000)],
      ['authorization', 'Bearer '],
      ['authorization', `Bearer ${'x'.repeat(8_000)}`],
      ['authorization', 'Basic %%%'],
      ['referer', 'http://['],
      ['sec-purpose', 'prefetch'.repeat(500)],
      ['expect', '200-ok'],
      ['upgrade', 'websocket'],
      ['content-type', ','],
      ['cf-connecting-ip', '::ffff:[%'],
      ['cf-connecting-ip', ''],
      ['x-http-method-override', 'DELETE'],
      ['x-long', 'x'.repeat(60_000)],
    ]
    for (const [name, value] of headers) {
      for (const path of ['/leitartikel/', '/feed/', '/go/nordlicht.gif', '/api/articles', '/nirgends/']) {
        const answer = await send(site, request(site, 'GET', path, { [name]: value }))
        if (answer && !isRefusedByRuntime(answer))
          expectSafe(site, answer, `${name}: ${value.slice(0, 40)} on ${path}`)
      }
    }
    await expectAlive(site)
  })

  test('that lies about where a form comes from is refused', async () => {
    const origins =
      `null http:// http://[ https://example.org ${site.url}.example.org ${site.url}/ ${'x'.repeat(9_000)} file://`.split(
        ' ',
      )
    for (const origin of origins) {
      const response = await site.comment('leitartikel', { text: 'Von woanders.' }, { origin })
      expectSafe(site, response, origin)
      expect(response.status, origin).toBe(403)
    }
    const crossSite = await site.fetch('/leitartikel/comments', {
      method: 'POST',
      body: new URLSearchParams({ ...COMMENT, token: await site.token('leitartikel') }),
      headers: { 'sec-fetch-site': 'cross-site' },
    })
    expect(crossSite.status).toBe(403)
    expect((await site.comments('leitartikel')).filter(({ text }) => text === 'Von woanders.')).toEqual([])
  })
})
