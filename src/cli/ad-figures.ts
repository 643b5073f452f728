import type { Numbers } from '../ad/numbers.ts'
import type { Terminal } from './terminal.ts'

/** The numbers of ads, as tables of the command line have them. */

/** Which part of the ads that were loaded was also in view, and was clicked; null where none was loaded. */
export const withRates = <R extends Numbers>(row: R) => ({
  ...row,
  viewableShare: row.loaded > 0 ? row.viewable / row.loaded : null,
  rate: row.loaded > 0 ? row.clicks / row.loaded : null,
})

export const NUMBERS = [
  'served',
  'loaded',
  'viewable',
  'viewableShare',
  'clicks',
  'rate',
  'filtered',
] as const

/** The numbers of a line, in the order of `NUMBERS`. */
export function sayNumbers(row: Numbers, terminal: Terminal): string[] {
  const { served, loaded, viewable, viewableShare, clicks, rate, filtered } = withRates(row)
  return [
    ...[served, loaded, viewable].map((value) => sayNumber(value, terminal)),
    sayRate(viewableShare, terminal),
    sayNumber(clicks, terminal),
    sayRate(rate, terminal),
    sayNumber(filtered, terminal),
  ]
}

const sayNumber = (value: number, { language }: Terminal) => value.toLocaleString(language)

export const sayRate = (rate: number | null, { language }: Terminal) =>
  rate === null
    ? '–'
    : rate.toLocaleString(language, { style: 'percent', minimumFractionDigits: 2, maximumFractionDigits: 2 })
