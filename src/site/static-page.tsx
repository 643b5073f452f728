import type { Slug } from '../article/slug.ts'
import { type ComposedPage, composePage } from '../http/page.ts'
import { fillInRetention } from '../privacy/retention.ts'
import { fillInServices } from '../privacy/services.ts'
import { StaticPage } from '../publish/documents.ts'
import { Html, markSafe } from '../view/html.ts'
import { renderPage } from '../view/layout.tsx'
import { askForRepublish, parseStored } from './content.ts'
import type { Site } from './site.ts'

export const staticPageKey = (slug: Slug) => `page:${slug}`

/** Composes a static page (Impressum, Datenschutz, …) of its stored value; null where there is none. */
export async function composeStaticPage(
  stored: string | null,
  slug: Slug,
  site: Site,
): Promise<ComposedPage | null> {
  const page = parseStored(staticPageKey(slug), StaticPage, stored)
  if (stored !== null && !page) site.defer(askForRepublish(site.env, 'page', slug))
  if (!page) return null
  const draft = await renderPage(
    site,
    {
      title: page.title,
      path: `/${slug}/`,
      sheet: 'text',
      ...(page.description ? { description: page.description } : {}),
    },
    <article class="static">
      <header class="list-head">
        <h1>{page.title}</h1>
        {page.description && <p class="standfirst">{page.description}</p>}
      </header>
      <div class="body">
        <Html of={markSafe(fillInServices(fillInRetention(page.html, site), site))} />
      </div>
    </article>,
  )
  return composePage(draft, site.now)
}
