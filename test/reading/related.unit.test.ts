import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Candidate, pickRelated } from '../../src/article/related.ts'
import { slug } from '../support/fixture.ts'

const candidate = (name: string, more: Partial<Candidate> = {}): Candidate => ({
  slug: slug(name),
  title: name,
  description: '',
  section: slug('technik'),
  date: '2026-01-01T00:00:00Z',
  tags: [],
  ...more,
})

const here = {
  slug: 'hier',
  section: 'wirtschaft',
  date: '2026-01-01T00:00:00Z',
  tags: [{ slug: 'handel' }, { slug: 'china' }],
}
const names = (some: readonly Candidate[], limit = 9) => pickRelated(here, some, limit).map((one) => one.slug)

describe('related articles', () => {
  test('share tags first, then the section, then the time', () => {
    const some = [
      candidate('zeit'),
      candidate('ressort', { section: slug('wirtschaft'), date: '2020-01-01T00:00:00Z' }),
      candidate('ein-tag', { tags: ['handel'], date: '2020-01-01T00:00:00Z' }),
      candidate('zwei-tags', { tags: ['handel', 'china'], date: '2020-01-01T00:00:00Z' }),
    ]
    expect(names(some)).toEqual(['zwei-tags', 'ein-tag', 'ressort', 'zeit'])
  })

  test('of equal kin are nearer in time', () => {
    expect(names([candidate('fern', { date: '2024-01-01T00:00:00Z' }), candidate('nah')])).toEqual([
      'nah',
      'fern',
    ])
  })

  test('never name the article itself, nor more than there is room for', () => {
    const some = fc.array(
      fc.record({ name: fc.constantFrom('hier', 'a', 'b', 'c', 'd'), tags: fc.subarray(['handel', 'x']) }),
    )
    fc.assert(
      fc.property(some, fc.nat(5), (found, limit) => {
        const picked = names(
          found.map(({ name, tags }) => candidate(name, { tags })),
          limit,
        )
        expect(picked).not.toContain('hier')
        expect(picked.length).toBeLessThanOrEqual(limit)
      }),
    )
  })
})
