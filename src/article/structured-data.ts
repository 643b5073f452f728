import type { Site } from '../site/site.ts'
import { publisher } from '../site/structured-data.ts'
import type { Article } from './article.ts'
import type { Translation } from './translation.ts'

/** What an article's page knows besides the article. */
export interface Beside {
  sectionName: string
  /** Visible comments; null where nobody knows just now. */
  comments: number | null
  translation: Translation | null
}

/** schema.org/NewsArticle for search engines (JSON-LD). */
export function newsArticle(article: Article, beside: Beside, site: Site) {
  const { origin } = site
  const { translation, comments } = beside
  const image = imagesOf(article, origin)
  return {
    '@type': 'NewsArticle',
    headline: article.title,
    description: article.description,
    url: `${origin}/${article.slug}/`,
    mainEntityOfPage: `${origin}/${article.slug}/`,
    datePublished: article.date,
    dateModified: article.updated ?? article.date,
    ...(image.length > 0 ? { image } : {}),
    author: authorsOf(article, site),
    publisher: publisher(site),
    articleSection: beside.sectionName,
    ...(article.tags.length > 0 ? { keywords: article.tags.map((tag) => tag.name) } : {}),
    wordCount: article.words,
    inLanguage: article.language,
    isAccessibleForFree: true,
    ...(article.source ? { isBasedOn: article.source.url } : {}),
    ...(article.comments === 'none' || comments === null ? {} : { commentCount: comments }),
    ...(translation
      ? {
          workTranslation: {
            '@type': 'NewsArticle',
            '@id': `${origin}/${translation.slug}/`,
            inLanguage: translation.language,
          },
        }
      : {}),
  }
}

/** An article without an author is the newsroom's. */
function authorsOf({ authors }: Article, site: Site) {
  if (authors.length === 0) return publisher(site)
  return authors.map(({ slug, name }) => {
    const current = site.settings.authors[slug]
    return {
      '@type': 'Person',
      name: current ?? name,
      ...(current ? { url: `${site.origin}/author/${slug}/` } : {}),
    }
  })
}

function imagesOf({ image, socialImage }: Article, origin: string) {
  return [image, socialImage].flatMap((one) =>
    one ? [{ '@type': 'ImageObject', url: origin + one.src, width: one.width, height: one.height }] : [],
  )
}
