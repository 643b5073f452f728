import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { STATUSES, type Status } from '../../src/comment/comment.ts'
import { article, publishNewsroom } from '../support/fixture.ts'
import { TestSite } from '../support/site.ts'

let site: TestSite
beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site, article('artikel'), article('anderer'))
  await insert('comment', COMMENT)
})
afterAll(() => site.close())

type Row = Record<string, string | number | null>

const ARTICLE: Row = {
  slug: 'neu',
  title: 'T',
  description: 'D',
  section: 's',
  published_at: '2026-01-01T00:00:00Z',
  comments: 'open',
  status: 'published',
  revision: 1,
  hash: 'h',
}
const COMMENT: Row = {
  id: 1,
  article: 'artikel',
  name: 'N',
  email: 'e',
  email_hash: 'h',
  text: 'T',
  status: 'approved',
  created_at: '2026-01-01T00:00:00Z',
  fingerprint: 'f',
}
const DOCUMENT: Row = {
  kind: 'page',
  slug: 'x',
  title: 'T',
  source: '{}',
  value: '{}',
  revision: 1,
  hash: 'h',
}
const MEDIA: Row = { name: 'x.svg', hash: 'h', width: 1, height: 1, bytes: 1 }
const AD_HOUR: Row = { hour: '2026-01-01T10', campaign: 'x', loaded: 1, clicks: 0 }
const AD_DAY: Row = { day: '2026-01-01', campaign: 'x', loaded: 1, clicks: 0 }
const AD_FILTERED: Row = { day: '2026-01-01', campaign: 'x', kind: 'clicks', reason: 'bot', n: 1 }
const AD_LEDGER: Row = { id: 'x', batch: 1 }
const AD_SHELF: Row = { day: '2026-01-01', placement: 'list', section: '', offered: 2, served: 1, loaded: 1 }

const insert = (table: string, row: Row) => {
  const names = Object.keys(row)
  return site.env.DB.prepare(`INSERT INTO ${table} (${names}) VALUES (${names.map(() => '?')})`)
    .bind(...Object.values(row))
    .run()
}
const bad = (table: string, good: Row, ...wrong: Row[]): [string, string, Row, Row][] =>
  wrong.map((one) => [table, JSON.stringify(one), good, one])

describe('a state that makes no sense cannot be stored', () => {
  test.each([
    ...bad('article', ARTICLE, { slug: '' }, { slug: 'Groß' }, { slug: 'a/b' }, { slug: 'a b' }),
    ...bad('article', ARTICLE, { published_at: '2026-01-01' }, { published_at: '2026-01-01T00:00:00.000Z' }),
    ...bad('article', ARTICLE, { updated_at: 'gestern' }, { status: 'fertig' }, { comments: 'vielleicht' }),
    ...bad(
      'article',
      ARTICLE,
      { revision: 0 },
      { comment_count: -1 },
      { image: '{' },
      { media: 'x' },
      { title: null },
    ),
    ...bad('article', ARTICLE, { slug: 'artikel' }),
    ...bad(
      'listing',
      { list: 'tag/x', published_at: '2026-01-01T00:00:00Z', article: 'artikel' },
      { article: 'keiner' },
      { list: null },
    ),
    ...bad('tag', { slug: 'x', name: 'X' }, { slug: '' }, { name: null }),
    ...bad('redirect', { path: '/alt/', article: 'artikel' }, { path: 'alt' }, { article: 'keiner' }),
    ...bad(
      'article_revision',
      { article: 'artikel', revision: 9, front_matter: '{}', body: '', created_at: '' },
      { revision: 1 },
      { front_matter: '{' },
      { article: 'keiner' },
    ),
    ...bad(
      'document',
      DOCUMENT,
      { kind: 'article' },
      { slug: 'A' },
      { source: '{' },
      { value: '' },
      { revision: 0 },
    ),
    ...bad('document', DOCUMENT, { slug: 'impressum' }),
    ...bad('media', MEDIA, { width: -1 }, { height: -1 }, { bytes: 0 }, { name: 'bild.svg' }),
    ...bad(
      'comment',
      { ...COMMENT, id: 2 },
      { article: 'keiner' },
      { name: '' },
      { name: 'x'.repeat(81) },
      { text: '' },
    ),
    ...bad(
      'comment',
      { ...COMMENT, id: 2 },
      { text: 'x'.repeat(5001) },
      { status: 'neu' },
      { email: '' },
      { email_hash: '' },
    ),
    ...bad(
      'comment',
      { ...COMMENT, id: 2 },
      { website: 'javascript:alert(1)' },
      { website: 'beispiel.de' },
      { created_at: 'jetzt' },
    ),
    ...bad('comment', { ...COMMENT, id: 2 }, { parent: 999 }, { fingerprint: null }, { id: 1 }),
    ...bad('comment', { ...COMMENT, id: 2, article: 'anderer' }, { parent: 1 }),
    ...bad(
      'ad_hour',
      AD_HOUR,
      { hour: '2026-01-01' },
      { day: 'heute' },
      { loaded: -1 },
      { clicks: -1 },
      { campaign: null },
    ),
    ...bad('ad_day', AD_DAY, { day: 'gestern' }, { served: -1 }, { filtered: -1 }, { campaign: null }),
    ...bad('ad_filtered', AD_FILTERED, { day: 'jetzt' }, { kind: 'views' }, { reason: 'x' }, { n: 0 }),
    ...bad('ad_ledger', AD_LEDGER, { id: '' }, { batch: 0 }),
    ...bad('ad_shelf', AD_SHELF, { day: 'heute' }, { placement: '' }, { offered: -1 }, { section: null }),
  ])('%s with %s', async (table, _, good, wrong) => {
    await expect(insert(table, { ...good, ...wrong })).rejects.toThrow(/constraint|belongs to the article/i)
  })

  test('while what makes sense can: each of the rows above, without its mistake', async () => {
    await insert('article', ARTICLE)
    await insert('document', DOCUMENT)
    await insert('media', MEDIA)
    await insert('comment', { ...COMMENT, id: 2 })
    await insert('comment', { ...COMMENT, id: 3, parent: 1, website: 'https://beispiel.de' })
    await insert('ad_hour', AD_HOUR)
    await insert('ad_day', AD_DAY)
    await insert('ad_filtered', AD_FILTERED)
    await insert('ad_ledger', AD_LEDGER)
    await insert('ad_shelf', AD_SHELF)
    await site.env.DB.exec('DELETE FROM comment WHERE id IN (2, 3)')
  })

  test('an article with comments cannot be removed from under them', async () => {
    await expect(site.env.DB.exec(`DELETE FROM article WHERE slug = 'artikel'`)).rejects.toThrow(
      /constraint/i,
    )
  })

  test('the number of a deleted comment is not given to another one', async () => {
    await insert('comment', { ...COMMENT, id: 50 })
    await site.env.DB.exec('DELETE FROM comment WHERE id = 50')
    const { id: _, ...next } = COMMENT
    expect(Number((await insert('comment', next)).meta.last_row_id)).toBeGreaterThan(50)
  })
})

describe('the number of comments in the catalogue', () => {
  type Operation =
    | { kind: 'insert'; status: Status }
    | { kind: 'set'; at: number; status: Status }
    | { kind: 'delete'; at: number }
  const status = fc.constantFrom(...STATUSES)
  const operation: fc.Arbitrary<Operation> = fc.oneof(
    fc.record({ kind: fc.constant('insert' as const), status }),
    fc.record({ kind: fc.constant('set' as const), at: fc.nat(20), status }),
    fc.record({ kind: fc.constant('delete' as const), at: fc.nat(20) }),
  )
  let base = 1000

  test('is that of the approved ones after any sequence of changes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 40 }), async (operations) => {
        base += 1000
        const model = new Map<number, Status>()
        const { DB } = site.env
        const statements = operations.map((one, n) => {
          const ids = [...model.keys()]
          const id = one.kind === 'insert' ? base + n : (ids[one.at % Math.max(1, ids.length)] ?? 0)
          if (one.kind === 'delete') {
            model.delete(id)
            return DB.prepare('DELETE FROM comment WHERE id = ?1').bind(id)
          }
          if (one.kind === 'set') {
            if (model.has(id)) model.set(id, one.status)
            return DB.prepare('UPDATE comment SET status = ?2 WHERE id = ?1').bind(id, one.status)
          }
          model.set(id, one.status)
          return DB.prepare(
            `INSERT INTO comment (id, article, name, email, email_hash, text, status, created_at, fingerprint)
             VALUES (?1, 'anderer', 'N', 'e', 'h', 'T', ?2, '2026-01-01T00:00:00Z', ?1)`,
          ).bind(id, one.status)
        })
        await DB.batch(statements)
        const row = await DB.prepare(
          `SELECT comment_count AS kept, (SELECT count(*) FROM comment WHERE article = 'anderer' AND status = 'approved') AS counted
           FROM article WHERE slug = 'anderer'`,
        ).first()
        const expected = [...model.values()].filter((one) => one === 'approved').length
        expect(row).toEqual({ kept: expected, counted: expected })
        await DB.exec(`DELETE FROM comment WHERE article = 'anderer'`)
        const empty = await DB.prepare(`SELECT comment_count FROM article WHERE slug = 'anderer'`).first(
          'comment_count',
        )
        expect(empty).toBe(0)
      }),
      { numRuns: 25 },
    )
  })
})
