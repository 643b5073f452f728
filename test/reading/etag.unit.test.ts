import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { utf8 } from '../../src/http/bytes.ts'
import { matchesEtag, pageHeaders, plainHeaders, weakEtag } from '../../src/http/headers.ts'

describe('a version’s name', () => {
  test('is the same for the same content and another for another', async () => {
    expect(await weakEtag(utf8('Text'))).toBe(await weakEtag(utf8('Text')))
    expect(await weakEtag(utf8('Text'))).not.toBe(await weakEtag(utf8('Text.')))
  })

  test('is weak, because the ad in the page may differ, and well formed (RFC 9110 §8.8.3)', async () => {
    expect(await weakEtag(utf8(''))).toMatch(/^W\/"[\w-]{16}"$/)
  })
})

describe('a conditional request', () => {
  const etag = 'W/"abc-1"'

  test.each([
    ['W/"abc-1"', true],
    ['"abc-1"', true],
    ['*', true],
    [' * ', true],
    ['"x", W/"abc-1"', true],
    ['"x","abc-1","y"', true],
    ['"abc-2"', false],
    ['abc-1', false],
    ['"abc-1', false],
    ['"ABC-1"', false],
    ['', false],
    ['"x", *', false],
    ['w/"abc-1"', false],
  ])('If-None-Match: %s', (header, expected) => {
    expect(matchesEtag(header, etag)).toBe(expected)
  })

  test('without the header never matches', () => {
    expect(matchesEtag(null, etag)).toBe(false)
  })

  test('matches a list exactly when it holds the version', () => {
    const tag = fc.stringMatching(/^[\w-]{1,16}$/)
    fc.assert(
      fc.property(fc.array(tag), tag, fc.boolean(), (tags, own, isWeak) => {
        const header = tags.map((one, n) => `${n % 2 === 0 ? 'W/' : ''}"${one}"`).join(', ')
        expect(matchesEtag(header, `${isWeak ? 'W/' : ''}"${own}"`)).toBe(tags.includes(own))
      }),
    )
  })
})

describe('security headers', () => {
  test('a page allows its own stylesheet by hash, its own pictures and forms, and nothing else', async () => {
    const { 'content-security-policy': policy = '' } = await pageHeaders('p{color:red}')
    // echo -n 'p{color:red}' | openssl dgst -sha256 -binary | base64
    expect(policy.split('; ').sort()).toEqual(
      [
        "default-src 'none'",
        "style-src 'sha256-p0bF+un5yUb9MBO6xRb8kPHlY2BdpHVtLiFkDrZPF64=' 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "font-src 'self'",
        "media-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ].sort(),
    )
  })

  test('every kind of answer has them', async () => {
    for (const headers of [plainHeaders, await pageHeaders('')]) {
      expect(Object.keys(headers)).toEqual(
        expect.arrayContaining([
          'strict-transport-security',
          'x-content-type-options',
          'referrer-policy',
          'permissions-policy',
          'content-security-policy',
        ]),
      )
      expect(() => new Headers(headers)).not.toThrow()
    }
  })
})
