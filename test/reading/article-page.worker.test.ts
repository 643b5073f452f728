import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { article, publishNewsroom } from '../support/fixture.ts'
import { costOf, TestSite } from '../support/site.ts'

let site: TestSite
beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site, article('leitartikel'), article('zweiter'))
})
afterAll(() => site.close())

describe('a cold article', () => {
  test('costs one read of KV and one round trip to D1, at the same time', async () => {
    await site.fetch('/healthz')
    const response = await site.fetch('/leitartikel/')
    expect(response.status).toBe(200)
    expect(costOf(response)).toEqual({ kv: 1, d1: 1, parallel: true })
  })

  test('asked for again costs nothing', async () => {
    expect(costOf(await site.fetch('/leitartikel/'))).toEqual({ kv: 0, d1: 0, parallel: false })
  })
})

describe('a comment', () => {
  test('is stored and shown to who wrote it', async () => {
    const response = await site.comment('leitartikel')
    expect(response.status).toBe(303)
    const [stored] = await site.comments('leitartikel')
    expect(stored?.name).toBe('Änne Groß')
    const html = await site.page(response.headers.get('location') ?? '')
    expect(html).toContain('wartet auf Freigabe')
  })
})
