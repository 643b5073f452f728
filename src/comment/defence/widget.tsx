import type { Site } from '../../site/site.ts'
import { TURNSTILE_SCRIPT } from '../../view/scripts.ts'
import { ACTION } from './turnstile.ts'

/** What the comment forms show of the services that help to tell spam. */

/**
 * The place of the Turnstile widget, where the site has one, and in words what it does and what happens without it. Nothing
 * is loaded from elsewhere before somebody writes (see `turnstile.client.js`).
 */
export function Turnstile({ site }: { site: Site }) {
  const { settings, texts } = site
  const { turnstile } = settings.comments
  if (!turnstile) return null
  return (
    <>
      <p class="hint">{texts.comments.turnstile}</p>
      <div
        class="turnstile"
        data-script={`${turnstile.script}?render=explicit`}
        data-sitekey={turnstile.siteKey}
        data-action={ACTION}
        data-language={settings.language}
      />
      <script type="module" src={TURNSTILE_SCRIPT} />
    </>
  )
}

/** Says before anything is typed that Akismet is told of it, where it is. */
export function AkismetNote({ site }: { site: Site }) {
  const { akismet } = site.settings.comments
  return akismet ? (
    <p class="hint">{site.texts.comments.akismet(new URL(akismet.endpoint).hostname)}</p>
  ) : null
}
