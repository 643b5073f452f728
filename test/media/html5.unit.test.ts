import fc from 'fast-check'
import { strToU8, type Zippable, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { MAX_CREATIVE_BYTES, unpackCreative, withClickTag } from '../../src/media/html5.ts'

/** What a zip archive with an HTML5 creative may hold. */

const pack = (files: Record<string, string | Uint8Array>) =>
  zipSync(
    Object.fromEntries(
      Object.entries(files).map(([name, content]) => [
        name,
        typeof content === 'string' ? strToU8(content) : content,
      ]),
    ) satisfies Zippable,
  )
const PAGE = '<!doctype html><html><head><title>Spiel</title></head><body>Hallo</body></html>'
const faultOf = (bytes: Uint8Array) => {
  const result = unpackCreative(bytes)
  return result.ok ? null : [result.fault, result.got]
}

describe('a creative', () => {
  test('is a page with what it needs', () => {
    const result = unpackCreative(pack({ 'index.html': PAGE, 'img/a b.png': 'x', 'spiel.js': 'let a = 1' }))
    expect(result.ok && [...result.files.keys()].sort()).toEqual(['img/a b.png', 'index.html', 'spiel.js'])
  })

  test('may lie in one folder, beside what packers leave behind', () => {
    const result = unpackCreative(
      pack({
        'spiel/index.html': PAGE,
        'spiel/a.css': 'b{}',
        '__MACOSX/spiel/._a.css': 'x',
        'spiel/.DS_Store': 'x',
      }),
    )
    expect(result.ok && [...result.files.keys()].sort()).toEqual(['a.css', 'index.html'])
  })

  test.each([
    ['../index.html', 'path'],
    ['a/../../b.html', 'path'],
    ['/etc/passwd.html', 'path'],
    ['c:\\windows\\x.js', 'path'],
    ['a//b.js', 'path'],
    ['.htaccess.js', 'path'],
    ['ü\u202Egpj.html', 'path'],
    [`${'a'.repeat(130)}.js`, 'path'],
    ['spiel.exe', 'type'],
    ['spiel.php', 'type'],
    ['innen.zip', 'type'],
    ['ohne-endung', 'type'],
  ])('holds no file called %s: %s', (name, fault) => {
    expect(faultOf(pack({ 'index.html': PAGE, [name]: 'x' }))?.[0]).toBe(fault)
  })

  test('needs an index.html', () => {
    expect(faultOf(pack({ 'start.html': PAGE }))?.[0]).toBe('noIndex')
    expect(faultOf(pack({}))?.[0]).toBe('noZip')
  })

  test('is no bomb: what unfolds to more is never unfolded', () => {
    const bomb = pack({ 'index.html': PAGE, 'gross.js': new Uint8Array(100 * 1024 * 1024) })
    expect(bomb.length).toBeLessThan(MAX_CREATIVE_BYTES)
    const before = process.memoryUsage().arrayBuffers
    expect(faultOf(bomb)?.[0]).toBe('tooLarge')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024)
  })

  test('is no bomb that lies about its size either', () => {
    const bomb = pack({ 'index.html': PAGE, 'gross.js': new Uint8Array(10 * 1024 * 1024) })
    // The sizes of the second entry, in its own header and in the directory at the end.
    const view = new DataView(bomb.buffer)
    for (let at = 0; at + 4 <= bomb.length; at++)
      if (view.getUint32(at, true) === 10 * 1024 * 1024) view.setUint32(at, 100, true)
    const result = unpackCreative(bomb)
    const bytes = result.ok ? [...result.files.values()].reduce((sum, file) => sum + file.length, 0) : 0
    expect(bytes).toBeLessThan(MAX_CREATIVE_BYTES)
  })

  test('has at most sixty files', () => {
    const files = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`f${n}.js`, 'x']))
    expect(faultOf(pack({ 'index.html': PAGE, ...files }))).toEqual(['tooMany', '60'])
  })

  test.each([
    ['index.html', '<script src="https://evil.example/a.js"></script>', 'https://evil.example/a.js'],
    ['index.html', '<img src=//evil.example/p.gif>', '//evil.example/p.gif'],
    ['a.css', '@import "//evil.example/a.css";', '//evil.example/a.css'],
    ['a.css', 'b{background:url(http://evil.example/p)}', 'http://evil.example/p'],
    ['a.js', 'new WebSocket("wss://evil.example/")', 'wss://evil.example/'],
    [
      'a.svg',
      '<svg xmlns="http://www.w3.org/2000/svg"><image href="https://evil.example/x"/></svg>',
      'https://evil.example/x',
    ],
  ])('loads nothing from outside: %s', (name, content, address) => {
    const [fault, got] = faultOf(pack({ 'index.html': PAGE, [name]: content })) ?? []
    expect(fault).toBe('outside')
    expect(got).toContain(address)
  })

  test('may name formats, and its own click tag', () => {
    const page = PAGE.replace(
      '</head>',
      '<script>var clickTag = "https://www.kunde.example/aktion";</script></head>',
    )
    const drawing = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"/>'
    expect(
      faultOf(pack({ 'index.html': page, 'a.svg': drawing, 'a.js': '// Kommentar, kein Verweis' })),
    ).toBeNull()
  })

  test('is never anything that throws, whatever the bytes', () => {
    const good = pack({ 'index.html': PAGE, 'a.js': 'let a = 1' })
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.nat(good.length - 1),
        fc.nat(255),
        (noise, at, value) => {
          expect(unpackCreative(noise).ok).toBe(false)
          const damaged = good.slice()
          damaged[at] = value
          expect(typeof unpackCreative(damaged).ok).toBe('boolean')
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('the click tag', () => {
  test('is there before any script of the creative, and in place of its own', () => {
    const html = withClickTag(
      PAGE.replace('<title>', '<script>var clickTag = "https://x.example";</script><title>'),
    )
    expect(html.indexOf('window.mwClickTag=window.clickTag')).toBeLessThan(
      html.indexOf('var clickTag = window.mwClickTag'),
    )
    expect(html).not.toContain('x.example')
    expect(html).toMatch(/^<!doctype html><html><head><script>/)
  })

  test.each(['<b>Hallo</b>', '<!doctype html><b>Hallo</b>', '<HTML><HEAD lang=de><title>x</title>'])(
    'is there in %s as well',
    (html) => {
      expect(withClickTag(html)).toContain('mwClickTag')
    },
  )

  test.each([
    ['?clickTag=%2Fgo%2Fspiel%3Fv%3Dab-C_9', 'https://site.example/go/spiel?v=ab-C_9'],
    ['?clickTag=%2Fgo%2Fspiel', 'https://site.example/go/spiel'],
    ['?clickTag=https%3A%2F%2Fevil.example', 'about:blank'],
    ['?clickTag=%2F%2Fevil.example', 'about:blank'],
    ['?clickTag=javascript%3Aalert(1)', 'about:blank'],
    ['?clickTag=%2Fgo%2F..%2Fdesk', 'about:blank'],
    ['', 'about:blank'],
  ])('of %s is %s', (search, expected) => {
    const [, script = ''] = /<script>(.*?)<\/script>/.exec(withClickTag('<p>')) ?? []
    const window: Record<string, unknown> = {}
    new Function('window', 'location', script)(window, { search, protocol: 'https:', host: 'site.example' })
    expect([window.clickTag, window.clickTAG]).toEqual([expected, expected])
  })
})
