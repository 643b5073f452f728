import { describe, expect, test } from 'vitest'
import { judge } from '../../src/comment/judge.ts'

describe('a new comment', () => {
  test.each([
    ['all', { otherwise: 'pending', knownAddress: 'pending' }],
    ['returning', { otherwise: 'pending', knownAddress: 'approved' }],
    ['none', { otherwise: 'approved', knownAddress: 'approved' }],
  ] as const)('under the policy „%s“ is %j', (moderation, verdict) => {
    expect(judge({ moderation, fellIntoHoneypot: false })).toEqual(verdict)
  })

  test.each(['all', 'returning', 'none'] as const)(
    'that fell into the honeypot is spam under „%s“, too',
    (moderation) => {
      expect(judge({ moderation, fellIntoHoneypot: true })).toEqual({
        otherwise: 'spam',
        knownAddress: 'spam',
      })
    },
  )
})
