import type { ComponentChildren, VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { NO_STORE } from '../http/headers.ts'
import type { PageDraft } from '../http/page.ts'
import { hasSlots } from '../http/slots.ts'
import type { Site } from '../site/site.ts'
import { Head, type PageMeta } from './head.tsx'
import { Html, markSafe } from './html.ts'
import { AD_SCRIPT } from './scripts.ts'
import { sheetOf } from './styles.ts'

export type { PageMeta } from './head.tsx'

/** Renders a whole page. The only way from JSX to a response. */
export async function renderPage(site: Site, meta: PageMeta, body: VNode, status = 200): Promise<PageDraft> {
  // The body first: what its markup needs is what the stylesheet in the head is made of.
  const content = renderToString(
    <Body site={site} meta={meta}>
      {body}
    </Body>,
  )
  const { theme, comments } = site.settings
  const { css, headers } = await sheetOf(meta.sheet ?? 'list', theme, content, comments.turnstile?.script)
  const html = `<!doctype html>${renderToString(
    <html lang={site.settings.language}>
      <Head site={site} meta={meta} css={css} />
      <body>
        <Html of={markSafe(content)} />
        {hasSlots(content) && <script type="module" src={AD_SCRIPT} />}
      </body>
    </html>,
  )}`
  return { html, headers, status }
}

/** Sends a page that is never cached: errors, and what only one reader sees. */
export function sendOnce(draft: PageDraft, more: Readonly<Record<string, string>> = {}): Response {
  return new Response(draft.html, {
    status: draft.status ?? 200,
    headers: { ...draft.headers, ...NO_STORE, ...more },
  })
}

interface BodyProps {
  site: Site
  meta: PageMeta
  children: ComponentChildren
}

const Body = ({ site, meta, children }: BodyProps) => (
  <>
    <a class="skip" href="#inhalt">
      {site.texts.site.skipToContent}
    </a>
    <Masthead site={site} section={meta.section ?? null} isHome={meta.path === '/'} />
    <main id="inhalt" tabIndex={-1}>
      {children}
    </main>
    <Footer site={site} />
  </>
)

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
      <div class="masthead-bar">
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
        <search class="find">
          {' '}
          <form action="/search/">
            <input type="search" name="q" maxLength={200} aria-label={texts.search.field} />
            <button type="submit">{texts.search.submit}</button>
          </form>
        </search>
      </div>
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
