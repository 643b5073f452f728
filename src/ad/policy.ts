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
  /** Whether political advertising (Regulation (EU) 2024/900) is taken at all. */
  political: v.optional(v.picklist(['refuse', 'allow'], 'politicalPolicy'), 'refuse'),
})
export type AdsPolicy = v.InferOutput<typeof AdsPolicy>
