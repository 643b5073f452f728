import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Draft } from '../../src/publish/wire.ts'
import { article, author, publishNewsroom, settings } from '../support/fixture.ts'
import type { Fault } from '../support/probe-worker.ts'
import { inSeconds, TestSite, TOKEN } from '../support/site.ts'

/**
 * The index and the articles cannot drift apart: whatever happened to a site, its index is the one that another site
 * has which was given the same articles once, as they are now.
 */
let site: TestSite
let fresh: TestSite
beforeAll(async () => {
  ;[site, fresh] = await Promise.all([TestSite.open(), TestSite.open()])
  await Promise.all([publishNewsroom(site), publishNewsroom(fresh)])
  for (const { env } of [site, fresh])
    await env.DB.exec("CREATE VIRTUAL TABLE search_entry USING fts5vocab('search_index', 'instance')")
})
afterAll(() => Promise.all([site.close(), fresh.close()]))

const all = async <Row>({ env }: TestSite, sql: string) => (await env.DB.prepare(sql).all<Row>()).results

/** The whole index: each word of each article, where it stands, and the text that is excerpted. */
async function indexOf(which: TestSite) {
  const entries = await all<{ article: string | null; col: string; term: string; offset: number }>(
    which,
    `SELECT s.article, e.col, e.term, e.offset FROM search_entry e LEFT JOIN search_article s ON s.id = e.doc
     ORDER BY s.article, e.col, e.offset, e.term`,
  )
  const texts = await all<{ article: string; text: string; at: number }>(
    which,
    'SELECT article, text, id / 16 AS at FROM search_article ORDER BY article',
  )
  return { entries: entries.map((entry) => Object.values(entry).join(' ')), texts }
}

/** The articles that a site has, as they were written last. */
const sourcesOf = async (which: TestSite): Promise<Draft[]> =>
  (
    await all<{ slug: string; front: string; body: string }>(
      which,
      `SELECT a.slug, r.front_matter AS front, r.body FROM article a
       JOIN article_revision r ON r.article = a.slug AND r.revision = a.revision WHERE a.status = 'published'`,
    )
  ).map(
    ({ slug, front, body }) =>
      article(slug, {}, body) && { ...article(slug, {}, body), frontMatter: JSON.parse(front) },
  )

/** Gives the fresh site what the site has now, and compares their indices. */
async function expectNoDrift(): Promise<void> {
  await fresh.env.DB.batch(
    ['search_index', 'search_article', 'article'].map((table) =>
      fresh.env.DB.prepare(`DELETE FROM ${table}`),
    ),
  )
  const sources = await sourcesOf(site)
  for (const source of sources) await fresh.publish('articles', source)
  const [is, should] = await Promise.all([indexOf(site), indexOf(fresh)])
  expect(is.texts.map((one) => one.article)).toEqual(sources.map(({ slug }) => slug as string).sort())
  expect(is.entries.length).toBeGreaterThan(sources.length)
  expect(is).toEqual(should)
}

const version = (n: number, slug: string, more: object = {}) =>
  article(
    slug,
    { title: `Fassung ${n} von ${slug}`, tags: [`Stichwort ${n}`], ...more },
    `Wort${'abcdefghij'[n]} steht nur in dieser Fassung.`,
  )

const publish = (draft: Draft, down: Fault[] = []) =>
  site.api('POST', 'articles', { items: [draft] }, TOKEN, { down })

describe('the index is that of the articles as they are', () => {
  test('after some are created', async () => {
    await site.publish('articles', ...[1, 2, 3, 4].map((n) => version(1, `artikel-${n}`)))
    await expectNoDrift()
  })

  test('after one is changed: its text, its headline, its date, its language', async () => {
    await site.publish('articles', version(2, 'artikel-1'))
    await site.publish('articles', version(1, 'artikel-2', { date: '2025-06-01T10:00:00+02:00' }))
    await site.publish('articles', version(3, 'artikel-3', { language: 'en' }))
    await expectNoDrift()
  })

  test('after one is deleted, becomes a draft, and comes back', async () => {
    await site.api('DELETE', 'articles/artikel-1')
    await site.publish('articles', version(2, 'artikel-2', { status: 'draft' }))
    await expectNoDrift()
    await site.publish('articles', version(4, 'artikel-1'), version(2, 'artikel-2'))
    await expectNoDrift()
  })

  test('after one is scheduled, brought forward, and put off', async () => {
    await site.publish('articles', version(1, 'geplant', { date: inSeconds(7200) }))
    await expectNoDrift()
    await site.publish('articles', version(1, 'geplant', { date: inSeconds(3600) }))
    await expectNoDrift()
    await site.publish('articles', version(2, 'geplant', { date: inSeconds(9000) }))
    await expectNoDrift()
  })

  test('after an author or a section is called otherwise, and their articles are sent again', async () => {
    const before = version(1, 'umbenannt', { author: 'miriam-albers' })
    await site.publish('articles', before)
    const renamed = [
      author('Miriam Albers', { name: 'Miriam Großmann' }),
      settings({
        sections: [
          { slug: 'wirtschaft', name: 'Geld und Märkte' },
          { slug: 'technik', name: 'Technik' },
        ],
      }),
    ] as const
    for (const one of [site, fresh]) {
      await one.publish('authors', renamed[0])
      await one.publish('site', renamed[1])
    }
    const outcome = await (await publish(before)).json()
    expect(outcome).toMatchObject({ items: [{ outcome: 'updated' }] })
    for (const word of ['grossmann', 'maerkte'])
      expect(await site.page(`/search/?q=${word}+umbenannt`), word).toContain('href="/umbenannt/"')
    for (const { slug, frontMatter, body } of await sourcesOf(site))
      await publish({ slug, body, frontMatter: { ...frontMatter, author: 'miriam-albers' } })
    await expectNoDrift()
  })

  test.each<[string, Fault]>([
    ['before anything is written', 'kv-write'],
    ['between KV and D1', 'd1-after-kv'],
    ['when D1 takes nothing', 'd1-write'],
  ])('after a publish that broke off %s, and after it is repeated', async (_, fault) => {
    const steps = [
      version(5, `abgebrochen-${fault}`),
      version(6, 'artikel-1', { author: 'miriam-albers' }),
      version(7, 'artikel-2', { author: 'miriam-albers', status: 'draft' }),
      version(8, 'artikel-3', { author: 'miriam-albers', date: inSeconds(5000) }),
    ].map((step) => ({ ...step, frontMatter: { ...step.frontMatter, author: 'miriam-albers' } }))
    for (const step of steps) await publish({ ...step, body: `${step.body} ${fault}` }, [fault])
    await expectNoDrift()
    for (const step of steps) await publish({ ...step, body: `${step.body} ${fault}` })
    await expectNoDrift()
  })

  test('after several are published at the same moment, by several at once', async () => {
    const date = '2026-02-02T12:00:00+01:00'
    const author = 'miriam-albers'
    await Promise.all(
      [1, 2, 3, 4, 5, 6].map((n) => publish(version(n, `gleichzeitig-${n % 3}`, { date, author }))),
    )
    await expectNoDrift()
  })
})
