import fc from 'fast-check'
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5'
import { describe, expect, test } from 'vitest'
import { formatComment } from '../../src/comment/format.ts'

const REL = 'rel="ugc nofollow noopener"'

describe("a comment's text", () => {
  test('keeps paragraphs and line breaks', () => {
    expect(formatComment('eins\nzwei\n\n \n drei')).toBe('<p>eins<br>zwei</p>\n<p>drei</p>')
  })

  test('makes no paragraph of nothing', () => {
    expect(formatComment('\n\neins\n\n \t\n\n\nzwei\n\n')).toBe('<p>eins</p>\n<p>zwei</p>')
    expect(formatComment(' \n')).toBe('')
  })

  test('may hold several addresses in a line', () => {
    const link = (address: string) => `<a href="${address}" ${REL}>${address}</a>`
    expect(formatComment('http://a.de, http://b.de und <http://c.de>')).toBe(
      `<p>${link('http://a.de')}, ${link('http://b.de')} und &lt;${link('http://c.de')}&gt;</p>`,
    )
  })

  test('is escaped', () => {
    expect(formatComment(`<b>"&'`)).toBe(`<p>&lt;b&gt;&quot;&amp;'</p>`)
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

  test.each([
    [
      '*betont* und **stark**, _auch_ __so__',
      '<p><em>betont</em> und <strong>stark</strong>, <em>auch</em> <strong>so</strong></p>',
    ],
    ['5 * 3 * 2 und snake_case_name', '<p>5 * 3 * 2 und snake_case_name</p>'],
    [
      '> Zitat\n> zweite Zeile\n\nAntwort',
      '<blockquote>\n<p>Zitat<br>zweite Zeile</p>\n</blockquote>\n<p>Antwort</p>',
    ],
    ['- eins\n- zwei', '<ul>\n<li>eins</li>\n<li>zwei</li>\n</ul>'],
    ['3. drei\n4. vier', '<ol start="3">\n<li>drei</li>\n<li>vier</li>\n</ol>'],
    [
      '`<b>` und\n\n```js\na < b\n```',
      '<p><code>&lt;b&gt;</code> und</p>\n<pre tabindex="0"><code>a &lt; b\n</code></pre>',
    ],
    ['[Text](https://a.de/?b=1&c=2 "Titel")', `<p><a href="https://a.de/?b=1&amp;c=2" ${REL}>Text</a></p>`],
    ['**https://a.de/x**', `<p><strong><a href="https://a.de/x" ${REL}>https://a.de/x</a></strong></p>`],
    ['https://a.de/_x_/_y', `<p><a href="https://a.de/_x_/_y" ${REL}>https://a.de/_x_/_y</a></p>`],
    ['\\*kein Stern\\*', '<p>*kein Stern*</p>'],
  ])('may be marked up: %j', (text, html) => {
    expect(formatComment(text)).toBe(html)
  })

  test.each([
    '# Titel',
    '---',
    '| a | b |',
    '![Bild](x.png)',
    '[Text](javascript:alert(1))',
    '[Text](/hier/)',
    '[Text]()',
    '[a]() und [b]()',
    '<b>',
    '&amp;',
    '[^1]',
    '~~weg~~',
    '    vier Leerzeichen',
  ])('shows %j as it was typed: a comment has no headings, tables, pictures, HTML', (text) => {
    expect(parseFragment(formatComment(text)).childNodes).toHaveLength(1)
    expect(
      flatten(parseFragment(formatComment(text)))
        .map((node) => ('value' in node ? node.value : ''))
        .join(''),
    ).toBe(text.trim())
  })

  test('loses nothing however deep quotes and lists are in each other', () => {
    for (const marker of ['>', '> ', '- ', '1. ', '* > ']) {
      const html = formatComment(`${marker.repeat(200)}Ende`)
      expect(html, marker).toContain('Ende')
      expect(html.match(/<(?:blockquote|ul|ol)/g)?.length, marker).toBeLessThan(20)
    }
  })

  const piece = fc.constantFrom(
    ...[
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
      '[',
      ']',
      '](',
      '](https://b.de)',
      '=',
      'onload',
    ],
    ...[
      '<script>',
      '\u2028',
      'ä',
      '*',
      '**',
      '_',
      '`',
      '```',
      '- ',
      '1. ',
      '> ',
      '\\',
      '![',
      '&lt;',
      'javascript:',
      '#',
      '\t',
    ],
  )
  const text = fc.oneof(
    fc.array(piece, { maxLength: 40 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary' }),
  )
  const ALLOWED: Record<string, string[]> = {
    a: ['href', 'rel'],
    ol: ['start'],
    pre: ['tabindex'],
    ...Object.fromEntries(
      ['p', 'br', 'em', 'strong', 'blockquote', 'ul', 'li', 'code'].map((name) => [name, []]),
    ),
  }

  test('never becomes anything but what is listed above', () => {
    fc.assert(
      fc.property(text, (typed) => {
        for (const node of flatten(parseFragment(formatComment(typed)))) {
          if (!('attrs' in node)) continue
          expect(Object.keys(ALLOWED)).toContain(node.tagName)
          for (const { name, value } of node.attrs) {
            expect(ALLOWED[node.tagName]).toContain(name)
            if (name === 'href') expect(value).toMatch(/^https?:\/\//i)
            if (name === 'rel') expect(value).toBe('ugc nofollow noopener')
          }
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('loses no letter and no digit but those of numbered lists, of the addresses behind links, and the language of code', () => {
    const plain = fc.array(
      fc.constantFrom(
        '<',
        '"',
        '&',
        ' ',
        '\n',
        '\n\n',
        '(',
        ')',
        'Wort',
        'ä',
        '*',
        '**',
        '_',
        '`',
        '- ',
        '> ',
        '\\',
        '#',
        'https://a.de/',
        '<b>',
      ),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(plain, (parts) => {
        const typed = parts.join('')
        const nodes = flatten(parseFragment(formatComment(typed)))
        const letters = (said: string) => said.replace(/[^\p{L}\p{N}]/gu, '')
        fc.pre(!/```/.test(typed))
        expect(letters(nodes.map((node) => ('value' in node ? node.value : '')).join(''))).toBe(
          letters(typed),
        )
      }),
      { numRuns: 1000 },
    )
  })
})

const flatten = (node: DefaultTreeAdapterTypes.Node): DefaultTreeAdapterTypes.Node[] => [
  node,
  ...('childNodes' in node ? node.childNodes.flatMap(flatten) : []),
]
