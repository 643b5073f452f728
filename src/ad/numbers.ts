import * as v from 'valibot'

/** The numbers of an ad, as a row of D1 holds them and an answer has them. */
export const numbers = {
  served: v.number(),
  loaded: v.number(),
  viewable: v.number(),
  clicks: v.number(),
  filtered: v.number(),
}

const Numbers = v.object(numbers)
export type Numbers = v.InferOutput<typeof Numbers>

/** What they are called, in the order in which they are shown. */
export const COUNTED = [
  'served',
  'loaded',
  'viewable',
  'clicks',
  'filtered',
] as const satisfies readonly (keyof Numbers)[]

/** Their columns. */
export const NUMBERS = Object.keys(numbers).join(', ')

/** Their columns, added up. */
export const SUMS = Object.keys(numbers)
  .map((name) => `sum(${name}) AS ${name}`)
  .join(', ')

/** Whether any is more than 0: corrections may leave nothing of a row. */
export const ANY = `${Object.keys(numbers).join(' + ')} > 0`
