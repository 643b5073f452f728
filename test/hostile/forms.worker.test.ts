import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { article, publishNewsroom } from '../support/fixture.ts'
import { expectAlive, expectSafe, isRefusedByRuntime, request, SQL, send } from '../support/hostile.ts'
import { COMMENT, freshAddress, TestSite } from '../support/site.ts'

/** Whatever a form holds, and however it is cut off, lengthened or encoded, the answer is a proper one. */

let site: TestSite
beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site, article('leitartikel'))
})
afterAll(() => site?.close())

describe('a form', () => {
  const post = (body: RequestInit['body'], headers: Record<string, string> = {}) =>
    site.fetch('/leitartikel/comments', {
      method: 'POST',
      ...(body === undefined ? {} : { body }),
      headers: { origin: site.url, 'cf-connecting-ip': freshAddress(), ...headers },
    })
  const URLENCODED = { 'content-type': 'application/x-www-form-urlencoded' }
  const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))

  test('that is overlong, truncated or wrongly encoded is refused', async () => {
    const token = await site.token('leitartikel')
    const form = new URLSearchParams({ ...COMMENT, token }).toString()
    const bodies: [string, RequestInit['body'], Record<string, string>, number[]][] = [
      ['nothing', '', URLENCODED, [422]],
      ['one byte too many', 'a'.repeat(32 * 1024 + 1), URLENCODED, [413]],
      ['a megabyte', 'a'.repeat(1024 * 1024), URLENCODED, [413]],
      ['32 KiB of ampersands', '&'.repeat(32 * 1024), URLENCODED, [422]],
      ['ten thousand fields', 'a=&'.repeat(10_000), URLENCODED, [422]],
      ['half a token', form.slice(0, -10), URLENCODED, [422]],
      ['a broken escape', `${form}&x=%zz%`, URLENCODED, [303]],
      ['Latin-1', latin1('name=Jörg&text=Größe'), URLENCODED, [400]],
      ['escaped Latin-1', `token=${token}&name=J%F6rg&email=a@b.de&text=Gr%F6%DFe`, URLENCODED, [303, 422]],
      ['UTF-16', new Uint8Array(Buffer.from(form, 'utf16le')), URLENCODED, [400, 422]],
      ['JSON', JSON.stringify(COMMENT), { 'content-type': 'application/json' }, [415]],
      ['plain text', form, { 'content-type': 'text/plain' }, [415]],
      ['no type', latin1(form), {}, [415]],
      ['a strange type', form, { 'content-type': ';;;=' }, [415]],
      ['multipart without boundary', form, { 'content-type': 'multipart/form-data' }, [400]],
      [
        'multipart that breaks off',
        '--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nA',
        { 'content-type': 'multipart/form-data; boundary=x' },
        [400],
      ],
      [
        'multipart without parts',
        '--x--\r\n',
        { 'content-type': 'multipart/form-data; boundary=x' },
        [400, 422],
      ],
      ['an empty boundary', '----\r\n', { 'content-type': 'multipart/form-data; boundary=""' }, [400, 422]],
    ]
    for (const [what, body, headers, statuses] of bodies) {
      const response = await post(body, headers)
      expectSafe(site, response, what)
      expect(statuses, what).toContain(response.status)
    }
    await expectAlive(site)
  })

  test('with a file in it is refused, and one in many parts is taken', async () => {
    const token = await site.token('leitartikel')
    const fields = new FormData()
    for (const [name, value] of Object.entries({
      ...COMMENT,
      text: 'In vielen Teilen.',
      token,
      parent: '',
      betreff: '',
    }))
      fields.append(name, value)
    expect((await post(fields)).status).toBe(303)
    fields.append('datei', new Blob(['x']), 'x.html')
    const refused = await post(fields)
    expectSafe(site, refused, 'a file')
    expect(refused.status).toBe(415)
  })

  test('whose length is a lie harms nobody', async () => {
    const form = new URLSearchParams({ ...COMMENT, token: await site.token('leitartikel') }).toString()
    const headers = { origin: site.url, ...URLENCODED, 'cf-connecting-ip': freshAddress() }
    for (const length of ['0', '3', '-3', '1e3', '99999999999999999999', String(form.length - 5), '3, 11']) {
      const answer = await send(
        site,
        request(site, 'POST', '/leitartikel/comments', { ...headers, 'content-length': length }, form),
      )
      if (answer && !isRefusedByRuntime(answer)) expectSafe(site, answer, `content-length: ${length}`)
    }
    // More was promised than comes: the connection ends, and nothing is stored.
    const text = 'Das bricht ab.'
    const short = new URLSearchParams({ ...COMMENT, text, token: await site.token('leitartikel') }).toString()
    for (const promised of [short.length + 1, short.length + 10_000, 32 * 1024]) {
      await send(
        site,
        request(
          site,
          'POST',
          '/leitartikel/comments',
          { ...headers, 'content-length': String(promised) },
          short,
        ),
        true,
      )
    }
    await expectAlive(site)
    expect((await site.comments('leitartikel')).filter((comment) => comment.text === text)).toEqual([])
  })

  test('is answered once, with both a length and chunks', async () => {
    const smuggled = `0\r\n\r\nGET /x-smuggled HTTP/1.1\r\nHost: x\r\n\r\n`
    const headers = { ...URLENCODED, 'content-length': '4', 'transfer-encoding': 'chunked' }
    const answer = await send(site, request(site, 'POST', '/leitartikel/comments', headers, smuggled))
    expect(answer?.body).not.toContain('HTTP/1.1')
    if (answer && !isRefusedByRuntime(answer)) expectSafe(site, answer, 'length and chunks')
    await expectAlive(site)
  })

  test('of any content gets a proper answer', async () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.constantFrom(...SQL),
      fc.emailAddress(),
      fc.webUrl(),
    )
    const fields = fc.record(
      {
        name: value,
        email: value,
        website: value,
        text: value,
        parent: value,
        betreff: fc.constantFrom('', 'x'),
      },
      { requiredKeys: [] },
    )
    await fc.assert(
      fc.asyncProperty(fields, fc.option(value, { nil: undefined }), async (typed, token) => {
        const wellFormed = Object.fromEntries(
          Object.entries(typed).map(([name, text]) => [name, text.toWellFormed()]),
        )
        const response = await site.comment('leitartikel', {
          ...wellFormed,
          ...(token === undefined ? {} : { token: token.toWellFormed() }),
        })
        expectSafe(site, response, JSON.stringify(typed))
        expect([303, 422]).toContain(response.status)
      }),
      { numRuns: 300 },
    )
    await expectAlive(site)
  })
})
