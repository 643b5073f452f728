import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { excerpt } from '../../src/search/snippet.ts'

const isHit = (word: string) => word.startsWith('Hafen')
const textOf = (text: string) =>
  excerpt(text, isHit)
    .map((piece) => (piece.isHit ? `[${piece.text}]` : piece.text))
    .join('')

describe('the excerpt of an article', () => {
  test('marks what was found, and shows some of what leads to it', () => {
    const words = Array.from({ length: 60 }, (_, n) => `wort${n}`)
    const said = textOf([...words, 'der', 'Hafen', ...words].join(' '))
    expect(said).toMatch(/^… wort55 .* der \[Hafen\] wort0 .* …$/)
  })

  test('is the beginning where nothing was found', () => {
    expect(textOf('Erster Satz. Zweiter Satz.')).toBe('Erster Satz. Zweiter Satz.')
  })

  test('keeps subheads and captions apart from the sentences after them', () => {
    expect(textOf('Was der Hafen kostet\nEin Satz.\nNoch einer (2026)\nUnd der letzte.')).toBe(
      'Was der [Hafen] kostet · Ein Satz. Noch einer (2026) · Und der letzte.',
    )
  })

  test('of any text is a part of it, word for word', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('Hafen', 'Schiff.', 'und', '„Kai“', '\n', '12')), (words) => {
        const plain = (text: string) => text.replace(/[…·\s[\]]+/g, ' ').trim()
        expect(plain(words.join(' '))).toContain(plain(textOf(words.join(' '))))
      }),
    )
  })
})
