import type { IRequest } from 'itty-router'
import { readNextDue, selectNextDue } from '../article/list-store.ts'
import { readSitemap, selectSitemap } from '../article/store.ts'
import { plainHeaders } from '../http/headers.ts'
import { cachedPage, composePage, sendPage } from '../http/page.ts'
import { writeXml, xml } from '../http/xml.ts'
import type { Site } from './site.ts'

/** GET /sitemap.xml — every published article and page (sitemaps.org). 200, 304. */
export async function showSitemap(request: IRequest, site: Site): Promise<Response> {
  const page = await cachedPage(`${site.origin}/sitemap.xml`, site, async () => {
    const { rows } = await site.batch([
      selectSitemap(site.env.DB, site.timestamp),
      selectNextDue(site.env.DB, site.timestamp),
    ])
    const articles = readSitemap(rows[0] ?? [])
    const headers = { ...plainHeaders, 'content-type': 'application/xml; charset=utf-8' }
    return composePage(
      { html: listAll(articles, site), headers, nextDue: readNextDue(rows[1] ?? []) },
      site.now,
    )
  })
  if (!page) throw new Error('there is always a sitemap')
  return sendPage(page, request, site)
}

function listAll(articles: ReturnType<typeof readSitemap>, { origin, settings }: Site): string {
  const url = (path: string, changedAt?: string) =>
    xml('url', {}, [xml('loc', {}, origin + path), changedAt ? xml('lastmod', {}, changedAt) : null])
  const urls = [
    url('/'),
    ...settings.sections.map(({ slug }) => url(`/category/${slug}/`)),
    ...articles.map(({ slug, changed_at }) => url(`/${slug}/`, changed_at)),
    ...Object.keys(settings.pages).map((slug) => url(`/${slug}/`)),
  ]
  return writeXml(xml('urlset', { xmlns: 'http://www.sitemaps.org/schemas/sitemap/0.9' }, urls))
}
