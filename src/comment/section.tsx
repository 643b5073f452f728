import type { Article } from '../article/article.ts'
import { longDate } from '../locale/locale.ts'
import type { Site } from '../site/site.ts'
import { Html } from '../view/html.ts'
import { Time } from '../view/parts.tsx'
import { type Closing, closingOf } from './closing.ts'
import type { Comment } from './comment.ts'
import { CommentForm, type FormState } from './form.tsx'
import { shownText } from './format.ts'
import type { Thread } from './thread.ts'

interface Props {
  article: Pick<Article, 'slug' | 'comments' | 'date'>
  /** The comments; null when they can't be read just now. */
  thread: Thread | null
  /** What a reader typed, when it was not stored. */
  form: FormState | null
  token: string
  site: Site
}

/** Everything below an article that readers wrote or may write (DESIGN §2.7). */
export function CommentSection({ article, thread, form, token, site }: Props) {
  const { texts } = site
  const closing = closingOf(article, thread?.closedAt ?? null, site.settings, site.now)
  const mayComment = closing === null || form !== null
  return (
    <section class="comments" id="kommentare" aria-labelledby="kommentare-titel">
      <h2 id="kommentare-titel">{texts.comments.count(thread?.count ?? 0)}</h2>
      {thread ? (
        <List article={article} thread={thread} isOpen={closing === null} site={site} />
      ) : (
        <p>{texts.comments.unavailable}</p>
      )}
      {closing && <p class="closed">{sayClosing(closing, site)}</p>}
      {mayComment && (thread || form) && (
        <CommentForm article={article.slug} form={form} token={token} site={site} />
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

function List({
  article,
  thread,
  isOpen,
  site,
}: Pick<Props, 'article' | 'site'> & { thread: Thread; isOpen: boolean }) {
  const { texts } = site
  const { comments, olderThan, own, isNewest } = thread
  if (comments.length === 0 && isNewest) return isOpen ? <p>{texts.comments.none}</p> : null
  return (
    <>
      {olderThan !== null && (
        <p class="pager">
          <a href={`/${article.slug}/?kommentare-vor=${olderThan}#kommentare`} rel="nofollow">
            {texts.comments.older}
          </a>
        </p>
      )}
      <ol class="comment-list">
        {comments.map((comment) => (
          <Entry key={comment.id} comment={comment} isOwn={comment.id === own?.id} site={site} />
        ))}
      </ol>
      {!isNewest && (
        <p class="pager">
          <a href={`/${article.slug}/#kommentare`}>{texts.comments.newest}</a>
        </p>
      )}
    </>
  )
}

function Entry({ comment, isOwn, site }: { comment: Comment; isOwn: boolean; site: Site }) {
  const { texts } = site
  const isWaiting = comment.status !== 'approved'
  const anchor = `kommentar-${comment.id}`
  return (
    <li id={anchor} class={isOwn ? 'own' : undefined}>
      <p class="comment-head">
        <bdi>
          {comment.website ? (
            <a href={comment.website} rel="ugc nofollow noopener external">
              {comment.name}
            </a>
          ) : (
            comment.name
          )}
        </bdi>
        <a href={`#${anchor}`}>
          <Time at={comment.createdAt} site={site} withTime />
        </a>
        {isWaiting && <span class="waiting">{texts.comments.pendingBadge}</span>}
      </p>
      {isOwn && (
        <p class="own-note" role="status">
          {isWaiting ? texts.comments.pending : texts.comments.published}
        </p>
      )}
      <div class="comment-text" dir="auto">
        <Html of={shownText(comment)} />
      </div>
    </li>
  )
}
