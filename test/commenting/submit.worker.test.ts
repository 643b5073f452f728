import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatComment } from '../../src/comment/format.ts'
import { Dom } from '../support/dom.ts'
import { article, publishNewsroom, settings } from '../support/fixture.ts'
import { COMMENT, commentIdIn, costOf, inSeconds, TestSite } from '../support/site.ts'

let site: TestSite

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(
    site,
    article('artikel'),
    article('fehler'),
    article('faelle'),
    article('vorschau'),
    article('gestaltet'),
    article('politik'),
    article('antworten'),
    article('geschlossen', { comments: 'closed' }),
    article('stumm', { comments: 'none' }),
    article('geplant', { date: inSeconds(86_400) }),
    article('entwurf', { status: 'draft' }),
  )
})
afterAll(() => site.close())

const moderate = (moderation: string) => site.publish('site', settings({ comments: { moderation } }))

describe('a comment that fits', () => {
  test('is in D1 when the reader is sent back to it', async () => {
    const response = await site.comment('artikel', { website: 'https://beispiel.de/blog' })
    expect(response.status).toBe(303)
    const [stored] = await site.comments('artikel')
    expect(response.headers.get('location')).toMatch(
      new RegExp(`^/artikel/\\?kommentar=${stored?.id}\\.[\\w-]{22}#kommentar-${stored?.id}$`),
    )
    expect(stored).toMatchObject({
      article: 'artikel',
      parent: null,
      name: COMMENT.name,
      website: 'https://beispiel.de/blog',
      text: COMMENT.text,
      status: 'pending',
    })
    expect(Date.now() - Date.parse(String(stored?.created_at))).toBeLessThan(60_000)
  })

  test('costs one round trip to D1', async () => {
    const response = await site.comment('artikel', { text: 'Was kostet das?' })
    expect(costOf(response)).toMatchObject({ kv: 0, d1: 1 })
  })

  test('may be long and strange, as long as it is text', async () => {
    const text = `${'🙂'.repeat(2000)}\n\n\tZeile „zwei“ – <b>`
    const response = await site.comment('artikel', { name: '李'.repeat(80), text })
    expect(response.status).toBe(303)
    expect((await site.comments('artikel')).at(-1)).toMatchObject({
      name: '李'.repeat(80),
      text: text.trim(),
    })
  })

  test('is taken as multipart, too', async () => {
    const form = new FormData()
    const fields = { ...COMMENT, text: 'Als multipart.', token: await site.token('artikel'), betreff: '' }
    for (const [name, value] of Object.entries(fields)) form.append(name, value)
    const response = await site.fetch('/artikel/comments', { method: 'POST', body: form })
    expect(response.status).toBe(303)
  })
})

describe('a comment that is marked up', () => {
  const text = '> So steht es da.\n\nDas sehe ich **anders**: https://beispiel.de/'

  test('is rendered once, when it is stored, and kept beside what was typed', async () => {
    const id = await site.approvedComment('gestaltet', { text })
    const [stored] = await site.comments('gestaltet')
    expect(stored).toMatchObject({ id, text, html: formatComment(text) })
    const page = new Dom(await site.page('/gestaltet/', { now: inSeconds(120) }))
    expect(page.text('.comment-text blockquote')).toBe('So steht es da.')
    expect(page.text('.comment-text strong')).toBe('anders')
    expect(page.attribute('.comment-text a', 'rel')).toBe('ugc nofollow noopener')
  })

  test('is shown also where it was stored before there was anything but what was typed', async () => {
    await site.env.DB.prepare("UPDATE comment SET html = '' WHERE article = 'gestaltet'").run()
    const page = new Dom(await site.page('/gestaltet/', { now: inSeconds(240) }))
    expect(page.text('.comment-text strong')).toBe('anders')
    expect(await site.page('/gestaltet/feed/', { now: inSeconds(240) })).toContain('strong')
  })
})

describe('a comment that is only to be looked at', () => {
  const preview = (fields: Record<string, string> = {}, instruments = {}) =>
    site.comment('vorschau', { absicht: 'vorschau', ...fields }, {}, instruments)

  test('comes back as it would be shown, with everything typed, and is not stored', async () => {
    const response = await preview({ text: 'Ganz *sicher* <b>nicht</b>.', website: 'beispiel.de' })
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toContain('no-store')
    const page = new Dom(await response.text())
    expect(page.text('title')).toMatch(/^Vorschau: /)
    expect(page.has('.comment-form [role=status][autofocus]')).toBe(true)
    expect(page.text('.comment-form .comment-text em')).toBe('sicher')
    expect(page.text('.comment-form .comment-text')).toBe('Ganz sicher <b>nicht</b>.')
    expect(page.has('[role=alert]')).toBe(false)
    expect(page.text('textarea').trim()).toBe('Ganz *sicher* <b>nicht</b>.')
    expect(page.attribute('[name=website]', 'value')).toBe('beispiel.de')
    expect(await site.comments('vorschau')).toEqual([])
  })

  test('can be sent with the token that came back', async () => {
    const page = new Dom(await (await preview()).text())
    const token = page.attribute('[name=token]', 'value') ?? ''
    expect((await site.comment('vorschau', { token })).status).toBe(303)
  })

  test('says what is wrong with it', async () => {
    const response = await preview({ email: 'keine' })
    expect(response.status).toBe(422)
    expect(new Dom(await response.text()).has('[role=alert]')).toBe(true)
  })

  test('may be looked at at once and often, also while nothing can be stored', async () => {
    const token = await site.token('vorschau', 0)
    for (let n = 0; n < 8; n++) {
      const headers = { 'cf-connecting-ip': '10.99.99.99' }
      expect((await site.comment('vorschau', { absicht: 'vorschau', token }, headers)).status).toBe(200)
    }
    expect((await preview({}, { down: ['d1-write'] })).status).toBe(200)
  })
})

describe('a comment that is held', () => {
  let own: string
  beforeAll(async () => {
    own = (await site.comment('artikel', { text: 'Nur für mich.' })).headers.get('location') ?? ''
  })

  test('is seen by who wrote it, marked as waiting', async () => {
    const page = new Dom(await site.page(own))
    const entry = own.slice(own.indexOf('#'))
    expect(page.text(`${entry} .comment-text`)).toBe('Nur für mich.')
    expect(page.text(`${entry} .waiting`)).toBe('wartet auf Freigabe')
    expect(page.text(`${entry} .own-note`)).toContain('wartet auf die Freigabe durch die Redaktion')
    expect(page.attribute(`${entry} .own-note`, 'role')).toBe('status')
  })

  test('is on a page that nobody keeps, without a cookie', async () => {
    const response = await site.fetch(own)
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(response.headers.get('cdn-cache-control')).toBeNull()
    expect(response.headers.getSetCookie()).toEqual([])
    expect(costOf(await site.fetch(own)).d1).toBe(1)
  })

  test('is seen by nobody else', async () => {
    for (const path of [
      '/artikel/',
      '/artikel/?ab=1',
      '/artikel/?kommentare=neueste',
      '/artikel/?zu=1',
      '/artikel/?antwort=1',
      '/',
      '/feed/',
    ]) {
      expect(await site.page(path), path).not.toContain('Nur für mich.')
    }
    expect(new Dom(await site.page('/artikel/')).text('#kommentare-titel')).toBe('Kommentare')
  })

  test('is not seen by an address with a wrong or missing signature, or of another article', async () => {
    const [, id = '', hash = ''] = /kommentar=(\d+)\.([\w-]+)/.exec(own) ?? []
    const flipped = hash.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))
    const forged = [
      `/artikel/?kommentar=${id}`,
      `/artikel/?kommentar=${id}.`,
      `/artikel/?kommentar=${id}.${flipped}`,
      `/artikel/?kommentar=${Number(id) - 1}.${hash}`,
      `/artikel/?kommentar=0${id}.${hash}`,
      `/politik/?kommentar=${id}.${hash}`,
    ]
    for (const path of forged) {
      const response = await site.fetch(path)
      expect(response.status, path).toBe(200)
      const html = await response.text()
      expect(html, path).not.toContain('Nur für mich.')
      expect(html, path).not.toContain('wartet auf')
    }
  })
})

describe('the policy of the site', () => {
  test('all: every comment waits, also of those who are known', async () => {
    await moderate('all')
    await site.approvedComment('politik', { email: 'bekannt@beispiel.de' })
    await site.comment('politik', { email: 'bekannt@beispiel.de', text: 'Noch einer.' })
    expect((await site.comments('politik')).map(({ status }) => status)).toEqual(['approved', 'pending'])
  })

  test('returning: an address that was approved before is published at once, another one waits', async () => {
    await moderate('returning')
    const known = await site.comment('politik', { email: 'Bekannt@Beispiel.de', text: 'Wieder da.' })
    expect((await site.comments('politik')).at(-1)?.status).toBe('approved')
    expect(await site.page(known.headers.get('location') ?? '')).toContain(
      'Ihr Kommentar ist veröffentlicht.',
    )
    expect(await site.page('/politik/')).toContain('Wieder da.')
    await site.comment('politik', { email: 'fremd@beispiel.de', text: 'Ich bin neu.' })
    expect((await site.comments('politik')).at(-1)?.status).toBe('pending')
  })

  test('returning: an address that only waits or was refused is not known', async () => {
    const id = commentIdIn(await site.comment('politik', { email: 'spam@beispiel.de', text: 'Kauft!' }))
    await site.api('POST', `comments/${id}`, { status: 'spam' })
    await site.comment('politik', { email: 'spam@beispiel.de', text: 'Kauft mehr!' })
    expect((await site.comments('politik')).at(-1)?.status).toBe('pending')
  })

  test('none: everybody is published at once, and everybody sees it at once', async () => {
    await moderate('none')
    expect(await site.page('/politik/')).toContain('sofort nach dem Absenden')
    await site.comment('politik', { email: 'jemand@beispiel.de', text: 'Sofort zu sehen.' })
    const page = new Dom(await site.page('/politik/'))
    expect(page.html).toContain('Sofort zu sehen.')
    expect(page.has('.waiting, .own-note')).toBe(false)
    await moderate('all')
  })
})

describe('a comment with a mistake', () => {
  const typed = {
    name: '  ',
    email: 'keine-adresse',
    website: 'javascript:alert(1)',
    text: '\n  Ein Text mit „Zeichen“ & <b>Tags</b>\n\n</textarea><script>alert(1)</script>',
    parent: '7',
  }
  let response: Response
  let page: Dom
  let token: string
  beforeAll(async () => {
    token = await site.token('fehler')
    response = await site.comment('fehler', { ...typed, token })
    page = new Dom(await response.text())
  })

  test('comes back as the whole page, and is not stored', async () => {
    expect(response.status).toBe(422)
    expect(page.text('h1')).toBe('Artikel fehler')
    expect(page.has('.body p')).toBe(true)
    expect(page.attribute('meta[name=robots]', 'content')).toBe('noindex')
    expect(await site.comments('fehler')).toEqual([])
  })

  test('comes back with everything typed still there', () => {
    for (const [name, value] of Object.entries(typed)) expect(page.value(name), name).toBe(value)
    expect(page.value('token')).toBe(token)
    expect(page.value('betreff')).toBe('')
    expect(page.all('script:not([type="application/ld+json"], [src^="/scripts/"])')).toEqual([])
  })

  test('says what is wrong in a summary that gets the focus and leads to the fields', () => {
    expect(page.attribute('.error-summary', 'role')).toBe('alert')
    expect(page.attribute('.error-summary', 'tabindex')).toBe('-1')
    expect(page.html).toMatch(/<div class="error-summary"[^>]* autofocus/)
    expect(page.text('.error-summary h3')).toBe(
      'Der Kommentar ist noch nicht gespeichert: 3 Angaben fehlen oder stimmen nicht.',
    )
    expect(page.attributes('.error-summary a', 'href')).toEqual([
      '#feld-name',
      '#feld-email',
      '#feld-website',
    ])
    expect(page.text('title')).toMatch(/^Fehler:/)
  })

  test('ties each error to its field, and only to those that are wrong', () => {
    for (const name of ['name', 'email', 'website']) {
      const { ariaInvalid, ariaDescribedBy } = page.one(`[name=${name}]`).properties
      expect(ariaInvalid, name).toBe('true')
      expect(ariaDescribedBy, name).toEqual([`feld-${name}-hinweis`, `feld-${name}-fehler`])
      expect(page.text(`#feld-${name}-fehler`), name).toMatch(/^Fehler: /)
      expect(page.all(`#feld-${name}-hinweis`), name).toHaveLength(1)
    }
    const right = page.one('[name=text]').properties
    expect(right.ariaInvalid).toBeUndefined()
    expect(right.ariaDescribedBy).toEqual(['feld-text-hinweis'])
  })

  test('can be sent again at once when it is mended', async () => {
    const again = await site.comment('fehler', { token: page.value('token'), text: 'Jetzt richtig.' })
    expect(again.status).toBe(303)
  })
})

describe('each rule of the form', () => {
  const wrong: [string, Record<string, string>, string][] = [
    ['a missing name', { name: '' }, 'Bitte geben Sie einen Namen an.'],
    ['a name that cannot be seen', { name: '\u200b\u2060\u3164' }, 'Bitte geben Sie einen Namen an.'],
    ['a name of 81 characters', { name: '🙂'.repeat(81) }, 'Der Name darf höchstens 80 Zeichen lang sein.'],
    [
      'a name with a control character',
      { name: 'A\u0007nna' },
      'Der Name enthält unsichtbare Steuerzeichen.',
    ],
    [
      'a name that turns the writing around',
      { name: 'A\u202enna' },
      'Der Name enthält unsichtbare Steuerzeichen.',
    ],
    ['a missing address', { email: '' }, 'Bitte geben Sie Ihre E-Mail-Adresse an.'],
    ['an address without a host', { email: 'anna@' }, 'Das ist keine gültige E-Mail-Adresse.'],
    [
      'an address with a line break',
      { email: 'anna@beispiel.de\nBcc: alle@beispiel.de' },
      'Das ist keine gültige E-Mail-Adresse.',
    ],
    [
      'an address of 255 characters',
      { email: `${'a'.repeat(243)}@beispiel.de` },
      'Das ist keine gültige E-Mail-Adresse.',
    ],
    ['a website of another kind', { website: 'ftp://beispiel.de' }, 'Das ist keine gültige Web-Adresse.'],
    ['a website that is a script', { website: 'JaVaScRiPt:alert(1)' }, 'Das ist keine gültige Web-Adresse.'],
    [
      'a website with quotes',
      { website: 'https://beispiel.de/"onclick="x' },
      'Das ist keine gültige Web-Adresse.',
    ],
    ['a missing text', { text: ' \n\t ' }, 'Bitte schreiben Sie einen Kommentar.'],
    [
      'a text of 5001 characters',
      { text: 'ß'.repeat(5001) },
      'Der Kommentar darf höchstens 5.000 Zeichen lang sein.',
    ],
    [
      'a text with a null character',
      { text: 'a\u0000b' },
      'Der Kommentar enthält unsichtbare Steuerzeichen.',
    ],
    [
      'a text with an escape character',
      { text: 'a\u001b[31mb' },
      'Der Kommentar enthält unsichtbare Steuerzeichen.',
    ],
  ]
  test.each(wrong)('%s comes back with a word about it', async (_, fields, message) => {
    const response = await site.comment('faelle', fields)
    expect(response.status).toBe(422)
    const page = new Dom(await response.text())
    expect(page.texts('.fault')).toHaveLength(1)
    expect(page.text('.fault')).toContain(message)
    expect(page.text('.error-summary li')).toContain(message)
    expect(page.value('email')).toBe(fields.email ?? COMMENT.email)
  })

  test('none of them stored anything', async () => {
    expect(await site.comments('faelle')).toEqual([])
  })

  const right: [string, Record<string, string>, Record<string, unknown>][] = [
    ['80 characters of name', { name: 'ß'.repeat(80) }, { name: 'ß'.repeat(80) }],
    ['5000 characters of text', { text: 'ß'.repeat(5000) }, { text: 'ß'.repeat(5000) }],
    ['white space around and inside a name', { name: '  Anna \t\n Groß ' }, { name: 'Anna Groß' }],
    [
      'letters composed of several characters',
      { name: 'A\u0308nne', text: 'u\u0308ber' },
      { name: 'Änne', text: 'über' },
    ],
    ['line breaks of every kind', { text: 'a\r\nb\rc\n\nd' }, { text: 'a\nb\nc\n\nd' }],
    [
      'a website without its scheme',
      { website: 'beispiel.de/blog' },
      { website: 'https://beispiel.de/blog' },
    ],
    ['letters of other scripts', { name: 'محمد', text: 'שלום' }, { name: 'محمد', text: 'שלום' }],
  ]
  test.each(right)('%s is fine', async (name, fields, stored) => {
    const response = await site.comment('faelle', { text: name, ...fields })
    expect(response.status).toBe(303)
    expect((await site.comments('faelle')).at(-1)).toMatchObject(stored)
  })
})

describe('a field that people do not see', () => {
  test('gives a program away: it is told of success, and its comment is spam', async () => {
    const response = await site.comment('politik', { betreff: 'Gewinn!', text: 'Aus dem Honigtopf.' })
    expect(response.status).toBe(303)
    expect((await site.comments('politik')).at(-1)).toMatchObject({
      status: 'spam',
      text: 'Aus dem Honigtopf.',
    })
    const page = new Dom(await site.page(response.headers.get('location') ?? ''))
    expect(page.html).toContain('Aus dem Honigtopf.')
    expect(page.texts('.waiting')).toEqual(['wartet auf Freigabe'])
    expect(await site.page('/politik/')).not.toContain('Aus dem Honigtopf.')
  })

  test('is not trusted any more because its address is known', async () => {
    await moderate('returning')
    await site.approvedComment('politik', { email: 'honig@beispiel.de', text: 'Gut.' })
    await site.comment('politik', { email: 'honig@beispiel.de', betreff: 'x', text: 'Schlecht.' })
    expect((await site.comments('politik')).at(-1)?.status).toBe('spam')
    await moderate('all')
  })

  test('is out of the way of people who listen or use the keyboard', async () => {
    const page = new Dom(await site.page('/artikel/'))
    expect(page.attribute('.honeypot', 'aria-hidden')).toBe('true')
    expect(page.attribute('[name=betreff]', 'tabindex')).toBe('-1')
    expect(page.one('[name=betreff]').properties.autoComplete).toEqual(['off'])
  })
})

describe('a reply', () => {
  test('knows its parent', async () => {
    const parent = await site.approvedComment('antworten', { text: 'Frage?' })
    await site.comment('antworten', { text: 'Antwort.', parent: String(parent) })
    expect((await site.comments('antworten')).at(-1)?.parent).toBe(parent)
  })

  test('to a comment of another article, one that waits or none at all is a comment of its own', async () => {
    const elsewhere = await site.approvedComment('artikel', { text: 'Anderswo.' })
    const waiting = commentIdIn(await site.comment('antworten', { text: 'Wartet.' }))
    for (const parent of [
      String(elsewhere),
      String(waiting),
      '999999',
      '-1',
      '1e3',
      'x',
      `${'9'.repeat(30)}`,
    ]) {
      const response = await site.comment('antworten', { text: `Antwort auf ${parent}`, parent })
      expect(response.status, parent).toBe(303)
      expect((await site.comments('antworten')).at(-1)?.parent, parent).toBeNull()
    }
  })
})

describe('an article that takes no comments', () => {
  test('says so, shows no form, and gives a text back that comes all the same', async () => {
    const page = new Dom(await site.page('/geschlossen/'))
    expect(page.text('.comments .closed')).toBe(
      'Die Redaktion hat die Kommentare zu diesem Artikel geschlossen.',
    )
    expect(page.has('main form')).toBe(false)
    const response = await site.comment('geschlossen')
    expect(response.status).toBe(403)
    const refused = new Dom(await response.text())
    expect(refused.value('text')).toBe(COMMENT.text)
    expect(refused.text('.error-summary')).toContain('Kommentare zu diesem Artikel sind geschlossen')
  })

  test('shows no comments at all where there are to be none', async () => {
    const page = new Dom(await site.page('/stumm/'))
    expect(page.has('.comments, .to-comments, main form')).toBe(false)
    const response = await site.comment('stumm')
    expect(response.status).toBe(403)
    expect(new Dom(await response.text()).value('text')).toBe(COMMENT.text)
  })

  test.each(['nirgends', 'geplant', 'entwurf', 'impressum'])('is no article: %s', async (slug) => {
    expect((await site.comment(slug)).status).toBe(404)
    // Nor does a mistake betray that there is one.
    expect((await site.comment(slug, { name: '' })).status).toBe(404)
  })

  test('stored nothing in any of these cases', async () => {
    for (const slug of ['geschlossen', 'stumm', 'nirgends', 'geplant', 'entwurf', 'impressum']) {
      expect(await site.comments(slug), slug).toEqual([])
    }
  })
})

describe('comments that were open and are closed', () => {
  const today = new Intl.DateTimeFormat('de-DE', { dateStyle: 'long', timeZone: 'Europe/Berlin' }).format()
  const closedText = async (path: string, now: string) =>
    new Dom(await site.page(path, { now })).text('.comments .closed')
  const outcomeOf = async (response: Response) => [
    response.status,
    new Dom(await response.text()).text('.error-summary p'),
  ]

  test('by the newsroom: the page says since when, and what was written stays', async () => {
    await site.publish('articles', article('vorbei'))
    await site.approvedComment('vorbei')
    await site.publish('articles', article('vorbei', { comments: 'closed' }))
    expect(await closedText('/vorbei/', inSeconds(120))).toBe(
      `Die Redaktion hat die Kommentare zu diesem Artikel am ${today} geschlossen.`,
    )
    expect(new Dom(await site.page('/vorbei/', { now: inSeconds(240) })).texts('.comment-text')).toHaveLength(
      1,
    )
  })

  test('by age: until a certain moment a comment is taken, from then on it comes back', async () => {
    await site.publish('site', settings({ comments: { closeAfterDays: 7 } }))
    await site.publish('articles', article('alt', { date: '2026-03-01T12:00:00Z' }))
    expect(new Dom(await site.page('/alt/', { now: '2026-03-07T12:00:00Z' })).has('.comment-form')).toBe(true)
    const at = (now: string) => site.comment('alt', { text: `Um ${now}.` }, {}, { now })
    expect((await at('2026-03-08T11:59:59Z')).status).toBe(303)
    expect(await outcomeOf(await at('2026-03-08T12:00:00Z'))).toEqual([
      403,
      expect.stringContaining('geschlossen'),
    ])
    expect(await closedText('/alt/', '2026-03-09T12:00:00Z')).toBe(
      'Kommentieren kann man einen Artikel 7 Tage lang. Zu diesem sind die Kommentare seit dem 8. März 2026 geschlossen.',
    )
  })

  test('by the site, from a day on', async () => {
    await site.publish('site', settings({ comments: { closed: '2027-03-01' } }))
    await site.publish('articles', article('noch-offen', { date: '2027-01-01T12:00:00Z' }))
    const before = await site.comment('noch-offen', {}, {}, { now: '2027-02-28T22:59:00Z' })
    expect(before.status).toBe(303)
    const after = await site.comment('noch-offen', { text: 'Zu spät.' }, {}, { now: '2027-02-28T23:00:00Z' })
    expect((await outcomeOf(after))[0]).toBe(403)
    expect(await closedText('/noch-offen/', '2027-03-02T12:00:00Z')).toBe(
      'Seit dem 1. März 2027 nimmt diese Seite keine Kommentare mehr an.',
    )
    await site.publish('site', settings())
  })
})

describe('the address a form was sent to', () => {
  test('leads back to the comments when it is reloaded', async () => {
    const response = await site.fetch('/artikel/comments')
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/artikel/#kommentare')
  })
})
