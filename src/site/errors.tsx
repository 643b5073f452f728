import { NO_STORE } from '../http/headers.ts'
import { renderPage, sendOnce } from '../view/layout.tsx'
import type { Site } from './site.ts'

/** An error page in the person's language, in the site's own dress. Never cached. */
async function errorPage(
  site: Site,
  status: number,
  title: string,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const { texts } = site
  const page = await renderPage(
    site,
    { title, noindex: true },
    <article class="notice">
      <h1>{title}</h1>
      <p>{text}</p>
      <p>
        <a href="/">{texts.site.allArticles}</a>
      </p>
    </article>,
    status,
  )
  return sendOnce(page, { ...NO_STORE, ...headers })
}

/** 404: nothing is at this address. */
export const notFound = (site: Site) =>
  errorPage(site, 404, site.texts.errors.notFoundTitle, site.texts.errors.notFound)

/** 405: the address is there, but not for this method (RFC 9110 §15.5.6). */
export const methodNotAllowed = (site: Site, allow: string) =>
  errorPage(site, 405, site.texts.errors.methodTitle, site.texts.errors.method, { allow })

/** 403: a form came from another site. */
export const foreignOrigin = (site: Site) =>
  errorPage(site, 403, site.texts.errors.originTitle, site.texts.errors.origin)

/** 400, 413 or 415: a request body that can't be used. */
export function badBody(site: Site, status: 400 | 413 | 415): Promise<Response> {
  const { errors } = site.texts
  if (status === 413) return errorPage(site, 413, errors.tooLargeTitle, errors.tooLarge)
  if (status === 415) return errorPage(site, 415, errors.mediaTypeTitle, errors.mediaType)
  return errorPage(site, 400, errors.badRequestTitle, errors.badRequest)
}

/** 503: what the page needs can't be read just now. */
export const unavailable = (site: Site) =>
  errorPage(site, 503, site.texts.errors.unavailableTitle, site.texts.errors.unavailable, {
    'retry-after': '60',
  })

/** 500: the fault is ours. */
export const internalError = (site: Site) =>
  errorPage(site, 500, site.texts.errors.internalTitle, site.texts.errors.internal)
