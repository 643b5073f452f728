import type { ComponentChildren, VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { NO_STORE, pageHeaders } from '../http/headers.ts'
import type { PageDraft } from '../http/page.ts'
import type { Site } from '../site/site.ts'
import { NEWSREADER } from './fonts/newsreader.ts'
import { Html, jsonForScript, markSafe } from './html.ts'
import { css } from './styles.ts'

const headers = pageHeaders(css)

/** What a page says about itself in its head. */
export interface PageMeta {
  title: string
  description?: string
  /** Path of the page's one address; pages that should not be found have none. */
  path?: string
  type?: 'article' | 'website'
  image?: { src: string; alt: string; width: number; height: number }
  published?: string
  updated?: string
  /** Addresses of the neighbouring pages of a list. */
  previous?: string
  next?: string
  /** schema.org data. */
  structuredData?: unknown
  section?: string
  /** Errors and forms are not for search engines. */
  noindex?: boolean
}

/** Renders a whole page. The only way from JSX to a response. */
export async function renderPage(site: Site, meta: PageMeta, body: VNode, status = 200): Promise<PageDraft> {
  const html = `<!doctype html>${renderToString(
    <Page site={site} meta={meta}>
      {body}
    </Page>,
  )}`
  return { html, headers: await headers, status, ...(meta.section ? { section: meta.section } : {}) }
}

/** Sends a page that is never cached: errors, and what only one reader sees. */
export function sendOnce(draft: PageDraft, more: Readonly<Record<string, string>> = {}): Response {
  return new Response(draft.html, {
    status: draft.status ?? 200,
    headers: { ...draft.headers, ...NO_STORE, ...more },
  })
}

function Page({ site, meta, children }: { site: Site; meta: PageMeta; children: ComponentChildren }) {
  const { settings, texts } = site
  return (
    <html lang={settings.language}>
      <Head site={site} meta={meta} />
      <body>
        <a class="skip" href="#inhalt">
          {texts.site.skipToContent}
        </a>
        <Masthead site={site} section={meta.section ?? null} isHome={meta.path === '/'} />
        <main id="inhalt" tabIndex={-1}>
          {children}
        </main>
        <Footer site={site} />
      </body>
    </html>
  )
}

function Head({ site, meta }: { site: Site; meta: PageMeta }) {
  const { settings, origin } = site
  const title =
    meta.path === '/' ? `${settings.name} – ${settings.tagline}` : `${meta.title} – ${settings.name}`
  const address = meta.path ? origin + meta.path : null
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
      <meta name="color-scheme" content="light dark" />
      <link rel="preload" href={NEWSREADER.latin} as="font" type="font/woff2" crossorigin="anonymous" />
      <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
      <link
        rel="alternate"
        type="application/rss+xml"
        title={site.texts.site.feedOf(settings.name)}
        href="/feed/"
      />
      <link
        rel="search"
        type="application/opensearchdescription+xml"
        title={site.texts.search.openSearch(settings.name)}
        href="/search/opensearch.xml"
      />
      {address && <OpenGraph meta={meta} site={site} address={address} />}
      {meta.structuredData !== undefined && (
        <script type="application/ld+json">
          <Html of={jsonForScript(meta.structuredData)} />
        </script>
      )}
      <style>
        <Html of={markSafe(css)} />
      </style>
    </head>
  )
}

/** Open Graph (ogp.me), for the cards that other services show. */
function OpenGraph({ meta, site, address }: { meta: PageMeta; site: Site; address: string }) {
  const { settings, origin } = site
  const properties: Record<string, string | undefined> = {
    'og:type': meta.type ?? 'website',
    'og:site_name': settings.name,
    'og:locale': settings.language === 'de' ? 'de_DE' : 'en_GB',
    'og:url': address,
    'og:title': meta.title,
    'og:description': meta.description,
    'og:image': meta.image && origin + meta.image.src,
    'og:image:width': meta.image && String(meta.image.width),
    'og:image:height': meta.image && String(meta.image.height),
    'og:image:alt': meta.image?.alt,
    'article:published_time': meta.published,
    'article:modified_time': meta.updated,
  }
  return (
    <>
      {Object.entries(properties).map(
        ([name, value]) => value && <meta key={name} property={name} content={value} />,
      )}
    </>
  )
}

function Masthead({ site, section, isHome }: { site: Site; section: string | null; isHome: boolean }) {
  const { settings, texts } = site
  return (
    <header class="masthead" id="anfang">
      <div class="masthead-title">
        <a class="wordmark" href="/" {...(isHome ? { 'aria-current': 'page' } : {})}>
          {settings.name}
        </a>
        {settings.tagline && <p class="tagline">{settings.tagline}</p>}
      </div>
      <nav class="sections" aria-label={texts.site.sections}>
        <ul>
          {settings.sections.map(({ slug, name }) => (
            <li key={slug}>
              <a href={`/category/${slug}/`} {...(slug === section ? { 'aria-current': 'true' } : {})}>
                {name}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </header>
  )
}

function Footer({ site }: { site: Site }) {
  const { settings, texts } = site
  return (
    <footer class="footer">
      <p class="to-top">
        <a href="#anfang">{texts.site.backToTop}</a>
      </p>
      <nav aria-label={texts.site.footer}>
        <ul>
          {settings.footer.map(
            (slug) =>
              settings.pages[slug] && (
                <li key={slug}>
                  <a href={`/${slug}/`}>{settings.pages[slug]}</a>
                </li>
              ),
          )}
          <li>
            <a href="/feed/">{texts.site.feed}</a>
          </li>
        </ul>
      </nav>
      <p>{texts.site.copyright(site.now.getUTCFullYear(), settings.name)}</p>
    </footer>
  )
}
