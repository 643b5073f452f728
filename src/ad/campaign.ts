import * as v from 'valibot'
import { Day, Picture, PictureName, WebUrl } from '../article/article.ts'
import { Slug } from '../article/slug.ts'

const text = (max: 24 | 60 | 140) =>
  v.pipe(v.string(`text${max}`), v.trim(), v.minLength(1, `text${max}`), v.maxLength(max, `text${max}`))

/** Where an ad leads: an address on the web or a path of this site. */
const Target = v.union(
  [WebUrl, v.pipe(v.string('target'), v.regex(/^\/(?![/\\])[\w\-./]*$/, 'target'))],
  'target',
)

/** `content/ads/<id>.yaml`: a campaign with its one creative. */
export const CampaignSource = v.strictObject({
  advertiser: text(60),
  headline: text(60),
  text: text(140),
  button: text(24),
  url: Target,
  image: v.optional(
    v.strictObject({ src: PictureName, alt: v.pipe(v.string('text220'), v.maxLength(220, 'text220')) }),
  ),
  /** First and last day on which it runs, in the site's time zone. */
  start: v.optional(Day),
  end: v.optional(Day),
  /** Sections it runs in; everywhere when empty. */
  sections: v.optional(v.array(Slug, 'slugs'), []),
  weight: v.optional(
    v.pipe(v.number('weight'), v.integer('weight'), v.minValue(1, 'weight'), v.maxValue(100, 'weight')),
    1,
  ),
})
export type CampaignSource = v.InferOutput<typeof CampaignSource>

/** A campaign as the page needs it: an entry of the `ads` value in KV. */
export const Campaign = v.object({
  id: Slug,
  advertiser: v.string(),
  headline: v.string(),
  text: v.string(),
  button: v.string(),
  url: v.string(),
  image: v.optional(Picture),
  start: v.optional(v.string()),
  end: v.optional(v.string()),
  sections: v.array(v.string()),
  weight: v.number(),
})
export type Campaign = v.InferOutput<typeof Campaign>
