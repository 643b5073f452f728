import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isReserved, parseSlug, slugify } from '../../src/article/slug.ts'

describe('an address part', () => {
  test.each([
    ['Außenhandel & Zölle', 'aussenhandel-zoelle'],
    ['Ærø', 'aeroe'],
    ['İstanbul', 'istanbul'],
    ['C2PA', 'c2pa'],
    ['  --  ', ''],
    [`${'a'.repeat(119)} b`, 'a'.repeat(119)],
  ])('of „%s“ is „%s“', (name, expected) => {
    expect(slugify(name)).toBe(expected)
  })

  test('made of any name is valid or empty', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        const made = slugify(name)
        expect(made === '' || parseSlug(made) === made).toBe(true)
      }),
    )
  })

  test('made of a slug is that slug', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,4}$/), (name) => {
        expect(slugify(name)).toBe(name)
      }),
    )
  })

  test.each(['', 'A', 'ä', 'a--b', '-a', 'a-', 'a/b', 'a.b', 'a\n', '..', 'a'.repeat(121)])(
    '„%s“ is none',
    (text) => {
      expect(parseSlug(text)).toBeNull()
    },
  )

  test.each(['feed', 'desk', 'api', '2024', 'wp-admin'])('„%s“ belongs to the site itself', (text) => {
    expect(isReserved(text)).toBe(true)
  })
})
