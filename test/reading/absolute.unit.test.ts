import { describe, expect, test } from 'vitest'
import { absolute } from '../../src/article/absolute.ts'
import { renderArticle } from '../../src/article/render.ts'
import { textsOf } from '../../src/locale/locale.ts'
import { emptySettings } from '../../src/site/settings.ts'
import { article, slug } from '../support/fixture.ts'
import { AUTHORS } from '../support/rendering.ts'

const picture = {
  name: 'bild.svg',
  hash: 'f'.repeat(32),
  src: '/media/bild.svg',
  width: 12,
  height: 6,
  widths: [],
}

function feedText(body: string, frontMatter: Record<string, unknown> = {}): string {
  const context = {
    settings: emptySettings,
    media: new Map([[picture.name, picture]]),
    authors: AUTHORS,
    texts: textsOf('de'),
  }
  const draft = article('probe', { section: 'nachrichten', ...frontMatter }, body)
  const result = renderArticle(slug('probe'), draft, context)
  if (!result.ok) throw new Error(JSON.stringify(result.issues))
  return absolute({ ...result.value.article, revision: 1 }, 'https://beispiel.de')
}

describe("a feed's text", () => {
  test('leads to the site from wherever it is read', () => {
    const text = feedText(
      '[a](/impressum/) [b](https://anderswo.de/x) ![c](bild.svg)\n\n## Titel\n\nSatz.[^1]\n\n[^1]: N',
    )
    expect(text).toContain('href="https://beispiel.de/impressum/"')
    expect(text).toContain('href="https://anderswo.de/x"')
    expect(text).toContain('src="https://beispiel.de/media/bild.svg"')
    expect(text).toContain('href="https://beispiel.de/probe/#fn1"')
    expect(text).not.toMatch(/(?:href|src)="[/#]/)
  })

  test('is left alone where it only looks like a tag', () => {
    const text = feedText('Man schreibt `<a href="/x">` oder `<img src="/y">`.')
    expect(text).toContain('href="/x"')
    expect(text).toContain('src="/y"')
  })

  test('begins with the lead image', () => {
    const text = feedText('Ein Absatz.', { image: { src: 'bild.svg', alt: 'Ein "Bild"' } })
    expect(text).toMatch(
      /^<p><img src="https:\/\/beispiel\.de\/media\/bild\.svg" width="12" height="6" alt="Ein &quot;Bild&quot;"><\/p>/,
    )
  })

  test('has no links from a subhead to itself', () => {
    const text = feedText('Ein Satz.\n\n## Größer > kleiner "und" <b>fett</b>\n\nText.')
    expect(text).toMatch(/<h2 [^\n]*>Größer (?:>|&gt;) kleiner „und“ <b>fett<\/b><\/h2>/)
    expect(text).not.toMatch(/anchor|>#</)
  })
})
