import type { Slug } from '../article/slug.ts'
import type { Comment } from './comment.ts'
import {
  REPLIES,
  REPLIES_ALONE,
  readCommenting,
  readComments,
  selectCommenting,
  selectPinned,
  selectSome,
  selectThread,
  selectThreads,
  THREADS,
} from './thread-store.ts'
import type { CommentView, Cursor, Reading } from './view.ts'

/** A comment in its place. Where it was deleted and something answers it, the place is empty. */
export interface Entry {
  id: number
  comment: Comment | null
  /** What stands below it, in the order in which it was written; nothing stands below depth 3. */
  answers: Entry[]
}

/** A comment and all that is shown of the answers to it. */
export interface Thread extends Entry {
  /** Published answers in all, shown or not. */
  replies: number
  /** The first answer that is not shown; null where all are. */
  restFrom: number | null
}

/** An article's comments as one page shows them. */
export interface Discussion {
  view: CommentView
  threads: readonly Thread[]
  /** With which thread the next page begins; null where this is the last. */
  next: Cursor | null
  /** Published comments in all. */
  count: number
  /** When the article's front matter closed them, and when the desk did; ISO 8601, null where it did not. */
  closedAt: string | null
  stoppedAt: string | null
  /** What the newsroom recommends; it stands in its place, too. */
  pinned: readonly Comment[]
  /** The reader's own comment, when they came by its signed address, and the key in it. */
  own: { comment: Comment; key: string } | null
  isEditing: boolean
  hasDeleted: boolean
  /** The published comment that is to be answered. */
  answering: Comment | null
}

/** The statements that read a discussion; they ride along with the page's other reads in one round trip. */
export const discussionStatements = (
  db: D1Database,
  article: Slug,
  { view, own, answering }: Reading,
): D1PreparedStatement[] => [
  selectCommenting(db, article),
  selectPinned(db, article),
  selectSome(db, article, [own?.id ?? null, answering]),
  ...(view.kind === 'thread'
    ? selectThread(db, article, view.from)
    : selectThreads(db, article, view.order, view.from)),
  ...(own === null ? [] : selectThread(db, article, own.id)),
]

/** Makes a discussion of what `discussionStatements` found. */
export function readDiscussion(found: readonly D1Result[], reading: Reading): Discussion {
  const [commenting = [], pinned = [], some = [], heads = [], replies = [], ownHeads = [], ownReplies = []] =
    found.map(({ results }) => results)
  const { view, isEditing, hasDeleted } = reading
  const few = readComments(some)
  const mine = few.find(({ id }) => id === reading.own?.id)
  const own = mine && mine.status !== 'trash' && mine.status !== 'deleted' ? mine : null
  const page = arrange(readComments(heads), readComments(replies), view)
  const ofOwn = own
    ? arrange(readComments(ownHeads), readComments(ownReplies), { kind: 'thread', from: own.id })
    : null
  return {
    view,
    ...page,
    threads: own ? withOwn(page.threads, ofOwn?.threads ?? [], own) : page.threads,
    ...readCommenting(commenting),
    pinned: view.kind === 'threads' && view.from === null ? readComments(pinned) : [],
    own: own && reading.own ? { comment: own, key: reading.own.key } : null,
    isEditing,
    hasDeleted,
    answering: few.find(({ id, status }) => id === reading.answering && status === 'approved') ?? null,
  }
}

/** Puts answers below what they answer, and threads in order. Both come one longer than they are shown. */
export function arrange(
  heads: readonly Comment[],
  replies: readonly Comment[],
  view: CommentView,
): Pick<Discussion, 'threads' | 'next'> {
  const firsts = heads.filter(beginsThread).sort(byOrder(view))
  const shown = view.kind === 'threads' ? firsts.slice(0, THREADS) : firsts
  const beyond = firsts[shown.length]
  const most = view.kind === 'threads' ? REPLIES : REPLIES_ALONE
  const branches = heads.filter(({ thread }) => thread !== null)
  const threads = shown.map((first) => {
    const below = replies.filter(({ thread }) => thread === first.id).sort(asRead)
    const answers = branches.filter(({ thread }) => thread === first.id).map(entryOf)
    for (const reply of below.slice(0, most)) place(answers, reply)
    return { ...entryOf(first), answers, replies: first.replies, restFrom: below[most]?.id ?? null }
  })
  return { threads, next: beyond ? { id: beyond.id, replies: beyond.replies } : null }
}

/** As the partial indexes have it: what is not published begins a thread only where something answers it. */
const beginsThread = ({ thread, status, replies }: Comment) =>
  thread === null && (status === 'approved' || replies > 0)

const byOrder = (view: CommentView) => (a: Comment, b: Comment) => {
  const order = view.kind === 'threads' ? view.order : 'oldest'
  if (order === 'newest') return b.id - a.id
  return order === 'answered' ? b.replies - a.replies || a.id - b.id : a.id - b.id
}

/** As in the index `comment_replies`: each branch behind the comment that it answers. */
const asRead = (a: Comment, b: Comment) => (a.branch ?? a.id) - (b.branch ?? b.id) || a.id - b.id

const entryOf = (comment: Comment): Entry => ({
  id: comment.id,
  comment: comment.status === 'approved' ? comment : null,
  answers: [],
})

/** Puts an answer in its place; an empty one is made for a comment that is gone. */
function place(answers: Entry[], reply: Comment): void {
  const known = answers.find(({ id }) => id === (reply.branch ?? reply.id))
  if (reply.branch === null) {
    if (!known) answers.push(entryOf(reply))
    return
  }
  const branch = known ?? { id: reply.branch, comment: null, answers: [] }
  if (!known) answers.push(branch)
  branch.answers.push(entryOf(reply))
}

/** Shows the reader's own comment in its place whatever its status; its thread comes last where the page has it not. */
function withOwn(threads: readonly Thread[], ofOwn: readonly Thread[], own: Comment): readonly Thread[] {
  const alone = ofOwn[0] ?? { ...EMPTY, id: own.thread ?? own.id }
  const all = threads.some(({ id }) => id === alone.id) ? threads : [...threads, alone]
  return all.map((thread) => (thread.id === alone.id ? showing(thread, own) : thread))
}

const EMPTY: Omit<Thread, 'id'> = { comment: null, answers: [], replies: 0, restFrom: null }

function showing(thread: Thread, own: Comment): Thread {
  const mine: Entry = { id: own.id, comment: own, answers: [] }
  const put = (entries: readonly Entry[]): Entry[] =>
    entries.some(({ id }) => id === own.id)
      ? entries.map((entry) => (entry.id === own.id ? { ...entry, comment: own } : entry))
      : [...entries, mine]
  if (own.thread === null) return { ...thread, comment: own }
  if (own.branch === null) return { ...thread, answers: put(thread.answers) }
  const branch = thread.answers.find(({ id }) => id === own.branch) ?? {
    id: own.branch,
    comment: null,
    answers: [],
  }
  const answers = thread.answers.includes(branch) ? thread.answers : [...thread.answers, branch]
  return {
    ...thread,
    answers: answers.map((one) => (one === branch ? { ...one, answers: put(one.answers) } : one)),
  }
}
