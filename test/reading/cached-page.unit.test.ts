import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type ComposedPage, cachedPage, composePage } from '../../src/http/page.ts'
import { FakeSite } from '../support/fake-site.ts'

const KEY = 'https://medienwirtschaft.example/artikel/'
const SECOND = 1000
const HOUR = 3600 * SECOND

let fake: FakeSite
/** How often a page was composed, and what becomes of the next attempt. */
let composed: number
let outcome: (text: string) => Promise<ComposedPage | null>
beforeEach(() => {
  fake = new FakeSite('2026-01-15T12:00:00Z')
  composed = 0
  outcome = (html) => composePage({ html, headers: {} }, fake.now)
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())

const compose = () => {
  composed++
  return outcome(`Fassung ${composed}`)
}

/** What a reader gets. */
async function read(): Promise<string | null> {
  const page = await cachedPage(KEY, fake.site, compose)
  return page && new TextDecoder().decode(page.pieces[0])
}

/** Waits for what goes on after the responses. */
const settle = () => Promise.all(fake.deferred.splice(0))

describe('a page is kept in memory', () => {
  test('for half a minute as it is', async () => {
    expect(await read()).toBe('Fassung 1')
    fake.pass(30 * SECOND)
    expect(await read()).toBe('Fassung 1')
    expect(composed).toBe(1)
    expect(fake.deferred).toEqual([])
  })

  test('after that it is still given at once, and made anew behind the scenes', async () => {
    await read()
    fake.pass(31 * SECOND)
    expect(await read()).toBe('Fassung 1')
    await settle()
    expect(await read()).toBe('Fassung 2')
    expect(composed).toBe(2)
  })

  test('it is made anew once, however many readers come', async () => {
    await read()
    fake.pass(31 * SECOND)
    const all = await Promise.all(Array.from({ length: 200 }, read))
    expect(new Set(all)).toEqual(new Set(['Fassung 1']))
    await settle()
    expect(composed).toBe(2)
    fake.pass(31 * SECOND)
    await read()
    await settle()
    expect(composed).toBe(3)
  })

  test('it stands in while it can’t be made anew, and the next reader tries again', async () => {
    await read()
    const works = outcome
    outcome = () => Promise.reject(new Error('KV does not answer'))
    for (let hour = 1; hour <= 23; hour++) {
      fake.pass(HOUR)
      expect(await read()).toBe('Fassung 1')
      await settle()
    }
    expect(composed).toBe(24)
    outcome = works
    await read()
    await settle()
    expect(await read()).toBe('Fassung 25')
  })

  test('a refresh that never came back holds up no other for more than ten seconds', async () => {
    await read()
    fake.pass(31 * SECOND)
    const works = outcome
    outcome = () => new Promise(() => {})
    await read()
    outcome = works
    fake.pass(9 * SECOND)
    await read()
    expect(composed).toBe(2)
    fake.pass(1 * SECOND)
    await read()
    expect(composed).toBe(3)
  })

  test('one older than a minute and a half is made anew before it is given', async () => {
    await read()
    fake.pass(90 * SECOND)
    expect(await read()).toBe('Fassung 1')
    await settle()
    fake.pass(91 * SECOND)
    expect(await read()).toBe('Fassung 3')
  })

  test('it stands in for a day and no longer', async () => {
    await read()
    outcome = () => Promise.reject(new Error('KV does not answer'))
    fake.pass(24 * HOUR)
    expect(await read()).toBe('Fassung 1')
    fake.pass(1)
    await expect(read()).rejects.toThrow('KV does not answer')
  })

  test('it is not given beyond the moment at which a scheduled article appears', async () => {
    const due = new Date(fake.now.getTime() + 10 * SECOND).toISOString()
    outcome = (html) => composePage({ html, headers: {}, nextDue: due }, fake.now)
    await read()
    fake.pass(9 * SECOND)
    expect(await read()).toBe('Fassung 1')
    fake.pass(1 * SECOND)
    expect(await read()).toBe('Fassung 2')
  })
})

describe('a page is not kept', () => {
  test('when there is none', async () => {
    outcome = async () => null
    expect(await read()).toBeNull()
    expect(await read()).toBeNull()
    expect(composed).toBe(2)
    expect(fake.pages.size).toBe(0)
  })

  test('when it is gone since', async () => {
    await read()
    fake.pass(31 * SECOND)
    outcome = async () => null
    await read()
    await settle()
    expect(await read()).toBeNull()
  })

  test('when it is one reader’s own or something is missing from it', async () => {
    outcome = (html) => composePage({ html, headers: {}, isKept: false }, fake.now)
    expect(await read()).toBe('Fassung 1')
    expect(await read()).toBe('Fassung 2')
  })

  test('in place of a whole one, when something is missing from it', async () => {
    await read()
    fake.pass(31 * SECOND)
    outcome = (html) => composePage({ html, headers: {}, isKept: false }, fake.now)
    await read()
    await settle()
    expect(await read()).toBe('Fassung 1')
  })
})

test('thousands of pages take no more memory than the limit', async () => {
  const small = new FakeSite('2026-01-15T12:00:00Z', [], 20_000)
  for (let n = 0; n < 2000; n++) {
    await cachedPage(`${KEY}${n}`, small.site, () =>
      composePage({ html: 'x'.repeat(n % 3000), headers: {} }, small.now),
    )
    expect(small.pages.bytes).toBeLessThanOrEqual(20_000)
  }
  expect(small.pages.size).toBeGreaterThan(3)
})
