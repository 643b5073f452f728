import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { mw as run } from '../support/cli.ts'
import { article, campaign, publishNewsroom } from '../support/fixture.ts'
import { commentIdIn, READ_TOKEN, TestSite, TOKEN } from '../support/site.ts'

let site: TestSite
beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site, article('handel'))
})
afterAll(() => site.close())

const mw = (args: readonly string[], env: Record<string, string> = {}) =>
  run([...args, '--to', site.url], { env: { MW_TOKEN: TOKEN, TZ: 'Europe/Berlin', ...env } })

/** A comment as a reader leaves it; its number. */
const leaveComment = async (fields: Record<string, string> = {}) =>
  commentIdIn(await site.comment('handel', fields))

const statusOf = async (id: number) => (await site.comments()).find((row) => row.id === id)?.status

describe('mw comments', () => {
  beforeEach(async () => {
    await site.env.DB.exec('DELETE FROM comment')
  })

  test('lists those that wait, newest first, with what one needs to decide', async () => {
    const first = await leaveComment({ name: 'Erste', text: 'Der erste Text.' })
    const second = await leaveComment({ name: 'Zweiter', text: 'Der zweite\n\nText.' })
    const { code, stdout } = await mw(['comments', 'list'])
    const moment = String.raw`\d{1,2}\. \S+ \d{4} um \d\d:\d\d`
    expect(stdout).toMatch(
      new RegExp(
        `^${second}  wartet  ${moment}  handel\n  Zweiter\n  Der zweite Text\\.\n\n` +
          `${first}  wartet  ${moment}  handel\n  Erste\n  Der erste Text\\.\n\n$`,
      ),
    )
    expect(code).toBe(0)
  })

  test('says that there is none', async () => {
    expect(await mw(['comments', 'list'])).toMatchObject({
      code: 0,
      stdout: 'Kein Kommentar wartet auf Freigabe.\n',
    })
    const trash = await mw(['comments', 'list', '--status', 'trash'], { MW_LANG: 'en' })
    expect(trash.stdout).toBe('The trash is empty.\n')
  })

  test('lists no more than asked for, and says that there are older ones', async () => {
    for (const n of [1, 2, 3]) await leaveComment({ text: `Text Nummer ${n}.` })
    const { stdout, stderr } = await mw(['comments', 'list', '--limit', '2'])
    expect(stdout.match(/Text Nummer \d/g)).toEqual(['Text Nummer 3', 'Text Nummer 2'])
    expect(stderr).toBe('Es gibt ältere; --limit zeigt mehr.\n')
  })

  test('lists more than the site gives at once', async () => {
    const insert = site.env.DB.prepare(
      `INSERT INTO comment (article, name, email, email_hash, text, status, created_at, fingerprint)
       VALUES ('handel', 'N', 'x', 'x', 'T', 'approved', '2026-01-01T00:00:00Z', ?)`,
    )
    await site.env.DB.batch(Array.from({ length: 120 }, (_, n) => insert.bind(`f${n}`)))
    const { stdout } = await mw(['comments', 'list', '--status', 'approved', '--limit', '110', '--json'])
    const { items, hasMore } = JSON.parse(stdout)
    expect(items).toHaveLength(110)
    expect(new Set(items.map(({ id }: { id: number }) => id)).size).toBe(110)
    expect(hasMore).toBe(true)
  })

  test('gives machines what it gives people, and no e-mail address in a list', async () => {
    const id = await leaveComment({ name: 'Erste', website: 'https://beispiel.de', text: 'Ein Text.' })
    const { stdout } = await mw(['comments', 'list', '--json'])
    expect(JSON.parse(stdout)).toEqual({
      to: site.url,
      hasMore: false,
      items: [
        {
          id,
          article: 'handel',
          name: 'Erste',
          website: 'https://beispiel.de',
          text: 'Ein Text.',
          status: 'pending',
          createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
        },
      ],
    })
    expect(stdout).not.toContain('aenne@beispiel.de')
  })

  test('shows one comment whole, with the address of who wrote it', async () => {
    const parent = await leaveComment({ text: 'Worauf geantwortet wird.' })
    await mw(['comments', 'approve', String(parent)])
    const id = await leaveComment({ parent: String(parent), text: 'Zwei\n\nAbsätze.' })
    const { stdout } = await mw(['comments', 'show', String(id)])
    expect(stdout.replace(/Geschrieben .*/, 'Geschrieben')).toBe(
      [
        `Nummer       ${id}`,
        'Stand        wartet',
        'Geschrieben',
        'Artikel      handel',
        `Antwort auf  ${parent}`,
        'Name         Änne Groß',
        'E-Mail       aenne@beispiel.de',
        '',
        'Zwei\n\nAbsätze.',
        '',
      ].join('\n'),
    )
  })

  test('lets no comment move the cursor or turn the text', async () => {
    const id = await leaveComment()
    await site.env.DB.prepare('UPDATE comment SET name = ?, text = ? WHERE id = ?')
      .bind('Bö\u001b[2Jse\u202e', 'Te\u001b]0;Titel\u0007xt\u009b1A', id)
      .run()
    for (const args of [['list'], ['show', String(id)], ['list', '--json']]) {
      const { stdout } = await mw(['comments', ...args])
      for (const character of ['\u001b', '\u202e', '\u0007', '\u009b'])
        expect(stdout).not.toContain(character)
    }
  })

  test.each([
    ['approve', 'approved', 'freigegeben'],
    ['spam', 'spam', 'als Spam vermerkt'],
    ['trash', 'trash', 'im Papierkorb'],
  ])('%s sets the status %s, of several at once', async (command, status, word) => {
    const ids = [await leaveComment({ text: 'Eins.' }), await leaveComment({ text: 'Zwei.' })]
    const { code, stdout } = await mw(['comments', command, ...ids.map(String)])
    expect(stdout).toBe(ids.map((id) => `Kommentar ${id}: ${word}\n`).join(''))
    expect(await Promise.all(ids.map(statusOf))).toEqual([status, status])
    expect(code).toBe(0)
  })

  test('approve makes a comment visible to readers', async () => {
    const id = await leaveComment({ text: 'Jetzt sichtbar.' })
    expect(await site.page('/handel/')).not.toContain('Jetzt sichtbar.')
    await mw(['comments', 'approve', String(id)])
    expect(await site.page('/handel/')).toContain('Jetzt sichtbar.')
  })

  test('delete removes a comment for good', async () => {
    const id = await leaveComment()
    expect((await mw(['comments', 'delete', String(id)])).stdout).toBe(`Kommentar ${id}: gelöscht\n`)
    expect(await site.comments()).toEqual([])
  })

  test('names those that are not there, does the others, and fails', async () => {
    const id = await leaveComment()
    const { code, stdout, stderr } = await mw(['comments', 'approve', '999999', String(id)])
    expect(stderr).toBe('Fehler: Den Kommentar 999999 gibt es nicht.\n')
    expect(stdout).toBe(`Kommentar ${id}: freigegeben\n`)
    expect(code).toBe(1)
    const json = await mw(['comments', 'delete', '999999', String(id), '--json'])
    expect(JSON.parse(json.stdout).items).toEqual([
      { id: 999999, outcome: 'missing' },
      { id, outcome: 'deleted' },
    ])
  })

  test('with a token that may only read lists, and decides nothing', async () => {
    const id = await leaveComment()
    const env = { MW_TOKEN: READ_TOKEN }
    expect((await mw(['comments', 'list'], env)).code).toBe(0)
    const { code, stderr } = await mw(['comments', 'approve', String(id)], env)
    expect(stderr).toBe(`Fehler: Dieser Zugangsschlüssel darf auf ${site.url} nur lesen (403).\n`)
    expect(code).toBe(1)
    expect(await statusOf(id)).toBe('pending')
  })

  test('with a wrong token says so in one line', async () => {
    const { code, stderr } = await mw(['comments', 'list'], { MW_TOKEN: 'ein-token-das-nicht-stimmt' })
    expect(stderr).toBe(`Fehler: ${site.url} kennt diesen Zugangsschlüssel nicht (401). Stimmt MW_TOKEN?\n`)
    expect(code).toBe(1)
  })
})

describe('mw ads list, pause and resume', () => {
  const state = async (id: string) =>
    (await (await site.api('GET', `ads/${id}`)).json<{ frontMatter: { state?: string } }>()).frontMatter.state

  test('list the campaigns with what they are doing', async () => {
    await site.publish('ads', campaign('vorbei', { end: '2020-01-31', name: 'Vorbei' }))
    const { code, stdout } = await mw(['ads', 'list'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^vorbei +beendet +– +2020-01-31 +Kontor Nordlicht +Vorbei$/m)
    const { stdout: json } = await mw(['ads', 'list', '--json'])
    expect(JSON.parse(json).items).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: 'vorbei', phase: 'ended', revision: 1 })]),
    )
  })

  test('pause a campaign and leave it as its file says when it is resumed; twice is as good as once', async () => {
    await site.publish('ads', campaign('laufend'))
    expect(await mw(['ads', 'pause', 'laufend'])).toMatchObject({
      code: 0,
      stdout: '„laufend“ ist pausiert.\n',
    })
    expect((await mw(['ads', 'pause', 'laufend'])).code).toBe(0)
    expect(await state('laufend')).toBe('paused')
    expect(await mw(['ads', 'resume', 'laufend', '--json'])).toMatchObject({ code: 0 })
    expect(await state('laufend')).toBeUndefined()
  })

  test('fail with 1 where there is no such campaign or it makes no sense, with 2 for what is no id', async () => {
    await site.publish('ads', campaign('entwurf', { state: 'draft' }))
    expect(await mw(['ads', 'pause', 'nie-gewesen'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Die Kampagne „nie-gewesen“ gibt es nicht.'),
    })
    expect((await mw(['ads', 'resume', 'entwurf'])).code).toBe(1)
    expect((await mw(['ads', 'pause', '../x'])).code).toBe(2)
    expect((await mw(['ads', 'pause', 'entwurf'], { MW_TOKEN: READ_TOKEN })).code).toBe(1)
  })
})

describe('mw ads forecast', () => {
  test('shows where sold campaigns stand', async () => {
    await site.publish('ads', campaign('verkauft', { budget: { views: 1000 }, end: '2099-12-31' }))
    const { code, stdout } = await mw(['ads', 'forecast'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Kampagne +Budget +gezählt +Prognose +am$/m)
    expect(stdout).toMatch(/^verkauft +1000 \/ – +0 \/ 0 +zuletzt nichts gezählt +–$/m)
    const { stdout: json } = await mw(['ads', 'forecast', '--json'])
    expect(JSON.parse(json).campaigns).toContainEqual(expect.objectContaining({ id: 'verkauft' }))
  })
})

describe('mw ads report', () => {
  const counts = [
    ['2026-01-30', 'nordlicht', 1200, 1000, 650, 12, 3],
    ['2026-01-31', 'nordlicht', 3000, 2345, 0, 0, 0],
    ['2026-01-31', 'suedwind', 0, 0, 0, 1, 0],
    ['2026-02-01', 'boese', 5, 4, 3, 1, 20],
  ] as const

  beforeAll(async () => {
    await site.publish('ads', campaign('boese', {}, { headline: '=HYPERLINK("x"),1' }))
    const insert = site.env.DB.prepare(
      'INSERT INTO ad_day (day, campaign, served, loaded, viewable, clicks, filtered) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
    await site.env.DB.batch(counts.map((row) => insert.bind(...row)))
  })

  test('is a table by day and campaign, with its sum', async () => {
    const { code, stdout } = await mw(['ads', 'report', '--to-day', '2026-02-01'])
    expect(stdout.replaceAll('\u00a0', ' ').split('\n')).toEqual([
      'Tag         Kampagne   Überschrift        Ausgeliefert  Geladen  Im Blick    davon  Klicks  Klickrate  Gefiltert',
      '2026-01-30  nordlicht  Anzeige nordlicht         1.200    1.000       650  65,00 %      12     1,20 %          3',
      '2026-01-31  nordlicht  Anzeige nordlicht         3.000    2.345         0   0,00 %       0     0,00 %          0',
      '2026-01-31  suedwind   Anzeige suedwind              0        0         0        –       1          –          0',
      '2026-02-01  boese      =HYPERLINK("x"),1             5        4         3  75,00 %       1    25,00 %         20',
      'Summe                                            4.205    3.349       653  19,50 %      14     0,42 %         23',
      '',
    ])
    expect(code).toBe(0)
  })

  test('covers the days that were asked for, both included', async () => {
    const { stdout } = await mw(['ads', 'report', '--from', '2026-01-31', '--to-day', '2026-01-31', '--json'])
    expect(JSON.parse(stdout)).toEqual({
      to: site.url,
      items: [
        {
          day: '2026-01-31',
          campaign: 'nordlicht',
          headline: 'Anzeige nordlicht',
          served: 3000,
          loaded: 2345,
          viewable: 0,
          clicks: 0,
          filtered: 0,
          viewableShare: 0,
          rate: 0,
        },
        {
          day: '2026-01-31',
          campaign: 'suedwind',
          headline: 'Anzeige suedwind',
          served: 0,
          loaded: 0,
          viewable: 0,
          clicks: 1,
          filtered: 0,
          viewableShare: null,
          rate: null,
        },
      ],
      total: {
        served: 3000,
        loaded: 2345,
        viewable: 0,
        clicks: 1,
        filtered: 0,
        viewableShare: 0,
        rate: 1 / 2345,
      },
    })
  })

  test('of one campaign is tables by day, creative and placement, and says what can be said of creatives', async () => {
    const insert = site.env.DB.prepare(
      `INSERT INTO ad_day (campaign, day, creative, placement, served, loaded, viewable, clicks)
       VALUES ('ostwind', ?, ?, 'list', 3000, 2000, 1000, ?)`,
    )
    await site.publish('ads', campaign('ostwind'))
    await site.env.DB.batch([insert.bind('2026-01-30', 'a', 10), insert.bind('2026-01-31', 'b', 100)])
    const asked = ['ads', 'report', 'ostwind', '--from', '2026-01-01', '--to-day', '2026-01-31']
    const { code, stdout } = await mw(asked)
    expect(stdout.replaceAll('\u00a0', ' ').split('\n')).toEqual([
      'Tag         Ausgeliefert  Geladen  Im Blick    davon  Klicks  Klickrate  Gefiltert',
      '2026-01-30         3.000    2.000     1.000  50,00 %      10     0,50 %          0',
      '2026-01-31         3.000    2.000     1.000  50,00 %     100     5,00 %          0',
      'Summe              6.000    4.000     2.000  50,00 %     110     2,75 %          0',
      '',
      'Motiv  Ausgeliefert  Geladen  Im Blick    davon  Klicks  Klickrate  Gefiltert',
      'a             3.000    2.000     1.000  50,00 %      10     0,50 %          0',
      'b             3.000    2.000     1.000  50,00 %     100     5,00 %          0',
      'Besser ist b, mit mehr als 99,90 % Wahrscheinlichkeit.',
      '',
      'Platz  Ausgeliefert  Geladen  Im Blick    davon  Klicks  Klickrate  Gefiltert',
      'list          6.000    4.000     2.000  50,00 %     110     2,75 %          0',
      '',
    ])
    expect(code).toBe(0)
    const { report } = JSON.parse((await mw([...asked, '--json'])).stdout)
    expect(report).toMatchObject({
      campaign: 'ostwind',
      from: '2026-01-01',
      total: { loaded: 4000, clicks: 110 },
    })
    expect((await mw([...asked, '--csv'])).stdout).toBe(
      'day,creative,placement,served,loaded,viewable,clicks,filtered\r\n' +
        '2026-01-30,a,list,3000,2000,1000,10,0\r\n2026-01-31,b,list,3000,2000,1000,100,0\n',
    )
    await site.env.DB.exec("DELETE FROM ad_day WHERE campaign = 'ostwind'")
  })

  test('of a campaign that is none fails', async () => {
    expect(await mw(['ads', 'report', 'nie-gewesen'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Die Kampagne „nie-gewesen“ gibt es nicht.'),
    })
    expect((await mw(['ads', 'report', '../x'])).code).toBe(2)
  })

  test('says that nothing was counted', async () => {
    expect((await mw(['ads', 'report', '--to-day', '2020-01-01'])).stdout).toBe(
      'In diesem Zeitraum ist nichts gezählt.\n',
    )
  })

  test('as CSV runs no formula in a spreadsheet and quotes what needs it', async () => {
    const { stdout } = await mw(['ads', 'report', '--csv', '--from', '2026-01-31', '--to-day', '2026-02-01'])
    expect(stdout).toBe(
      'day,campaign,headline,served,loaded,viewable,clicks,filtered\r\n' +
        '2026-01-31,nordlicht,Anzeige nordlicht,3000,2345,0,0,0\r\n' +
        '2026-01-31,suedwind,Anzeige suedwind,0,0,0,1,0\r\n' +
        `2026-02-01,boese,"'=HYPERLINK(""x""),1",5,4,3,1,20\n`,
    )
  })
})
