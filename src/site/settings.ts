import * as v from 'valibot'
import { AdsPolicy } from '../ad/policy.ts'
import { Day, WebUrl } from '../article/article.ts'
import { Network } from '../article/share.ts'
import { Slug } from '../article/slug.ts'
import { ThemeSource } from '../view/theme.ts'

/** A service that is told things: encrypted on the way, but on this machine (RFC 6761, RFC 1122 §3.2.1.3). */
const Service = v.pipe(
  v.string('service'),
  v.maxLength(500, 'service'),
  v.check(
    (text) => /^(?:https:\/\/|http:\/\/(?:127\.0\.0\.1|localhost)[:/])[^\s"'<>\\;,?#]+$/.test(text),
    'service',
  ),
  v.check((text) => URL.canParse(text), 'service'),
)

/** Cloudflare's challenge in the comment form. Its secret is `TURNSTILE_SECRET` of the Worker. */
const Turnstile = v.strictObject({
  siteKey: v.pipe(v.string('siteKey'), v.regex(/^[\w-]{1,100}$/, 'siteKey')),
  /** What the browser loads, and what the Worker asks. */
  script: v.optional(Service, 'https://challenges.cloudflare.com/turnstile/v0/api.js'),
  verify: v.optional(Service, 'https://challenges.cloudflare.com/turnstile/v0/siteverify'),
})
export type Turnstile = v.InferOutput<typeof Turnstile>

/** Akismet, or a server that speaks its protocol. Its key is `AKISMET_KEY` of the Worker. */
const Akismet = v.strictObject({
  /** The site as Akismet knows it; its front page if not given. */
  blog: v.optional(WebUrl),
  endpoint: v.optional(Service, 'https://rest.akismet.com/1.1/'),
})
export type Akismet = v.InferOutput<typeof Akismet>

/** Cloudflare Access before the desk. Both stand in its dashboard. */
const Access = v.strictObject({
  /** Who signs: its keys are asked for there and nowhere else. By http on this machine only. */
  team: v.pipe(
    v.string('accessTeam'),
    v.maxLength(200, 'accessTeam'),
    v.regex(
      /^(?:https:\/\/(?:[a-z\d-]+\.)+cloudflareaccess\.com|http:\/\/(?:127\.0\.0\.1|localhost)(?::\d{1,5})?)$/,
      'accessTeam',
    ),
  ),
  /** The application's AUD tag: a token for another one is worth nothing here. */
  audience: v.pipe(v.string('accessAudience'), v.regex(/^[\da-f]{64}$/, 'accessAudience')),
})
export type Access = v.InferOutput<typeof Access>

const days = v.pipe(v.number('days'), v.integer('days'), v.minValue(1, 'days'), v.maxValue(3650, 'days'))

const Section = v.strictObject({
  slug: Slug,
  name: v.pipe(v.string('text'), v.minLength(1, 'text'), v.maxLength(40, 'text40')),
  description: v.optional(v.pipe(v.string('text'), v.maxLength(220, 'text220'))),
})
export type Section = v.InferOutput<typeof Section>

/** Where a person who found a hole in the site can turn to. */
const Contact = v.pipe(v.string('contact'), v.regex(/^(?:https:\/\/|mailto:|tel:)[^\s]+$/, 'contact'))

/** `content/site.yaml`. Every key is explained in docs/settings.md. */
export const SettingsSource = v.strictObject({
  name: v.pipe(v.string('text'), v.minLength(1, 'text'), v.maxLength(60, 'text60')),
  tagline: v.optional(v.pipe(v.string('text'), v.maxLength(120, 'text120')), ''),
  language: v.optional(v.picklist(['de', 'en'], 'language'), 'de'),
  timezone: v.optional(v.pipe(v.string('timezone'), v.check(isTimezone, 'timezone')), 'Europe/Berlin'),
  /** Address readers know; without it the address of the request. */
  url: v.optional(v.pipe(v.string('origin'), v.regex(/^https?:\/\/[^/\s]+$/, 'origin'))),
  sections: v.pipe(v.array(Section, 'sections'), v.minLength(1, 'sections')),
  footer: v.optional(v.array(Slug, 'slugs'), []),
  /** Articles that lead the front page, in this order; each until the end of a day, or until it is taken out. */
  front: v.optional(
    v.pipe(v.array(v.strictObject({ slug: Slug, until: v.optional(Day) }), 'front'), v.maxLength(4, 'front')),
    [],
  ),
  /** A WebSub hub that is told of everything new, and that feeds name to their readers. */
  hub: v.optional(WebUrl),
  /** What /.well-known/security.txt says (RFC 9116). */
  security: v.optional(
    v.strictObject({
      contact: v.pipe(v.array(Contact, 'contacts'), v.minLength(1, 'contacts'), v.maxLength(6, 'contacts')),
      expires: Day,
      policy: v.optional(WebUrl),
    }),
  ),
  /** Where a reader can pass an article on to, by plain links below it. */
  share: v.optional(v.pipe(v.array(Network, 'networks'), v.maxLength(6, 'networks')), ['mail']),
  /** Whether the command line draws pictures for the cards that other services show. */
  social: v.optional(v.picklist(['auto', 'none'], 'social'), 'auto'),
  /** Colours, typefaces and masthead; the site's own where nothing is said. */
  theme: v.optional(ThemeSource, {}),
  comments: v.optional(
    v.strictObject({
      moderation: v.optional(v.picklist(['all', 'returning', 'none'], 'moderation'), 'all'),
      /** From which score of the judge on a comment waits, and from which on it is spam. */
      judge: v.optional(
        v.strictObject({
          hold: v.optional(v.number('number'), 2),
          spam: v.optional(v.number('number'), 5),
        }),
      ),
      /** From which day on the site takes no comments. */
      closed: v.optional(Day),
      /** How long an article takes comments. */
      closeAfterDays: v.optional(
        v.pipe(v.number('days'), v.integer('days'), v.minValue(1, 'days'), v.maxValue(36_500, 'days')),
      ),
      /** Services that help to tell spam; off unless they are named. */
      turnstile: v.optional(Turnstile),
      akismet: v.optional(Akismet),
      rules: v.optional(Slug),
      privacy: v.optional(Slug),
    }),
    {},
  ),
  /** The newsroom's desk: another way in, off unless it is named. */
  desk: v.optional(v.strictObject({ access: v.optional(Access) }), {}),
  /** How long what is kept, in days. */
  retention: v.optional(
    v.strictObject({
      ipHash: v.exactOptional(days),
      spam: v.exactOptional(days),
      trash: v.exactOptional(days),
      unconfirmed: v.exactOptional(days),
      audit: v.exactOptional(days),
      mail: v.exactOptional(days),
    }),
  ),
  /** Whom mail comes from; without it the site sends none. */
  mail: v.optional(v.strictObject({ from: v.pipe(v.string('email'), v.rfcEmail('email')) })),
  ads: v.optional(AdsPolicy, {}),
})
export type SettingsSource = v.InferOutput<typeof SettingsSource>

/** The `site` value in KV: the settings, and the titles of the pages that its footer and forms link. */
export const Settings = v.object({
  ...SettingsSource.entries,
  pages: v.record(v.string(), v.string()),
  /** Names of authors by slug: by-lines link those who have a page. */
  authors: v.optional(v.record(v.string(), v.string()), {}),
})
export type Settings = v.InferOutput<typeof Settings>

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('de', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** What a site without settings looks like: enough to say in words that nothing is published yet. */
export const emptySettings: Settings = v.parse(Settings, {
  name: 'MedienWirtschaft',
  sections: [{ slug: 'nachrichten', name: 'Nachrichten' }],
  pages: {},
  authors: {},
})
