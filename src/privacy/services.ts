import type { Site } from '../site/site.ts'
import { escapeHtml } from '../view/html.ts'

/** What the privacy page says of the services that help to tell spam, by the settings in force. */

const hostOf = (url: string): string => new URL(url).hostname

/** Sentences by the name under which a page asks for them; none for a service that is off. */
function sentencesOf({ settings, texts }: Site): ReadonlyMap<string, readonly string[]> {
  const { turnstile, akismet } = settings.comments
  const { services } = texts.privacy
  const hosts = turnstile && [...new Set([turnstile.script, turnstile.verify].map(hostOf))].join(', ')
  const host = akismet && hostOf(akismet.endpoint)
  return new Map([
    ['loads', hosts ? [services.loads(hosts)] : []],
    ['told', [host ? services.toldAkismet(host) : services.toldNobody]],
    ['used', [...(hosts ? [services.turnstile(hosts)] : []), ...(host ? [services.akismet(host)] : [])]],
    [
      'recipients',
      [
        ...(hosts ? [services.turnstileRecipient(hosts)] : []),
        ...(host ? [services.akismetRecipient(host)] : []),
      ],
    ],
  ])
}

/** Puts in what is done where a page says `[[services.used]]` and the like: paragraphs where that stands alone, else text. */
export function fillInServices(html: string, site: Site): string {
  const sentences = sentencesOf(site)
  const say = (whole: string, name: string, join: (texts: readonly string[]) => string): string => {
    const found = sentences.get(name)
    return found ? join(found.map(escapeHtml)) : whole
  }
  return html
    .replace(/<p>\[\[services\.(\w+)\]\]<\/p>/g, (whole, name: string) =>
      say(whole, name, (texts) => texts.map((text) => `<p>${text}</p>`).join('')),
    )
    .replace(/ ?\[\[services\.(\w+)\]\]/g, (whole, name: string) =>
      say(whole, name, (texts) => texts.map((text) => ` ${text}`).join('')),
    )
}
