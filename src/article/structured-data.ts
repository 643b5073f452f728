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
    author: article.author ? { '@type': 'Person', name: article.author } : publisher,
    publisher,
    articleSection: sectionName,
    keywords: article.tags.map((tag) => tag.name),
    wordCount: article.words,
    inLanguage: settings.language,
    isAccessibleForFree: true,
    ...(article.source ? { isBasedOn: article.source.url } : {}),
  }
}
