import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dom } from '../support/dom.ts'
import { article, publishNewsroom, settings } from '../support/fixture.ts'
import { COMMENT, costOf, freshAddress, inSeconds, TestSite } from '../support/site.ts'

let site: TestSite
const HOUR = 3600

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(
    site,
    ...['kalt', 'warm', 'stunden', 'gestern', 'schreiben', 'schreiben-zwei', 'nie-gelesen'].map((name) =>
      article(name),
    ),
  )
  for (const slug of ['kalt', 'warm']) await site.approvedComment(slug, { text: 'Ein Kommentar.' })
})
afterAll(() => site.close())

const UNAVAILABLE = 'Die Kommentare lassen sich gerade nicht laden.'

describe('while D1 is down', () => {
  test('an article is served without its comments, says so, and is kept by nobody', async () => {
    const response = await site.fetch('/kalt/', {}, { down: ['d1'] })
    expect(response.status).toBe(200)
    const page = new Dom(await response.text())
    expect(page.text('h1')).toBe('Artikel kalt')
    expect(page.has('.body p')).toBe(true)
    expect(page.text('.ad-label')).toBe('Kurze Werbeeinblendung')
    expect(page.text('.comments')).toContain(UNAVAILABLE)
    expect(page.has('.comment-list')).toBe(false)
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(response.headers.get('etag')).toBeNull()
  })

  test('and as soon as it is back, the comments are', async () => {
    const page = new Dom(await site.page('/kalt/'))
    expect(page.html).not.toContain(UNAVAILABLE)
    expect(page.text('#kommentare-titel')).toBe('1 Kommentar')
  })

  test('a page in memory stays whole, also when it is stale', async () => {
    await site.page('/warm/')
    const fresh = await site.page('/warm/', { down: ['d1'] })
    expect(fresh).toContain('Ein Kommentar.')
    const now = inSeconds(60)
    await site.fetch('/warm/', {}, { down: ['d1'], now, settle: true })
    const stale = await site.fetch('/warm/', {}, { down: ['d1'], now, settle: true })
    expect(await stale.text()).toContain('Ein Kommentar.')
    expect(stale.headers.get('cache-control')).toContain('public')
  })

  test('a static page is served as ever', async () => {
    const response = await site.fetch('/impressum/', {}, { down: ['d1'] })
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('<h1>Impressum</h1>')
  })

  test('an address where nothing is stays a 404', async () => {
    expect((await site.fetch('/nirgends/', {}, { down: ['d1'] })).status).toBe(404)
  })

  test('a list that nobody has read yet asks to come again', async () => {
    for (const path of ['/', '/category/technik/', '/tag/handel/', '/feed/', '/sitemap.xml']) {
      const response = await site.fetch(path, {}, { down: ['d1'] })
      expect(response.status, path).toBe(503)
      expect(response.headers.get('retry-after'), path).toBe('60')
      expect(response.headers.get('cache-control'), path).toBe('private, no-store')
      expect(new Dom(await response.text()).text('h1'), path).toBe('Gerade nicht erreichbar')
    }
  })

  test('a list that was read is still there', async () => {
    await site.page('/')
    const later = await site.fetch('/', {}, { down: ['d1'], now: inSeconds(HOUR), settle: true })
    expect(later.status).toBe(200)
    expect(await later.text()).toContain('/kalt/')
  })

  test.each(['limiter', 'no limiter'])('a comment is not taken, and not lost (%s)', async (limiter) => {
    const text = `Wird das gespeichert? (${limiter})`
    const response = await site.comment(
      'schreiben',
      { text, website: 'https://beispiel.de' },
      {},
      {
        down: ['d1'],
        noLimiter: limiter === 'no limiter',
      },
    )
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('60')
    const page = new Dom(await response.text())
    expect(page.text('.error-summary')).toContain('konnte gerade nicht gespeichert werden')
    expect(page.text('h1')).toBe('Artikel schreiben')
    expect(page.value('text')).toBe(text)
    expect(page.value('name')).toBe(COMMENT.name)
    expect(page.value('email')).toBe(COMMENT.email)
    expect(page.value('website')).toBe('https://beispiel.de')
    expect(await site.comments('schreiben')).toEqual([])
    const again = await site.comment('schreiben', { text, token: page.value('token') })
    expect(again.status).toBe(303)
    await site.env.DB.exec(`DELETE FROM comment WHERE article = 'schreiben'`)
  })

  test('which reads but takes nothing, a comment is not confirmed', async () => {
    const response = await site.comment('schreiben', {}, {}, { down: ['d1-write'] })
    expect(response.status).toBe(503)
    expect(new Dom(await response.text()).value('text')).toBe(COMMENT.text)
    expect(await site.comments('schreiben')).toEqual([])
  })

  test('the newsroom’s programs are told so', async () => {
    const response = await site.api('GET', 'articles', undefined, undefined, { down: ['d1'] })
    expect(response.status).toBe(503)
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
    expect(response.headers.get('retry-after')).toBe('60')
    expect(await response.json()).toMatchObject({
      status: 503,
      title: 'Der Speicher ist gerade nicht erreichbar.',
    })
  })
})

describe('while KV is down', () => {
  test('an article in memory is shown for up to a day', async () => {
    await site.page('/stunden/')
    for (const hours of [1, 12, 23]) {
      const now = inSeconds(hours * HOUR)
      const response = await site.fetch('/stunden/', {}, { down: ['kv'], now, settle: true })
      expect(response.status, `${hours} h`).toBe(200)
      expect(await response.text()).toContain('Artikel stunden')
    }
  })

  test('and not for longer', async () => {
    await site.page('/gestern/')
    const response = await site.fetch('/gestern/', {}, { down: ['kv'], now: inSeconds(25 * HOUR) })
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('60')
  })

  test('an article that nobody has read yet asks to come again', async () => {
    const response = await site.fetch('/nie-gelesen/', {}, { down: ['kv'] })
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('60')
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    const page = new Dom(await response.text())
    expect(page.text('h1')).toBe('Gerade nicht erreichbar')
    expect(page.attribute('meta[name=robots]', 'content')).toBe('noindex')
  })

  test('a list is served from D1 with the settings that are known', async () => {
    const response = await site.fetch('/category/wirtschaft/', {}, { down: ['kv'] })
    expect(response.status).toBe(200)
  })

  test('a comment is stored all the same', async () => {
    const response = await site.comment(
      'schreiben-zwei',
      { text: 'Ohne KV.' },
      {},
      { down: ['kv'], now: inSeconds(100) },
    )
    expect(response.status).toBe(303)
    expect((await site.comments('schreiben-zwei')).at(-1)).toMatchObject({
      text: 'Ohne KV.',
      status: 'pending',
    })
  })

  test('a comment is stored, and held, by an isolate that knows no settings', async () => {
    await site.publish('site', settings({ comments: { moderation: 'none' } })) // which makes it forget them
    const response = await site.comment('schreiben-zwei', { text: 'Noch kälter.' }, {}, { down: ['kv'] })
    expect(response.status).toBe(303)
    expect((await site.comments('schreiben-zwei')).at(-1)).toMatchObject({
      text: 'Noch kälter.',
      status: 'pending',
    })
    await site.publish('site', settings())
  })

  test('a comment with a mistake comes back with its text, though the article can’t be shown', async () => {
    const response = await site.comment(
      'schreiben-zwei',
      { name: '', text: 'Bleib da.' },
      {},
      { down: ['kv'] },
    )
    expect(response.status).toBe(422)
    const page = new Dom(await response.text())
    expect(page.value('text')).toBe('Bleib da.')
    expect(page.attribute('main form', 'action')).toBe('/schreiben-zwei/comments')
  })

  test('an ad that is known still leads to its address', async () => {
    await site.page('/kalt/')
    const response = await site.fetch('/go/nordlicht', {}, { down: ['kv'], now: inSeconds(100) })
    expect(response.headers.get('location')).toBe('https://example.com/nordlicht')
  })
})

describe('while the platform’s limiter is down', () => {
  test('comments are taken, and D1 counts them', async () => {
    const headers = { 'cf-connecting-ip': freshAddress() }
    const statuses: number[] = []
    for (let n = 0; n < 6; n++) {
      const response = await site.comment('schreiben', { text: `Ohne Zähler ${n}.` }, headers, {
        down: ['limiter'],
        now: '2040-01-01T12:00:00Z',
      })
      statuses.push(response.status)
    }
    expect(statuses).toEqual([303, 303, 303, 303, 303, 429])
    expect(site.logs.join('\n')).toContain('rate-limiter-failed')
  })
})

describe('while both are down', () => {
  test('a page in memory is shown', async () => {
    await site.page('/warm/')
    const response = await site.fetch(
      '/warm/',
      {},
      { down: ['kv', 'd1'], now: inSeconds(HOUR), settle: true },
    )
    expect(response.status).toBe(200)
    expect(costOf(response)).toMatchObject({ kv: 1, d1: 1 }) // it was tried
  })

  test('a comment comes back with its text', async () => {
    const headers = { 'cf-connecting-ip': freshAddress() }
    const response = await site.comment('schreiben', { text: 'Gar nichts geht.' }, headers, {
      down: ['kv', 'd1'],
    })
    expect(response.status).toBe(503)
    expect(new Dom(await response.text()).value('text')).toBe('Gar nichts geht.')
  })

  test('the cause is logged once per failure, as one line of JSON', () => {
    const lines = site.logs.filter((line) => line.includes('"event"'))
    expect(lines.length).toBeGreaterThan(0)
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow()
  })
})
