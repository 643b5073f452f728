import { afterAll, beforeAll, expect, test } from 'vitest'
import { generateArticles } from '../support/corpus/corpus.ts'
import { publishShippedContent } from '../support/gallery.ts'
import { freshAddress, TestSite } from '../support/site.ts'
import { measureRelevance, WISHES } from './relevance.ts'

let site: TestSite

beforeAll(async () => {
  site = await TestSite.open()
  await publishShippedContent(site)
  const corpus = [...generateArticles({ count: 200, words: 150, seed: 6 })]
  for (let at = 0; at < corpus.length; at += 20) await site.publish('articles', ...corpus.slice(at, at + 20))
})
afterAll(() => site.close())

test('the table asks for much, in many ways', () => {
  expect(WISHES.length).toBeGreaterThanOrEqual(60)
  expect(new Set(WISHES.map(({ query }) => query)).size).toBe(WISHES.length)
  for (const { wanted, what } of WISHES) expect(wanted.length > 0).toBe(what !== 'none')
})

test('of a hundred searches, ninety-five show what was wanted among the first three', async () => {
  const { success, misses } = await measureRelevance(async (path) =>
    (await site.fetch(path, { headers: { 'cf-connecting-ip': freshAddress() } })).text(),
  )
  expect(success, misses.join('\n')).toBeGreaterThanOrEqual(0.95)
})
