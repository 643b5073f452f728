import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dom } from '../support/dom.ts'
import { article, campaign, page, publishNewsroom, settings } from '../support/fixture.ts'
import { inSeconds, TestSite } from '../support/site.ts'

/** Values in KV that nobody of ours wrote: cut off, of another shape, of another version. */
const GARBAGE = ['', '{', 'null', '[]', '"text"', '{"format":1}', '\u0000\u0001', '{"format":2,"slug":"x"}']

let site: TestSite
beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site, ...GARBAGE.map((_, n) => article(`artikel-${n}`)), article('heil'))
})
afterAll(() => site.close())

const logged = (key: string) =>
  site.logs.filter((line) => line.includes('corrupt-value') && line.includes(key))
const outcome = async (kind: string, draft: { slug: string; frontMatter: unknown; body: string }) => {
  const { items } = await (await site.api('POST', kind, { items: [draft] })).json<{
    items: { outcome: string }[]
  }>()
  return items[0]?.outcome
}
const listedHash = async (kind: string, slug: string) => {
  const { items } = await (await site.api('GET', kind)).json<{ items: { slug: string; hash: string }[] }>()
  return items.find((item) => item.slug === slug)?.hash
}

describe('an article whose value in KV is unreadable', () => {
  test.each([...GARBAGE.entries()])(
    'is missing, logged, and healed by publishing it again (%i: %j)',
    async (n, garbage) => {
      const slug = `artikel-${n}`
      const key = `article:${slug}`
      await site.env.KV.put(key, garbage)
      const broken = await site.fetch(`/${slug}/`, {}, { settle: true })
      expect(broken.status).toBe(404)
      expect(logged(key).length).toBeGreaterThan(0)
      // The client's comparison of hashes says that it has to send the article, though the file has not changed.
      expect(await listedHash('articles', slug)).toBe('')
      expect(await outcome('articles', article(slug))).toBe('updated')
      expect((await site.fetch(`/${slug}/`)).status).toBe(200)
      expect(await outcome('articles', article(slug))).toBe('unchanged')
    },
  )

  test('takes no other page with it', async () => {
    await site.env.KV.put('article:artikel-0', '{')
    for (const path of [
      '/heil/',
      '/',
      '/feed/',
      '/sitemap.xml',
      '/sitemap-2026.xml',
      '/feed/atom/',
      '/feed/json/',
    ]) {
      expect((await site.fetch(path)).status, path).toBe(200)
    }
    expect(await site.page('/feed/')).not.toContain('<link>undefined')
    await site.publish('articles', article('artikel-0'))
  })

  test('keeps the comments that it had', async () => {
    await site.approvedComment('artikel-1', { text: 'Überlebt.' })
    await site.env.KV.put('article:artikel-1', 'kaputt')
    await site.fetch('/artikel-1/', {}, { now: inSeconds(40), settle: true })
    await site.publish('articles', article('artikel-1'))
    expect(await site.page('/artikel-1/')).toContain('Überlebt.')
  })
})

describe('a static page whose value in KV is unreadable', () => {
  test('is missing, logged, and healed by publishing it again', async () => {
    await site.env.KV.put('page:impressum', '{"title":1}')
    expect((await site.fetch('/impressum/', {}, { settle: true })).status).toBe(404)
    expect(logged('page:impressum').length).toBeGreaterThan(0)
    expect(await outcome('pages', page('impressum', 'Impressum'))).toBe('updated')
    expect((await site.fetch('/impressum/')).status).toBe(200)
  })
})

describe('campaigns whose value in KV is unreadable', () => {
  test('leave pages without an ad, and are healed by publishing them again', async () => {
    await site.env.KV.put('ads', '[{"id":"nordlicht"}]')
    const now = inSeconds(60)
    await site.fetch('/heil/', {}, { now, settle: true })
    const bare = new Dom(await site.page('/heil/', { now }))
    expect(bare.has('.ad')).toBe(false)
    expect(bare.has('.body p')).toBe(true)
    expect(logged('ads').length).toBeGreaterThan(0)
    expect(await outcome('ads', campaign('nordlicht'))).toBe('updated')
    expect(new Dom(await site.page('/heil/')).has('.ad')).toBe(true)
  })
})

describe('settings whose value in KV is unreadable', () => {
  test('still leave articles readable, and are healed by publishing them again', async () => {
    await site.env.KV.put('site', 'kaputt')
    const now = inSeconds(120)
    await site.fetch('/heil/', {}, { now, settle: true })
    const response = await site.fetch('/heil/', {}, { now })
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('Artikel heil')
    expect(logged('"site"').length).toBeGreaterThan(0)
    expect(await outcome('site', settings())).toBe('updated')
    const healed = new Dom(await site.page('/heil/'))
    expect(healed.texts('nav.sections a')).toEqual(['Wirtschaft', 'Technik'])
  })
})
