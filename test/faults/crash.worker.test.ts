import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Draft } from '../../src/publish/wire.ts'
import { Dom } from '../support/dom.ts'
import { article, campaign, page, paragraph, publishNewsroom } from '../support/fixture.ts'
import type { Fault } from '../support/probe-worker.ts'
import { TestSite, TOKEN } from '../support/site.ts'

/** A publish that stops between its writes leaves an old or a new document, never half of one. */
let site: TestSite
beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site)
})
afterAll(() => site.close())

const publish = (kind: string, draft: Draft, down: Fault[] = []) =>
  site.api('POST', kind, { items: [draft] }, TOKEN, { down })
const version = (n: 1 | 2, slug: string, more: object = {}) =>
  article(
    slug,
    { title: `Fassung ${n}`, description: `Beschreibung ${n}.`, tags: [`Stichwort ${n}`], ...more },
    [1, 2, 3, 4].map((p) => `Text ${n}. ${paragraph(p)}`).join('\n\n'),
  )

/** Every article that any list names can be opened. */
async function expectListsToHold(): Promise<void> {
  for (const path of ['/', '/category/wirtschaft/', '/tag/stichwort-1/', '/feed/', '/sitemap-2026.xml']) {
    const listed = [
      ...(await site.page(path)).matchAll(
        /(?:href="|<loc>|<link>)(?:https?:\/\/[^/]+)?\/([a-z0-9-]+)\/["<]/g,
      ),
    ]
    for (const [, slug] of listed) {
      if (slug === 'feed') continue
      expect((await site.fetch(`/${slug}/`)).status, `${slug} on ${path}`).toBe(200)
    }
  }
}

/** The page's title, description and text are of one version. */
async function expectWhole(slug: string, n: 1 | 2): Promise<void> {
  const page = new Dom(await site.page(`/${slug}/`))
  expect(page.text('h1')).toBe(`Fassung ${n}`)
  expect(page.text('.article-head .standfirst')).toBe(`Beschreibung ${n}.`)
  expect(page.texts('.body > p').every((text) => text.startsWith(`Text ${n}.`))).toBe(true)
  expect(page.texts('nav.tags a')).toEqual([`Stichwort ${n}`])
}

const catalogueOf = (slug: string) =>
  site.env.DB.prepare('SELECT title, status, revision FROM article WHERE slug = ?1').bind(slug).first()

describe('a publish that stops before anything is written', () => {
  test('of a new article leaves nothing', async () => {
    expect((await publish('articles', version(1, 'gar-nicht'), ['kv-write'])).status).toBe(503)
    expect((await site.fetch('/gar-nicht/')).status).toBe(404)
    expect(await catalogueOf('gar-nicht')).toBeNull()
    await expectListsToHold()
  })
})

describe('a publish that stops after KV and before D1', () => {
  test('of a new article leaves one that can be read and is not listed, and repeating it heals', async () => {
    expect((await publish('articles', version(1, 'neu'), ['d1-after-kv'])).status).toBe(503)
    expect(await catalogueOf('neu')).toBeNull()
    expect(await site.page('/')).not.toContain('/neu/')
    await expectWhole('neu', 1)
    await expectListsToHold()
    await site.publish('articles', version(1, 'neu'))
    expect(await catalogueOf('neu')).toMatchObject({ status: 'published', revision: 1 })
    expect(await site.page('/')).toContain('/neu/')
    await expectWhole('neu', 1)
  })

  test('of a change leaves the new page, whole, and repeating it heals the list', async () => {
    await site.publish('articles', version(1, 'geaendert'))
    expect((await publish('articles', version(2, 'geaendert'), ['d1-after-kv'])).status).toBe(503)
    expect(await catalogueOf('geaendert')).toMatchObject({ title: 'Fassung 1', revision: 1 })
    const stored = JSON.parse((await site.env.KV.get('article:geaendert')) ?? '{}')
    expect(stored).toMatchObject({ title: 'Fassung 2', description: 'Beschreibung 2.', revision: 2 })
    await expectListsToHold()
    await site.publish('articles', version(2, 'geaendert'))
    expect(await catalogueOf('geaendert')).toMatchObject({ title: 'Fassung 2', revision: 2 })
    await expectWhole('geaendert', 2)
  })

  test('of a change, taken back by publishing the old version again, leaves the old page', async () => {
    await site.publish('articles', version(1, 'zurueck'))
    await publish('articles', version(2, 'zurueck'), ['d1-after-kv'])
    // The catalogue still has version 1 and would call it unchanged; the page must not stay at version 2.
    await site.publish('articles', version(1, 'zurueck'))
    await expectWhole('zurueck', 1)
  })

  test('of several articles leaves each of them whole', async () => {
    await site.publish('articles', version(1, 'einer'), version(1, 'zweiter'))
    await site.api('POST', 'articles', { items: [version(2, 'einer'), version(2, 'zweiter')] }, TOKEN, {
      down: ['d1-after-kv'],
    })
    await expectListsToHold()
    await site.publish('articles', version(2, 'einer'), version(2, 'zweiter'))
    for (const slug of ['einer', 'zweiter']) await expectWhole(slug, 2)
  })
})

describe('an article that becomes a draft', () => {
  test('stays readable as long as it is listed, when D1 takes nothing', async () => {
    await site.publish('articles', version(1, 'entwurf'))
    expect((await publish('articles', version(1, 'entwurf', { status: 'draft' }), ['d1-write'])).status).toBe(
      503,
    )
    await expectListsToHold()
    await expectWhole('entwurf', 1)
  })

  test('is gone after repeating it, when KV took nothing', async () => {
    expect((await publish('articles', version(1, 'entwurf', { status: 'draft' }), ['kv-write'])).status).toBe(
      503,
    )
    await expectListsToHold()
    await site.publish('articles', version(1, 'entwurf', { status: 'draft' }))
    expect((await site.fetch('/entwurf/')).status).toBe(404)
    expect(await site.env.KV.get('article:entwurf')).toBeNull()
    expect(await catalogueOf('entwurf')).toMatchObject({ status: 'draft' })
    const again = await publish('articles', version(1, 'entwurf', { status: 'draft' }))
    expect(await again.json()).toMatchObject({ items: [{ outcome: 'unchanged' }] })
  })

  test('is gone, and healed by repeating it, when D1 did not get to hear that it is', async () => {
    const draft = version(1, 'dritter', { status: 'draft' })
    await site.publish('articles', version(1, 'dritter'))
    expect((await publish('articles', draft, ['d1-after-kv'])).status).toBe(503)
    await expectListsToHold()
    await site.publish('articles', draft)
    expect((await site.fetch('/dritter/')).status).toBe(404)
    expect(await (await publish('articles', draft)).json()).toMatchObject({
      items: [{ outcome: 'unchanged' }],
    })
  })
})

describe('an article that is taken off the site', () => {
  test('is still there, listed and readable, when D1 takes nothing', async () => {
    await site.publish('articles', version(1, 'loeschen'))
    const response = await site.api('DELETE', 'articles/loeschen', undefined, TOKEN, { down: ['d1-write'] })
    expect(response.status).toBe(503)
    await expectWhole('loeschen', 1)
    expect(await site.page('/')).toContain('/loeschen/')
  })

  test('is not listed when KV took nothing, and gone after repeating it', async () => {
    await site.api('DELETE', 'articles/loeschen', undefined, TOKEN, { down: ['kv-write'] })
    await expectListsToHold()
    await site.api('DELETE', 'articles/loeschen')
    expect(await site.env.KV.get('article:loeschen')).toBeNull()
    expect((await site.fetch('/loeschen/')).status).toBe(410)
  })
})

describe('pages and campaigns', () => {
  test('a page that stopped between KV and D1 is healed by repeating it', async () => {
    expect((await publish('pages', page('hilfe', 'Hilfe'), ['d1-after-kv'])).status).toBe(503)
    await site.publish('pages', page('hilfe', 'Hilfe'))
    expect((await site.fetch('/hilfe/')).status).toBe(200)
    expect(await site.page('/sitemap-pages.xml')).toContain('/hilfe/')
  })

  test('a page that stopped and is then taken back is as D1 has it', async () => {
    await site.publish('pages', page('hilfe', 'Hilfe', 'Alter Text.'))
    await publish('pages', page('hilfe', 'Hilfe', 'Neuer Text.'), ['d1-after-kv'])
    await site.publish('pages', page('hilfe', 'Hilfe', 'Alter Text.'))
    expect(await site.page('/hilfe/')).toContain('Alter Text.')
  })

  test('a page whose removal stopped is gone after repeating it', async () => {
    await site.api('DELETE', 'pages/hilfe', undefined, TOKEN, { down: ['kv-write'] })
    await site.api('DELETE', 'pages/hilfe')
    expect((await site.fetch('/hilfe/')).status).toBe(404)
    expect(await site.page('/sitemap-pages.xml')).not.toContain('/hilfe/')
  })

  test('a campaign that stopped between KV and D1 is healed by repeating it', async () => {
    expect((await publish('ads', campaign('neu'), ['d1-after-kv'])).status).toBe(503)
    await site.publish('ads', campaign('neu'))
    expect((await site.fetch('/go/neu')).status).toBe(302)
    await site.api('DELETE', 'ads/neu', undefined, TOKEN, { down: ['kv-write'] })
    await site.api('DELETE', 'ads/neu')
    expect((await site.fetch('/go/neu')).status).toBe(404)
  })
})
