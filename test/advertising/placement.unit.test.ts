import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Block, placeAds } from '../../src/article/placement.ts'
import { renderArticle } from '../../src/article/render.ts'
import { textsOf } from '../../src/locale/locale.ts'
import { parse } from '../../src/publish/issue.ts'
import { SettingsSource } from '../../src/site/settings.ts'
import { article, paragraph, settings, slug } from '../support/fixture.ts'

const RULES = {
  minParagraphsBefore: 2,
  minWordsBefore: 80,
  minParagraphsAfter: 1,
  minWordsAfter: 60,
  minWordsBetween: 250,
  preferredParagraph: 3,
}

const block = fc.record({
  kind: fc.constantFrom<Block['kind']>('paragraph', 'paragraph', 'paragraph', 'heading', 'other'),
  words: fc.integer({ min: 0, max: 120 }),
})
const blocks = fc.array(block, { maxLength: 40 })
const rules = fc.record({
  minParagraphsBefore: fc.nat(4),
  minWordsBefore: fc.nat(200),
  minParagraphsAfter: fc.nat(4),
  minWordsAfter: fc.nat(200),
  minWordsBetween: fc.nat(400),
  preferredParagraph: fc.nat(5),
})

const words = (some: readonly Block[]) => some.reduce((sum, one) => sum + one.words, 0)
const paragraphs = (some: readonly Block[]) => some.filter(({ kind }) => kind === 'paragraph').length

describe('an ad', () => {
  test('stands between a paragraph and a paragraph or heading, never after a heading or beside anything else', () => {
    fc.assert(
      fc.property(blocks, rules, (some, rule) => {
        for (const at of placeAds(some, rule).filter((index) => index < some.length)) {
          expect(some[at - 1]?.kind).toBe('paragraph')
          expect(['paragraph', 'heading']).toContain(some[at]?.kind)
        }
      }),
    )
  })

  test('has enough text before, after and between', () => {
    fc.assert(
      fc.property(blocks, rules, (some, rule) => {
        const slots = placeAds(some, rule).filter((index) => index < some.length)
        for (const at of slots) {
          expect(paragraphs(some.slice(0, at))).toBeGreaterThanOrEqual(rule.minParagraphsBefore)
          expect(words(some.slice(0, at))).toBeGreaterThanOrEqual(rule.minWordsBefore)
          expect(paragraphs(some.slice(at))).toBeGreaterThanOrEqual(rule.minParagraphsAfter)
          expect(words(some.slice(at))).toBeGreaterThanOrEqual(rule.minWordsAfter)
        }
        slots.slice(1).forEach((at, index) => {
          expect(words(some.slice(slots[index], at))).toBeGreaterThanOrEqual(rule.minWordsBetween)
        })
      }),
    )
  })

  test('takes the first place at or after the preferred paragraph', () => {
    fc.assert(
      fc.property(blocks, rules, (some, rule) => {
        const [first = 0] = placeAds(some, rule)
        const isPlace = (at: number) =>
          some[at - 1]?.kind === 'paragraph' &&
          some[at]?.kind !== 'other' &&
          paragraphs(some.slice(0, at)) >= Math.max(rule.minParagraphsBefore, rule.preferredParagraph) &&
          words(some.slice(0, at)) >= rule.minWordsBefore &&
          paragraphs(some.slice(at)) >= rule.minParagraphsAfter &&
          words(some.slice(at)) >= rule.minWordsAfter
        const expected = some.findIndex((_, at) => isPlace(at))
        expect(first).toBe(expected === -1 ? some.length : expected)
      }),
    )
  })

  test('of a short article stands after its body', () => {
    expect(placeAds([{ kind: 'paragraph', words: 40 }], RULES)).toEqual([1])
  })

  test('stands where the author wants it, whatever the rules say', () => {
    fc.assert(
      fc.property(blocks, blocks, (before, after) => {
        expect(placeAds([...before, { kind: 'marker', words: 0 }, ...after], RULES)).toEqual([before.length])
      }),
    )
  })
})

const site = parse(SettingsSource, settings().frontMatter)
function render(body: string, frontMatter: Record<string, unknown> = {}) {
  if (!site.ok) throw new Error('the fixture has no valid settings')
  const context = { settings: site.value, media: new Map(), texts: textsOf('de') }
  return renderArticle(slug('probe'), article('probe', frontMatter, body), context)
}
function rendered(body: string, frontMatter?: Record<string, unknown>) {
  const result = render(body, frontMatter)
  if (!result.ok) throw new Error(JSON.stringify(result.issues))
  return result.value.article
}

describe('an article', () => {
  const body = [1, 2, 3, 4, 5, 6].map(paragraph).join('\n\n')

  test('carries its ad after the third paragraph', () => {
    const { segments, adAfterSegment } = rendered(body)
    const before = segments.slice(0, adAfterSegment ?? 0).join('')
    expect(before.match(/<p>/g)).toHaveLength(3)
  })

  test('with ads: none carries none, not even at a marker', () => {
    expect(rendered(body, { ads: 'none' }).adAfterSegment).toBeNull()
    expect(rendered(`${paragraph(1)}\n\n<!-- ad -->\n\n${body}`, { ads: 'none' }).adAfterSegment).toBeNull()
  })

  test('carries its ad at the marker, of which nothing is left', () => {
    const { segments, adAfterSegment } = rendered(`${paragraph(1)}\n\n<!-- ad -->\n\n${body}`)
    expect(
      segments
        .slice(0, adAfterSegment ?? 0)
        .join('')
        .match(/<p>/g),
    ).toHaveLength(1)
    expect(segments.join('')).not.toContain('<!--')
  })

  test.each([
    ['right after a heading', `## Titel\n\n<!-- ad -->\n\n${paragraph(1)}`],
    ['at the beginning', `<!-- ad -->\n\n${paragraph(1)}`],
    ['inside a list', `${paragraph(1)}\n\n- eins\n\n  <!-- ad -->\n\n- zwei\n`],
    ['inside a quote', `${paragraph(1)}\n\n> eins\n>\n> <!-- ad -->\n>\n> zwei\n`],
  ])('with a marker %s is refused', (_, text) => {
    const result = render(text)
    expect(result.ok ? [] : result.issues.map(({ code }) => code)).toEqual(['ad-marker'])
  })

  test('has the same text wherever the ad stands', () => {
    const marked = rendered(`${paragraph(1)}\n\n<!-- ad -->\n\n${body}`).segments.join('')
    expect(marked.replaceAll('\n', '')).toBe(
      rendered(`${paragraph(1)}\n\n${body}`)
        .segments.join('')
        .replaceAll('\n', ''),
    )
  })
})
