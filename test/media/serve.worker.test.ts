import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { publishNewsroom } from '../support/fixture.ts'
import { TestSite } from '../support/site.ts'

let site: TestSite
const FILE = `${'a'.repeat(32)}.mp3`
const BYTES = Uint8Array.from({ length: 1000 }, (_, index) => index % 251)

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site)
  await site.env.MEDIA.put(FILE, BYTES)
})
afterAll(() => site.close())

const get = (headers: Record<string, string> = {}, method = 'GET') =>
  site.fetch(`/media/${FILE}`, { method, headers })
const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer())

describe('a file of the library', () => {
  test('says how long it is and that parts of it can be had', async () => {
    const whole = await get()
    expect(whole.status).toBe(200)
    expect(whole.headers.get('content-type')).toBe('audio/mpeg')
    expect(whole.headers.get('content-length')).toBe('1000')
    expect(whole.headers.get('accept-ranges')).toBe('bytes')
    expect(whole.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await bytesOf(whole)).toEqual(BYTES)
  })

  test('answers HEAD with the same head and no body', async () => {
    const head = await get({}, 'HEAD')
    const whole = await get()
    await whole.arrayBuffer()
    for (const name of ['content-type', 'content-length', 'etag', 'cache-control', 'accept-ranges'])
      expect(head.headers.get(name), name).toBe(whole.headers.get(name))
    expect(await head.text()).toBe('')
  })

  test.each([
    ['bytes=0-99', 0, 99],
    ['bytes=900-', 900, 999],
    ['bytes=-1', 999, 999],
    ['bytes=-5000', 0, 999],
    ['bytes=990-5000', 990, 999],
    ['bytes=999-999', 999, 999],
  ])('gives the part that %s asks for', async (range, start, end) => {
    const part = await get({ range })
    expect(part.status).toBe(206)
    expect(part.headers.get('content-range')).toBe(`bytes ${start}-${end}/1000`)
    expect(part.headers.get('content-length')).toBe(String(end - start + 1))
    expect(await bytesOf(part)).toEqual(BYTES.slice(start, end + 1))
  })

  test.each(['bytes=1000-', 'bytes=5000-6000', 'bytes=-0'])(
    'has no part for %s, and says its length',
    async (range) => {
      const nothing = await get({ range })
      expect(nothing.status).toBe(416)
      expect(nothing.headers.get('content-range')).toBe('bytes */1000')
      expect(await nothing.text()).toBe('')
    },
  )

  test.each(['bytes=abc', 'bytes', 'zeilen=1-2', 'bytes=5-1', 'bytes=0-1,5-9', 'bytes=0-1,x'])(
    'is sent whole where %s asks for what is no single part',
    async (range) => {
      const whole = await get({ range })
      expect(whole.status).toBe(200)
      expect(await bytesOf(whole)).toEqual(BYTES)
    },
  )

  test('is sent whole to whoever has a part of something else', async () => {
    const etag = (await get({}, 'HEAD')).headers.get('etag') ?? ''
    expect((await get({ range: 'bytes=0-9', 'if-range': etag })).status).toBe(206)
    for (const other of ['"anderes"', `W/${etag}`, 'Wed, 25 Nov 2026 10:00:00 GMT'])
      expect((await get({ range: 'bytes=0-9', 'if-range': other })).status, other).toBe(200)
  })

  test('gives any part as it is, and never fails, whatever is asked for', async () => {
    const range = fc.oneof(
      fc.tuple(fc.nat(1200), fc.nat(1200)).map(([a, b]) => `bytes=${a}-${b}`),
      fc.string({ unit: 'grapheme-ascii', maxLength: 30 }).map((text) => `bytes=${text}`),
    )
    await fc.assert(
      fc.asyncProperty(range, async (wanted) => {
        const response = await get({ range: wanted })
        const bytes = await bytesOf(response)
        const [, start, end] =
          /^bytes (\d+)-(\d+)\/1000$/.exec(response.headers.get('content-range') ?? '') ?? []
        if (response.status === 206) expect(bytes).toEqual(BYTES.slice(Number(start), Number(end) + 1))
        else expect([200, 416]).toContain(response.status)
      }),
      { numRuns: 150 },
    )
  })
})

describe('a file that is not there', () => {
  test.each([
    `/media/${'b'.repeat(32)}.jpg`,
    `/media/${'b'.repeat(32)}.exe`,
    '/media/bild.jpg',
    '/media/..%2Fx.jpg',
  ])('%s is a line of text that costs no look at KV or D1', async (path) => {
    for (const method of ['GET', 'HEAD']) {
      const response = await site.fetch(path, { method, headers: { range: 'bytes=0-1' } })
      expect(response.status).toBe(404)
      expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
      expect(JSON.parse(response.headers.get('x-probe-cost') ?? '{}')).toMatchObject({ kv: 0, d1: 0 })
      expect((await response.text()).length).toBeLessThan(40)
    }
  })
})
