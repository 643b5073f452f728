import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCheck } from '../../src/cli/check.ts'
import { articleFile, folder, listen, makeFolder, removeFolder, SITE_YAML } from '../support/cli.ts'
import { Dom } from '../support/dom.ts'
import { publishFolderOn } from '../support/publish-folder.ts'
import { CAPTIONS, makeFilm, SOUND } from '../support/recordings.ts'
import { TestSite, TOKEN } from '../support/site.ts'

let site: TestSite
let dir: string
let cache: string
let film: Uint8Array<ArrayBuffer>

beforeAll(async () => {
  site = await TestSite.open()
  cache = mkdtempSync(join(tmpdir(), 'mw-media-'))
  film = await makeFilm(640, 360)
  const text = `Davor.

![Die Redaktion bei der Arbeit](film.webm "Ein Tag im Haus | Film: wir")

![Gespräch mit der Verlegerin](../media/gespraech.mp3 "20 Minuten")

Danach.`
  dir = makeFolder({
    'site.yaml': SITE_YAML,
    'articles/2026-01-15-a.md': articleFile('Mit Ton und Bild', {}, text),
    'media/film.webm': film,
    'media/film.vtt': CAPTIONS,
    'media/film.en.vtt': CAPTIONS.replace('Guten Tag', 'Good day'),
    'media/film.jpg': await sharp({ create: { width: 640, height: 360, channels: 3, background: '#135' } })
      .jpeg()
      .toBuffer(),
    'media/gespraech.mp3': SOUND,
  })
})
afterAll(async () => {
  removeFolder(dir)
  rmSync(cache, { recursive: true })
  await site.close()
})

const publish = () => publishFolderOn(site, dir, cache)

describe('a recording', () => {
  test('is published with its captions and its still, once', async () => {
    expect((await publish()).toSorted()).toEqual([
      'created articles/a',
      'created media/film.en.vtt',
      'created media/film.jpg',
      'created media/film.vtt',
      'created media/film.webm',
      'created media/gespraech.mp3',
      'created site/site',
    ])
    expect((await publish()).filter((line) => !line.startsWith('unchanged'))).toEqual([])
  })

  test('is played by what every browser has, and fetched when somebody wants it', async () => {
    const page = new Dom(await site.page('/a/'))
    const at = (name: string) => page.attribute('.body figure video', name)
    expect([at('width'), at('height'), at('preload'), at('aria-label')]).toEqual([
      '640',
      '360',
      'none',
      'Die Redaktion bei der Arbeit',
    ])
    expect(at('controls')).not.toBeNull()
    expect(at('poster')).toMatch(/^\/media\/[0-9a-f]{32}-640\.jpg$/)
    expect(page.attributes('video track', 'srclang')).toEqual(['de', 'en'])
    expect(page.attributes('video track', 'label')).toEqual([
      'Untertitel auf Deutsch',
      'Untertitel auf Englisch',
    ])
    expect(page.texts('.body figcaption')).toEqual(['Ein Tag im Haus Film: wir', '20 Minuten'])
    expect(page.attribute('.body audio', 'preload')).toBe('none')
    for (const address of [...page.attributes(':is(video, audio, track)', 'src'), at('poster')])
      expect((await site.fetch(address ?? '')).status, String(address)).toBe(200)
    const policy = (await site.fetch('/a/')).headers.get('content-security-policy')
    expect(policy).toContain("media-src 'self'")
  })

  test('has an address in the feed that works elsewhere', async () => {
    expect(await site.page('/feed/json/')).toMatch(
      /<video src=\\"http:\/\/[^"]+\/media\/[0-9a-f]{32}\.webm\\"/,
    )
  })

  test('shows new captions without being touched itself', async () => {
    writeFileSync(join(dir, 'media/film.vtt'), CAPTIONS.replace('Tag', 'Abend'))
    expect((await publish()).filter((line) => !line.startsWith('unchanged'))).toEqual([
      'updated media/film.vtt',
      'updated articles/a',
    ])
    const [captions] = new Dom(await site.page('/a/')).attributes('video track', 'src')
    expect(await site.page(captions ?? '')).toContain('Guten Abend')
  })

  test('is refused when it is not what its name says', async () => {
    const names = { 'lied.mp3': 'kein Ton', 'film.mp4': film, 'ton.webm': SOUND, 'text.vtt': 'Guten Tag.' }
    const files = Object.entries(names).map(([name, content]) => [`media/${name}`, content] as const)
    const { terminal, shown } = listen({ MW_LANG: 'de' })
    const bad = folder({ 'site.yaml': SITE_YAML, ...Object.fromEntries(files) })
    expect(await runCheck(bad, false, terminal)).toBe(1)
    for (const [file] of files)
      expect(shown.out).toContain(`${file}:1: das ist keine Aufnahme, oder nicht das, was ihre Endung sagt`)
  })

  test('without captions, or without a name, is a note', async () => {
    const { terminal, shown } = listen({ MW_LANG: 'de' })
    const silent = folder({
      'site.yaml': SITE_YAML,
      'articles/2026-01-15-a.md': articleFile('x', {}, 'Text.\n\n![](stumm.webm)'),
      'media/stumm.webm': film,
    })
    expect(await runCheck(silent, false, terminal)).toBe(0)
    const said = shown.out + shown.err
    expect(said).toContain('dieser Film hat keine Untertitel')
    expect(said).toContain('hat keinen Alternativtext')
  })

  test('is not stored when it is not what its digest says', async () => {
    const put = (file: string, digest: string) =>
      site.fetch(`/api/media/lied.mp3/${file}`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${TOKEN}`, 'content-digest': digest },
        body: SOUND,
      })
    const hash = async (bytes: Uint8Array<ArrayBuffer>) =>
      Buffer.from(await crypto.subtle.digest('SHA-256', bytes))
    const right = await hash(SOUND)
    const wrong = await hash(new Uint8Array([1]))
    const digest = (bytes: Buffer) => `sha-256=:${bytes.toString('base64')}:`
    const name = (bytes: Buffer) => `${bytes.toString('hex').slice(0, 32)}.mp3`
    expect((await put(name(wrong), digest(right))).status).toBe(422) // another name
    expect((await put(name(wrong), digest(wrong))).status).toBe(422) // another content
    expect((await put(name(right), 'sha-256=:kein:')).status).toBe(422)
    expect(await site.env.MEDIA.head(name(wrong))).toBeNull()
    expect((await put(name(right), digest(right))).status).toBe(204)
  })
})
