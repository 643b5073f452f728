import * as v from 'valibot'
import { timestampOf } from '../site/timestamp.ts'
import type { SafeHtml } from '../view/html.ts'
import { Entry } from './contents.ts'
import { pictureName } from './media.ts'
import { Slug } from './slug.ts'

/** A line of text of 1 to `max` characters. */
export const Line = (max: 60 | 110 | 120 | 220) =>
  v.pipe(v.string(`text${max}`), v.trim(), v.minLength(1, `text${max}`), v.maxLength(max, `text${max}`))

/** A moment as stored: in UTC, to the second (`2024-07-03T07:30:00Z`); empty for what is no moment. */
export function toUtc(moment: string): string {
  const at = new Date(moment)
  return Number.isNaN(at.getTime()) ? '' : timestampOf(at)
}

/** Whether a text begins with a day that the calendar has: there is no 30 February. */
function isOnCalendar(text: string): boolean {
  const day = text.slice(0, 10)
  return toUtc(`${day}T00:00:00Z`).startsWith(day)
}

/** A day: `2024-07-03`. */
export const Day = v.pipe(v.string('day'), v.isoDate('day'), v.check(isOnCalendar, 'day'))

/** A moment with its zone: `2024-07-03T09:30:00+02:00` (RFC 3339). */
export const Moment = v.pipe(
  v.string('moment'),
  v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/, 'moment'),
  v.check((text) => /^\d{4}-/.test(toUtc(text)) && isOnCalendar(text), 'moment'),
)

/** An address a reader may be sent to: http or https, nothing else. */
export const WebUrl = v.pipe(
  v.string('url'),
  v.maxLength(2000, 'url'),
  v.check((text) => /^https?:\/\/[^\s"'<>\\]+$/i.test(text) && URL.canParse(text), 'url'),
)

const FileName = v.pipe(v.string('media'), v.transform(pictureName))

/** The name of a picture in `content/media`, also as a path to it: `../media/bild.jpg`. */
export const PictureName = v.pipe(
  FileName,
  v.regex(/^[a-z0-9][a-z0-9._-]{0,119}\.(?:svg|png|jpe?g|webp|gif|avif)$/, 'media'),
)

/** The name of a picture, a recording, captions or an HTML5 creative in `content/media`. */
export const MediaName = v.pipe(
  FileName,
  v.regex(
    /^[a-z0-9][a-z0-9._-]{0,119}\.(?:svg|png|jpe?g|webp|gif|avif|mp3|m4a|ogg|opus|mp4|webm|vtt|zip)$/,
    'media',
  ),
)

/** The front matter of an article (DESIGN §5). */
export const FrontMatter = v.strictObject({
  title: Line(110),
  description: v.optional(Line(220)),
  slug: v.optional(Slug),
  date: Moment,
  updated: v.optional(Moment),
  section: Slug,
  tags: v.optional(v.pipe(v.array(Line(60), 'tags'), v.maxLength(12, 'tags')), []),
  /** One author or several, by slug or by name. */
  author: v.optional(
    v.union([Line(120), v.pipe(v.array(Line(120), 'authors'), v.maxLength(12, 'authors'))], 'authors'),
    [],
  ),
  /** Default: the site's. */
  language: v.optional(v.picklist(['de', 'en'], 'language')),
  /** The same article in other languages, by slug: `{en: china-and-kazakhstan}`. */
  translations: v.optional(v.strictObject({ de: v.optional(Slug), en: v.optional(Slug) }), {}),
  source: v.optional(v.strictObject({ name: Line(120), url: WebUrl })),
  image: v.optional(
    v.strictObject({
      src: PictureName,
      // The lead picture carries the article: whoever can't see it needs to be told what it shows (WCAG 1.1.1).
      alt: v.pipe(v.string('alt'), v.trim(), v.minLength(1, 'alt'), v.maxLength(400, 'alt')),
      caption: v.optional(v.pipe(v.string('text400'), v.maxLength(400, 'text400'))),
      credit: v.optional(Line(120)),
    }),
  ),
  ads: v.optional(v.picklist(['auto', 'none'], 'adsPolicy'), 'auto'),
  /** Whether it tells of accidents, death or war, where ads would be out of place. Default: by the site's words. */
  sensitive: v.optional(v.boolean('boolean')),
  comments: v.optional(v.picklist(['open', 'closed', 'none'], 'commentPolicy'), 'open'),
  status: v.optional(v.picklist(['draft', 'published'], 'status'), 'published'),
  aliases: v.optional(v.array(v.pipe(v.string('path'), v.regex(/^\/[^\s]*$/, 'path')), 'paths'), []),
})
export type FrontMatter = v.InferOutput<typeof FrontMatter>

/** A picture as pages need it: where it lies and how much room it takes, in CSS pixels. */
export const Picture = v.object({
  src: v.string(),
  width: v.number(),
  height: v.number(),
  alt: v.string(),
  /** Widths in pixels in which it is stored; absent for one stored as it is. */
  widths: v.optional(v.array(v.number())),
  /** Its dominant colour, `#rrggbb`. */
  color: v.optional(v.string()),
  caption: v.optional(v.string()),
  credit: v.optional(v.string()),
})
export type Picture = v.InferOutput<typeof Picture>

/**
 * What is known of an article without its text: the catalogue row, a line of a list.
 * Times are ISO 8601 in UTC.
 */
export const Teaser = v.object({
  slug: Slug,
  title: v.string(),
  description: v.string(),
  section: Slug,
  date: v.string(),
  language: v.optional(v.picklist(['de', 'en'])),
  image: v.optional(Picture),
  /** Comments that are visible; absent where there is none. */
  commentCount: v.optional(v.number()),
})
export type Teaser = v.InferOutput<typeof Teaser>

export const Tag = v.object({ slug: v.string(), name: v.string() })
export type Tag = v.InferOutput<typeof Tag>

/** An author as an article names them. */
export const Author = v.object({ slug: Slug, name: v.string() })
export type Author = v.InferOutput<typeof Author>

/** Only `render.ts` writes segments and only the publishing API stores them, so the store's word is taken. */
const Segment = v.pipe(
  v.string(),
  v.transform((html) => html as SafeHtml),
)

/** The `article:<slug>` value in KV: everything its page needs but what readers wrote. */
export const Article = v.object({
  ...Teaser.entries,
  format: v.literal(3),
  revision: v.number(),
  updated: v.optional(v.string()),
  tags: v.array(Tag),
  authors: v.array(Author),
  language: v.picklist(['de', 'en']),
  /** Slugs of the same article in other languages. */
  translations: v.object({ de: v.optional(Slug), en: v.optional(Slug) }),
  source: v.optional(v.object({ name: v.string(), url: v.string() })),
  /** A picture of its headline, for the cards that other services show. */
  socialImage: v.optional(v.object({ src: v.string(), width: v.number(), height: v.number() })),
  /** The body in pieces: ads may stand between them. */
  segments: v.array(Segment),
  /** How many ads its body may carry: one after each of so many segments. */
  slots: v.number(),
  /** False where the article carries none at all. */
  hasAds: v.boolean(),
  isSensitive: v.boolean(),
  words: v.number(),
  /** Its subheads, where it is long. */
  contents: v.optional(v.array(Entry), []),
  comments: v.picklist(['open', 'closed', 'none']),
})
export type Article = v.InferOutput<typeof Article>

/** Minutes an adult needs, at 220 words a minute, rounded up. */
export const readingMinutes = (article: Article) => Math.max(1, Math.ceil(article.words / 220))
