import * as v from 'valibot'
import { printable, type Terminal } from './terminal.ts'

/** A key of which a file and the site say different things; undefined where one of them says nothing. */
export interface Difference {
  key: string
  file: unknown
  site: unknown
}

const Keys = v.record(v.string(), v.unknown())

/** Where a file and what is stored differ, key by key: `creatives.0.url`. */
export function differences(file: unknown, site: unknown, key = ''): Difference[] {
  const isAlike = Array.isArray(file) === Array.isArray(site)
  if (!isAlike || !v.is(Keys, file) || !v.is(Keys, site)) return file === site ? [] : [{ key, file, site }]
  const [mine, theirs] = [new Map(Object.entries(file)), new Map(Object.entries(site))]
  return [...new Set([...mine.keys(), ...theirs.keys()])].flatMap((name) =>
    differences(mine.get(name), theirs.get(name), key === '' ? name : `${key}.${name}`),
  )
}

/** Both versions, a line for each key: `  weight: Datei 4 · Site 6`. */
export const differenceLines = (found: readonly Difference[], { texts }: Pick<Terminal, 'texts'>): string[] =>
  found.map(
    ({ key, file, site }) => `  ${printable(texts.pull.difference(key, sayValue(file), sayValue(site)))}`,
  )

const sayValue = (value: unknown) => (value === undefined ? '–' : JSON.stringify(value))
