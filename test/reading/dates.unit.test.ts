import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toUtc } from '../../src/article/article.ts'
import { dateAndTime, dayAndDate, dayIn, longDate, type Zone } from '../../src/locale/locale.ts'

const BERLIN: Zone = { language: 'de', timezone: 'Europe/Berlin' }
const ENGLISH: Zone = { language: 'en', timezone: 'Europe/Berlin' }
const HOUR_MS = 3_600_000

const anyMoment = fc.date({
  min: new Date('1990-01-01T00:00:00Z'),
  max: new Date('2090-01-01T00:00:00Z'),
  noInvalidDate: true,
})

describe('the day a moment falls on', () => {
  test.each([
    ['2026-01-14T22:59:59Z', '2026-01-14'],
    ['2026-01-14T23:00:00Z', '2026-01-15'],
    ['2026-07-14T21:59:59Z', '2026-07-14'],
    ['2026-07-14T22:00:00Z', '2026-07-15'],
    ['2025-12-31T23:00:00Z', '2026-01-01'],
    ['2024-02-28T23:00:00Z', '2024-02-29'],
  ])('changes at midnight in Berlin, in winter and in summer: %s', (at, day) => {
    expect(dayIn(new Date(at), 'Europe/Berlin')).toBe(day)
  })

  test.each([
    ['the day before', '2026-03-28', '2026-03-27T23:00:00Z', 24],
    ['the day summer time begins', '2026-03-29', '2026-03-28T23:00:00Z', 23],
    ['the day after', '2026-03-30', '2026-03-29T22:00:00Z', 24],
    ['the day summer time ends', '2026-10-25', '2026-10-24T22:00:00Z', 25],
    ['the day after that', '2026-10-26', '2026-10-25T23:00:00Z', 24],
  ])('is as long as the clocks make it: %s', (_, day, midnight, hours) => {
    const start = Date.parse(midnight)
    const dayAt = (ms: number) => dayIn(new Date(ms), 'Europe/Berlin')
    expect(dayAt(start - 1)).not.toBe(day)
    expect(dayAt(start)).toBe(day)
    expect(dayAt(start + hours * HOUR_MS - 1)).toBe(day)
    expect(dayAt(start + hours * HOUR_MS)).not.toBe(day)
  })

  test('depends on where the newsroom is', () => {
    const at = new Date('2026-01-15T11:30:00Z')
    expect(dayIn(at, 'UTC')).toBe('2026-01-15')
    expect(dayIn(at, 'Pacific/Kiritimati')).toBe('2026-01-16')
    expect(dayIn(at, 'Pacific/Pago_Pago')).toBe('2026-01-15')
    expect(dayIn(new Date('2026-01-15T10:30:00Z'), 'Pacific/Pago_Pago')).toBe('2026-01-14')
  })

  test('in UTC is what the moment’s own text says', () => {
    fc.assert(
      fc.property(anyMoment, (at) => {
        expect(dayIn(at, 'UTC')).toBe(at.toISOString().slice(0, 10))
      }),
    )
  })

  test('sorts as text in the order of time, so that a campaign’s days compare as text', () => {
    fc.assert(
      fc.property(anyMoment, anyMoment, (one, other) => {
        const [earlier, later] = one <= other ? [one, other] : [other, one]
        expect(dayIn(earlier, 'Europe/Berlin') <= dayIn(later, 'Europe/Berlin')).toBe(true)
      }),
    )
  })
})

describe('a date as readers see it', () => {
  test.each([
    ['2024-03-01T12:00:00Z', '1. März 2024', '1 March 2024'],
    ['2024-12-31T22:59:59Z', '31. Dezember 2024', '31 December 2024'],
    ['2024-12-31T23:00:00Z', '1. Januar 2025', '1 January 2025'],
  ])('%s is „%s“ or “%s”', (at, german, english) => {
    expect(longDate(new Date(at), BERLIN)).toBe(german)
    expect(longDate(new Date(at), ENGLISH)).toBe(english)
  })

  test('names the day of the week before it', () => {
    const at = new Date('2026-06-20T22:00:00Z')
    expect(dayAndDate(at, BERLIN)).toBe('Sonntag, 21. Juni 2026')
    expect(dayAndDate(at, ENGLISH)).toMatch(/^Sunday,? 21 June 2026$/)
  })

  test('has its time to the minute, midnight being 00:00 and the afternoon 13:00', () => {
    expect(dateAndTime(new Date('2024-07-02T22:00:30Z'), BERLIN)).toBe('3. Juli 2024, 00:00\u00a0Uhr')
    expect(dateAndTime(new Date('2024-07-03T11:00:00Z'), BERLIN)).toBe('3. Juli 2024, 13:00\u00a0Uhr')
    expect(dateAndTime(new Date('2024-07-03T11:00:00Z'), ENGLISH)).toBe('3 July 2024, 13:00')
  })

  test('skips the hour that summer time takes, and repeats the one it gives back', () => {
    const times = (...moments: string[]) =>
      moments.map((at) => dateAndTime(new Date(at), ENGLISH).replace(/^.*, /, ''))
    expect(times('2026-03-29T00:59:00Z', '2026-03-29T01:00:00Z')).toEqual(['01:59', '03:00'])
    expect(times('2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z')).toEqual(['02:30', '02:30'])
  })

  test('is asked for in two zones by turns without either taking on the other’s', () => {
    const at = new Date('2024-12-31T23:30:00Z')
    const utc: Zone = { language: 'de', timezone: 'UTC' }
    for (let n = 0; n < 3; n++) {
      expect(longDate(at, BERLIN)).toBe('1. Januar 2025')
      expect(longDate(at, utc)).toBe('31. Dezember 2024')
      expect(longDate(at, ENGLISH)).toBe('1 January 2025')
    }
  })

  test('names the same day of the month as the day an ad is chosen by', () => {
    fc.assert(
      fc.property(anyMoment, (at) => {
        const day = Number(dayIn(at, 'Europe/Berlin').slice(8))
        expect(longDate(at, BERLIN)).toMatch(new RegExp(`^${day}\\. `))
        expect(longDate(at, ENGLISH)).toMatch(new RegExp(`^${day} `))
      }),
    )
  })
})

describe('a moment as stored', () => {
  test('is in UTC and to the second, wherever it was written', () => {
    expect(toUtc('2026-03-29T03:30:00+02:00')).toBe('2026-03-29T01:30:00Z')
    expect(toUtc('2026-10-25T02:30:00+02:00')).toBe('2026-10-25T00:30:00Z')
    expect(toUtc('2026-10-25T02:30:00+01:00')).toBe('2026-10-25T01:30:00Z')
    expect(toUtc('2026-01-01T00:00:00.999Z')).toBe('2026-01-01T00:00:00Z')
  })

  test('stays as it is when stored again', () => {
    fc.assert(
      fc.property(anyMoment, (at) => {
        const stored = toUtc(at.toISOString())
        expect(toUtc(stored)).toBe(stored)
        expect(stored).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
      }),
    )
  })

  test('is empty where there is none', () => {
    expect(toUtc('gestern')).toBe('')
    expect(toUtc('')).toBe('')
  })
})
