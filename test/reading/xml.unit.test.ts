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
    expect(writeXml(xml('a', { b: '"<&' }, [xml('c', {}), xml('d', {}, '<&>'), null]))).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<a b="&#x22;&#x3C;&#x26;"><c /><d>&#x3C;&#x26;></d></a>\n',
    )
  })

  test('holds no character that no document may hold', () => {
    expect(writeXml(xml('a', { b: '\u0000\u001b' }, 'x\u0008\ud800\uffffy'))).toContain('<a b="">xy</a>')
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
