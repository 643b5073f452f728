import { fromBase64url, hex } from '../../http/bytes.ts'
import { logError } from '../../http/log.ts'
import { askService, ServiceFailure } from '../../http/service.ts'
import type { Akismet } from '../../site/settings.ts'
import type { Site } from '../../site/site.ts'
import type { Opinion } from './service.ts'

/** Akismet, or a server that speaks its protocol: whether a comment looks like spam (akismet.com/developers). */

/**
 * What it is told of a comment. Neither the e-mail address nor the browser goes along, and no IP address: what is not kept
 * here can't be repeated when it has to be corrected, and need not be known elsewhere.
 */
export interface Told {
  article: string
  name: string
  website: string | null
  text: string
  ipHash: string | null
  createdAt: string
}

/** How much each outcome weighs. */
const OUTCOMES = {
  akismetHam: { score: -0.5, holds: false },
  akismetSpam: { score: 4, holds: true },
  /** So blatant that Akismet would not even keep it. We do, under „Spam“, for it errs as well. */
  akismetDiscard: { score: 10, holds: true },
  akismetSlow: { score: 0, holds: true },
  akismetDown: { score: 0, holds: true },
  akismetOdd: { score: 0, holds: true },
  akismetKey: { score: 0, holds: true },
} as const
type Outcome = keyof typeof OUTCOMES

/** What Akismet says about a comment. Never throws: where there is no answer, that is the opinion. */
export async function askAkismet(
  service: Akismet,
  { isChanged, ...told }: Told & { isChanged: boolean },
  site: Site,
  signal: AbortSignal,
): Promise<Opinion> {
  try {
    const more = isChanged ? { recheck_reason: 'edit' } : {}
    const { text, headers } = await call('comment-check', service, told, more, site, signal)
    const outcome = outcomeOf(text, headers)
    // By its number Akismet finds the comment again when it is corrected.
    const [guid] = /^[\w-]{1,64}$/.exec(headers.get('x-akismet-guid') ?? '') ?? []
    return opinion(outcome, guid === undefined ? [] : [guid])
  } catch (error) {
    logError('akismet-not-asked', error)
    return opinion(error instanceof ServiceFailure ? `akismet${error.fault}` : 'akismetOdd', [])
  }
}

function opinion(signal: Outcome, values: string[]): Opinion {
  const { score, holds } = OUTCOMES[signal]
  return { reason: { signal, score, values }, holds }
}

function outcomeOf(text: string, headers: Headers): Outcome {
  if (text === 'invalid' || headers.has('x-akismet-error'))
    throw new ServiceFailure('Key', 'AKISMET_KEY is refused')
  if (text === 'false') return 'akismetHam'
  if (text === 'true')
    return headers.get('x-akismet-pro-tip') === 'discard' ? 'akismetDiscard' : 'akismetSpam'
  throw new ServiceFailure('Odd', 'answered something else')
}

/**
 * Tells Akismet that it took spam for a comment (`submit-spam`), or a comment for spam (`submit-ham`).
 * @throws ServiceFailure where it was not told
 */
export async function submit(
  what: 'spam' | 'ham',
  service: Akismet,
  told: Told,
  guid: string | null,
  site: Site,
  signal: AbortSignal,
): Promise<void> {
  const { text } = await call(`submit-${what}`, service, told, guid === null ? {} : { guid }, site, signal)
  // What servers say to thank for it differs; this is the one that does not.
  if (/^invalid/i.test(text)) throw new ServiceFailure('Key', 'AKISMET_KEY is refused')
}

async function call(
  method: string,
  service: Akismet,
  told: Told,
  more: Readonly<Record<string, string>>,
  site: Site,
  signal: AbortSignal,
): Promise<{ text: string; headers: Headers }> {
  const key = site.env.AKISMET_KEY
  if (!key) throw new ServiceFailure('Key', 'AKISMET_KEY is missing')
  const url = `${service.endpoint.replace(/\/$/, '')}/${method}`
  const body = new URLSearchParams({ api_key: key, ...fieldsOf(service, told, site), ...more })
  const { text, headers } = await askService(url, { method: 'POST', body }, signal)
  return { text: text.trim(), headers }
}

const fieldsOf = (
  service: Akismet,
  { article, name, website, text, ipHash, createdAt }: Told,
  site: Site,
) => ({
  blog: service.blog ?? `${site.origin}/`,
  blog_lang: site.settings.language,
  blog_charset: 'UTF-8',
  user_ip: standInAddress(ipHash),
  permalink: `${site.origin}/${article}/`,
  comment_type: 'comment',
  comment_author: name,
  comment_author_url: website ?? '',
  comment_content: text,
  comment_date_gmt: createdAt,
})

/**
 * Akismet asks for an IP address. It gets one of nobody's (RFC 4193), made from the keyed hash: the same connection has the
 * same one within a day, and nobody can tell which connection that is.
 */
function standInAddress(ipHash: string | null): string {
  const bytes = fromBase64url(ipHash ?? '') ?? new Uint8Array()
  const digits = `fd${hex(bytes.buffer).padEnd(30, '0')}`.slice(0, 32)
  return (digits.match(/.{4}/g) ?? []).join(':')
}
