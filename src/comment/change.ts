import type { IRequest } from 'itty-router'
import { showUnsaved } from '../article/handler.ts'
import { parseSlug, type Slug } from '../article/slug.ts'
import { readForm } from '../http/body.ts'
import { NO_STORE } from '../http/headers.ts'
import { logError } from '../http/log.ts'
import { redirect } from '../http/page.ts'
import { badBody, foreignOrigin, notFound } from '../site/errors.tsx'
import type { Site } from '../site/site.ts'
import { EDIT_MS, INTENT, PREVIEW, parseText, REMOVE, REMOVE_FOR_GOOD, readTyped } from './comment.ts'
import { askServices, isAsked, withOpinions } from './defence/ask.ts'
import { TOKEN_FIELD } from './defence/turnstile.ts'
import type { FormState } from './fields.tsx'
import { fingerprintOf } from './fingerprint.ts'
import { formatComment } from './format.ts'
import { weighText } from './judge/judge.ts'
import { knowledgeOf } from './judge/knowledge.ts'
import { changeComment, deleteComment, findChangeable, type Judged } from './store.ts'
import { isFromHere, learnPolicy, MAX_FORM_BYTES, policyOf } from './submit.ts'
import { checkToken, makeToken, type OwnComment, ownCommentPath, readOwnComment } from './token.ts'

/** What became of a form: where it leads, or the page it comes back with. */
type Outcome =
  | { path: string }
  | { status: 200 | 403 | 404 | 422 | 503; state: Omit<Partial<FormState>, 'typed'>; token?: string }

/**
 * POST /:slug/comments/:key — its author changes a comment or deletes it, by the signed key of its address. 303; the
 * page with what was typed 200, 422, 503; 403 where the time for changes is over; 400, 404, 413, 415.
 */
export async function changeOwnComment(request: IRequest, site: Site): Promise<Response> {
  const article = parseSlug(request.params.slug)
  const own = article && (await readOwnComment(site.keys, article, request.params.key ?? null))
  if (!own) return notFound(site)
  await learnPolicy(site)
  if (!isFromHere(request, site)) return foreignOrigin(site)
  const form = await readForm(request, MAX_FORM_BYTES)
  if (!form.ok) return badBody(site, form.status)
  const outcome = await take(article, own, form.value, site)
  if ('path' in outcome) return redirect(outcome.path, 303, NO_STORE)
  const state = { typed: readTyped(form.value), errors: {}, editing: own, ...outcome.state }
  const token = outcome.token ?? form.value.get('token') ?? ''
  return showUnsaved(request, article, state, { status: outcome.status, token, headers: {} }, site)
}

/** GET /:slug/comments/:key — somebody reloads the address a form was sent to: 303 to the comment. */
export async function backToOwnComment(request: IRequest, site: Site): Promise<Response> {
  const article = parseSlug(request.params.slug)
  const own = article && (await readOwnComment(site.keys, article, request.params.key ?? null))
  return own ? redirect(ownCommentPath(article, own), 303, NO_STORE) : notFound(site)
}

async function take(
  article: Slug,
  own: OwnComment,
  fields: ReadonlyMap<string, string>,
  site: Site,
): Promise<Outcome> {
  const intent = fields.get(INTENT)
  if ((await checkToken(site.keys, article, fields.get('token') ?? '', site.now)) === 'expired') {
    const token = await makeToken(site.keys, article, site.now)
    return { status: 422, state: { obstacle: 'tokenExpired' }, token }
  }
  if (intent === REMOVE) return { status: 200, state: { isRemoving: true } }
  try {
    if (intent === REMOVE_FOR_GOOD) return await remove(article, own, site)
    const { errors, text } = parseText(readTyped(fields).text)
    if (errors) return { status: 422, state: { errors } }
    if (intent === PREVIEW) return { status: 200, state: { preview: formatComment(text) } }
    return await change(article, own, { text, token: fields.get(TOKEN_FIELD) ?? '' }, site)
  } catch (error) {
    logError('comment-not-changed', error)
    return { status: 503, state: { obstacle: 'unavailable' } }
  }
}

async function remove(article: Slug, own: OwnComment, site: Site): Promise<Outcome> {
  await deleteComment(site.env.DB, own.id)
  site.pages.delete(site.pageKey(article))
  return { path: `/${article}/?geloescht=1#kommentare` }
}

/** What is changed is judged again. */
async function change(
  article: Slug,
  own: OwnComment,
  { text, token }: { text: string; token: string },
  site: Site,
): Promise<Outcome> {
  const { settings, env, now, timestamp } = site
  const writtenAfter = new Date(now.getTime() - EDIT_MS)
  const fingerprint = fingerprintOf([article, own.id, text])
  const evidence = {
    text,
    name: '',
    website: null,
    fellIntoHoneypot: false,
    formSeconds: 60,
    emailHash: '',
    ipHash: '',
  }
  const reasons = weighText(evidence, await knowledgeOf(site))
  let judged: Judged = { reasons, ...policyOf(settings) }
  const before = isAsked(settings, judged) ? await findChangeable(env.DB, own.id, writtenAfter) : null
  if (before) {
    const told = { ...before, article, text }
    judged = withOpinions(judged, await askServices({ fingerprint, token, told, isChanged: true }, site))
  }
  const isChanged = await changeComment(env.DB, {
    id: own.id,
    text,
    html: formatComment(text),
    fingerprint,
    judged,
    writtenAfter,
    timestamp,
  })
  if (!isChanged) return { status: 403, state: { obstacle: 'editExpired' } }
  site.pages.delete(site.pageKey(article))
  return { path: ownCommentPath(article, own) }
}
