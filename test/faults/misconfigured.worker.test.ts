import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dom } from '../support/dom.ts'
import { article, publishNewsroom } from '../support/fixture.ts'
import { COMMENT, TestSite } from '../support/site.ts'

/** Who runs the site forgot a secret, or took one that is too short to be one. */
let site: TestSite
beforeAll(async () => {
  site = await TestSite.open({ vars: { MW_SECRET: 'zu-kurz', MW_READ_TOKEN: 'kurz' } })
  await publishNewsroom(site, article('artikel'))
})
afterAll(() => site.close())

describe('without a secret', () => {
  test('the health check says so', async () => {
    const response = await site.fetch('/healthz')
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({ status: 'failing', kv: true, d1: true, secrets: false })
  })

  test('a page that needs one is an error of ours that betrays nothing', async () => {
    const response = await site.fetch('/artikel/')
    expect(response.status).toBe(500)
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    const page = new Dom(await response.text())
    expect(page.text('h1')).toBe('Da ist etwas schiefgegangen')
    expect(page.text('main')).not.toMatch(/MW_SECRET|Error|\bat \w+ \(/)
    expect(site.logs.join('\n')).toContain('internal-error')
  })

  test('a comment is not taken, rather than stored with a key that anybody can guess', async () => {
    const response = await site.comment('artikel')
    expect(response.status).toBe(500)
    expect(await site.comments()).toEqual([])
    expect(site.logs.join('\n')).not.toContain(COMMENT.email)
  })

  test('what needs none is there', async () => {
    for (const path of ['/', '/feed/', '/sitemap.xml', '/category/wirtschaft/', '/go/nordlicht']) {
      expect((await site.fetch(path)).status, path).toBeLessThan(400)
    }
  })
})

describe('a token that is too short', () => {
  test('opens nothing', async () => {
    expect((await site.api('GET', 'articles', undefined, 'kurz')).status).toBe(401)
    expect((await site.api('GET', 'articles', undefined, '')).status).toBe(401)
    expect((await site.api('GET', 'articles')).status).toBe(200)
  })
})
