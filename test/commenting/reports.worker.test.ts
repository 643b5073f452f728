import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Colleague } from '../support/desk.ts'
import { Dom } from '../support/dom.ts'
import { article, publishNewsroom, settings } from '../support/fixture.ts'
import { freshAddress, type Instruments, TestSite } from '../support/site.ts'

/** Reports, statements of reasons and objections (DSA Art. 16, 17, 20, 24). */

let site: TestSite
let anna: Colleague
let slug: string
let number = 0

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site)
  await site.publish('site', settings({ url: site.url }))
  anna = await Colleague.open(site, 'moderator', { name: 'Anna' })
})
afterAll(() => site.close())
beforeEach(async () => {
  slug = `gemeldet-${++number}`
  await site.publish('articles', article(slug))
})

const REPORT = {
  reason: 'insult',
  explanation: 'Das ist eine Beleidigung.',
  name: 'Rita Rügner',
  email: 'rita@beispiel.de',
  glauben: '1',
}
const report = (
  id: number,
  fields: Record<string, string> = {},
  headers = {},
  instruments: Instruments = {},
) =>
  site.fetch(
    `/comments/${id}/report/`,
    {
      method: 'POST',
      body: new URLSearchParams({ ...REPORT, ...fields }),
      headers: { origin: site.url, 'cf-connecting-ip': freshAddress(), ...headers },
    },
    { settle: true, ...instruments },
  )
const post = (path: string, fields: Record<string, string> = {}) =>
  site.fetch(path, { method: 'POST', body: new URLSearchParams(fields), headers: { origin: site.url } })
const rows = async (table: string) =>
  (await site.env.DB.prepare(`SELECT * FROM ${table} ORDER BY id`).all()).results
const last = async (table: string) => (await rows(table)).at(-1)
const status = async (id: number) => (await site.comments()).find((row) => row.id === id)?.status
/** Runs what runs every minute, some time from now. */
const later = (minutes: number) => site.runScheduled('* * * * *', new Date(Date.now() + minutes * 60_000))
const letterWith = (words: string) =>
  expect.poll(() => site.letters.find((text) => text.includes(words))).toBeDefined()
const letter = (words: string) => site.letters.find((text) => text.includes(words)) ?? ''

describe('a report', () => {
  test('is one link away from every comment, and the form shows which one it is', async () => {
    const id = await site.approvedComment(slug, { text: 'Sie *Esel*!', name: 'Udo' })
    const page = new Dom(await site.page(`/${slug}/`))
    const path = page.attributes(`#kommentar-${id} .comment-foot a`, 'href').at(-1) ?? ''
    expect(path).toBe(`/comments/${id}/report/`)
    const response = await site.fetch(path)
    expect(response.headers.get('cache-control')).toContain('no-store')
    const form = new Dom(await response.text())
    expect(form.text('blockquote')).toBe('UdoSie Esel!')
    expect(form.attribute('meta[name=robots]', 'content')).toBe('noindex')
  })

  test('is stored, gets a receipt on the page and by mail, and the newsroom is told at once', async () => {
    const id = await site.approvedComment(slug, { text: 'Gemeldeter Text.' })
    const response = await report(id, { explanation: `Beleidigung ${slug}.` })
    expect(response.status).toBe(200)
    const stored = await last('report')
    expect(stored).toMatchObject({ comment: id, article: slug, reason: 'insult', outcome: null })
    expect(JSON.stringify(stored)).not.toContain('rita@')
    expect(new Dom(await response.text()).text('.notice')).toContain(`unter der Nummer ${String(stored?.id)}`)
    await letterWith(`Beleidigung ${slug}.`)
    await expect
      .poll(() => site.letters.filter((text) => text.includes(`Beleidigung ${slug}.`)).length)
      .toBe(2)
    const queue = new Dom(await anna.page('/desk/reports/'))
    expect(queue.html).toContain(`Beleidigung ${slug}.`)
    expect(queue.html).toContain('rita@beispiel.de')
    expect(
      Number(new Dom(await anna.page('/desk/comments/')).text('[data-status=reported] span')),
    ).toBeGreaterThan(0)
  })

  test.each<[string, Record<string, string>]>([
    ['reason', { reason: '' }],
    ['reason', { reason: 'weil' }],
    ['explanation', { explanation: '  ' }],
    ['explanation', { explanation: 'x'.repeat(3001) }],
    ['email', { email: 'keine' }],
    ['name', { name: 'x'.repeat(81) }],
    ['glauben', { glauben: '' }],
  ])('without a good %s comes back with all that was typed', async (field, fields) => {
    const id = await site.approvedComment(slug, { text: 'Text.' })
    const before = (await rows('report')).length
    const response = await report(id, fields)
    expect(response.status).toBe(422)
    const page = new Dom(await response.text())
    expect(page.has(`#m-${field}-fehler`)).toBe(true)
    expect(page.value('explanation')).toBe((fields.explanation ?? REPORT.explanation).replace(/^ +$/, '  '))
    expect(await rows('report')).toHaveLength(before)
  })

  test('may come without a name and address, as the law has it for some crimes', async () => {
    const id = await site.approvedComment(slug, { text: 'Text.' })
    expect((await report(id, { name: '', email: '' })).status).toBe(200)
    expect(await last('report')).toMatchObject({ name: '', email: '' })
  })

  test('of what nobody sees, from elsewhere, or too often is none', async () => {
    const id = await site.approvedComment(slug, { text: 'Text.' })
    expect((await report(id, {}, { origin: 'https://boese.example' })).status).toBe(403)
    await site.api('POST', `comments/${id}`, { status: 'trash' })
    expect((await report(id)).status).toBe(404)
    expect((await site.fetch(`/comments/${id}/report/`)).status).toBe(404)
    const other = await site.approvedComment(slug, { text: 'Anderer.' })
    const statuses: number[] = []
    for (let n = 0; n < 12; n++)
      statuses.push((await report(other, {}, { 'cf-connecting-ip': '10.88.0.1' })).status)
    expect(statuses).toContain(429)
    expect((await report(other, {}, {}, { down: ['d1-write'] })).status).toBe(503)
  })

  test('that is right takes the comment off the page; who reported it and who wrote it are told', async () => {
    const id = await site.approvedComment(slug, {
      text: `Beleidigender Text ${slug}.`,
      email: 'udo@beispiel.de',
    })
    await report(id)
    const one = await last('report')
    const reason = `Persönlicher Angriff ${slug}`
    await anna.post(
      `/desk/reports/${String(one?.id)}/`,
      { kind: 'report', do: 'removed', ground: 'rules', reason },
      {},
      { settle: true },
    )
    expect(await status(id)).toBe('trash')
    expect(await last('report')).toMatchObject({ outcome: 'removed', decided_by: anna.id })
    expect(await site.page(`/${slug}/`)).not.toContain('Beleidigender Text')
    await letterWith('Wir haben Ihre Meldung geprüft und den Kommentar entfernt.')
    await later(11)
    await letterWith(reason)
    expect(letter(reason)).toContain(`Beleidigender Text ${slug}.`)
    expect(letter(reason)).toMatch(/\/objections\/\d+\.[\w-]{22}\//)
  })

  test('that is not right leaves the comment; who reported it is told why', async () => {
    const id = await site.approvedComment(slug, { text: 'Harmlos.' })
    await report(id)
    const one = await last('report')
    await anna.post(
      `/desk/reports/${String(one?.id)}/`,
      { kind: 'report', do: 'kept', ground: 'rules', reason: '' },
      {},
      { settle: true },
    )
    expect(await status(id)).toBe('approved')
    await letterWith('bleibt stehen')
    // Decided once.
    const again = await anna.post(`/desk/reports/${String(one?.id)}/`, {
      kind: 'report',
      do: 'removed',
      ground: 'rules',
      reason: '',
    })
    expect(again.headers.get('location')).toBe('/desk/reports/?meldung=notSeen')
    expect(await status(id)).toBe('approved')
  })
})

describe('a decision about a comment', () => {
  const trash = async (id: number) => {
    const row = (await site.comments()).find((one) => one.id === id)
    return anna.post('/desk/comments/', { one: `trash ${id}.${String(row?.version)}` })
  }

  test('is told to its author with reasons, some minutes later', async () => {
    const id = await site.approvedComment(slug, { text: `Wird entfernt ${slug}.` })
    await trash(id)
    await later(5)
    expect(letter(`Wird entfernt ${slug}.`)).toBe('')
    await later(11)
    await letterWith(`Wird entfernt ${slug}.`)
    expect(letter(`Wird entfernt ${slug}.`)).toContain('gegen die Kommentarregeln')
    await later(12)
    expect(site.letters.filter((text) => text.includes(`Wird entfernt ${slug}.`))).toHaveLength(1)
  })

  test('that was a slip is told to nobody', async () => {
    const id = await site.approvedComment(slug, { text: `Versehen ${slug}.` })
    const response = await trash(id)
    const audit = new URL(response.headers.get('location') ?? '', site.url).searchParams.get('audit') ?? ''
    await anna.post('/desk/comments/undo/', { audit })
    await later(11)
    expect(letter(`Versehen ${slug}.`)).toBe('')
  })

  test('that it is spam is told to nobody (Art. 17(2))', async () => {
    const id = await site.approvedComment(slug, { text: `Reklame ${slug}.` })
    await site.api('POST', `comments/${id}`, { status: 'spam' })
    await later(11)
    expect(letter(`Reklame ${slug}.`)).toBe('')
  })

  test('to shorten it is told with its reason', async () => {
    const id = await site.approvedComment(slug, { text: `Lang und böse ${slug}.` })
    const row = (await site.comments()).find((one) => one.id === id)
    const fields = {
      do: 'shorten',
      version: String(row?.version),
      text: 'Lang.',
      reason: `Schmähung ${slug}`,
    }
    await anna.post(`/desk/comments/${id}/`, fields)
    await later(11)
    await letterWith(`Schmähung ${slug}`)
    expect(letter(`Schmähung ${slug}`)).toContain('gekürzt')
  })
})

describe('an objection', () => {
  const objectable = async () => {
    const id = await site.approvedComment(slug, { text: `Umstritten ${slug}.`, email: 'ute@beispiel.de' })
    await site.api('POST', `comments/${id}`, { status: 'trash' })
    await later(11)
    await letterWith(`Umstritten ${slug}.`)
    const path = /\/objections\/[\w.-]+\//.exec(letter(`Umstritten ${slug}.`))?.[0] ?? ''
    return { id, path }
  }

  test('comes by the link in the mail into the queue, and a person decides', async () => {
    const { id, path } = await objectable()
    expect(new Dom(await site.page(path)).text('.notice')).toContain('hat diesen Kommentar entfernt')
    expect((await post(path, { words: ' ' })).status).toBe(422)
    expect((await post(path, { words: `Das war sachlich ${slug}.` })).status).toBe(200)
    expect(await site.page(path)).toContain('Ihr Widerspruch ist eingegangen')
    expect(await anna.page('/desk/reports/')).toContain(`Das war sachlich ${slug}.`)
    const one = await last('statement')
    await anna.post(
      `/desk/reports/${String(one?.id)}/`,
      { kind: 'objection', do: 'restored' },
      {},
      { settle: true },
    )
    expect(await status(id)).toBe('approved')
    await letterWith('zeigen ihn wieder')
    expect(await anna.page('/desk/reports/')).not.toContain(`Das war sachlich ${slug}.`)
  })

  test('to a shortening gives the author’s own words back', async () => {
    const id = await site.approvedComment(slug, { text: `Ganz und gar ${slug}.`, email: 'uwe@beispiel.de' })
    const row = (await site.comments()).find((one) => one.id === id)
    const fields = { do: 'shorten', version: String(row?.version), text: 'Ganz.', reason: `Länge ${slug}` }
    await anna.post(`/desk/comments/${id}/`, fields)
    await later(11)
    await letterWith(`Länge ${slug}`)
    await post(/\/objections\/[\w.-]+\//.exec(letter(`Länge ${slug}`))?.[0] ?? '', {
      words: 'Es war nicht lang.',
    })
    const one = await last('statement')
    await anna.post(`/desk/reports/${String(one?.id)}/`, { kind: 'objection', do: 'restored' })
    expect((await site.comments()).find((found) => found.id === id)).toMatchObject({
      text: `Ganz und gar ${slug}.`,
      original: null,
      shortened: null,
    })
  })

  test('comes once, and only by its signed link', async () => {
    const { path } = await objectable()
    await post(path, { words: 'Erster.' })
    await post(path, { words: 'Zweiter.' })
    expect(await last('statement')).toMatchObject({ objection: 'Erster.' })
    const forged = path.replace(/.\/$/, (end) => (end === 'A/' ? 'B/' : 'A/'))
    for (const wrong of [forged, '/objections/1.x/', '/objections/1/', '/objections/x/'])
      expect((await site.fetch(wrong)).status, wrong).toBe(404)
    expect(
      (await site.fetch(path, { method: 'POST', headers: { origin: 'https://boese.example' } })).status,
    ).toBe(403)
  })
})

test('a year is counted, and downloads as CSV without persons and without formulas', async () => {
  const id = await site.approvedComment(slug, { text: 'Gezählt.' })
  await report(id, { explanation: '=1+1', name: '=HYPERLINK("x")' })
  const one = await last('report')
  await anna.post(`/desk/reports/${String(one?.id)}/`, {
    kind: 'report',
    do: 'removed',
    ground: 'law',
    reason: '=2+2',
  })
  const year = new Date().getUTCFullYear()
  const page = new Dom(await anna.page(`/desk/reports/transparency/?jahr=${year}`))
  expect(page.text('tbody')).toContain('Meldungen nach Grund')
  const response = await anna.get(`/desk/reports/reports.csv?jahr=${year}`)
  expect(response.headers.get('content-disposition')).toContain(`reports-${year}.csv`)
  const csv = await response.text()
  expect(csv.split('\r\n')[0]).toBe('kind,id,at,article,comment,reason,outcome,decided_at')
  expect(csv).toContain(slug)
  expect(csv).not.toMatch(/rita|HYPERLINK/)
  expect(await anna.page('/desk/reports/transparency/?jahr=2001')).toContain('keine Meldungen')
})
