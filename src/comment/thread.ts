import type { Slug } from '../article/slug.ts'
import type { Comment } from './comment.ts'
import {
  PAGE_SIZE,
  readCommenting,
  readComments,
  selectCommenting,
  selectComments,
  selectOwnComment,
} from './store.ts'

/** Which of an article's comments a reader asked for. */
export interface ThreadView {
  /** Only comments below this id, for the pages of older ones. */
  before: number | null
  /** A comment the reader wrote and may see whatever its status. */
  own: number | null
}

/** An article's comments as one page shows them, the newest last. */
export interface Thread {
  comments: readonly Comment[]
  /** Approved comments in all. */
  count: number
  /** When the newsroom closed them; ISO 8601, null where it did not. */
  closedAt: string | null
  /** The id below which there are older ones; null where there are none. */
  olderThan: number | null
  /** The reader's own comment, when they came by its signed address. */
  own: Comment | null
  isNewest: boolean
}

/** The statements that read a thread; they ride along with the page's other reads in one round trip. */
export const threadStatements = (db: D1Database, article: Slug, view: ThreadView): D1PreparedStatement[] => [
  selectComments(db, article, view.before),
  selectCommenting(db, article),
  selectOwnComment(db, article, view.own),
]

/** Makes a thread of what `threadStatements` found. */
export function readThread([newest, commenting, own]: readonly D1Result[], view: ThreadView): Thread {
  const found = readComments(newest?.results ?? [])
  const shown = found.slice(0, PAGE_SIZE).reverse()
  const mine = readComments(own?.results ?? [])[0] ?? null
  const isShown = shown.some((comment) => comment.id === mine?.id)
  const isVisible = mine !== null && mine.status !== 'trash'
  return {
    comments: isVisible && !isShown ? insertInOrder(shown, mine) : shown,
    ...readCommenting(commenting?.results ?? []),
    olderThan: found.length > PAGE_SIZE ? (shown[0]?.id ?? null) : null,
    own: isVisible ? mine : null,
    isNewest: view.before === null,
  }
}

const insertInOrder = (comments: readonly Comment[], comment: Comment) =>
  [...comments, comment].sort((a, b) => a.id - b.id)
