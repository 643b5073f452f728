import type { IRequest } from 'itty-router'
import * as v from 'valibot'
import { readForm } from '../../http/body.ts'
import { NO_STORE } from '../../http/headers.ts'
import { logError } from '../../http/log.ts'
import { redirect } from '../../http/page.ts'
import { json, problem } from '../../http/problem.ts'
import { mailToPersonStatement, sendDue } from '../../mail/outbox.ts'
import { badBody, foreignOrigin, notFound } from '../../site/errors.tsx'
import type { Site } from '../../site/site.ts'
import { sendToSignIn } from '../answers.tsx'
import { type DeskCall, isFromDesk, nextPath } from '../guard.ts'
import { Email } from '../person.ts'
import { may } from '../roles.ts'
import { formToken, NO_COOKIE, readSession } from '../session.ts'
import { endSession, insertLink, isLinkGood, takeLink, usePasskey, verifySession } from '../session-store.ts'
import { enterByAccess, isVouchedFor } from './access.ts'
import { letIn, mayTry } from './let-in.ts'
import { hashOfLink, LINK_MS, makeLink } from './link.ts'
import { sendConfirm, sendLinkSent, sendSignedOut, sendSignIn, sendUseLink } from './page.tsx'
import { askForPasskey, checkPasskey } from './passkey.ts'

const MAX_BYTES = 32 * 1024
const KEY = /^[\w-]{43}$/

/** GET /desk/ — to the part of the desk where somebody works; to signing in for everybody else. 303. */
export async function showDesk(request: IRequest, site: Site): Promise<Response> {
  await site.snapshot()
  const person = await readSession(request, site)
  if (!person) return (await enterByAccess(request, site)) ?? sendToSignIn(request, site)
  return redirect(may(person.role, 'moderate') ? '/desk/comments/' : '/desk/account/', 303, NO_STORE)
}

/** GET /desk/sign-in/ — the page to sign in on. 200; 303 for who is signed in. */
export async function showSignIn(request: IRequest, site: Site): Promise<Response> {
  await site.snapshot()
  const next = nextPath(new URL(request.url).searchParams.get('weiter'))
  if (await readSession(request, site)) return redirect(next, 303, NO_STORE)
  return sendSignIn(site, { next })
}

/** POST /desk/sign-in/challenge/ — what a browser needs to ask for a passkey, as JSON. 200, 403, 429. */
export async function challengeToSignIn(request: IRequest, site: Site): Promise<Response> {
  await site.snapshot()
  if (!isFromDesk(request, site)) return problem(403, site.texts.problem.forbidden)
  if (!(await mayTry(request, site))) return problem(429, site.texts.desk.signIn.problems.rate)
  return json(await askForPasskey(null, site))
}

/** POST /desk/sign-in/passkey/ — signs in with a passkey. 303; 403, 429. */
export function signInByPasskey(request: IRequest, site: Site): Promise<Response> {
  return attempt(request, site, async (form, next) => {
    const shown = await checkPasskey(form.get('response') ?? '', null, site)
    if (!shown) return sendSignIn(site, { next, problem: 'passkeyRefused', status: 403 })
    const { passkey, counter } = shown
    return letIn(passkey.person, 'passkey', next, request, site, [
      usePasskey(site.env.DB, passkey.id, counter, site.timestamp),
    ])
  })
}

/** POST /desk/sign-in/link/ — sends a link by mail where the address belongs to somebody; says the same where not. 200, 422, 429. */
export function askForLink(request: IRequest, site: Site): Promise<Response> {
  return attempt(request, site, async (form, next) => {
    const email = v.safeParse(Email, form.get('email') ?? '')
    if (!email.success) return sendSignIn(site, { next, problem: 'emailInvalid', status: 422 })
    const link = await makeLink(LINK_MS, site)
    const emailHash = await site.keys.hash('email-hash', email.output)
    const { mail } = site.texts
    const message = {
      subject: mail.signIn.subject(site.settings.name),
      body: [mail.signIn.text, { text: mail.signIn.link, url: link.url }, mail.signIn.ignore],
    }
    const letter = { cause: `sign-in ${link.hash}`, kind: 'sign-in', to: email.output, message }
    await site.env.DB.batch([
      insertLink(site.env.DB, { hash: link.hash, emailHash, now: site.timestamp, expiresAt: link.expiresAt }),
      await mailToPersonStatement(letter, emailHash, site),
    ])
    site.defer(sendDue(site))
    return sendLinkSent(site)
  })
}

/** GET /desk/sign-in/:key/ — a link from a mail or from the command line: a button that uses it. 200, 403, 404. */
export async function showLink(request: IRequest, site: Site): Promise<Response> {
  await site.snapshot()
  const key = request.params.key ?? ''
  if (!KEY.test(key)) return notFound(site)
  if (!(await isLinkGood(site.env.DB, await hashOfLink(key, site), site.timestamp)))
    return sendSignIn(site, { next: '/desk/', problem: 'linkOver', status: 403 })
  return sendUseLink(site, key)
}

/** POST /desk/sign-in/:key/ — uses a link, once. 303; 403, 404, 429. */
export async function signInByLink(request: IRequest, site: Site): Promise<Response> {
  const key = request.params.key ?? ''
  if (!KEY.test(key)) return notFound(site)
  return attempt(request, site, async () => {
    const person = await takeLink(site.env.DB, await hashOfLink(key, site), site.timestamp)
    if (person === null) return sendSignIn(site, { next: '/desk/', problem: 'linkOver', status: 403 })
    // Who comes by a link is asked to make a passkey first; after that the link is not needed any more.
    return letIn(person, 'link', '/desk/account/', request, site)
  })
}

/** POST /desk/sign-out/ — ends this session. 303; 200 where Cloudflare Access would begin the next one. */
export async function signOut({ request, person, site }: DeskCall): Promise<Response> {
  await endSession(site.env.DB, person.id, person.sessionId).run()
  const headers = { 'set-cookie': NO_COOKIE, 'clear-site-data': '"cache"' }
  const { access } = site.settings.desk
  return access && isVouchedFor(request)
    ? sendSignedOut(site, access, headers)
    : redirect('/desk/sign-in/', 303, { ...NO_STORE, ...headers })
}

/** GET /desk/confirm/ — asks for a passkey once more. 200. */
export async function showConfirm({ request, site, person }: DeskCall): Promise<Response> {
  const next = nextPath(new URL(request.url).searchParams.get('weiter'))
  return sendConfirm(site, person, { next, token: await formToken(person, site) })
}

/** POST /desk/confirm/ — takes the passkey. 303 to where it was needed; 403. */
export async function confirm({ site, person, form }: DeskCall): Promise<Response> {
  const next = nextPath(form.get('weiter'))
  const shown = await checkPasskey(form.get('response') ?? '', person, site)
  if (!shown)
    return sendConfirm(site, person, { next, token: await formToken(person, site), isRefused: true })
  await site.env.DB.batch([
    usePasskey(site.env.DB, shown.passkey.id, shown.counter, site.timestamp),
    verifySession(site.env.DB, person.sessionId, site.timestamp),
  ])
  return redirect(next, 303, NO_STORE)
}

/** POST /desk/challenge/ — what a browser needs to show one of one's own passkeys, as JSON. 200. */
export const challengeToConfirm = async ({ site, person }: DeskCall): Promise<Response> =>
  json(await askForPasskey(person, site))

/** What all ways in have in common: from a page of the desk, not too often, and a failing store is no refusal. */
async function attempt(
  request: IRequest,
  site: Site,
  signIn: (form: ReadonlyMap<string, string>, next: string) => Promise<Response>,
): Promise<Response> {
  await site.snapshot()
  if (!isFromDesk(request, site)) return foreignOrigin(site)
  const form = await readForm(request, MAX_BYTES)
  if (!form.ok && request.headers.has('content-type')) return badBody(site, form.status)
  const fields = form.ok ? form.value : new Map<string, string>()
  const next = nextPath(fields.get('weiter'))
  if (!(await mayTry(request, site))) return sendSignIn(site, { next, problem: 'rate', status: 429 })
  try {
    return await signIn(fields, next)
  } catch (error) {
    logError('sign-in-failed', error)
    return sendSignIn(site, { next, problem: 'unavailable', status: 503 })
  }
}
