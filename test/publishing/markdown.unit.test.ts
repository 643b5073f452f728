import { describe, expect, test } from 'vitest'
import { renderArticle } from '../../src/article/render.ts'
import { textsOf } from '../../src/locale/locale.ts'
import { parse } from '../../src/publish/issue.ts'
import { SettingsSource } from '../../src/site/settings.ts'
import { article, settings, slug } from '../support/fixture.ts'
import { AUTHORS } from '../support/rendering.ts'

const picture = {
  name: 'bild.svg',
  hash: 'f'.repeat(32),
  src: '/media/bild.svg',
  width: 1200,
  height: 675,
  widths: [],
}

function renderBody(body: string, language: 'de' | 'en' = 'de') {
  const site = parse(SettingsSource, settings({ language }).frontMatter)
  if (!site.ok) throw new Error('the fixture has no valid settings')
  const context = {
    settings: site.value,
    media: new Map([[picture.name, picture]]),
    authors: AUTHORS,
    texts: textsOf(language),
  }
  return renderArticle(slug('probe'), article('probe', { ads: 'none' }, body), context)
}

function html(body: string, language?: 'de' | 'en'): string {
  const result = renderBody(body, language)
  if (!result.ok) throw new Error(JSON.stringify(result.issues))
  return result.value.article.segments.join('')
}

const issuesOf = (body: string) => {
  const result = renderBody(body)
  return result.ok ? [] : result.issues
}

describe('Markdown', () => {
  test('is CommonMark: emphasis, lists, quotes, code', () => {
    expect(html('*a* **b** `c`')).toBe('<p><em>a</em> <strong>b</strong> <code>c</code></p>')
    expect(html('1. eins\n2. zwei')).toContain('<ol>')
    expect(html('> Zitat')).toContain('<blockquote>')
    expect(html('```js\nlet a\n```')).toContain('<code class="language-js">')
  })

  test('knows tables, which scroll in a named region that the keyboard reaches', () => {
    const table = html('| A | B |\n| --- | ---: |\n| 1 | 2 |')
    expect(table).toContain('<div class="table" role="region" aria-label="Tabelle, seitlich verschiebbar"')
    expect(table).toContain('tabindex="0"')
    expect(table).toContain('<th>A</th>')
  })

  test('knows strikethrough', () => {
    expect(html('~~alt~~ neu')).toContain('<s>alt</s>')
  })

  test('knows footnotes that lead there and back', () => {
    const text = html('Ein Satz.[^1]\n\n[^1]: Die Fußnote.')
    expect(text).toContain('href="#fn1"')
    expect(text).toContain('id="fnref1"')
    expect(text).toContain('href="#fnref1"')
    expect(text).toContain('aria-label="Fußnote 1"')
    expect(text).toContain('aria-label="Zurück zum Text"')
  })

  test('sets German quotation marks in German and English ones in English', () => {
    expect(html(`Er sagte: "Das 'Wort' zählt."`)).toContain('„Das ‚Wort‘ zählt.“')
    expect(html(`He said: "The 'word' counts."`, 'en')).toContain('“The ‘word’ counts.”')
  })

  test('keeps a word in another language marked as such', () => {
    expect(html('<span lang="en">Belt and Road</span>')).toContain('<span lang="en">Belt and Road</span>')
  })
})

describe('a subhead', () => {
  test('has an address of its own, umlauts spelt out', () => {
    const text = html('## Größe zählt\n\nText.')
    expect(text).toContain('<h2 id="abschnitt-groesse-zaehlt" aria-label="Größe zählt">')
    expect(text).toContain('href="#abschnitt-groesse-zaehlt" aria-label="Direkt zum Abschnitt: Größe zählt"')
  })

  test('never shares its address with another one', () => {
    const ids = [...html('## A\n\n## A\n\n## A 2\n\n## A\n\n## !\n\n## ?\n\nx').matchAll(/ id="([^"]+)"/g)]
    expect(new Set(ids.map(([, id]) => id)).size).toBe(6)
  })

  test('is never a second headline', () => {
    expect(html('# Titel\n\nText.')).toContain('<h2 ')
  })
})

describe('a link', () => {
  test('out of the site says so', () => {
    expect(html('[a](https://beispiel.de)')).toContain('href="https://beispiel.de" rel="noopener external"')
  })

  test('may have its scheme in capitals', () => {
    expect(html('[a](HTTPS://beispiel.de)')).toContain(
      '<a href="https://beispiel.de" rel="noopener external">',
    )
  })

  test('within the site does not', () => {
    expect(html('[a](/impressum/)')).toBe('<p><a href="/impressum/">a</a></p>')
  })

  test.each([
    ['//beispiel.de/', true],
    ['http://beispiel.de', true],
    ['\\\\beispiel.de', true],
    ['/\\beispiel.de', true],
    ['/impressum/', false],
    ['impressum/', false],
    ['?s=a', false],
    ['#abschnitt-a', false],
    ['mailto:redaktion@beispiel.de', false],
  ])('%s leads out of the site as a browser reads it: %s', (href, isExternal) => {
    expect(html(`Text <a href="${href}">a</a>`)).toContain(
      isExternal ? `<a href="${href}" rel="noopener external">` : `<a href="${href}">`,
    )
  })
})

describe('a picture', () => {
  test('alone in a paragraph is a figure with caption and credit, its room reserved', () => {
    expect(html('![Ein Bild](bild.svg "Was man sieht | Grafik: wir")')).toBe(
      '<figure><img src="/media/bild.svg" width="1200" height="675" alt="Ein Bild" loading="lazy" decoding="async">' +
        '<figcaption>Was man sieht <small>Grafik: wir</small></figcaption></figure>',
    )
  })

  test('without a caption has none', () => {
    expect(html('![Ein Bild](bild.svg)\n\nText.')).not.toContain('figcaption')
  })

  test('that is not there is an issue that names the nearest', () => {
    expect(issuesOf('Text.\n\n![x](bidl.svg)')).toEqual([
      { key: 'body', code: 'missing-media', got: 'bidl.svg', nearest: 'bild.svg' },
    ])
  })

  test('of another site is not taken', () => {
    expect(issuesOf('Text.\n\n![x](https://beispiel.de/a.png)').map(({ code }) => code)).toEqual([
      'missing-media',
    ])
  })
})

describe('a body', () => {
  test('without any text is refused', () => {
    expect(issuesOf('   \n\n<!-- nichts -->').map(({ code }) => code)).toEqual(['empty-body'])
  })

  test('nested beyond reason is refused rather than walked', () => {
    expect(issuesOf('<div>'.repeat(3000)).map(({ code }) => code)).toEqual(['too-deep'])
  })
})

describe('a gallery', () => {
  test('is what several pictures alone in a paragraph become, each with its caption', () => {
    const text = html('![Eins](bild.svg "Das erste | wir")\n![Zwei](bild.svg)\n![](bild.svg "Das dritte")')
    expect(text).toMatch(
      /^<div class="gallery" role="region" aria-label="Bilderstrecke mit 3 Bildern, seitlich verschiebbar" tabindex="0">/,
    )
    expect(text.match(/<figure>/g)).toHaveLength(3)
    expect(text).toContain('<figcaption>Das erste <small>wir</small></figcaption>')
    expect(text).not.toContain('title=')
  })

  test('is none where words stand among the pictures', () => {
    expect(html('![Eins](bild.svg) und ![Zwei](bild.svg)')).not.toContain('gallery')
  })
})

describe('what stands on another site', () => {
  test.each([
    ['{{youtube dQw4w9WgXcQ}}', 'https://www.youtube.com/watch?v=dQw4w9WgXcQ', 'youtube.com'],
    ['{{ youtube a_b--c_d-_1 "Ein *Titel*" }}', 'https://www.youtube.com/watch?v=a_b--c_d-_1', 'youtube.com'],
    ['{{vimeo 76979871}}', 'https://vimeo.com/76979871', 'vimeo.com'],
    ['{{soundcloud redaktion/folge-1}}', 'https://soundcloud.com/redaktion/folge-1', 'soundcloud.com'],
    [
      '{{spotify episode/4rOoJ6Egrf8K2IrywzwOMk}}',
      'https://open.spotify.com/episode/4rOoJ6Egrf8K2IrywzwOMk',
      'spotify.com',
    ],
    [
      '{{mastodon https://mastodon.social/@Gargron/100254678717223630}}',
      'https://mastodon.social/@Gargron/100254678717223630',
      'mastodon.social',
    ],
  ])('%s becomes a link that says where it leads', (written, href, host) => {
    const text = html(`Davor.\n\n${written}\n\nDanach.`)
    expect(text).toContain(`<figure class="embed"><a href="${href}" rel="noopener external">`)
    expect(text).toContain(`Der Link führt zu ${host}. Vorher wird von dort nichts geladen.`)
    expect(text).not.toMatch(/<(?:iframe|script|img)/)
  })

  test('shows a title and a still of our own', () => {
    const text = html('{{youtube dQw4w9WgXcQ "Wie <Zeitung> entsteht" bild.svg}}')
    expect(text).toContain('<strong>Wie &#x3C;Zeitung> entsteht</strong>')
    expect(text).toContain('<img src="/media/bild.svg" width="1200" height="675" alt=""')
  })

  test.each([
    ['{{youtub dQw4w9WgXcQ}}', { code: 'unknown-embed', got: 'youtub', nearest: 'youtube' }],
    ['{{constructor dQw4w9WgXcQ}}', { code: 'unknown-embed', got: 'constructor' }],
    ['{{youtube "><script>}}', { code: 'invalid', expected: 'embed' }],
    ['{{youtube zu-kurz}}', { code: 'invalid', expected: 'embed' }],
    ['{{mastodon http://mastodon.social/@a/1}}', { code: 'invalid', expected: 'embed' }],
    ['{{youtube dQw4w9WgXcQ "Titel" fehlt.jpg}}', { code: 'missing-media', got: 'fehlt.jpg' }],
    ['{{}}', { code: 'invalid', expected: 'embed' }],
  ])('%s is refused', (written, issue) => {
    expect(issuesOf(`Davor.\n\n${written}`)).toEqual([expect.objectContaining({ key: 'body', ...issue })])
  })

  test('in a line of text, or in code, is text', () => {
    expect(html('So schreibt man {{youtube dQw4w9WgXcQ}} hin.')).toContain('{{youtube dQw4w9WgXcQ}}')
    expect(html('```\n{{youtube dQw4w9WgXcQ}}\n```')).not.toContain('class="embed"')
  })
})
