import { MOST_LINKS, type ReportLink } from '../../ad/link-store.ts'
import type { Site } from '../../site/site.ts'
import { Time } from '../../view/parts.tsx'

export const LABEL_MOST = 60

interface LinksProps {
  path: string
  links: readonly ReportLink[]
  token: string
  /** The address of one that was just made: it is never shown again. */
  created: string | null
  site: Site
}

/** The links by which an advertiser sees the report: a form for a new one, and those that are in use. */
export function ReportLinks({ path, links, token, created, site }: LinksProps) {
  const { reportLinks: texts } = site.texts.desk.ads
  return (
    <section class="desk-narrow" aria-labelledby="links">
      <h2 id="links">{texts.title}</h2>
      {created && (
        <div class="desk-notice" role="status">
          <label for="neuer-link">{texts.created}</label>
          <input id="neuer-link" type="url" readonly value={created} aria-describedby="neuer-link-hinweis" />
          <p class="hint" id="neuer-link-hinweis">
            {texts.once}
          </p>
        </div>
      )}
      <p class="hint">{texts.hint}</p>
      {links.length > 0 && (
        <ul class="desk-list">
          {links.map((link) => (
            <li key={link.id}>
              <div>
                <strong>
                  <bdi>{link.label || texts.nameless}</bdi>
                </strong>
                <p class="hint">
                  {texts.madeOn} <Time at={link.createdAt} site={site} />
                </p>
                <p class="hint">
                  {link.usedOn === null ? (
                    texts.unused
                  ) : (
                    <>
                      {texts.usedOn} <Time at={link.usedOn} site={site} />
                    </>
                  )}
                </p>
              </div>
              <form method="post" action={path}>
                <input type="hidden" name="token" value={token} />
                <button
                  type="submit"
                  class="second"
                  name="revoke"
                  value={link.id}
                  aria-label={texts.revokeOne(link.label || texts.nameless)}
                >
                  {texts.revoke}
                </button>
              </form>
            </li>
          ))}
        </ul>
      )}
      {links.length < MOST_LINKS && (
        <form method="post" action={path}>
          <input type="hidden" name="token" value={token} />
          <label for="label">{texts.label}</label>
          <input id="label" name="label" maxLength={LABEL_MOST} autocomplete="off" />
          <button type="submit">{texts.create}</button>
        </form>
      )}
    </section>
  )
}
