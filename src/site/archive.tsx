import type { IRequest } from 'itty-router'
import { readMonths, readNextDue, selectMonths, selectNextDue } from '../article/list-store.ts'
import { cachedPage, composePage, sendPage } from '../http/page.ts'
import { monthAndYear } from '../locale/locale.ts'
import { renderPage } from '../view/layout.tsx'
import { Breadcrumbs } from '../view/parts.tsx'
import { missing } from './moved.tsx'
import type { Site } from './site.ts'
import { breadcrumbList, collectionPage } from './structured-data.ts'

/** Whether the first part of an address is a year, and so no article's slug. */
export const isYear = (part: string | undefined): part is string => /^\d{4}$/.test(part ?? '')

/** GET /:year/ — the months of a year in which something was published. 200, 304, 404. */
export async function showYear(year: string, request: IRequest, site: Site): Promise<Response> {
  const page = await cachedPage(`${site.origin}/${year}/`, site, async () => {
    const { rows } = await site.batch([
      selectMonths(site.env.DB, site.timestamp),
      selectNextDue(site.env.DB, site.timestamp),
    ])
    const months = readMonths(rows[0] ?? [])
    if (!months.some(({ month }) => month.startsWith(year))) return null
    const draft = await renderYear(year, months, site)
    return composePage({ ...draft, nextDue: readNextDue(rows[1] ?? []) }, site.now)
  })
  return page ? sendPage(page, request, site) : missing(site)
}

function renderYear(year: string, months: ReturnType<typeof readMonths>, site: Site) {
  const { texts, settings } = site
  const title = texts.list.archive(year)
  const years = [...new Set(months.map(({ month }) => month.slice(0, 4)))]
  return renderPage(
    site,
    {
      title,
      path: `/${year}/`,
      description: texts.list.ofYear(year),
      structuredData: [
        collectionPage({ name: title, description: texts.list.ofYear(year), path: `/${year}/` }, site),
        breadcrumbList([], title, site),
      ],
    },
    <>
      <Breadcrumbs trail={[]} here={title} site={site} />
      <header class="list-head">
        <h1>{title}</h1>
      </header>
      <ul class="months">
        {months
          .filter(({ month }) => month.startsWith(year))
          .map(({ month, articles }) => (
            <li key={month}>
              <a href={`/${month.replace('-', '/')}/`}>{monthAndYear(month, settings)}</a>{' '}
              <span>{texts.list.articles(articles)}</span>
            </li>
          ))}
      </ul>
      {years.length > 1 && (
        <nav class="years" aria-label={texts.list.years}>
          <ul>
            {years.map((one) => (
              <li key={one}>
                <a href={`/${one}/`} {...(one === year ? { 'aria-current': 'page' } : {})}>
                  {one}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      )}
    </>,
  )
}
