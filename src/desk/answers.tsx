import { NO_STORE } from '../http/headers.ts'
import { redirect } from '../http/page.ts'
import type { Site } from '../site/site.ts'
import { nextPath } from './guard.ts'
import { sendDeskPage } from './layout.tsx'
import type { Session } from './person.ts'

/** What the desk answers to who may not. */

/** Whether somebody comes by a click on another site or in a mail. */
export const isCrossSiteLook = ({ method, headers }: Request): boolean =>
  method === 'GET' && headers.get('sec-fetch-site') === 'cross-site'

/**
 * To signing in, and from there back. A strict cookie does not come along with a click on another site or in a mail: then
 * the page asks once more by itself, and it does.
 */
export function sendToSignIn(request: Request, site: Site): Promise<Response> | Response {
  const { pathname, search } = new URL(request.url)
  const isLook = request.method === 'GET'
  const next = isLook ? nextPath(pathname + search) : '/desk/'
  if (isCrossSiteLook(request))
    return sendDeskPage(
      site,
      null,
      { title: site.texts.desk.name, refreshTo: next },
      <p>
        <a href={next}>{site.texts.desk.goOn}</a>
      </p>,
    )
  return redirect(
    next === '/desk/' ? '/desk/sign-in/' : `/desk/sign-in/?weiter=${encodeURIComponent(next)}`,
    303,
    NO_STORE,
  )
}

/** 403: signed in, but not in a role that may. */
export const refusePerson = (person: Session, site: Site): Promise<Response> =>
  sendDeskPage(
    site,
    person,
    { title: site.texts.desk.refusedTitle, status: 403 },
    <>
      <h1>{site.texts.desk.refusedTitle}</h1>
      <p>{site.texts.desk.refused}</p>
    </>,
  )

/** 403: the form does not belong to this session. */
export const refuseForm = (person: Session, site: Site): Promise<Response> =>
  sendDeskPage(
    site,
    person,
    { title: site.texts.desk.refusedTitle, status: 403 },
    <>
      <h1>{site.texts.desk.refusedTitle}</h1>
      <p>{site.texts.desk.formOver}</p>
    </>,
  )

/** To the page that asks for a passkey, and back to where the form was. */
export function sendToConfirm(request: Request, _person: Session, _site: Site): Response {
  const from = request.headers.get('referer')
  const path = from && URL.canParse(from) ? new URL(from).pathname : ''
  return redirect(`/desk/confirm/?weiter=${encodeURIComponent(nextPath(path))}`, 303, NO_STORE)
}
