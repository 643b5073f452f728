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
    ['Ärger', 'aerger'],
    ['A\u0308rger', 'aerger'],
    ['Fußball-EM 2028', 'fussball-em-2028'],
    ['Łódź', 'lodz'],
    ['Müller® & Söhne', 'mueller-soehne'],
    ['سلام', '31pd5vqjxxcae'],
    ['Café 🎉', 'cafe-009970rup18mg'],
    ['a'.repeat(120), 'a'.repeat(120)],
    [`${'a'.repeat(119)} bc`, `${'a'.repeat(106)}-0vww8gppt3di9`],
  ])('of „%s“ is „%s“', (name, expected) => {
    expect(slugify(name)).toBe(expected)
  })

  const anyName = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
  )

  test('made of any name is valid, and empty only where there is no letter, digit or pictograph', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const made = slugify(name)
        if (made !== '') expect(parseSlug(made)).toBe(made)
        else expect(name.normalize('NFKC')).not.toMatch(/[\p{L}\p{N}]/u)
      }),
    )
  })

  test('made of a name is the same every time, however it is encoded or capitalised', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const made = slugify(name)
        expect(slugify(name.normalize('NFD'))).toBe(made)
        expect(slugify(name.normalize('NFC'))).toBe(made)
        expect(slugify(made)).toBe(made)
      }),
    )
    expect(slugify('GRÖßE ПРАВДА')).toBe(slugify('größe правда'))
  })

  test('tells names apart that differ in a letter, a digit or a pictograph', () => {
    const unit = fc.constantFrom(
      ...'abz09',
      ...'سلامءдяжЁαωλ中文字あ',
      '🎉',
      '🚀',
      '❤',
      '🇦🇹',
      '👩‍🚒',
      'ก็',
      'नि',
    )
    const name = fc.string({ unit, minLength: 1, maxLength: 130 })
    const folded = (text: string) => text.normalize('NFKC').toLowerCase()
    fc.assert(
      fc.property(name, name, (one, other) => {
        fc.pre(folded(one) !== folded(other))
        expect(slugify(one)).not.toBe(slugify(other))
      }),
    )
  })

  test('tells long names apart that differ only at their end', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{121,200}$/), (name) => {
        expect(slugify(`${name}a`)).not.toBe(slugify(`${name}b`))
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
