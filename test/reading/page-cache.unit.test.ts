import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Cached, PageCache } from '../../src/http/page-cache.ts'

const page = (bytes: number): Cached => ({ bytes, madeAt: 0 })

describe("the isolate's memory of pages", () => {
  test('never holds more bytes than its limit, and forgets the least recently used first', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
    const step = fc.oneof(
      fc.record({ do: fc.constant('set' as const), key, bytes: fc.integer({ min: 1, max: 120 }) }),
      fc.record({ do: fc.constant('get' as const), key, bytes: fc.constant(0) }),
      fc.record({ do: fc.constant('delete' as const), key, bytes: fc.constant(0) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const cache = new PageCache<Cached>(100)
        let model: { key: string; bytes: number }[] = [] // the most recently used last
        for (const { do: what, key, bytes } of steps) {
          const before = model.find((one) => one.key === key)
          if (what === 'get') {
            expect(cache.get(key)?.bytes).toBe(before?.bytes)
            if (before) model = [...model.filter((one) => one !== before), before]
          } else {
            model = model.filter((one) => one !== before)
            if (what === 'delete') cache.delete(key)
            else {
              cache.set(key, page(bytes))
              if (bytes <= 100) model.push({ key, bytes })
              while (model.reduce((sum, one) => sum + one.bytes, 0) > 100) model.shift()
            }
          }
          expect(cache.bytes).toBe(model.reduce((sum, one) => sum + one.bytes, 0))
          expect(cache.bytes).toBeLessThanOrEqual(100)
          expect(cache.size).toBe(model.length)
        }
      }),
    )
  })

  test('keeps the page read last, not the one stored last', () => {
    const cache = new PageCache<Cached>(100)
    for (const key of ['a', 'b', 'c']) cache.set(key, page(30))
    cache.get('a')
    cache.set('d', page(30))
    expect(['a', 'b', 'c', 'd'].filter((key) => cache.get(key))).toEqual(['a', 'c', 'd'])
    cache.set('e', page(60))
    expect(['a', 'c', 'd', 'e'].filter((key) => cache.get(key))).toEqual(['d', 'e'])
  })

  test('does not take a page that is larger than all of it, nor keep what that page replaced', () => {
    const cache = new PageCache<Cached>(100)
    cache.set('a', page(10))
    cache.set('a', page(101))
    expect(cache.get('a')).toBeUndefined()
    expect(cache.bytes).toBe(0)
  })

  test('takes pages up to the last byte', () => {
    const cache = new PageCache<Cached>(100)
    cache.set('a', page(100))
    expect(cache.get('a')?.bytes).toBe(100)
    cache.set('b', page(60))
    cache.set('c', page(40))
    expect(['a', 'b', 'c'].filter((key) => cache.get(key))).toEqual(['b', 'c'])
  })

  test('is empty when it is cleared', () => {
    const cache = new PageCache<Cached>(100)
    cache.set('a', page(10))
    cache.clear()
    expect([cache.size, cache.bytes, cache.get('a')]).toEqual([0, 0, undefined])
  })
})

describe('a refresh', () => {
  test('is one request at a time for each page', () => {
    const cache = new PageCache<Cached>(100)
    expect(cache.claimRefresh('a', 0)).toBe(true)
    expect(cache.claimRefresh('a', 1)).toBe(false)
    expect(cache.claimRefresh('b', 1)).toBe(true)
    cache.endRefresh('a')
    expect(cache.claimRefresh('a', 2)).toBe(true)
  })

  test('that never came back is given up after ten seconds', () => {
    const cache = new PageCache<Cached>(100)
    cache.claimRefresh('a', 0)
    expect(cache.claimRefresh('a', 9_999)).toBe(false)
    expect(cache.claimRefresh('a', 10_000)).toBe(true)
  })
})
