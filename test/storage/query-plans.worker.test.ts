import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AccessServer } from '../support/cloudflare-access.ts'
import { Colleague } from '../support/desk.ts'
import { article, publishNewsroom, settings } from '../support/fixture.ts'
import { commentIdIn, inSeconds, rowsReadBy, sqlOf, TestSite } from '../support/site.ts'

/** What readers wait for may not depend on how much has been written: no table is read from end to end. */
let site: TestSite
const ARTICLES = 3000
const COMMENTS = 6000

beforeAll(async () => {
  site = await TestSite.open({ vars: { AKISMET_KEY: 'a' } })
  await publishNewsroom(
    site,
    article('mitten-drin', { date: '2020-06-01T08:00:00Z', tags: ['Handel', 'Öl', 'Gas', 'KI'] }),
    article('ohne-alles', { date: '2021-06-01T08:00:00Z', tags: [], section: 'technik' }),
  )
  await fill()
})
afterAll(() => site.close())

/** Articles over many years in both sections, a third of them drafts or taken off; tags; comments of every status. */
async function fill(): Promise<void> {
  const numbers = (count: number) =>
    `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`
  const day = `strftime('%Y-%m-%dT%H:%M:%SZ', '2015-01-01', '+' || i || ' days')`
  await site.env.DB.batch([
    site.env.DB.prepare(
      `INSERT INTO article (slug, title, description, section, published_at, comments, status, revision, hash)
       ${numbers(ARTICLES)}
       SELECT 'artikel-' || i, 'Titel ' || i, 'Text', iif(i % 2, 'wirtschaft', 'technik'), ${day}, 'open',
         CASE i % 6 WHEN 4 THEN 'draft' WHEN 5 THEN 'deleted' ELSE 'published' END, 1, 'x' FROM n`,
    ),
    site.env.DB.prepare(
      `INSERT INTO listing (article, list, published_at)
       SELECT slug, list, published_at FROM article,
         (SELECT 'tag/handel' AS list UNION SELECT 'tag/oel' UNION SELECT 'tag/gas' UNION SELECT '' UNION SELECT 'author/miriam-albers')
       WHERE status = 'published' AND slug LIKE 'artikel-%'
       UNION ALL SELECT slug, 'section/' || section, published_at FROM article
       WHERE status = 'published' AND slug LIKE 'artikel-%'
       UNION ALL SELECT slug, 'month/' || substr(published_at, 1, 7), published_at FROM article
       WHERE status = 'published' AND slug LIKE 'artikel-%'`,
    ),
    site.env.DB.prepare(
      `INSERT INTO comment (article, name, email, email_hash, text, status, created_at, ip_hash, fingerprint)
       ${numbers(COMMENTS)}
       SELECT iif(i % 2, 'mitten-drin', 'artikel-' || (1 + i % ${ARTICLES})), 'Name', 'x', 'adresse-' || (i % 500), 'Text ' || i,
         CASE i % 5 WHEN 0 THEN 'pending' WHEN 1 THEN 'spam' ELSE 'approved' END, ${day}, 'h', 'f' || i FROM n`,
    ),
    // A third of the comments answers one of the first, and one has more answers than a page shows.
    site.env.DB.prepare(
      `UPDATE comment SET parent = 7, thread = 7, branch = iif(id % 40 = 7, NULL, 1007) WHERE article = 'mitten-drin' AND id > 1000 AND id % 20 = 7`,
    ),
    site.env.DB.prepare(
      `UPDATE comment SET parent = id % 300, thread = id % 300
       WHERE article = 'mitten-drin' AND id > 1000 AND id % 6 = 3 AND thread IS NULL`,
    ),
    site.env.DB.prepare(
      `UPDATE comment SET replies = (SELECT count(*) FROM comment r WHERE r.thread = comment.id AND r.status = 'approved')`,
    ),
  ])
}

/** Every address and form of a reader, and what happens when it is used; each in a state in which it reads D1. */
const READERS: Record<string, () => Promise<Response>> = {
  'front page': () => site.fetch('/', {}, { recordSql: true }),
  section: () => site.fetch('/category/wirtschaft/', {}, { recordSql: true }),
  tag: () => site.fetch('/tag/handel/', {}, { recordSql: true }),
  author: () => site.fetch('/author/miriam-albers/', {}, { recordSql: true }),
  'a far page of everything': () => site.fetch('/page/60/', {}, { recordSql: true }),
  'a far page of a section': () => site.fetch('/category/technik/page/20/', {}, { recordSql: true }),
  month: () => site.fetch('/2018/07/', {}, { recordSql: true }),
  year: () => site.fetch('/2018/', {}, { recordSql: true }),
  'another spelling': () => site.fetch('/2020/06/01/Mitten-Drin', {}, { recordSql: true }),
  feed: () => site.fetch('/feed/', {}, { recordSql: true }),
  'feed of a tag': () => site.fetch('/tag/handel/feed/atom/', {}, { recordSql: true }),
  'an archive of a feed': () => site.fetch('/category/technik/feed/?archiv=2018-07', {}, { recordSql: true }),
  'feed of all comments': () => site.fetch('/comments/feed/', {}, { recordSql: true }),
  'feed of an article’s comments': () => site.fetch('/mitten-drin/feed/', {}, { recordSql: true }),
  sitemap: () => site.fetch('/sitemap.xml', {}, { recordSql: true }),
  'sitemap of a year': () => site.fetch('/sitemap-2018.xml', {}, { recordSql: true }),
  'sitemap of news': () => site.fetch('/sitemap-news.xml', {}, { recordSql: true }),
  article: () => site.fetch('/mitten-drin/', {}, { recordSql: true }),
  'article without tags': () => site.fetch('/ohne-alles/', {}, { recordSql: true }),
  'further comments': () => site.fetch('/mitten-drin/?ab=3000', {}, { recordSql: true }),
  'newest comments': () => site.fetch('/mitten-drin/?kommentare=neueste', {}, { recordSql: true }),
  'further newest comments': () =>
    site.fetch('/mitten-drin/?kommentare=neueste&ab=3000', {}, { recordSql: true }),
  'most answered comments': () =>
    site.fetch('/mitten-drin/?kommentare=beantwortet&ab=3000.3', {}, { recordSql: true }),
  'a long thread': () => site.fetch('/mitten-drin/?zu=7', {}, { recordSql: true }),
  'a comment deep in a thread': () => site.fetch('/mitten-drin/?zu=1427', {}, { recordSql: true }),
  'a comment to be answered': () => site.fetch('/mitten-drin/?antwort=1427', {}, { recordSql: true }),
  'own comment': async () => {
    const own = (await site.comment('mitten-drin', { text: 'Meiner.' })).headers.get('location') ?? ''
    return site.fetch(own, {}, { recordSql: true })
  },
  'static page': () => site.fetch('/impressum/', {}, { recordSql: true }),
  search: () => site.fetch('/search/?q=Absatz+erz%C3%A4hlt', {}, { recordSql: true }),
  'nothing there': () => site.fetch('/gibt-es-nicht/', {}, { recordSql: true }),
  'ad click': () =>
    site.fetch(
      '/go/nordlicht',
      { headers: { 'user-agent': 'Mozilla/5.0 Firefox/140.0' } },
      { recordSql: true, settle: true },
    ),
  comment: () => site.comment('mitten-drin', { text: 'Ein neuer.' }, {}, { recordSql: true }),
  'comment counted by D1': () =>
    site.comment('mitten-drin', { text: 'Noch einer.' }, {}, { recordSql: true, noLimiter: true }),
  'comment that services are asked about, and its change': () =>
    withServices(async () => {
      const own = await site.comment('mitten-drin', { text: 'Einer zum Fragen.' })
      const key = /kommentar=([\w.-]+)/.exec(own.headers.get('location') ?? '')?.[1]
      const body = new URLSearchParams({ token: await site.token('mitten-drin'), text: 'Geändert.' })
      const init = { method: 'POST', body, headers: { origin: site.url } }
      const changed = await site.fetch(`/mitten-drin/comments/${key}`, init, { recordSql: true })
      expect(sqlOf(changed).join()).toContain('SELECT name, website, ip_hash')
      const another = await site.comment('mitten-drin', { text: 'Noch einer.' }, {}, { recordSql: true })
      expect(sqlOf(another).join()).toContain('SELECT 1 FROM article')
      for (const sql of sqlOf(changed)) expect((await planOf(sql)).filter(isTableScan), sql).toEqual([])
      return another
    }),
}

/** With services on at which nobody answers: what is prepared for them is what counts here. */
async function withServices(ask: () => Promise<Response>): Promise<Response> {
  const nowhere = 'http://127.0.0.1:9/'
  const comments = { turnstile: { siteKey: 'a', verify: nowhere }, akismet: { endpoint: nowhere } }
  await site.publish('site', settings({ comments }))
  try {
    return await ask()
  } finally {
    await site.publish('site', settings())
  }
}

/** How SQLite goes about a statement, line by line. */
async function planOf(sql: string, isWanted = (_: Record<string, unknown>) => true): Promise<string[]> {
  const parameters = Math.max(0, ...[...sql.matchAll(/\?(\d+)/g)].map(([, n]) => Number(n)))
  const { results } = await site.env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .bind(...Array(parameters).fill(null))
    .all()
  return results.filter(isWanted).map(({ detail }) => String(detail))
}

/** Reading a made-up table (a JSON array, a row of constants, a few rows found before) from end to end is no scan. */
const isTableScan = (line: string) =>
  /^SCAN /.test(line) &&
  !/^SCAN (?:CONSTANT ROW|\(subquery-\d+\)|(?:near|self|mine|newer|year|month|day|recent|wanted|r|ranked|scored|page|counted|wide|exact|head|search_word_part|p|search_index)\b|.* VIRTUAL TABLE INDEX)/.test(
    line,
  )

describe('no statement that a reader waits for scans a table', () => {
  test.each(Object.entries(READERS))('%s', async (_, ask) => {
    const response = await ask()
    expect(response.status).toBeLessThan(500)
    for (const sql of sqlOf(response)) {
      const plan = await planOf(sql)
      expect(plan.filter(isTableScan), `${sql}\n${plan.join('\n')}`).toEqual([])
    }
  })

  test('nor does one by which Akismet is told of a decision', async () => {
    const decided = await withServices(async () => {
      const id = commentIdIn(await site.comment('mitten-drin', { text: 'Einer zum Entscheiden.' }))
      const known = JSON.stringify({ reasons: [{ signal: 'akismetHam', score: -0.5, values: [] }] })
      await site.env.DB.prepare('UPDATE comment SET verdict = ?2 WHERE id = ?1').bind(id, known).run()
      const instruments = { recordSql: true, settle: true }
      return site.api('POST', `comments/${id}`, { status: 'spam' }, undefined, instruments)
    })
    const told = sqlOf(decided).filter((sql) => sql.includes("'$.told'"))
    expect(told).toHaveLength(2)
    for (const sql of told) expect((await planOf(sql)).filter(isTableScan), sql).toEqual([])
  })

  test('nor does one by which somebody comes in by Cloudflare Access', async () => {
    const access = await AccessServer.open()
    try {
      await site.publish('site', settings({ desk: { access: access.settings } }))
      const { email } = await Colleague.open(site, 'editor')
      const headers = { 'cf-access-jwt-assertion': access.token({ email }) }
      const entered = await site.fetch('/desk/account/', { headers }, { recordSql: true })
      expect(entered.headers.get('set-cookie')).not.toBeNull()
      expect(sqlOf(entered).join()).toContain('WHERE email_hash = ?1')
      for (const sql of sqlOf(entered)) expect((await planOf(sql)).filter(isTableScan), sql).toEqual([])
    } finally {
      await site.publish('site', settings())
      await access.close()
    }
  })

  test('and the test sees the statements: those of an article page are read, those of a comment written', async () => {
    const read = sqlOf(await site.fetch('/mitten-drin/?ab=100', {}, { recordSql: true })).join('\n')
    for (const table of ['article a', 'listing', 'FROM comment c', 'comment_count'])
      expect(read).toContain(table)
    const written = sqlOf(
      await site.comment('ohne-alles', {}, {}, { recordSql: true, noLimiter: true }),
    ).join('\n')
    for (const table of ['INSERT INTO comment', 'INSERT INTO rate_limit']) expect(written).toContain(table)
  })

  test('and the test knows a scan when it sees one', async () => {
    const plan = await planOf(`SELECT * FROM article WHERE description = ?1`)
    expect(plan.filter(isTableScan)).toHaveLength(1)
  })
})

/**
 * Articles of one and the same second may be put in order; a whole section may not. What is sorted inside a statement
 * (the counts of some years, a few articles of each tag) is bounded by itself; so are the recent of whom the most
 * commented are picked.
 */
const isSort = (line: string) => line.includes('TEMP B-TREE') && !line.includes('LAST TERM')

describe('no list is sorted when it is asked for', () => {
  test.each([
    'front page',
    'section',
    'tag',
    'sitemap',
    'further comments',
    'most answered comments',
    'a long thread',
  ])('%s', async (name) => {
    const now = inSeconds(60)
    const ask: Record<string, string> = {
      'front page': '/',
      section: '/category/technik/',
      tag: '/tag/oel/',
      sitemap: '/sitemap.xml',
      'further comments': '/mitten-drin/?ab=2000',
      'most answered comments': '/mitten-drin/?kommentare=beantwortet',
      'a long thread': '/mitten-drin/?zu=7',
    }
    const response = await site.fetch(ask[name] ?? '', {}, { recordSql: true, now, settle: true })
    const statements = sqlOf(response).filter((sql) => !sql.includes(') recent'))
    expect(statements.length).toBeGreaterThan(0)
    for (const sql of statements) {
      const plan = await planOf(sql, ({ parent }) => parent === 0)
      expect(plan.filter(isSort), `${sql}\n${plan.join('\n')}`).toEqual([])
    }
  })
})

describe('a page looks at few rows, however many there are', () => {
  test.each([
    ['/', 600],
    ['/category/technik/', 260],
    ['/tag/gas/', 260],
    ['/page/2/', 260],
    ['/page/60/', 260],
    ['/author/miriam-albers/page/40/', 260],
    ['/2018/07/', 260],
    ['/feed/', 260],
    ['/tag/gas/feed/json/', 260],
    ['/author/miriam-albers/feed/?archiv=2015-03', 260],
    ['/sitemap.xml', 260],
    ['/sitemap-2015.xml', 900],
    ['/sitemap-2021.xml', 900],
    ['/mitten-drin/', 600],
    ['/mitten-drin/?ab=1234', 900],
    ['/mitten-drin/?kommentare=neueste', 900],
    ['/mitten-drin/?kommentare=beantwortet', 900],
    ['/mitten-drin/?zu=7', 700],
    ['/mitten-drin/?zu=1427', 700],
  ])('%s looks at no more than %i of them', async (path, most) => {
    const response = await site.fetch(path, {}, { now: inSeconds(3 * 86_400) })
    const read = rowsReadBy(response)
    expect(read).toBeGreaterThan(0)
    expect(read).toBeLessThanOrEqual(most)
  })

  test('a far page of a list looks at as many as the first', async () => {
    const read = async (path: string) =>
      rowsReadBy(await site.fetch(path, {}, { now: inSeconds(4 * 86_400) }))
    const second = await read('/page/2/')
    for (const page of [10, 33, 66])
      expect(Math.abs((await read(`/page/${page}/`)) - second)).toBeLessThan(80)
  })
})
