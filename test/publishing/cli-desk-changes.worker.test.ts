import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { folder, mw, put, ROOT, SITE_YAML } from '../support/cli.ts'
import { Colleague } from '../support/desk.ts'
import { SVG } from '../support/fixture.ts'
import { TestSite, TOKEN } from '../support/site.ts'

/** Files and the desk are two ways into one store: neither overwrites unseen what the other did. */

let site: TestSite
let editor: Colleague
beforeAll(async () => {
  site = await TestSite.open()
  editor = await Colleague.open(site, 'editor')
})
afterAll(() => site.close())

let names = 0
const freshId = () => `kampagne-${++names}`
const file = (id: string) => `ads/${id}.yaml`

const campaignFile = (more = '') => `advertiser: Kontor Nordlicht
# Bis zum Jahresende so vereinbart.
weight: 4
${more}creatives:
  - kind: native
    headline: Fracht von Tür zu Tür.
    text: Wir planen Ihren Transport.
    button: Angebot anfordern
    url: https://example.com/angebot
`

/** A folder with campaigns that are on the site as they are in it. */
async function newsroom(...ids: string[]): Promise<string> {
  const files = Object.fromEntries(ids.map((id) => [file(id), campaignFile()]))
  const dir = folder({ 'site.yaml': SITE_YAML, ...files })
  await publish(dir)
  return dir
}

async function pull(dir: string, ...args: string[]) {
  const all = ['pull', '--content', dir, '--to', site.url, ...args]
  const ran = await mw(all, { env: { MW_TOKEN: TOKEN } })
  return { ...ran, lines: ran.stdout.replaceAll(`${dir}/`, '').trimEnd().split('\n') }
}

async function publish(dir: string, ...args: string[]) {
  const ran = await mw(['publish', dir, '--to', site.url, ...args], { env: { MW_TOKEN: TOKEN } })
  return { ...ran, lines: ran.stdout.replaceAll(`${dir}/`, '').trimEnd().split('\n') }
}

interface Stored {
  revision: number
  frontMatter: Record<string, unknown>
}
const stored = async (id: string): Promise<Stored> => (await site.api('GET', `ads/${id}`)).json()

const textOf = (dir: string, id: string) => readFileSync(join(dir, file(id)), 'utf8')

/** What the desk's form saves. */
const FORM = {
  advertiser: 'Kontor Nordlicht',
  weight: '4',
  'creatives.0.kind': 'native',
  'creatives.0.headline': 'Fracht von Tür zu Tür.',
  'creatives.0.text': 'Wir planen Ihren Transport.',
  'creatives.0.button': 'Angebot anfordern',
  'creatives.0.url': 'https://example.com/angebot',
}

async function changeAtDesk(id: string, fields: Record<string, string> = {}): Promise<void> {
  const { revision } = await stored(id)
  const answer = await editor.post(`/desk/ads/${id}/`, {
    ...FORM,
    ...fields,
    revision: String(revision),
    do: 'save',
  })
  expect(answer.headers.get('location')).toContain('meldung=saved')
}

describe('mw publish after a change at the desk', () => {
  test('does not overwrite it with the file it was made from, and says how to get it', async () => {
    const [id, other] = [freshId(), freshId()]
    const dir = await newsroom(id, other)
    await changeAtDesk(id, { weight: '9' })
    put(dir, { [file(other)]: campaignFile('category: fracht\n') })
    const { code, lines } = await publish(dir)
    expect(lines).toEqual([
      `${file(id)}:1: am Redaktionstisch geändert, nicht überschrieben; „mw pull ${id}“ holt es`,
      '  weight: Datei 4 · Site 9',
      `geändert   ${file(other)}`,
      '0 neu, 1 geändert, 1 unverändert, 0 abgelehnt, 1 überholt.',
    ])
    expect(code).toBe(1)
    expect(await stored(id)).toMatchObject({ frontMatter: { weight: 9 } })
  })

  test('refuses a file that was changed too, and shows both versions key by key', async () => {
    const id = freshId()
    const dir = await newsroom(id)
    await changeAtDesk(id, { weight: '9', 'creatives.0.button': 'Mehr' })
    put(dir, { [file(id)]: campaignFile('category: fracht\n') })
    const { code, lines } = await publish(dir)
    expect(lines.slice(0, -1)).toEqual([
      expect.stringContaining(`${file(id)}:1: hier und am Redaktionstisch geändert`),
      '  weight: Datei 4 · Site 9',
      '  category: Datei "fracht" · Site –',
      '  creatives.0.button: Datei "Angebot anfordern" · Site "Mehr"',
    ])
    expect(code).toBe(1)
    const { stdout } = await publish(dir, '--json')
    expect(JSON.parse(stdout).items.find(({ name }: { name: string }) => name === id)).toMatchObject({
      outcome: 'conflict',
      differences: [{ key: 'weight', file: 4, site: 9 }, { key: 'category' }, { key: 'creatives.0.button' }],
    })
  })

  test('--dry-run tells so, and --force does not overwrite it either', async () => {
    const id = freshId()
    const dir = await newsroom(id)
    await changeAtDesk(id, { weight: '9' })
    const { code, lines } = await publish(dir, '--dry-run')
    expect([code, lines[0]]).toEqual([1, expect.stringContaining('am Redaktionstisch geändert')])
    expect((await publish(dir, '--force')).code).toBe(1)
    expect(await stored(id)).toMatchObject({ frontMatter: { weight: 9 } })
  })

  test('--overwrite takes the file’s version, and the file goes on as before', async () => {
    const id = freshId()
    const dir = await newsroom(id)
    await changeAtDesk(id, { weight: '9' })
    expect(await publish(dir, '--overwrite', id)).toMatchObject({ code: 0 })
    expect(await stored(id)).toMatchObject({ frontMatter: { weight: 4 } })
    put(dir, { [file(id)]: textOf(dir, id).replace('weight: 4', 'weight: 5') })
    expect(await publish(dir)).toMatchObject({ code: 0 })
    expect(await stored(id)).toMatchObject({ frontMatter: { weight: 5 } })
  })

  test('takes a file that was brought by hand to what the desk says', async () => {
    const id = freshId()
    const dir = await newsroom(id)
    await changeAtDesk(id, { weight: '9' })
    put(dir, { [file(id)]: campaignFile().replace('weight: 4', 'weight: 9') })
    const { code, lines } = await publish(dir)
    expect([code, lines.at(-1)]).toEqual([0, '0 neu, 0 geändert, 2 unverändert, 0 abgelehnt.'])
  })

  test('holds for pausing too, at the desk and by mw ads pause, until it is taken back', async () => {
    const id = freshId()
    const dir = await newsroom(id)
    const pause = () => mw(['ads', 'pause', id, '--to', site.url], { env: { MW_TOKEN: TOKEN } })
    await pause()
    expect((await publish(dir)).lines[1]).toBe('  state: Datei – · Site "paused"')
    const { revision } = await stored(id)
    await editor.post('/desk/ads/', { campaign: `${id}.${revision}`, do: 'resume' })
    expect(await stored(id)).toMatchObject({ frontMatter: { state: 'ready' } })
    expect((await publish(dir)).code).toBe(1)
  })

  test('does not bring back what was deleted at the desk', async () => {
    const id = freshId()
    const dir = folder({ 'site.yaml': SITE_YAML, [file(id)]: campaignFile('state: draft\n') })
    await publish(dir)
    const { revision } = await stored(id)
    await editor.post(`/desk/ads/${id}/`, { revision: String(revision), do: 'delete' })
    const { code, lines } = await publish(dir)
    expect(lines[0]).toBe(
      `${file(id)}:1: am Redaktionstisch gelöscht; bitte die Datei löschen, oder „mw publish --overwrite ${id}“ legt die Kampagne wieder an`,
    )
    expect(code).toBe(1)
    expect(await publish(dir, '--overwrite', id)).toMatchObject({ code: 0 })
    put(dir, { [file(id)]: campaignFile('category: fracht\n') })
    expect((await publish(dir)).code).toBe(0)
  })

  test('--prune keeps what the desk made', async () => {
    const dir = await newsroom(freshId())
    const made = await editor.post('/desk/ads/new/', { ...FORM, name: 'Nur am Tisch', do: 'save' })
    expect(made.status).toBe(303)
    const { stderr } = await publish(dir, '--prune')
    expect(stderr).toContain(
      'Die Kampagne „nur-am-tisch“ wurde am Redaktionstisch angelegt oder geändert und bleibt',
    )
    expect((await site.api('GET', 'ads/nur-am-tisch')).status).toBe(200)
    await publish(dir, '--prune', '--overwrite', 'nur-am-tisch')
    expect((await site.api('GET', 'ads/nur-am-tisch')).status).toBe(404)
  })
})

describe('the publishing API, after a change at the desk', () => {
  test('answers 409 with what is stored to a version that names no revision, and takes one that does', async () => {
    const id = freshId()
    await newsroom(id)
    await changeAtDesk(id, { weight: '9' })
    const { revision, frontMatter } = await stored(id)
    const theirs = { revision, frontMatter, body: '' }
    const mine = { frontMatter: { ...frontMatter, weight: 5 } }
    const refused = await site.api('PUT', `ads/${id}`, mine)
    expect(refused.status).toBe(409)
    expect(await refused.json()).toMatchObject({ theirs })
    const many = await site.api('POST', 'ads', { items: [{ slug: id, ...mine }] })
    expect(await many.json()).toEqual({ items: [{ slug: id, outcome: 'conflict', theirs }] })
    expect((await site.api('PUT', `ads/${id}`, { ...mine, base: revision })).status).toBe(200)
  })

  test('loses nothing when both write at the same moment', async () => {
    const id = freshId()
    const dir = await newsroom(id)
    const { revision } = await stored(id)
    put(dir, { [file(id)]: campaignFile('category: fracht\n') })
    const [saved, published] = await Promise.all([
      editor.post(`/desk/ads/${id}/`, { ...FORM, weight: '9', revision: String(revision), do: 'save' }),
      publish(dir),
    ])
    // One of them was told of the other.
    expect([saved.status, published.code]).toEqual(saved.status === 303 ? [303, 1] : [409, 0])
  })
})

describe('mw pull', () => {
  const UNCHANGED = '0 neu, 0 geändert, 2 unverändert, 0 abgelehnt.'

  test('changes nothing where nothing was changed at the desk', async () => {
    const id = freshId()
    const dir = await newsroom(id)
    const { code, lines } = await pull(dir, id)
    expect([code, lines]).toEqual([0, ['0 neu, 0 geändert, 0 unverändert, 0 abgelehnt.']])
    expect(textOf(dir, id)).toBe(campaignFile())
  })

  test('brings the file to what the desk says, and leaves comments and order as they were', async () => {
    const id = freshId()
    const dir = await newsroom(id)
    await changeAtDesk(id, { weight: '9', 'creatives.0.button': 'Mehr', category: 'fracht' })
    expect((await pull(dir, id, '--dry-run')).lines).toEqual([
      `geändert   ${file(id)}`,
      '0 neu, 1 geändert, 0 unverändert, 0 abgelehnt.',
      'Probelauf: nichts geschrieben.',
    ])
    expect(textOf(dir, id)).toBe(campaignFile())
    expect((await pull(dir, id)).code).toBe(0)
    const [mark, ...lines] = textOf(dir, id).split('\n')
    expect(mark).toMatch(/^# mw pull [0-9a-f]{16} – bis hierher kennt die Datei/)
    const changed = campaignFile().replace('weight: 4', 'weight: 9').replace('Angebot anfordern', 'Mehr')
    expect(lines.join('\n')).toBe(`${changed}category: fracht\n`)
    const { code, lines: said } = await publish(dir)
    expect([code, said.at(-1)]).toEqual([0, UNCHANGED])
    expect((await pull(dir, id)).lines).toEqual(['0 neu, 0 geändert, 1 unverändert, 0 abgelehnt.'])
  })

  test('lets the file be changed further, here and by colleagues who have it, but not by others', async () => {
    const id = freshId()
    const [dir, other] = [await newsroom(id), await newsroom(id)]
    await changeAtDesk(id, { weight: '9' })
    await pull(dir, id)
    put(dir, { [file(id)]: textOf(dir, id).replace('weight: 9', 'weight: 10') })
    expect((await publish(dir)).code).toBe(0)
    const { code, lines } = await publish(other)
    expect([code, lines[1]]).toEqual([1, '  weight: Datei 4 · Site 10'])
    put(other, { [file(id)]: textOf(dir, id).replace('weight: 10', 'weight: 11') })
    expect((await publish(other)).code).toBe(0)
    await changeAtDesk(id, { weight: '12' })
    expect((await publish(other)).code).toBe(1)
    expect(await pull(other, id)).toMatchObject({ code: 0 })
    expect(textOf(other, id)).toContain('weight: 12')
  })

  test('gives a campaign made at the desk a file, with the picture that was uploaded', async () => {
    const dir = await newsroom(freshId())
    const body = new FormData()
    const fields = { ...FORM, name: 'Mit Bild', 'creatives.0.image.alt': 'Rot', do: 'save' }
    for (const [name, value] of Object.entries({ token: await editor.token, ...fields }))
      body.append(name, value)
    body.append('creatives.0.upload', new File([SVG], 'Neues Motiv.svg', { type: 'image/svg+xml' }))
    const headers = { cookie: editor.cookie, origin: site.url }
    await site.fetch('/desk/ads/new/', { method: 'POST', body, headers })
    expect((await pull(dir, 'mit-bild')).lines).toEqual([
      'neu        media/neues-motiv.svg',
      `neu        ${file('mit-bild')}`,
      '2 neu, 0 geändert, 0 unverändert, 0 abgelehnt.',
    ])
    const { code, stdout } = await publish(dir, '--json')
    expect([code, JSON.parse(stdout).counts]).toEqual([
      0,
      { created: 0, updated: 0, unchanged: 4, refused: 0, conflict: 0, deleted: 0 },
    ])
  })

  test('brings a photograph as it was uploaded, which is then published as any other', async () => {
    const dir = await newsroom(freshId())
    const body = new FormData()
    const fields = { ...FORM, name: 'Mit Foto', 'creatives.0.image.alt': 'Steppe', do: 'save' }
    for (const [name, value] of Object.entries({ token: await editor.token, ...fields }))
      body.append(name, value)
    const photo = readFileSync(join(ROOT, 'content/media/steppe-abend.jpg'))
    body.append('creatives.0.upload', new File([photo], 'steppe.jpg'))
    await site.fetch('/desk/ads/new/', {
      method: 'POST',
      body,
      headers: { cookie: editor.cookie, origin: site.url },
    })
    expect((await pull(dir, 'mit-foto')).code).toBe(0)
    expect(readFileSync(join(dir, 'media/steppe.jpg')).equals(photo)).toBe(true)
    const sent = await publish(dir)
    expect(sent.lines.slice(0, -1)).toEqual(['geändert   media/steppe.jpg', `geändert   ${file('mit-foto')}`])
    expect((await publish(dir)).lines.at(-1)).toBe('0 neu, 0 geändert, 4 unverändert, 0 abgelehnt.')
    rmSync(join(dir, 'media'), { recursive: true })
    rmSync(join(dir, file('mit-foto')))
    const { code, lines } = await pull(dir, 'mit-foto')
    expect([code, lines[0]]).toEqual([1, expect.stringContaining('nur verkleinerte Fassungen')])
  })

  test('and mw publish agree on whatever the desk saves in whatever files', async () => {
    const line = fc.stringMatching(/^[A-Za-zäöü#:'"&*{-][A-Za-zäöü0-9 #:'"&*{}[\],-]{0,30}[a-z.]$/)
    const texts = fc.record({
      advertiser: line,
      'creatives.0.headline': line,
      'creatives.0.text': line,
      weight: fc.integer({ min: 1, max: 100 }).map(String),
      category: fc.constantFrom('', 'fracht', 'energie'),
      start: fc.constantFrom('', '2026-01-01'),
      'target.tags': fc.constantFrom('', 'solar, wind', 'solar'),
      state: fc.constantFrom('ready', 'draft', 'paused'),
    })
    const changes = fc.sample(texts, { numRuns: 25, seed: 8 })
    const ids = changes.map(freshId)
    const dir = await newsroom(...ids)
    for (const [index, id] of ids.entries()) await changeAtDesk(id, changes[index])
    expect((await pull(dir, ...ids)).code).toBe(0)
    const pulled = ids.map((id) => textOf(dir, id))
    expect((await publish(dir)).lines).toEqual(['0 neu, 0 geändert, 26 unverändert, 0 abgelehnt.'])
    await pull(dir, ...ids)
    expect(ids.map((id) => textOf(dir, id))).toEqual(pulled)
    expect(pulled.filter((text) => !text.includes('# Bis zum Jahresende so vereinbart.'))).toEqual([])
  })

  test('does not overwrite a file that was changed too, unless asked to', async () => {
    const id = freshId()
    const dir = await newsroom(id)
    await changeAtDesk(id, { weight: '9' })
    const mine = campaignFile('category: fracht\n')
    put(dir, { [file(id)]: mine })
    const { code, lines } = await pull(dir, id)
    expect(lines).toEqual([
      expect.stringContaining(`„mw pull --overwrite ${id}“ nimmt die Fassung der Site`),
      '  weight: Datei 4 · Site 9',
      '  category: Datei "fracht" · Site –',
      '0 neu, 0 geändert, 0 unverändert, 0 abgelehnt, 1 überholt.',
    ])
    expect([code, textOf(dir, id)]).toEqual([1, mine])
    const { stdout } = await pull(dir, id, '--json')
    expect(JSON.parse(stdout)).toMatchObject({
      counts: { conflict: 1 },
      items: [{ name: id, outcome: 'conflict', differences: [{ key: 'weight', file: 4, site: 9 }, {}] }],
    })
    expect((await pull(dir, '--overwrite', id)).code).toBe(0)
    expect(textOf(dir, id)).toContain('weight: 9\ncreatives')
    expect((await publish(dir)).lines.at(-1)).toBe(UNCHANGED)
  })

  test('names what was deleted at the desk, and deletes no file', async () => {
    const id = freshId()
    const dir = folder({ 'site.yaml': SITE_YAML, [file(id)]: campaignFile('state: draft\n') })
    await publish(dir)
    const { revision } = await stored(id)
    await editor.post(`/desk/ads/${id}/`, { revision: String(revision), do: 'delete' })
    const { code, lines } = await pull(dir, id)
    expect([code, lines[0]]).toEqual([
      0,
      expect.stringContaining(`${file(id)}:1: am Redaktionstisch gelöscht`),
    ])
    expect(textOf(dir, id)).toBe(campaignFile('state: draft\n'))
    rmSync(join(dir, file(id)))
    expect((await publish(dir)).code).toBe(0)
  })

  test('says so when there is no such campaign, and when that is no id', async () => {
    const dir = await newsroom()
    expect(await pull(dir, 'gibt-es-nicht')).toMatchObject({ code: 1 })
    expect(await pull(dir, 'Kein Name')).toMatchObject({ code: 2 })
  })
})
