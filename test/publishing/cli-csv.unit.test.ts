import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { table } from '../../src/cli/table.ts'
import { csv } from '../../src/http/csv.ts'

/** Reads CSV as RFC 4180 has it. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]]
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '')
    if (end === '\r\n') rows.push([])
    if (end === '') break
  }
  return rows
}

test('CSV gives back every text, with an apostrophe before what a spreadsheet would run', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('=1+1', '+1', '-1', '@x', '\t=1', ' =1', 'a;b', 'a\r\nb', '"', "'"),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text), { minLength: 1 }), (rows) => {
      const read = readCsv(csv(rows, ['a', 'b']))
      expect(read[0]).toEqual(['a', 'b'])
      expect(
        read.slice(1).map((row) => row.map((field) => field.replace(/^'(?=\s*[=+\-@\t\r\n＝＋－＠])/, ''))),
      ).toEqual(rows.map((row) => row.map((field) => field.replace(/^'(?=\s*[=+\-@\t\r\n＝＋－＠])/, ''))))
      for (const field of read.flat()) expect(field).not.toMatch(/^\s*[=+\-@]/)
    }),
  )
})

test('numbers stay numbers in CSV, negative ones, too', () => {
  expect(csv([[-1, 2.5]], ['a', 'b'])).toBe('a,b\r\n-1,2.5')
})

test('a table aligns its columns by what a reader counts as a character', () => {
  const rows = [
    ['Tag', 'Zahl'],
    ['Ä\u0308🙂', '10'],
    ['lang', '7'],
  ]
  expect(table(rows, ['left', 'right'])).toEqual(['Tag   Zahl', 'Ä\u0308🙂      10', 'lang     7'])
})
