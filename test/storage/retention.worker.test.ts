import { afterAll, beforeAll, expect, test } from 'vitest'
import { article, publishNewsroom } from '../support/fixture.ts'
import { COMMENT, freshAddress, TestSite } from '../support/site.ts'

let site: TestSite
const DAY = 86_400_000
const ago = (milliseconds: number) => new Date(Date.now() - milliseconds).toISOString()

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site, article('artikel', { date: '2020-01-01T00:00:00Z' }))
})
afterAll(() => site.close())

const hashes = async () =>
  Object.fromEntries((await site.comments()).map(({ text, ip_hash }) => [String(text), ip_hash !== null]))

test('once a day, address hashes older than a week are emptied, and only those', async () => {
  for (const [text, age] of [
    ['alt', 8],
    ['fast', 6],
    ['neu', 0],
  ] as const) {
    const response = await site.comment('artikel', { text }, {}, { now: ago(age * DAY) })
    expect(response.status).toBe(303)
  }
  expect(await hashes()).toEqual({ alt: true, fast: true, neu: true })
  await site.runScheduled()
  expect(await hashes()).toEqual({ alt: false, fast: true, neu: true })
})

test('nothing else of an old comment changes', async () => {
  const [oldest] = await site.comments()
  expect(oldest).toMatchObject({ name: COMMENT.name, text: 'alt', status: 'pending' })
  expect(String(oldest?.email).length).toBeGreaterThan(20)
})

test('counters of attempts older than an hour go, and the newer ones stay', async () => {
  const headers = { 'cf-connecting-ip': freshAddress() }
  await site.comment('artikel', { text: 'eins' }, headers, { noLimiter: true, now: ago(2 * 3_600_000) })
  await site.comment('artikel', { text: 'zwei' }, { 'cf-connecting-ip': freshAddress() }, { noLimiter: true })
  const count = () => site.env.DB.prepare('SELECT count(*) AS n FROM rate_limit').first('n')
  expect(await count()).toBe(2)
  await site.runScheduled()
  expect(await count()).toBe(1)
})

test('doing it again changes nothing', async () => {
  const before = await site.comments()
  await site.runScheduled()
  expect(await site.comments()).toEqual(before)
})
