import type { ComponentChildren, VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { NO_STORE } from '../http/headers.ts'
import type { Texts } from '../locale/de.ts'
import type { Site } from '../site/site.ts'
import { Html, markSafe } from '../view/html.ts'
import { sheetOf } from '../view/styles.ts'
import type { Session } from './person.ts'
import { may, type Permission } from './roles.ts'
import { formToken } from './session.ts'

/** A page of the desk. */
export interface DeskPage {
  title: string
  /** Which of the desk's parts this is. */
  part?: string
  status?: number
  headers?: Readonly<Record<string, string>>
  /** Addresses of the scripts that make it smoother. */
  scripts?: readonly string[]
  /** Where the browser goes by itself, at once. */
  refreshTo?: string
}

/** Renders and sends a page of the desk: never kept, never found, and it tells no other site where it was. */
export async function sendDeskPage(
  site: Site,
  person: Session | null,
  page: DeskPage,
  body: VNode,
): Promise<Response> {
  const content = renderToString(
    <Body
      site={site}
      person={person}
      part={page.part ?? ''}
      token={person && (await formToken(person, site))}
    >
      {body}
    </Body>,
  )
  const { css, headers } = await sheetOf('desk', site.settings.theme, content)
  const { language, name } = site.settings
  const html = `<!doctype html>${renderToString(
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${page.title} – ${site.texts.desk.name}, ${name}`}</title>
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        {page.refreshTo && <meta http-equiv="refresh" content={`0; url=${page.refreshTo}`} />}
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <style>
          <Html of={markSafe(css)} />
        </style>
        {page.scripts?.map((src) => (
          <script key={src} type="module" src={src} />
        ))}
      </head>
      <body class="desk">
        <Html of={markSafe(content)} />
      </body>
    </html>,
  )}`
  return new Response(html, {
    status: page.status ?? 200,
    headers: { ...headers, ...NO_STORE, 'referrer-policy': 'same-origin', ...page.headers },
  })
}

const PARTS: readonly { part: keyof Texts['desk']['parts']; href: string; permission: Permission }[] = [
  { part: 'comments', href: '/desk/comments/', permission: 'moderate' },
  { part: 'ads', href: '/desk/ads/', permission: 'sell-ads' },
  { part: 'mail', href: '/desk/mail/', permission: 'manage-mail' },
  { part: 'people', href: '/desk/people/', permission: 'manage-people' },
  { part: 'privacy', href: '/desk/privacy/', permission: 'manage-personal-data' },
  { part: 'audit', href: '/desk/audit/', permission: 'read-audit' },
  { part: 'account', href: '/desk/account/', permission: 'own-account' },
]

function Body({
  site,
  person,
  part,
  token,
  children,
}: {
  site: Site
  person: Session | null
  part: string
  token: string | null
  children: ComponentChildren
}) {
  const { desk, site: common } = site.texts
  return (
    <>
      <a class="skip" href="#inhalt">
        {common.skipToContent}
      </a>
      <header class="desk-head">
        <a class="wordmark" href={person ? '/desk/' : '/'}>
          {site.settings.name}
        </a>
        {person && (
          <nav aria-label={desk.name}>
            <ul>
              {PARTS.filter(({ permission }) => may(person.role, permission)).map((one) => (
                <li key={one.part}>
                  <a href={one.href} {...(one.part === part ? { 'aria-current': 'page' } : {})}>
                    {desk.parts[one.part]}
                  </a>
                </li>
              ))}
              <li>
                <a href="/">{desk.toSite}</a>
              </li>
            </ul>
          </nav>
        )}
        {person && token !== null && (
          <form class="sign-out" method="post" action="/desk/sign-out/">
            <input type="hidden" name="token" value={token} />
            <span>{person.name}</span> <button type="submit">{desk.signOut}</button>
          </form>
        )}
      </header>
      <main id="inhalt" tabIndex={-1}>
        {children}
      </main>
    </>
  )
}

/** What was done, or what stands in the way; read out at once. */
export const Notice = ({ text, isWrong = false }: { text: string | null; isWrong?: boolean }) =>
  text === null ? null : (
    <p class={isWrong ? 'desk-notice wrong' : 'desk-notice'} role={isWrong ? 'alert' : 'status'}>
      {text}
    </p>
  )
