import { describe, expect, test } from 'vitest'
import { de as cliDe } from '../../src/locale/cli/de.ts'
import { en as cliEn } from '../../src/locale/cli/en.ts'
import { de } from '../../src/locale/de.ts'
import { en } from '../../src/locale/en.ts'
import { textsOf } from '../../src/locale/locale.ts'

type Say = (...values: unknown[]) => string
const isSay = (value: unknown): value is Say => typeof value === 'function'

/** Every text that takes values, by its path. */
function saysOf(tree: object, path = ''): [string, Say][] {
  return Object.entries(tree).flatMap(([key, value]: [string, unknown]): [string, Say][] => {
    const here = path ? `${path}.${key}` : key
    if (isSay(value)) return [[here, value]]
    return typeof value === 'object' && value !== null ? saysOf(value, here) : []
  })
}

/** Every fixed text, by its path. */
function fixedOf(tree: object, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]: [string, unknown]): [string, string][] => {
    const here = path ? `${path}.${key}` : key
    if (typeof value === 'string') return [[here, value]]
    return typeof value === 'object' && value !== null ? fixedOf(value, here) : []
  })
}

/** A text that chooses its words by a value need not show the value. */
const CHOOSES = new Set(['comments.noticePublished', 'desk.ads.amount', 'desk.ads.countedOf'])

/** Values that no text contains by itself: numbers, for texts that count take nothing else. */
const valuesFor = (say: Say) => Array.from({ length: say.length }, (_, n) => 4711 + n)

describe.each<[string, object, object]>([
  ['the site', de, en],
  ['the command line', cliDe, cliEn],
])('the texts of %s that take values', (_, german, english) => {
  const both = [...saysOf(german), ...saysOf(english)]

  test('take as many in one language as in the other', () => {
    const arities = (tree: object) => saysOf(tree).map(([path, say]) => [path, say.length])
    expect(arities(english)).toEqual(arities(german))
  })

  test('are never empty, whether they count none, one or many', () => {
    for (const [path, say] of both)
      for (const value of [0, 1, 2]) expect(say(...valuesFor(say).map(() => value)).trim(), path).not.toBe('')
  })

  test('say every value they are given', () => {
    for (const [path, say] of both) {
      if (CHOOSES.has(path)) continue
      const values = valuesFor(say)
      const said = say(...values)
      const plain = said.replace(/(?<=\d)[.,](?=\d{3})/g, '') // „4.711“
      for (const value of values) expect(plain, path).toContain(String(value))
    }
  })

  test('never show a value as code does', () => {
    for (const [path, say] of both)
      expect(say(...valuesFor(say)), path).not.toMatch(/undefined|NaN|\[object|\$\{/)
  })
})

describe.each<[string, object, string, string]>([
  ['German', de, '„', '“'],
  ['English', en, '“', '”'],
  ['German on the command line', cliDe, '„', '“'],
  ['English on the command line', cliEn, '“', '”'],
])('a text in %s', (_, texts, opening, closing) => {
  const said = saysOf(texts).map(([path, say]): [string, string] => [path, say(...valuesFor(say))])
  const all = [...fixedOf(texts), ...said]

  test('has no white space at its ends and none doubled', () => {
    for (const [path, text] of all) {
      expect(text, path).toBe(text.trim())
      expect(text, path).not.toMatch(/ {2}/)
    }
  })

  test(`quotes between ${opening} and ${closing}`, () => {
    const quotation = new RegExp(`${opening}[^„“”]+${closing}`, 'g')
    for (const [path, text] of all) expect(text.replace(quotation, ''), path).not.toMatch(/[„“”]/)
  })
})

test('a number has the words and the figures of its language', () => {
  expect([0, 1, 2, 1234].map(de.article.readingTime)).toEqual([
    '0 Minuten Lesezeit',
    '1 Minute Lesezeit',
    '2 Minuten Lesezeit',
    '1.234 Minuten Lesezeit',
  ])
  expect([1, 1234].map(en.comments.count)).toEqual(['1 comment', '1,234 comments'])
})

test('a language is known by its name', () => {
  expect(textsOf('de').language).toBe('de')
  expect(textsOf('en').language).toBe('en')
})
