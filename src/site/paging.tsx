import { LIST_LENGTH } from '../article/list.ts'
import type { Site } from './site.ts'

/** Which page of a list an address asks for, and as of when. */
export interface PageAsked {
  /** 1 is the first. */
  page: number
  /** A moment in the past as of which the list is meant, ISO 8601 in UTC; null for now. */
  stand: string | null
}

/** Reads which page is asked for; null for an address that no page has. */
export function readPageAsked(param: string | undefined, url: string, site: Site): PageAsked | null {
  if (param !== undefined && !/^[1-9]\d{0,5}$/.test(param)) return null
  const stand = new URL(url).searchParams.get('stand') ?? ''
  const isMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(stand)
  return { page: Number(param ?? 1), stand: isMoment && stand < site.timestamp ? stand : null }
}

/** A page of a list as its links need it. */
export interface Paging {
  /** Address of the first page, with its slash. */
  base: string
  page: number
  /** Articles in the whole list. */
  total: number
  /**
   * The newest article's moment. Links to further pages carry it, so that a reader who follows them sees every
   * article once, whatever is published meanwhile.
   */
  stand: string
}

export const pagesOf = (total: number) => Math.max(1, Math.ceil(total / LIST_LENGTH))

/** The one address of a page. */
export const pathOfPage = (base: string, page: number) => (page === 1 ? base : `${base}page/${page}/`)

/** The address under which the list's other pages link a page. */
export const linkToPage = ({ base, stand }: Paging, page: number) =>
  page === 1 ? base : `${pathOfPage(base, page)}?stand=${stand}`

/** Links to the neighbouring pages, the first and the last; nothing where there is only one page. */
export function PageLinks({ paging, site }: { paging: Paging; site: Site }) {
  const { page, total } = paging
  const { texts } = site
  const last = pagesOf(total)
  if (last === 1) return null
  const near = [...new Set([1, page - 1, page, page + 1, last])].filter((one) => one >= 1 && one <= last)
  return (
    <nav class="paging" aria-label={texts.list.pages}>
      {page > 1 && (
        <a class="newer" rel="prev" href={linkToPage(paging, page - 1)}>
          {texts.list.newer}
        </a>
      )}
      <ol>
        {near.map((one) => (
          <li key={one}>
            <a
              href={linkToPage(paging, one)}
              aria-label={texts.list.page(one)}
              {...(one === page ? { 'aria-current': 'page' } : {})}
            >
              {one}
            </a>
          </li>
        ))}
      </ol>
      {page < last && (
        <a class="older" rel="next" href={linkToPage(paging, page + 1)}>
          {texts.list.older}
        </a>
      )}
    </nav>
  )
}
