import { parseSlug } from '../../article/slug.ts'
import { parseCommentId, type Status } from '../../comment/comment.ts'
import { learnFrom } from '../../comment/judge/knowledge.ts'
import {
  type Decided,
  type Decision,
  decide,
  findAll,
  findStates,
  findUndo,
  type State,
} from '../../comment/queue-store.ts'
import { NO_STORE } from '../../http/headers.ts'
import { redirect } from '../../http/page.ts'
import { json } from '../../http/problem.ts'
import { clockOrDay } from '../../locale/locale.ts'
import { tellSoon } from '../../notice/subscribe.ts'
import type { Site } from '../../site/site.ts'
import type { DeskCall } from '../guard.ts'
import { filterOf, type QueueView, queueAddress, readQueueView } from './filter.ts'

/** At most so many comments are decided about at once. */
const MOST = 5000

/** What is done with comments; `restore` puts back what was thrown away. */
const ACTIONS: Readonly<Record<string, Status>> = {
  approve: 'approved',
  spam: 'spam',
  trash: 'trash',
  restore: 'pending',
}

/** What came of a decision: how many were changed, how to take it back, and what others did meanwhile. */
export interface Outcome {
  action: string
  changed: readonly Decided[]
  audit: number | null
  /** Comments that were not as they were seen. */
  overtaken: readonly State[]
}

/**
 * POST /desk/comments/ — decides about one comment (`one=approve 12.3`), about those that are picked
 * (`do=approve`, `pick=12.3`), or about all of the filter (`alle=1`). Each is named with the version that was seen;
 * nothing is done about a comment that somebody else changed meanwhile. 303, or JSON for the desk's script.
 */
export async function decideComments({ request, site, person, fields, form }: DeskCall): Promise<Response> {
  const view = readQueueView(new URLSearchParams(form.get('filter') ?? ''))
  const [oneAction, onePick] = (form.get('one') ?? '').split(' ')
  const action = (onePick ? oneAction : form.get('do')) ?? ''
  const to = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined
  const picks = onePick ? [onePick] : fields.filter(([name]) => name === 'pick').map(([, value]) => value)
  if (to === undefined) return back(view, { action, changed: [], audit: null, overtaken: [] }, request, site)
  const seen =
    !onePick && form.get('alle') === '1'
      ? await findAll(site.env.DB, await filterOf(view, site), MOST)
      : readPicks(picks)
  const decisions = seen.map(({ id, version }): Decision => [id, version, to])
  const { changed, audit } = await decide(site.env.DB, decisions, {
    person: person.id,
    action,
    now: site.timestamp,
  })
  forgetPages(changed, site)
  site.defer(tellSoon(site))
  site.defer(
    learnFrom(
      changed.map(({ id }) => id),
      site,
    ),
  )
  const overtaken = await overtakenBy(decisions, changed, to, site)
  return back(view, { action, changed, audit, overtaken }, request, site)
}

/** POST /desk/comments/undo/ — takes a decision back, where nothing was done to the comments since. 303, or JSON. */
export async function undoDecision({ request, site, person, form }: DeskCall): Promise<Response> {
  const view = readQueueView(new URLSearchParams(form.get('filter') ?? ''))
  const line = parseCommentId(form.get('audit') ?? '')
  const undo = line === null ? null : await findUndo(site.env.DB, line)
  if (!undo || undo.undoneBy !== null)
    return back(view, { action: 'undo', changed: [], audit: null, overtaken: [] }, request, site)
  const { changed } = await decide(site.env.DB, undo.undo, {
    person: person.id,
    action: 'undo',
    now: site.timestamp,
    undoes: undo.id,
  })
  forgetPages(changed, site)
  site.defer(tellSoon(site))
  site.defer(
    learnFrom(
      changed.map(({ id }) => id),
      site,
    ),
  )
  const overtaken = await overtakenBy(undo.undo, changed, null, site)
  return back(view, { action: 'undo', changed, audit: null, overtaken }, request, site)
}

const readPicks = (picks: readonly string[]) =>
  picks.slice(0, MOST).flatMap((pick) => {
    const [, id, version] = /^([1-9]\d{0,14})\.([1-9]\d{0,8})$/.exec(pick) ?? []
    return id && version ? [{ id: Number(id), version: Number(version) }] : []
  })

/** What others made of comments that were not decided about; what is as it was to become is nobody's loss. */
async function overtakenBy(
  decisions: readonly Decision[],
  changed: readonly Decided[],
  to: Status | null,
  site: Site,
): Promise<State[]> {
  const done = new Set(changed.map(({ id }) => id))
  const left = decisions.map(([id]) => id).filter((id) => !done.has(id))
  if (left.length === 0) return []
  return (await findStates(site.env.DB, left.slice(0, 100))).filter(({ status }) => status !== to)
}

/** Pages that this isolate has composed with what was decided about are made anew. */
export function forgetPages(changed: readonly { article: string }[], site: Site): void {
  for (const slug of new Set(changed.map(({ article }) => article))) {
    const parsed = parseSlug(slug)
    if (parsed) site.pages.delete(site.pageKey(parsed))
  }
}

/** „Bodo hat das um 12:03 als Spam verworfen.“ */
export function sayOvertaken({ id, status, decidedAt, decidedBy }: State, site: Site): string {
  const { comments } = site.texts.desk
  const when = decidedAt === null ? '' : clockOrDay(new Date(decidedAt), site.now, site.settings)
  const states: Readonly<Record<string, string>> = comments.states
  return comments.overtaken(id, decidedBy ?? comments.somebody, states[status] ?? status, when)
}

/** „3 Kommentare freigegeben.“ */
export function sayDone({ action, changed }: Pick<Outcome, 'action' | 'changed'>, site: Site): string {
  const { comments } = site.texts.desk
  const done: Readonly<Record<string, (n: number) => string>> = comments.done
  const say = Object.hasOwn(done, action) ? done[action] : undefined
  return say && changed.length > 0 ? say(changed.length) : comments.nothing
}

function back(view: QueueView, outcome: Outcome, request: Request, site: Site): Response {
  const { action, changed, audit, overtaken } = outcome
  const query = new URLSearchParams({
    erledigt: action,
    n: String(changed.length),
    ...(audit === null ? {} : { audit: String(audit) }),
    ...(overtaken.length > 0
      ? {
          anders: overtaken
            .slice(0, 20)
            .map(({ id }) => id)
            .join(' '),
        }
      : {}),
  })
  const path = queueAddress(view)
  const queue = `${path}${path.includes('?') ? '&' : '?'}${query}`
  if (request.headers.get('accept') === 'application/json')
    return json({
      said: sayDone(outcome, site),
      audit,
      queue,
      changed: changed.map(({ id }) => id),
      overtaken: overtaken.map((state) => ({ id: state.id, said: sayOvertaken(state, site) })),
    })
  return redirect(queue, 303, NO_STORE)
}
