import { beforeEach, describe, expect, test } from 'vitest'
import { composePage, freshPage } from '../../src/http/page.ts'
import { FakeSite } from '../support/fake-site.ts'

const ADDRESS = 'https://medienwirtschaft.example/artikel/'
const ask = (method = 'GET') => new Request(ADDRESS, { method })

let fake: FakeSite
beforeEach(async () => {
  fake = Object.assign(new FakeSite('2026-01-15T12:00:00Z'), { requestUrl: ADDRESS })
  fake.pages.set(ADDRESS, await composePage({ html: '<p>Text</p>', headers: {} }, fake.now))
})

describe('a page asked for at its address', () => {
  test('is found without a route for half a minute', () => {
    const page = freshPage(ask(), fake.site)
    expect(page).not.toBeNull()
    fake.pass(30_000)
    expect(freshPage(ask(), fake.site)).toBe(page)
    fake.pass(1)
    expect(freshPage(ask(), fake.site)).toBeNull()
  })

  test.each(['HEAD', 'POST', 'OPTIONS', 'DELETE'])('is no answer to %s', (method) => {
    expect(freshPage(ask(method), fake.site)).toBeNull()
  })

  test('is another page at another address, were it only the query', () => {
    Object.assign(fake, { requestUrl: `${ADDRESS}?kommentar=1.x` })
    expect(freshPage(ask(), fake.site)).toBeNull()
  })
})
