import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dayOfHour } from '../../src/ad/count.ts'
import { publishNewsroom } from '../support/fixture.ts'
import { TestSite } from '../support/site.ts'

/** After 13 months figures are kept by the day: nothing is lost and nothing is made up. */

let site: TestSite
beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site)
})
afterAll(() => site.close())

const NUMBERS = ['served', 'loaded', 'viewable', 'clicks', 'filtered'] as const
type Row = Record<string, string | number>

const anyRow: fc.Arbitrary<Row> = fc.record({
  campaign: fc.constantFrom('a', 'b'),
  // Around both changes of summer time, and around the end of the 13 months before the run.
  hour: fc
    .integer({ min: 0, max: 60 })
    .chain((hours) =>
      fc
        .constantFrom('2026-03-28T12', '2026-10-24T12', '2026-05-14T00')
        .map((from) => new Date(Date.parse(`${from}:00:00Z`) + hours * 3_600_000).toISOString().slice(0, 13)),
    ),
  creative: fc.constantFrom('x', 'y'),
  placement: fc.constantFrom('list', 'side'),
  section: fc.constantFrom('', 'wirtschaft'),
  country: fc.constantFrom('', 'DE'),
  device: fc.constantFrom('', 'phone'),
  served: fc.nat(1000),
  loaded: fc.nat(1000),
  viewable: fc.nat(1000),
  clicks: fc.nat(1000),
  filtered: fc.nat(1000),
})
const keyOf = ({ campaign, hour, creative, placement, section, country, device }: Row) =>
  [campaign, hour, creative, placement, section, country, device].join()

/** The run, at which everything before 2026-05-15T03 is folded. */
const RUN = new Date('2027-06-15T03:17:00Z')
const FOLDED_BEFORE = '2026-05-15T03'

test('the fold keeps every sum, by campaign, day of the site’s zone, and place', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(anyRow, { selector: keyOf, minLength: 1, maxLength: 60 }),
      async (rows) => {
        await site.env.DB.exec('DELETE FROM ad_hour;DELETE FROM ad_day')
        const columns = [...Object.keys(rows[0] ?? {}), 'day']
        const insert = site.env.DB.prepare(
          `INSERT INTO ad_hour (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
        )
        const dated = rows.map((row): Row => ({ ...row, day: dayOfHour(String(row.hour), 'Europe/Berlin') }))
        await site.env.DB.batch(dated.map((row) => insert.bind(...columns.map((column) => row[column]))))
        const before = await (await site.api('GET', 'ads-report')).json()
        await site.runScheduled('17 3 * * *', RUN)
        expect(await (await site.api('GET', 'ads-report')).json()).toEqual(before)
        const left = await site.env.DB.prepare('SELECT min(hour) AS hour FROM ad_hour').first<{
          hour: string | null
        }>()
        expect(left?.hour === null || (left?.hour ?? '') >= FOLDED_BEFORE).toBe(true)
        for (const by of ['creative', 'placement', 'section', 'country', 'device']) {
          for (const number of NUMBERS) {
            const expected: Record<string, number> = {}
            for (const row of rows) {
              const key = String(row[by])
              expected[key] = (expected[key] ?? 0) + Number(row[number])
            }
            const { results } = await site.env.DB.prepare(
              `SELECT ${by} AS at, sum(${number}) AS n FROM
                 (SELECT ${by}, ${number} FROM ad_hour UNION ALL SELECT ${by}, ${number} FROM ad_day) GROUP BY 1`,
            ).all<{ at: string; n: number }>()
            expect(Object.fromEntries(results.map(({ at, n }) => [at, n]))).toEqual(expected)
          }
        }
      },
    ),
    { numRuns: 12 },
  )
})
