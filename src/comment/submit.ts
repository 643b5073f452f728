import type { IRequest } from 'itty-router'
import { showUnsaved } from '../article/handler.ts'
import { parseSlug, type Slug } from '../article/slug.ts'
import { readForm } from '../http/body.ts'
import { NO_STORE } from '../http/headers.ts'
import { logError } from '../http/log.ts'
import { redirect } from '../http/page.ts'
import { subscriptionStatements, tellSoon } from '../notice/subscribe.ts'
import { badBody, foreignOrigin, notFound } from '../site/errors.tsx'
import { hashOfAddress, isWithinLimit } from '../site/limit.ts'
import type { Settings } from '../site/settings.ts'
import type { Site } from '../site/site.ts'
import { avatarOf } from './avatar.ts'
import { closedOnSite, oldestOpen } from './closing.ts'
import { type CommentDraft, HONEYPOT, INTENT, NOTIFY, PREVIEW, parseDraft, readTyped } from './comment.ts'
import { askServices, isAsked, withOpinions } from './defence/ask.ts'
import { TOKEN_FIELD } from './defence/turnstile.ts'
import type { FormState } from './fields.tsx'
import { fingerprintOf } from './fingerprint.ts'
import { formatComment } from './format.ts'
import { weighText } from './judge/judge.ts'
import { knowledgeOf } from './judge/knowledge.ts'
import { nearOf } from './judge/near.ts'
import { lookalike, looksOfficial } from './lookalike.ts'
import { insertComment, isTaken, type NewComment } from './store.ts'
import { ageOfToken, checkToken, MIN_AGE_MS, makeToken, ownCommentPath, signOwnComment } from './token.ts'

/** Largest form, in bytes. */
export const MAX_FORM_BYTES = 32 * 1024

/**
 * POST /:slug/comments — stores a reader's comment and leads back to it (303). What can't be stored comes
 * back with the page and everything typed (403, 422, 429, 503), as does what was only to be previewed (200); a request that is no form of ours is refused
 * (400, 403, 404, 413, 415).
 */
export async function submitComment(request: IRequest, site: Site): Promise<Response> {
  const article = parseSlug(request.params.slug)
  if (!article) return notFound(site)
  await learnPolicy(site)
  if (!isFromHere(request, site)) return foreignOrigin(site)
  const form = await readForm(request, MAX_FORM_BYTES)
  if (!form.ok) return badBody(site, form.status)
  const result = await take(article, form.value, request, site)
  if (result.outcome === 'stored') return redirect(result.path, 303, NO_STORE)
  if (result.outcome === 'no-article') return notFound(site)
  const { status, token, retryAfterSeconds, errors = {}, ...rest } = result
  const state = { typed: readTyped(form.value), errors, ...rest }
  const headers: Record<string, string> = retryAfterSeconds
    ? { 'retry-after': String(retryAfterSeconds) }
    : {}
  return showUnsaved(request, article, state, { status, token, headers }, site)
}

/** GET /:slug/comments — somebody reloads the address a form was sent to: 303 to the comments. */
export async function backToComments(request: IRequest, site: Site): Promise<Response> {
  const article = parseSlug(request.params.slug)
  return article ? redirect(`/${article}/#kommentare`, 303) : notFound(site)
}

/** Without the settings a comment is still taken, under the strictest policy: it is held. */
export async function learnPolicy(site: Site): Promise<void> {
  try {
    await site.snapshot()
  } catch (error) {
    logError('settings-unknown', error)
  }
}

/** Whether a browser sent this form from a page of this site. Programs send no such header, and pass. */
export function isFromHere({ headers }: IRequest, site: Site): boolean {
  const origin = headers.get('origin')
  if (origin !== null) return origin === site.requestOrigin || origin === site.settings.url
  return !/^(?:cross-site|same-site)$/.test(headers.get('sec-fetch-site') ?? '')
}

type Refusal = Omit<Partial<FormState>, 'typed'> & {
  outcome: 'refused'
  /** 200 where nothing is wrong, but the comment was only to be looked at. */
  status: 200 | 403 | 422 | 429 | 503
  /** The token that the form gets back: a genuine one stays, so that the second try has no new waiting time. */
  token: string
  retryAfterSeconds?: number
}
type Result = { outcome: 'stored'; path: string } | { outcome: 'no-article' } | Refusal

/** Takes a form through token, rate, validation and judge into the store; the cheapest check first. */
async function take(
  article: Slug,
  fields: ReadonlyMap<string, string>,
  request: IRequest,
  site: Site,
): Promise<Result> {
  const token = fields.get('token') ?? ''
  const age = await checkToken(site.keys, article, token, site.now)
  const refused = (
    status: Refusal['status'],
    why: Omit<Refusal, 'outcome' | 'status' | 'token'>,
  ): Refusal => ({
    outcome: 'refused',
    status,
    token,
    ...why,
  })
  if (closedOnSite(site.settings, site.now)) return refused(403, { obstacle: 'closed' })
  const isPreview = fields.get(INTENT) === PREVIEW
  // Nobody is too quick to look at what they wrote.
  if (age === 'early' && !isPreview)
    return refused(429, { obstacle: 'tokenEarly', retryAfterSeconds: MIN_AGE_MS / 1000 })
  if (age === 'expired') {
    return {
      ...refused(422, { obstacle: 'tokenExpired' }),
      token: await makeToken(site.keys, article, site.now),
    }
  }
  if (isPreview) {
    const draft = parseDraft(readTyped(fields), article)
    return draft.ok
      ? refused(200, { preview: formatComment(draft.value.text) })
      : refused(422, { errors: draft.errors })
  }
  try {
    const ipHash = await hashOfAddress(request, site)
    if (!(await isWithinLimit(site, 'COMMENT_RATE', `${ipHash} ${article}`))) {
      return refused(429, { obstacle: 'rate', retryAfterSeconds: 60 })
    }
    const draft = parseDraft(readTyped(fields), article)
    if (!draft.ok) return refused(422, { errors: draft.errors })
    if (await isNewsroomName(draft.value.name, site)) return refused(422, { errors: { name: 'nameTaken' } })
    const sealed = await seal(
      draft.value,
      { ipHash, fellIntoHoneypot: fields.get(HONEYPOT) !== '', formSeconds: ageOfToken(token, site.now) },
      site,
    )
    const comment = await hear(sealed, fields.get(TOKEN_FIELD) ?? '', site)
    const wantsMail = fields.get(NOTIFY) === '1' && site.settings.mail !== undefined
    const also = wantsMail ? await subscriptionStatements(comment, draft.value.email, site) : []
    const stored = await insertComment(site, comment, also)
    if (stored.outcome === 'closed') return refused(403, { obstacle: 'closed' })
    if (stored.outcome === 'no-article') return stored
    if (stored.isVisible) site.pages.delete(site.pageKey(article))
    if (stored.isVisible || wantsMail) site.defer(tellSoon(site))
    return {
      outcome: 'stored',
      path: ownCommentPath(article, await signOwnComment(site.keys, article, stored.id)),
    }
  } catch (error) {
    logError('comment-not-stored', error)
    return refused(503, { obstacle: 'unavailable', retryAfterSeconds: 60 })
  }
}

/** Makes of a draft what is stored: the verdict, and of personal data only what is encrypted or hashed. */
async function seal(
  draft: CommentDraft,
  sent: { ipHash: string; fellIntoHoneypot: boolean; formSeconds: number },
  site: Site,
): Promise<NewComment> {
  const { keys, settings, now } = site
  const [sealedEmail, emailHash] = await Promise.all([
    keys.encrypt(draft.email),
    keys.hash('email-hash', draft.email),
  ])
  const knowledge = await knowledgeOf(site)
  return {
    ...draft,
    sealedEmail,
    emailHash,
    fingerprint: fingerprintOf([draft.article, emailHash, draft.name, draft.text]),
    avatar: avatarOf(emailHash, draft.name),
    html: formatComment(draft.text),
    ipHash: sent.ipHash,
    near: nearOf(draft.text),
    oldestOpen: oldestOpen(settings, now),
    judged: { reasons: weighText({ ...draft, ...sent, emailHash }, knowledge), ...policyOf(settings) },
  }
}

/** Adds what services say, where any is on. They are told of nothing that is not going to be stored. */
async function hear(comment: NewComment, token: string, site: Site): Promise<NewComment> {
  if (!isAsked(site.settings, comment.judged) || !(await isTaken(site, comment))) return comment
  const { fingerprint, article, name, website, text, ipHash } = comment
  const told = { article, name, website, text, ipHash, createdAt: site.timestamp }
  const opinions = await askServices({ fingerprint, token, told, isChanged: false }, site)
  return { ...comment, judged: withOpinions(comment.judged, opinions) }
}

/** Nobody speaks for the newsroom but who is signed in there; not in letters that look alike either. */
async function isNewsroomName(name: string, site: Site): Promise<boolean> {
  const { names } = await knowledgeOf(site)
  const looks = lookalike(name)
  return names.has(looks) || looksOfficial(looks, site.settings.name, site.texts.comments.staff)
}

/** By what rules the site publishes. */
export const policyOf = ({ comments }: Settings) => ({
  moderation: comments.moderation ?? 'all',
  thresholds: comments.judge ?? { hold: 2, spam: 5 },
})
