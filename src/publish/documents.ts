import * as v from 'valibot'
import { Day, Line, Picture, PictureName, WebUrl } from '../article/article.ts'
import { missingMedia } from '../article/body.ts'
import { mediaIn } from '../article/media.ts'
import { shownOf } from '../article/picture.ts'
import { type RenderContext, renderPageBody } from '../article/render.ts'
import { isReserved } from '../article/slug.ts'
import { SettingsSource } from '../site/settings.ts'
import type { SafeHtml } from '../view/html.ts'
import { type LowContrast, lowContrasts, type Theme } from '../view/theme.ts'
import { renderCampaign } from './campaigns.ts'
import { type Issue, type Parsed, parse } from './issue.ts'
import type { DocumentKind } from './store.ts'
import { type Draft, SITE_SLUG } from './wire.ts'

/** A document as validated and rendered: what its KV value is made of. */
export interface RenderedDocument {
  title: string
  value: unknown
  /** Content hash of every picture shown, by name. */
  media: Record<string, string>
}

const PageFrontMatter = v.strictObject({
  title: Line(110),
  description: v.optional(Line(220)),
  updated: v.optional(Day),
})

/** The `page:<slug>` value in KV. */
export const StaticPage = v.object({
  slug: v.string(),
  title: v.string(),
  description: v.optional(v.string()),
  html: v.pipe(
    v.string(),
    v.transform((html) => html as SafeHtml),
  ),
})
export type StaticPage = v.InferOutput<typeof StaticPage>

/** `content/authors/<slug>.yaml`. Every key is explained in docs/writing.md. */
export const AuthorSource = v.strictObject({
  name: Line(60),
  role: v.optional(Line(120)),
  portrait: v.optional(
    v.strictObject({
      src: PictureName,
      alt: v.optional(v.pipe(v.string('text400'), v.maxLength(400, 'text400')), ''),
    }),
  ),
  /** Markdown. */
  biography: v.optional(v.pipe(v.string('text'), v.minLength(1, 'text'))),
  links: v.optional(
    v.pipe(v.array(v.strictObject({ name: Line(60), url: WebUrl }), 'links'), v.maxLength(12, 'links')),
    [],
  ),
})

/** The `author:<slug>` value in KV. */
export const AuthorProfile = v.object({
  slug: v.string(),
  name: v.string(),
  role: v.optional(v.string()),
  portrait: v.optional(Picture),
  biography: v.optional(
    v.pipe(
      v.string(),
      v.transform((html) => html as SafeHtml),
    ),
  ),
  links: v.array(v.object({ name: v.string(), url: v.string() })),
})
export type AuthorProfile = v.InferOutput<typeof AuthorProfile>

/** Validates and renders a page, a campaign, an author or the settings. */
export function renderDocument(
  kind: DocumentKind,
  draft: Draft,
  context: RenderContext,
): Parsed<RenderedDocument> {
  if (kind === 'page') return renderPage(draft, context)
  if (kind === 'ad') return renderCampaign(draft, context)
  if (kind === 'author') return renderAuthor(draft, context)
  return renderSettings(draft)
}

function renderPage(draft: Draft, context: RenderContext): Parsed<RenderedDocument> {
  const front = parse(PageFrontMatter, draft.frontMatter)
  const html = renderPageBody(draft.body, context)
  const issues = [
    ...(front.ok ? [] : front.issues),
    ...(html.ok ? [] : html.issues),
    ...checkReserved(draft.slug),
  ]
  if (!front.ok || !html.ok || issues.length > 0) return { ok: false, issues }
  const { title, description } = front.value
  const value: StaticPage = {
    slug: draft.slug,
    title,
    html: html.value,
    ...(description ? { description } : {}),
  }
  return { ok: true, value: { title, value, media: mediaIn(draft, context.media) } }
}

function renderAuthor(draft: Draft, context: RenderContext): Parsed<RenderedDocument> {
  const parsed = parse(AuthorSource, draft.frontMatter)
  if (!parsed.ok) return parsed
  const { name, role, portrait, biography, links } = parsed.value
  const picture = portrait ? context.media.get(portrait.src) : undefined
  const issues: Issue[] = []
  if (portrait && !picture) issues.push(missingMedia('portrait.src', portrait.src, context.media))
  const html = biography === undefined ? null : renderPageBody(biography, context)
  if (html && !html.ok) issues.push(...html.issues.map((issue) => ({ ...issue, key: 'biography' })))
  if (issues.length > 0) return { ok: false, issues }
  const value: AuthorProfile = {
    slug: draft.slug,
    name,
    links,
    ...(role ? { role } : {}),
    ...(portrait && picture ? { portrait: { ...shownOf(picture), alt: portrait.alt } } : {}),
    ...(html?.ok ? { biography: html.value } : {}),
  }
  return { ok: true, value: { title: name, value, media: mediaIn(draft, context.media) } }
}

function renderSettings(draft: Draft): Parsed<RenderedDocument> {
  const parsed = parse(SettingsSource, draft.frontMatter)
  if (!parsed.ok) return parsed
  // The hub is told of addresses also where no reader's request says what the site's are.
  if (parsed.value.hub && !parsed.value.url)
    return { ok: false, issues: [{ key: 'url', code: 'missing', expected: 'origin' }] }
  const pale = lowContrasts(parsed.value.theme).map((pair) => issueOfContrast(pair, parsed.value.theme))
  if (pale.length > 0) return { ok: false, issues: pale }
  if (draft.slug !== SITE_SLUG)
    return { ok: false, issues: [{ key: 'slug', code: 'invalid', got: draft.slug }] }
  return { ok: true, value: { title: parsed.value.name, value: parsed.value, media: {} } }
}

/** `muted #aaaaaa / paper #faf6ee = 2.14 : 1`, at the colour that the theme names. */
function issueOfContrast({ scheme, text, ground, colors, ratio }: LowContrast, theme: Theme): Issue {
  const named = theme.colors[scheme][text] === undefined ? ground : text
  return {
    key: `theme.colors.${scheme}.${named}`,
    code: 'low-contrast',
    got: `${text} ${colors[0]} / ${ground} ${colors[1]} = ${ratio} : 1`,
    expected: 'contrast',
  }
}

const checkReserved = (slug: string): Issue[] =>
  isReserved(slug) ? [{ key: 'slug', code: 'invalid', got: slug, expected: 'freeSlug' }] : []
