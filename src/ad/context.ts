import { type PageKind, PLACEMENTS, type Placement } from './placements.ts'

/** What is known of a page when an ad is chosen for it: what it is about, and nothing of who reads it. */
export interface AdContext {
  readonly page: PageKind
  /** Where ads may stand on it, in the order of the page. */
  readonly slots: readonly Placement[]
  readonly section: string | null
  readonly tags: readonly string[]
  readonly article: string | null
  readonly authors: readonly string[]
  /** Accident, death, war: only what is allowed there stands beside it. */
  readonly isSensitive: boolean
}

/** What a page is about, whatever slots it has. */
export type About = Omit<AdContext, 'slots'>

/** Makes a page's context of the slots that are found in it. */
export const withSlots =
  (about: About) =>
  (slots: readonly string[]): AdContext => ({
    ...about,
    slots: slots.flatMap((slot) => PLACEMENTS.find((placement) => placement === slot) ?? []),
  })

/** A list of articles, as ads are chosen for it: what it lists is what it is about. */
export const listContext = (
  page: 'front' | 'list',
  about: Partial<Pick<AdContext, 'section' | 'tags' | 'authors'>> = {},
): About => ({
  page,
  section: null,
  tags: [],
  article: null,
  authors: [],
  isSensitive: false,
  ...about,
})

/** What a request says of itself without being asked. */
export interface Reader {
  /** ISO 3166-1 alpha-2; null where the network doesn't say. */
  readonly country: string | null
  /** Null where the browser doesn't say; it is not guessed from anything else. */
  readonly device: 'phone' | 'desktop' | null
}

export function readerOf(request: Request): Reader {
  const { country } = request.cf ?? {}
  const mobile = request.headers.get('sec-ch-ua-mobile')
  return {
    country: typeof country === 'string' && /^[A-Z]{2}$/.test(country) && country !== 'XX' ? country : null,
    device: mobile === '?1' ? 'phone' : mobile === '?0' ? 'desktop' : null,
  }
}
