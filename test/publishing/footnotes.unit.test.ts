import { describe, expect, test } from 'vitest'
import { Dom } from '../support/dom.ts'
import { bodyHtml } from '../support/rendering.ts'

const dom = (body: string) => new Dom(bodyHtml(body))

describe('a footnote', () => {
  const twice = dom('Eins.[^a] Zwei.[^b] Noch einmal eins.[^a]\n\n[^a]: Die erste.\n\n[^b]: Die zweite.')

  test('is announced by its number, also where it is named a second time', () => {
    expect(twice.attributes('.footnote-ref a', 'aria-label')).toEqual(['Fußnote 1', 'Fußnote 2', 'Fußnote 1'])
    expect(twice.attributes('.footnote-ref a', 'href')).toEqual(['#fn1', '#fn2', '#fn1'])
  })

  test('leads back to every place that names it', () => {
    const places = twice.attributes('.footnote-ref a', 'id')
    expect(new Set(places).size).toBe(3)
    const back = twice.attributes('.footnote-backref', 'href').map((href) => href?.slice(1))
    expect(back.toSorted()).toEqual(places.toSorted())
  })

  test('with a number of two digits is announced by both', () => {
    const notes = Array.from({ length: 12 }, (_, n) => n + 1)
    const many = dom(
      [notes.map((n) => `Satz.[^${n}]`).join(' '), ...notes.map((n) => `[^${n}]: Note.`)].join('\n\n'),
    )
    expect(many.attributes('.footnote-ref a', 'aria-label')).toEqual(notes.map((n) => `Fußnote ${n}`))
  })

  test('may be written where it is named', () => {
    const inline = dom('Ein Satz.^[Die Fußnote.]')
    expect(inline.attribute('.footnote-ref a', 'aria-label')).toBe('Fußnote 1')
    expect(inline.text('.footnote-item')).toContain('Die Fußnote.')
  })

  test('in a subhead is no part of the subhead’s address and name', () => {
    const subhead = dom('Satz.[^a]\n\n## Größe[^b]\n\nText.\n\n[^a]: Eins.\n\n[^b]: Zwei.')
    expect(subhead.attribute('h2', 'id')).toBe('abschnitt-groesse')
    expect(subhead.attribute('h2 .anchor', 'aria-label')).toBe('Direkt zum Abschnitt: Größe')
    expect(subhead.attribute('h2', 'aria-label')).toBe('Größe')
  })
})
