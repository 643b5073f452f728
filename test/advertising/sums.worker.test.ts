import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { campaignReport } from '../../src/ad/campaign-report.ts'
import { dayOfHour } from '../../src/ad/count.ts'
import { totalsOf } from '../../src/ad/report-store.ts'
import { addBatch, foldHours } from '../../src/ad/store.ts'
import { TestSite } from '../support/site.ts'

/** Reports read sums that the database keeps itself: whatever is counted, corrected and folded, they are what a recount says. */

const site = await TestSite.open()
afterAll(() => site.close())
const { DB } = site.env
beforeEach(async () => {
  for (const table of ['ad_hour', 'ad_day', 'ad_sum', 'ad_total', 'ad_filtered', 'ad_ledger'])
    await DB.exec(`DELETE FROM ${table}`)
})

const BERLIN = 'Europe/Berlin'
const NUMBERS = ['served', 'loaded', 'viewable', 'clicks', 'filtered'] as const
const SUMS = NUMBERS.map((name) => `sum(${name}) AS ${name}`).join()
const ANY = NUMBERS.join(' + ')

type Line = Record<string, string | number>
let batches = 0
/** Brings lines to D1 as the ledger does. */
const bring = (lines: readonly Line[], reasons: readonly Line[] = []) => {
  const dated = (rows: readonly Line[]) =>
    JSON.stringify(rows.map((row) => ({ ...row, day: dayOfHour(String(row.hour), BERLIN) })))
  return addBatch(DB, 'ledger', {
    batch: ++batches,
    counts: dated(lines),
    reasons: dated(reasons),
    shelves: '[]',
  })
}
const line = (more: Line): Line => ({
  campaign: 'a',
  hour: '2026-05-04T10',
  creative: 'x',
  placement: 'list',
  section: '',
  country: '',
  device: '',
  ...Object.fromEntries(NUMBERS.map((name) => [name, 0])),
  ...more,
})

const rowsOf = async (sql: string) => (await DB.prepare(sql).all()).results

/** The sums, and the same counted anew. */
async function sumsAndRecount() {
  const all = `(SELECT campaign, day, creative, placement, ${NUMBERS} FROM ad_hour UNION ALL
    SELECT campaign, day, creative, placement, ${NUMBERS} FROM ad_day)`
  return {
    sums: {
      byDay: await rowsOf(
        `SELECT campaign, day, creative, placement, ${NUMBERS} FROM ad_sum WHERE ${ANY} > 0 ORDER BY 1, 2, 3, 4`,
      ),
      total: await rowsOf(`SELECT campaign, ${NUMBERS} FROM ad_total WHERE ${ANY} > 0 ORDER BY 1`),
    },
    recount: {
      byDay: await rowsOf(
        `SELECT * FROM (SELECT campaign, day, creative, placement, ${SUMS} FROM ${all} GROUP BY 1, 2, 3, 4) WHERE ${ANY} > 0 ORDER BY 1, 2, 3, 4`,
      ),
      total: await rowsOf(
        `SELECT * FROM (SELECT campaign, ${SUMS} FROM ${all} GROUP BY 1) WHERE ${ANY} > 0 ORDER BY 1`,
      ),
    },
  }
}

const anyHour = fc.integer({ min: 0, max: 40 }).chain((hours) =>
  // Around midnight in summer and in winter, and around both changes between them.
  fc
    .constantFrom('2026-03-28T12', '2026-10-24T12', '2026-06-30T20')
    .map((from) => new Date(Date.parse(`${from}:00:00Z`) + hours * 3_600_000).toISOString().slice(0, 13)),
)
const anyLine = fc
  .record({
    campaign: fc.constantFrom('a', 'b'),
    hour: anyHour,
    creative: fc.constantFrom('x', 'y'),
    placement: fc.constantFrom('list', 'side'),
    section: fc.constantFrom('', 'wirtschaft'),
    country: fc.constantFrom('', 'DE'),
    device: fc.constantFrom('', 'phone'),
    served: fc.nat(50),
    loaded: fc.nat(50),
    viewable: fc.nat(50),
    clicks: fc.nat(50),
    filtered: fc.nat(50),
  })
  .map(line)
const KEYS = ['campaign', 'hour', 'creative', 'placement', 'section', 'country', 'device'] as const
const keyOf = (one: Line) => KEYS.map((key) => one[key]).join()

/** A batch, the taking back of what was brought last, or a fold of what is older than an hour. */
const anyStep = fc.oneof(
  { weight: 4, arbitrary: fc.uniqueArray(anyLine, { selector: keyOf, minLength: 1, maxLength: 8 }) },
  { weight: 1, arbitrary: fc.constant('take back' as const) },
  { weight: 2, arbitrary: anyHour.map((before) => ({ before })) },
)

test('sums are what a recount of hours and days says, after any batches, corrections and folds', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 12 }), async (steps) => {
      let last: Line[] = []
      for (const step of steps) {
        if (Array.isArray(step)) {
          last = step
          await bring(step)
        } else if (step === 'take back') {
          await bring(
            last.map((one) =>
              line({ ...one, ...Object.fromEntries(NUMBERS.map((n) => [n, -Number(one[n])])) }),
            ),
          )
          last = []
        } else {
          const before = (await sumsAndRecount()).sums
          await DB.batch(foldHours(DB, step.before))
          last = []
          expect((await sumsAndRecount()).sums).toEqual(before)
        }
      }
      const { sums, recount } = await sumsAndRecount()
      expect(sums).toEqual(recount)
      expect(await rowsOf('SELECT 1 FROM ad_hour WHERE day IS NULL')).toEqual([])
    }),
    { numRuns: 20 },
  )
})

test('a batch that is sent again adds nothing to the sums', async () => {
  const batch = ++batches
  const counts = JSON.stringify([{ ...line({ loaded: 3 }), day: '2026-05-04' }])
  for (let n = 0; n < 2; n++) await addBatch(DB, 'ledger', { batch, counts, reasons: '[]', shelves: '[]' })
  expect((await totalsOf(DB, ['a'])).get('a')?.loaded).toBe(3)
})

test('an hour that an older ledger wrote without its day belongs to that of UTC, before and after the fold', async () => {
  const counts = JSON.stringify([line({ hour: '2026-05-04T23', loaded: 3 })])
  const reasons = JSON.stringify([
    { campaign: 'a', hour: '2026-05-04T23', kind: 'clicks', reason: 'bot', n: 2 },
  ])
  await addBatch(DB, 'ledger', { batch: ++batches, counts, reasons, shelves: '[]' })
  const days = async () => (await campaignReport(site, 'a', '2026-05-04', '2026-05-04')).days
  const before = await days()
  expect(before).toMatchObject([{ day: '2026-05-04', loaded: 3 }])
  await DB.batch(foldHours(DB, '2026-05-05T00'))
  expect(await days()).toEqual(before)
  expect(await rowsOf('SELECT day FROM ad_day')).toEqual([{ day: '2026-05-04' }])
})

test('what was counted before there were sums got the days of Central European Time', async () => {
  const migration = readFileSync(join(import.meta.dirname, '../../migrations/0020_ad_sums.sql'), 'utf8')
  const day = /UPDATE ad_hour SET day = ([^;]+);/.exec(migration)?.[1] ?? ''
  const from = Date.UTC(2025, 11, 31)
  const hours = Array.from({ length: 2 * 8760 }, (_, n) =>
    new Date(from + n * 3_600_000).toISOString().slice(0, 13),
  )
  const { results } = await DB.prepare(
    `SELECT ${day} AS day FROM (SELECT value AS hour, key FROM json_each(?1)) ORDER BY key`,
  )
    .bind(JSON.stringify(hours))
    .all()
  expect(results.map((row) => row.day)).toEqual(hours.map((hour) => dayOfHour(hour, BERLIN)))
})

describe('the report of a campaign', () => {
  const report = (from = '2026-05-01', to = '2026-05-31') => campaignReport(site, 'a', from, to)

  beforeEach(() =>
    bring(
      [
        line({ hour: '2026-05-03T21', served: 20, loaded: 10, viewable: 5, clicks: 1 }),
        line({ hour: '2026-05-03T22', served: 30, loaded: 20, viewable: 15, device: 'phone' }),
        line({ hour: '2026-05-04T10', served: 5, loaded: 5, clicks: 2, creative: 'y', filtered: 3 }),
        line({ hour: '2026-05-04T10', served: 7, loaded: 4, placement: 'side', creative: 'z' }),
        line({ campaign: 'b', loaded: 1000 }),
        line({ hour: '2026-06-01T10', loaded: 1000 }),
      ],
      [
        { campaign: 'a', hour: '2026-05-04T10', kind: 'clicks', reason: 'bot', n: 1 },
        { campaign: 'a', hour: '2026-05-04T11', kind: 'clicks', reason: 'bot', n: 1 },
        { campaign: 'a', hour: '2026-05-04T11', kind: 'loaded', reason: 'double', n: 1 },
        { campaign: 'a', hour: '2026-06-04T11', kind: 'loaded', reason: 'double', n: 100 },
      ],
    ),
  )

  test('adds up days of the site’s zone, placements, creatives and reasons', async () => {
    const found = await report()
    expect(found.total).toMatchObject({ served: 62, loaded: 39, viewable: 20, clicks: 3, filtered: 3 })
    expect(found.days).toMatchObject([
      { day: '2026-05-03', loaded: 10 },
      { day: '2026-05-04', loaded: 29 },
    ])
    expect(found.placements).toMatchObject([
      { placement: 'list', loaded: 35 },
      { placement: 'side', loaded: 4 },
    ])
    expect(found.creatives).toMatchObject([
      { creative: 'x', loaded: 30 },
      { creative: 'y', loaded: 5 },
      { creative: 'z', loaded: 4 },
    ])
    expect(found.reasons).toEqual([
      { kind: 'clicks', reason: 'bot', n: 2 },
      { kind: 'loaded', reason: 'double', n: 1 },
    ])
  })

  test('gives each share with its interval, and none where nothing was loaded', async () => {
    const { total, days } = await report()
    expect(total.viewableShare).toMatchObject({ rate: 20 / 39 })
    expect(total.clickRate?.low).toBeLessThan(3 / 39)
    expect(total.clickRate?.high).toBeGreaterThan(3 / 39)
    expect(days[1]?.clickRate?.rate).toBe(2 / 29)
    const empty = await report('2026-07-01', '2026-07-31')
    expect(empty.total).toMatchObject({ loaded: 0, viewableShare: null, clickRate: null })
    expect([empty.days, empty.reasons, empty.contests]).toEqual([[], [], []])
  })

  test('compares creatives that stood in the same placements, and names no winner too early', async () => {
    expect((await report()).contests).toMatchObject([
      { placements: ['list'], creatives: ['x', 'y'], verdict: 'too-early', best: null },
    ])
    await bring([line({ loaded: 20_000, clicks: 100 }), line({ creative: 'y', loaded: 20_000, clicks: 400 })])
    expect((await report()).contests).toMatchObject([{ creatives: ['x', 'y'], verdict: 'better', best: 1 }])
  })

  test('of all time is one row per campaign', async () => {
    const totals = await totalsOf(DB, ['a', 'b', 'nobody'])
    expect([...totals.keys()].sort()).toEqual(['a', 'b'])
    expect(totals.get('a')).toMatchObject({ loaded: 1039, clicks: 3 })
    expect((await totalsOf(DB, [])).size).toBe(0)
  })
})

test('a report over 13 months reads as many rows as there are days, creatives and placements', {
  timeout: 120_000,
}, async () => {
  // 34,560 rows of hours: 395 days with every second hour, in sections, countries and on devices.
  await DB.prepare(
    `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 4319),
       s (section) AS (VALUES ('a'), ('b')), d (device) AS (VALUES ('phone'), ('desktop')), c (creative) AS (VALUES ('x'), ('y'))
     INSERT INTO ad_hour (campaign, hour, day, creative, placement, section, device, loaded)
     SELECT 'a', substr(at, 1, 13), substr(at, 1, 10), creative, 'list', section, device, 1
     FROM (SELECT strftime('%Y-%m-%dT%H', '2025-10-01', '+' || (i * 395 * 24 / 4320) || ' hours') AS at FROM n), s, d, c`,
  ).run()
  expect(await rowsOf('SELECT count(*) AS n FROM ad_hour')).toEqual([{ n: 34_560 }])
  const { results, meta } = await DB.prepare(
    `SELECT * FROM ad_sum WHERE campaign = 'a' AND day BETWEEN '2025-10-01' AND '2026-10-31'`,
  ).all()
  expect(results).toHaveLength(2 * 395)
  expect(meta.rows_read).toBeLessThanOrEqual(2 * 395 + 1)
})
