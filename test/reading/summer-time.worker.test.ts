import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { article, publishNewsroom } from '../support/fixture.ts'
import { TestSite } from '../support/site.ts'

/** The clock of these tests only goes forward, across both changes of the clock in Berlin. */
let site: TestSite

const NIGHT = [
  // 28 March 2027: at 02:00 it becomes 03:00.
  ['fruehling-vorher', '2027-03-28T01:59:00+01:00', '2027-03-28T00:59:00Z'],
  ['fruehling-nachher', '2027-03-28T03:01:00+02:00', '2027-03-28T01:01:00Z'],
  // 31 October 2027: at 03:00 it becomes 02:00, and half past two comes twice.
  ['herbst-zuerst', '2027-10-31T02:30:00+02:00', '2027-10-31T00:30:00Z'],
  ['herbst-danach', '2027-10-31T02:30:00+01:00', '2027-10-31T01:30:00Z'],
] as const

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site, ...NIGHT.map(([name, date]) => article(name, { date })))
})
afterAll(() => site.close())

const shift = (moment: string, seconds: number) => new Date(Date.parse(moment) + seconds * 1000).toISOString()

describe('an article scheduled for the night in which the clock changes', () => {
  test.each(NIGHT)('%s, due at %s, appears at %s', async (name, _, moment) => {
    const before = { now: shift(moment, -1) }
    expect((await site.fetch(`/${name}/`, {}, before)).status).toBe(404)
    expect(await site.page('/', before)).not.toContain(`/${name}/`)
    const then = { now: shift(moment, 0) }
    expect((await site.fetch(`/${name}/`, {}, then)).status).toBe(200)
    expect(await site.page('/', then)).toContain(`/${name}/`)
  })

  test('stands in the month of the site’s own calendar', async () => {
    const now = '2027-12-01T00:00:00Z'
    expect(await site.page('/2027/03/', { now })).toContain('/fruehling-nachher/')
    expect(await site.page('/2027/10/', { now })).toContain('/herbst-danach/')
  })
})
