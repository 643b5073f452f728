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

test('a word that stands in nearly every article leads through the newest two hundred, each once', async () => {
  const seen: string[] = []
  for (let page = 1; page <= 20; page++) {
    const path = `/search/?q=die&sort=date${page > 1 ? `&page=${page}` : ''}`
    const headers = { 'cf-connecting-ip': freshAddress() }
    const html = await (await site.fetch(path, { headers })).text()
    expect(html).toContain('Mehr als 200 Artikel gefunden')
    seen.push(...[...html.matchAll(/<h3><a href="\/([a-z0-9-]+)\/"/g)].map(([, slug = '']) => slug))
  }
  expect(seen).toHaveLength(200)
  expect(new Set(seen).size).toBe(200)
})
