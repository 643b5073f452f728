import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dom } from '../support/dom.ts'
import { article, publishNewsroom, SVG } from '../support/fixture.ts'
import { TestSite, TOKEN } from '../support/site.ts'

let site: TestSite
/** One pixel. */
const PNG = Uint8Array.from(
  atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='),
  (c) => c.charCodeAt(0),
)

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site, article('artikel', { image: { src: 'bild.svg', alt: 'Rot' } }))
  await site.putPicture('punkt.png', PNG)
})
afterAll(() => site.close())

const library = async (): Promise<Record<string, { src: string; width: number; height: number }>> => {
  const { items }: { items: { name: string; src: string; width: number; height: number }[] } = await (
    await site.api('GET', 'media')
  ).json()
  return Object.fromEntries(items.map(({ name, ...rest }) => [name, rest]))
}
const put = (name: string, body: BodyInit) =>
  site.fetch(`/api/media/${name}`, { method: 'PUT', headers: { authorization: `Bearer ${TOKEN}` }, body })

describe('a picture', () => {
  test('is served under its content hash, for ever', async () => {
    const { 'bild.svg': bild, 'punkt.png': punkt } = await library()
    const svg = await site.fetch(bild?.src ?? '')
    expect(svg.status).toBe(200)
    expect(svg.headers.get('content-type')).toBe('image/svg+xml')
    expect(svg.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(await svg.text()).toBe(SVG)
    const png = await site.fetch(punkt?.src ?? '')
    expect(png.headers.get('content-type')).toBe('image/png')
    expect(new Uint8Array(await png.arrayBuffer())).toEqual(PNG)
  })

  test('has a strong ETag and is not sent twice', async () => {
    const { src = '' } = (await library())['bild.svg'] ?? {}
    const etag = (await site.fetch(src)).headers.get('etag') ?? ''
    expect(etag).toMatch(/^"[0-9a-f]{32}\.svg"$/)
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const again = await site.fetch(src, { headers: { 'if-none-match': known } })
      expect(again.status, known).toBe(304)
      expect(await again.text()).toBe('')
    }
  })

  test('opened by itself may draw and nothing more', async () => {
    const { src = '' } = (await library())['bild.svg'] ?? {}
    const policy = (await site.fetch(src)).headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toMatch(/(?:^|; )sandbox(?:;|$)/)
  })

  test('under another extension than its own is not there', async () => {
    const { src = '' } = (await library())['bild.svg'] ?? {}
    for (const path of [
      src.replace('.svg', '.html'),
      src.replace('.svg', '.png'),
      '/media/bild.svg',
      '/media/',
    ]) {
      expect((await site.fetch(path)).status, path).toBe(404)
    }
  })

  test('that changed gets another address, and an article published again shows it', async () => {
    const before = (await library())['bild.svg']?.src ?? ''
    await site.putPicture('bild.svg', SVG.replace('1200', '600').replace('#c8321f', '#1f32c8'))
    const after = (await library())['bild.svg']?.src ?? ''
    expect(after).not.toBe(before)
    await site.publish('articles', article('artikel', { image: { src: 'bild.svg', alt: 'Rot' } }))
    const page = new Dom(await site.page('/artikel/'))
    expect(page.attribute('.lead-image img', 'src')).toBe(after)
    expect((await site.fetch(before)).status).toBe(200) // a page in somebody's cache still shows it
  })
})

describe('what is no picture is refused', () => {
  test.each([
    ['text under a picture’s name', 'text.png', 'kein Bild'],
    ['HTML under a vector’s name', 'seite.svg', '<html><script>alert(1)</script></html>'],
    ['a picture under another kind’s name', 'punkt.jpg', PNG],
    ['nothing', 'leer.png', ''],
  ])('%s', async (_, name, body) => {
    const response = await put(name, body)
    expect(response.status).toBe(422)
    expect(await library()).not.toHaveProperty([name])
  })

  test.each(['bild.html', 'Bild.svg', '..%2fbild.svg', `${'a'.repeat(200)}.svg`])(
    'the name %s',
    async (name) => {
      expect((await put(name, SVG)).status).toBe(404)
    },
  )

  test('more than 5 MB', async () => {
    expect((await put('gross.png', new Uint8Array(5 * 1024 * 1024 + 1))).status).toBe(413)
  })
})
