import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lookalike, looksOfficial } from '../../src/comment/lookalike.ts'

const isOfficial = (name: string) => looksOfficial(lookalike(name), 'MedienWirtschaft', 'Redaktion')

describe('a name that looks like another', () => {
  test.each([
    ['Redaktion', 'REDAKTION'],
    ['Redaktion', 'Rеdаktiоn'], // Cyrillic е, а, о
    ['Redaktion', 'Ｒｅｄａｋｔｉｏｎ'],
    ['Redaktion', '𝐑𝐞𝐝𝐚𝐤𝐭𝐢𝐨𝐧'],
    ['Redaktion', 'Redaktіοn'], // Ukrainian і, Greek ο
    ['Redaktion', 'R e d a k t i o n'],
    ['Redaktion', 'Redakt1on'],
    ['Redaktion', 'RedaktI0n'],
    ['Redaktion', 'Rédàktîön'],
    ['Miriam Albers', 'Miriarn AIbers'],
  ])('%s and %s', (one, other) => {
    expect(lookalike(one)).toBe(lookalike(other))
  })

  test.each([
    ['Änne Groß', 'Anne Gras'],
    ['Miriam', 'Mirjam'],
    ['Иван', 'Ivan'],
  ])('%s does not look like %s', (one, other) => {
    expect(lookalike(one)).not.toBe(lookalike(other))
  })

  test('looks like itself, composed or decomposed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (name) => {
        expect(lookalike(name.normalize('NFD'))).toBe(lookalike(name.normalize('NFC')))
      }),
    )
  })
})

describe('who speaks for the newsroom', () => {
  test.each([
    'Redaktion',
    'Die Redaktion',
    'Rеdaktion MedienWirtschaft',
    'Medien-Wirtschaft',
    'MED1ENWIRTSCHAFT',
  ])('nobody calls themselves %s', (name) => expect(isOfficial(name)).toBe(true))
  test.each(['Änne Groß', 'Medienwirt', 'Redakteurin a. D.', 'Leserin'])('%s is a name like any', (name) =>
    expect(isOfficial(name)).toBe(false),
  )
})
