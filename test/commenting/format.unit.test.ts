import fc from 'fast-check'
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5'
import { describe, expect, test } from 'vitest'
import { formatComment } from '../../src/comment/format.ts'

const REL = 'rel="ugc nofollow noopener"'

describe("a comment's text", () => {
  test('keeps paragraphs and line breaks', () => {
    expect(formatComment('eins\nzwei\n\n \n drei')).toBe('<p>eins<br>zwei</p><p>drei</p>')
  })

  test('makes no paragraph of nothing', () => {
    expect(formatComment('\n\neins\n\n \t\n\n\nzwei\n\n')).toBe('<p>eins</p><p>zwei</p>')
    expect(formatComment(' \n')).toBe('')
  })

  test('may hold several addresses in a line', () => {
    const link = (address: string) => `<a href="${address}" ${REL}>${address}</a>`
    expect(formatComment('http://a.de, http://b.de und <http://c.de>')).toBe(
      `<p>${link('http://a.de')}, ${link('http://b.de')} und &lt;${link('http://c.de')}&gt;</p>`,
    )
  })

  test('is escaped', () => {
    expect(formatComment(`<b>"&'`)).toBe('<p>&lt;b&gt;&quot;&amp;&#39;</p>')
  })

  test.each([
    ['https://a.de/b', 'https://a.de/b', ''],
    ['https://a.de/b.', 'https://a.de/b', '.'],
    ['https://a.de/b?!', 'https://a.de/b', '?!'],
    ['https://a.de/wiki/Zeitung_(Medium)', 'https://a.de/wiki/Zeitung_(Medium)', ''],
    ['https://a.de/wiki/Zeitung_(Medium).', 'https://a.de/wiki/Zeitung_(Medium)', '.'],
    ['https://a.de/wiki/Zeitung_(Medium)).', 'https://a.de/wiki/Zeitung_(Medium)', ').'],
    ['https://a.de/wiki/Zeitung_(a_(b))', 'https://a.de/wiki/Zeitung_(a_(b))', ''],
    ['https://a.de/wiki/(Was_nun?)', 'https://a.de/wiki/(Was_nun?)', ''],
    ['https://a.de/(a)/b)', 'https://a.de/(a)/b', ')'],
    ['https://a.de“', 'https://a.de', '“'],
    ['https://a.de/…', 'https://a.de/', '…'],
    ['HTTP://A.DE', 'HTTP://A.DE', ''],
  ])('makes %s a link that search engines ignore', (text, address, rest) => {
    expect(formatComment(text)).toBe(`<p><a href="${address}" ${REL}>${address}</a>${rest}</p>`)
  })

  test('leaves a bracket around an address outside of it', () => {
    expect(formatComment('(siehe https://a.de)')).toContain(`>https://a.de</a>)`)
  })

  test.each(['javascript:alert(1)', 'https://', 'ftp://a.de', 'www.a.de'])('makes no link of %s', (text) => {
    expect(formatComment(text)).not.toContain('<a')
  })

  test.each(['.', ')', '(', '?)', '\n', ' \n', 'https://a.de/', 'http://'])(
    'is not slow to format, however often it repeats „%s“',
    (part) => {
      const text = `https://a.de/${part.repeat(5000 / part.length - 20)}x`
      const durations = Array.from({ length: 10 }, () => {
        const started = performance.now()
        formatComment(text)
        return performance.now() - started
      })
      expect(Math.min(...durations)).toBeLessThan(8) // looking at every rest of the text would take 20
    },
  )

  test('never becomes anything but paragraphs, breaks and links, and loses no word', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '"',
      "'",
      '&',
      ' ',
      '\n',
      '\n\n',
      'https://a.de/',
      '(',
      ')',
      '=',
      'onload',
      '<script>',
      '\u2028',
      'ä',
    )
    const text = fc.oneof(
      fc.array(piece, { maxLength: 30 }).map((parts) => parts.join('')),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(text, (typed) => {
        const nodes = flatten(parseFragment(formatComment(typed)))
        for (const node of nodes) {
          if ('attrs' in node) {
            expect(['p', 'br', 'a']).toContain(node.tagName)
            expect(node.attrs.map(({ name }) => name)).toEqual(node.tagName === 'a' ? ['href', 'rel'] : [])
            for (const { value } of node.attrs.filter(({ name }) => name === 'href'))
              expect(value).toMatch(/^https?:/i)
          }
        }
        const shown = nodes.map((node) => ('value' in node ? node.value : '')).join('')
        expect(visible(shown)).toBe(visible(typed))
      }),
      { numRuns: 1000 },
    )
  })
})

const flatten = (node: DefaultTreeAdapterTypes.Node): DefaultTreeAdapterTypes.Node[] => [
  node,
  ...('childNodes' in node ? node.childNodes.flatMap(flatten) : []),
]

/** Without white space, and without what the HTML parser itself replaces. */
const visible = (text: string) => text.toWellFormed().replace(/[\s\0\uFFFD]/g, '')
