import fc from 'fast-check'
import type { Root } from 'hast'
import { fromParse5 } from 'hast-util-from-parse5'
import { toHtml } from 'hast-util-to-html'
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5'
import { describe, expect, test } from 'vitest'
import { PLACEMENTS } from '../../src/ad/placements.ts'
import { absolute } from '../../src/article/absolute.ts'
import { parseMarkdown } from '../../src/article/markdown.ts'
import { sanitise } from '../../src/article/sanitise.ts'
import { slotMarker } from '../../src/http/slots.ts'
import { bodyHtml, issuesOf, PICTURES, render, rendered } from '../support/rendering.ts'
import { HTML_VECTORS, TEXT_VECTORS } from '../support/vectors.ts'

/**
 * What an author writes, or somebody in an author's name, judged without a browser: the HTML is parsed as a browser
 * parses it, and whatever the page's own list does not name is a finding.
 */

const SLOTS = PLACEMENTS.map(slotMarker)

const ELEMENTS = new Set(
  (
    'p br hr h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre table thead tbody tfoot tr th td caption figure figcaption ' +
    'img div section a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small span strong sub sup time var wbr ' +
    'details summary'
  ).split(' '),
)

/** Attributes of any element, and those of one; with what may stand in them. */
const ATTRIBUTES: Record<string, Record<string, RegExp>> = {
  '*': { lang: /^/, dir: /^/ },
  a: {
    href: /^/, // looked at below
    rel: /^noopener external$/,
    id: /^fnref?\d+(:\d+)?$/,
    class: /^(?:anchor|footnote-backref)?$/,
    'aria-label': /^/,
  },
  abbr: { title: /^/ },
  img: {
    src: /^\/media\/hash-(?:bild\.svg|karte\.png)$/,
    alt: /^/,
    title: /^/,
    width: /^\d+$/,
    height: /^\d+$/,
    loading: /^lazy$/,
    decoding: /^async$/,
  },
  ol: { start: /^/, reversed: /^/, class: /^(?:footnotes-list)?$/ },
  li: { id: /^fn\d+$/, class: /^(?:footnote-item)?$/ },
  sup: { class: /^(?:footnote-ref)?$/ },
  div: { class: /^(?:footnotes|table)?$/, role: /^region$/, 'aria-label': /^/, tabindex: /^0$/ },
  code: { class: /^(?:language-[\w-]+)?$/ },
  pre: { tabindex: /^0$/ },
  td: { colspan: /^/, rowspan: /^/, class: /^(?:right|center)?$/ },
  th: { colspan: /^/, rowspan: /^/, scope: /^/, class: /^(?:right|center)?$/ },
  time: { datetime: /^/ },
  details: { open: /^/ },
  ...Object.fromEntries(
    [2, 3, 4, 5, 6].map((n) => [`h${n}`, { id: /^abschnitt-[a-z0-9-]+$/, 'aria-label': /^./s }]),
  ),
}

/** Everything in a piece of HTML that has no business in an article. */
function findings(html: string): string[] {
  const found: string[] = []
  const visit = (node: DefaultTreeAdapterTypes.Node): void => {
    if (node.nodeName === '#comment' || node.nodeName === '#documentType') found.push(node.nodeName)
    if ('tagName' in node) {
      if (!ELEMENTS.has(node.tagName) || !node.namespaceURI.endsWith('/1999/xhtml'))
        found.push(`<${node.tagName}>`)
      for (const { name, value } of node.attrs) {
        const allowed = ATTRIBUTES[node.tagName]?.[name] ?? ATTRIBUTES['*']?.[name]
        if (!allowed?.test(value)) found.push(`<${node.tagName} ${name}="${value}">`)
        if (name === 'href' && !isHarmless(value)) found.push(`href="${value}"`)
      }
      if (node.tagName === 'img' && !node.attrs.some(({ name }) => name === 'src')) found.push('<img>')
    }
    if ('childNodes' in node) node.childNodes.forEach(visit)
    if ('content' in node) visit(node.content)
  }
  visit(parseFragment(html))
  return found
}

/** Whether a browser that follows a link stays with the web and with e-mail. */
const isHarmless = (href: string) => {
  const url = URL.parse(href, 'https://medienwirtschaft.example/artikel/')
  return url === null || /^(?:https?|mailto):$/.test(url.protocol)
}

/** As a browser would serialise what it parsed: what is hidden in one pass may come out in the next. */
const reparsed = (html: string) => {
  const tree = fromParse5(parseFragment(html))
  return toHtml(tree.type === 'root' ? tree : { type: 'root', children: [] })
}

/** Pictures exist, so that an article is not refused for the lack of them. */
const withPictures = (html: string) => html.replaceAll(/src="?x"?(?=[\s/>])/g, 'src=bild.svg')

const VECTORS = [...new Set([...HTML_VECTORS, ...TEXT_VECTORS])].map(withPictures)

/** Where a text may stand in Markdown. */
const PLACES: Record<string, (vector: string) => string> = {
  'on lines of its own': (vector) => `Davor.\n\n${vector}\n\nDanach.`,
  'in a sentence': (vector) => `Davor ${vector} danach.`,
  'in a heading': (vector) => `## ${vector}\n\nDanach.`,
  'in a list and a quote': (vector) => `- ${vector}\n\n> ${vector}\n\nDanach.`,
  'in a table': (vector) => `| a | b |\n| - | - |\n| ${vector} | x |\n\nDanach.`,
  'as the address of a link': (vector) => `[Klick](<${vector}>) [Klick](${vector})\n\nDanach.`,
  'as an address by reference': (vector) =>
    `[Klick][1] ![Bild][2] <${vector}>\n\n[1]: ${vector}\n[2]: bild.svg "${vector}"`,
  'as the text of a link and a picture': (vector) =>
    `[${vector}](/pfad/) ![${vector}](bild.svg "${vector}|${vector}")`,
  'in a footnote': (vector) => `Davor[^1] und[^${vector}].\n\n[^1]: ${vector}\n\n[^${vector}]: Danach.`,
  'as the language of a code block': (vector) => `~~~${vector}\n${vector}\n~~~\n\nDanach.`,
  'as an attribute that is allowed': (vector) =>
    `<abbr title="${vector}">A</abbr> <span lang='${vector}'>B</span> <a href="${vector}">C</a> <a href=${vector}>D</a>`,
}

describe('an article', () => {
  test('there are more than two hundred vectors', () => {
    expect(VECTORS.length).toBeGreaterThan(200)
  })

  test('the instrument finds what it is for', () => {
    const traps = [
      '<script>1</script>',
      '<svg><a>x</a></svg>',
      '<math></math>',
      '<p onclick="x">x</p>',
      '<p style="color:red">x</p>',
      '<p id="inhalt">x</p>',
      '<a href="javascript:x">x</a>',
      '<a href=" java\tscript:x">x</a>',
      '<a href="data:text/html,x">x</a>',
      '<img src="https://evil.example/x.png" alt="">',
      '<img alt="">',
      '<!-- x -->',
      '<template><p>x</p></template>',
      '<h1>x</h1>',
    ]
    expect(traps.filter((trap) => findings(trap).length === 0)).toEqual([])
    expect(findings('<p lang="en">x <a href="/y/">y</a></p><img src="/media/hash-bild.svg" alt="">')).toEqual(
      [],
    )
  })

  test.each(Object.keys(PLACES))('is harmless with a vector %s', (place) => {
    let taken = 0
    for (const vector of VECTORS) {
      const result = render(PLACES[place]?.(vector) ?? '')
      if (!result.ok) continue
      taken++
      const { segments } = result.value.article
      const html = segments.join('')
      expect(findings(html), vector).toEqual([])
      expect(findings(reparsed(html)), vector).toEqual([])
      if (segments.length > 1) for (const one of segments) expect(findings(one), vector).toEqual([])
      expect(SLOTS.filter((slot) => html.includes(slot))).toEqual([])
    }
    expect(taken).toBeGreaterThan(VECTORS.length * 0.7)
  })

  test('is harmless in a feed, where addresses are absolute', () => {
    for (const vector of VECTORS) {
      const result = render(PLACES['on lines of its own']?.(vector) ?? '')
      if (!result.ok) continue
      const html = absolute({ ...result.value.article, revision: 1 }, 'https://medienwirtschaft.example')
      const local = html.replaceAll('="https://medienwirtschaft.example/media/', '="/media/')
      expect(findings(local), vector).toEqual([])
    }
  })

  test('keeps what vectors put in its front matter as text, and nothing else', () => {
    for (const vector of VECTORS) {
      const title = [...vector].slice(0, 100).join('').trim()
      if (title === '') continue
      const { article } = rendered('Text.', { title, description: title })
      expect(article.title).toBe(title)
      expect(article.segments).toEqual(['<p>Text.</p>'])
    }
  })

  test('refuses a picture from elsewhere instead of showing it', () => {
    const elsewhere = [
      'https://evil.example/x.png',
      '//evil.example/x.png',
      'data:image/svg+xml;base64,PHN2Zy8+',
      'javascript:1',
      '/media/../bild.svg',
      'bild.svg?x',
      'bild.svg#x',
      '',
    ]
    for (const src of elsewhere) {
      expect(issuesOf(`Text ![x](<${src}>)`)[0]?.code, src).toBe('missing-media')
      expect(issuesOf(`Text <img src="${src}">`)[0]?.code, src).toBe('missing-media')
    }
  })

  test('keeps the text of an element it does not know, and drops what was never text', () => {
    const { article } = rendered('<nav><font color=red>Rot</font> <script>1</script><style>p{}</style></nav>')
    expect(article.segments.join('').trim()).toBe('Rot')
  })

  test('drops drawings, formulas, frames and controls with all their text', () => {
    const never = 'svg math iframe object textarea select noscript template title script style'.split(' ')
    for (const name of never)
      expect(bodyHtml(`Text <${name}>nicht gezeigt</${name}>`), name).toBe('<p>Text </p>')
  })

  test('keeps no class, id, style, name or handler of an author’s own, on any element', () => {
    const attributes =
      'class id style name onclick data-x slot is part popover tabindex role aria-label'.split(' ')
    for (const element of [...ELEMENTS].filter((name) => name !== 'img')) {
      const written = attributes.map((name) => `${name}="ad-slot"`).join(' ')
      const html = bodyHtml(
        `<table><tr><td><${element} ${written}>x</${element}></table>\n\n<${element} ${written}>x`,
      )
      expect(html, element).not.toContain('ad-slot')
    }
    const figure = bodyHtml(
      '<img src="bild.svg" class="ad-slot" id="ad-slot" style="ad-slot" onload="ad-slot">x',
    )
    expect(figure).not.toContain('ad-slot')
  })

  test('refuses nesting that no text has, however it is hidden', () => {
    const deep = 20_000
    const hidden = [
      '<div>'.repeat(deep),
      `<template>${'<div>'.repeat(deep)}`,
      '<template>'.repeat(deep),
      `<svg>${'<g>'.repeat(deep)}`,
      `<table>${'<tr><td><table>'.repeat(2000)}`,
      `<button>${'<b>'.repeat(deep)}`,
    ]
    for (const html of hidden)
      expect(issuesOf(`${html}Text`), html.slice(0, 20)).toEqual([{ key: 'body', code: 'too-deep' }])
  })

  test('is not slow to read, whatever is repeated in it', () => {
    const repeated = [
      '[',
      '![',
      '[a](',
      '<a ',
      '**a _b ',
      '> ',
      '`',
      '"',
      '[^',
      '&',
      '<!--',
      '||',
      '\\',
      '- a\n',
    ]
    for (const part of repeated) {
      const started = performance.now()
      render(`Text ${part.repeat(3000)}`)
      expect(performance.now() - started, part).toBeLessThan(2000)
    }
  })
})

/** Fragments of HTML as nobody would write it, well nested or not. */
const anyName = fc.constantFrom(
  ...'a b p div span table tr td th tbody caption li ul ol dl dt dd h1 h2 h3 pre code img br hr figure figcaption details'.split(
    ' ',
  ),
  ...'script style template noscript svg math mtext mglyph malignmark annotation-xml foreignObject desc title'.split(
    ' ',
  ),
  ...'textarea select option iframe object embed form input button base link meta xmp plaintext noembed'.split(
    ' ',
  ),
  ...'frameset body html head image marquee applet center font nobr ruby rt rp x-y summary sup'.split(' '),
)
const anyAttribute = fc
  .record({
    name: fc.constantFrom(
      ...'href src onerror onload onclick style id class name srcdoc srcset action formaction lang dir title alt'.split(
        ' ',
      ),
      ...'xlink:href data background http-equiv content colspan shadowrootmode is slot start'.split(' '),
    ),
    value: fc.constantFrom(
      'x',
      'bild.svg',
      'javascript:__xss=1',
      ' java&#10;script:__xss=1',
      'data:text/html,<script>__xss=1</script>',
      'fn1',
      'ad-slot',
      '</style><img src=bild.svg onerror=__xss=1>',
      '--&gt;&lt;img src=bild.svg onerror=__xss=1&gt;',
      '`',
      '"',
    ),
    quote: fc.constantFrom('"', "'", ''),
  })
  .map(({ name, value, quote }) => ` ${name}=${quote}${value}${quote}`)
const anyPiece = fc.oneof(
  {
    arbitrary: fc
      .tuple(anyName, fc.array(anyAttribute, { maxLength: 2 }), fc.constantFrom('', '', '', '/'))
      .map(([name, attributes, end]) => `<${name}${attributes.join('')}${end}>`),
    weight: 6,
  },
  { arbitrary: anyName.map((name) => `</${name}>`), weight: 4 },
  {
    arbitrary: fc.constantFrom(
      ...[
        'Text',
        ' ',
        '\n',
        '\n\n',
        '<!--',
        '-->',
        '--!>',
        '<![CDATA[',
        ']]>',
        '<!doctype html>',
        '<?x',
        '>',
        '<',
      ],
      ...[
        '"',
        "'",
        '&lt;script&gt;',
        '&#0;',
        '\u0000',
        '*',
        '`',
        '[',
        '](javascript:x)',
        '# ',
        '> ',
        '| ',
        '- ',
        '~~~',
      ],
    ),
    weight: 4,
  },
)
const anyHtml = fc
  .array(anyPiece, { minLength: 1, maxLength: 25 })
  .map((pieces) => pieces.join('').replaceAll(/<(?:img|image)(?=[\s/>])/g, '<img src=bild.svg'))

describe('whatever HTML is made of', () => {
  test('only what is on the list reaches a page', () => {
    fc.assert(
      fc.property(anyHtml, (html) => {
        const result = render(`${html}\n\nText`)
        if (!result.ok) return
        const shown = result.value.article.segments.join('')
        expect(findings(shown)).toEqual([])
        expect(findings(reparsed(shown))).toEqual([])
        expect(SLOTS.filter((slot) => shown.includes(slot))).toEqual([])
      }),
      { numRuns: 600 },
    )
  })

  test('sanitising what was sanitised changes nothing, as a browser reads it', () => {
    const read = (html: string): Root => {
      const tree = fromParse5(parseFragment(html))
      return tree.type === 'root' ? tree : { type: 'root', children: [] }
    }
    /** A parser drops the first line break in `<pre>`, every time. */
    const written = (tree: Root) => toHtml(tree).replaceAll(/<pre([^>]*)>\n+/g, '<pre$1>')
    fc.assert(
      fc.property(anyHtml, (html) => {
        const tree = parseMarkdown(html, 'de')
        if (!tree) return
        const once = written(tree)
        expect(written(read(once))).toBe(once)
        expect(written(sanitise(read(once)))).toBe(once)
      }),
      { numRuns: 600 },
    )
  })

  test('pictures are those of the site', () => {
    expect([...PICTURES.values()].map(({ src }) => src)).toEqual([
      '/media/hash-bild.svg',
      '/media/hash-karte.png',
      '/media/hash-messe.png',
      '/media/hash-spiel.zip',
    ])
  })
})
