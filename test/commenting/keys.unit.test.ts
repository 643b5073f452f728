import { createDecipheriv, createHmac, hkdfSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { equalInConstantTime, Keys } from '../../src/http/keys.ts'

const keys = new Keys('a-secret-for-tests-that-is-long-enough')
const others = new Keys('another-secret-that-is-long-enough-too')

describe('an e-mail address', () => {
  test('comes back as it was sealed, and is sealed differently each time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
        const [one, two] = await Promise.all([keys.encrypt(text), keys.encrypt(text)])
        expect(await keys.decrypt(one)).toBe(text)
        expect(one).not.toBe(two)
      }),
    )
  })

  test('is not readable with another secret, changed, cut or made up', async () => {
    const sealed = await keys.encrypt('a@beispiel.de')
    expect(await others.decrypt(sealed)).toBeNull()
    for (const wrong of [
      '',
      'x',
      '!',
      sealed.slice(4),
      sealed.slice(0, -4),
      sealed.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')),
    ]) {
      expect(await keys.decrypt(wrong)).toBeNull()
    }
  })
})

describe('a keyed hash', () => {
  test('is the same for the same text and purpose only', async () => {
    const hash = await keys.hash('email-hash', 'a@b.de')
    expect(hash).toMatch(/^[\w-]{22}$/)
    expect(await keys.hash('email-hash', 'a@b.de')).toBe(hash)
    expect(await keys.hash('ip-hash', 'a@b.de')).not.toBe(hash)
    expect(await others.hash('email-hash', 'a@b.de')).not.toBe(hash)
    expect(await keys.verify('email-hash', 'a@b.de', hash)).toBe(true)
    expect(await keys.verify('email-hash', 'b@b.de', hash)).toBe(false)
  })
})

test('a missing or short secret is an error for whoever runs the site', () => {
  expect(() => new Keys(undefined)).toThrow('MW_SECRET')
  expect(() => new Keys('short')).toThrow('MW_SECRET')
  expect(() => new Keys('x'.repeat(31))).toThrow('MW_SECRET')
  expect(() => new Keys('x'.repeat(32))).not.toThrow()
})

describe('what is stored can be read without this program', () => {
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', 'a-secret-for-tests-that-is-long-enough', 'medienwirtschaft', purpose, 32))

  test('a hash is HMAC-SHA-256 with a key by HKDF, cut to 16 bytes', async () => {
    for (const purpose of ['form-token', 'own-comment', 'email-hash', 'ip-hash', 'session'] as const) {
      const mac = createHmac('sha256', derive(purpose)).update('änne@beispiel.de').digest()
      expect(await keys.hash(purpose, 'änne@beispiel.de')).toBe(mac.subarray(0, 16).toString('base64url'))
    }
  })

  test('an address is sealed by AES-256-GCM: nonce, ciphertext, tag', async () => {
    const sealed = Buffer.from(await keys.encrypt('änne@beispiel.de'), 'base64url')
    const decipher = createDecipheriv('aes-256-gcm', derive('email'), sealed.subarray(0, 12))
    decipher.setAuthTag(sealed.subarray(-16))
    expect(decipher.update(sealed.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8')).toBe(
      'änne@beispiel.de',
    )
  })
})

test('texts are compared whole', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), fc.string(), async (a, b) => {
      expect(await equalInConstantTime(a, b)).toBe(a === b)
      expect(await equalInConstantTime(a, a)).toBe(true)
    }),
    { numRuns: 50 },
  )
})
