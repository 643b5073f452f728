import * as v from 'valibot'
import { PAGE_PLACEMENTS } from './placements.ts'

const count = v.pipe(v.number('count'), v.integer('count'), v.minValue(0, 'count'))

/** Where an ad may stand in an article's body. Counted in blocks and words (DESIGN §3). */
export const PlacementRules = v.strictObject({
  minParagraphsBefore: v.optional(count, 2),
  minWordsBefore: v.optional(count, 80),
  minParagraphsAfter: v.optional(count, 1),
  minWordsAfter: v.optional(count, 60),
  minWordsBetween: v.optional(count, 250),
  /** The default slot is the first opportunity at or after this paragraph. */
  preferredParagraph: v.optional(count, 3),
  /** How many slots an article has at most; how many it really has, its length decides. */
  most: v.optional(
    v.pipe(v.number('slots'), v.integer('slots'), v.minValue(1, 'slots'), v.maxValue(8, 'slots')),
    1,
  ),
})
export type PlacementRules = v.InferOutput<typeof PlacementRules>

/**
 * What an ad may be called. § 22 MStV asks that it be recognised as one, the press laws of the German states say
 * „Anzeige“; words that make it sound like something else (Partner, Empfehlung, Tipp) are not to be had.
 */
export const LABELS = [
  'Kurze Werbeeinblendung',
  'Anzeige',
  'Werbung',
  'Werbeanzeige',
  'Short advertisement',
  'Advertisement',
  'Advertising',
  'Paid advertisement',
] as const

const placementsOf = (page: keyof typeof PAGE_PLACEMENTS) =>
  v.array(v.picklist(PAGE_PLACEMENTS[page], `${page}Placement`), 'placements')

/** A line of ads.txt (IAB Tech Lab, ads.txt 1.1 §3.4.2): who may sell room on this site. */
const Domain = v.pipe(v.string('domain'), v.regex(/^(?:[a-z0-9-]{1,63}\.)+[a-z]{2,63}$/, 'domain'))
const SellerId = v.pipe(v.string('sellerId'), v.regex(/^[\w.:-]{1,64}$/, 'sellerId'))
const AuthorizedSeller = v.strictObject({
  domain: Domain,
  account: SellerId,
  relation: v.optional(v.picklist(['direct', 'reseller'], 'sellerRelation'), 'direct'),
  certification: v.exactOptional(SellerId),
})

/** An entry of sellers.json (IAB Tech Lab, sellers.json 1.0 §4): on whose behalf this site sells. */
const Seller = v.strictObject({
  id: SellerId,
  name: v.pipe(v.string('text120'), v.minLength(1, 'text120'), v.maxLength(120, 'text120')),
  domain: Domain,
  type: v.optional(v.picklist(['publisher', 'intermediary', 'both'], 'sellerType'), 'publisher'),
})

/** `ads` in site.yaml. */
export const AdsPolicy = v.strictObject({
  /** What stands above every ad; the language's own where nothing is said. */
  label: v.optional(v.picklist(LABELS, 'adLabel')),
  placement: v.optional(PlacementRules, {}),
  /** Where ads may stand, by kind of page. */
  placements: v.optional(
    v.strictObject({
      article: v.optional(placementsOf('article'), ['in-article']),
      front: v.optional(placementsOf('front'), []),
      list: v.optional(placementsOf('list'), []),
    }),
    {},
  ),
  /** After how many articles of a list an ad may stand. */
  listEvery: v.optional(
    v.pipe(
      v.number('listEvery'),
      v.integer('listEvery'),
      v.minValue(3, 'listEvery'),
      v.maxValue(25, 'listEvery'),
    ),
    8,
  ),
  /** An article whose headline, standfirst or tags have one of these words is sensitive, unless it says otherwise. */
  sensitiveWords: v.optional(
    v.pipe(
      v.array(v.pipe(v.string('text60'), v.minLength(2, 'text60'), v.maxLength(60, 'text60')), 'words'),
      v.maxLength(200, 'words'),
    ),
    [],
  ),
  /** Who else may sell the site's room, for /ads.txt; nobody when the list is empty, no file when it is not there. */
  authorizedSellers: v.optional(v.pipe(v.array(AuthorizedSeller, 'sellers'), v.maxLength(500, 'sellers'))),
  /** Whom buyers may write to; said in both files. */
  contact: v.optional(v.pipe(v.string('email'), v.rfcEmail('email'))),
  /** For whom the site sells, for /sellers.json; no file when it is not there. */
  sellers: v.optional(v.pipe(v.array(Seller, 'sellers'), v.maxLength(500, 'sellers'))),
  /** Whether political advertising (Regulation (EU) 2024/900) is taken at all. */
  political: v.optional(v.picklist(['refuse', 'allow'], 'politicalPolicy'), 'refuse'),
})
export type AdsPolicy = v.InferOutput<typeof AdsPolicy>
