import fc from 'fast-check'
import { parseFragment } from 'parse5'
import { h } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { describe, expect, test } from 'vitest'
import { escapeHtml, Html, jsonForScript, markSafe } from '../../src/view/html.ts'
import { HTML_VECTORS, TEXT_VECTORS } from '../support/vectors.ts'

/** What an HTML parser itself does to characters, escaped or not. */
const asParsed = (text: string) => text.replace(/\0/g, '').replace(/\r\n?/g, '\n')
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(...HTML_VECTORS, ...TEXT_VECTORS),
  fc
    .array(fc.constantFrom('<', '>', '&', '"', "'", '`', '</script', '<!--', ']]>', 'lt;', '#x3c;'), {
      maxLength: 12,
    })
    .map((parts) => parts.join('')),
)

describe('text', () => {
  test('stays text between tags', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { childNodes } = parseFragment(`<p>${escapeHtml(text)}</p>`)
        expect(childNodes).toHaveLength(1)
        const [p] = childNodes
        const inside = p && 'childNodes' in p ? p.childNodes : []
        expect(inside.map((node) => ('value' in node ? node.value : node.nodeName)).join('')).toBe(
          asParsed(text),
        )
      }),
      { numRuns: 500 },
    )
  })

  test.each(['"', "'"])('stays text in an attribute quoted by %s', (quote) => {
    fc.assert(
      fc.property(anyText, (text) => {
        const [p, ...others] = parseFragment(`<p title=${quote}${escapeHtml(text)}${quote}>`).childNodes
        expect(others).toEqual([])
        expect(p && 'attrs' in p ? p.attrs.map(({ name }) => name) : null).toEqual(['title'])
        expect(p && 'attrs' in p ? p.attrs[0]?.value : null).toBe(
          text.replace(/\0/g, '\ufffd').replace(/\r\n?/g, '\n'),
        )
      }),
      { numRuns: 500 },
    )
  })

  test('is escaped in JSX by itself, and safe HTML is not escaped again', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const [p, ...others] = parseFragment(renderToString(h('p', { title: text }, text))).childNodes
        expect(others).toEqual([])
        expect(p && 'childNodes' in p ? p.childNodes.map(({ nodeName }) => nodeName) : null).toEqual(
          asParsed(text) === '' ? [] : ['#text'],
        )
      }),
    )
    expect(renderToString(Html({ of: markSafe('<b>fett</b>') }))).toBe('<b>fett</b>')
  })
})

describe('JSON in a script element', () => {
  test('cannot end it, whatever it holds, and is read back as it was', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const written = jsonForScript({ headline: text, [text]: [text] })
        expect(written).not.toMatch(/[<>&\u2028\u2029]/)
        const [script, ...others] = parseFragment(
          `<script type="application/ld+json">${written}</script>`,
        ).childNodes
        expect(others).toEqual([])
        const [inside] = script && 'childNodes' in script ? script.childNodes : []
        expect(JSON.parse(inside && 'value' in inside ? inside.value : '')).toEqual({
          headline: text,
          [text]: [text],
        })
      }),
      { numRuns: 500 },
    )
  })
})
