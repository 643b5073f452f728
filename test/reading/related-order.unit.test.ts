import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Candidate, pickRelated, type RelatedTo } from '../../src/article/related.ts'
import { slug } from '../support/fixture.ts'

const HERE: RelatedTo = {
  slug: 'hier',
  section: 'wirtschaft',
  date: '2026-01-15T08:00:00Z',
  tags: [{ slug: 'handel' }, { slug: 'china' }],
}

const candidate = (name: string, more: Partial<Candidate> = {}): Candidate => ({
  slug: slug(name),
  title: name,
  description: '',
  section: slug('technik'),
  date: HERE.date,
  tags: [],
  ...more,
})

const names = (candidates: readonly Candidate[], limit = 99) =>
  pickRelated(HERE, candidates, limit).map((teaser) => String(teaser.slug))

const anyKin = fc.record({
  section: fc.constantFrom(slug('wirtschaft'), slug('technik')),
  date: fc.constantFrom('2025-12-15T08:00:00Z', '2026-01-15T08:00:00Z', '2026-02-15T08:00:00Z'),
  tags: fc.subarray(['handel', 'china', 'medien']),
})
const anyCandidates = fc
  .array(anyKin, { maxLength: 12 })
  .map((kin) => kin.map((one, n) => candidate(`artikel-${n}`, one)))

describe('the order of related articles', () => {
  test('of two equally near in time, the newer comes first', () => {
    const older = candidate('aelter', { date: '2026-01-14T08:00:00Z' })
    const newer = candidate('neuer', { date: '2026-01-16T08:00:00Z' })
    expect(names([older, newer])).toEqual(['neuer', 'aelter'])
    expect(names([newer, older])).toEqual(['neuer', 'aelter'])
  })

  test('of equals in everything is the order in which the catalogue names them', () => {
    expect(names([candidate('a'), candidate('b'), candidate('c')])).toEqual(['a', 'b', 'c'])
    expect(names([candidate('a'), candidate('b'), candidate('c')], 2)).toEqual(['a', 'b'])
  })

  test('stays when they are put in order once more', () => {
    fc.assert(
      fc.property(anyCandidates, (candidates) => {
        const once = names(candidates)
        const sorted = once.flatMap((name) => candidates.filter((one) => one.slug === name))
        expect(names(sorted)).toEqual(once)
      }),
    )
  })

  test('is the same however few are shown', () => {
    fc.assert(
      fc.property(anyCandidates, fc.nat(12), (candidates, limit) => {
        expect(names(candidates, limit)).toEqual(names(candidates).slice(0, limit))
      }),
    )
  })

  test('gains a place for an article with one more tag in common', () => {
    fc.assert(
      fc.property(anyCandidates, fc.nat(), (candidates, n) => {
        fc.pre(candidates.length > 0)
        const index = n % candidates.length
        const placeOf = (some: readonly Candidate[]) => names(some).indexOf(`artikel-${index}`)
        const nearer = candidates.map((one, at) =>
          at === index ? { ...one, tags: ['handel', 'china'] } : one,
        )
        expect(placeOf(nearer)).toBeLessThanOrEqual(placeOf(candidates))
      }),
    )
  })

  test('loses nobody and changes nothing of what it is given', () => {
    fc.assert(
      fc.property(anyCandidates, (candidates) => {
        const before = structuredClone(candidates)
        expect(names(candidates).toSorted()).toEqual(candidates.map((one) => String(one.slug)).toSorted())
        expect(candidates).toEqual(before)
      }),
    )
  })

  test('shows a teaser, without the tags it was chosen by', () => {
    expect(pickRelated(HERE, [candidate('a', { tags: ['handel'] })], 1)[0]).not.toHaveProperty('tags')
  })
})
