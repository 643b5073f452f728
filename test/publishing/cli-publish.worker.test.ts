import { rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { articleFile, type Files, folder, mw, put, SITE_YAML } from '../support/cli.ts'
import { SVG } from '../support/fixture.ts'
import { TestSite, TOKEN } from '../support/site.ts'

let site: TestSite
beforeAll(async () => {
  site = await TestSite.open()
})
afterAll(() => site.close())

let names = 0
/** A name that no other test uses. */
const freshName = () => `artikel-${++names}`
const file = (name: string) => `articles/2026-01-15-${name}.md`

const newsroom = (files: Files = {}) => folder({ 'site.yaml': SITE_YAML, ...files })

/** Publishes a folder; paths in what is printed are relative to it. */
async function publish(dir: string, args: string[] = [], to = site.url) {
  const ran = await mw(['publish', dir, '--to', to, ...args], { env: { MW_TOKEN: TOKEN } })
  return { ...ran, stdout: ran.stdout.replaceAll(`${dir}/`, '') }
}

const json = async (dir: string, args: string[] = []) =>
  JSON.parse((await publish(dir, ['--json', ...args])).stdout)

/** A go-between that remembers what was asked of the site. */
async function watched() {
  const calls: string[] = []
  const server = createServer(async (request, response) => {
    calls.push(`${request.method} ${request.url}`)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method = 'GET', headers } = request
    const answer = await fetch(site.url + request.url, {
      method,
      headers: { authorization: headers.authorization ?? '', 'content-type': headers['content-type'] ?? '' },
      ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
    })
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
    response.end(Buffer.from(await answer.arrayBuffer()))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close().closeAllConnections())
  const address = server.address()
  return { calls, url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}` }
}

describe('mw publish', () => {
  test('brings a folder onto the site and says what became of each file', async () => {
    const name = freshName()
    const dir = newsroom({
      'pages/impressum.md': '---\ntitle: Impressum\n---\n\nText.\n',
      'media/bild.svg': SVG,
      [file(name)]: articleFile('Ein Titel', { image: '{src: bild.svg, alt: Ein Bild}' }),
    })
    const { code, stdout } = await publish(dir)
    expect(stdout.split('\n')).toEqual([
      'neu        media/bild.svg',
      'neu        site.yaml',
      'neu        pages/impressum.md',
      `neu        ${file(name)}`,
      '4 neu, 0 geändert, 0 unverändert, 0 abgelehnt.',
      '',
    ])
    expect(code).toBe(0)
    expect(await site.page(`/${name}/`)).toContain('Ein Titel')
  })

  test('asks for what is there and writes nothing when nothing has changed', async () => {
    const dir = newsroom({ [file(freshName())]: articleFile('x') })
    await publish(dir)
    const { calls, url } = await watched()
    const { stdout } = await publish(dir, [], url)
    expect(stdout).toBe('0 neu, 0 geändert, 2 unverändert, 0 abgelehnt.\n')
    expect(calls.toSorted()).toEqual([
      'GET /api/ads',
      'GET /api/articles',
      'GET /api/authors',
      'GET /api/media',
      'GET /api/pages',
      'GET /api/site',
    ])
  })

  test('sends only the file that has changed', async () => {
    const [one, two] = [freshName(), freshName()]
    const dir = newsroom({ [file(one)]: articleFile('x'), [file(two)]: articleFile('y') })
    await publish(dir)
    put(dir, { [file(two)]: articleFile('y', {}, 'Ein anderer Absatz.') })
    const { calls, url } = await watched()
    const { stdout } = await publish(dir, [], url)
    expect(stdout).toBe(`geändert   ${file(two)}\n0 neu, 1 geändert, 2 unverändert, 0 abgelehnt.\n`)
    expect(calls.filter((call) => !call.startsWith('GET'))).toEqual(['POST /api/articles'])
  })

  test('refuses a broken file on its line, sends the others, and fails', async () => {
    const [good, bad] = [freshName(), freshName()]
    const dir = newsroom({ [file(good)]: articleFile('x'), [file(bad)]: articleFile('y', { autor: 'Wer' }) })
    const { code, stdout } = await publish(dir)
    expect(stdout.split('\n')).toEqual([
      `${file(bad)}:5: autor: unbekannter Schlüssel (meinten Sie „author“?)`,
      `neu        ${file(good)}`,
      '1 neu, 0 geändert, 1 unverändert, 1 abgelehnt.',
      '',
    ])
    expect(code).toBe(1)
    expect((await site.fetch(`/${good}/`)).status).toBe(200)
    expect((await site.fetch(`/${bad}/`)).status).toBe(404)
  })

  test('--dry-run tells what would happen, and nothing does', async () => {
    const name = freshName()
    const { code, stdout } = await publish(newsroom({ [file(name)]: articleFile('x') }), ['--dry-run'])
    expect(stdout).toContain(`neu        ${file(name)}\n`)
    expect(stdout).toContain('Probelauf: nichts gesendet.')
    expect(code).toBe(0)
    expect((await site.fetch(`/${name}/`)).status).toBe(404)
  })

  test('deletes nothing unless --prune asks for it', async () => {
    const [stays, goes] = [freshName(), freshName()]
    const dir = newsroom({ [file(stays)]: articleFile('x'), [file(goes)]: articleFile('y') })
    await publish(dir)
    rmSync(join(dir, file(goes)))
    await publish(dir)
    expect((await site.fetch(`/${goes}/`)).status).toBe(200)
    expect((await publish(dir, ['--prune'])).stdout).toContain(`gelöscht   articles/${goes}\n`)
    expect((await site.fetch(`/${goes}/`)).status).toBe(410)
    expect((await site.fetch(`/${stays}/`)).status).toBe(200)
  })

  test('--prune deletes no article while a file is unreadable', async () => {
    const [broken, gone] = [freshName(), freshName()]
    const dir = newsroom({ [file(gone)]: articleFile('x'), [file(broken)]: articleFile('y') })
    await publish(dir)
    rmSync(join(dir, file(gone)))
    put(dir, { [file(broken)]: 'kein Kopf' })
    const { stderr } = await publish(dir, ['--prune'])
    expect(stderr).toBe('In articles wird nichts gelöscht, solange dort eine Datei unlesbar ist.\n')
    expect((await site.fetch(`/${gone}/`)).status).toBe(200)
    expect((await site.fetch(`/${broken}/`)).status).toBe(200)
  })

  test('--force sends everything, and the site finds that nothing has changed', async () => {
    const dir = newsroom({ [file(freshName())]: articleFile('x') })
    await publish(dir)
    expect((await json(dir, ['--force'])).counts).toMatchObject({ created: 0, updated: 0, unchanged: 2 })
  })

  test('gives machines the outcome of every file', async () => {
    const [good, bad] = [freshName(), freshName()]
    const dir = newsroom({
      [file(good)]: articleFile('x'),
      [file(bad)]: articleFile('y', { date: 'morgen' }),
    })
    const { to, dryRun, counts, items } = await json(dir)
    expect({ to, dryRun, counts }).toEqual({
      to: site.url,
      dryRun: false,
      counts: { created: 1, updated: 0, unchanged: 1, refused: 1, conflict: 0, deleted: 0 },
    })
    expect(items[0]).toMatchObject({
      kind: 'articles',
      name: bad,
      outcome: 'refused',
      refusals: [{ file: file(bad), line: 3, key: 'date' }],
    })
    expect(items).toContainEqual({
      kind: 'articles',
      name: good,
      file: file(good),
      outcome: 'created',
      refusals: [],
    })
  })

  test('sends more articles than go into one request', async () => {
    const many = Array.from({ length: 45 }, () => freshName())
    const dir = newsroom(Object.fromEntries(many.map((name) => [file(name), articleFile(name)])))
    const { calls, url } = await watched()
    const { stdout } = await publish(dir, [], url)
    expect(stdout).toContain('45 neu, 0 geändert, 1 unverändert, 0 abgelehnt.')
    expect(calls.filter((call) => call === 'POST /api/articles')).toHaveLength(3)
  })
})
