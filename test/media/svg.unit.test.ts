import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sanitiseSvg } from '../../src/media/svg.ts'

const svg = (inside: string, attributes = '') =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"${attributes}>${inside}</svg>`

describe('a drawing', () => {
  test('that is nothing but a drawing stays as it is, byte for byte', () => {
    const drawing = svg(
      '<title>Ein Kreis</title>\n  <g fill="#c00"><circle cx="4" cy="4" r="3"/></g><text x="1" y="8">Ä &amp; B</text>',
    )
    expect(sanitiseSvg(drawing)).toBe(drawing)
  })

  test('may use its own gradients and shapes', () => {
    const drawing = svg(
      '<defs><linearGradient id="a"><stop offset="0"/></linearGradient><path id="p" d="M0 0"/></defs><rect fill="url(#a)"/><use href="#p"/>',
    )
    expect(sanitiseSvg(drawing)).toBe(drawing)
  })

  test.each([
    ['<script>alert(1)</script>', ''],
    ['<foreignObject><b xmlns="http://www.w3.org/1999/xhtml">x</b></foreignObject>', ''],
    ['<a href="https://evil.example"><rect/></a>', ''],
    ['<image href="https://evil.example/x.png"/>', ''],
    ['<style>@import url(https://evil.example)</style>', ''],
    ['<animate attributeName="href" to="javascript:1"/>', ''],
    ['<rect onclick="alert(1)"/>', '<rect/>'],
    ['<rect style="background:url(https://evil.example)"/>', '<rect/>'],
    ['<rect fill="url(https://evil.example/#a)"/>', '<rect/>'],
    ['<rect fill="url( \'//evil.example#a\')"/>', '<rect/>'],
    ['<use href="https://evil.example/#a"/>', '<use/>'],
    [
      '<use xlink:href="data:image/svg+xml,x#a" xmlns:xlink="http://www.w3.org/1999/xlink"/>',
      '<use xmlns:xlink="http://www.w3.org/1999/xlink"/>',
    ],
    ['<!-- geheim -->', ''],
  ])('loses %s', (inside, left) => {
    const clean = sanitiseSvg(svg(inside)) ?? ''
    expect(
      clean.replaceAll('></rect>', '/>').replaceAll('></use>', '/>').replace('></svg>', `>${''}</svg>`),
    ).toBe(svg(left))
  })

  test('loses handlers on its outermost element, a doctype and its entities', () => {
    expect(sanitiseSvg(svg('', ' onload="alert(1)"'))).not.toContain('onload')
    const entities = `<!DOCTYPE svg [<!ENTITY x "y">]>${svg('<text>a</text>')}`
    expect(sanitiseSvg(entities) ?? '').not.toContain('ENTITY')
  })

  test.each([
    '',
    'x',
    '<html></html>',
    '<svg',
    '<svg><g></svg>',
    '<svg>&unbekannt;</svg>',
    '<!DOCTYPE html><svg>',
  ])('is not %j', (text) => expect(sanitiseSvg(text)).toBeNull())

  test('is clean after one pass, whatever is in it', () => {
    const name = fc.constantFrom(
      'rect',
      'g',
      'script',
      'style',
      'a',
      'image',
      'use',
      'foreignObject',
      'text',
      'set',
    )
    const attribute = fc.constantFrom('fill', 'onload', 'href', 'style', 'xlink:href', 'd', 'class', 'src')
    const value = fc.constantFrom('#a', 'url(#a)', 'url(http://x)', 'javascript:1', 'red', 'data:text/html,x')
    const attributes = fc.uniqueArray(fc.tuple(attribute, value), { maxLength: 3, selector: ([one]) => one })
    const element = (children: fc.Arbitrary<string[]>) =>
      fc
        .tuple(name, attributes, children)
        .map(
          ([tag, pairs, inside]) =>
            `<${tag}${pairs.map(([k, v]) => ` ${k}="${v}"`).join('')}>${inside.join('')}</${tag}>`,
        )
    const leaf = element(fc.constant([]))
    const node = element(fc.array(element(fc.array(leaf, { maxLength: 2 })), { maxLength: 2 }))
    fc.assert(
      fc.property(fc.array(node, { maxLength: 4 }), (nodes) => {
        const clean = sanitiseSvg(svg(nodes.join(''), ' xmlns:xlink="http://www.w3.org/1999/xlink"'))
        if (clean === null) throw new Error('a well-formed drawing was refused')
        expect(clean).not.toMatch(
          /<(?:script|style|a|image|foreignObject|set)\b| on\w+=| style=| (?:xlink:)?href="(?!#)|url\((?!#)/,
        )
        expect(sanitiseSvg(clean)).toBe(clean)
      }),
    )
  })
})
