import { parseCommentId } from './comment.ts'
import type { OwnComment } from './token.ts'

/** In which order the threads of an article stand; within a thread what was written first comes first. */
export const ORDERS = ['oldest', 'newest', 'answered'] as const
export type Order = (typeof ORDERS)[number]

/** The thread with which a page of threads begins: its first comment's number, and how many answers it had. */
export interface Cursor {
  id: number
  replies: number
}

/** Which of an article's comments an address asks for. */
export type CommentView =
  /** A page of threads; from the first one where `from` is null. */
  | { kind: 'threads'; order: Order; from: Cursor | null }
  /** One thread, from a comment on. */
  | { kind: 'thread'; from: number }

/** What a reader asked for, and what is theirs. */
export interface Reading {
  view: CommentView
  /** A comment the reader wrote and may see whatever its status. */
  own: OwnComment | null
  /** Whether they want to change it. */
  isEditing: boolean
  /** A comment that is to be answered. */
  answering: number | null
  /** Whether they have just deleted theirs. */
  hasDeleted: boolean
}

const FIRST: CommentView = { kind: 'threads', order: 'oldest', from: null }

/** An article's page as everybody sees it. */
export const PLAIN: Reading = {
  view: FIRST,
  own: null,
  isEditing: false,
  answering: null,
  hasDeleted: false,
}

/** Whether other readers get the same page at the same address, again and again. */
export const isShared = ({ view, own, answering, hasDeleted }: Reading): boolean =>
  view.kind === 'threads' && own === null && answering === null && !hasDeleted

const ORDER_NAMES: Record<Order, string> = { oldest: 'aelteste', newest: 'neueste', answered: 'beantwortet' }

/** Reads the query of an article's address; what means nothing is as if it were not there. */
export function readCommentView(query: URLSearchParams): CommentView {
  const to = parseCommentId(query.get('zu') ?? '')
  if (to !== null) return { kind: 'thread', from: to }
  const order = ORDERS.find((one) => ORDER_NAMES[one] === query.get('kommentare')) ?? 'oldest'
  const from = readCursor(query.get('ab') ?? '')
  return { kind: 'threads', order, from: from && order !== 'answered' ? { ...from, replies: 0 } : from }
}

function readCursor(text: string): Cursor | null {
  const [, id = '', replies = '0'] = /^(\d+)(?:\.(\d{1,9}))?$/.exec(text) ?? []
  const parsed = parseCommentId(id)
  return parsed === null ? null : { id: parsed, replies: Number(replies) }
}

/** Writes what `readCommentView` reads, with the question mark; empty for the first page in the usual order. */
export function queryOf(view: CommentView): string {
  if (view.kind === 'thread') return `?zu=${view.from}`
  const { order, from } = view
  const parts = [
    order === 'oldest' ? '' : `kommentare=${ORDER_NAMES[order]}`,
    from ? `ab=${from.id}${order === 'answered' ? `.${from.replies}` : ''}` : '',
  ].filter((part) => part !== '')
  return parts.length === 0 ? '' : `?${parts.join('&')}`
}

/** Where a comment is found, whichever page it stands on. */
export const permalink = (article: string, id: number): string => `/${article}/?zu=${id}#kommentar-${id}`

/** Where a comment is answered. */
export const answerPath = (article: string, id: number): string =>
  `/${article}/?antwort=${id}#kommentar-formular`
