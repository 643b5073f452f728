import type { Site } from '../site/site.ts'
import { NEWSREADER } from './fonts/newsreader.ts'
import { Html, jsonForScript, markSafe } from './html.ts'
import { sectionName } from './parts.tsx'
import { PRINT_SHEET, type SheetName } from './styles.ts'

/** What a page says about itself in its head. */
export interface PageMeta {
  title: string
  description?: string
  /** Path of the page's one address; pages that should not be found have none. */
  path?: string
  type?: 'article' | 'website'
  image?: { src: string; alt: string; width: number; height: number }
  /** A picture made for the cards that other services show; stands in for `image` there. */
  socialImage?: { src: string; width: number; height: number }
  published?: string
  updated?: string
  /** Language of what the page is about, where it is not the site's. */
  language?: 'de' | 'en'
  /** The page in every language it is there in, its own included. */
  translations?: readonly { language: 'de' | 'en'; path: string }[]
  /** Addresses of the neighbouring pages of a list. */
  previous?: string
  next?: string
  /** What can be subscribed to here, besides everything. */
  feed?: { path: string; title: string }
  /** schema.org objects. */
  structuredData?: readonly object[]
  section?: string
  /** Errors and forms are not for search engines. */
  noindex?: boolean
  /** Which of the stylesheets the page needs; `list` if not given. */
  sheet?: SheetName
}

export function Head({ site, meta, css }: { site: Site; meta: PageMeta; css: string }) {
  const { settings, origin, texts } = site
  const title =
    meta.path === '/' ? `${settings.name} – ${settings.tagline}` : `${meta.title} – ${settings.name}`
  const address = meta.path ? origin + meta.path : null
  const everything = { path: '/feed/', title: texts.site.feedOf(settings.name) }
  return (
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>{title}</title>
      {meta.description && <meta name="description" content={meta.description} />}
      {address && <link rel="canonical" href={address} />}
      {meta.previous && <link rel="prev" href={meta.previous} />}
      {meta.next && <link rel="next" href={meta.next} />}
      {meta.noindex && <meta name="robots" content="noindex" />}
      <Translations site={site} meta={meta} />
      <meta name="color-scheme" content="light dark" />
      {settings.theme.headlines === 'newsreader' && (
        <link rel="preload" href={NEWSREADER.latin} as="font" type="font/woff2" crossorigin="anonymous" />
      )}
      <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
      {(meta.feed ? [meta.feed, everything] : [everything]).map((feed) => (
        <link
          key={feed.path}
          rel="alternate"
          type="application/rss+xml"
          title={feed.title}
          href={feed.path}
        />
      ))}
      <link
        rel="search"
        type="application/opensearchdescription+xml"
        title={texts.search.openSearch(settings.name)}
        href="/search/opensearch.xml"
      />
      {address && <Cards meta={meta} site={site} address={address} />}
      {meta.structuredData && (
        <script type="application/ld+json">
          <Html of={jsonForScript({ '@context': 'https://schema.org', '@graph': meta.structuredData })} />
        </script>
      )}
      <style>
        <Html of={markSafe(css)} />
      </style>
      {/* Behind the page's own rules, which it changes. */}
      <link rel="stylesheet" media="print" href={PRINT_SHEET.path} />
    </head>
  )
}

/** The same page in other languages; whose language is none of them gets the site's. */
function Translations({ site, meta: { translations = [] } }: { site: Site; meta: PageMeta }) {
  const standard = translations.find(({ language }) => language === site.settings.language) ?? translations[0]
  return (
    <>
      {translations.map(({ language, path }) => (
        <link key={language} rel="alternate" hreflang={language} href={site.origin + path} />
      ))}
      {standard && <link rel="alternate" hreflang="x-default" href={site.origin + standard.path} />}
    </>
  )
}

const LOCALES = { de: 'de_DE', en: 'en_GB' } as const

/** Open Graph (ogp.me) and the one thing Twitter asks for besides, for the cards that other services show. */
function Cards({ meta, site, address }: { meta: PageMeta; site: Site; address: string }) {
  const { settings, origin } = site
  const language = meta.language ?? settings.language
  const picture = meta.socialImage ?? meta.image
  const properties: Record<string, string | undefined> = {
    'og:type': meta.type ?? 'website',
    'og:site_name': settings.name,
    'og:locale': LOCALES[language],
    'og:url': address,
    'og:title': meta.title,
    'og:description': meta.description,
    'og:image': picture && origin + picture.src,
    'og:image:width': picture && String(picture.width),
    'og:image:height': picture && String(picture.height),
    'og:image:alt': meta.socialImage ? meta.title : meta.image?.alt,
    'article:published_time': meta.published,
    'article:modified_time': meta.updated,
    'article:section': meta.type === 'article' && meta.section ? sectionName(site, meta.section) : undefined,
  }
  const others = (meta.translations ?? []).filter((one) => one.language !== language)
  return (
    <>
      {Object.entries(properties).map(
        ([name, value]) => value && <meta key={name} property={name} content={value} />,
      )}
      {others.map((one) => (
        <meta key={one.language} property="og:locale:alternate" content={LOCALES[one.language]} />
      ))}
      <meta name="twitter:card" content={picture ? 'summary_large_image' : 'summary'} />
    </>
  )
}
