import * as v from 'valibot'
import { printable, type Terminal } from './terminal.ts'

/** A key of which a file and the site say different things; undefined where one of them says nothing. */
export interface Difference {
  key: string
  file: unknown
  site: unknown
}

const Keys = v.record(v.string(), v.unknown())
const List = v.array(v.unknown())

/** Where a file and what is stored differ, key by key: `creatives.0.url`. */
export function differences(file: unknown, site: unknown, key = ''): Difference[] {
  const inside = (name: string) => (key === '' ? name : `${key}.${name}`)
  for (const schema of [List, Keys]) {
    if (!v.is(schema, file) || !v.is(schema, site)) continue
    const [mine, theirs] = [new Map(Object.entries(file)), new Map(Object.entries(site))]
    return [...new Set([...mine.keys(), ...theirs.keys()])].flatMap((name) =>
      differences(mine.get(name), theirs.get(name), inside(name)),
    )
  }
  return file === site ? [] : [{ key, file, site }]
}

/** Both versions, a line for each key: `  weight: Datei 4 · Site 6`. */
export const differenceLines = (found: readonly Difference[], { texts }: Pick<Terminal, 'texts'>): string[] =>
  found.map(
    ({ key, file, site }) => `  ${printable(texts.pull.difference(key, sayValue(file), sayValue(site)))}`,
  )

const sayValue = (value: unknown) => (value === undefined ? '–' : JSON.stringify(value))
