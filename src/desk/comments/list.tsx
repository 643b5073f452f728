import { parseCommentId, STATUSES } from '../../comment/comment.ts'
import { shownText } from '../../comment/format.ts'
import { reasonsIn } from '../../comment/judge/judge.ts'
import { sayReason } from '../../comment/judge/say.ts'
import {
  findStates,
  PAGE_SIZE,
  type QueueRow,
  readCounts,
  readQueue,
  type State,
  selectCounts,
  selectQueue,
} from '../../comment/queue-store.ts'
import { permalink } from '../../comment/view.ts'
import type { Site } from '../../site/site.ts'
import { Html } from '../../view/html.ts'
import { Time } from '../../view/parts.tsx'
import { QUEUE_SCRIPT } from '../../view/scripts.ts'
import type { DeskCall } from '../guard.ts'
import { sendDeskPage } from '../layout.tsx'
import { formToken } from '../session.ts'
import { sayDone, sayOvertaken } from './decide.ts'
import { filterOf, isNarrow, type QueueView, queueAddress, readQueueView } from './filter.ts'

/** GET /desk/comments/ — the queue: one state, filtered, a page at a time; what was just done, and how to take it back. 200. */
export async function showQueue({ request, site, person }: DeskCall): Promise<Response> {
  const query = new URL(request.url).searchParams
  const view = readQueueView(query)
  const { DB } = site.env
  const filter = await filterOf(view, site)
  const [[rows = [], counts = []], token] = await Promise.all([
    site.query([selectQueue(DB, filter, view.from), selectCounts(DB)]),
    formToken(person, site),
  ])
  const found = readQueue(rows)
  const page = found.slice(0, PAGE_SIZE)
  const next = found[PAGE_SIZE]?.id ?? null
  const overtaken = await findOvertaken(query, site)
  const { comments } = site.texts.desk
  return sendDeskPage(
    site,
    person,
    { title: comments.title, part: 'comments', scripts: [QUEUE_SCRIPT] },
    <>
      <h1>{comments.title}</h1>
      <Tabs view={view} counts={readCounts(counts)} site={site} />
      <Search view={view} site={site} />
      <Done query={query} view={view} overtaken={overtaken} token={token} site={site} />
      {page.length === 0 ? (
        <p class="desk-empty">
          {isNarrow(view) || view.from !== null ? comments.noneFound : comments.empty[view.status]}
        </p>
      ) : (
        <Queue page={page} view={view} token={token} site={site} />
      )}
      {view.from !== null && (
        <p class="pager">
          <a href={queueAddress({ ...view, from: null })}>{comments.toStart}</a>
        </p>
      )}
      {next !== null && (
        <p class="pager">
          <a href={queueAddress({ ...view, from: next })} rel="next">
            {comments.further}
          </a>
        </p>
      )}
      <Help site={site} />
    </>,
  )
}

function Tabs({ view, counts, site }: { view: QueueView; counts: ReadonlyMap<string, number>; site: Site }) {
  const { comments } = site.texts.desk
  return (
    <nav class="desk-tabs" aria-label={comments.tabsLabel}>
      <ul>
        {STATUSES.map((status) => (
          <li key={status}>
            <a
              href={queueAddress({ status })}
              data-status={status}
              {...(status === view.status ? { 'aria-current': 'page' } : {})}
            >
              {comments.tabs[status]} <span>{comments.number(counts.get(status) ?? 0)}</span>
            </a>
          </li>
        ))}
        <li>
          <a href="/desk/reports/" data-status="reported">
            {comments.reported} <span>{comments.number(counts.get('reported') ?? 0)}</span>
          </a>
        </li>
        <li>
          <a href="/desk/blocks/">{comments.blocks}</a>
        </li>
      </ul>
    </nav>
  )
}

function Search({ view, site }: { view: QueueView; site: Site }) {
  const { comments } = site.texts.desk
  const { status, article, person, connection } = view
  return (
    <search>
      <form action="/desk/comments/" class="desk-row desk-search">
        {status !== 'pending' && <input type="hidden" name="status" value={status} />}
        {article && <input type="hidden" name="artikel" value={article} />}
        {person && <input type="hidden" name="person" value={person} />}
        {connection && <input type="hidden" name="anschluss" value={connection} />}
        <input
          type="search"
          name="q"
          value={view.search}
          aria-label={comments.search}
          placeholder={comments.searchHint}
        />
        <button type="submit" class="second">
          {comments.find}
        </button>
      </form>
      {isNarrow(view) && (
        <p class="hint">
          {[
            view.search && comments.filtered.words(view.search),
            article && comments.filtered.article(article),
            person && comments.filtered.person,
            connection && comments.filtered.connection,
          ]
            .filter(Boolean)
            .join(' · ')}{' '}
          <a href={queueAddress({ status })}>{comments.unfilter}</a>
        </p>
      )}
    </search>
  )
}

/** Comments that the address says were not as they had been seen. */
async function findOvertaken(query: URLSearchParams, site: Site): Promise<State[]> {
  const ids = (query.get('anders') ?? '').split(' ').slice(0, 20).map(parseCommentId)
  const wanted = ids.filter((id) => id !== null)
  return wanted.length === 0 ? [] : findStates(site.env.DB, wanted)
}

/** What was just done; gets read out, and can be taken back. */
function Done({
  query,
  view,
  overtaken,
  token,
  site,
}: {
  query: URLSearchParams
  view: QueueView
  overtaken: readonly State[]
  token: string
  site: Site
}) {
  const { comments } = site.texts.desk
  const action = query.get('erledigt')
  const n = parseCommentId(query.get('n') ?? '') ?? 0
  const audit = parseCommentId(query.get('audit') ?? '')
  const changed = Array.from({ length: Math.min(n, 5000) }, () => ({ id: 0, article: '', text: '' }))
  return (
    <form
      class={action === null ? 'desk-done' : 'desk-done desk-notice'}
      method="post"
      action="/desk/comments/undo/"
      data-undo
    >
      <input type="hidden" name="token" value={token} />
      <input type="hidden" name="filter" value={queueAddress(view).split('?')[1] ?? ''} />
      <input type="hidden" name="audit" value={audit ?? ''} />
      <div role="status">
        {action !== null && <p>{sayDone({ action, changed }, site)}</p>}
        {overtaken.map((state) => (
          <p key={state.id}>{sayOvertaken(state, site)}</p>
        ))}
      </div>
      <button type="submit" class="second" hidden={audit === null}>
        {comments.undo}
      </button>
    </form>
  )
}

/** The comments of a page, each with its buttons, and what can be done with several. */
function Queue({
  page,
  view,
  token,
  site,
}: {
  page: readonly QueueRow[]
  view: QueueView
  token: string
  site: Site
}) {
  const { comments } = site.texts.desk
  const actions = ACTIONS_IN[view.status]
  return (
    <form method="post" action="/desk/comments/" data-queue>
      <input type="hidden" name="token" value={token} />
      <input type="hidden" name="filter" value={queueAddress({ ...view, from: null }).split('?')[1] ?? ''} />
      <fieldset class="desk-row desk-bulk">
        <legend class="hint">{comments.bulk}</legend>
        <label>
          <input type="checkbox" name="alle" value="1" /> {comments.all}
        </label>
        {actions.map((action) => (
          <button key={action} type="submit" class="second" name="do" value={action}>
            {comments.actions[action]}
          </button>
        ))}
      </fieldset>
      <ol class="desk-queue">
        {page.map((row) => (
          <li key={row.id} id={`k${row.id}`} tabIndex={-1}>
            <Item row={row} actions={actions} site={site} />
          </li>
        ))}
      </ol>
    </form>
  )
}

const ACTIONS_IN = {
  pending: ['approve', 'spam', 'trash'],
  approved: ['spam', 'trash', 'restore'],
  spam: ['approve', 'trash', 'restore'],
  trash: ['approve', 'spam', 'restore'],
} as const

function Item({
  row,
  actions,
  site,
}: {
  row: QueueRow
  actions: readonly ('approve' | 'spam' | 'trash' | 'restore')[]
  site: Site
}) {
  const { comments } = site.texts.desk
  const pick = `${row.id}.${row.version}`
  return (
    <>
      <p class="comment-head">
        <input type="checkbox" name="pick" value={pick} aria-label={comments.pick(row.name)} />
        {row.avatar && <img src={`/avatar/${row.avatar}.svg`} alt="" width={28} height={28} loading="lazy" />}
        <bdi>
          <a href={`/desk/comments/${row.id}/`}>{row.name}</a>
        </bdi>
        <Time at={row.createdAt} site={site} withTime />
        <a href={permalink(row.article, row.id)}>{row.title ?? row.article}</a>
      </p>
      {row.parentName !== null && row.parentText !== null && (
        <blockquote class="hint" dir="auto">
          <bdi>{row.parentName}</bdi>: {row.parentText}
        </blockquote>
      )}
      <div class="comment-text" dir="auto">
        <Html of={shownText(row)} />
      </div>
      <p class="hint">
        <a href={queueAddress({ status: 'approved', person: row.emailHash })}>{sayHistory(row, site)}</a>
        {reasonsIn(row.verdict).length > 0 &&
          ` · ${reasonsIn(row.verdict)
            .map((reason) => sayReason(reason, site))
            .join(' · ')}`}
      </p>
      <p class="desk-row">
        {actions.map((action) => (
          <button
            key={action}
            type="submit"
            class={action === 'approve' ? undefined : 'second'}
            name="one"
            value={`${action} ${pick}`}
            data-do={action}
            aria-label={comments.actionOn(comments.actions[action], row.name)}
          >
            {comments.actions[action]}
          </button>
        ))}
        <a href={`/desk/comments/${row.id}/`} data-open>
          {comments.open}
        </a>
      </p>
    </>
  )
}

/** „3 freigegeben, 1 Spam, seit 3. Juli 2024“ */
export function sayHistory({ approved, spam, firstSeen, id, createdAt }: QueueRow, site: Site): string {
  const { comments } = site.texts.desk
  const isFirst = firstSeen === null || (firstSeen === createdAt && approved + spam <= 1)
  return isFirst && id > 0 && approved + spam === 0 ? comments.firstTime : comments.history(approved, spam)
}

/** What the keyboard can do; the script opens it with the question mark. */
function Help({ site }: { site: Site }) {
  const { comments } = site.texts.desk
  return (
    <details class="desk-help">
      <summary>{comments.helpTitle}</summary>
      <dl>
        {comments.keys.split('\n').map((line) => {
          const [key = '', ...what] = line.split(' ')
          return (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{what.join(' ')}</dd>
            </div>
          )
        })}
      </dl>
    </details>
  )
}
