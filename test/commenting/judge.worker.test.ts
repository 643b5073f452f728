import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Counts, reasonsIn, verdictOf, weighCounts } from '../../src/comment/judge/judge.ts'
import type { Reason } from '../../src/comment/queue-store.ts'
import { generateComments } from '../support/corpus/comments.ts'
import { Colleague } from '../support/desk.ts'
import { Dom } from '../support/dom.ts'
import { article, publishNewsroom, settings } from '../support/fixture.ts'
import { commentIdIn, inSeconds, TestSite } from '../support/site.ts'

let site: TestSite
let anna: Colleague
let slug: string
let number = 0

const policy = (moderation: string) =>
  site.publish(
    'site',
    settings({ comments: { moderation, rules: 'kommentarregeln', privacy: 'datenschutz' } }),
  )

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site)
  anna = await Colleague.open(site, 'moderator', { name: 'Anna' })
})
afterAll(() => site.close())
beforeEach(async () => {
  slug = `urteil-${++number}`
  await site.publish('articles', article(slug, { date: new Date(Date.now() - 86_400_000).toISOString() }))
})

interface Stored {
  status: string
  verdict: { reasons: Reason[]; counts: Counts }
}
const write = async (
  fields: Record<string, string> = {},
  headers = {},
  instruments = {},
): Promise<Stored & { id: number }> => {
  const id = commentIdIn(await site.comment(slug, fields, headers, instruments))
  const row = (await site.comments(slug)).find((one) => one.id === id)
  return { id, status: String(row?.status), verdict: JSON.parse(String(row?.verdict)) }
}
const decide = async (action: string, id: number) => {
  const row = (await site.comments()).find((one) => one.id === id)
  return anna.post('/desk/comments/', { one: `${action} ${id}.${row?.version}` }, {}, { settle: true })
}
/** So that the next comment is judged by what was just decided. */
const block = (kind: string, value: string) => anna.post('/desk/blocks/', { kind, value })

describe('a comment is judged by what the rest of the comments say', () => {
  test('and the statement that stores it decides as the rules do', async () => {
    const email = 'stammgast@beispiel.de'
    for (const moderation of ['all', 'returning', 'none'] as const) {
      await policy(moderation)
      for (const fields of [
        { email: `neu-${moderation}@beispiel.de`, text: `Ein Kommentar, ${moderation}.` },
        { email, text: `Noch einer, ${moderation}.` },
        {
          email,
          text: `Mit Link, ${moderation}: https://beispiel.de/ https://beispiel.de/2 https://beispiel.de/3`,
        },
        {
          email: `spam-${moderation}@beispiel.de`,
          text: `https://bit.ly/x https://bit.ly/y https://bit.ly/z KAUFEN!!!! ${moderation}`,
        },
      ]) {
        const { id, status, verdict } = await write(fields)
        const reasons = reasonsIn(verdict)
        expect(status, JSON.stringify({ moderation, fields, verdict })).toBe(
          verdictOf(reasons, verdict.counts.good > 0, moderation, { hold: 2, spam: 5 }),
        )
        if (fields.email === email && status === 'pending') await decide('approve', id)
      }
    }
    await policy('all')
  })

  test('a person who was approved is trusted, one whose comments were spam is not', async () => {
    const known = 'gut@beispiel.de'
    for (const n of [1, 2, 3]) await decide('approve', (await write({ email: known, text: `Gut ${n}.` })).id)
    expect((await write({ email: known, text: 'Wieder da.' })).verdict.counts).toMatchObject({
      good: 3,
      bad: 0,
    })
    const bad = 'schlecht@beispiel.de'
    for (const n of [1, 2, 3]) await decide('spam', (await write({ email: bad, text: `Schlecht ${n}.` })).id)
    expect(await write({ email: bad, text: 'Noch einmal.' })).toMatchObject({
      status: 'spam',
      verdict: { counts: { bad: 3 } },
    })
  })

  test('the same text below one article after the other is seen, also with a word changed', async () => {
    const text =
      'Mit diesem einen Trick verdienen Hausfrauen in ganz Deutschland jede Woche dreitausend Euro nebenbei und ohne Vorkenntnisse.'
    await write({ email: 'a@beispiel.de', text })
    await site.publish('articles', article(`${slug}-zwei`))
    const elsewhere = commentIdIn(
      await site.comment(`${slug}-zwei`, {
        email: 'b@beispiel.de',
        text: text.replace('Vorkenntnisse', 'Vorwissen'),
      }),
    )
    const row = (await site.comments()).find(({ id }) => id === elsewhere)
    expect(JSON.parse(String(row?.verdict)).counts.near).toBe(1)
  })

  test('many from one connection weigh', async () => {
    const headers = { 'cf-connecting-ip': '10.55.0.1' }
    for (let n = 0; n < 4; n++) await write({ text: `Viele ${n}.`, email: `v${n}@beispiel.de` }, headers)
    const last = await write({ text: 'Der fünfte.', email: 'v5@beispiel.de' }, headers)
    expect(last.verdict.counts.connection).toBe(4)
    expect(weighCounts(last.verdict.counts).map(({ signal }) => signal)).toEqual(['connection'])
  })

  test('an old article draws spam', async () => {
    await site.publish('articles', article(`${slug}-alt`, { date: '2019-01-15T09:00:00+01:00' }))
    const id = commentIdIn(await site.comment(`${slug}-alt`, { text: 'Nach Jahren.' }))
    const row = (await site.comments()).find((one) => one.id === id)
    expect(JSON.parse(String(row?.verdict)).counts.years).toBeGreaterThanOrEqual(7)
  })

  test('what was changed by its author is judged again', async () => {
    await policy('none')
    const response = await site.comment(slug, { text: 'Ganz harmlos.' })
    const key = /kommentar=([\w.-]+)/.exec(response.headers.get('location') ?? '')?.[1]
    const body = new URLSearchParams({
      token: await site.token(slug),
      text: 'KAUFEN SIE JETZT SOFORT ALLES!!!! https://bit.ly/a https://bit.ly/b https://bit.ly/c https://bit.ly/d',
    })
    await site.fetch(`/${slug}/comments/${key}`, { method: 'POST', body, headers: { origin: site.url } })
    expect((await site.comments(slug)).at(-1)).toMatchObject({ status: 'spam' })
    await policy('all')
  })
})

describe('what the newsroom blocks', () => {
  test('a word, a website, an address, a connection: the next comment with it is spam, and the desk says why', async () => {
    await block('word', 'Quastenfloss*')
    await block('domain', 'https://Boese.example/seite')
    expect((await write({ text: 'Kauft Quastenflosser!' })).status).toBe('spam')
    expect((await write({ text: 'Nichts.', website: 'https://www.boese.example/' })).status).toBe('spam')
    const one = await write(
      { text: 'Von einem Störer.', email: 'stoerer@beispiel.de' },
      { 'cf-connecting-ip': '10.66.0.1' },
    )
    await anna.post(`/desk/comments/${one.id}/`, { do: 'block-email' })
    expect((await write({ text: 'Wieder ich.', email: 'Stoerer@beispiel.de' })).status).toBe('spam')
    await anna.post(`/desk/comments/${one.id}/`, { do: 'block-ip' })
    const other = await write(
      { text: 'Anders.', email: 'anders@beispiel.de' },
      { 'cf-connecting-ip': '10.66.0.1' },
    )
    expect(other.status).toBe('spam')
    const page = new Dom(await anna.page(`/desk/comments/${other.id}/`))
    expect(page.text('[aria-labelledby=gruende]')).toContain('Anschluss gesperrt (+10)')
    const list = new Dom(await anna.page('/desk/blocks/'))
    expect(list.texts('.desk-list code')).toEqual(['boese.example', 'Quastenfloss*'])
    await anna.post('/desk/blocks/', {
      lift: String(
        list
          .all('[name=lift]')
          .map(({ properties }) => properties.value)
          .at(-1),
      ),
    })
    expect((await write({ text: 'Quastenflosser sind Fische.', email: 'fisch@beispiel.de' })).status).toBe(
      'pending',
    )
  })

  test.each(['', '*', 'a', '  ', 'a\u0000b', 'x'.repeat(81)])('„%s“ is nothing to block', async (value) => {
    expect((await block('word', value)).headers.get('location')).toBe('/desk/blocks/?meldung=notBlock')
  })
})

describe('the model', () => {
  test('learns from decisions, once each, and unlearns what is taken back', async () => {
    const fresh = await TestSite.open()
    try {
      await publishNewsroom(fresh, article('lehrstueck'))
      const teacher = await Colleague.open(fresh, 'moderator')
      const counted = () => fresh.env.DB.prepare('SELECT good, bad FROM model WHERE bucket = -1').first()
      const sum = () => fresh.env.DB.prepare('SELECT sum(good) AS good, sum(bad) AS bad FROM model').first()
      const picks: string[] = []
      for (const { text } of generateComments(6, 3)) {
        const id = commentIdIn(await fresh.comment('lehrstueck', { text }))
        picks.push(`${id}.1`)
      }
      const decision = { do: 'spam', pick: picks }
      const response = await teacher.post('/desk/comments/', decision, {}, { settle: true })
      expect(await counted()).toEqual({ good: 0, bad: 6 })
      await teacher.post('/desk/comments/', decision, {}, { settle: true }) // the second click
      expect(await counted()).toEqual({ good: 0, bad: 6 })
      const audit = new URL(response.headers.get('location') ?? '', fresh.url).searchParams.get('audit') ?? ''
      await teacher.post('/desk/comments/undo/', { audit }, {}, { settle: true })
      expect(await sum()).toEqual({ good: 0, bad: 0 })
      await Promise.all(
        picks.map((pick) =>
          teacher.post(
            '/desk/comments/',
            { one: `approve ${pick.replace('.1', '.3')}` },
            {},
            { settle: true },
          ),
        ),
      )
      expect(await counted()).toEqual({ good: 6, bad: 0 })
    } finally {
      await fresh.close()
    }
  })

  test('catches the next of a kind of spam that moderators threw out', async () => {
    const fresh = await TestSite.open()
    try {
      await publishNewsroom(fresh, ...[0, 1, 2, 3].map((n) => article(`stueck-${n}`)))
      const teacher = await Colleague.open(fresh, 'moderator')
      const picks: Record<'approve' | 'spam', string[]> = { approve: [], spam: [] }
      const comments = generateComments(400, 21, ['credit'])
      const taught = [
        ...comments.filter(({ label }) => label === 'good').slice(0, 50),
        ...comments.filter(({ label }) => label === 'spam').slice(0, 50),
      ]
      for (const [n, { text, label }] of taught.entries()) {
        const fields = { text, email: `l${n}@beispiel.de` }
        const id = commentIdIn(await fresh.comment(`stueck-${n % 4}`, fields))
        const row = (await fresh.comments()).find((one) => one.id === id)
        if (row?.status === 'pending') picks[label === 'good' ? 'approve' : 'spam'].push(`${id}.1`)
      }
      for (const action of ['approve', 'spam'] as const)
        await teacher.post('/desk/comments/', { do: action, pick: picks[action] }, {}, { settle: true })
      const next = comments.filter(({ label }) => label === 'spam').slice(50, 90)
      let caught = 0
      for (const [n, { text }] of next.entries()) {
        const fields = { text, email: `n${n}@beispiel.de` }
        const id = commentIdIn(await fresh.comment(`stueck-${n % 4}`, fields, {}, { now: inSeconds(600) }))
        if ((await fresh.comments()).find((one) => one.id === id)?.status === 'spam') caught++
      }
      expect(caught / next.length).toBeGreaterThanOrEqual(0.9)
    } finally {
      await fresh.close()
    }
  })
})
