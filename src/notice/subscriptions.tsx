import type { IRequest } from 'itty-router'
import { parseSlug } from '../article/slug.ts'
import { parseCommentId } from '../comment/comment.ts'
import { ownCommentPath, signOwnComment } from '../comment/token.ts'
import { permalink } from '../comment/view.ts'
import { readForm } from '../http/body.ts'
import { notFound } from '../site/errors.tsx'
import type { Site } from '../site/site.ts'
import {
  confirmSubscription,
  endSubscriptions,
  findByConfirmation,
  listSubscriptions,
  type Subscription,
} from './notice-store.ts'
import { sendNotice } from './page.tsx'

/** Mail about answers: the second time somebody says they want it, and the page that lists and ends all of it. */

/** The address of the page with all subscriptions of an e-mail address; it is signed, and names it by its hash. */
export const subscriptionsPath = async (emailHash: string, site: Site): Promise<string> =>
  `/subscriptions/${emailHash}.${await site.keys.hash('subscriptions', emailHash)}/`

async function addressOf(request: IRequest, site: Site): Promise<string | null> {
  const [, emailHash, hash] = /^([\w-]{22})\.([\w-]{22})$/.exec(request.params.key ?? '') ?? []
  return emailHash && hash && (await site.keys.verify('subscriptions', emailHash, hash)) ? emailHash : null
}

/** GET /subscriptions/:key/ — all subscriptions of an address. 200, 404. */
export async function showSubscriptions(request: IRequest, site: Site): Promise<Response> {
  await site.snapshot()
  const emailHash = await addressOf(request, site)
  return emailHash === null ? notFound(site) : sendList(emailHash, request, '', site)
}

/**
 * POST /subscriptions/:key/ — ends one (`abo=ID`) or all. A mail program sends the same by itself (RFC 8058), from nowhere
 * and without a cookie: the signed address is what lets it. 200, 404.
 */
export async function endSome(request: IRequest, site: Site): Promise<Response> {
  await site.snapshot()
  const emailHash = await addressOf(request, site)
  if (emailHash === null) return notFound(site)
  const form = await readForm(request, 4096)
  const asked = new URL(request.url).searchParams.get('abo') ?? (form.ok ? form.value.get('abo') : null) ?? ''
  await endSubscriptions(site.env.DB, emailHash, parseCommentId(asked)).run()
  return sendList(emailHash, request, site.texts.subscription.ended, site)
}

async function sendList(emailHash: string, request: IRequest, said: string, site: Site): Promise<Response> {
  const { subscription } = site.texts
  const listed = await listSubscriptions(site.env.DB, emailHash)
  const action = new URL(request.url).pathname
  return sendNotice(
    site,
    subscription.title,
    <>
      {said && <p role="status">{said}</p>}
      {listed.length === 0 && <p>{subscription.none}</p>}
      <ul>
        {listed.map((one) => (
          <li key={one.id}>
            <a href={permalink(one.article, one.comment)}>{one.title ?? one.article}</a>
            <form method="post" action={action}>
              <button type="submit" class="second" name="abo" value={one.id}>
                {subscription.end}
              </button>
            </form>
          </li>
        ))}
      </ul>
      {listed.length > 1 && (
        <form method="post" action={action}>
          <button type="submit">{subscription.endAll}</button>
        </form>
      )}
    </>,
  )
}

const hashOf = (key: string, site: Site) => site.keys.hash('confirm', key)
/** What is stored of the key in the mail that asks. */
export const confirmationHash = hashOf

async function pendingOf(request: IRequest, site: Site): Promise<{ one: Subscription; hash: string } | null> {
  const key = request.params.key ?? ''
  if (!/^[\w-]{43}$/.test(key)) return null
  const hash = await hashOf(key, site)
  const one = await findByConfirmation(site.env.DB, hash)
  return one && { one, hash }
}

/** GET /subscriptions/confirm/:key/ — a button, because programs that look at links in mails press none. 200, 404. */
export async function showConfirmation(request: IRequest, site: Site): Promise<Response> {
  await site.snapshot()
  const pending = await pendingOf(request, site)
  if (!pending) return notFound(site)
  const { subscription } = site.texts
  return sendNotice(
    site,
    subscription.confirmTitle,
    <>
      <p>{subscription.confirmText(pending.one.title ?? pending.one.article)}</p>
      <form method="post" action={new URL(request.url).pathname}>
        <p class="buttons">
          <button type="submit">{subscription.confirm}</button>
        </p>
      </form>
    </>,
  )
}

/** POST /subscriptions/confirm/:key/ — begins the subscription. 200, 404. */
export async function confirmOne(request: IRequest, site: Site): Promise<Response> {
  await site.snapshot()
  const pending = await pendingOf(request, site)
  if (!pending) return notFound(site)
  await confirmSubscription(site.env.DB, pending.hash, site.timestamp).run()
  const { subscription } = site.texts
  const slug = parseSlug(pending.one.article)
  if (!slug) return notFound(site)
  return sendNotice(
    site,
    subscription.confirmTitle,
    <>
      <p role="status">{subscription.confirmed}</p>
      <p>
        <a href={ownCommentPath(slug, await signOwnComment(site.keys, slug, pending.one.comment))}>
          {subscription.toComment}
        </a>{' '}
        · <a href={await subscriptionsPath(pending.one.emailHash, site)}>{subscription.title}</a>
      </p>
    </>,
  )
}
