import * as v from 'valibot'
import { Day, Moment, Picture, PictureName, WebUrl } from '../article/article.ts'
import { Slug } from '../article/slug.ts'
import { fits, PICTURE_SIZES, type PictureSize, Placement } from './placements.ts'

const text = (max: 24 | 60 | 120 | 140) =>
  v.pipe(v.string(`text${max}`), v.trim(), v.minLength(1, `text${max}`), v.maxLength(max, `text${max}`))

/** Where an ad leads: an address on the web or a path of this site. */
const Target = v.union(
  [WebUrl, v.pipe(v.string('target'), v.regex(/^\/(?![/\\])[\w\-./]*$/, 'target'))],
  'target',
)

const weight = v.optional(
  v.pipe(v.number('weight'), v.integer('weight'), v.minValue(1, 'weight'), v.maxValue(100, 'weight')),
  1,
)
const budget = v.pipe(
  v.number('budget'),
  v.integer('budget'),
  v.minValue(1, 'budget'),
  v.maxValue(1e9, 'budget'),
)
const hour = (least: 0 | 1) =>
  v.pipe(v.number('hour'), v.integer('hour'), v.minValue(least, 'hour'), v.maxValue(23 + least, 'hour'))

const CreativeId = v.pipe(v.string('creativeId'), v.regex(/^[a-z0-9-]{1,24}$/, 'creativeId'))

/** What every creative says: how it is called in reports, where it leads, and its share of the campaign's views. */
const common = {
  id: v.optional(CreativeId),
  url: Target,
  share: weight,
}

/** An ad of a few words in the site's own typography. */
const NativeSource = v.strictObject({
  kind: v.literal('native', 'creativeKind'),
  ...common,
  headline: text(60),
  text: text(140),
  button: text(24),
  image: v.optional(
    v.strictObject({ src: PictureName, alt: v.pipe(v.string('text220'), v.maxLength(220, 'text220')) }),
  ),
})

/** A picture in one of the IAB's sizes. Whoever can't see it is told what it says (WCAG 1.1.1). */
const PictureSource = v.strictObject({
  kind: v.literal('picture', 'creativeKind'),
  ...common,
  size: v.picklist(PICTURE_SIZES, 'pictureSize'),
  image: v.strictObject({
    src: PictureName,
    alt: v.pipe(v.string('alt'), v.trim(), v.minLength(1, 'alt'), v.maxLength(400, 'alt')),
  }),
})

/** A small page of its own, in a zip file; what it shows is told to whoever can't see it. */
const Html5Source = v.strictObject({
  kind: v.literal('html5', 'creativeKind'),
  ...common,
  size: v.picklist(PICTURE_SIZES, 'pictureSize'),
  file: v.pipe(v.string('zip'), v.regex(/^[a-z0-9][a-z0-9._-]{0,119}\.zip$/, 'zip')),
  alt: v.pipe(v.string('alt'), v.trim(), v.minLength(1, 'alt'), v.maxLength(400, 'alt')),
})

/** The days of a week, beginning on Monday (ISO 8601). */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof WEEKDAYS)[number]

/** Hours of some days, in the site's zone: from the beginning of `from` to the beginning of `until`. */
const Hours = v.strictObject({
  days: v.optional(v.array(v.picklist(WEEKDAYS, 'weekday'), 'weekdays'), [...WEEKDAYS]),
  from: v.optional(hour(0), 0),
  until: v.optional(hour(1), 24),
})

/**
 * Which pages and moments a campaign is for. Each list that says something must hold; several entries of one list are
 * alternatives. Nothing about a person is asked: what a page is about, what time it is, from which country the request
 * came, and whether the browser says that it is a phone's.
 */
const TargetingSource = v.strictObject({
  sections: v.optional(v.array(Slug, 'slugs'), []),
  tags: v.optional(v.array(Slug, 'slugs'), []),
  articles: v.optional(v.array(Slug, 'slugs'), []),
  authors: v.optional(v.array(Slug, 'slugs'), []),
  hours: v.optional(v.array(Hours, 'hours'), []),
  /** ISO 3166-1 alpha-2. An unknown country is none of them. */
  countries: v.optional(
    v.array(v.pipe(v.string('country'), v.regex(/^[A-Z]{2}$/, 'country')), 'countries'),
    [],
  ),
  devices: v.optional(v.array(v.picklist(['phone', 'desktop'], 'device'), 'devices'), []),
})
export type Targeting = v.InferOutput<typeof TargetingSource>

/** What Regulation (EU) 2024/900, Art. 11 and 12, asks to be said of political advertising. */
export const Political = v.strictObject({
  sponsor: text(120),
  /** What was paid, with its currency: „1.200 EUR“. */
  amount: text(60),
  /** When it is published, in words. */
  period: text(60),
  /** The election or referendum that it is about, or why there is none. */
  election: text(120),
})
export type Political = v.InferOutput<typeof Political>

const When = v.union([Day, Moment], 'dayOrMoment')

/** `content/ads/<id>.yaml`: a campaign with its creatives. Every key is explained in docs/ads.md. */
export const CampaignSource = v.strictObject({
  advertiser: text(60),
  /** Its name in lists and reports; the first headline where nothing is said. */
  name: v.optional(text(60)),
  /**
   * A ready campaign runs by itself from its start to its end; a draft, a paused and an ended one don't.
   * (Whether it is running follows from the clock and is stored nowhere.)
   */
  state: v.optional(v.picklist(['draft', 'ready', 'paused', 'ended'], 'campaignState'), 'ready'),
  /** Days in the site's zone, both included; or moments with their zone. */
  start: v.optional(When),
  end: v.optional(When),
  /** What is sold comes before what fills up. */
  priority: v.optional(v.picklist(['sold', 'house'], 'priority'), 'sold'),
  weight,
  budget: v.optional(v.strictObject({ views: v.optional(budget), clicks: v.optional(budget) }), {}),
  pacing: v.optional(v.picklist(['even', 'fast'], 'pacing'), 'even'),
  target: v.optional(TargetingSource, {}),
  /** Two campaigns of one category never stand on the same page. */
  category: v.optional(Slug),
  /** Whether it may stand beside reports of accidents, death and war. */
  sensitive: v.optional(v.boolean('boolean'), false),
  /** Where it may stand; wherever one of its creatives fits, when nothing is said. */
  placements: v.optional(v.pipe(v.array(Placement, 'placements'), v.minLength(1, 'placements'))),
  political: v.optional(Political),
  creatives: v.pipe(
    v.array(v.variant('kind', [NativeSource, PictureSource, Html5Source], 'creativeKind'), 'creatives'),
    v.minLength(1, 'creatives'),
    v.maxLength(12, 'creatives'),
  ),
})
export type CampaignSource = v.InferOutput<typeof CampaignSource>

const shown = { id: v.string(), url: v.string(), share: v.number() }

/** A creative as the page needs it. */
export const Creative = v.variant('kind', [
  v.object({
    kind: v.literal('native'),
    ...shown,
    headline: v.string(),
    text: v.string(),
    button: v.string(),
    image: v.optional(Picture),
  }),
  v.object({ kind: v.literal('picture'), ...shown, size: v.picklist(PICTURE_SIZES), image: Picture }),
  v.object({
    kind: v.literal('html5'),
    ...shown,
    size: v.picklist(PICTURE_SIZES),
    /** Address of its page. */
    src: v.string(),
    alt: v.string(),
  }),
])
export type Creative = v.InferOutput<typeof Creative>

/** A campaign as the page needs it: an entry of the `ads` value in KV. Moments are milliseconds since 1970. */
export const Campaign = v.object({
  ...CampaignSource.entries,
  id: Slug,
  name: v.string(),
  start: v.nullable(v.number()),
  /** The first moment at which it doesn't run any more. */
  end: v.nullable(v.number()),
  creatives: v.array(Creative),
})
export type Campaign = v.InferOutput<typeof Campaign>

/** The size of a creative in pixels, `300x250`; undefined for one that takes what room there is. */
export const sizeOf = (creative: {
  readonly kind: Creative['kind']
  readonly size?: PictureSize
}): PictureSize | undefined => (creative.kind === 'native' ? undefined : creative.size)

/** Those of a campaign's creatives that may stand in a placement: it is wanted there, and they fit. */
export const creativesFor = ({ placements, creatives }: Campaign, placement: Placement): Creative[] =>
  (placements?.includes(placement) ?? true) ? creatives.filter((one) => fits(sizeOf(one), placement)) : []

/** What a campaign is doing at a moment: what was decided, and what the clock makes of it. */
export type Phase = 'draft' | 'ready' | 'running' | 'paused' | 'ended'

export function phaseOf(
  { state, start, end }: Pick<Campaign, 'state' | 'start' | 'end'>,
  now: number,
): Phase {
  if (state === 'draft' || state === 'ended') return state
  if (end !== null && now >= end) return 'ended'
  if (state === 'paused') return 'paused'
  return start === null || now >= start ? 'running' : 'ready'
}
