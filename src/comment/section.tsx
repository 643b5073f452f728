import type { Article } from '../article/article.ts'
import type { Slug } from '../article/slug.ts'
import { longDate } from '../locale/locale.ts'
import type { Site } from '../site/site.ts'
import { ChangeForm } from './change-form.tsx'
import { type Closing, closingOf } from './closing.ts'
import { type Around, CommentItem, ThreadItem } from './entry.tsx'
import type { FormState } from './fields.tsx'
import { CommentForm } from './form.tsx'
import type { Discussion } from './thread.ts'
import { ORDERS, queryOf } from './view.ts'

interface Props {
  article: Pick<Article, 'slug' | 'comments' | 'date'>
  /** The comments; null when they can't be read just now. */
  discussion: Discussion | null
  /** What a reader typed, when it was not stored. */
  form: FormState | null
  token: string
  site: Site
}

/** Everything below an article that readers wrote or may write (DESIGN §2.7). */
export function CommentSection({ article, discussion, form, token, site }: Props) {
  const { texts } = site
  const closing = closingOf(
    article,
    discussion ?? { closedAt: null, stoppedAt: null },
    site.settings,
    site.now,
  )
  const mine = discussion?.own ?? null
  const own = mine && { id: mine.comment.id, key: mine.key }
  const isOpen = closing === null
  const editing = form?.editing ?? (discussion?.isEditing ? own : null)
  return (
    <section class="comments" id="kommentare" aria-labelledby="kommentare-titel">
      <h2 id="kommentare-titel">{texts.comments.count(discussion?.count ?? 0)}</h2>
      {discussion?.hasDeleted && (
        <p class="own-note" role="status">
          {texts.comments.hasDeleted}
        </p>
      )}
      {discussion ? (
        <List discussion={discussion} around={{ article: article.slug, own, isOpen, site }} />
      ) : (
        <p>{texts.comments.unavailable}</p>
      )}
      {closing && <p class="closed">{sayClosing(closing, site)}</p>}
      {editing ? (
        <ChangeForm
          article={article.slug}
          form={form}
          own={editing}
          comment={mine?.comment ?? null}
          token={token}
          site={site}
        />
      ) : (
        (isOpen || form !== null) &&
        (discussion || form) && (
          <CommentForm
            article={article.slug}
            form={form}
            answering={discussion?.answering ?? null}
            token={token}
            site={site}
          />
        )
      )}
    </section>
  )
}

/** „Seit dem 3. Juli 2024 …“ */
function sayClosing(closing: Closing, { settings, texts }: Site): string {
  const { closed } = texts.comments
  if (closing.since === null) return closed.always
  const since = longDate(new Date(closing.since), settings)
  return closing.by === 'age' ? closed.age(closing.days, since) : closed[closing.by](since)
}

function List({ discussion, around }: { discussion: Discussion; around: Around }) {
  const { article, isOpen, site } = around
  const { comments } = site.texts
  const { threads, view, next } = discussion
  const isPart = view.kind === 'thread' || view.from !== null
  if (threads.length === 0 && !isPart) return isOpen ? <p>{comments.none}</p> : null
  return (
    <>
      {discussion.count > 2 && view.kind === 'threads' && (
        <Orders article={article} order={view.order} site={site} />
      )}
      {isPart && (
        <p class="pager">
          <a href={`/${article}/#kommentare`}>{comments.all}</a>
        </p>
      )}
      {discussion.pinned.length > 0 && (
        <section class="pinned" aria-labelledby="empfohlen">
          <h3 id="empfohlen">{comments.pinned}</h3>
          {discussion.pinned.map((comment) => (
            <CommentItem key={comment.id} comment={comment} around={around} isCopy />
          ))}
        </section>
      )}
      {threads.length === 0 && <p>{comments.notHere}</p>}
      <ol class="comment-list">
        {threads.map((thread) => (
          <ThreadItem key={thread.id} thread={thread} around={around} />
        ))}
      </ol>
      {next && view.kind === 'threads' && (
        <p class="pager">
          <a href={`/${article}/${queryOf({ ...view, from: next })}#kommentare`} rel="nofollow">
            {comments.further}
          </a>
        </p>
      )}
    </>
  )
}

/** In which order the comments stand, and the way to another. */
function Orders({ article, order, site }: { article: Slug; order: string; site: Site }) {
  const { comments } = site.texts
  return (
    <nav class="orders" aria-label={comments.order}>
      {ORDERS.map((one) => (
        <a
          key={one}
          href={`/${article}/${queryOf({ kind: 'threads', order: one, from: null })}#kommentare`}
          rel="nofollow"
          {...(one === order ? { 'aria-current': 'true' } : {})}
        >
          {comments.orders[one]}
        </a>
      ))}
    </nav>
  )
}
