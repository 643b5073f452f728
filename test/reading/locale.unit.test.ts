import { describe, expect, test } from 'vitest'
import { de as cliDe } from '../../src/locale/cli/de.ts'
import { en as cliEn } from '../../src/locale/cli/en.ts'
import { de } from '../../src/locale/de.ts'
import { en } from '../../src/locale/en.ts'
import { dateAndTime, dayAndDate, longDate, longDates } from '../../src/locale/locale.ts'

/** Every text of a tree as `path → „text“ or its number of values`. */
function shapeOf(tree: object, path = ''): [string, string | number][] {
  return Object.entries(tree).flatMap(([key, value]: [string, unknown]) => {
    const here = path ? `${path}.${key}` : key
    if (typeof value === 'string') return [[here, value]]
    if (typeof value === 'function') return [[here, value.length]]
    return typeof value === 'object' && value !== null ? shapeOf(value, here) : []
  })
}

describe.each([
  ['the site', de, en],
  ['the command line', cliDe, cliEn],
])('the texts of %s', (_, german, english) => {
  test('are there in both languages', () => {
    expect(shapeOf(english).map(([key]) => key)).toEqual(shapeOf(german).map(([key]) => key))
  })

  test('are never empty', () => {
    expect([...shapeOf(german), ...shapeOf(english)].filter(([, text]) => text === '')).toEqual([])
  })
})

describe('a date', () => {
  const german = { language: 'de', timezone: 'Europe/Berlin' }

  test('is written as the language wants it', () => {
    expect(longDate(new Date('2024-07-03T07:30:00Z'), german)).toBe('3. Juli 2024')
    expect(longDates(new Date('2024-07-03T07:30:00Z'), new Date('2024-07-31T07:30:00Z'), german)).toBe(
      '3.–31. Juli 2024',
    )
    expect(longDates(new Date('2024-07-03T07:30:00Z'), new Date('2024-07-03T09:30:00Z'), german)).toBe(
      '3. Juli 2024',
    )
    expect(longDate(new Date('2024-07-03T07:30:00Z'), { ...german, language: 'en' })).toBe('3 July 2024')
    expect(dayAndDate(new Date('2024-07-03T07:30:00Z'), german)).toBe('Mittwoch, 3. Juli 2024')
  })

  test("tells the newsroom's time in summer and winter", () => {
    expect(dateAndTime(new Date('2024-07-03T07:30:00Z'), german)).toBe('3. Juli 2024, 09:30\u00a0Uhr')
    expect(dateAndTime(new Date('2024-12-31T23:30:00Z'), german)).toBe('1. Januar 2025, 00:30\u00a0Uhr')
  })
})
