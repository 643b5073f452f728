import * as v from 'valibot'
import { parseSlug } from '../../article/slug.ts'
import { parseCommentId, STATUSES, type Status } from '../../comment/comment.ts'
import type { QueueFilter } from '../../comment/queue-store.ts'
import type { Site } from '../../site/site.ts'

/** What a moderator looks at, as the address says it. */
export interface QueueView {
  status: Status
  /** What they typed to find: words, an e-mail address, or `#12`. */
  search: string
  article: string | null
  /** Keyed hashes of an address and of a connection. */
  person: string | null
  connection: string | null
  /** With which comment the page begins. */
  from: number | null
}

const Hash = v.pipe(v.string(), v.regex(/^[\w-]{22}$/))

/** Reads the query of an address of the queue; what means nothing is as if it were not there. */
export function readQueueView(query: URLSearchParams): QueueView {
  const hash = (name: string) => (v.is(Hash, query.get(name)) ? query.get(name) : null)
  return {
    status: STATUSES.find((one) => one === query.get('status')) ?? 'pending',
    search: (query.get('q') ?? '').trim().slice(0, 200),
    article: parseSlug(query.get('artikel') ?? undefined),
    person: hash('person'),
    connection: hash('anschluss'),
    from: parseCommentId(query.get('ab') ?? ''),
  }
}

/** Writes what `readQueueView` reads. */
export function queueAddress(view: Partial<QueueView>): string {
  const { status = 'pending', search = '', article, person, connection, from } = view
  const query = new URLSearchParams({
    ...(status === 'pending' ? {} : { status }),
    ...(search ? { q: search } : {}),
    ...(article ? { artikel: article } : {}),
    ...(person ? { person } : {}),
    ...(connection ? { anschluss: connection } : {}),
    ...(from ? { ab: String(from) } : {}),
  }).toString()
  return `/desk/comments/${query === '' ? '' : `?${query}`}`
}

/** What D1 is asked for: an address that was typed is looked for by its hash. */
export async function filterOf(view: QueueView, site: Site): Promise<QueueFilter> {
  const isEmail = /^[^\s@]+@[^\s@]+$/.test(view.search)
  return {
    status: view.status,
    article: view.article,
    emailHash:
      view.person ?? (isEmail ? await site.keys.hash('email-hash', view.search.toLowerCase()) : null),
    ipHash: view.connection,
    words: view.search === '' || isEmail ? null : view.search,
  }
}

export const isNarrow = ({ search, article, person, connection }: QueueView): boolean =>
  search !== '' || article !== null || person !== null || connection !== null
