import { closingOf } from '../../comment/closing.ts'
import { STATUSES } from '../../comment/comment.ts'
import { shownText } from '../../comment/format.ts'
import { reasonsIn } from '../../comment/judge/judge.ts'
import { sayReason } from '../../comment/judge/say.ts'
import { findComment, type QueueRow } from '../../comment/queue-store.ts'
import { permalink } from '../../comment/view.ts'
import { notFound } from '../../site/errors.tsx'
import type { Site } from '../../site/site.ts'
import { Html } from '../../view/html.ts'
import { Time } from '../../view/parts.tsx'
import type { DeskCall } from '../guard.ts'
import { Notice, sendDeskPage } from '../layout.tsx'
import { noticeIn } from '../notices.ts'
import { may } from '../roles.ts'
import { formToken } from '../session.ts'
import { queueAddress } from './filter.ts'
import { sayHistory } from './list.tsx'

/** GET /desk/comments/:id/ — a comment with all that is known of it, and all that can be done. 200, 404. */
export async function showOne({ request, site, person }: DeskCall): Promise<Response> {
  const row = await findComment(site.env.DB, Number(request.params.id))
  if (!row) return notFound(site)
  const { comments } = site.texts.desk
  const token = await formToken(person, site)
  const form = { row, token, site }
  return sendDeskPage(
    site,
    person,
    { title: comments.one(row.name), part: 'comments' },
    <article class="desk-narrow">
      <p>
        <a href={queueAddress({ status: row.status })}>{comments.toQueue}</a>
      </p>
      <h1>{comments.one(row.name)}</h1>
      <Notice {...noticeIn(request.url, site.texts)} />
      <Facts row={row} site={site} />
      <div class="comment-text" dir="auto">
        <Html of={shownText(row)} />
      </div>
      {row.original !== null && (
        <details>
          <summary>{comments.original}</summary>
          <blockquote dir="auto">{row.original}</blockquote>
        </details>
      )}
      <Reasons row={row} site={site} />
      <Decide {...form} />
      {row.status === 'approved' && <Reply {...form} />}
      <Shorten {...form} />
      <More {...form} />
      {may(person.role, 'delete-comments') && <Delete {...form} />}
    </article>,
  )
}

function Facts({ row, site }: { row: QueueRow; site: Site }) {
  const { comments } = site.texts.desk
  return (
    <ul class="desk-facts">
      <li>
        {comments.tabs[row.status]}
        {row.decidedAt !== null && (
          <>
            {' · '}
            {comments.decided(row.decidedBy ?? comments.somebody)}{' '}
            <Time at={row.decidedAt} site={site} withTime />
          </>
        )}
      </li>
      <li>
        <Time at={row.createdAt} site={site} withTime />{' '}
        <a href={permalink(row.article, row.id)}>{row.title ?? row.article}</a>
        {row.stoppedAt !== null && (
          <>
            {' · '}
            {comments.stoppedSince} <Time at={row.stoppedAt} site={site} withTime />
          </>
        )}
      </li>
      {row.parent !== null && (
        <li>
          <a href={`/desk/comments/${row.parent}/`}>
            {comments.answers(row.parentName || comments.somebody)}
          </a>
        </li>
      )}
      <li>
        <a href={queueAddress({ status: 'approved', person: row.emailHash })}>{sayHistory(row, site)}</a>
        {row.firstSeen !== null && (
          <>
            {', '}
            {comments.since} <Time at={row.firstSeen} site={site} />
          </>
        )}
      </li>
      {row.ipHash !== null && (
        <li>
          <a href={queueAddress({ status: row.status, connection: row.ipHash })}>{comments.sameConnection}</a>
        </li>
      )}
    </ul>
  )
}

/** The judge's verdict with its reasons. */
function Reasons({ row, site }: { row: QueueRow; site: Site }) {
  const { comments } = site.texts.desk
  const reasons = reasonsIn(row.verdict)
  if (reasons.length === 0) return null
  return (
    <section aria-labelledby="gruende">
      <h2 id="gruende">{comments.reasons}</h2>
      <ul>
        {reasons.map((reason) => (
          <li key={reason.signal}>{sayReason(reason, site)}</li>
        ))}
      </ul>
    </section>
  )
}

interface FormProps {
  row: QueueRow
  token: string
  site: Site
}

/** The buttons of the queue, for this comment alone. */
function Decide({ row, token, site }: FormProps) {
  const { comments } = site.texts.desk
  const actions = { approved: 'approve', spam: 'spam', trash: 'trash', pending: 'restore' } as const
  return (
    <form method="post" action="/desk/comments/" class="desk-row">
      <input type="hidden" name="token" value={token} />
      <input type="hidden" name="filter" value={row.status === 'pending' ? '' : `status=${row.status}`} />
      {STATUSES.filter((status) => status !== row.status).map((status) => (
        <button
          key={status}
          type="submit"
          class="second"
          name="one"
          value={`${actions[status]} ${row.id}.${row.version}`}
        >
          {comments.actions[actions[status]]}
        </button>
      ))}
    </form>
  )
}

function Reply({ row, token, site }: FormProps) {
  const { comments } = site.texts.desk
  return (
    <form method="post" action={`/desk/comments/${row.id}/`} id="antwort">
      <h2>{comments.reply}</h2>
      <input type="hidden" name="token" value={token} />
      <label for="antwort-text">{comments.replyText}</label>
      <textarea id="antwort-text" name="text" rows={4} required />
      <button type="submit" name="do" value="reply">
        {comments.sendReply}
      </button>
    </form>
  )
}

function Shorten({ row, token, site }: FormProps) {
  const { comments } = site.texts.desk
  return (
    <form method="post" action={`/desk/comments/${row.id}/`}>
      <h2>{comments.shorten}</h2>
      <p class="hint">{comments.shortenHint}</p>
      <input type="hidden" name="token" value={token} />
      <input type="hidden" name="version" value={row.version} />
      <label for="kurz-text">{comments.shortenText}</label>
      <textarea id="kurz-text" name="text" rows={6} required>
        {`\n${row.text}`}
      </textarea>
      <label for="kurz-grund">{comments.shortenReason}</label>
      <input id="kurz-grund" name="reason" value={row.shortened ?? ''} required />
      <p class="desk-row">
        <button type="submit" name="do" value="shorten">
          {comments.save}
        </button>
        {row.original !== null && (
          <button type="submit" class="second" name="do" value="original" formnovalidate>
            {comments.restoreOriginal}
          </button>
        )}
      </p>
    </form>
  )
}

/** Recommending, closing, blocking. */
function More({ row, token, site }: FormProps) {
  const { comments } = site.texts.desk
  return (
    <form method="post" action={`/desk/comments/${row.id}/`} class="desk-row">
      <h2>{comments.more}</h2>
      <input type="hidden" name="token" value={token} />
      {row.status === 'approved' && (
        <button type="submit" class="second" name="do" value={row.pinnedAt === null ? 'pin' : 'unpin'}>
          {row.pinnedAt === null ? comments.pin : comments.unpin}
        </button>
      )}
      {row.stoppedAt !== null && (
        <>
          <input type="hidden" name="stoppedAt" value={row.stoppedAt} />
          <button type="submit" class="second" name="do" value="go-on">
            {comments.goOn}
          </button>
        </>
      )}
      {takesComments(row, site) && (
        <button type="submit" class="second" name="do" value="stop">
          {comments.stop}
        </button>
      )}
      {row.staff === null && (
        <button type="submit" class="second" name="do" value="block-email">
          {comments.blockEmail}
        </button>
      )}
      {row.ipHash !== null && (
        <button type="submit" class="second" name="do" value="block-ip">
          {comments.blockIp}
        </button>
      )}
    </form>
  )
}

/** Whether its article takes comments now. What the article itself, its age or the site's settings have closed, no desk opens. */
export const takesComments = (
  { commenting, publishedAt, stoppedAt }: QueueRow,
  { settings, now }: Site,
): boolean =>
  commenting !== null &&
  commenting !== 'none' &&
  publishedAt !== null &&
  closingOf({ comments: commenting, date: publishedAt }, { closedAt: null, stoppedAt }, settings, now) ===
    null

/** What nothing brings back. */
const Delete = ({ row, token, site }: FormProps) => (
  <form method="post" action={`/desk/comments/${row.id}/delete/`}>
    <input type="hidden" name="token" value={token} />
    <button type="submit" class="second">
      {site.texts.desk.comments.deleteForGood}
    </button>
  </form>
)
