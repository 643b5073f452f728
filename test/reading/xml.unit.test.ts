import fc from 'fast-check'
import { XMLParser } from 'fast-xml-parser'
import { describe, expect, test } from 'vitest'
import { writeXml, xml } from '../../src/http/xml.ts'

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  htmlEntities: true,
  trimValues: false,
  parseTagValue: false,
  parseAttributeValue: false,
})

describe('an XML document', () => {
  test('says its encoding, escapes text and closes what is empty', () => {
    expect(writeXml(xml('a', { b: '"<&', none: undefined }, [xml('c'), xml('d', {}, '<&>'), null]))).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<a b="&quot;&lt;&amp;"><c/><d>&#x3C;&#x26;&gt;</d></a>\n',
    )
  })

  test('holds no character that no document may hold', () => {
    expect(writeXml(xml('a', { b: '\u0000\u001b' }, 'x\u0008\ud800\uffffy'))).toContain('<a b="">xy</a>')
  })

  test('keeps the line breaks that a parser would change', () => {
    expect(writeXml(xml('a', { b: 'x\ny' }, 'x\r\ny'))).toContain('<a b="x&#10;y">x&#13;\ny</a>')
  })

  test('holds the end of a CDATA section nowhere, which only a lenient parser lets pass (XML 1.0 §2.4)', () => {
    expect(writeXml(xml('a', { b: ']]>' }, 'x]]>]]]>'))).not.toContain(']]>')
    const piece = fc.constantFrom(']', ']]', '>', ']]>', '<', '&', '&gt;', 'ä', '"')
    const text = fc.array(piece, { minLength: 1 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(text, text, (typed, attribute) => {
        const written = writeXml(xml('a', { b: attribute }, typed))
        expect(written).not.toContain(']]>')
        expect(parser.parse(written)).toMatchObject({ a: { '#text': typed, '@b': attribute } })
      }),
    )
  })

  test('gives a parser back what was written', () => {
    const text = fc.string({ unit: 'grapheme-composite', minLength: 1 }).filter((one) => one.trim() !== '')
    fc.assert(
      fc.property(text, (typed) => {
        const parsed: unknown = parser.parse(writeXml(xml('a', {}, typed)))
        expect(parsed).toMatchObject({ a: typed })
      }),
    )
  })
})
