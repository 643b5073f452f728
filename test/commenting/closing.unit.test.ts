import { describe, expect, test } from 'vitest'
import { closedOnSite, closingOf, oldestOpen } from '../../src/comment/closing.ts'
import { emptySettings } from '../../src/site/settings.ts'

const NOW = new Date('2026-07-10T12:00:00Z')
const policy = (comments: object = {}) => ({
  timezone: 'Europe/Berlin',
  comments: { ...emptySettings.comments, ...comments },
})
const article = (date: string, comments: 'open' | 'closed' = 'open') => ({ date, comments })

const NEVER = { closedAt: null, stoppedAt: null }

describe('comments are closed', () => {
  test('nowhere, where nobody says so', () => {
    expect(closingOf(article('1999-01-01T00:00:00Z'), NEVER, policy(), NOW)).toBeNull()
    expect(oldestOpen(policy(), NOW)).toBe('')
  })

  test('by the article, since the newsroom did so', () => {
    const closed = article('2026-07-01T00:00:00Z', 'closed')
    expect(closingOf(closed, { ...NEVER, closedAt: '2026-07-05T00:00:00Z' }, policy(), NOW)).toEqual({
      by: 'article',
      since: '2026-07-05T00:00:00Z',
    })
    expect(closingOf(closed, NEVER, policy(), NOW)).toEqual({ by: 'article', since: null })
  })

  test('by the desk, whatever the article says', () => {
    const stopped = { ...NEVER, stoppedAt: '2026-07-06T00:00:00Z' }
    for (const state of ['open', 'closed'] as const)
      expect(closingOf(article('2026-07-01T00:00:00Z', state), stopped, policy(), NOW)).toEqual({
        by: 'article',
        since: '2026-07-06T00:00:00Z',
      })
  })

  test.each([
    ['2026-06-10T12:00:00Z', true],
    ['2026-06-10T12:00:01Z', false],
  ])('by age: an article of %s is too old: %s, for the page as for the store', (date, isClosed) => {
    const thirty = policy({ closeAfterDays: 30 })
    expect(closingOf(article(date), NEVER, thirty, NOW)).toEqual(
      isClosed ? { by: 'age', since: '2026-07-10T12:00:00.000Z', days: 30 } : null,
    )
    expect(date > oldestOpen(thirty, NOW)).toBe(!isClosed)
  })

  test.each([
    ['2026-07-10T21:59:59Z', false],
    ['2026-07-10T22:00:00Z', true],
  ])('on the whole site from the first moment of a day in its zone: at %s, %s', (now, isClosed) => {
    const from = policy({ closed: '2026-07-11' })
    expect(closedOnSite(from, new Date(now)) !== null).toBe(isClosed)
  })

  test('and what closes everything is said first', () => {
    const both = policy({ closed: '2026-07-01', closeAfterDays: 1 })
    expect(closingOf(article('2026-01-01T00:00:00Z', 'closed'), NEVER, both, NOW)).toEqual({
      by: 'site',
      since: '2026-06-30T22:00:00.000Z',
    })
  })
})
