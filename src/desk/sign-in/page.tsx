import type { Texts } from '../../locale/de.ts'
import type { Access } from '../../site/settings.ts'
import type { Site } from '../../site/site.ts'
import { DESK_SCRIPT } from '../../view/scripts.ts'
import { Notice, sendDeskPage } from '../layout.tsx'
import type { Session } from '../person.ts'

/** What stands in the way of signing in. */
export type SignInProblem = keyof Texts['desk']['signIn']['problems'] | null

/** The page to sign in on: a passkey, or a link by mail. */
export function sendSignIn(
  site: Site,
  { next, problem = null, status = 200 }: { next: string; problem?: SignInProblem; status?: number },
): Promise<Response> {
  const { desk } = site.texts
  const texts = desk.signIn
  return sendDeskPage(
    site,
    null,
    { title: texts.title, status, scripts: [DESK_SCRIPT] },
    <article class="desk-narrow">
      <h1>{texts.title}</h1>
      <Notice text={problem && texts.problems[problem]} isWrong />
      <PasskeyForm action="/desk/sign-in/passkey/" ask="/desk/sign-in/challenge/" next={next} site={site}>
        {texts.passkey}
      </PasskeyForm>
      <form method="post" action="/desk/sign-in/link/">
        <h2>{texts.linkTitle}</h2>
        <input type="hidden" name="weiter" value={next} />
        <label for="email">{texts.email}</label>
        <input id="email" type="email" name="email" required autocomplete="username webauthn" />
        <p class="hint">{texts.linkHint}</p>
        <button type="submit" class="second">
          {texts.sendLink}
        </button>
      </form>
      {site.settings.desk.access && (
        <p>
          <a href={next}>{texts.access}</a>
        </p>
      )}
    </article>,
  )
}

/** 403: Cloudflare Access vouches for somebody whom the desk does not know, or does not let in. */
export function sendUnknown(site: Site, email: string, next: string): Promise<Response> {
  const { refusedTitle, signIn } = site.texts.desk
  return sendDeskPage(
    site,
    null,
    { title: refusedTitle, status: 403 },
    <article class="desk-narrow">
      <h1>{refusedTitle}</h1>
      <p>{signIn.unknown(email)}</p>
      <p>
        <a href={`/desk/sign-in/?weiter=${encodeURIComponent(next)}`}>{signIn.otherWays}</a>
      </p>
    </article>,
  )
}

/**
 * After signing out, for whom Cloudflare Access would sign in again with the next click: on to signing out there. As a page,
 * because browsers hold a form to its own site (`form-action`) even where it is redirected.
 */
export function sendSignedOut(
  site: Site,
  { team }: Access,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  const { signIn } = site.texts.desk
  const there = `${team}/cdn-cgi/access/logout`
  return sendDeskPage(
    site,
    null,
    { title: signIn.signedOutTitle, refreshTo: there, headers },
    <article class="desk-narrow">
      <h1>{signIn.signedOutTitle}</h1>
      <p role="status">{signIn.signedOut}</p>
      <p>
        <a href={there}>{signIn.signOutOfAccess}</a>
      </p>
    </article>,
  )
}

/** After a link was asked for: the same words, whether the address belongs to somebody or not. */
export const sendLinkSent = (site: Site): Promise<Response> =>
  sendDeskPage(
    site,
    null,
    { title: site.texts.desk.signIn.sentTitle },
    <article class="desk-narrow">
      <h1>{site.texts.desk.signIn.sentTitle}</h1>
      <p>{site.texts.desk.signIn.sent}</p>
    </article>,
  )

/** What a link leads to: a button, because programs that look at links in mails press none. */
export const sendUseLink = (site: Site, key: string): Promise<Response> =>
  sendDeskPage(
    site,
    null,
    { title: site.texts.desk.signIn.title },
    <article class="desk-narrow">
      <h1>{site.texts.desk.signIn.title}</h1>
      <p>{site.texts.desk.signIn.useHint}</p>
      <form method="post" action={`/desk/sign-in/${key}/`}>
        <button type="submit">{site.texts.desk.signIn.use}</button>
      </form>
    </article>,
  )

/** Asks for a passkey once more before something that can't be taken back. */
export function sendConfirm(
  site: Site,
  person: Session,
  { next, token, isRefused = false }: { next: string; token: string; isRefused?: boolean },
): Promise<Response> {
  const { desk } = site.texts
  const texts = desk.signIn
  return sendDeskPage(
    site,
    person,
    { title: texts.confirmTitle, scripts: [DESK_SCRIPT], status: isRefused ? 403 : 200 },
    <article class="desk-narrow">
      <h1>{texts.confirmTitle}</h1>
      <Notice text={isRefused ? texts.problems.passkeyRefused : null} isWrong />
      <p>{texts.confirm}</p>
      {person.passkeys === 0 ? (
        <p>
          <a href="/desk/account/">{texts.noPasskey}</a>
        </p>
      ) : (
        <PasskeyForm action="/desk/confirm/" ask="/desk/challenge/" next={next} token={token} site={site}>
          {texts.passkey}
        </PasskeyForm>
      )}
    </article>,
  )
}

/**
 * A form that the script fills in with what the browser's passkey says. Its button is out of reach until the
 * script is there: pressed before, it would send an empty answer, and the site would have to refuse it.
 */
export function PasskeyForm({
  action,
  ask,
  next,
  token = '',
  site,
  children,
}: {
  action: string
  /** Where the script asks for a challenge. */
  ask: string
  /** Where the person is led afterwards, when it isn't up to the handler. */
  next?: string
  token?: string
  site: Site
  children: string
}) {
  const { signIn } = site.texts.desk
  return (
    <form method="post" action={action} data-passkey={ask}>
      {next !== undefined && <input type="hidden" name="weiter" value={next} />}
      <input type="hidden" name="token" value={token} />
      <input type="hidden" name="response" value="" />
      <button type="submit" disabled>
        {children}
      </button>
      <p class="hint" role="status" data-failed={signIn.problems.passkeyRefused}>
        <noscript>{signIn.noScript}</noscript>
      </p>
    </form>
  )
}
