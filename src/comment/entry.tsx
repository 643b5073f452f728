import type { Slug } from '../article/slug.ts'
import type { Site } from '../site/site.ts'
import { Html } from '../view/html.ts'
import { Time } from '../view/parts.tsx'
import { type Comment, mayEdit } from './comment.ts'
import { shownText } from './format.ts'
import type { Entry, Thread } from './thread.ts'
import { changePath, type OwnComment } from './token.ts'
import { answerPath, permalink, queryOf } from './view.ts'

/** What every comment of a list needs to know of the page. */
export interface Around {
  article: Slug
  /** The reader's own comment, when they came by its signed address. */
  own: OwnComment | null
  /** Whether comments are taken, and may be answered. */
  isOpen: boolean
  site: Site
}

/** A comment, all that is shown of the answers to it, and the way to the rest. */
export function ThreadItem({ thread, around }: { thread: Thread; around: Around }) {
  const { texts } = around.site
  return (
    <li>
      <Place entry={thread} around={around} />
      {thread.answers.length > 0 && (
        <Answers entries={thread.answers} count={thread.replies} around={around} />
      )}
      {thread.restFrom !== null && (
        <p class="pager">
          <a
            href={`/${around.article}/${queryOf({ kind: 'thread', from: thread.restFrom })}#kommentare`}
            rel="nofollow"
          >
            {texts.comments.moreAnswers}
          </a>
        </p>
      )}
    </li>
  )
}

/** The answers to a comment; they fold up on a click, without a script. */
function Answers({ entries, count, around }: { entries: readonly Entry[]; count: number; around: Around }) {
  return (
    <details open>
      <summary>{around.site.texts.comments.answers(Math.max(count, entries.length))}</summary>
      <ol>
        {entries.map((entry) => (
          <li key={entry.id}>
            <Place entry={entry} around={around} />
            {entry.answers.length > 0 && (
              <Answers entries={entry.answers} count={entry.answers.length} around={around} />
            )}
          </li>
        ))}
      </ol>
    </details>
  )
}

/** A comment, or the empty place of one that is gone. */
const Place = ({ entry: { id, comment }, around }: { entry: Entry; around: Around }) =>
  comment ? (
    <CommentItem comment={comment} around={around} />
  ) : (
    <p class="gone" id={`kommentar-${id}`}>
      {around.site.texts.comments.gone}
    </p>
  )

/** @param isCopy where it stands a second time: an element's name is given once */
export function CommentItem({
  comment,
  around,
  isCopy = false,
}: {
  comment: Comment
  around: Around
  isCopy?: boolean
}) {
  const { article, own, isOpen, site } = around
  const { comments } = site.texts
  const isOwn = comment.id === own?.id
  const isWaiting = comment.status !== 'approved'
  return (
    <div class={isOwn ? 'comment own' : 'comment'} {...(isCopy ? {} : { id: `kommentar-${comment.id}` })}>
      <p class="comment-head">
        <Avatar of={comment} />
        <bdi>
          {comment.website ? (
            <a href={comment.website} rel="ugc nofollow noopener external">
              {comment.name}
            </a>
          ) : (
            comment.name
          )}
        </bdi>
        <a href={permalink(article, comment.id)} rel="nofollow">
          <Time at={comment.createdAt} site={site} withTime />
        </a>
        {comment.editedAt !== null && <span>{comments.edited}</span>}
        {comment.isStaff && <span class="badge">{comments.staff}</span>}
        {isWaiting && <span class="waiting">{comments.pendingBadge}</span>}
      </p>
      {isOwn && <OwnNote comment={comment} changeAt={changePath(article, own)} site={site} />}
      {comment.answers !== null && <p class="answers-to">{comments.answerTo(comment.answers)}</p>}
      <div class="comment-text" dir="auto">
        <Html of={shownText(comment)} />
      </div>
      {comment.shortened !== null && <p class="shortened">{comments.shortened(comment.shortened)}</p>}
      {isOpen && !isWaiting && !isCopy && (
        <p class="comment-foot">
          <a href={answerPath(article, comment.id)} rel="nofollow">
            {comments.answer}
          </a>
          <ReportLink id={comment.id} site={site} />
        </p>
      )}
      {!isOpen && !isWaiting && !isCopy && (
        <p class="comment-foot">
          <ReportLink id={comment.id} site={site} />
        </p>
      )}
    </div>
  )
}

/** Everybody can report every comment (DSA Art. 16). */
const ReportLink = ({ id, site }: { id: number; site: Site }) => (
  <a href={`/comments/${id}/report/`} rel="nofollow">
    {site.texts.comments.report}
  </a>
)

/** A picture that tells two people of one name apart: it says nothing that the name does not. */
const Avatar = ({ of: { avatar } }: { of: Comment }) =>
  avatar === '' ? null : <img src={`/avatar/${avatar}.svg`} alt="" width={32} height={32} loading="lazy" />

/** What who wrote it is told, and what they can still do. */
function OwnNote({ comment, changeAt, site }: { comment: Comment; changeAt: string; site: Site }) {
  const { comments } = site.texts
  const note = comment.status === 'approved' ? comments.published : comments.pending
  return (
    <p class="own-note" role="status">
      {note} <a href={changeAt}>{mayEdit(comment, site.now) ? comments.change : comments.remove}</a>
    </p>
  )
}
