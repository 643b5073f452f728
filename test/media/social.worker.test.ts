import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { articleFile, makeFolder, removeFolder, SITE_YAML } from '../support/cli.ts'
import { Dom } from '../support/dom.ts'
import { article, publishNewsroom } from '../support/fixture.ts'
import { publishFolderOn } from '../support/publish-folder.ts'
import { TestSite, TOKEN } from '../support/site.ts'

let site: TestSite
let dir: string
let cache: string
const SITE = SITE_YAML.replace('social: none\n', '')
const A = 'articles/2026-01-15-a.md'

beforeAll(async () => {
  site = await TestSite.open()
  cache = mkdtempSync(join(tmpdir(), 'mw-media-'))
  dir = makeFolder({
    'site.yaml': SITE,
    [A]: articleFile('Donaudampfschifffahrtsgesellschaft feiert'),
    'articles/2026-01-16-b.md': articleFile('Zweiter Artikel'),
    'articles/2026-01-17-c.md': articleFile('Привет'),
  })
})
afterAll(async () => {
  removeFolder(dir)
  rmSync(cache, { recursive: true })
  await site.close()
})

const write = (file: string, text: string) => writeFileSync(join(dir, file), text)
const changes = async () =>
  (await publishFolderOn(site, dir, cache)).filter((line) => !line.startsWith('unchanged')).toSorted()
const imageOf = async (path: string) => {
  const page = new Dom(await site.page(path))
  return page.attributes('meta[property="og:image"]', 'content')[0] ?? null
}

describe('a social picture', () => {
  test('is drawn for every article whose headline the face has letters for', async () => {
    expect(await changes()).toEqual([
      'created articles/a',
      'created articles/b',
      'created articles/c',
      'created media/social-a.png',
      'created media/social-b.png',
      'created site/site',
    ])
    expect(await imageOf('/c/')).toBeNull()
  })

  test('is what other services are shown, with its size and the headline as its text', async () => {
    const page = new Dom(await site.page('/a/'))
    const meta = (name: string) => page.attribute(`meta[property="${name}"]`, 'content')
    expect(meta('og:image')).toMatch(/^http:\/\/[^/]+\/media\/[0-9a-f]{32}\.png$/)
    expect([meta('og:image:width'), meta('og:image:height')]).toEqual(['1200', '630'])
    expect(meta('og:image:alt')).toBe('Donaudampfschifffahrtsgesellschaft feiert')
    expect(page.attribute('meta[name="twitter:card"]', 'content')).toBe('summary_large_image')
    const bytes = await (await site.fetch(new URL(meta('og:image') ?? '').pathname)).arrayBuffer()
    const { width, height, format } = await sharp(Buffer.from(bytes)).metadata()
    expect({ width, height, format }).toEqual({ width: 1200, height: 630, format: 'png' })
    // There is ink in it, and it keeps away from the edges.
    const { channels } = await sharp(Buffer.from(bytes)).removeAlpha().stats()
    expect(channels[0]?.min).toBeLessThan(60)
    const margin = await sharp(Buffer.from(bytes))
      .extract({ left: 1140, top: 0, width: 60, height: 630 })
      .toBuffer()
    const right = await sharp(margin).stats()
    expect(right.channels[0]?.min).toBeGreaterThan(200)
  })

  test('is drawn again only when what it says has changed', async () => {
    expect(await changes()).toEqual([])
    write(A, articleFile('Donaudampfschifffahrtsgesellschaft feiert', {}, 'Ein anderer Text.'))
    expect(await changes()).toEqual(['updated articles/a'])
    const before = await imageOf('/a/')
    write(A, articleFile('Eine neue Überschrift', {}, 'Ein anderer Text.'))
    expect(await changes()).toEqual(['updated articles/a', 'updated media/social-a.png'])
    expect(await imageOf('/a/')).not.toBe(before)
  })

  test('changes with the colours of the theme', async () => {
    const before = await imageOf('/b/')
    write('site.yaml', `${SITE}theme:\n  colors:\n    light: { accent: "#00508f" }\n`)
    expect(await changes()).toEqual([
      'updated articles/a',
      'updated articles/b',
      'updated media/social-a.png',
      'updated media/social-b.png',
      'updated site/site',
    ])
    expect(await imageOf('/b/')).not.toBe(before)
  })

  test('is not shown any more where it says something else than the article', async () => {
    await site.publish(
      'articles',
      article('a', { title: 'Am Telefon geändert', author: undefined, section: 'wirtschaft', tags: [] }),
    )
    expect(await imageOf('/a/')).toBeNull()
  })

  test('is none where the site wants none', async () => {
    write('site.yaml', `${SITE}social: none\n`)
    await changes()
    expect(await imageOf('/b/')).toBeNull()
  })

  test('is taken only as what it is', async () => {
    await publishNewsroom(site)
    const put = async (file: string, width: number, height: number) => {
      const body = await sharp({ create: { width, height, channels: 3, background: '#fff' } })
        .png()
        .toBuffer()
      const headers = { authorization: `Bearer ${TOKEN}` }
      const path = `/api/media/social-x.png/${file}`
      return (await site.fetch(path, { method: 'PUT', headers, body: new Uint8Array(body) })).status
    }
    const hash = 'c'.repeat(32)
    expect(await put(`${hash}.png`, 1200, 630)).toBe(204)
    expect(await put(`${hash}.png`, 1200, 628)).toBe(422)
    expect(await put('bild.png', 1200, 630)).toBe(422)
    const entry = { hash: 'd'.repeat(32), width: 1200, height: 630 }
    expect((await site.api('POST', 'media/social-x.png', entry)).status).toBe(409)
  })
})
