import type { ComponentChildren } from 'preact'
import { NO_STORE } from '../http/headers.ts'
import { logError } from '../http/log.ts'
import type { Texts } from '../locale/de.ts'
import { renderPage, sendOnce } from '../view/layout.tsx'
import type { Site } from './site.ts'

/** An error page in the person's language, in the site's own dress. Never cached. */
async function errorPage(
  site: Site,
  status: number,
  say: (errors: Texts['errors']) => readonly [title: string, text: string],
  { headers = {}, more }: { headers?: Readonly<Record<string, string>>; more?: ComponentChildren } = {},
): Promise<Response> {
  await learnSettings(site)
  const { texts } = site
  const [title, text] = say(texts.errors)
  const page = await renderPage(
    site,
    { title, noindex: true },
    <article class="notice">
      <h1>{title}</h1>
      <p>{text}</p>
      {more}
      <p>
        <a href="/">{texts.site.allArticles}</a>
      </p>
    </article>,
    status,
  )
  return sendOnce(page, { ...NO_STORE, ...headers })
}

/** The first request of an isolate may be for nothing that is there: the site's name and language are read for it. */
async function learnSettings(site: Site): Promise<void> {
  try {
    if (!site.knownSnapshot) await site.snapshot()
  } catch (error) {
    logError('settings-unknown', error)
  }
}

/** What helps a reader on whose address led nowhere. */
export interface Suggestion {
  /** What to search for. */
  words?: string
  /** An article with nearly this address. */
  nearest?: { slug: string; title: string } | undefined
}

/** 404: nothing is at this address. */
export const notFound = (site: Site, suggestion: Suggestion = {}) =>
  errorPage(site, 404, ({ notFoundTitle, notFound }) => [notFoundTitle, notFound], {
    more: <Suggestions suggestion={suggestion} site={site} />,
  })

/** 410: an article was here, and the newsroom has taken it off the site (RFC 9110 §15.5.11). */
export const gone = (site: Site, words: string) =>
  errorPage(site, 410, ({ goneTitle, gone: text }) => [goneTitle, text], {
    more: <Suggestions suggestion={{ words }} site={site} />,
  })

function Suggestions({ suggestion: { words = '', nearest }, site }: { suggestion: Suggestion; site: Site }) {
  const { texts } = site
  return (
    <>
      {nearest && (
        <p class="nearest">
          {texts.errors.nearest} <a href={`/${nearest.slug}/`}>{nearest.title}</a>
        </p>
      )}
      <search>
        {' '}
        <form class="search-form" action="/search/">
          <label for="suche-hier">{texts.errors.search}</label>
          <input id="suche-hier" type="search" name="q" value={words} maxLength={200} />
          <button type="submit">{texts.errors.searchSubmit}</button>
        </form>
      </search>
    </>
  )
}

/** 405: the address is there, but not for this method (RFC 9110 §15.5.6). */
export const methodNotAllowed = (site: Site, allow: string) =>
  errorPage(site, 405, ({ methodTitle, method }) => [methodTitle, method], { headers: { allow } })

/** 403: a form came from another site. */
export const foreignOrigin = (site: Site) =>
  errorPage(site, 403, ({ originTitle, origin }) => [originTitle, origin])

/** 400, 413 or 415: a request body that can't be used. */
export const badBody = (site: Site, status: 400 | 413 | 415) =>
  errorPage(site, status, (errors) => {
    if (status === 413) return [errors.tooLargeTitle, errors.tooLarge]
    if (status === 415) return [errors.mediaTypeTitle, errors.mediaType]
    return [errors.badRequestTitle, errors.badRequest]
  })

/** 429: somebody searches faster than a person can (RFC 6585 §4). */
export const tooManySearches = (site: Site) =>
  errorPage(site, 429, () => [site.texts.search.tooManyTitle, site.texts.search.tooMany], {
    headers: { 'retry-after': '60' },
  })

/** 503: what the page needs can't be read just now. */
export const unavailable = (site: Site) =>
  errorPage(site, 503, ({ unavailableTitle, unavailable }) => [unavailableTitle, unavailable], {
    headers: { 'retry-after': '60' },
  })

/** 500: the fault is ours. */
export const internalError = (site: Site) =>
  errorPage(site, 500, ({ internalTitle, internal }) => [internalTitle, internal])
