import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { base64url, concat, fromBase64url, fromUtf8, hex, sha256, utf8 } from '../../src/http/bytes.ts'

describe('bytes as text', () => {
  test.each([
    ['', ''],
    ['f', 'Zg'],
    ['fo', 'Zm8'],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg'],
    ['fooba', 'Zm9vYmE'],
    ['foobar', 'Zm9vYmFy'],
  ])('base64url of „%s“ is „%s“ (RFC 4648 §10, without padding)', (text, encoded) => {
    expect(base64url(utf8(text))).toBe(encoded)
  })

  test('base64url comes back, and stands in an address as it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const text = base64url(bytes)
        expect(encodeURIComponent(text)).toBe(text)
        expect(fromBase64url(text)).toEqual(bytes)
      }),
    )
  })

  test.each(['a', 'ab=', 'ab==', 'a+b/', 'a b', 'ä', 'abcd\n'])('„%s“ is no base64url', (text) => {
    expect(fromBase64url(text)).toBeNull()
  })

  test('hexadecimal digits keep their zeros', () => {
    expect(hex(Uint8Array.of(0, 1, 15, 16, 171, 255).buffer)).toBe('00010f10abff')
  })

  test('SHA-256 is the one of FIPS 180-4', async () => {
    expect(await sha256(utf8('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })

  test('text is UTF-8, there and back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(fromUtf8(utf8(text))).toBe(text)
      }),
    )
  })
})

test('joined bytes are all of them, in order', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 9 })), (parts) => {
      expect([...concat(parts)]).toEqual(parts.flatMap((part) => [...part]))
    }),
  )
})
