import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Reason } from '../../src/comment/queue-store.ts'
import { AKISMET_KEY, AkismetServer } from '../support/akismet.ts'
import { Colleague } from '../support/desk.ts'
import { Dom } from '../support/dom.ts'
import { article, page, publishNewsroom, settings } from '../support/fixture.ts'
import type { Mood } from '../support/local-server.ts'
import { askedBy, COMMENT, commentIdIn, inSeconds, TestSite } from '../support/site.ts'
import { TURNSTILE_SECRET, TurnstileServer } from '../support/turnstile.ts'

let akismet: AkismetServer
let site: TestSite
let anna: Colleague
let slug: string
let number = 0

const SPAM = { name: 'akismet-guaranteed-spam' }

beforeAll(async () => {
  akismet = await AkismetServer.open()
  site = await TestSite.open({ vars: { AKISMET_KEY, TURNSTILE_SECRET } })
  await publishNewsroom(site)
  await policy()
  anna = await Colleague.open(site, 'moderator', { name: 'Anna' })
})
afterAll(() => Promise.all([site.close(), akismet.close()]))
beforeEach(async () => {
  slug = `anfrage-${++number}`
  await site.publish('articles', article(slug, { date: new Date(Date.now() - 86_400_000).toISOString() }))
  akismet.calls = []
  akismet.mood = 'as-usual'
})

/** Everything is published at once, but for what Akismet says. */
const policy = (comments: Record<string, unknown> = {}, more: Record<string, unknown> = {}) =>
  site.publish(
    'site',
    settings({ comments: { moderation: 'none', akismet: akismet.settings, ...comments }, ...more }),
  )

const rowOf = async (id: number) => (await site.comments(slug)).find((one) => one.id === id)
const outcomeOf = async (id: number) => {
  const row = await rowOf(id)
  const { reasons, told }: { reasons: Reason[]; told?: string } = JSON.parse(String(row?.verdict))
  const said = reasons.filter(({ signal }) => /^(?:akismet|turnstile)/.test(signal))
  return { status: row?.status, said: said.map(({ signal, score }) => [signal, score]), told }
}
const write = async (fields: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  commentIdIn(await site.comment(slug, fields, headers))
const decide = async (action: string, id: number) =>
  anna.post('/desk/comments/', { one: `${action} ${id}.${(await rowOf(id))?.version}` }, {}, { settle: true })

describe('a comment with Akismet on', () => {
  test('is published where Akismet finds nothing', async () => {
    expect(await outcomeOf(await write())).toEqual({ status: 'approved', said: [['akismetHam', -0.5]] })
  })

  test('waits where Akismet finds spam, however well its author is known', async () => {
    const email = 'stammgast@beispiel.de'
    for (const text of ['Eins.', 'Zwei.', 'Drei.']) await write({ email, text })
    const id = await write({ ...SPAM, email, text: 'Vier.' })
    expect(await outcomeOf(id)).toEqual({ status: 'pending', said: [['akismetSpam', 4]] })
  })

  test('is spam where something else speaks for it, too', async () => {
    const id = await write({
      ...SPAM,
      email: 'neu@beispiel.de',
      text: 'Hier klicken: https://beispiel.de/ https://beispiel.org/',
    })
    expect(await outcomeOf(id)).toMatchObject({ status: 'spam', said: [['akismetSpam', 4]] })
  })

  test('is spam where Akismet would throw it away, and is kept all the same', async () => {
    const id = await write({ name: 'akismet-discard' })
    expect(await outcomeOf(id)).toEqual({ status: 'spam', said: [['akismetDiscard', 10]] })
  })

  test('is told to Akismet without address, connection and browser', async () => {
    const email = 'sehr.geheim@privat.example'
    const headers = { 'cf-connecting-ip': '198.51.100.231', 'user-agent': 'Geheimer Browser/1' }
    await write({ email, website: 'beispiel.de' }, headers)
    await write({ email, text: 'Noch einer.' }, headers)
    await write({ text: 'Von anderswo.' })
    const [form, again, other] = akismet.asked()
    const { user_ip, comment_date_gmt, ...fields } = Object.fromEntries(form ?? [])
    expect(fields).toEqual({
      api_key: AKISMET_KEY,
      blog: `${site.url}/`,
      blog_lang: 'de',
      blog_charset: 'UTF-8',
      permalink: `${site.url}/${slug}/`,
      comment_type: 'comment',
      comment_author: COMMENT.name,
      comment_author_url: 'https://beispiel.de',
      comment_content: COMMENT.text,
    })
    expect(comment_date_gmt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    // An address of nobody's (RFC 4193): the same for the same connection, another for another.
    expect(user_ip).toMatch(/^fd[0-9a-f]{2}(?::[0-9a-f]{4}){7}$/)
    expect(again?.get('user_ip')).toBe(user_ip)
    expect(other?.get('user_ip')).not.toBe(user_ip)
    expect(String(form)).not.toMatch(/198\.51\.100|geheim/i)
  })

  test('is named by the address readers know, or as Akismet knows the site', async () => {
    await policy({}, { url: 'https://beispiel.de' })
    await write()
    await policy({ akismet: { ...akismet.settings, blog: 'https://alt.beispiel.de/blog' } })
    await write({ text: 'Zweiter.' })
    const [one, two] = akismet.asked()
    expect([one?.get('blog'), one?.get('permalink')]).toEqual([
      'https://beispiel.de/',
      `https://beispiel.de/${slug}/`,
    ])
    expect(two?.get('blog')).toBe('https://alt.beispiel.de/blog')
    await policy()
  })

  test('that is spam by itself is told to nobody', async () => {
    expect(await outcomeOf(await write({ betreff: 'ausgefüllt' }))).toEqual({ status: 'spam', said: [] })
    expect(akismet.calls).toEqual([])
  })
})

describe('where Akismet is not well, a comment is taken and waits', () => {
  test.each<[Mood, string]>([
    ['slow', 'akismetSlow'],
    ['stalls', 'akismetSlow'],
    ['down', 'akismetDown'],
    ['error', 'akismetDown'],
    ['redirect', 'akismetDown'],
    ['floods', 'akismetDown'],
    ['nonsense', 'akismetOdd'],
  ])('%s', async (mood, signal) => {
    akismet.mood = mood
    const began = performance.now()
    expect(await outcomeOf(await write())).toEqual({ status: 'pending', said: [[signal, 0]] })
    expect(performance.now() - began).toBeLessThan(4000)
    expect(akismet.calls.map(({ method }) => method)).toEqual(['comment-check'])
    expect(site.logs.at(-1)).toMatch(/akismet-not-asked/)
    expect(site.logs.join()).not.toContain(AKISMET_KEY)
  })

  test('the key is missing or wrong: the site goes on, and the desk names it', async () => {
    for (const vars of [{}, { AKISMET_KEY: 'falsch' }]) {
      const other = await TestSite.open({ vars })
      try {
        await publishNewsroom(other, article('artikel'))
        await other.publish('site', settings({ comments: { moderation: 'none', akismet: akismet.settings } }))
        await other.comment('artikel')
        const bodo = await Colleague.open(other, 'moderator', { name: 'Bodo' })
        expect((await other.comments('artikel'))[0]).toMatchObject({ status: 'pending' })
        expect(await bodo.page('/desk/comments/')).toContain('AKISMET_KEY fehlt oder stimmt nicht (0)')
      } finally {
        await other.close()
      }
    }
  })

  test('together with Turnstile it takes two seconds, not four', async () => {
    const turnstile = await TurnstileServer.open()
    await policy({ turnstile: turnstile.settings })
    akismet.mood = 'slow'
    turnstile.mood = 'slow'
    const began = performance.now()
    const id = await write({ 'cf-turnstile-response': turnstile.issue() })
    expect(performance.now() - began).toBeLessThan(3500)
    expect(await outcomeOf(id)).toEqual({
      status: 'pending',
      said: [
        ['turnstileSlow', 0],
        ['akismetSlow', 0],
      ],
    })
    await turnstile.close()
    await policy()
  })
})

describe('nobody is asked', () => {
  test('about a preview, a mistake, or an article that takes no comments', async () => {
    await site.comment(slug, { absicht: 'vorschau' })
    await site.comment(slug, { email: 'keine' })
    await site.publish('articles', article(slug, { comments: 'closed' }))
    expect((await site.comment(slug)).status).toBe(403)
    expect((await site.comment('gibt-es-nicht')).status).toBe(404)
    await site.page(`/${slug}/`)
    expect(akismet.calls).toEqual([])
  })
})

describe('what its author changes', () => {
  test('is asked about as changed, with what belongs to it', async () => {
    const headers = { 'cf-connecting-ip': '198.51.100.77' }
    const response = await site.comment(slug, { website: 'beispiel.de' }, headers)
    const key = /kommentar=([\w.-]+)/.exec(response.headers.get('location') ?? '')?.[1]
    const change = async (fields: Record<string, string>, instruments = {}) =>
      site.fetch(
        `/${slug}/comments/${key}`,
        {
          method: 'POST',
          body: new URLSearchParams({ token: await site.token(slug), ...fields }),
          headers: { origin: site.url },
        },
        instruments,
      )
    await change({ text: 'Wie sieht das aus?', absicht: 'vorschau' })
    await change({ text: 'Geändert.' })
    await change({ text: 'Zu spät.' }, { now: inSeconds(16 * 60) })
    const [first, second, ...more] = akismet.asked().map((form) => Object.fromEntries(form))
    expect(more).toEqual([])
    expect(second).toEqual({ ...first, comment_content: 'Geändert.', recheck_reason: 'edit' })
    akismet.mood = 'down'
    await change({ text: 'Noch einmal geändert.' })
    const id = commentIdIn(response)
    expect(await outcomeOf(id)).toEqual({ status: 'pending', said: [['akismetDown', 0]] })
    expect(await rowOf(id)).toMatchObject({ text: 'Noch einmal geändert.' })
  })
})

describe('what the newsroom decides otherwise', () => {
  test('is told to Akismet once, with the number it gave; what it had right is not', async () => {
    const missed = await write({ text: 'Übersehen.' })
    const fine = await write({ text: 'In Ordnung.' })
    const [asked] = akismet.asked()
    await decide('spam', missed)
    await decide('trash', fine)
    await decide('approve', fine)
    const [told, ...more] = akismet.asked('submit-spam').map((form) => Object.fromEntries(form))
    expect(more).toEqual([])
    const guid = JSON.parse(String((await rowOf(missed))?.verdict)).reasons.at(-1).values[0]
    expect(guid).toMatch(/^[0-9a-f]{32}$/)
    expect(told).toEqual({ ...Object.fromEntries(asked ?? []), guid })
    expect(akismet.asked('submit-ham')).toEqual([])
    await decide('trash', missed)
    await decide('spam', missed)
    expect(akismet.asked('submit-spam')).toHaveLength(1)
  })

  test('is taken back, and Akismet is told that, too', async () => {
    const id = await write({ text: 'Hin und her.' })
    const decided = await decide('spam', id)
    const audit = new URL(decided.headers.get('location') ?? '', site.url).searchParams.get('audit') ?? ''
    await anna.post('/desk/comments/undo/', { audit }, {}, { settle: true })
    expect(akismet.calls.slice(1).map(({ method }) => method)).toEqual(['submit-spam', 'submit-ham'])
  })

  test('also from the command line, where Akismet took a comment for spam', async () => {
    const id = await write({ ...SPAM, text: 'Kein Spam.' })
    await site.api('POST', `comments/${id}`, { status: 'approved' }, undefined, { settle: true })
    expect(akismet.asked('submit-ham').map((form) => form.get('comment_content'))).toEqual(['Kein Spam.'])
  })

  test('of many at once, as many as a request may tell of', async () => {
    const ids: number[] = []
    for (let n = 0; n < 25; n++) ids.push(await write({ text: `Nummer ${n}.`, email: `n${n}@beispiel.de` }))
    await anna.post('/desk/comments/', { do: 'spam', pick: ids.map((id) => `${id}.1`) }, {}, { settle: true })
    expect(akismet.asked('submit-spam')).toHaveLength(20)
  })

  test('holds although Akismet can’t be told, and is told with the next decision', async () => {
    const id = await write({ text: 'Später.' })
    for (const mood of ['slow', 'down'] as const) {
      akismet.mood = mood
      const began = performance.now()
      expect((await decide('spam', id)).status).toBe(303)
      expect(performance.now() - began).toBeLessThan(4000)
      expect(await rowOf(id)).toMatchObject({ status: 'spam' })
      expect(site.logs.join()).toContain('akismet-not-corrected')
      await decide('restore', id)
    }
    akismet.mood = 'as-usual'
    akismet.calls = []
    await decide('spam', id)
    expect(akismet.asked('submit-spam')).toHaveLength(1)
    expect(await outcomeOf(id)).toMatchObject({ told: 'spam' })
  })

  test('is not told where Akismet never said anything about it', async () => {
    akismet.mood = 'down'
    const id = await write({ text: 'Ohne Antwort.' })
    akismet.mood = 'as-usual'
    akismet.calls = []
    await decide('spam', id)
    expect(akismet.calls).toEqual([])
  })

  test('does not make anybody wait', async () => {
    const id = await write({ text: 'Sofort.' })
    akismet.mood = 'slow'
    const began = performance.now()
    await anna.post('/desk/comments/', { one: `spam ${id}.1` })
    expect(performance.now() - began).toBeLessThan(1900)
  })
})

describe('it is said', () => {
  test('in the forms, before anything is typed', async () => {
    const said = 'Um Spam zu erkennen, fragen wir Akismet (127.0.0.1).'
    expect(new Dom(await site.page(`/${slug}/`)).text('.comment-form')).toContain(said)
    const own = (await site.comment(slug)).headers.get('location')?.replace(/#.*/, '&aendern=1') ?? ''
    expect(new Dom(await site.page(own)).text('.comment-form')).toContain(said)
  })

  test('on the privacy page, while it is on', async () => {
    const file = new URL('../../content/pages/datenschutz.md', import.meta.url)
    const [, , body = ''] = readFileSync(file, 'utf8').split(/^---$/m)
    const read = async () => new Dom(await site.page('/datenschutz/')).text('.body')
    await site.publish('pages', page('datenschutz', 'Datenschutz', body))
    const on = await read()
    expect(on).toContain('Außerdem fragen wir Akismet (127.0.0.1)')
    expect(on).toContain('Empfänger ist außerdem der Betreiber von Akismet (127.0.0.1).')
    expect(on).not.toContain('Kein Text wird dafür an andere geschickt.')
    await site.publish('site', settings())
    const off = await read()
    expect(off).toContain('Kein Text wird dafür an andere geschickt.')
    expect(off).not.toMatch(/Akismet|\[\[/)
    await policy()
  })
})

describe('settings', () => {
  test.each([
    [{ key: 'geheim' }, 'key'],
    [{ endpoint: 'http://beispiel.de/1.1/' }, 'https://'],
    [{ blog: 'beispiel.de' }, 'https://'],
  ])('%j are refused', async (one, said) => {
    const { frontMatter } = settings({ comments: { akismet: one } })
    const response = await site.api('PUT', 'site/site', { frontMatter })
    expect(response.status).toBe(422)
    expect(await response.text()).toContain(said)
  })

  test('need nothing: the key is a secret, the rest is known', async () => {
    await site.publish('site', settings({ comments: { akismet: {} } }))
    expect(await site.page(`/${slug}/`)).toContain('fragen wir Akismet (rest.akismet.com)')
    await policy()
  })
})

describe('with a key, but without the setting', () => {
  test('nothing leaves the site', async () => {
    const quiet = await TestSite.open({ vars: { AKISMET_KEY, TURNSTILE_SECRET } })
    try {
      await publishNewsroom(quiet, article('artikel'))
      const id = commentIdIn(await quiet.comment('artikel', { 'cf-turnstile-response': 'irgendwas' }))
      await quiet.api('POST', `comments/${id}`, { status: 'spam' }, undefined, { settle: true })
      expect(askedBy(await quiet.fetch('/artikel/'))).toEqual([])
    } finally {
      await quiet.close()
    }
  })
})
