import * as v from 'valibot'
import { authorNamed, RENDER_VERSION, type RenderContext } from '../article/render.ts'
import { sha256, utf8 } from '../http/bytes.ts'
import type { Kind } from './wire.ts'

/** What the rendering of a document depends on besides its source and its pictures. */
export type Surroundings = Pick<RenderContext, 'authors'> & { settings: RenderContext['settings'] | null }

interface DigestedSource {
  frontMatter: unknown
  body: string
}

/**
 * The hash by which client and server agree that a document is unchanged: of its source, and of the settings,
 * names and code version that its rendering depends on. Pictures are compared by their own hashes.
 */
export function digest(
  kind: Kind,
  source: DigestedSource,
  { settings, authors }: Surroundings,
): Promise<string> {
  const rendering =
    kind === 'site' || !settings
      ? null
      : [
          settings.language,
          ...(kind === 'articles'
            ? [
                settings.timezone,
                settings.ads.placement,
                settings.ads.sensitiveWords,
                settings.social,
                namesIn(source, settings, authors),
              ]
            : []),
          ...(kind === 'ads' ? [settings.timezone, settings.ads.political] : []),
        ]
  return sha256(
    utf8(
      JSON.stringify([
        RENDER_VERSION,
        kind,
        kind === 'ads' ? inOrder(source.frontMatter) : source.frontMatter,
        source.body.replaceAll('\r\n', '\n'),
        rendering,
      ]),
    ),
  )
}

/** By which a version of a campaign is known, whatever it is rendered with and in whichever order its keys stand. */
export async function sourceMark({ frontMatter, body }: DigestedSource): Promise<string> {
  return (await sha256(utf8(JSON.stringify([inOrder(frontMatter), body])))).slice(0, 16)
}

/** A value with the keys of its objects in alphabetical order. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries.map(([key, one]) => [key, inOrder(one)]))
}

const Naming = v.object({
  section: v.fallback(v.nullable(v.string()), null),
  author: v.fallback(v.union([v.string(), v.array(v.string())]), []),
})

/** How the section and the authors of an article are called: it is found by their names, which may change without it. */
function namesIn(
  { frontMatter }: DigestedSource,
  { sections }: RenderContext['settings'],
  authors: RenderContext['authors'],
) {
  const named = v.safeParse(Naming, frontMatter)
  if (!named.success) return null
  const { section, author } = named.output
  return [
    sections.find(({ slug }) => slug === section)?.name ?? null,
    ...[author].flat().map((wanted) => authorNamed(wanted, authors) ?? null),
  ]
}
