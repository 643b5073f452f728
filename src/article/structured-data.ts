import type { Site } from '../site/site.ts'
import type { Article } from './article.ts'

/** schema.org/NewsArticle for search engines (JSON-LD). */
export function newsArticle(article: Article, sectionName: string, site: Site): Record<string, unknown> {
  const { settings, origin } = site
  const publisher = {
    '@type': 'NewsMediaOrganization',
    name: settings.name,
    url: `${origin}/`,
    logo: { '@type': 'ImageObject', url: `${origin}/favicon.svg` },
  }
  return {
    '@context': 'https://schema.org',
    '@type': 'NewsArticle',
    headline: article.title,
    description: article.description,
    mainEntityOfPage: `${origin}/${article.slug}/`,
    datePublished: article.date,
    dateModified: article.updated ?? article.date,
    ...(article.image ? { image: [origin + article.image.src] } : {}),
    author:
      article.authors.length > 0
        ? article.authors.map(({ slug, name }) => ({
            '@type': 'Person',
            name,
            url: `${origin}/author/${slug}/`,
          }))
        : publisher,
    publisher,
    articleSection: sectionName,
    keywords: article.tags.map((tag) => tag.name),
    wordCount: article.words,
    inLanguage: article.language,
    isAccessibleForFree: true,
    ...(article.source ? { isBasedOn: article.source.url } : {}),
  }
}
