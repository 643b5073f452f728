import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { folder, mw as run } from '../support/cli.ts'
import { generateComments } from '../support/corpus/comments.ts'
import { article, publishNewsroom } from '../support/fixture.ts'
import { commentIdIn, TestSite, TOKEN } from '../support/site.ts'

/** The command line's part in comments and people: inviting, judging, giving out, erasing, bringing in, taking along. */

let site: TestSite
let slug: string
let number = 0
beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site)
})
afterAll(() => site.close())
beforeEach(async () => {
  slug = `befehl-${++number}`
  await site.publish('articles', article(slug))
})

const mw = (...args: string[]) => run([...args, '--to', site.url], { env: { MW_TOKEN: TOKEN } })
const write = async (fields: Record<string, string>) => commentIdIn(await site.comment(slug, fields))

describe('mw desk invite', () => {
  test('prints a link that lets somebody in, once', async () => {
    const { code, stdout } = await mw('desk', 'invite', 'chefin@redaktion.example', '--role', 'admin')
    expect(code).toBe(0)
    expect(stdout).toContain('chefin@redaktion.example ist eingeladen, Rolle: admin.')
    const [, path = ''] = /http:\/\/localhost:\d+(\/desk\/sign-in\/[\w-]{43}\/)/.exec(stdout) ?? []
    const enter = () => site.fetch(path, { method: 'POST', headers: { origin: site.url } })
    expect((await enter()).status).toBe(303)
    expect((await enter()).status).toBe(403)
  })

  test('says what is wrong', async () => {
    expect(await mw('desk', 'invite', 'x@redaktion.example', '--role', 'chef')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('„chef“ ist keine Rolle'),
    })
    expect(await mw('desk', 'invite', 'keine', '--role', 'admin')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('„keine“ ist keine E-Mail-Adresse'),
    })
  })
})

describe('mw judge', () => {
  test('explains a comment, reason by reason', async () => {
    const id = await write({
      text: 'Siehe https://beispiel.de/ und https://beispiel.de/2',
      website: 'https://beispiel.de/',
    })
    const { code, stdout } = await mw('judge', 'explain', String(id))
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /2 Links \(\+1,2\)\nWebsite angegeben \(\+0,3\)\n[\s\S]*zusammen 1\.5, Stand: pending\n/,
    )
    expect((await mw('judge', 'explain', '999999')).code).toBe(1)
  })

  test('tries a file of labelled comments', async () => {
    const lines = [
      ...generateComments(20, 1).map((comment) => JSON.stringify(comment)),
      JSON.stringify({
        text: 'KAUFEN SIE JETZT!!!! https://bit.ly/a https://bit.ly/b https://bit.ly/c https://bit.ly/d',
        label: 'spam',
      }),
    ]
    const file = `${folder({ 'a.jsonl': lines.join('\n') })}/a.jsonl`
    const { code, stdout } = await mw('judge', 'test', file, '--json')
    expect(code).toBe(0)
    const { items, good, spam } = JSON.parse(stdout)
    expect(items).toBe(21)
    expect(good.published + good.held + good.spam + spam.published + spam.held + spam.spam).toBe(21)
    expect(spam.spam).toBeGreaterThan(0)
    expect((await mw('judge', 'test', file)).stdout).toMatch(/^gute: \d+ veröffentlicht/)
    const broken = `${folder({ 'b.jsonl': 'kein json' })}/b.jsonl`
    expect(await mw('judge', 'test', broken)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Zeile 1'),
    })
  })
})

describe('mw person', () => {
  test('gives out all that is held on an address, and erases it', async () => {
    const email = `person-${slug}@beispiel.de`
    const id = await write({ email, text: 'Mein Text.' })
    const exported = await mw('person', 'export', email)
    expect(JSON.parse(exported.stdout)).toMatchObject({ email, comments: [{ id, text: 'Mein Text.' }] })
    const kept = await mw('person', 'erase', email, '--keep-texts', '--json')
    expect(JSON.parse(kept.stdout)).toEqual({ to: site.url, comments: 1 })
    expect((await site.comments(slug)).map(({ name, text }) => [name, text])).toEqual([
      ['Anonym', 'Mein Text.'],
    ])
    await write({ email, text: 'Noch einer.' })
    expect((await mw('person', 'erase', email)).stdout).toBe(`Gelöscht: ${email}, 1 Kommentar.\n`)
    expect((await site.comments(slug)).map(({ text }) => text)).toEqual(['Mein Text.'])
    expect((await mw('person', 'erase', 'keine')).code).toBe(1)
  })
})

test('mw keys rotate goes through everything', async () => {
  await write({ text: 'Verschlüsselt.' })
  const { code, stdout } = await mw('keys', 'rotate', '--json')
  const { changed, unreadable } = JSON.parse(stdout)
  expect({ code, unreadable }).toEqual({ code: 0, unreadable: 0 })
  expect(changed).toBeGreaterThan(0)
})

describe('mw comments export and mw import comments', () => {
  test('bring everything to another site and back, without doubles', async () => {
    const first = await write({ text: 'Eine Zeile.\nUnd „noch“ eine, mit =Formel.', name: '=Änne' })
    await site.api('POST', `comments/${first}`, { status: 'approved' })
    await write({ text: 'Eine Antwort.', parent: String(first) })
    const { stdout } = await mw('comments', 'export')
    const mine = stdout
      .trim()
      .split('\n')
      .map((line): { article: string; text: string } => JSON.parse(line))
      .filter(({ article: of }) => of === slug)
    expect(mine.map(({ text }) => text)).toEqual([
      'Eine Zeile.\nUnd „noch“ eine, mit =Formel.',
      'Eine Antwort.',
    ])
    const csv = (await mw('comments', 'export', '--format', 'csv')).stdout
    expect(csv).toMatch(/^source,parent,article,name,email,/)
    expect(csv).toContain(`"'=Änne"`)

    const other = await TestSite.open()
    try {
      await publishNewsroom(other, article(slug))
      const file = `${folder({ 'a.jsonl': mine.map((one) => JSON.stringify(one)).join('\n') })}/a.jsonl`
      const bring = () =>
        run(['import', 'comments', file, '--from', 'json', '--to', other.url, '--json'], {
          env: { MW_TOKEN: TOKEN },
        })
      expect(JSON.parse((await bring()).stdout)).toMatchObject({ created: 2, existing: 0, skipped: [] })
      expect(JSON.parse((await bring()).stdout)).toMatchObject({ created: 0, existing: 2, skipped: [] })
      const rows = await other.comments(slug)
      expect(rows.map(({ text, thread }) => [text, thread])).toEqual([
        ['Eine Zeile.\nUnd „noch“ eine, mit =Formel.', null],
        ['Eine Antwort.', rows[0]?.id],
      ])
    } finally {
      await other.close()
    }
  })

  test('say what is left out and why, and that a file is damaged', async () => {
    const lines = [
      {
        source: 'wxr:1',
        article: 'gibt-es-nicht',
        parent: null,
        name: 'N',
        email: '',
        website: null,
        text: 'T',
        status: 'approved',
        createdAt: '2020-01-01T00:00:00Z',
      },
      { source: 'wxr:2' },
    ]
    const file = `${folder({ 'a.jsonl': lines.map((one) => JSON.stringify(one)).join('\n') })}/a.jsonl`
    const { code, stdout, stderr } = await mw('import', 'comments', file, '--from', 'json')
    expect(code).toBe(0)
    expect(stdout).toBe('0 Kommentare neu, 0 schon da, 2 ausgelassen.\n')
    expect(stderr).toContain('wxr:1: kein solcher Artikel')
    expect(stderr).toContain('wxr:2: unvollständig oder zu lang')
    const damaged = `${folder({ 'a.xml': '<rss><channel></falsch>' })}/a.xml`
    expect(await mw('import', 'comments', damaged, '--from', 'wxr')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('beschädigt'),
    })
    expect((await mw('import', 'comments', damaged, '--from', 'word')).code).toBe(2)
    expect((await mw('import', 'comments', '/gibt/es/nicht.xml', '--from', 'wxr')).code).toBe(1)
  })

  test('read a large file within little memory', async () => {
    const { readComments } = await import('../../src/cli/comment-source.ts')
    const item = (n: number) =>
      `<item><wp:post_name>artikel-${n}</wp:post_name>${Array.from({ length: 20 }, (_, m) => `<wp:comment><wp:comment_id>${n * 20 + m + 1}</wp:comment_id><wp:comment_author>N</wp:comment_author><wp:comment_date_gmt>2019-03-04 11:30:00</wp:comment_date_gmt><wp:comment_content>${'Wort '.repeat(200)}</wp:comment_content><wp:comment_approved>1</wp:comment_approved></wp:comment>`).join('')}</item>`
    const dir = folder()
    const { createWriteStream } = await import('node:fs')
    const stream = createWriteStream(`${dir}/gross.xml`)
    stream.write('<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel>')
    for (let n = 0; n < 2500; n++)
      if (!stream.write(item(n))) await new Promise<void>((drained) => stream.once('drain', () => drained()))
    await new Promise<void>((ended) => stream.end('</channel></rss>', () => ended()))
    const before = process.memoryUsage().rss
    let [count, bytes] = [0, 0]
    for await (const comment of readComments(`${dir}/gross.xml`, 'wxr', (more) => {
      bytes += more
    }))
      if (comment.source !== undefined) count++
    expect(count).toBe(50_000)
    expect(bytes).toBeGreaterThan(50_000_000)
    expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000)
  })
})
