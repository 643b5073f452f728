import { once } from 'node:events'
import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RemovedFiles, UnusedMedia } from '../../src/publish/wire.ts'
import { mw } from '../support/cli.ts'
import { article, author, campaign, publishNewsroom, SVG } from '../support/fixture.ts'
import { TestSite, TOKEN } from '../support/site.ts'

let site: TestSite
const at = (hours: number) => new Date(Date.now() + hours * 60 * 60 * 1000).toISOString()
const NOW = at(0)
const LATER = at(48)
const svg = (color: string) => SVG.replace('>', `><desc>${color}</desc>`)

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site)
})
afterAll(() => site.close())

const stored = async () => (await site.env.MEDIA.list()).objects.map(({ key }) => key)
const hashOf = async (name: string) => {
  const { items } = v.parse(
    v.object({ items: v.array(v.object({ name: v.string(), src: v.string() })) }),
    await (await site.api('GET', 'media')).json(),
  )
  return items.find((one) => one.name === name)?.src.replace('/media/', '') ?? ''
}

async function unused(now = LATER): Promise<string[]> {
  const files: string[] = []
  let next: string | null = null
  do {
    const path: string = `unused-media${next === null ? '' : `?after=${encodeURIComponent(next)}`}`
    const page: UnusedMedia = v.parse(
      UnusedMedia,
      await (await site.api('GET', path, undefined, TOKEN, { now })).json(),
    )
    files.push(...page.items.map(({ file }) => file))
    next = page.next
  } while (next !== null)
  return files
}

async function prune(files: readonly string[], now = LATER): Promise<string[]> {
  const response = await site.api('POST', 'unused-media', { files }, TOKEN, { now })
  return v.parse(RemovedFiles, await response.json()).removed
}

describe('pruning the library', () => {
  test('leaves alone what an article, an author, an ad, or only an older version of one names', async () => {
    await site.putPicture('alt.svg', svg('alt'))
    await site.putPicture('portrait.svg', svg('portrait'))
    await site.putPicture('anzeige.svg', svg('anzeige'))
    await site.publish('articles', article('mit-bild', { image: { src: 'alt.svg', alt: 'Ein Bild' } }))
    await site.publish('authors', author('Erika Muster', { portrait: { src: 'portrait.svg', alt: 'Erika' } }))
    await site.publish('ads', campaign('kampagne', {}, { image: { src: 'anzeige.svg', alt: 'Ein Schiff' } }))
    const kept = await Promise.all(['alt.svg', 'portrait.svg', 'anzeige.svg'].map(hashOf))
    // The names leave the library, the article shows another picture: its first version still names the old one.
    await site.putPicture('neu.svg', svg('neu'))
    await site.publish(
      'articles',
      article('mit-bild', { image: { src: 'neu.svg', alt: 'Ein anderes Bild' } }),
    )
    for (const name of ['alt.svg', 'portrait.svg', 'anzeige.svg']) await site.api('DELETE', `media/${name}`)
    expect(await unused()).toEqual([])
    expect(await prune(await stored())).toEqual([])
    for (const file of kept) expect(await stored()).toContain(file)
  })

  test('removes what nothing names, when it has lain for a day', async () => {
    await site.putPicture('weg.svg', svg('weg'))
    const file = await hashOf('weg.svg')
    await site.api('DELETE', 'media/weg.svg')
    expect(await unused(NOW)).toEqual([])
    expect(await prune([file], NOW)).toEqual([])
    expect(await unused()).toEqual([file])
    expect(await prune([file, 'gibt-es-nicht.jpg'])).toEqual([file])
    expect(await stored()).not.toContain(file)
    expect((await site.fetch(`/media/${file}`)).status).toBe(404)
  })

  test('looks at every file, however many there are', async () => {
    const files = Array.from({ length: 1100 }, (_, n) => `${n.toString(16).padStart(32, '0')}-320.jpg`)
    for (let at = 0; at < files.length; at += 100)
      await Promise.all(files.slice(at, at + 100).map((file) => site.env.MEDIA.put(file, 'x')))
    expect((await unused()).sort()).toEqual(files)
    expect((await site.api('POST', 'unused-media', { files })).status).toBe(400)
    expect(await prune(files.slice(0, 500))).toHaveLength(500)
  })

  test('is for those who may write', async () => {
    for (const method of ['GET', 'POST'])
      expect(
        (await site.api(method, 'unused-media', method === 'POST' ? { files: [] } : undefined, 'falsch'))
          .status,
      ).toBe(401)
  })

  test('is done by the command line: first said, then done', async () => {
    await site.putPicture('tausch.svg', svg('vorher'))
    const before = await hashOf('tausch.svg')
    await site.putPicture('tausch.svg', svg('nachher'))
    const after = await hashOf('tausch.svg')
    const tomorrow = await openTomorrow()
    const run = (...more: string[]) =>
      mw(['media', 'prune', '--to', tomorrow.url, ...more], { env: { MW_TOKEN: TOKEN, MW_LANG: 'de' } })

    const said = await run('--dry-run')
    expect([said.code, said.stderr]).toEqual([0, ''])
    expect(said.stdout).toContain(before)
    expect(said.stdout).not.toContain(after)
    expect(await stored()).toContain(before)

    const done = await run()
    expect(done.code).toBe(0)
    expect(done.stdout).toMatch(/gelöscht, [\d,]+\skB\.\n$/)
    expect(await stored()).not.toContain(before)
    expect(await stored()).toContain(after)
    expect((await run()).stdout).toBe('Nichts zu löschen.\n')
    tomorrow.close()
  })

  test('says on the command line that there is nothing to do', async () => {
    const { code, stdout } = await mw(['media', 'prune', '--dry-run', '--to', site.url], {
      env: { MW_TOKEN: TOKEN, MW_LANG: 'de' },
    })
    expect([code, stdout.trim()]).toEqual([0, 'Nichts zu löschen.'])
  })
})

/** The site as it is two days later, for a program that can't be told the time. */
async function openTomorrow(): Promise<{ url: string; close(): void }> {
  const server = createServer(async (request, response) => {
    const body = await buffer(request)
    const headers = { authorization: request.headers.authorization ?? '', 'content-type': 'application/json' }
    const answered = await site.fetch(
      request.url ?? '/',
      {
        method: request.method ?? 'GET',
        headers,
        ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
      },
      { now: LATER },
    )
    response.writeHead(answered.status, { 'content-type': answered.headers.get('content-type') ?? '' })
    response.end(Buffer.from(await answered.arrayBuffer()))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = v.parse(v.object({ port: v.number() }), server.address())
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() }
}
