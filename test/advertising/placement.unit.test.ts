import fc from 'fast-check'
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5'
import { describe, expect, test } from 'vitest'
import type { PlacementRules } from '../../src/ad/policy.ts'
import { type Block, placeAds } from '../../src/article/placement.ts'
import { paragraph } from '../support/fixture.ts'
import { bodyHtml, contextWith, issuesOf, rendered } from '../support/rendering.ts'

const RULES: PlacementRules = {
  minParagraphsBefore: 2,
  minWordsBefore: 80,
  minParagraphsAfter: 1,
  minWordsAfter: 60,
  minWordsBetween: 250,
  preferredParagraph: 3,
  most: 8,
}

const p = (words = 60): Block => ({ kind: 'paragraph', words })
const h = (words = 4): Block => ({ kind: 'heading', words })
const list = (words = 30): Block => ({ kind: 'other', words })
const marker: Block = { kind: 'marker', words: 0 }

const anyBlock = fc.record({
  kind: fc.constantFrom('paragraph', 'paragraph', 'paragraph', 'heading', 'other'),
  words: fc.integer({ min: 0, max: 150 }),
}) satisfies fc.Arbitrary<Block>
const anyText = fc.array(anyBlock, { maxLength: 40 })
const anyRules: fc.Arbitrary<PlacementRules> = fc.record({
  minParagraphsBefore: fc.integer({ min: 0, max: 4 }),
  minWordsBefore: fc.integer({ min: 0, max: 200 }),
  minParagraphsAfter: fc.integer({ min: 0, max: 3 }),
  minWordsAfter: fc.integer({ min: 0, max: 150 }),
  minWordsBetween: fc.integer({ min: 0, max: 400 }),
  preferredParagraph: fc.integer({ min: 0, max: 6 }),
  most: fc.integer({ min: 1, max: 8 }),
})

const words = (blocks: readonly Block[]) => blocks.reduce((sum, block) => sum + block.words, 0)
const paragraphs = (blocks: readonly Block[]) => blocks.filter(({ kind }) => kind === 'paragraph').length

/** DESIGN §3, read literally. */
function isOpportunity(blocks: readonly Block[], gap: number, rules: PlacementRules): boolean {
  const [before, after] = [blocks.slice(0, gap), blocks.slice(gap)]
  return (
    before.at(-1)?.kind === 'paragraph' &&
    (after[0]?.kind === 'paragraph' || after[0]?.kind === 'heading') &&
    paragraphs(before) >= rules.minParagraphsBefore &&
    paragraphs(before) >= rules.preferredParagraph &&
    words(before) >= rules.minWordsBefore &&
    paragraphs(after) >= rules.minParagraphsAfter &&
    words(after) >= rules.minWordsAfter
  )
}

describe('where an ad may stand', () => {
  test('after the third paragraph of plain text', () => {
    expect(placeAds([p(), p(), p(), p(), p()], RULES)).toEqual([3])
  })

  test('before a heading rather than after it', () => {
    expect(placeAds([p(), p(), p(), h(), p(), p()], RULES)).toEqual([3])
    expect(placeAds([p(), p(), h(), p(), p(), p()], RULES)).toEqual([4])
  })

  test('not between a paragraph and the list, table, figure or quote that follows it', () => {
    expect(placeAds([p(), p(), p(), list(), p(), p(), p()], RULES)).toEqual([5])
  })

  test('after the body of a text that is too short', () => {
    expect(placeAds([p(), p()], RULES)).toEqual([2])
    expect(placeAds([], RULES)).toEqual([0])
    expect(placeAds([p(20), p(20), p(20), p(70)], RULES)).toEqual([4])
  })

  test('again after 250 words, and not before', () => {
    expect(
      placeAds(
        Array.from({ length: 14 }, () => p(50)),
        RULES,
      ),
    ).toEqual([3, 8])
  })

  test.each<[keyof PlacementRules, Block[], number]>([
    ['minParagraphsBefore', [p(), p(), p(), p(), p(), p()], 5],
    ['minWordsBefore', [p(), p(), p(), p(), p(), p(), p()], 241],
    ['minParagraphsAfter', [p(), p(), p(), p()], 2],
    ['minWordsAfter', [p(), p(), p(), p()], 61],
    ['preferredParagraph', [p(), p(), p(), p(), p(), p()], 4],
  ])('a newsroom can be stricter: %s', (rule, blocks, limit) => {
    const slots = placeAds(blocks, { ...RULES, [rule]: limit })
    expect(slots[0]).toBeGreaterThan(3)
    expect(placeAds(blocks, RULES)[0]).toBe(3)
  })

  test('always in an opportunity, never beside a heading’s text, a list, a figure, a table or a quote', () => {
    fc.assert(
      fc.property(anyText, anyRules, (blocks, rules) => {
        for (const gap of placeAds(blocks, rules)) {
          if (gap === blocks.length) continue
          expect(isOpportunity(blocks, gap, rules)).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('the default slot is the first opportunity, and the end of the body only where there is none', () => {
    fc.assert(
      fc.property(anyText, anyRules, (blocks, rules) => {
        const first = blocks.findIndex((_, gap) => isOpportunity(blocks, gap, rules))
        expect(placeAds(blocks, rules)[0]).toBe(first === -1 ? blocks.length : first)
      }),
      { numRuns: 500 },
    )
  })

  test('slots come in the order of the text, far enough apart, and no opportunity is wasted', () => {
    fc.assert(
      fc.property(anyText, anyRules, (blocks, rules) => {
        const slots = placeAds(blocks, rules)
        for (const [n, slot] of slots.entries()) {
          const isLast = n + 1 === slots.length
          if (isLast && slots.length === rules.most) break
          const next = slots[n + 1] ?? blocks.length
          expect(next).toBeGreaterThanOrEqual(slot)
          for (let gap = slot + 1; gap < next; gap++) {
            const isFree =
              isOpportunity(blocks, gap, rules) && words(blocks.slice(slot, gap)) >= rules.minWordsBetween
            expect(isFree).toBe(false)
          }
          if (slots[n + 1] !== undefined)
            expect(words(blocks.slice(slot, next))).toBeGreaterThanOrEqual(rules.minWordsBetween)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('an author’s marker wins over every rule', () => {
    fc.assert(
      fc.property(anyText, anyText, anyRules, (before, after, rules) => {
        expect(placeAds([...before, marker, ...after], rules)).toEqual([before.length])
      }),
    )
  })
})

const SIX = [1, 2, 3, 4, 5, 6].map(paragraph)

/** The article's HTML before and after its ad. */
function around(...how: Parameters<typeof rendered>): [string, string] {
  const { segments, slots } = rendered(...how).article
  if (slots === 0) throw new Error('this article carries no ad')
  return [segments.slice(0, 1).join(''), segments.slice(1).join('')]
}

type Node = DefaultTreeAdapterTypes.ChildNode
const blocksOf = (html: string): Node[] =>
  parseFragment(html).childNodes.filter((node) => node.nodeName !== '#text' || /\S/.test(textIn(node)))
const textIn = (node: Node): string =>
  'value' in node ? node.value : 'childNodes' in node ? node.childNodes.map(textIn).join('') : ''

describe('the ad in an article', () => {
  test('stands after the third paragraph', () => {
    const [before, after] = around(SIX.join('\n\n'))
    expect(blocksOf(before)).toHaveLength(3)
    expect(blocksOf(after)).toHaveLength(3)
  })

  test('is left out by `ads: none`, even where the text has a marker', () => {
    expect(rendered(SIX.join('\n\n'), { ads: 'none' }).article).toMatchObject({ slots: 0, hasAds: false })
    const marked = `${SIX[0]}\n\n<!-- ad -->\n\n${SIX[1]}`
    const { segments, slots } = rendered(marked, { ads: 'none' }).article
    expect(slots).toBe(0)
    expect(segments).toHaveLength(1)
  })

  test.each(['<!-- ad -->', '<!--ad-->', '<!--   ad   -->'])(
    'stands where the author wrote %s',
    (written) => {
      const [before, after] = around(`${SIX[0]}\n\n${written}\n\n${SIX.slice(1).join('\n\n')}`)
      expect(blocksOf(before)).toHaveLength(1)
      expect(blocksOf(after)).toHaveLength(5)
      expect(before + after).not.toContain('<!--')
    },
  )

  test('stands at the first of two markers', () => {
    const [before] = around([SIX[0], '<!-- ad -->', SIX[1], '<!-- ad -->', SIX[2]].join('\n\n'))
    expect(blocksOf(before)).toHaveLength(1)
  })

  test('stands at the end when the author marked the end', () => {
    const [before, after] = around([...SIX, '<!-- ad -->'].join('\n\n'))
    expect(blocksOf(before)).toHaveLength(6)
    expect(after).toBe('')
  })

  test('stands after the body of a short article', () => {
    const [before, after] = around('Kurz.')
    expect(blocksOf(before)).toHaveLength(1)
    expect(after).toBe('')
  })

  test('follows the site’s own rules', () => {
    const context = contextWith({ ads: { placement: { preferredParagraph: 5 } } })
    expect(blocksOf(around(SIX.join('\n\n'), {}, context)[0])).toHaveLength(5)
  })

  test.each([
    ['at the very beginning', '<!-- ad -->\n\nAbsatz.'],
    ['right after a heading', '## Titel\n\n<!-- ad -->\n\nAbsatz.'],
    ['after a heading and a remark', '## Titel\n\n<!-- Bitte prüfen -->\n\n<!-- ad -->\n\nAbsatz.'],
    ['after a heading and another marker', '## Titel\n\n<!-- ad -->\n\n<!-- ad -->\n\nAbsatz.'],
    ['after nothing but a remark', '<!-- Bitte prüfen -->\n\n<!-- ad -->\n\nAbsatz.'],
    ['inside a quote', 'Absatz.\n\n> Zitat\n> <!-- ad -->\n> weiter'],
    ['inside a list', 'Absatz.\n\n- eins\n\n  <!-- ad -->\n\n- zwei'],
    ['inside a table', 'Absatz.\n\n<table><tr><td><!-- ad --></td></tr></table>'],
    ['inside a sentence', 'Vor <!-- ad --> nach.'],
  ])('is refused %s', (_, body) => {
    expect(issuesOf(body)).toEqual([{ key: 'body', code: 'ad-marker' }])
  })

  test('is not set by a marker that is only shown', () => {
    const [before] = around(['Eins.', '```\n<!-- ad -->\n```', 'Zwei.'].join('\n\n'))
    expect(blocksOf(before)).toHaveLength(3)
    expect(before).toContain('&#x3C;!-- ad -->')
  })

  const anyMarkdown = fc.array(
    fc.oneof(
      { arbitrary: fc.integer({ min: 1, max: 3 }).map((n) => paragraph(n)), weight: 6 },
      { arbitrary: fc.constant('Ein kurzer Absatz.'), weight: 2 },
      { arbitrary: fc.constantFrom('## Titel', '### Untertitel', 'Titel\n-----'), weight: 2 },
      {
        arbitrary: fc.constantFrom(
          '- eins\n- zwei\n\n  noch zwei',
          '1. eins\n2. zwei',
          '> Ein Zitat.\n>\n> Noch eins.',
          '| a | b |\n| - | - |\n| 1 | 2 |',
          '![Bild](bild.svg "Ein Bild | dpa")',
          '```js\nconst a = 1\n```',
          '***',
          '<!-- Bemerkung -->',
          '<figure><img src="bild.svg"><figcaption>Ein Bild</figcaption></figure>',
          '<details><summary>Mehr</summary><p>Text</p></details>',
        ),
        weight: 4,
      },
    ),
    { minLength: 1, maxLength: 14 },
  )

  test('never stands beside anything but paragraphs and the heading after it, whatever the article is made of', () => {
    fc.assert(
      fc.property(anyMarkdown, (parts) => {
        fc.pre(parts.some((part) => !/^(?:<!--|\*)/.test(part)))
        const [before, after] = around(parts.join('\n\n'))
        const next = blocksOf(after)[0]?.nodeName
        if (next === undefined) return
        expect(blocksOf(before).at(-1)?.nodeName).toBe('p')
        expect(next).toMatch(/^(?:p|h[2-6])$/)
      }),
      { numRuns: 150 },
    )
  })

  test('changes nothing of the article around it', () => {
    fc.assert(
      fc.property(anyMarkdown, fc.nat(13), (parts, at) => {
        fc.pre(parts.some((part) => !/^(?:<!--|\*)/.test(part)))
        const withRemark = (remark: string) =>
          [...parts.slice(0, at), `<!-- ${remark} -->`, ...parts.slice(at)].join('\n\n')
        const whole = bodyHtml(withRemark('Bemerkung'), { ads: 'none' })
        expect(bodyHtml(withRemark('Bemerkung'))).toBe(whole)
        if (issuesOf(withRemark('ad')).length === 0) expect(bodyHtml(withRemark('ad'))).toBe(whole)
      }),
      { numRuns: 150 },
    )
  })
})
