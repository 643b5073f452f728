import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseRssFeed } from 'feedsmith'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { article, publishNewsroom, settings } from '../support/fixture.ts'
import { TestSite } from '../support/site.ts'

/** A WebSub hub on this machine that takes down what it is told. */
let hub: Server
let address: string
let told: URLSearchParams[] = []
let answers: 'yes' | 'no' | 'never' | Promise<void> = 'yes'

let site: TestSite
const ORIGIN = 'https://beispiel.de'

beforeAll(async () => {
  hub = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    if (answers === 'never') return request.socket.destroy()
    await answers
    if (answers === 'yes') told.push(new URLSearchParams(body))
    response.writeHead(answers === 'yes' ? 204 : 503).end()
  })
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(hub.address() as AddressInfo).port}/hub`
  site = await TestSite.open()
  await publishNewsroom(site)
})
afterAll(async () => {
  await site.close()
  await new Promise((resolve) => hub.close(resolve))
})
beforeEach(() => {
  told = []
  answers = 'yes'
})

/** Publishes an article and waits for what goes on after the answer. */
const publish = (name: string, more: Record<string, unknown> = {}) =>
  site.api('POST', 'articles', { items: [article(name, more)] }, undefined, { settle: true })
const toldFeeds = () => told.flatMap((one) => one.getAll('hub.url')).sort()
const feedsOf = (...lists: string[]) =>
  lists.flatMap((list) => ['', 'atom/', 'json/'].map((format) => `${ORIGIN}${list}feed/${format}`)).sort()
const minute = (at = new Date()) => site.runScheduled('* * * * *', at)

describe('without a hub', () => {
  test('nobody is told anything, and feeds name none', async () => {
    await publish('vorher')
    await minute()
    expect(told).toEqual([])
    expect(await site.page('/feed/')).not.toContain('rel="hub"')
  })

  test('a hub needs the address readers know', async () => {
    const response = await site.api('PUT', 'site/site', {
      frontMatter: settings({ hub: address }).frontMatter,
    })
    expect(response.status).toBe(422)
    expect(await response.text()).toContain('"key":"url"')
  })
})

describe('with a hub', () => {
  beforeAll(async () => {
    await site.publish('site', settings({ hub: address, url: ORIGIN }))
    await minute()
  })

  test('feeds name it, in the document and in the answer’s head; archives and comments do not', async () => {
    const response = await site.fetch('/feed/')
    expect(response.headers.get('link')).toBe(`<${ORIGIN}/feed/>; rel="self", <${address}>; rel="hub"`)
    const feed = parseRssFeed(await response.text())
    expect(feed.atom?.links).toContainEqual({ rel: 'hub', href: address })
    expect(await site.page('/feed/atom/')).toContain(`<link rel="hub" href="${address}"/>`)
    expect(JSON.parse(await site.page('/feed/json/')).hubs).toEqual([{ type: 'WebSub', url: address }])
    expect(await site.page('/feed/?archiv=2026-01')).not.toContain('rel="hub"')
    expect(await site.page('/comments/feed/')).not.toContain('rel="hub"')
  })

  test.each(['/comments/feed/', '/feed/atom/', '/sitemap.xml', '/robots.txt'])(
    '%s names the address readers know, also to the first who asks after a change',
    async (path) => {
      await site.publish('site', settings({ hub: address, url: ORIGIN, tagline: path }))
      const text = await site.page(path)
      expect(text).toContain(`${ORIGIN}/`)
      expect(text).not.toContain(site.url)
    },
  )

  test('it is told of an article, once for every feed that has it', async () => {
    expect((await publish('neu', { tags: ['Öl'] })).status).toBe(200)
    expect(told).toHaveLength(1)
    expect(told[0]?.get('hub.mode')).toBe('publish')
    expect(toldFeeds()).toEqual(feedsOf('/', '/category/wirtschaft/', '/tag/oel/', '/author/miriam-albers/'))
    await minute()
    expect(told).toHaveLength(1)
  })

  test('it is told of a change, and not of what did not change', async () => {
    await publish('neu', { tags: ['Öl'], title: 'Anders' })
    expect(told).toHaveLength(1)
    await publish('neu', { tags: ['Öl'], title: 'Anders' })
    expect(told).toHaveLength(1)
  })

  test('it is not told of a draft, and of a scheduled article only at its time', async () => {
    await publish('entwurf', { status: 'draft' })
    const due = new Date(Date.now() + 3_600_000)
    await publish('geplant', { date: due.toISOString(), section: 'technik', tags: [] })
    await minute(new Date(due.getTime() - 60_000))
    expect(told).toEqual([])
    await minute(due)
    expect(toldFeeds()).toEqual(feedsOf('/', '/category/technik/', '/author/miriam-albers/'))
    await minute(new Date(due.getTime() + 60_000))
    expect(told).toHaveLength(1)
  })

  test.each(['no', 'never'] as const)(
    'one that answers „%s“ fails no publish, and is told again',
    async (how) => {
      answers = how
      const response = await publish(`trotzdem-${how}`, { tags: [] })
      expect(response.status).toBe(200)
      await minute()
      expect(told).toEqual([])
      expect((await site.fetch(`/trotzdem-${how}/`)).status).toBe(200)
      answers = 'yes'
      await minute()
      expect(toldFeeds()).toEqual(feedsOf('/', '/category/wirtschaft/', '/author/miriam-albers/'))
      await minute()
      expect(told).toHaveLength(1)
    },
  )

  test('publishing does not wait for it', async () => {
    let release = () => {}
    answers = new Promise((resolve) => {
      release = resolve
    })
    const response = await site.api('POST', 'articles', { items: [article('schnell')] })
    expect(response.status).toBe(200)
    release()
  })
})
