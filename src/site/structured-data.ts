import type { AuthorProfile } from '../publish/documents.ts'
import type { Site } from './site.ts'

/** schema.org objects (JSON-LD) that say to programs what pages are. */

/** Who publishes the site. */
export const publisher = ({ settings, origin }: Site) => ({
  '@type': 'NewsMediaOrganization',
  '@id': `${origin}/#publisher`,
  name: settings.name,
  url: `${origin}/`,
  logo: { '@type': 'ImageObject', url: `${origin}/favicon.svg` },
})

/** The site itself, and how to search it. */
export const webSite = (site: Site) => ({
  '@type': 'WebSite',
  '@id': `${site.origin}/#website`,
  name: site.settings.name,
  ...(site.settings.tagline ? { description: site.settings.tagline } : {}),
  url: `${site.origin}/`,
  inLanguage: site.settings.language,
  publisher: publisher(site),
  potentialAction: {
    '@type': 'SearchAction',
    target: { '@type': 'EntryPoint', urlTemplate: `${site.origin}/search/?q={search_term_string}` },
    'query-input': 'required name=search_term_string',
  },
})

/** The way from the front page down to a page, which itself has no address in it. */
export const breadcrumbList = (
  trail: readonly { name: string; path: string }[],
  here: string,
  site: Site,
) => ({
  '@type': 'BreadcrumbList',
  itemListElement: [
    ...[{ name: site.texts.list.home, path: '/' }, ...trail].map(({ name, path }) => ({
      name,
      item: site.origin + path,
    })),
    { name: here },
  ].map((item, index) => ({ '@type': 'ListItem', position: index + 1, ...item })),
})

/** A page that lists articles. */
export const collectionPage = (
  { name, description, path }: { name: string; description?: string | undefined; path: string },
  site: Site,
) => ({
  '@type': 'CollectionPage',
  name,
  ...(description ? { description } : {}),
  url: site.origin + path,
  inLanguage: site.settings.language,
  isPartOf: {
    '@type': 'WebSite',
    '@id': `${site.origin}/#website`,
    name: site.settings.name,
    url: `${site.origin}/`,
  },
})

/** A page about an author. */
export const profilePage = ({ slug, name, role, portrait, links }: AuthorProfile, site: Site) => ({
  '@type': 'ProfilePage',
  url: `${site.origin}/author/${slug}/`,
  inLanguage: site.settings.language,
  mainEntity: {
    '@type': 'Person',
    name,
    url: `${site.origin}/author/${slug}/`,
    ...(role ? { jobTitle: role } : {}),
    ...(portrait ? { image: site.origin + portrait.src } : {}),
    ...(links.length > 0 ? { sameAs: links.map(({ url }) => url) } : {}),
    worksFor: publisher(site),
  },
})
