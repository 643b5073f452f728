import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dom } from '../support/dom.ts'
import { article, publishNewsroom, settings } from '../support/fixture.ts'
import { COMMENT, freshAddress, TestSite } from '../support/site.ts'

let site: TestSite
const FORM = 'application/x-www-form-urlencoded'

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site, article('artikel'))
})
afterAll(() => site.close())

/** Sends a body of any kind to the comments of the article. */
const send = (
  body: BodyInit | null,
  type: string | null,
  headers: Record<string, string> = {},
  more: object = {},
) =>
  site.fetch('/artikel/comments', {
    method: 'POST',
    body,
    headers: {
      'cf-connecting-ip': freshAddress(),
      ...(type === null ? {} : { 'content-type': type }),
      ...headers,
    },
    ...more,
  })
const encode = async (fields: Record<string, string> = {}) =>
  new URLSearchParams({ ...COMMENT, token: await site.token('artikel'), betreff: '', ...fields }).toString()

/** Nothing of what a test sends may be stored, and the answer is a page with a heading. */
async function expectRefused(response: Response, status: number, title: string): Promise<void> {
  expect(response.status).toBe(status)
  expect(response.headers.get('cache-control')).toBe('private, no-store')
  expect(new Dom(await response.text()).text('h1')).toBe(title)
}

describe('where a form comes from', () => {
  test.each([
    ['no word about it, as from programs and old browsers', {}],
    ['this site', { origin: 'SITE' }],
    ['this site, says the browser', { 'sec-fetch-site': 'same-origin' }],
    ['nowhere, says the browser: an address typed in', { 'sec-fetch-site': 'none' }],
  ])('%s: taken', async (text, headers) => {
    const own = Object.fromEntries(
      Object.entries(headers).map(([key, value]) => [key, value.replace('SITE', site.url)]),
    )
    expect((await send(await encode({ text }), FORM, own)).status).toBe(303)
  })

  test.each([
    ['another site', { origin: 'https://evil.example' }],
    ['a page without an origin', { origin: 'null' }],
    ['this host by another port', { origin: 'http://127.0.0.1:1' }],
    ['a host whose name begins as ours', { origin: 'SITE.evil.example' }],
    ['another site, says the browser', { 'sec-fetch-site': 'cross-site' }],
    ['a neighbouring host, says the browser', { 'sec-fetch-site': 'same-site' }],
  ])('%s: refused', async (text, headers) => {
    const foreign = Object.fromEntries(
      Object.entries(headers).map(([key, value]) => [key, value.replace('SITE', site.url)]),
    )
    const response = await send(await encode({ text }), FORM, foreign)
    await expectRefused(response, 403, 'Das Formular kam von einer anderen Seite')
    expect((await site.comments()).filter((comment) => comment.text === text)).toEqual([])
  })

  test('the address readers know is taken, too, where the site answers under several', async () => {
    await site.publish('site', settings({ url: 'https://medienwirtschaft.example' }))
    const response = await send(await encode({ text: 'Von vorn.' }), FORM, {
      origin: 'https://medienwirtschaft.example',
    })
    expect(response.status).toBe(303)
    await site.publish('site', settings())
  })
})

describe('a body of another kind', () => {
  test.each([
    ['application/json', '{"name":"x"}'],
    ['text/plain', 'name=x'],
    ['application/xml', '<name/>'],
    ['application/x-www-form-urlencoded-x', 'name=x'],
    ['', 'name=x'],
  ])('%s is refused', async (type, body) => {
    await expectRefused(
      await send(new TextEncoder().encode(body), type),
      415,
      'Dieses Format versteht die Seite nicht',
    )
  })

  test('without a type is refused', async () => {
    await expectRefused(
      await send(new Uint8Array([1, 2]), null),
      415,
      'Dieses Format versteht die Seite nicht',
    )
  })

  test('with a file in it is refused', async () => {
    const form = new FormData()
    form.append('text', new Blob(['x']), 'x.txt')
    await expectRefused(await send(form, null), 415, 'Dieses Format versteht die Seite nicht')
  })

  test('with its type in capitals and a charset is taken', async () => {
    const type = 'Application/X-WWW-Form-URLEncoded; charset=UTF-8'
    expect((await send(await encode({ text: 'Großbuchstaben.' }), type)).status).toBe(303)
  })
})

describe('a body that is too large', () => {
  const TITLE = 'Das ist zu viel auf einmal'

  test('by what it says is refused', async () => {
    await expectRefused(await send(await encode({ text: 'x'.repeat(33_000) }), FORM), 413, TITLE)
  })

  test('by what it is, without saying its length, is refused', async () => {
    const bytes = new TextEncoder().encode(await encode({ text: 'x'.repeat(100_000) }))
    let at = 0
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (at >= bytes.length) return controller.close()
        controller.enqueue(bytes.slice(at, at + 8192))
        at += 8192
      },
    })
    await expectRefused(await send(stream, FORM, {}, { duplex: 'half' }), 413, TITLE)
  })

  test('just within 32 KiB is taken', async () => {
    const form = await encode({ text: '' })
    const padding = `&fill=${'x'.repeat(32 * 1024 - form.length - 6)}`
    expect((form + padding).length).toBe(32 * 1024)
    expect((await send(form + padding, FORM)).status).toBe(422) // only the text is missing
    await expectRefused(await send(`${form}${padding}x`, FORM), 413, TITLE)
  })

  test('5000 characters of four bytes fit when they are not percent-encoded', async () => {
    const form = new FormData()
    const fields = { ...COMMENT, text: '🙂'.repeat(5000), token: await site.token('artikel'), betreff: '' }
    for (const [name, value] of Object.entries(fields)) form.append(name, value)
    expect((await send(form, null)).status).toBe(303)
  })
})

describe('a body that is broken', () => {
  const TITLE = 'Die Anfrage ist unvollständig'

  test('multipart that ends in the middle is refused', async () => {
    const whole = '--grenze\r\nContent-Disposition: form-data; name="text"\r\n\r\nEin Text, der'
    await expectRefused(await send(whole, 'multipart/form-data; boundary=grenze'), 400, TITLE)
  })

  test.each([
    ['without a boundary', 'multipart/form-data', '--x\r\n'],
    [
      'with another boundary',
      'multipart/form-data; boundary=a',
      '--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nx\r\n--b--\r\n',
    ],
    ['of noise', 'multipart/form-data; boundary=a', '\u0001\u0002\u0003'],
  ])('multipart %s is refused', async (_, type, body) => {
    await expectRefused(await send(body, type), 400, TITLE)
  })

  test('bytes that are no UTF-8 are refused', async () => {
    const form = new TextEncoder().encode(await encode())
    await expectRefused(await send(Uint8Array.of(...form, 0xff, 0xfe), FORM), 400, TITLE)
    await expectRefused(await send(Uint8Array.of(...form, 0xc3), FORM), 400, TITLE)
  })

  test('percent-encoded bytes that are no UTF-8 do not become an error of ours', async () => {
    const response = await send(`${await encode({ text: '' })}&text=%ff%fe%c3`, FORM)
    expect(response.status).toBe(422)
  })

  test('that breaks off does not disturb the site', async () => {
    const { port } = new URL(site.url)
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write(
          `POST /artikel/comments HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ${FORM}\r\nContent-Length: 5000\r\n\r\nname=abgebrochen`,
          () => socket.destroy(),
        )
      })
      socket.on('error', () => {})
      socket.on('close', () => resolve())
    })
    expect((await site.fetch('/artikel/')).status).toBe(200)
    expect((await site.comments()).filter(({ name }) => name === 'abgebrochen')).toEqual([])
  })

  test('empty is a form with nothing filled in', async () => {
    for (const body of ['', '&&&', '=', 'unbekannt=1']) {
      expect((await send(body, FORM)).status, body).toBe(422)
    }
  })
})

describe('a field that comes twice', () => {
  test('counts once, the first time', async () => {
    const form = `${await encode({ text: 'Der erste.' })}&text=Der+zweite.&name=Zweiter`
    expect((await send(form, FORM)).status).toBe(303)
    expect((await site.comments()).at(-1)).toMatchObject({ text: 'Der erste.', name: COMMENT.name })
  })
})

test('SQL in any field is text', async () => {
  const evil = `'); DROP TABLE comment; --`
  for (const field of ['name', 'text']) {
    expect(
      (await send(await encode({ [field]: evil, text: field === 'text' ? evil : 'Ein Text.' }), FORM)).status,
    ).toBe(303)
    expect((await site.comments()).at(-1)?.[field]).toBe(evil)
  }
  for (const parent of ['1 OR 1=1', "1'--", '1;DELETE FROM comment']) {
    expect((await send(await encode({ parent, text: parent }), FORM)).status).toBe(303)
    expect((await site.comments()).at(-1)).toMatchObject({ parent: null, text: parent })
  }
})
