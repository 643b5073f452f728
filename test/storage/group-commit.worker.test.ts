import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { GroupCommit } from '../../src/site/group-commit.ts'
import { article, publishNewsroom } from '../support/fixture.ts'
import { commentIdIn, TestSite } from '../support/site.ts'

/** What is written at the same moment is committed together. */

let site: TestSite
let db: D1Database
beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site, article('artikel'))
  db = site.env.DB
})
afterAll(() => site.close())
beforeEach(() =>
  db.exec('DROP TABLE IF EXISTS note; CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT UNIQUE)'),
)

const note = (text: string) => db.prepare('INSERT INTO note (text) VALUES (?1) RETURNING id, text').bind(text)
const aboutIt = () => db.prepare('SELECT text FROM note WHERE id = last_insert_rowid() AND changes() = 1')
const texts = async () =>
  (await db.prepare('SELECT text FROM note ORDER BY text').all()).results.map(({ text }) => text)
const alive = () => {}

/** D1, which notes how many statements each transaction has. */
function counted() {
  const sizes: number[] = []
  const batch: D1Database['batch'] = (statements) => {
    sizes.push(statements.length)
    return db.batch(statements)
  }
  return { sizes, batch }
}

describe('statements of several requests', () => {
  test('go to D1 together while a transaction is on its way, and each gets its own results', async () => {
    const commits = new GroupCommit()
    const store = counted()
    const names = Array.from({ length: 20 }, (_, n) => `Notiz ${n}`)
    const results = await Promise.all(
      names.map((name) => commits.commit(store, [note(name), aboutIt()], alive)),
    )
    expect(results.map(([made, about]) => [made?.results[0], about?.results[0]])).toEqual(
      names.map((text) => [expect.objectContaining({ text }), { text }]),
    )
    expect(store.sizes).toEqual([2, 38])
  })

  test('are at most 25 in one transaction', async () => {
    const commits = new GroupCommit()
    const store = counted()
    await Promise.all(Array.from({ length: 60 }, (_, n) => commits.commit(store, [note(`${n}`)], alive)))
    expect(store.sizes).toEqual([1, 25, 25, 9])
    expect(await texts()).toHaveLength(60)
  })

  test('of which D1 refuses one are committed but for that one', async () => {
    const commits = new GroupCommit()
    const all = await Promise.allSettled(
      ['a', 'b', 'a', 'c'].map((text) => commits.commit(db, [note(text)], alive)),
    )
    expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
    expect(await texts()).toEqual(['a', 'b', 'c'])
  })

  test('do not wait for ever for a request that is gone', async () => {
    const commits = new GroupCommit(50)
    const gone = { batch: () => new Promise<never>(() => {}) }
    void commits.commit(gone, [note('verschwunden')], alive)
    const [made] = await commits.commit(db, [note('geblieben')], alive)
    expect(made?.results).toEqual([expect.objectContaining({ text: 'geblieben' })])
  })
})

test('comments that come at once are all kept, and the same one only once', async () => {
  const texts = [
    ...Array.from({ length: 30 }, (_, n) => `Kommentar ${n} von vielen.`),
    'Kommentar 7 von vielen.',
  ]
  const ids = await Promise.all(
    texts.map(async (text, n) => commentIdIn(await site.comment('artikel', { text, ip: `192.0.2.${n}` }))),
  )
  expect(new Set(ids).size).toBe(30)
  expect(ids[30]).toBe(ids[7])
  expect(await site.comments('artikel')).toHaveLength(30)
})
