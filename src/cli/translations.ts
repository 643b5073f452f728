import * as v from 'valibot'
import type { RenderContext } from '../article/render.ts'
import { closest, type Issue } from '../publish/issue.ts'
import type { ContentFolder, DocumentFile } from './content-folder.ts'
import { refuse } from './inspect-references.ts'
import type { Refusal } from './refusal.ts'

const Translated = v.object({
  language: v.optional(v.picklist(['de', 'en'])),
  translations: v.optional(v.record(v.picklist(['de', 'en']), v.string()), {}),
})

/** An article as far as translations go. */
interface Named {
  file: DocumentFile
  slug: string
  language: 'de' | 'en'
  translations: readonly (readonly ['de' | 'en', string])[]
}

/**
 * Translations that no reader would find the way back from: of articles that are not in the folder, are in another
 * language, or name another article (or none) in return. The site itself takes either side first.
 */
export function brokenTranslations(
  folder: ContentFolder,
  context: RenderContext,
): Map<DocumentFile, Refusal[]> {
  const articles = new Map(
    folder.articles.flatMap((file) => namedIn(file, context)).map((one) => [one.slug, one]),
  )
  const broken = new Map<DocumentFile, Refusal[]>()
  for (const article of articles.values()) {
    const refusals = article.translations.flatMap(([language, slug]) => {
      const issue = faultOf(article, language, slug, articles)
      return issue ? [refuse(article.file, issue, context)] : []
    })
    if (refusals.length > 0) broken.set(article.file, refusals)
  }
  return broken
}

/** What can't be read here is refused elsewhere. */
function namedIn(file: DocumentFile, { settings }: RenderContext): Named[] {
  const read = v.safeParse(Translated, file.source?.frontMatter)
  if (!file.slug || !read.success) return []
  const { language = settings.language, translations } = read.output
  const named = (['de', 'en'] as const).flatMap((one) => {
    const slug = translations[one]
    return slug === undefined ? [] : [[one, slug] as const]
  })
  return [{ file, slug: file.slug, language, translations: named }]
}

function faultOf(
  article: Named,
  language: 'de' | 'en',
  slug: string,
  articles: ReadonlyMap<string, Named>,
): Issue | null {
  const key = `translations.${language}`
  if (language === article.language || slug === article.slug) return null // the site's own rule
  const other = articles.get(slug)
  if (!other) {
    const nearest = closest(slug, [...articles.keys()])
    return { key, code: 'unknown-value', got: slug, expected: 'article', ...(nearest ? { nearest } : {}) }
  }
  if (other.language !== language) return { key, code: 'translation-language', got: slug }
  const isBack = other.translations.some(([back, mine]) => back === article.language && mine === article.slug)
  return isBack ? null : { key, code: 'translation-back', got: slug }
}
