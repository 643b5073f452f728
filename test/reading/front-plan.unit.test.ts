import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Teaser } from '../../src/article/article.ts'
import { planFrontPage } from '../../src/site/front-plan.ts'
import { slug } from '../support/fixture.ts'

const SECTIONS = ['medien', 'wirtschaft', 'technik']

const teaser = (n: number, section = SECTIONS[n % 3] ?? ''): Teaser => ({
  slug: slug(`artikel-${n}`),
  title: `Artikel ${n}`,
  description: '',
  section: slug(section),
  date: '2026-01-01T00:00:00Z',
})
const teasers = (count: number) => Array.from({ length: count }, (_, n) => teaser(n))

/** A newsroom with so many articles, the newest first. */
const material = (count: number, more: { pinned?: number[]; commented?: number[] } = {}) => {
  const all = teasers(count)
  return {
    pinned: (more.pinned ?? []).flatMap((n) => all[n] ?? []),
    newest: all.slice(0, 30),
    mostCommented: (more.commented ?? []).flatMap((n) => all[n] ?? []),
    sections: SECTIONS.map((name) => ({
      slug: name,
      teasers: all.filter(({ section }) => section === name).slice(0, 12),
    })),
  }
}

const placed = (plan: ReturnType<typeof planFrontPage>) =>
  [
    ...(plan.lead ? [plan.lead] : []),
    ...plan.second,
    ...plan.mostCommented,
    ...plan.sections.flatMap((section) => section.teasers),
    ...plan.latest,
  ].map((one) => one.slug)

describe('a front page', () => {
  test('is led by the newest article', () => {
    const plan = planFrontPage(material(40))
    expect(plan.lead?.slug).toBe('artikel-0')
    expect(plan.second.map((one) => one.slug)).toEqual(['artikel-1', 'artikel-2', 'artikel-3'])
  })

  test('is led by what the newsroom has pinned, in its order, however old', () => {
    const plan = planFrontPage(material(40, { pinned: [35, 7] }))
    expect(plan.lead?.slug).toBe('artikel-35')
    expect(plan.second.map((one) => one.slug)).toEqual(['artikel-7', 'artikel-0', 'artikel-1'])
  })

  test('has a block for every section that has an article left', () => {
    expect(planFrontPage(material(40)).sections.map((one) => one.teasers.length)).toEqual([3, 3, 3])
    expect(planFrontPage(material(7)).sections.map((one) => one.slug)).toEqual(SECTIONS)
  })

  test('shows what is talked about, unless it stands further up', () => {
    const plan = planFrontPage(material(40, { commented: [1, 20, 25, 26, 27] }))
    expect(plan.mostCommented.map((one) => one.slug)).toEqual(['artikel-20', 'artikel-25', 'artikel-26'])
  })

  test('of nothing is empty', () => {
    expect(planFrontPage(material(0))).toEqual({
      lead: null,
      second: [],
      mostCommented: [],
      sections: [],
      latest: [],
    })
  })

  test('names every one of the newest articles, and no article twice', () => {
    const numbers = fc.array(fc.nat(60), { maxLength: 6 })
    fc.assert(
      fc.property(fc.nat(60), numbers, numbers, (count, pinned, commented) => {
        const from = material(count, { pinned, commented })
        const slugs = placed(planFrontPage(from))
        expect(new Set(slugs).size).toBe(slugs.length)
        for (const one of from.newest) expect(slugs).toContain(one.slug)
      }),
    )
  })
})
