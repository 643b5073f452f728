import type { IRequest } from 'itty-router'
import * as v from 'valibot'
import { readJson } from '../../http/body.ts'
import { json, problem } from '../../http/problem.ts'
import type { Site } from '../../site/site.ts'
import { CommentId } from '../comment.ts'
import { findComment } from '../queue-store.ts'
import { policyOf } from '../submit.ts'
import { reasonsIn, totalOf, verdictOf, weighText } from './judge.ts'
import { knowledgeOf } from './knowledge.ts'
import { sayReason } from './say.ts'

/** The judge, as the publishing API offers it to the command line. */

const Item = v.object({ text: v.string(), name: v.string(), website: v.nullable(v.string()) })
const Asked = v.object({ items: v.pipe(v.array(Item), v.maxLength(200)) })

/** POST /api/judge — what would become of comments by people nobody knows: `{items: [{text, name, website}]}`. 200, 400. */
export async function judgeByApi(request: IRequest, site: Site): Promise<Response> {
  const body = await readJson(request, 2 * 1024 * 1024)
  const asked = v.safeParse(Asked, body.ok ? body.value : null)
  if (!asked.success) return problem(body.ok ? 400 : body.status, site.texts.problem.malformed)
  const [knowledge, { settings }] = await Promise.all([knowledgeOf(site), site.snapshot()])
  const { thresholds } = policyOf(settings)
  const unknown = { fellIntoHoneypot: false, formSeconds: 60, emailHash: '', ipHash: '' }
  const items = asked.output.items.map((item) => {
    const reasons = weighText({ ...item, ...unknown }, knowledge)
    return { verdict: verdictOf(reasons, false, 'none', thresholds), total: totalOf(reasons) }
  })
  return json({ items })
}

/** GET /api/comments/:id/verdict — why a comment was judged as it was. 200, 404. */
export async function explainByApi(request: IRequest, site: Site): Promise<Response> {
  await site.snapshot()
  const id = v.safeParse(CommentId, request.params.id)
  const comment = id.success ? await findComment(site.env.DB, id.output) : null
  if (!comment) return problem(404, site.texts.problem.notFound)
  const reasons = reasonsIn(comment.verdict)
  return json({
    id: comment.id,
    status: comment.status,
    total: totalOf(reasons),
    reasons: reasons.map((reason) => ({ ...reason, said: sayReason(reason, site) })),
  })
}
