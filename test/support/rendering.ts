import * as v from 'valibot'
import type { Media, MediaLibrary } from '../../src/article/media.ts'
import { type RenderContext, type Rendered, renderArticle } from '../../src/article/render.ts'
import { textsOf } from '../../src/locale/locale.ts'
import type { Issue, Parsed } from '../../src/publish/issue.ts'
import { SettingsSource } from '../../src/site/settings.ts'
import { article, settings, slug } from './fixture.ts'

/** Renders articles without a site: what the publishing API does between a request and its stores. */

const picture = (name: string, width: number, height: number): [string, Media] => [
  name,
  { name, hash: `hash-${name}`, src: `/media/hash-${name}`, width, height, widths: [] },
]

/** The pictures that tests may name. */
export const PICTURES: MediaLibrary = new Map([
  picture('bild.svg', 1200, 675),
  picture('karte.png', 640, 480),
  picture('messe.png', 600, 500),
  picture('spiel.zip', 0, 0),
])

/** The authors that tests may name. */
export const AUTHORS = [{ slug: slug('miriam-albers'), name: 'Miriam Albers' }]

/** What rendering depends on: the fixture's settings with some of them changed. */
export function contextWith(more: Record<string, unknown> = {}): RenderContext {
  const source = v.parse(SettingsSource, settings(more).frontMatter)
  return { settings: source, media: PICTURES, authors: AUTHORS, texts: textsOf(source.language) }
}

/** Renders an article of the fixture with this body and this front matter on top. */
export function render(
  body: string,
  frontMatter: Record<string, unknown> = {},
  context: RenderContext = contextWith(),
): Parsed<Rendered> {
  const draft = article('artikel', frontMatter, body)
  return renderArticle(slug('artikel'), draft, context)
}

/** An article that is in order. */
export function rendered(...how: Parameters<typeof render>): Rendered {
  const result = render(...how)
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.issues)}`)
  return result.value
}

/** The HTML of a whole body. */
export const bodyHtml = (...how: Parameters<typeof render>): string =>
  rendered(...how).article.segments.join('')

/** What is wrong with an article; nothing when it is in order. */
export function issuesOf(...how: Parameters<typeof render>): Issue[] {
  const result = render(...how)
  return result.ok ? [] : result.issues
}
