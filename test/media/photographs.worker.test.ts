import { mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readContentFolder } from '../../src/cli/content-folder.ts'
import { inspect } from '../../src/cli/inspect.ts'
import { de } from '../../src/locale/cli/de.ts'
import { articleFile, folder, makeFolder, removeFolder, SITE_YAML } from '../support/cli.ts'
import { Dom } from '../support/dom.ts'
import { publishFolderOn } from '../support/publish-folder.ts'
import { TestSite, TOKEN } from '../support/site.ts'

let site: TestSite
let dir: string
let cache: string

/** A photograph as a camera makes it: held upright, with its place and a comment inside. */
const photograph = (width: number, height: number, color = '#c8321f') =>
  sharp({ create: { width, height, channels: 3, background: color } })
    .withExif({
      IFD0: { ImageDescription: 'GEHEIM', Copyright: 'Foto: wir' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 31/1 0/1' },
    })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()

const publish = () => publishFolderOn(site, dir, cache)

beforeAll(async () => {
  site = await TestSite.open()
  cache = mkdtempSync(join(tmpdir(), 'mw-media-'))
  dir = makeFolder({
    'site.yaml': SITE_YAML,
    'articles/2026-01-15-a.md': articleFile(
      'Mit Bild',
      { image: '{src: ../media/foto.jpg, alt: Ein Foto, credit: wir}' },
      'Ein Absatz.\n\n![Noch eins](media/foto.jpg "Unten")\n\nEnde.',
    ),
    // 1200 by 800 as stored; turned by a quarter, it is 800 wide and 1200 high.
    'media/foto.jpg': await photograph(1200, 800),
  })
})
afterAll(async () => {
  removeFolder(dir)
  removeFolder(cache)
  await site.close()
})

describe('a photograph', () => {
  test('is stored in its widths and formats, and then shown', async () => {
    expect(await publish()).toEqual(['created media/foto.jpg', 'created site/site', 'created articles/a'])
    const { objects } = await site.env.MEDIA.list()
    const files = objects.map(({ key }) => key.replace(/^[0-9a-f]{32}/, '')).sort()
    const widths = ['320', '480', '640', '800']
    expect(files).toEqual(widths.flatMap((width) => [`-${width}.avif`, `-${width}.jpg`, `-${width}.webp`]))
  })

  test('is offered to a browser with all it needs to choose', async () => {
    const page = new Dom(await site.page('/a/'))
    const lead = '.lead-image picture'
    expect(page.attributes(`${lead} source`, 'type')).toEqual(['image/avif', 'image/webp'])
    expect(page.attributes(`${lead} source`, 'srcset')[0]).toMatch(
      /^\/media\/([0-9a-f]{32})-320\.avif 320w, \/media\/\1-480\.avif 480w, .*\/media\/\1-800\.avif 800w$/,
    )
    expect(page.attribute(`${lead} img`, 'sizes')).toContain('100vw')
    expect([page.attribute(`${lead} img`, 'width'), page.attribute(`${lead} img`, 'height')]).toEqual([
      '800',
      '1200',
    ])
    expect(page.attribute(`${lead} img`, 'fetchpriority')).toBe('high')
    expect(page.attribute(`${lead} img`, 'loading')).toBeNull()
    expect(page.attribute(`${lead} img`, 'class')).toBe('k200')
    expect(page.html).toContain('.k200{background:#d82828}')
    expect(page.attribute('.body figure picture img', 'loading')).toBe('lazy')
    expect(page.text('.body figcaption')).toBe('Unten')
    expect(page.attribute('meta[property="og:image"]', 'content')).toMatch(/-800\.jpg$/)
  })

  test('is turned as the camera was held, and tells nobody where that was', async () => {
    const [{ key } = { key: '' }] = (await site.env.MEDIA.list()).objects.filter((one) =>
      one.key.endsWith('-800.jpg'),
    )
    const bytes = Buffer.from(await (await site.fetch(`/media/${key}`)).arrayBuffer())
    const { width, height, exif, orientation, xmp, iptc } = await sharp(bytes).metadata()
    expect({ width, height, exif, orientation, xmp, iptc }).toEqual({
      width: 800,
      height: 1200,
      exif: undefined,
      orientation: undefined,
      xmp: undefined,
      iptc: undefined,
    })
    expect(bytes.toString('latin1')).not.toMatch(/GEHEIM|GPS|Foto: wir/)
    const { dominant } = await sharp(bytes).stats()
    expect(Math.abs(dominant.r - 200)).toBeLessThan(12)
  })

  test('is left alone when it has not changed: nothing is encoded, nothing is sent', async () => {
    const another = cache
    cache = join(mkdtempSync(join(tmpdir(), 'mw-media-')), 'leer')
    expect(await publish()).toEqual([
      'unchanged media/foto.jpg',
      'unchanged site/site',
      'unchanged articles/a',
    ])
    expect(() => readdirSync(cache)).toThrow('ENOENT')
    cache = another
  })

  test('that has changed is encoded again, alone, and its article shows it', async () => {
    writeFileSync(
      join(dir, 'media/zweites.png'),
      await sharp({ create: { width: 400, height: 300, channels: 3, background: '#00f' } })
        .png()
        .toBuffer(),
    )
    await publish()
    const before = readdirSync(cache).length
    writeFileSync(join(dir, 'media/foto.jpg'), await photograph(600, 400, '#2030d0'))
    expect(await publish()).toEqual([
      'unchanged media/zweites.png',
      'updated media/foto.jpg',
      'unchanged site/site',
      'updated articles/a',
    ])
    // 320 and 400 in three formats, and the colour.
    expect(readdirSync(cache).length - before).toBe(2 * 3 + 1)
    expect(new Dom(await site.page('/a/')).attribute('.lead-image img', 'class')).toBe('k002')
  })

  test('whose files are not all there is not entered', async () => {
    const photo = { hash: 'a'.repeat(32), width: 640, height: 480, widths: [320, 640], color: '#000000' }
    const response = await site.api('POST', 'media/fehlt.jpg', photo)
    expect(response.status).toBe(409)
    expect((await site.api('POST', 'media/fehlt.jpg', { ...photo, widths: [] })).status).toBe(400)
  })

  test('is not stored under a name that says something else', async () => {
    const bytes = new Uint8Array(
      await sharp({ create: { width: 320, height: 200, channels: 3, background: '#fff' } })
        .webp()
        .toBuffer(),
    )
    const put = (file: string) =>
      site.fetch(`/api/media/foto.jpg/${file}`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${TOKEN}` },
        body: bytes,
      })
    expect((await put(`${'b'.repeat(32)}-320.webp`)).status).toBe(204)
    for (const file of [
      `${'b'.repeat(32)}-480.webp`,
      `${'b'.repeat(32)}-320.avif`,
      'x-320.webp',
      `${'b'.repeat(32)}.webp`,
    ])
      expect((await put(file)).status, file).toBe(422)
  })
})

describe('what is no picture for a site is refused before it is decoded', () => {
  const refusalsOf = async (files: Record<string, string | Buffer>) => {
    const made = folder({ 'site.yaml': SITE_YAML, ...files })
    mkdirSync(join(made, 'media'), { recursive: true })
    symlinkSync('/etc/hostname', join(made, 'media/link.jpg'))
    const { refusals } = inspect(await readContentFolder(made, de), { language: 'de', texts: de })
    return refusals.map(({ file, message }) => `${file.replace(`${made}/`, '')}: ${message}`).sort()
  }

  test('a link, a bomb, a long animation, something else under a picture’s name', async () => {
    const raw = { width: 4, height: 4, channels: 3 as const }
    const frames = Array.from({ length: 130 }, (_, n) => Buffer.alloc(48, (n * 37) % 256))
    const stills = await Promise.all(frames.map((input) => sharp(input, { raw }).png().toBuffer()))
    const animation = await sharp(stills, { join: { animated: true } })
      .gif()
      .toBuffer()
    const bomb = await sharp({ create: { width: 10_000, height: 5_100, channels: 3, background: '#fff' } })
      .png()
      .toBuffer()
    expect(bomb.length).toBeLessThan(500_000)
    expect(
      await refusalsOf({
        'media/bombe.png': bomb,
        'media/film.gif': animation,
        'media/text.jpg': 'kein Bild',
      }),
    ).toEqual([
      'media/bombe.png: das Bild hat mehr als 50 Millionen Bildpunkte',
      'media/film.gif: die Animation ist zu groß: höchstens 120 Bilder und 5 MB',
      'media/link.jpg: das ist eine Verknüpfung; Bilder müssen selbst im Ordner liegen',
      'media/text.jpg: das ist kein Bild, oder nicht das, was seine Endung sagt',
    ])
  })

  test('a path that leaves the folder, and a lead picture that says nothing to who can’t see it', async () => {
    const refusals = await refusalsOf({
      'articles/2026-01-15-a.md': articleFile('x', { image: '{src: ../../etc/passwd.jpg, alt: x}' }),
      'articles/2026-01-16-b.md': articleFile('x', { image: "{src: foto.jpg, alt: ''}" }),
    })
    expect(refusals[0]).toMatch(/a\.md: ungültiger Wert: \.\.\/\.\.\/etc\/passwd\.jpg .*Name eines Bildes/)
    expect(refusals[1]).toMatch(/b\.md: ungültiger Wert.*was zu sehen ist/)
  })

  test('while a picture in the text without an alternative text is a note', async () => {
    const made = folder({
      'site.yaml': SITE_YAML,
      'articles/2026-01-15-a.md': articleFile('x', {}, 'Text.\n\n![](p.png)'),
      'media/p.png': await sharp({ create: { width: 4, height: 4, channels: 3, background: '#fff' } })
        .png()
        .toBuffer(),
    })
    const { refusals, warnings } = inspect(await readContentFolder(made, de), { language: 'de', texts: de })
    expect(refusals).toEqual([])
    expect(warnings).toMatchObject([{ line: 9, key: 'body' }])
  })
})
