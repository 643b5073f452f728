import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { article, publishNewsroom } from '../support/fixture.ts'
import { expectAlive, expectSafe } from '../support/hostile.ts'
import { READ_TOKEN, TestSite, TOKEN } from '../support/site.ts'

/** Whatever a client sends to the publishing API, with a token or without, the answer is a proper one. */

let site: TestSite
beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site, article('leitartikel'))
})
afterAll(() => site?.close())

describe('the publishing API', () => {
  const ENDPOINTS =
    'articles articles/fuzz pages pages/fuzz ads ads/fuzz site site/site media media/fuzz.svg comments comments/1 ads-report nirgends'.split(
      ' ',
    )
  const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH'] as const

  test('tells nobody without a token anything', async () => {
    for (const endpoint of ENDPOINTS) {
      for (const method of METHODS) {
        const response = await site.fetch(`/api/${endpoint}`, {
          method,
          ...(method === 'GET' || method === 'HEAD' ? {} : { body: '{}' }),
        })
        expectSafe(site, response, `${method} ${endpoint}`)
        expect(response.status, `${method} ${endpoint}`).toBe(401)
      }
    }
  })

  test('lets a token that may only read change nothing', async () => {
    for (const endpoint of ENDPOINTS) {
      for (const method of ['POST', 'PUT', 'DELETE', 'PATCH'] as const) {
        const response = await site.api(method, endpoint, {}, READ_TOKEN)
        expectSafe(site, response, `${method} ${endpoint}`)
        expect(response.status, `${method} ${endpoint}`).toBe(403)
      }
    }
  })

  /** Documents that are nearly right, and values that are nothing of the kind. */
  const anything = fc.jsonValue({ maxDepth: 4 })
  const frontMatter = fc.record(
    {
      title: fc.oneof(fc.string({ unit: 'grapheme' }), anything),
      description: fc.oneof(fc.string({ unit: 'binary' }), anything),
      date: fc.oneof(
        fc.constantFrom(
          '2026-01-15T09:00:00+01:00',
          '2026-13-45T99:00:00Z',
          '9999-12-31T23:59:59Z',
          '0000-01-01T00:00Z',
        ),
        anything,
      ),
      section: fc.oneof(fc.constant('wirtschaft'), anything),
      tags: fc.oneof(fc.array(fc.string({ unit: 'grapheme' })), anything),
      author: fc.oneof(fc.string(), anything),
      source: fc.oneof(fc.record({ name: fc.string(), url: fc.oneof(fc.webUrl(), fc.string()) }), anything),
      image: fc.oneof(fc.record({ src: fc.constant('bild.svg'), alt: fc.string() }), anything),
      comments: fc.oneof(fc.constantFrom('open', 'closed', 'none'), anything),
      aliases: anything,
    },
    { requiredKeys: [] },
  )
  const body = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc
      .array(
        fc.constantFrom(
          '# ',
          '> ',
          '- ',
          '1. ',
          '|',
          '---',
          '`',
          '```',
          '*',
          '_',
          '[',
          '](',
          ')',
          '<',
          '>',
          '!',
          '&',
          '\n',
          '\n\n',
          '<!-- ad -->',
          '[^1]',
          '[^1]: ',
          'Wort ',
        ),
        { maxLength: 60 },
      )
      .map((parts) => parts.join('')),
  )
  const document = fc.record(
    { frontMatter, body, base: fc.oneof(fc.nat(), anything) },
    { requiredKeys: ['frontMatter'] },
  )

  test('answers any JSON to any of its addresses', async () => {
    const json = fc.oneof(
      anything,
      document,
      fc.record({
        items: fc.array(fc.record({ slug: fc.constantFrom('fuzz', 'Ä', ''), frontMatter, body }), {
          maxLength: 3,
        }),
      }),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...ENDPOINTS),
        fc.constantFrom('POST', 'PUT', 'DELETE', 'PATCH'),
        json,
        async (endpoint, method, value) => {
          // A site whose settings the fuzz replaces would refuse all the rest.
          if (endpoint.startsWith('site') && method !== 'DELETE') return
          expectSafe(
            site,
            await site.api(method, endpoint, value),
            `${method} ${endpoint} ${JSON.stringify(value)}`,
          )
        },
      ),
      { numRuns: 400 },
    )
    await expectAlive(site)
  })

  test('answers every document that is nearly right, and the page of one it took is whole', async () => {
    await fc.assert(
      fc.asyncProperty(document, async (value) => {
        const response = await site.api('PUT', 'articles/fuzz', value)
        expectSafe(site, response, JSON.stringify(value))
        if (response.status < 300) {
          const page = await site.fetch('/fuzz/')
          expectSafe(site, page, JSON.stringify(value))
          expect((await page.text()).endsWith('</html>')).toBe(true)
        }
      }),
      { numRuns: 200 },
    )
    await site.api('DELETE', 'articles/fuzz')
    await expectAlive(site)
  })

  test('refuses bodies that are no JSON, or too much of it', async () => {
    const bodies: [string, BodyInit][] = [
      ['nothing', ''],
      ['half', '{"items": ['],
      ['not UTF-8', new Uint8Array([0x22, 0xff, 0xfe, 0x22])],
      ['a byte order mark', '\ufeff{}'],
      ['a number that is none', '{"items": NaN}'],
      ['5 MB', `"${'x'.repeat(5 * 1024 * 1024)}"`],
      ['deep arrays', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
      ['deep objects', `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`],
      ['a prototype', '{"__proto__": {"items": []}, "constructor": {"prototype": {}}}'],
    ]
    for (const [what, content] of bodies) {
      for (const [method, endpoint] of [
        ['POST', 'articles'],
        ['PUT', 'articles/fuzz'],
        ['POST', 'comments/1'],
        ['POST', 'site'],
      ] as const) {
        const response = await site.fetch(`/api/${endpoint}`, {
          method,
          body: content,
          headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
        })
        expectSafe(site, response, `${what} to ${endpoint}`)
        expect(response.status, `${what} to ${endpoint}`).toBeGreaterThanOrEqual(400)
      }
    }
    await expectAlive(site)
  })

  test('refuses or takes documents that are deep or endless, and never breaks', async () => {
    const deep = (open: string, close: string, times: number) =>
      `${open.repeat(times)}Text${close.repeat(times)}`
    const bodies = [
      deep('<div>', '</div>', 50_000),
      deep('<b><i>', '</i></b>', 20_000),
      deep('> ', '', 20_000),
      deep('- ', '', 20_000),
      deep('[', '](x)', 20_000),
      deep('*', '*', 50_000),
      deep('`', '`', 50_000),
      deep('![', '](x)', 20_000),
      '<'.repeat(100_000),
      '&'.repeat(100_000),
      '|a'.repeat(10_000).concat('\n', '|-'.repeat(10_000), '\n', '|b'.repeat(10_000)),
      Array.from({ length: 5_000 }, (_, n) => `[^${n}]`)
        .join(' ')
        .concat('\n\n', Array.from({ length: 5_000 }, (_, n) => `[^${n}]: x`).join('\n')),
      `Text\n\n${'# Titel\n\n'.repeat(5_000)}`,
      `${'Wort '.repeat(100_000)}`,
      `${'a'.repeat(1_000_000)}`,
    ]
    for (const [index, content] of bodies.entries()) {
      const draft = article('fuzz', {}, content)
      expectSafe(
        site,
        await site.api('POST', 'articles', { items: [draft] }),
        `body ${index}: ${content.slice(0, 20)}`,
      )
      expectSafe(site, await site.fetch('/fuzz/'), `page of body ${index}`)
    }
    const title = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`
    for (const kind of ['articles', 'pages', 'ads']) {
      const response = await site.fetch(`/api/${kind}/fuzz`, {
        method: 'PUT',
        body: `{"frontMatter": {"title": ${title}}}`,
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      })
      expectSafe(site, response, `deep ${kind}`)
      expect(response.status, kind).toBe(400)
    }
    await site.api('DELETE', 'articles/fuzz')
    await expectAlive(site)
  }, 240_000)

  test('refuses pictures that are none, or more than pictures', async () => {
    const pictures: [string, BodyInit][] = [
      ['leer.svg', ''],
      ['text.svg', 'Guten Tag'],
      ['html.svg', '<!doctype html><script>alert(1)</script>'],
      ['offen.svg', '<svg width="1" height="1">'],
      ['null.png', new Uint8Array(100)],
      ['kurz.png', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
      ['kurz.jpg', new Uint8Array([0xff, 0xd8, 0xff])],
      ['kurz.gif', 'GIF89a'],
      ['kurz.webp', 'RIFF\u0000\u0000\u0000\u0000WEBP'],
      ['kurz.avif', '\u0000\u0000\u0000\u001cftypavif'],
      ['riesig.svg', '<svg width="1e9999" height="-5"/>'],
      ['gross.png', new Uint8Array(6 * 1024 * 1024)],
    ]
    for (const [name, content] of pictures) {
      const response = await site.fetch(`/api/media/${name}`, {
        method: 'PUT',
        body: content,
        headers: { authorization: `Bearer ${TOKEN}` },
      })
      expectSafe(site, response, name)
    }
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom('svg', 'png', 'jpg', 'gif', 'webp', 'avif'),
        async (bytes, ending) => {
          const response = await site.fetch(`/api/media/fuzz.${ending}`, {
            method: 'PUT',
            body: new Uint8Array(bytes),
            headers: { authorization: `Bearer ${TOKEN}` },
          })
          expectSafe(site, response, `${ending} ${bytes}`)
        },
      ),
      { numRuns: 200 },
    )
  })
})
