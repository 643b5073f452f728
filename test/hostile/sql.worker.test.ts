import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { article, publishNewsroom } from '../support/fixture.ts'
import { expectSafe, SQL } from '../support/hostile.ts'
import { TestSite } from '../support/site.ts'

/** Texts that mean something to a database are texts: in addresses, parameters and fields. */

let site: TestSite
beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site, article('leitartikel'))
})
afterAll(() => site?.close())

describe('SQL in', () => {
  let before: unknown
  const state = async () => ({
    tables: (
      await site.env.DB.prepare(
        "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE '\\_%' ESCAPE '\\' ORDER BY name",
      ).all()
    ).results,
    articles: (await site.env.DB.prepare('SELECT * FROM article ORDER BY slug').all()).results.map(
      ({ slug, title }) => [slug, title],
    ),
  })
  beforeAll(async () => {
    before = await state()
  })

  test('every part of an address changes nothing and finds nothing', async () => {
    for (const text of SQL) {
      const it = encodeURIComponent(text)
      for (const path of [
        ...[
          `/${it}/`,
          `/${it}`,
          `/${it}/comments`,
          `/category/${it}/`,
          `/tag/${it}/`,
          `/go/${it}`,
          `/go/${it}.gif`,
          `/media/${it}`,
        ],
        ...[`/leitartikel/?ab=${it}`, `/leitartikel/?kommentar=${it}`, `/leitartikel/?kommentar=1.${it}`],
      ]) {
        const response = await site.fetch(path)
        expectSafe(site, response, path)
        if (/^\/(?:category|tag|go|media)\//.test(path)) expect([404, 301], path).toContain(response.status)
      }
    }
    expect(await state()).toEqual(before)
  })

  test('every parameter of the newsroom’s API changes nothing', async () => {
    for (const text of SQL) {
      const it = encodeURIComponent(text)
      for (const path of [
        ...[
          `articles/${it}`,
          `pages/${it}`,
          `ads/${it}`,
          `ads/${it}/report`,
          `comments/${it}`,
          `media/${it}`,
          `comments?status=${it}`,
        ],
        ...[`comments?before=${it}`, `ads-report?from=${it}`, `ads-report?to=${it}`],
        ...[`ads/nordlicht/report?from=${it}`, `ads/nordlicht/report?to=${it}`],
      ]) {
        expectSafe(site, await site.api('GET', path), path)
        if (!path.includes('?')) expectSafe(site, await site.api('DELETE', path), path)
      }
    }
    expect(await state()).toEqual(before)
  })

  test('every field of a comment is stored as text', async () => {
    for (const [index, text] of SQL.entries()) {
      const fields = {
        name: `N${text}`,
        email: `a${index}@beispiel.de`,
        website: text,
        text: `T${text}`,
        parent: text,
      }
      const response = await site.comment('leitartikel', fields)
      expectSafe(site, response, text)
      expect([303, 422]).toContain(response.status)
      const plain = await site.comment('leitartikel', { ...fields, website: '', parent: '' })
      expect(plain.status, text).toBe(303)
    }
    expect(await state()).toEqual(before)
    const texts = (await site.comments('leitartikel')).map(({ text }) => text)
    for (const text of SQL) expect(texts).toContain(`T${text}`)
  })
})
