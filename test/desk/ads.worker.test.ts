import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Colleague } from '../support/desk.ts'
import { campaign, publishNewsroom, slug } from '../support/fixture.ts'
import { rowsReadBy, sqlOf, TestSite } from '../support/site.ts'

/** Campaigns at the desk: what is listed, and what its buttons do. */

let site: TestSite
let editor: Colleague
beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site)
  editor = await Colleague.open(site, 'editor')
})
afterAll(() => site.close())

let names = 0
/** Publishes a campaign under a new id. */
async function sell(more: Record<string, unknown> = {}): Promise<string> {
  const id = `kampagne-${++names}`
  await site.publish('ads', campaign(id, { name: `Kampagne Nr. ${names}`, ...more }))
  return id
}
interface Stored {
  revision: number
  frontMatter: Record<string, unknown>
}
const stored = async (id: string): Promise<Stored> => (await site.api('GET', `ads/${id}`)).json()
const audit = async (id: string) =>
  (
    await site.env.DB.prepare(
      `SELECT a.action, a.detail, p.name FROM audit a JOIN person p ON p.id = a.person WHERE a.subject = ?1 ORDER BY a.id`,
    )
      .bind(`ad/${id}`)
      .all()
  ).results
const move = (id: string, what: string, revision = 1) =>
  editor.post('/desk/ads/', { campaign: `${id}.${revision}`, do: what })
const goTo = (response: Response) => editor.page(response.headers.get('location') ?? '')

describe('the list', () => {
  test('says of each campaign whose it is, what it is doing, when, for how much and where', async () => {
    await sell({
      name: 'Frühjahr',
      start: '2026-01-01',
      end: '2099-03-31',
      budget: { views: 50_000, clicks: 200 },
      weight: 4,
      placements: ['in-article', 'list'],
    })
    const page = await editor.page('/desk/ads/')
    for (const text of [
      'Frühjahr',
      'Kontor Nordlicht · läuft',
      '1. Januar 2026 bis 31. März 2099',
      '50.000 Aufrufe, 200 Klicks',
      'verkauft',
      'Gewicht 4',
      'im Artikel, in Listen',
    ])
      expect(page).toContain(text)
  })

  test('has a tab for each phase, which follows from the state and the clock', async () => {
    const phases = {
      running: await sell(),
      ready: await sell({ start: '2098-01-01' }),
      paused: await sell({ state: 'paused' }),
      draft: await sell({ state: 'draft' }),
      ended: await sell({ end: '2020-01-31' }),
    }
    const byHand = await sell({ state: 'ended', end: '2099-01-01' })
    for (const [phase, id] of Object.entries(phases)) {
      const page = await editor.page(`/desk/ads/?stand=${phase}`)
      for (const other of Object.values(phases))
        expect(page.includes(`"${other}.1"`), `${other} under ${phase}`).toBe(other === id)
    }
    expect(await editor.page('/desk/ads/?stand=ended')).toContain(`"${byHand}.1"`)
  })

  test('is friendly where nothing is', async () => {
    const empty = await TestSite.open()
    try {
      await empty.publish('site', {
        slug: slug('site'),
        frontMatter: { name: 'Leer', sections: [{ slug: 'medien', name: 'Medien' }] },
        body: '',
      })
      const page = await (await Colleague.open(empty, 'admin')).page('/desk/ads/')
      expect(page).toContain('Noch ist keine Kampagne angelegt.')
    } finally {
      await empty.close()
    }
  })
})

describe('a button', () => {
  test('pauses a running campaign, and taking that back leaves the very source that was there', async () => {
    const id = await sell()
    const before = (await stored(id)).frontMatter
    const paused = await move(id, 'pause')
    expect(paused.status).toBe(303)
    expect(await stored(id)).toMatchObject({ revision: 2, frontMatter: { ...before, state: 'paused' } })
    const page = await goTo(paused)
    expect(page).toContain('Die Kampagne ist pausiert.')
    const undo = /name="undo" value="([^"]+)"/.exec(page)?.[1] ?? ''
    expect(await goTo(await editor.post('/desk/ads/undo/', { undo }))).toContain('Rückgängig gemacht.')
    expect(await stored(id)).toMatchObject({ revision: 3 })
    expect((await stored(id)).frontMatter).toEqual(before)
    expect(await audit(id)).toEqual([
      { action: 'pause-ad', detail: '{"from":"","to":"paused"}', name: 'Kollegin editor' },
      { action: 'undo-ad', detail: '{"to":""}', name: 'Kollegin editor' },
    ])
  })

  test('resumes a paused one, and ends one', async () => {
    const id = await sell({ state: 'paused' })
    expect((await move(id, 'resume')).status).toBe(303)
    expect((await stored(id)).frontMatter.state).toBe('ready')
    await move(id, 'end', 2)
    expect((await stored(id)).frontMatter.state).toBe('ended')
  })

  test('makes a copy, which is a draft of its own', async () => {
    const id = await sell({ name: 'Sommer' })
    const response = await move(id, 'duplicate')
    expect(await goTo(response)).toContain('Das ist die Kopie, als Entwurf.')
    const copy = /\/desk\/ads\/(kampagne[-\d]*)\//.exec(response.headers.get('location') ?? '')?.[1] ?? ''
    expect((await stored(copy)).frontMatter).toMatchObject({ name: 'Sommer', state: 'draft' })
    expect((await stored(id)).revision).toBe(1)
  })

  test('changes nothing where somebody was faster', async () => {
    const id = await sell()
    await move(id, 'pause')
    const page = await goTo(await move(id, 'end'))
    expect(page).toContain('Die Kampagne hat inzwischen jemand geändert.')
    expect((await stored(id)).frontMatter.state).toBe('paused')
    expect(await audit(id)).toHaveLength(1)
  })

  test('that nobody made, or for a campaign that is not there, changes nothing', async () => {
    const id = await sell()
    for (const [one, what] of [
      [`${id}.1`, 'delete-everything'],
      ['nie-gewesen.1', 'pause'],
      ['../x', 'pause'],
    ] as const) {
      const page = await goTo(await editor.post('/desk/ads/', { campaign: one, do: what }))
      expect(page, what).toContain('Es ist nichts geändert.')
    }
    expect((await stored(id)).revision).toBe(1)
  })

  test('is not for a moderator, another session or another site', async () => {
    const id = await sell()
    const moderator = await Colleague.open(site, 'moderator')
    const fields = { campaign: `${id}.1`, do: 'end' }
    for (const response of [
      await moderator.post('/desk/ads/', fields),
      await editor.post('/desk/ads/', { ...fields, token: await moderator.token }),
      await editor.post('/desk/ads/', fields, { origin: 'https://boese.example' }),
    ])
      expect(response.status).toBe(403)
    expect((await stored(id)).revision).toBe(1)
  })
})

test('the calendar says what is sold on which days in which placement, both ends of a run included', async () => {
  await sell({ name: 'Kurz', start: '2031-03-30', end: '2031-03-31', placements: ['list'] })
  await sell({ name: 'Haus', start: '2031-03-01', end: '2031-03-31', priority: 'house' })
  await sell({ name: 'Nur Entwurf', start: '2031-03-01', end: '2031-03-31', state: 'draft' })
  const page = await editor.page('/desk/ads/calendar/?monat=2031-03')
  const rows = page.split('<tr>').slice(2)
  const days = (row: string | undefined) => /<th scope="row">(.*?)<\/th>/.exec(row ?? '')?.[1]
  expect(rows.map(days)).toEqual(['1.–29. März 2031', '30.–31. März 2031'])
  expect(rows.map((row) => row.includes('>Kurz</a>'))).toEqual([false, true])
  expect(rows[1]).toMatch(/(?:<td>(?:(?!Kurz).)*<\/td>){2}<td>(?:(?!<td>).)*Kurz/)
  expect(page).not.toMatch(/>Haus<|>Nur Entwurf</)
  expect(page).toContain('?monat=2031-02')
  expect(page).toContain('?monat=2031-04')
})

describe('2,000 campaigns', () => {
  let many: TestSite
  let seller: Colleague
  beforeAll(async () => {
    many = await TestSite.open()
    await publishNewsroom(many)
    seller = await Colleague.open(many, 'editor')
    const day = 86_400_000
    // A fifth each: running, to come, paused, drafts, ended.
    await many.env.DB.prepare(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
       INSERT INTO document (kind, slug, title, source, value, revision, hash)
       SELECT 'ad', printf('viele-%04d', i), 'Kampagne ' || i, source,
         json_set(value, '$.id', printf('viele-%04d', i),
           '$.state', CASE i % 5 WHEN 2 THEN 'paused' WHEN 3 THEN 'draft' ELSE 'ready' END,
           '$.start', CASE i % 5 WHEN 1 THEN ?1 + i * ?2 ELSE NULL END,
           '$.end', CASE i % 5 WHEN 4 THEN ?1 - (i % 7) * ?2 ELSE ?1 + (i + 9) * ?2 END), 1, 'x'
       FROM n, document WHERE kind = 'ad' AND slug = 'nordlicht'`,
    )
      .bind(Date.now() - day / 2, day)
      .run()
  })
  afterAll(() => many.close())

  test.each([
    ['', 2002, 350],
    ['running', 402, 800],
    ['ready', 400, 350],
    ['paused', 400, 350],
    ['draft', 400, 350],
    ['ended', 400, 350],
  ])(
    '%s: each page reads a bounded number of rows, and all of them show each once',
    async (phase, expected, most) => {
      const seen: string[] = []
      let next: string | undefined = `/desk/ads/${phase ? `?stand=${phase}` : ''}`
      while (next) {
        const response: Response = await seller.get(next)
        expect(rowsReadBy(response), next).toBeLessThan(most)
        const page: string = await response.text()
        seen.push(...[...page.matchAll(/name="campaign" value="([^".]+)\./g)].map(([, id = '']) => id))
        next = /href="([^"]+)">Weitere Kampagnen/.exec(page)?.[1]?.replaceAll('&amp;', '&')
      }
      expect(seen).toHaveLength(expected)
      expect(new Set(seen).size).toBe(expected)
    },
  )

  test('no list sorts or reads a table from end to end', async () => {
    for (const phase of ['', 'running', 'ready', 'paused', 'draft', 'ended']) {
      const response = await seller.get(`/desk/ads/?stand=${phase}`, { recordSql: true })
      const asked = sqlOf(response).filter((sql) => sql.includes('document'))
      expect(asked).toHaveLength(1)
      for (const sql of asked) {
        const { results } = await many.env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
          .bind(...Array(new Set(sql.match(/\?\d/g)).size).fill(0))
          .all()
        const plan = results.map(({ detail }) => String(detail)).join('\n')
        expect(plan).not.toMatch(/SCAN|TEMP B-TREE/)
      }
    }
  })
})
