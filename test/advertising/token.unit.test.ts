import { createCipheriv } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PLACEMENTS } from '../../src/ad/placements.ts'
import {
  type AdView,
  cmacOf,
  creativeHash,
  hashOf,
  NO_TOKEN,
  readToken,
  TOKEN_LENGTH,
} from '../../src/ad/token.ts'
import { tokenText } from '../support/ad-token.ts'

/** A token stands for one view of one ad: nobody makes one, changes one, keeps one, or uses it for another campaign. */

const SECRET = Uint8Array.from({ length: 16 }, (_, index) => index)
const KEY = cmacOf(SECRET)
const NOW = Date.parse('2026-05-04T10:00:00Z')
const HOURS = 3600
const view = (more: Partial<AdView> = {}): AdView => ({
  mintedAt: NOW / 1000,
  creative: creativeHash('a'),
  placement: 'in-article',
  section: hashOf('wirtschaft'),
  country: 'DE',
  device: 'phone',
  ...more,
})

const anyView: fc.Arbitrary<AdView> = fc.record({
  mintedAt: fc.integer({ min: Date.UTC(2026, 0) / 1000, max: Date.UTC(2059, 11) / 1000 }),
  creative: fc.integer({ min: 0, max: 0xfff }),
  placement: fc.constantFrom(...PLACEMENTS),
  section: fc.integer({ min: 0, max: 0x7fff }),
  country: fc.option(fc.stringMatching(/^[A-Z]{2}$/)),
  device: fc.constantFrom('phone', 'desktop', null),
})
const anyCampaign = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/)
const read = (token: string | null, now = NOW, campaign = 'nordlicht', key = KEY) =>
  readToken(key, campaign, token, now, 2 * HOURS)

/** AES-CMAC by its definition (RFC 4493 §2.4), with OpenSSL's AES. */
function cmac(key: Uint8Array, text: Buffer): Buffer {
  const encrypt = (one: bigint) => {
    const block = Buffer.from(one.toString(16).padStart(32, '0'), 'hex')
    return createCipheriv('aes-128-ecb', key, null).setAutoPadding(false).update(block)
  }
  const number = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  const double = (one: bigint) => ((one << 1n) & (2n ** 128n - 1n)) ^ (one >> 127n === 1n ? 0x87n : 0n)
  const subkey = double(number(encrypt(0n)))
  const count = Math.max(1, Math.ceil(text.length / 16))
  const isWhole = text.length === count * 16
  const padded = isWhole ? text : Buffer.concat([text, Buffer.of(0x80), Buffer.alloc(16)])
  let state = 0n
  for (let block = 0; block < count; block++) {
    const isLast = block === count - 1
    const last = isLast ? (isWhole ? subkey : double(subkey)) : 0n
    state = number(encrypt(state ^ number(padded.subarray(block * 16, block * 16 + 16)) ^ last))
  }
  return Buffer.from(state.toString(16).padStart(32, '0'), 'hex')
}

describe('a token', () => {
  test('says again what was put into it, in 28 characters', () => {
    fc.assert(
      fc.property(anyView, anyCampaign, (one, campaign) => {
        const token = tokenText(KEY, campaign, one)
        expect(token).toMatch(/^[\w-]{28}$/)
        expect(read(token, one.mintedAt * 1000, campaign)).toEqual(one)
      }),
    )
  })

  test('is another one for each view, of the same ad in the same second', () => {
    const tokens = Array.from({ length: 10_000 }, () => tokenText(KEY, 'nordlicht', view()))
    expect(new Set(tokens).size).toBe(tokens.length)
  })

  test('is refused with any one bit changed', () => {
    fc.assert(
      fc.property(anyView, (one) => {
        const bytes = Buffer.from(tokenText(KEY, 'nordlicht', one), 'base64url')
        for (let bit = 0; bit < bytes.length * 8; bit++) {
          const changed = Buffer.from(bytes)
          changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
          expect(read(changed.toString('base64url'), one.mintedAt * 1000), `bit ${bit}`).toBeNull()
        }
      }),
      { numRuns: 20 },
    )
  })

  test('is signed with AES-CMAC over what it says and the campaign', () => {
    fc.assert(
      fc.property(anyView, anyCampaign, (one, campaign) => {
        const token = tokenText(KEY, campaign, one)
        const bits = [...Buffer.from(token, 'base64url')]
          .map((byte) => byte.toString(2).padStart(8, '0'))
          .join('')
        const words = [bits.slice(0, 12), bits.slice(12, 42), bits.slice(42, 72), bits.slice(72, 104)]
        const said = Buffer.alloc(16)
        for (const [index, word] of words.entries()) said.writeUInt32LE(Number.parseInt(word, 2), index * 4)
        const mac = cmac(SECRET, Buffer.concat([said, Buffer.from(campaign)]))
        const signature = [0, 4].map((at) => mac.readUInt32LE(at).toString(2).padStart(32, '0')).join('')
        expect(bits.slice(104)).toBe(signature)
      }),
    )
  })

  test('is refused with any one character changed, left out or added: no text is a second name of it', () => {
    const token = tokenText(KEY, 'nordlicht', view())
    for (let at = 0; at < TOKEN_LENGTH; at++) {
      const [before, after] = [token.slice(0, at), token.slice(at + 1)]
      for (const other of '-_09AZaz+/=%. ')
        if (other !== token[at]) expect(read(before + other + after)).toBeNull()
      expect(read(before + after)).toBeNull()
      expect(read(`${before}A${token.slice(at)}`)).toBeNull()
    }
  })

  test('is refused for another campaign, and with another site’s key', () => {
    fc.assert(
      fc.property(anyCampaign, anyCampaign, (own, other) => {
        fc.pre(own !== other)
        expect(read(tokenText(KEY, own, view()), NOW, other)).toBeNull()
      }),
    )
    expect(read(tokenText(KEY, 'nordlicht', view()), NOW, 'nordlicht', cmacOf(new Uint8Array(16)))).toBeNull()
  })

  test('is good for its time, to the second, and up to a minute before it', () => {
    const token = tokenText(KEY, 'nordlicht', view())
    const at = (seconds: number) => read(token, NOW + seconds * 1000) !== null
    expect([at(-61), at(-60), at(0), at(2 * HOURS), at(2 * HOURS + 1)]).toEqual([
      false,
      true,
      true,
      true,
      false,
    ])
  })

  test('is nothing else: whatever is sent in its place is refused', () => {
    fc.assert(fc.property(fc.string({ maxLength: 60, unit: 'binary' }), (text) => read(text) === null))
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 21, maxLength: 21 }), (bytes) => {
        expect(read(Buffer.from(bytes).toString('base64url'))).toBeNull()
      }),
    )
    for (const nothing of [null, '', NO_TOKEN]) expect(read(nothing)).toBeNull()
  })
})
