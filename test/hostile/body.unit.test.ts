import { describe, expect, test } from 'vitest'
import { readForm, readJson } from '../../src/http/body.ts'

const FORM = 'application/x-www-form-urlencoded'
const post = (body: BodyInit, type?: string, more: Record<string, string> = {}) =>
  new Request('https://beispiel.de/', {
    method: 'POST',
    body,
    headers: { ...(type ? { 'content-type': type } : {}), ...more },
  })

async function fields(request: Request, limit = 1000) {
  const form = await readForm(request, limit)
  return form.ok ? Object.fromEntries(form.value) : form.status
}

describe('a form', () => {
  test('is read in both encodings that browsers send', async () => {
    expect(await fields(post('name=%C3%84nne+Gro%C3%9F&text=a%0D%0Ab', FORM))).toEqual({
      name: 'Änne Groß',
      text: 'a\r\nb',
    })
    const multipart = new FormData()
    multipart.set('name', 'Änne Groß')
    expect(await fields(post(multipart))).toEqual({ name: 'Änne Groß' })
  })

  test('with a field twice counts the first', async () => {
    expect(await fields(post('a=1&a=2', FORM))).toEqual({ a: '1' })
    const multipart = new FormData()
    multipart.append('a', '1')
    multipart.append('a', '2')
    expect(await fields(post(multipart))).toEqual({ a: '1' })
  })

  test('larger than the limit is refused, whatever its headers say', async () => {
    expect(await fields(post('a'.repeat(1000), FORM))).toEqual({ ['a'.repeat(1000)]: '' })
    expect(await fields(post('a'.repeat(1001), FORM))).toBe(413)
    expect(await fields(post('a=1', FORM, { 'content-length': '1000' }))).toEqual({ a: '1' })
    expect(await fields(post('a'.repeat(1001), FORM, { 'content-length': '3' }))).toBe(413)
    expect(await fields(post('ä'.repeat(501), FORM))).toBe(413) // bytes, not characters
    expect(await fields(post('a=1', FORM, { 'content-length': '9999' }))).toBe(413)
    const stream = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(400)),
    })
    const endless = new Request('https://beispiel.de/', {
      method: 'POST',
      body: stream,
      headers: { 'content-type': FORM },
      ...{ duplex: 'half' },
    })
    expect(await fields(endless)).toBe(413)
  })

  test('whose sender goes away is refused', async () => {
    const stream = new ReadableStream({
      start: (controller) => controller.enqueue(new Uint8Array([0x61, 0x3d])),
      pull: (controller) => controller.error(new Error('connection reset')),
    })
    const headers = { 'content-type': FORM }
    const broken = new Request('https://beispiel.de/', {
      method: 'POST',
      body: stream,
      headers,
      ...{ duplex: 'half' },
    })
    expect(await fields(broken)).toBe(400)
  })

  test('whose type is written another way is read', async () => {
    expect(await fields(post('a=1', 'Application/X-WWW-Form-Urlencoded ; charset=UTF-8'))).toEqual({ a: '1' })
  })

  test('that is empty holds nothing', async () => {
    expect(await fields(post('', FORM))).toEqual({})
    expect(
      await fields(
        new Request('https://beispiel.de/', { method: 'POST', headers: { 'content-type': FORM } }),
      ),
    ).toEqual({})
  })

  test('in another format is refused', async () => {
    expect(await fields(post('{}', 'application/json'))).toBe(415)
    expect(await fields(post('a=1', 'text/plain'))).toBe(415)
  })

  test('with a file is refused', async () => {
    const multipart = new FormData()
    multipart.set('name', new File(['x'], 'x.txt'))
    expect(await fields(post(multipart))).toBe(415)
  })

  test.each([
    ['that is not UTF-8', new Uint8Array([0x61, 0x3d, 0xff]), FORM],
    ['without a boundary', 'x', 'multipart/form-data'],
    [
      'that breaks off',
      '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1',
      'multipart/form-data; boundary=b',
    ],
  ])('%s is refused', async (_, body, type) => {
    expect(await fields(post(body, type))).toBe(400)
  })
})

describe('JSON', () => {
  const read = async (body: BodyInit, type = 'application/json') => {
    const json = await readJson(post(body, type), 100_000)
    return json.ok ? json.value : json.status
  }

  test('is read', async () => {
    expect(await read('{"a":[1,"ä"]}')).toEqual({ a: [1, 'ä'] })
  })

  test('that is none is refused', async () => {
    expect(await read('{')).toBe(400)
    expect(await read('')).toBe(400)
    expect(await read(new Uint8Array([0x22, 0xff, 0x22]))).toBe(400)
    expect(await read('{}', 'text/plain')).toBe(415)
  })

  test('larger than the limit is refused', async () => {
    expect(await read(`"${'a'.repeat(99_998)}"`)).toBe('a'.repeat(99_998))
    expect(await read(`"${'a'.repeat(99_999)}"`)).toBe(413)
  })

  test('nested beyond reason is refused rather than walked', async () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
    expect(await read(nested(65))).toEqual(JSON.parse(nested(65)))
    expect(await read(nested(66))).toBe(400)
    expect(await read(`{"a":${'{"b":'.repeat(65)}null${'}'.repeat(66)}`)).toBe(400)
    expect(await read('['.repeat(20_000) + ']'.repeat(20_000))).toBe(400)
  })
})
