import type { IRequest } from 'itty-router'
import * as v from 'valibot'
import { readJson } from '../http/body.ts'
import { json, noContent, problem } from '../http/problem.ts'
import { tellSoon } from '../notice/subscribe.ts'
import type { Site } from '../site/site.ts'
import { CommentId, STATUSES } from './comment.ts'
import { learnFrom } from './judge/knowledge.ts'
import { decide, findComment, PAGE_SIZE, type QueueRow, readQueue, selectQueue } from './queue-store.ts'
import { deleteComment } from './store.ts'

/** The newsroom's side of the comments, as the publishing API offers it to the command line. */

const Status = v.picklist(STATUSES)
const Query = v.object({ status: v.optional(Status, 'pending'), before: v.optional(CommentId) })
const Decision = v.strictObject({ status: Status })

/** GET /api/comments?status=&before= — a page of comments, newest first. 200, 400. */
export async function listComments(request: IRequest, site: Site): Promise<Response> {
  const query = v.safeParse(Query, { ...request.query })
  if (!query.success) return problem(400, site.texts.problem.malformed, { detail: v.summarize(query.issues) })
  const { status, before } = query.output
  const filter = { status, article: null, emailHash: null, ipHash: null, words: null }
  const { results } = await selectQueue(site.env.DB, filter, before ? before - 1 : null, false).all()
  const found = readQueue(results)
  const items = found.slice(0, PAGE_SIZE)
  const next = found.length > PAGE_SIZE ? (items.at(-1)?.id ?? null) : null
  return json({ items: items.map(withoutPerson), next })
}

/** GET /api/comments/:id — a comment with its author's address. 200, 404. */
export async function showComment(request: IRequest, site: Site): Promise<Response> {
  const comment = await findById(request, site)
  if (!comment) return problem(404, site.texts.problem.notFound)
  const email = await site.keys.decrypt(comment.email)
  return json({ ...withoutPerson(comment), parent: comment.parent, email })
}

/** POST /api/comments/:id — decides about a comment: `{"status": "approved"}`. 200, 400, 404. */
export async function moderateComment(request: IRequest, site: Site): Promise<Response> {
  const body = await readJson(request, 1024)
  const decision = v.safeParse(Decision, body.ok ? body.value : null)
  if (!decision.success) return problem(body.ok ? 400 : body.status, site.texts.problem.malformed)
  const comment = await findById(request, site)
  if (!comment) return problem(404, site.texts.problem.notFound)
  const { status } = decision.output
  await decide(site.env.DB, [[comment.id, comment.version, status]], {
    person: null,
    action: status,
    now: site.timestamp,
  })
  site.pages.delete(site.pageKey(comment.article))
  site.defer(learnFrom([comment.id], site))
  site.defer(tellSoon(site))
  return json({ ...withoutPerson(comment), status })
}

/** DELETE /api/comments/:id — removes a comment for good. 204, 404. */
export async function eraseComment(request: IRequest, site: Site): Promise<Response> {
  const comment = await findById(request, site)
  if (!comment || !(await deleteComment(site.env.DB, comment.id)))
    return problem(404, site.texts.problem.notFound)
  site.pages.delete(site.pageKey(comment.article))
  return noContent()
}

async function findById(request: IRequest, site: Site): Promise<QueueRow | null> {
  const id = v.safeParse(CommentId, request.params.id)
  return id.success ? findComment(site.env.DB, id.output) : null
}

const withoutPerson = ({ id, name, website, text, html, createdAt, status, article }: QueueRow) => ({
  id,
  name,
  website,
  text,
  html,
  createdAt,
  status,
  article,
})
