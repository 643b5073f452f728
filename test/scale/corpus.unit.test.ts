import { describe, expect, test } from 'vitest'
import { generateArticles } from '../support/corpus/corpus.ts'
import { rendered } from '../support/rendering.ts'

const corpus = (count: number, seed?: number) => [
  ...generateArticles({ count, words: 200, sections: ['wirtschaft', 'technik'], ...(seed ? { seed } : {}) }),
]

describe('the generated corpus', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(corpus(20)).toEqual(corpus(20))
    expect(corpus(20, 2)).not.toEqual(corpus(20))
  })

  test('has no article twice, and none that a site would refuse', () => {
    const articles = corpus(400)
    expect(new Set(articles.map(({ slug }) => slug)).size).toBe(400)
    expect(new Set(articles.map(({ body }) => body)).size).toBe(400)
    for (const { frontMatter, body } of articles.slice(0, 40)) {
      expect(rendered(body, frontMatter).article.words).toBeGreaterThan(150)
    }
  })

  test('is written in sentences', () => {
    for (const { body } of corpus(50)) {
      for (const block of body.split('\n\n').filter((one) => !one.startsWith('#'))) {
        expect(block).toMatch(/^[A-ZÄÖÜ„]/)
        expect(block).toMatch(/[.“]$/)
        expect(block).not.toMatch(/undefined|\s{2}/)
      }
    }
  })

  test('uses few words often and many words rarely, as people do', () => {
    const counts = new Map<string, number>()
    for (const { body } of corpus(300))
      for (const word of body.match(/\p{L}+/gu) ?? []) counts.set(word, (counts.get(word) ?? 0) + 1)
    const sorted = [...counts.values()].sort((a, b) => b - a)
    expect(sorted.length).toBeGreaterThan(900)
    // The ten most frequent words are a sixth of the text at least; half of all words are rare.
    const total = sorted.reduce((sum, n) => sum + n, 0)
    expect(sorted.slice(0, 10).reduce((sum, n) => sum + n, 0) / total).toBeGreaterThan(1 / 6)
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(total / 2000)
  })
})
