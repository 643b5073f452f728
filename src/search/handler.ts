import type { IRequest } from 'itty-router'
import { readNextDue, selectNextDue } from '../article/list-store.ts'
import { plainHeaders } from '../http/headers.ts'
import { cachedPage, composePage, sendPage } from '../http/page.ts'
import { writeXml, xml } from '../http/xml.ts'
import { tooManySearches } from '../site/errors.tsx'
import { hashOfAddress, isWithinLimit } from '../site/limit.ts'
import type { Site } from '../site/site.ts'
import { find } from './find.ts'
import { draftSearch } from './page.tsx'
import { addressOf, readRequest } from './request.ts'

/** GET /search/ — the search, and what it finds. What is not in memory counts against the limit. 200, 304, 429. */
export async function showSearch(request: IRequest, site: Site): Promise<Response> {
  const { settings } = await site.snapshot()
  const asked = readRequest(new URL(request.url).searchParams, settings)
  let isLimited = false
  const page = await cachedPage(site.origin + addressOf(asked), site, async () => {
    if (
      asked.query &&
      !(await isWithinLimit(site, 'SEARCH_RATE', `suche ${await hashOfAddress(request, site)}`))
    ) {
      isLimited = true
      return null
    }
    const [found, { rows }] = await Promise.all([
      find(asked, site),
      site.batch([selectNextDue(site.env.DB, site.timestamp)]),
    ])
    const draft = await draftSearch(asked, found, site)
    return composePage({ ...draft, nextDue: readNextDue(rows[0] ?? []) }, site.now)
  })
  if (!page && !isLimited) throw new Error('there is always a search')
  return page ? sendPage(page, request, site) : tooManySearches(site)
}

/** GET /search/opensearch.xml — lets a browser add the site's search to its own (OpenSearch 1.1). 200, 304. */
export async function describeSearch(request: IRequest, site: Site): Promise<Response> {
  const page = await cachedPage(`${site.origin}/search/opensearch.xml`, site, async () => {
    const { settings } = await site.snapshot()
    const { origin, texts } = site
    const description = xml('OpenSearchDescription', { xmlns: 'http://a9.com/-/spec/opensearch/1.1/' }, [
      xml('ShortName', {}, [...settings.name].slice(0, 16).join('')),
      xml('Description', {}, texts.search.openSearch(settings.name)),
      xml('InputEncoding', {}, 'UTF-8'),
      xml('Image', { width: '16', height: '16', type: 'image/svg+xml' }, `${origin}/favicon.svg`),
      xml('Url', { type: 'text/html', template: `${origin}/search/?q={searchTerms}` }),
      xml('Url', {
        type: 'application/opensearchdescription+xml',
        rel: 'self',
        template: `${origin}/search/opensearch.xml`,
      }),
    ])
    const headers = {
      ...plainHeaders,
      'content-type': 'application/opensearchdescription+xml; charset=utf-8',
    }
    return composePage({ html: writeXml(description), headers }, site.now)
  })
  if (!page) throw new Error('there is always a description')
  return sendPage(page, request, site)
}
