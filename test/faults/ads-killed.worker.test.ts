import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { creativeHash, hashOf } from '../../src/ad/token.ts'
import { tokenKey, tokenText } from '../support/ad-token.ts'
import { KillableSite } from '../support/killable-site.ts'
import { freshAddress, SECRET } from '../support/site.ts'

/**
 * The power goes off while ads are counted. What was sent is known here, so that what is in D1 at last can be counted
 * against it: no click that was confirmed is lost, nothing is counted twice, and of views at most the last second's are.
 */

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
/** How long an isolate holds views, and what a busy machine adds to it. */
const HELD_MS = 1000 + 1000

let site: KillableSite
const key = await tokenKey(SECRET)
beforeAll(async () => {
  site = await KillableSite.create()
  await site.start()
  await site.publish()
})
afterAll(() => site?.remove())

const newToken = () =>
  tokenText(key, 'nordlicht', {
    mintedAt: Math.floor(Date.now() / 1000),
    creative: creativeHash('a'),
    placement: 'in-article',
    section: hashOf('wirtschaft'),
    country: 'DE',
    device: null,
  })

const ask = async (path: string) =>
  (await site.ask(path, { headers: { 'user-agent': BROWSER, 'cf-connecting-ip': freshAddress() } }))?.status
const click = async (token: string) => (await ask(`/go/nordlicht?v=${token}`)) === 302
const load = async (token: string) => (await ask(`/go/nordlicht.gif?v=${token}`)) === 204

interface Sums {
  loaded: number
  clicks: number
  filtered: number
  batch: number
}
/** What lies in D1. While the Worker writes, a copy of its files may be torn: then it is looked at again. */
async function inD1(): Promise<Sums> {
  for (let tries = 0; ; tries++) {
    try {
      const [row] = await site.query(
        `SELECT coalesce(sum(loaded), 0) AS loaded, coalesce(sum(clicks), 0) AS clicks,
           coalesce(sum(filtered), 0) AS filtered, (SELECT coalesce(max(batch), 0) FROM ad_ledger) AS batch FROM ad_hour`,
      )
      return {
        loaded: Number(row?.loaded),
        clicks: Number(row?.clicks),
        filtered: Number(row?.filtered),
        batch: Number(row?.batch),
      }
    } catch (error) {
      if (tries > 20) throw error
    }
  }
}

/** Waits until what the ledger holds has come to D1: a marker that is sent last is there. */
async function settled(clicks: number): Promise<Sums> {
  const deadline = Date.now() + 60_000
  let sums = await inD1()
  while (sums.clicks < clicks && Date.now() < deadline) {
    await pause(200)
    sums = await inD1()
  }
  return sums
}

test.each([
  ['while clicks are confirmed', 'clicking'],
  ['when a batch has arrived in D1 and the ledger may not know it yet', 'arrived'],
  ['while a batch is due', 'due'],
])('a kill %s', { timeout: 180_000 }, async (_, phase) => {
  const before = await inD1()
  const clicks = Array.from({ length: 120 }, newToken)
  const confirmed = new Set<string>()
  const loaded: number[] = []
  let killedAt = 0
  let killed: Promise<void> | undefined
  const kill = () => {
    killedAt ||= Date.now()
    killed ??= site.kill()
  }
  const clicking = async () => {
    for (let at = 0; at < clicks.length && !killedAt; at += 10) {
      await Promise.all(
        clicks.slice(at, at + 10).map(async (token) => {
          if (await click(token)) confirmed.add(token)
          if (phase === 'clicking' && confirmed.size >= 60) kill()
        }),
      )
    }
    if (phase === 'due') {
      await pause(10_000)
      kill()
    }
  }
  const loading = async () => {
    while (!killedAt) {
      const sentAt = Date.now()
      if (await load(newToken())) loaded.push(sentAt)
    }
  }
  const watching = async () => {
    while (phase === 'arrived' && !killedAt) if ((await inD1()).batch > before.batch) kill()
  }
  await Promise.all([clicking(), loading(), watching()])
  await killed
  expect(await site.integrity()).toEqual([{ integrity_check: 'ok' }])

  await site.start()
  // Everybody clicks again, whether or not the first click was answered: with the same token it is the same click.
  for (const token of clicks) expect(await click(token)).toBe(true)
  // The marker: where it has arrived, so has everything before it.
  expect(await click(newToken())).toBe(true)
  const after = await settled(before.clicks + clicks.length + 1)
  const views = after.loaded - before.loaded
  const safe = loaded.filter((sentAt) => sentAt < killedAt - HELD_MS).length
  expect(after.clicks - before.clicks, 'each click once').toBe(clicks.length + 1)
  expect(
    after.filtered - before.filtered,
    'and those confirmed are known to be doubled',
  ).toBeGreaterThanOrEqual(confirmed.size)
  expect(views).toBeGreaterThanOrEqual(safe)
  expect(views).toBeLessThanOrEqual(loaded.length + 1) // one may have been on its way
})
