import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Colleague } from '../support/desk.ts'
import { Dom } from '../support/dom.ts'
import { article, publishNewsroom } from '../support/fixture.ts'
import { commentIdIn, inSeconds, TestSite } from '../support/site.ts'

let site: TestSite
let anna: Colleague
let bodo: Colleague
let slug: string
let number = 0

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site)
  anna = await Colleague.open(site, 'moderator', { name: 'Anna' })
  bodo = await Colleague.open(site, 'editor', { name: 'Bodo' })
})
afterAll(() => site.close())
beforeEach(async () => {
  slug = `meldung-${++number}`
  await site.publish('articles', article(slug))
})

const write = async (text: string, fields: Record<string, string> = {}) =>
  commentIdIn(await site.comment(slug, { text, ...fields }))
const row = async (id: number) => (await site.comments()).find((one) => one.id === id)
const pick = async (id: number) => `${id}.${(await row(id))?.version}`
const status = async (id: number) => (await row(id))?.status
const queue = async (query = '') => new Dom(await anna.page(`/desk/comments/${query}`))
const texts = (page: Dom) => page.texts('.desk-queue .comment-text')
const inArticle = () => `?artikel=${slug}`

/** Follows the answer to a form to the page it leads to. */
const follow = async (response: Response, who = anna) => {
  expect(response.status).toBe(303)
  return new Dom(await who.page(response.headers.get('location') ?? ''))
}

const counts = async () => {
  const page = await queue()
  return Object.fromEntries(
    page
      .all('.desk-tabs [data-status]')
      .map(({ properties }) => [
        properties.dataStatus,
        Number(page.text(`[data-status=${String(properties.dataStatus)}] span`).replace('.', '')),
      ]),
  )
}

describe('the queue', () => {
  test('shows what waits, the oldest first, with text, article, what is answered and who writes', async () => {
    const parent = await site.approvedComment(slug, { text: 'Die Frage.', name: 'Frager' })
    await write('Erster *Kommentar*.', { name: 'Cem', parent: String(parent) })
    await write('Zweiter.', { name: 'Dora', email: 'dora@beispiel.de' })
    const page = await queue(inArticle())
    expect(texts(page)).toEqual(['Erster Kommentar.', 'Zweiter.'])
    expect(page.text('.desk-queue li:first-child em')).toBe('Kommentar')
    expect(page.text('.desk-queue li:first-child blockquote')).toBe('Frager: Die Frage.')
    expect(page.texts('.desk-queue bdi a')).toEqual(['Cem', 'Dora'])
    expect(page.text('.desk-queue')).toContain(`Artikel ${slug}`)
    expect(page.html).not.toContain('dora@beispiel.de')
  })

  test('knows a person by what they wrote before', async () => {
    const email = `${slug}@beispiel.de`
    await site.approvedComment(slug, { email, text: 'Eins.' })
    await site.approvedComment(slug, { email, text: 'Zwei.' })
    const spam = await write('Kauft!', { email })
    await anna.post('/desk/comments/', { one: `spam ${await pick(spam)}` })
    await write('Drei.', { email })
    expect((await queue(inArticle())).text('.desk-queue li > .hint')).toContain(
      '2 veröffentlichte Kommentare, 1 Spam',
    )
  })

  test('goes on page by page, and every comment is on one of them', async () => {
    const ids: number[] = []
    for (let n = 0; n < 45; n++) ids.push(await write(`Nummer ${n}.`))
    const seen: string[] = []
    let next: string | null | undefined = `/desk/comments/${inArticle()}`
    while (next) {
      const page: Dom = new Dom(await anna.page(next))
      seen.push(...texts(page))
      next = page.has('[rel=next]') ? page.attribute('[rel=next]', 'href') : null
    }
    expect(seen).toEqual(ids.map((_, n) => `Nummer ${n}.`))
  })

  test('finds words of text and name, an address, a person, a connection', async () => {
    await write('Über Rückenwind und 100 % Zustimmung.', {
      name: 'Frau Holle',
      email: `holle-${slug}@beispiel.de`,
    })
    await write('Etwas anderes.', { name: 'Goldmarie' })
    const found = async (q: string) => texts(await queue(`${inArticle()}&q=${encodeURIComponent(q)}`))
    for (const q of ['rückenwind', '100 %', 'Holle', `HOLLE-${slug}@beispiel.de`])
      expect(await found(q), q).toEqual(['Über Rückenwind und 100 % Zustimmung.'])
    expect(await found('gibt es nicht')).toEqual([])
    expect(await found('_____________________________________________')).toEqual([])
    const [holle] = (await site.comments(slug)).filter(({ name }) => name === 'Frau Holle')
    expect(texts(await queue(`?person=${String(holle?.email_hash)}`))).toHaveLength(1)
    expect(texts(await queue(`?anschluss=${String(holle?.ip_hash)}`))).toHaveLength(1)
  })

  test('says in a friendly way that there is nothing', async () => {
    const empty = await TestSite.open()
    try {
      await publishNewsroom(empty)
      const one = await Colleague.open(empty, 'moderator')
      for (const [query, words] of [
        ['', 'Alles erledigt.'],
        ['?status=approved', 'Noch ist kein Kommentar'],
        ['?status=spam', 'Kein Spam.'],
        ['?status=trash', 'Der Papierkorb ist leer.'],
        ['?q=nichts', 'Dazu ist nichts da.'],
      ])
        expect(await one.page(`/desk/comments/${query}`)).toContain(words)
    } finally {
      await empty.close()
    }
  })

  test('counts each state without counting rows, and the counts are right after any change', async () => {
    const before = await counts()
    const [one, two, three] = [await write('1'), await write('2'), await write('3')]
    await anna.post('/desk/comments/', { one: `approve ${await pick(one)}` })
    await anna.post('/desk/comments/', { one: `spam ${await pick(two)}` })
    await anna.post('/desk/comments/', { one: `trash ${await pick(three)}` })
    const after = await counts()
    expect(after).toMatchObject({
      pending: before.pending,
      approved: (before.approved ?? 0) + 1,
      spam: (before.spam ?? 0) + 1,
      trash: (before.trash ?? 0) + 1,
    })
    const { results } = await site.env.DB.prepare(
      `SELECT q.status, q.n, (SELECT count(*) FROM comment c WHERE c.status = q.status) AS counted FROM queue_count q`,
    ).all<{ n: number; counted: number }>()
    for (const { n, counted } of results) expect(n).toBe(counted)
  })
})

describe('a decision', () => {
  test.each([
    ['approve', 'approved', '1 Kommentar freigegeben.'],
    ['spam', 'spam', '1 Kommentar als Spam verworfen.'],
    ['trash', 'trash', '1 Kommentar in den Papierkorb gelegt.'],
  ])('%s is said, is logged, shows at once, and can be taken back', async (action, to, said) => {
    const id = await write(`Zu entscheiden: ${action}.`)
    const page = await follow(
      await anna.post('/desk/comments/', { one: `${action} ${await pick(id)}`, filter: `artikel=${slug}` }),
    )
    expect(page.text('.desk-done [role=status]')).toBe(said)
    expect(await status(id)).toBe(to)
    expect((await site.page(`/${slug}/`)).includes(`Zu entscheiden: ${action}.`)).toBe(action === 'approve')
    const audit = page.value('audit')
    const undone = await follow(await anna.post('/desk/comments/undo/', { audit }))
    expect(undone.text('.desk-done [role=status]')).toBe('Rückgängig gemacht: 1 Kommentar.')
    expect(await status(id)).toBe('pending')
    expect(await site.page(`/${slug}/`)).not.toContain(`Zu entscheiden: ${action}.`)
    // Taken back once: the second click does nothing.
    expect(
      (await follow(await anna.post('/desk/comments/undo/', { audit }))).text('.desk-done [role=status]'),
    ).toBe('Es ist nichts geändert.')
    const log = new Dom(await bodo.page('/desk/audit/'))
    expect(log.texts('tbody tr').slice(0, 2).join()).toMatch(/Anna\s*rückgängig gemacht \(1\).*Anna/)
  })

  test('about many is one transaction, and is taken back as one', async () => {
    const ids = [await write('1'), await write('2'), await write('3')]
    const response = await anna.post('/desk/comments/', {
      do: 'spam',
      pick: await Promise.all(ids.map(pick)),
    })
    const page = await follow(response)
    expect(page.text('.desk-done [role=status]')).toBe('3 Kommentare als Spam verworfen.')
    for (const id of ids) expect(await status(id)).toBe('spam')
    await anna.post('/desk/comments/undo/', { audit: page.value('audit') })
    for (const id of ids) expect(await status(id)).toBe('pending')
  })

  test('about all of a filter leaves the others alone', async () => {
    for (let n = 0; n < 25; n++) await write(`Billige Uhren ${n}`)
    const other = await write('Ein guter Kommentar.')
    const response = await anna.post('/desk/comments/', {
      do: 'spam',
      alle: '1',
      filter: `artikel=${slug}&q=Billige Uhren`,
    })
    expect((await follow(response)).text('.desk-done [role=status]')).toBe(
      '25 Kommentare als Spam verworfen.',
    )
    expect(await status(other)).toBe('pending')
    expect(texts(await queue(inArticle()))).toEqual(['Ein guter Kommentar.'])
  })

  test('does nothing about what somebody else decided meanwhile, and says what they did', async () => {
    const [one, two] = [await write('Eins.'), await write('Zwei.')]
    const seen = [await pick(one), await pick(two)]
    await bodo.post('/desk/comments/', { one: `approve ${seen[0]}` })
    const page = await follow(await anna.post('/desk/comments/', { do: 'trash', pick: seen }))
    expect(page.text('.desk-done [role=status]')).toMatch(
      new RegExp(
        `1 Kommentar in den Papierkorb gelegt\\.\\s*Kommentar ${one}: Bodo hat ihn inzwischen freigegeben`,
      ),
    )
    expect([await status(one), await status(two)]).toEqual(['approved', 'trash'])
  })

  test('is not taken back over what somebody did since', async () => {
    const id = await write('Hin und her.')
    const page = await follow(await anna.post('/desk/comments/', { one: `trash ${await pick(id)}` }))
    await bodo.post('/desk/comments/', { one: `approve ${await pick(id)}` })
    const undone = await follow(await anna.post('/desk/comments/undo/', { audit: page.value('audit') }))
    expect(undone.text('.desk-done [role=status]')).toMatch(
      /Es ist nichts geändert\.\s*Kommentar \d+: Bodo hat ihn inzwischen freigegeben/,
    )
    expect(await status(id)).toBe('approved')
  })

  test('by two at the same moment is one of the two, and the other is told', async () => {
    const id = await write('Gleichzeitig.')
    const seen = await pick(id)
    const answers = await Promise.all([
      anna.post('/desk/comments/', { one: `spam ${seen}` }, { accept: 'application/json' }),
      bodo.post('/desk/comments/', { one: `approve ${seen}` }, { accept: 'application/json' }),
    ])
    const outcomes = await Promise.all(
      answers.map((answer) => answer.json<{ changed: number[]; overtaken: { said: string }[] }>()),
    )
    expect(outcomes.flatMap(({ changed }) => changed)).toEqual([id])
    expect(outcomes.flatMap(({ overtaken }) => overtaken)).toHaveLength(1)
  })

  test('that means nothing changes nothing', async () => {
    const id = await write('Bleibt.')
    const seen = await pick(id)
    for (const fields of [
      {},
      { one: 'approve' },
      { one: `approve ${id}` },
      { one: `delete ${seen}` },
      { one: `toString ${seen}` },
      { do: 'approve', pick: ['x', '1', '-1.1', `${id}.99`] },
      { do: 'approve' },
    ])
      expect((await anna.post('/desk/comments/', fields)).status, JSON.stringify(fields)).toBe(303)
    expect(await status(id)).toBe('pending')
  })

  test('that cannot be stored is not acknowledged', async () => {
    const id = await write('Ohne Speicher.')
    const response = await anna.post(
      '/desk/comments/',
      { one: `approve ${await pick(id)}` },
      {},
      { down: ['d1-write'] },
    )
    expect(response.status).toBeGreaterThanOrEqual(500)
    expect(await status(id)).toBe('pending')
  })
})

describe('one comment', () => {
  const change = (id: number, fields: Record<string, string>, who = anna) =>
    who.post(`/desk/comments/${id}/`, fields)
  const publicPage = async () => new Dom(await site.page(`/${slug}/`))
  /** Since when the desk has closed the comments of the article; null where it has not. */
  const stoppedAt = () =>
    site.env.DB.prepare('SELECT comments_stopped_at AS at FROM article WHERE slug = ?1')
      .bind(slug)
      .first<string>('at')
  const goOn = async (id: number) => {
    const page = new Dom(await anna.page(`/desk/comments/${id}/`))
    return change(id, { do: 'go-on', stoppedAt: page.value('stoppedAt') })
  }

  test('is answered in the name of the newsroom, with a badge', async () => {
    const id = await site.approvedComment(slug, { text: 'Eine Frage.' })
    const page = await follow(await change(id, { do: 'reply', text: 'Die **Antwort**.' }))
    expect(page.text('[role=status]')).toBe('Die Antwort ist veröffentlicht.')
    const shown = await publicPage()
    expect(shown.text('.comment-list details .comment-head')).toMatch(/Anna.*Redaktion/)
    expect(shown.text('.comment-list details strong')).toBe('Antwort')
    expect(shown.texts('.badge')).toEqual(['Redaktion'])
  })

  test('is shortened with a reason; the original is kept and comes back', async () => {
    const id = await site.approvedComment(slug, { text: 'Gut. Aber Sie sind ein Esel.' })
    const seen = {
      do: 'shorten',
      version: String((await row(id))?.version),
      text: 'Gut.',
      reason: 'Beleidigung',
    }
    await change(id, seen)
    const shown = await publicPage()
    expect(shown.text(`#kommentar-${id} .comment-text`)).toBe('Gut.')
    expect(shown.text(`#kommentar-${id} .shortened`)).toBe('Von der Redaktion gekürzt: Beleidigung')
    expect(await row(id)).toMatchObject({ original: 'Gut. Aber Sie sind ein Esel.' })
    // Whoever still sees the version before overwrites nothing.
    const late = await follow(await change(id, { ...seen, text: 'Anders.' }, bodo), bodo)
    expect(late.text('[role=alert]')).toContain('nicht mehr so, wie Sie ihn gesehen haben')
    await change(id, { do: 'original' })
    expect(await row(id)).toMatchObject({
      text: 'Gut. Aber Sie sind ein Esel.',
      original: null,
      shortened: null,
    })
  })

  test('is recommended on top and stays in its place', async () => {
    await site.approvedComment(slug, { text: 'Erster.' })
    const id = await site.approvedComment(slug, { text: 'Der beste.' })
    await change(id, { do: 'pin' })
    const shown = await publicPage()
    expect(shown.text('.pinned h3')).toBe('Empfehlung der Redaktion')
    expect(shown.text('.pinned .comment-text')).toBe('Der beste.')
    expect(shown.texts('.comment-list .comment-text')).toEqual(['Erster.', 'Der beste.'])
    expect(shown.all(`#kommentar-${id}`)).toHaveLength(1)
    await change(id, { do: 'unpin' })
    expect((await publicPage()).has('.pinned')).toBe(false)
  })

  test('is no longer recommended or shortened when its author changes it', async () => {
    const response = await site.comment(slug, { text: 'Empfehlenswert.' })
    const id = commentIdIn(response)
    await site.api('POST', `comments/${id}`, { status: 'approved' })
    await change(id, { do: 'pin' })
    const key = /kommentar=([\w.-]+)/.exec(response.headers.get('location') ?? '')?.[1]
    const body = new URLSearchParams({ token: await site.token(slug), text: 'Nun ganz anders.' })
    await site.fetch(`/${slug}/comments/${key}`, { method: 'POST', body, headers: { origin: site.url } })
    expect(await row(id)).toMatchObject({
      text: 'Nun ganz anders.',
      status: 'pending',
      pinned_at: null,
      shortened: null,
    })
  })

  test('closes the comments of its article, and opens them again', async () => {
    const id = await site.approvedComment(slug, { text: 'Der letzte.' })
    await change(id, { do: 'stop' })
    expect((await publicPage()).text('.closed')).toContain(
      'Die Redaktion hat die Kommentare zu diesem Artikel am',
    )
    expect((await publicPage()).has('.comment-form')).toBe(false)
    expect((await site.comment(slug, { text: 'Zu spät.' })).status).toBe(403)
    await site.publish('articles', article(slug, { title: 'Neu' })) // a publish does not open them
    expect((await site.comment(slug, { text: 'Zu spät.' })).status).toBe(403)
    await goOn(id)
    expect((await site.comment(slug, { text: 'Wieder offen.' })).status).toBe(303)
  })

  test('offers to close the comments of its article, or to open them: what can be done, and not the other', async () => {
    const offered = async (id: number) =>
      new Dom(await anna.page(`/desk/comments/${id}/`))
        .attributes('button[name=do]', 'value')
        .filter((value) => value === 'stop' || value === 'go-on')
    const id = await site.approvedComment(slug, { text: 'Einer.' })
    expect(await offered(id)).toEqual(['stop'])
    await change(id, { do: 'stop' })
    expect(await offered(id)).toEqual(['go-on'])
    await goOn(id)
    expect(await offered(id)).toEqual(['stop'])
    // What the author closed, only the author opens.
    for (const comments of ['closed', 'none']) {
      await site.publish('articles', article(slug, { comments }))
      expect(await offered(id), comments).toEqual([])
    }
  })

  describe('from a form that was opened before somebody else closed or opened the comments', () => {
    const later = (id: number, fields: Record<string, string>, seconds = 3600) =>
      anna.post(`/desk/comments/${id}/`, fields, {}, { now: inSeconds(seconds) })
    const said = async (response: Response) => (await follow(response)).text('[role=status], [role=alert]')
    const CLOSED_ALREADY =
      'Die Kommentare zum Artikel sind schon geschlossen. Es ist nichts geändert, auch das Datum nicht.'

    test('what is closed at the desk keeps its date', async () => {
      const id = await site.approvedComment(slug, { text: 'Schon geschlossen.' })
      await change(id, { do: 'stop' })
      const since = await stoppedAt()
      expect(since).not.toBeNull()
      const answer = await follow(await later(id, { do: 'stop' }))
      expect(answer.text('[role=status], [role=alert]')).toBe(CLOSED_ALREADY)
      expect(answer.text('.desk-facts')).toContain('Kommentare geschlossen seit')
      expect(answer.attributes('.desk-facts time', 'datetime')).toContain(since)
      expect(await stoppedAt()).toBe(since)
    })

    test('what the article has closed is not closed again from now on', async () => {
      const id = await site.approvedComment(slug, { text: 'Im Artikel geschlossen.' })
      await site.publish('articles', article(slug, { comments: 'closed' }))
      const before = (await publicPage()).text('.closed')
      expect(await said(await later(id, { do: 'stop' }))).toBe(CLOSED_ALREADY)
      expect(await stoppedAt()).toBeNull()
      expect((await publicPage()).text('.closed')).toBe(before)
    })

    test('what was opened and closed anew stays closed, since then', async () => {
      const id = await site.approvedComment(slug, { text: 'Neu geschlossen.' })
      await change(id, { do: 'stop' })
      const first = (await stoppedAt()) ?? ''
      await goOn(id)
      await later(id, { do: 'stop' })
      const since = await stoppedAt()
      expect(since).not.toBe(first)
      expect(await said(await later(id, { do: 'go-on', stoppedAt: first }, 3700))).toBe(
        'Die Kommentare zum Artikel hat inzwischen jemand geöffnet oder neu geschlossen. Es ist nichts geändert.',
      )
      expect(await stoppedAt()).toBe(since)
    })
  })

  test('is deleted for good by who may, and nothing brings it back', async () => {
    const id = await write('Weg damit.')
    expect((await anna.post(`/desk/comments/${id}/delete/`)).status).toBe(403)
    expect((await bodo.post(`/desk/comments/${id}/delete/`)).status).toBe(303)
    expect(await row(id)).toBeUndefined()
    expect((await bodo.get(`/desk/comments/${id}/`)).status).toBe(404)
  })

  test('refuses what is no text or no reason', async () => {
    const id = await site.approvedComment(slug, { text: 'Bleibt.' })
    const version = String((await row(id))?.version)
    for (const fields of [
      { do: 'reply', text: ' ' },
      { do: 'shorten', version, text: '', reason: 'x' },
      { do: 'shorten', version, text: 'x', reason: '' },
      { do: 'constructor' },
    ]) {
      const page = await follow(await change(id, fields))
      expect(page.has('[role=alert]'), JSON.stringify(fields)).toBe(true)
    }
    expect(await row(id)).toMatchObject({ text: 'Bleibt.' })
  })
})

describe('nobody takes the name of the newsroom', () => {
  test.each(['Redaktion', 'Die Rеdaktion', 'MedienWirtschaft'])('not as %s', async (name) => {
    const response = await site.comment(slug, { name })
    expect(response.status).toBe(422)
    expect(new Dom(await response.text()).text('#feld-name-fehler')).toContain(
      'Diesen Namen benutzt hier die Redaktion',
    )
  })

  test('nor that of somebody who works there, also in letters that look alike', async () => {
    await site.api('POST', 'desk/people', {
      email: 'clara@redaktion.example',
      role: 'editor',
      name: 'Clara Vogt',
    })
    for (const name of ['Clara Vogt', 'CLARA VOGT', 'Сlаrа Vоgt'])
      expect((await site.comment(slug, { name })).status, name).toBe(422)
    expect((await site.comment(slug, { name: 'Clara Vogtmann' })).status).toBe(303)
  })
})
