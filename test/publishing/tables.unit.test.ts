import { describe, expect, test } from 'vitest'
import { Dom } from '../support/dom.ts'
import { bodyHtml } from '../support/rendering.ts'

const table = (rule: string) => bodyHtml(`| Land | Anteil |\n| ${rule} | - |\n| Kasachstan | 12 % |`)

describe('a column of a table', () => {
  test.each([
    ['---:', 'right'],
    [':--:', 'center'],
  ])('ruled %s is set %s, in its head and its cells', (rule, side) => {
    const dom = new Dom(table(rule))
    expect(dom.attributes('th', 'class')).toEqual([side, null])
    expect(dom.attributes('td', 'class')).toEqual([side, null])
  })

  test.each(['---', ':---'])('ruled %s stands as all text does, and nothing is said of it', (rule) => {
    expect(table(rule)).toContain('<th>Land</th>')
    expect(table(rule)).toContain('<td>Kasachstan</td>')
  })

  test('never brings an inline style, which the page’s policy forbids', () => {
    for (const rule of ['---', ':---', ':--:', '---:']) expect(table(rule)).not.toContain('style')
  })
})

describe('a table', () => {
  test('scrolls in a region of its own, and inside a quote stays a plain table', () => {
    expect(new Dom(table('---')).has('.table[role=region][tabindex="0"] > table')).toBe(true)
    expect(bodyHtml('> | a |\n> | - |\n> | 1 |')).toContain('<blockquote>\n<table>')
  })

  test('has no heading where its corner is empty', () => {
    const dom = new Dom(bodyHtml('| | Tag | Nacht |\n| --- | --- | --- |\n| Sitz | 18 | 14 |'))
    expect(dom.texts('thead th')).toEqual(['Tag', 'Nacht'])
    expect(dom.texts('thead td')).toEqual([''])
  })

  test('may be written in HTML, with a caption and a heading for each row', () => {
    const written = new Dom(
      bodyHtml(
        '<table><caption>Anteile</caption><tr><th scope="row">Kasachstan</th><td colspan="2">12 %</td></tr></table>',
      ),
    )
    expect(written.text('caption')).toBe('Anteile')
    expect(written.attribute('th', 'scope')).toBe('row')
    expect(written.has('td[colspan="2"]')).toBe(true)
  })
})
