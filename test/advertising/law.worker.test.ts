import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dom } from '../support/dom.ts'
import { article, campaign, publishNewsroom, settings } from '../support/fixture.ts'
import { TestSite } from '../support/site.ts'

/** What the law and the trade's rules ask of a site that sells ads. */

let site: TestSite
beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site, article('artikel'))
})
afterAll(() => site.close())

const withAds = (ads: Record<string, unknown>) => site.publish('site', settings({ ads }))

describe('the label', () => {
  test('is what the site calls its ads, of the words that the law allows', async () => {
    await withAds({ label: 'Anzeige' })
    const dom = new Dom(await site.page('/artikel/'))
    expect(dom.text('.ad-label')).toBe('Anzeige')
    expect(dom.attribute('.ad', 'aria-labelledby')).toBe('anzeige-1')
  })

  test.each(['', 'Partner', 'Empfehlung', 'Sponsored Post', 'anzeige'])('is never „%s“', async (label) => {
    const response = await site.api('PUT', 'site/site', {
      frontMatter: settings({ ads: { label } }).frontMatter,
      body: '',
    })
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ errors: [{ key: 'ads.label', expected: 'adLabel' }] })
  })
})

describe('a notice of political advertising', () => {
  const political = {
    sponsor: 'Verein Freie Presse',
    amount: '1.200 EUR',
    period: 'Mai 2026',
    election: 'keine',
  }
  const noticeOf = async () => {
    const response = await site.fetch('/ads/wahl/')
    return response.status === 200 ? new Dom(await response.text()).texts('.body dd') : response.status
  }
  const inYears = (years: number) => new Date(Date.now() + years * 365.25 * 24 * 60 * 60_000)

  test('is there with the campaign, and stays when the campaign is gone, in its newest version', async () => {
    await withAds({ political: 'allow' })
    await site.publish('ads', campaign('wahl', { political }))
    expect(await noticeOf()).toEqual(Object.values(political))
    await site.publish('ads', campaign('wahl', { political: { ...political, amount: '2.400 EUR' } }))
    await site.api('DELETE', 'ads/wahl')
    expect(await noticeOf()).toEqual(['Verein Freie Presse', '2.400 EUR', 'Mai 2026', 'keine'])
    expect(new Dom(await site.page('/ads/wahl/')).text('.body')).toContain('erscheint nicht mehr')
  })

  test('stays for seven years after the ad was last published, and not longer', async () => {
    await site.runScheduled('17 3 * * *', inYears(6.9))
    expect(await noticeOf()).not.toBe(404)
    await site.runScheduled('17 3 * * *', inYears(7.1))
    expect(await noticeOf()).toBe(404)
  })

  test('stays as long as the campaign runs, however long that is', async () => {
    await site.publish('ads', campaign('wahl', { political }))
    await site.runScheduled('17 3 * * *', inYears(8))
    await site.api('DELETE', 'ads/wahl')
    await site.runScheduled('17 3 * * *', inYears(14))
    expect(await noticeOf()).not.toBe(404)
    await site.runScheduled('17 3 * * *', inYears(16))
    expect(await noticeOf()).toBe(404)
  })

  test('is not made of a draft', async () => {
    await site.publish('ads', campaign('wahl', { political, state: 'draft' }))
    expect(await noticeOf()).toBe(404)
    await site.api('DELETE', 'ads/wahl')
    expect(await noticeOf()).toBe(404)
  })
})

describe('/ads.txt', () => {
  test('is not there where the settings say nothing', async () => {
    await withAds({})
    for (const path of ['/ads.txt', '/sellers.json']) expect((await site.fetch(path)).status).toBe(404)
  })

  test('says that nobody else may sell', async () => {
    await withAds({ authorizedSellers: [] })
    const response = await site.fetch('/ads.txt')
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(await response.text()).toBe(
      'placeholder.example.com, placeholder, DIRECT, placeholder\nOWNERDOMAIN=127.0.0.1\n',
    )
  })

  test('names who may, and whom to ask', async () => {
    await withAds({
      contact: 'anzeigen@redaktion.example',
      authorizedSellers: [
        { domain: 'vermarkter.example', account: 'pub-17', certification: 'f08c47fec0942fa0' },
        { domain: 'boerse.example', account: '4711', relation: 'reseller' },
      ],
    })
    expect((await site.page('/ads.txt')).split('\n').slice(0, 3)).toEqual([
      'vermarkter.example, pub-17, DIRECT, f08c47fec0942fa0',
      'boerse.example, 4711, RESELLER',
      'CONTACT=anzeigen@redaktion.example',
    ])
  })

  test.each([
    { domain: 'ver markter', account: '1' },
    { domain: 'a.example', account: '1, DIRECT\nx' },
    { domain: 'a.example' },
  ])('takes no line that could be another: %j', async (seller) => {
    const { frontMatter } = settings({ ads: { authorizedSellers: [seller] } })
    expect((await site.api('PUT', 'site/site', { frontMatter, body: '' })).status).toBe(422)
  })
})

test('/sellers.json says for whom the site sells', async () => {
  await withAds({
    contact: 'anzeigen@redaktion.example',
    sellers: [{ id: '1', name: 'Verlag Nord', domain: 'nord.example' }],
  })
  const response = await site.fetch('/sellers.json')
  expect(await response.json()).toEqual({
    contact_email: 'anzeigen@redaktion.example',
    version: '1.0',
    sellers: [{ seller_id: '1', name: 'Verlag Nord', domain: 'nord.example', seller_type: 'PUBLISHER' }],
  })
})
