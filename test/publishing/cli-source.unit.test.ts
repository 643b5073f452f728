import * as fc from 'fast-check'
import { assert, property, uint8Array } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ReadSource, readMarkdown, readYaml } from '../../src/cli/source.ts'
import { de } from '../../src/locale/cli/de.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const markdown = (text: string) => readMarkdown(bytes(text), de)
const yaml = (text: string) => readYaml(bytes(text), de)

/** What was read, where it could be. */
function source(read: ReadSource) {
  if (!read.ok) throw new Error(read.fault.message)
  return read.source
}

/** Why it could not. */
function fault(read: ReadSource) {
  if (read.ok) throw new Error('it could be read')
  return read.fault
}

describe('a Markdown file', () => {
  test('is a head between two lines of dashes, and a body', () => {
    const { frontMatter, body, bodyStart } = source(markdown('---\ntitle: Ein Titel\n---\n\nText.\n'))
    expect({ frontMatter, body, bodyStart }).toEqual({
      frontMatter: { title: 'Ein Titel' },
      body: '\nText.\n',
      bodyStart: 4,
    })
  })

  test('may come from Windows', () => {
    const { frontMatter, body, bodyStart, lineOfKey } = source(
      markdown('\ufeff---\r\ntitle: x\r\ntags:\r\n  - a\r\n---\r\nText.\r\n'),
    )
    expect({ frontMatter, body, bodyStart }).toEqual({
      frontMatter: { title: 'x', tags: ['a'] },
      body: 'Text.\r\n',
      bodyStart: 6,
    })
    expect(lineOfKey('tags.0')).toBe(4)
  })

  test('may have an empty head, and no body', () => {
    expect(source(markdown('---\n---')).frontMatter).toEqual({})
  })

  test('may contain a line of dashes in its body', () => {
    expect(source(markdown('---\na: 1\n---\nEins\n\n---\n\nZwei')).body).toBe('Eins\n\n---\n\nZwei')
  })

  test.each([
    ['', 1, de.fault.noFrontMatter],
    ['Text', 1, de.fault.noFrontMatter],
    ['---\ntitle: x\n', 1, de.fault.openFrontMatter],
    ['---\n- a\n- b\n---\n', 2, de.fault.notAMap],
    ['---\nnur Text\n---\n', 2, de.fault.notAMap],
    ['---\na: 1\na: 2\n---\n', 3, de.fault.yaml(de.yaml.DUPLICATE_KEY)],
    ['---\ntitle: Er sagt: nein\n---\n', 2, de.fault.yaml(de.yaml.BLOCK_AS_IMPLICIT_KEY)],
    ['---\ntitle: *stern\n---\n', 2, de.fault.yaml(de.yaml.BAD_ALIAS)],
    ['---\ntitle: @mw\n---\n', 2, de.fault.yaml(de.yaml.BAD_SCALAR_START)],
  ])('like %j is refused on line %i', (text, line, message) => {
    expect(fault(markdown(text))).toEqual({ line, key: '', message })
  })

  test('that is not UTF-8 is refused on the line where it breaks', () => {
    const read = readMarkdown(Buffer.from('---\ntitle: x\n---\n\nEins\nGrüße\n', 'latin1'), de)
    expect(fault(read)).toEqual({ line: 6, key: '', message: de.fault.utf8 })
  })
})

describe('a key', () => {
  const { lineOfKey } = source(
    markdown(
      '---\ntitle: x\nimage:\n  src: a.svg\n  alt: Ein Bild\nsource: {name: ots, url: weg}\ntags:\n  - a\n  - b\n---\n',
    ),
  )

  test.each([
    ['title', 2],
    ['image', 3],
    ['image.alt', 5],
    ['source.url', 6],
    ['tags.1', 9],
  ])('%s is found on line %i', (key, line) => {
    expect(lineOfKey(key)).toBe(line)
  })

  test.each([
    ['image.caption', 3],
    ['tags.7', 7],
    ['title.x', 2],
    ['date', 1],
  ])('%s, which is missing, is looked for where it would stand: line %i', (key, line) => {
    expect(lineOfKey(key)).toBe(line)
  })

  test('stands on its line whatever the keys before it hold', () => {
    const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null))
    const key = fc.stringMatching(/^[a-z]{1,8}$/)
    assert(
      property(fc.dictionary(key, scalar, { minKeys: 1, maxKeys: 8 }), (values) => {
        const lines = Object.entries(values).map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
        const read = source(markdown(`---\n${lines.join('\n')}\n---\n`))
        expect(read.frontMatter).toEqual({ ...values })
        expect(Object.keys(values).map(read.lineOfKey)).toEqual(lines.map((_, index) => index + 2))
      }),
    )
  })
})

describe('whatever a file holds', () => {
  const shape = (read: ReadSource) => (read.ok ? read.source.bodyStart : read.fault.line)

  test('reading it never throws', () => {
    assert(
      property(uint8Array({ maxLength: 400 }), (content) => {
        expect(shape(readMarkdown(content, de))).toBeGreaterThan(0)
        expect(shape(readYaml(content, de))).toBeGreaterThan(0)
      }),
    )
  })

  test('reading a head of YAML’s own characters never throws, nor does asking for a line', () => {
    const piece = fc.constantFrom(
      ...':-?[]{}&*!|>\'"%@`#, \n\t',
      '---',
      '...',
      '<<: *a',
      '&a',
      '!!js',
      '\ufeff',
      'a',
      '1',
      '\u0000',
    )
    assert(
      property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const read = markdown(`---\n${pieces.join('')}\n---\nText`)
        const lines = 5 + pieces.filter((one) => one === '\n').length
        expect(shape(read)).toBeLessThanOrEqual(lines)
        if (read.ok) expect(read.source.lineOfKey('a.0.b')).toBeLessThanOrEqual(lines)
      }),
      { numRuns: 500 },
    )
  })

  test('aliases that unfold without end are refused', () => {
    const levels = Array.from(
      { length: 12 },
      (_, n) => `l${n + 1}: &l${n + 1} [${`*l${n}, `.repeat(9)}*l${n}]`,
    )
    const read = yaml(`l0: &l0 [x]\n${levels.join('\n')}\n`)
    expect(fault(read).message).toBe(de.fault.notAMap)
  })

  test('a key named like a part of every object is a key like any other', () => {
    const { frontMatter } = source(yaml('__proto__: {polluted: true}\nconstructor: 1\n'))
    expect(Object.hasOwn(frontMatter, 'constructor')).toBe(true)
    expect({}).not.toHaveProperty('polluted')
  })
})
