import * as v from 'valibot'

/** Where ads may stand, in words of the trade: inside the text, below it, in lists, on top of the front page, beside. */
export const PLACEMENTS = ['in-article', 'after-article', 'list', 'front-top', 'side'] as const
export const Placement = v.picklist(PLACEMENTS, 'placement')
export type Placement = v.InferOutput<typeof Placement>

/** The kinds of page that carry ads, and the placements each has. */
export const PAGE_PLACEMENTS = {
  article: ['in-article', 'after-article', 'side'],
  front: ['front-top', 'list', 'side'],
  list: ['list'],
} as const satisfies Record<string, readonly Placement[]>
export type PageKind = keyof typeof PAGE_PLACEMENTS

/**
 * Sizes of pictures that fit each placement, in CSS pixels (IAB Tech Lab, Ad Portfolio: fixed sizes). A phone
 * shows a wide one smaller, in the same proportions. In a list an ad takes an article's place; beside the text there
 * is room for tall ones only.
 */
const SMALL = ['300x250', '336x280', '320x50', '320x100'] as const
const WIDE = ['468x60', '728x90', '970x90', '970x250'] as const
const TALL = ['120x600', '160x600'] as const
export const PICTURE_SIZES = [...SMALL, ...WIDE, ...TALL] as const
export type PictureSize = (typeof PICTURE_SIZES)[number]

const SIZES: Readonly<Record<Placement, readonly PictureSize[]>> = {
  'in-article': [...SMALL, ...WIDE],
  'after-article': [...SMALL, ...WIDE],
  list: SMALL,
  'front-top': [...SMALL, ...WIDE],
  side: TALL,
}

/** Whether a creative of a size may stand in a placement; one without a size takes the room that it is given. */
export const fits = (size: PictureSize | undefined, placement: Placement): boolean =>
  size === undefined || SIZES[placement].includes(size)
