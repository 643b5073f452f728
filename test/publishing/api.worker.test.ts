import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dom } from '../support/dom.ts'
import {
  article,
  campaign,
  native,
  page,
  paragraph,
  publishNewsroom,
  SVG,
  settings,
} from '../support/fixture.ts'
import { costOf, READ_TOKEN, TestSite, TOKEN, writesOf } from '../support/site.ts'

let site: TestSite
const KINDS = ['articles', 'pages', 'ads'] as const
const ANY = {
  articles: article('vorhanden'),
  pages: page('vorhanden-seite', 'Seite'),
  ads: campaign('nordlicht'),
}

beforeAll(async () => {
  site = await TestSite.open()
})
afterAll(() => site.close())

/** A problem document (RFC 9457) of the given status, and nothing that a cache may keep. */
async function problemOf(response: Response, status: number): Promise<Record<string, unknown>> {
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  expect(response.headers.get('cache-control')).toBe('no-store')
  const document: Record<string, unknown> = await response.json()
  expect(document).toMatchObject({ type: 'about:blank', status })
  expect(String(document.title).length).toBeGreaterThan(5)
  return document
}

interface Item {
  slug: string
  outcome: string
  revision: number
  hash: string
}
const itemsOf = async (response: Response) => (await response.json<{ items: Item[] }>()).items
const source = ({ frontMatter, body }: { frontMatter: unknown; body: string }, more: object = {}) => ({
  frontMatter,
  body,
  ...more,
})

describe('before there are settings', () => {
  test('nothing else can be published, and the site says what is missing', async () => {
    for (const kind of KINDS) {
      const many = await problemOf(await site.api('POST', kind, { items: [ANY[kind]] }), 409)
      expect(many.title).toBe('Zuerst müssen die Einstellungen (site.yaml) veröffentlicht werden.')
      await problemOf(await site.api('PUT', `${kind}/${ANY[kind].slug}`, source(ANY[kind])), 409)
    }
  })

  test('readers see that nothing is published yet', async () => {
    const front = new Dom(await site.page('/'))
    expect(front.text('main')).toContain('Hier ist noch nichts veröffentlicht.')
    expect((await site.fetch('/irgendwas/')).status).toBe(404)
  })
})

describe('with the settings published', () => {
  beforeAll(() => publishNewsroom(site, ANY.articles))

  describe('who may', () => {
    test.each([
      ['no token', {}],
      ['an empty one', { authorization: '' }],
      ['a wrong one', { authorization: 'Bearer falsch-aber-lang-genug' }],
      ['one that begins right', { authorization: `Bearer ${TOKEN}x` }],
      ['half of one', { authorization: `Bearer ${TOKEN.slice(0, 10)}` }],
      ['another scheme', { authorization: `Basic ${btoa(`x:${TOKEN}`)}` }],
      ['the token alone', { authorization: TOKEN }],
      ['the token in the address', {}],
    ])('%s: 401', async (what, headers) => {
      const path = what.includes('address')
        ? `/api/articles?token=${TOKEN}&access_token=${TOKEN}`
        : '/api/articles'
      const response = await site.fetch(path, { headers })
      expect(response.headers.get('www-authenticate')).toBe('Bearer realm="medienwirtschaft"')
      await problemOf(response, 401)
    })

    test('unknown addresses of the API tell a stranger nothing: 401', async () => {
      for (const path of ['/api/', '/api/nirgends', '/api/comments/1', '/api/media']) {
        await problemOf(await site.fetch(path), 401)
      }
    })

    test('the scheme’s name may be written in any case', async () => {
      expect(
        (await site.fetch('/api/articles', { headers: { authorization: `bearer ${TOKEN}` } })).status,
      ).toBe(200)
    })

    test('a token for reading reads, and writes nothing: 403', async () => {
      for (const path of [
        'articles',
        'articles/vorhanden',
        'pages',
        'ads',
        'site',
        'media',
        'comments',
        'ads-report',
      ]) {
        expect((await site.api('GET', path, undefined, READ_TOKEN)).status, path).toBe(200)
        expect((await site.api('HEAD', path, undefined, READ_TOKEN)).status, path).toBe(200)
      }
      for (const [method, path] of [
        ['POST', 'articles'],
        ['PUT', 'articles/vorhanden'],
        ['DELETE', 'articles/vorhanden'],
        ['PUT', 'media/x.svg'],
        ['PUT', 'site/site'],
      ] as const) {
        await problemOf(await site.api(method, path, {}, READ_TOKEN), 403)
      }
      expect((await site.fetch('/vorhanden/')).status).toBe(200)
    })
  })

  describe('an address or a method that is not there', () => {
    test('is a 404', async () => {
      for (const path of [
        'nirgends',
        'articles/gibt-es-nicht',
        'articles/GROSS',
        'articles/a/b',
        'pages/gibt-es-nicht',
        'ads/gibt-es-nicht',
        'media/gibt/es/nicht',
      ]) {
        await problemOf(await site.api('GET', path), 404)
      }
      for (const kind of KINDS) {
        await problemOf(await site.api('DELETE', `${kind}/gibt-es-nicht`), 404)
        await problemOf(await site.api('PUT', `${kind}/KEIN_SLUG`, source(ANY[kind])), 404)
      }
      await problemOf(await site.api('DELETE', 'media/gibt-es-nicht.svg'), 404)
    })

    test('is a 405 that names the methods there are', async () => {
      const known = {
        articles: 'GET, HEAD, POST',
        'articles/vorhanden': 'GET, HEAD, PUT, DELETE',
        'site/site': 'GET, HEAD, PUT',
        media: 'GET, HEAD',
        'media/bild.svg': 'GET, HEAD, PUT, POST, DELETE',
        'media/bild.jpg/x-320.jpg': 'PUT',
        comments: 'GET, HEAD, POST',
        'comments/1': 'GET, HEAD, POST, DELETE',
        'ads-report': 'GET, HEAD',
        'ads/x/report': 'GET, HEAD',
      }
      for (const [path, allow] of Object.entries(known)) {
        const response = await site.api('PATCH', path, {})
        expect(response.headers.get('allow'), path).toBe(allow)
        await problemOf(response, 405)
      }
      expect((await site.api('DELETE', 'site/site')).status).toBe(405)
    })
  })

  describe('a request that cannot be read', () => {
    const raw = (body: BodyInit, type: string | null = 'application/json') =>
      site.fetch('/api/articles', {
        method: 'POST',
        body,
        headers: { authorization: `Bearer ${TOKEN}`, ...(type ? { 'content-type': type } : {}) },
      })

    test.each(['{', '', 'x', '{"items":[}', '\u0000'])('%j is no JSON: 400', async (body) => {
      await problemOf(await raw(body), 400)
    })

    test('bytes that are no UTF-8: 400', async () => {
      await problemOf(await raw(new Uint8Array([0x22, 0xff, 0x22])), 400)
    })

    test.each([
      [null],
      [[]],
      [{}],
      [{ items: 1 }],
      [{ items: [{ slug: 'x' }] }],
      [{ items: [{ slug: 'Kein Slug', frontMatter: {} }] }],
      [{ items: [{ slug: 'x', frontMatter: 'x' }] }],
      [{ items: [{ slug: 'x', frontMatter: {}, body: 5 }] }],
      [{ items: [{ slug: 'x', frontMatter: {}, base: -1 }] }],
      [{ items: [{ slug: 'x', frontMatter: {}, base: 1.5 }] }],
      [{ items: [{ slug: 'x', frontMatter: {}, mehr: 1 }] }],
      [{ items: [ANY.articles, ANY.articles] }],
      [{ items: Array.from({ length: 21 }, (_, n) => article(`nummer-${n}`)) }],
    ])('%j has another form: 400', async (body) => {
      await problemOf(await site.api('POST', 'articles', body), 400)
    })

    test('another type: 415', async () => {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', null]) {
        await problemOf(await raw(new TextEncoder().encode('{}'), type), 415)
      }
    })

    test('more than 4 MB: 413', async () => {
      await problemOf(await raw(`{"items":[],"x":"${'x'.repeat(4 * 1024 * 1024)}"}`), 413)
    })
  })

  describe('a document with mistakes', () => {
    const refuse = async (
      kind: (typeof KINDS)[number],
      frontMatter: Record<string, unknown>,
      body = paragraph(1),
      slug = 'fehlerhaft',
    ) => {
      const document = await problemOf(await site.api('PUT', `${kind}/${slug}`, { frontMatter, body }), 422)
      const { errors } = document as { errors: Record<string, unknown>[] }
      return errors
    }
    const front = ANY.articles.frontMatter

    test('names every mistake: the key, what was expected and what came nearest', async () => {
      const errors = await refuse('articles', {
        titel: 'Falsch geschrieben',
        date: 'gestern',
        section: 'wirtschafft',
        ads: 'immer',
      })
      expect(errors).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ key: 'titel', code: 'unknown-key', nearest: 'title' }),
          expect.objectContaining({ key: 'title', code: 'missing', expected: 'text110' }),
          expect.objectContaining({ key: 'date', code: 'invalid', got: 'gestern', expected: 'moment' }),
          expect.objectContaining({ key: 'ads', code: 'invalid', got: 'immer', expected: 'adsPolicy' }),
        ]),
      )
      const unknown = errors.find(({ key }) => key === 'titel')
      expect(unknown?.detail).toBe('unbekannter Schlüssel (meinten Sie „title“?)')
    })

    test.each([
      [
        'section',
        { section: 'wirtschafft' },
        { key: 'section', code: 'unknown-value', got: 'wirtschafft', nearest: 'wirtschaft' },
      ],
      [
        'picture',
        { image: { src: 'bidl.svg', alt: 'Ein Bild' } },
        { key: 'image.src', code: 'missing-media', got: 'bidl.svg' },
      ],
      [
        'nested key',
        { source: { name: 'x', ulr: 'https://x.example' } },
        { key: 'source.ulr', code: 'unknown-key', nearest: 'url' },
      ],
      [
        'source that is a script',
        { source: { name: 'x', url: 'javascript:alert(1)' } },
        { key: 'source.url', code: 'invalid', expected: 'url' },
      ],
      ['slug of another address', { slug: 'anderer' }, { key: 'slug', code: 'invalid', got: 'anderer' }],
      [
        'date without a zone',
        { date: '2026-01-01T10:00:00' },
        { key: 'date', code: 'invalid', expected: 'moment' },
      ],
      [
        'date that is none',
        { date: '2026-13-41T10:00:00Z' },
        { key: 'date', code: 'invalid', expected: 'moment' },
      ],
      [
        'date beyond the calendar',
        { date: '9999-12-31T23:59:59-01:00' },
        { key: 'date', code: 'invalid', expected: 'moment' },
      ],
      ['title too long', { title: 'x'.repeat(111) }, { key: 'title', code: 'invalid', expected: 'text110' }],
      [
        'thirteen tags',
        { tags: Array.from({ length: 13 }, (_, n) => `T${n}`) },
        { key: 'tags', code: 'invalid', expected: 'tags' },
      ],
    ])('names a wrong %s', async (_, wrong, expected) => {
      expect(await refuse('articles', { ...front, ...wrong })).toContainEqual(
        expect.objectContaining(expected),
      )
    })

    test('names a body that is empty, or whose ad mark is misplaced', async () => {
      expect(await refuse('articles', front, '  \n')).toEqual([
        expect.objectContaining({ code: 'empty-body' }),
      ])
      expect(await refuse('articles', front, `## Titel\n\n<!-- ad -->\n\n${paragraph(1)}`)).toEqual([
        expect.objectContaining({ code: 'ad-marker' }),
      ])
      expect(await refuse('articles', front, '![Bild](fehlt.svg)\n\nText')).toEqual([
        expect.objectContaining({ key: 'body', code: 'missing-media', got: 'fehlt.svg' }),
      ])
    })

    test('may not take an address that the site needs', async () => {
      for (const slug of [
        'feed',
        'category',
        'tag',
        'api',
        'go',
        'media',
        'desk',
        'search',
        '2026',
        'impressum',
      ]) {
        expect(await refuse('articles', front, paragraph(1), slug), slug).toEqual([
          expect.objectContaining({ key: 'slug', code: 'invalid', expected: 'freeSlug' }),
        ])
      }
      expect(await refuse('pages', { title: 'x' }, 'x', 'feed')).toEqual([
        expect.objectContaining({ key: 'slug' }),
      ])
    })

    test('names the mistakes of pages, campaigns and settings, too', async () => {
      expect(await refuse('pages', { title: 'x', datum: '2026-01-01' })).toEqual([
        expect.objectContaining({ key: 'datum', code: 'unknown-key' }),
      ])
      const ad = ANY.ads.frontMatter
      expect(await refuse('ads', { ...ad, weight: 0 })).toEqual([
        expect.objectContaining({ key: 'weight', expected: 'weight' }),
      ])
      const evil = [native('x', { url: '//evil.example' })]
      expect(await refuse('ads', { ...ad, creatives: evil })).toEqual([
        expect.objectContaining({ key: 'creatives.0.url' }),
      ])
      expect(await refuse('ads', { ...ad, start: '2026-02-01', end: '2026-01-01' })).toEqual([
        expect.objectContaining({ key: 'end' }),
      ])
      const site_ = await problemOf(
        await site.api('PUT', 'site/site', source(settings({ sectons: [] }))),
        422,
      )
      expect(site_.errors).toEqual([expect.objectContaining({ key: 'sectons', nearest: 'sections' })])
    })

    test('does not stop the others of the same request', async () => {
      const response = await site.api('POST', 'articles', {
        items: [article('gut-a'), article('schlecht', { section: 'x' }), article('gut-b')],
      })
      expect((await itemsOf(response)).map(({ slug, outcome }) => [slug, outcome])).toEqual([
        ['gut-a', 'created'],
        ['schlecht', 'refused'],
        ['gut-b', 'created'],
      ])
      expect((await site.fetch('/gut-b/')).status).toBe(200)
      expect((await site.fetch('/schlecht/')).status).toBe(404)
    })
  })

  describe('putting, getting, listing and deleting', () => {
    test.each(KINDS)('%s', async (kind) => {
      const slug = `lebenslauf-${kind}`
      const draft = { ...ANY[kind], slug }
      const created = await site.api('PUT', `${kind}/${slug}`, source(draft))
      expect(created.status).toBe(201)
      const outcome = await created.json<Item>()
      expect(outcome).toMatchObject({ slug, outcome: 'created', revision: 1 })
      expect(await (await site.api('GET', `${kind}/${slug}`)).json()).toEqual({
        slug,
        revision: 1,
        hash: outcome.hash,
        frontMatter: draft.frontMatter,
        body: draft.body,
      })
      expect(await itemsOf(await site.api('GET', kind))).toContainEqual({
        slug,
        hash: outcome.hash,
        revision: 1,
        media: {},
      })
      const changed = source({
        ...draft,
        frontMatter: { ...draft.frontMatter, [kind === 'ads' ? 'advertiser' : 'title']: 'Neu' },
      })
      const updated = await site.api('PUT', `${kind}/${slug}`, changed)
      expect(updated.status).toBe(200)
      expect(await updated.json()).toMatchObject({ outcome: 'updated', revision: 2 })
      expect((await site.api('DELETE', `${kind}/${slug}`)).status).toBe(204)
      await problemOf(await site.api('GET', `${kind}/${slug}`), 404)
      await problemOf(await site.api('DELETE', `${kind}/${slug}`), 404)
      expect((await itemsOf(await site.api('GET', kind))).map((item) => item.slug)).not.toContain(slug)
    })

    test('the settings', async () => {
      expect(await (await site.api('GET', 'site/site')).json()).toMatchObject({
        slug: 'site',
        frontMatter: settings().frontMatter,
      })
      const [listed] = await itemsOf(await site.api('GET', 'site'))
      const put = await site.api('PUT', 'site/site', source(settings()))
      expect(await put.json()).toMatchObject({ outcome: 'unchanged', hash: listed?.hash })
    })

    test('an article that was deleted comes back as a new revision', async () => {
      await site.publish('articles', article('wieder-da'))
      await site.api('DELETE', 'articles/wieder-da')
      const again = await site.api('PUT', 'articles/wieder-da', source(article('wieder-da'), { base: 0 }))
      expect(again.status).toBe(201)
      expect(await again.json()).toMatchObject({ outcome: 'created', revision: 2 })
      expect((await site.fetch('/wieder-da/')).status).toBe(200)
    })
  })

  describe('publishing what has not changed', () => {
    test('writes nothing to KV or D1, whatever it is', async () => {
      await site.publish(
        'articles',
        article('gleich', { image: { src: 'bild.svg', alt: 'Ein Bild' } }),
        article('gleich-entwurf', { status: 'draft' }),
      )
      const requests: [string, object[]][] = [
        [
          'articles',
          [
            article('gleich', { image: { src: 'bild.svg', alt: 'Ein Bild' } }),
            article('gleich-entwurf', { status: 'draft' }),
            ANY.articles,
          ],
        ],
        ['pages', [page('impressum', 'Impressum'), page('datenschutz', 'Datenschutz')]],
        ['ads', [campaign('nordlicht'), campaign('suedwind')]],
        ['site', [settings()]],
      ]
      for (const [kind, items] of requests) {
        const response = await site.api('POST', kind, { items })
        expect(writesOf(response), kind).toEqual({ kv: 0, d1: 0 })
        expect(new Set((await itemsOf(response)).map(({ outcome }) => outcome)), kind).toEqual(
          new Set(['unchanged']),
        )
      }
    })

    test('as a single document, too, with another order of line breaks', async () => {
      const draft = article('gleich', { image: { src: 'bild.svg', alt: 'Ein Bild' } })
      const response = await site.api(
        'PUT',
        'articles/gleich',
        source({ ...draft, body: draft.body.replaceAll('\n', '\r\n') }),
      )
      expect(writesOf(response)).toEqual({ kv: 0, d1: 0 })
      expect(await response.json()).toMatchObject({ outcome: 'unchanged' })
    })

    test('leaves pages in memory where they are', async () => {
      await site.page('/gleich/')
      await site.api('POST', 'articles', { items: [ANY.articles] })
      expect(costOf(await site.fetch('/gleich/'))).toMatchObject({ kv: 0, d1: 0 })
    })

    test('and one of many that changed writes that one only', async () => {
      const items = Array.from({ length: 10 }, (_, n) => article(`viele-${n}`))
      await site.publish('articles', ...items)
      const [first, ...rest] = items
      const changed = { ...first, body: `${first?.body}\n\nEin Nachtrag.` }
      const response = await site.api('POST', 'articles', { items: [changed, ...rest] })
      expect(writesOf(response).kv).toBe(1)
      expect((await itemsOf(response)).map(({ outcome }) => outcome)).toEqual([
        'updated',
        ...Array(9).fill('unchanged'),
      ])
      expect(await site.page('/viele-0/')).toContain('Ein Nachtrag.')
    })

    test('a campaign that changed writes the one value that all of them share', async () => {
      const response = await site.api('POST', 'ads', {
        items: [campaign('nordlicht', { weight: 2 }), campaign('suedwind')],
      })
      expect(writesOf(response).kv).toBe(1)
      await site.publish('ads', campaign('nordlicht'))
    })
  })

  describe('an edit based on an older version', () => {
    test('gets 409 with the newer one, and changes nothing', async () => {
      await site.publish('articles', article('umkaempft', { title: 'Erste' }))
      await site.publish('articles', article('umkaempft', { title: 'Zweite' }))
      const response = await site.api(
        'PUT',
        'articles/umkaempft',
        source(article('umkaempft', { title: 'Dritte' }), { base: 1 }),
      )
      expect(writesOf(response)).toEqual({ kv: 0, d1: 0 })
      const { theirs } = await problemOf(response, 409)
      expect(theirs).toEqual({ revision: 2, ...source(article('umkaempft', { title: 'Zweite' })) })
      expect(new Dom(await site.page('/umkaempft/')).text('h1')).toBe('Zweite')
    })

    test('is fine when it is based on the newest, or on nothing', async () => {
      const put = (title: string, more: object) =>
        site.api('PUT', 'articles/umkaempft', source(article('umkaempft', { title }), more))
      expect(await (await put('Vierte', { base: 2 })).json()).toMatchObject({
        outcome: 'updated',
        revision: 3,
      })
      expect(await (await put('Fünfte', {})).json()).toMatchObject({ outcome: 'updated', revision: 4 })
    })

    test('is none when both say the same', async () => {
      const same = await site.api(
        'PUT',
        'articles/umkaempft',
        source(article('umkaempft', { title: 'Fünfte' }), { base: 1 }),
      )
      expect(await same.json()).toMatchObject({ outcome: 'unchanged', revision: 4 })
    })

    test('holds for pages, campaigns and settings', async () => {
      await site.publish('pages', page('streit', 'Eins'))
      await site.publish('pages', page('streit', 'Zwei'))
      const response = await site.api('PUT', 'pages/streit', source(page('streit', 'Drei'), { base: 1 }))
      expect((await problemOf(response, 409)).theirs).toMatchObject({
        revision: 2,
        frontMatter: { title: 'Zwei' },
      })
      const many = await site.api('POST', 'ads', {
        items: [{ ...campaign('nordlicht', { weight: 9 }), base: 1 }],
      })
      expect(await many.json()).toMatchObject({
        items: [{ outcome: 'conflict', theirs: { frontMatter: campaign('nordlicht').frontMatter } }],
      })
    })

    test('keeps every version that there was', async () => {
      const { results } = await site.env.DB.prepare(
        `SELECT revision, front_matter ->> 'title' AS title FROM article_revision WHERE article = 'umkaempft' ORDER BY 1`,
      ).all()
      expect(results.map(({ title }) => title)).toEqual(['Erste', 'Zweite', 'Vierte', 'Fünfte'])
    })
  })

  describe('publishing at the same time', () => {
    /** What KV serves, what the catalogue says and what the newest version holds are one and the same. */
    async function expectAgreement(slug: string): Promise<string> {
      const served = JSON.parse((await site.env.KV.get(`article:${slug}`)) ?? '{}')
      const row = await site.env.DB.prepare(
        `SELECT a.title, a.revision, r.front_matter ->> 'title' AS written FROM article a
         JOIN article_revision r ON r.article = a.slug AND r.revision = a.revision WHERE a.slug = ?1`,
      )
        .bind(slug)
        .first()
      expect(row).toEqual({ title: served.title, revision: served.revision, written: served.title })
      return String(served.title)
    }

    test('the same new article: KV and D1 agree on one of them', async () => {
      const titles = ['A', 'B', 'C', 'D', 'E', 'F']
      const responses = await Promise.all(
        titles.map((title) => site.api('PUT', 'articles/rennen', source(article('rennen', { title })))),
      )
      for (const response of responses) expect([200, 201]).toContain(response.status)
      expect(titles).toContain(await expectAgreement('rennen'))
    })

    test('the same edit by two people who began from one version: one wins, the other is told', async () => {
      for (let round = 0; round < 5; round++) {
        const { revision } = await (await site.api('GET', 'articles/rennen')).json<Item>()
        const titles = [`Anna ${round}`, `Bernd ${round}`]
        const responses = await Promise.all(
          titles.map((title) =>
            site.api('PUT', 'articles/rennen', source(article('rennen', { title }), { base: revision })),
          ),
        )
        expect(responses.map(({ status }) => status).sort()).toEqual([200, 409])
        const winner = responses.findIndex(({ status }) => status === 200)
        expect(await expectAgreement('rennen')).toBe(titles[winner])
        expect(new Dom(await site.page('/rennen/')).text('h1')).toBe(titles[winner])
      }
    })

    test('different campaigns: none is lost', async () => {
      const names = Array.from({ length: 6 }, (_, n) => `gleichzeitig-${n}`)
      await Promise.all(names.map((name) => site.publish('ads', campaign(name))))
      for (const name of names) expect((await site.fetch(`/go/${name}`)).status, name).toBe(302)
      for (const name of names) await site.api('DELETE', `ads/${name}`)
    })

    test('different pages: the sitemap knows all of them', async () => {
      const names = Array.from({ length: 6 }, (_, n) => `seite-${n}`)
      await Promise.all(names.map((name) => site.publish('pages', page(name, `Seite ${name}`))))
      const sitemap = await site.page('/sitemap-pages.xml')
      for (const name of names) expect(sitemap).toContain(`/${name}/`)
    })

    test('the same page: KV and D1 agree', async () => {
      await Promise.all(
        ['A', 'B', 'C', 'D'].map((text) =>
          site.api('PUT', 'pages/wettlauf', source(page('wettlauf', text, `Text ${text}.`))),
        ),
      )
      const stored = await (await site.api('GET', 'pages/wettlauf')).json<{ body: string }>()
      expect(await site.page('/wettlauf/')).toContain(stored.body)
    })
  })

  describe('what a page is made of besides its text', () => {
    test('a changed picture changes the page when it is published again', async () => {
      const draft = article(
        'bebildert',
        { image: { src: 'wechsel.svg', alt: 'Ein Bild' } },
        `${paragraph(1)}\n\n![](wechsel.svg)`,
      )
      await site.putPicture('wechsel.svg', SVG)
      await site.publish('articles', draft)
      const before = new Dom(await site.page('/bebildert/')).attributes(
        '.lead-image img, .body figure img',
        'src',
      )
      await site.putPicture('wechsel.svg', SVG.replace('675', '676'))
      const response = await site.api('POST', 'articles', { items: [draft] })
      expect(await response.json()).toMatchObject({ items: [{ outcome: 'updated', revision: 2 }] })
      const after = new Dom(await site.page('/bebildert/')).attributes(
        '.lead-image img, .body figure img',
        'src',
      )
      expect(after).toHaveLength(2)
      expect(after).not.toEqual(before)
      const listed = (await itemsOf(await site.api('GET', 'articles'))).find(
        ({ slug }) => slug === 'bebildert',
      )
      expect(listed).toMatchObject({ media: { 'wechsel.svg': expect.stringMatching(/^[0-9a-f]{32}$/) } })
    })

    test('another rule for the ad’s place moves the ad when the article is published again', async () => {
      const place = async () =>
        new Dom(await site.page('/gut-a/'))
          .all('.body > *')
          .findIndex(({ properties }) => String(properties.className).startsWith('ad,'))
      expect(await place()).toBe(3)
      await site.publish('site', settings({ ads: { placement: { preferredParagraph: 5 } } }))
      expect(await (await site.api('POST', 'articles', { items: [article('gut-a')] })).json()).toMatchObject({
        items: [{ outcome: 'updated' }],
      })
      expect(await place()).toBe(5)
      await site.publish('site', settings())
      await site.publish('articles', article('gut-a'))
      expect(await place()).toBe(3)
    })

    test('a change of the settings is on every page at once', async () => {
      await site.page('/gut-a/')
      await site.publish('site', settings({ name: 'Neuer Name' }))
      for (const path of ['/gut-a/', '/', '/impressum/', '/nirgends/']) {
        expect(new Dom(await site.page(path)).text('.wordmark'), path).toBe('Neuer Name')
      }
      await site.publish('site', settings())
    })
  })
})
