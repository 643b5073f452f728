import { mkdirSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TestBrowser, type Visit } from '../support/browser.ts'
import { AccessServer } from '../support/cloudflare-access.ts'
import { Colleague } from '../support/desk.ts'
import { article, publishNewsroom, settings } from '../support/fixture.ts'
import { TestSite } from '../support/site.ts'

/** Signing in as a person does it, with the authenticator that Chromium simulates. */

let site: TestSite
let browser: TestBrowser
beforeAll(async () => {
  ;[site, browser] = await Promise.all([TestSite.open(), TestBrowser.launch()])
  await publishNewsroom(site, article('artikel'))
})
afterAll(() => Promise.all([site?.close(), browser?.close()]))

/** A fingerprint reader that always agrees. */
async function plugInAuthenticator({ context, page }: Visit): Promise<void> {
  const devtools = await context.newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
}

async function invite(role: string): Promise<string> {
  const email = `${role}-${Math.random().toString(36).slice(2)}@redaktion.example`
  const response = await site.api('POST', 'desk/people', { email, role, name: 'Änne Groß' })
  return new URL((await response.json<{ link: string }>()).link).pathname
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

test('somebody whom Cloudflare Access vouches for comes from its page into the desk, and goes by way of its page', async () => {
  const access = await AccessServer.open()
  try {
    await site.publish('site', settings({ desk: { access: access.settings } }))
    await browser.visit(site, { isStaff: true, mayVisit: [access.url] }, async (page, visit) => {
      const { id, email } = await Colleague.open(site, 'editor', { name: 'Anna' })
      const url = visit.url('/')
      await visit.context.addCookies([{ name: 'CF_Authorization', value: access.token({ email }), url }])
      const comeIn = async () => {
        await page.goto(`${access.url}/?to=${encodeURIComponent(visit.url('/desk/account/'))}`)
        await page.getByRole('link', { name: 'Weiter' }).click()
        await page.getByRole('heading', { name: 'Mein Konto' }).waitFor()
      }
      await comeIn()
      await comeIn()
      // The second time the session was there already: a click from elsewhere begins no other.
      const log = await site.env.DB.prepare('SELECT action FROM audit WHERE person = ?1').bind(id).all()
      expect(log.results).toEqual([{ action: 'sign-in-access' }])
      await button(page, 'Abmelden').click()
      await page.getByRole('heading', { name: 'Von Access abgemeldet' }).waitFor()
      await visit.context.clearCookies({ name: 'CF_Authorization' })
      await page.goto(visit.url('/desk/account/'))
      await page.getByRole('heading', { name: 'Anmelden' }).waitFor()
    })
  } finally {
    await site.publish('site', settings())
    await access.close()
  }
})

describe('somebody who was invited', () => {
  test('comes by the link, makes a passkey, signs out and in again with it', async () => {
    await browser.visit(site, { isStaff: true }, async (page, visit) => {
      await plugInAuthenticator(visit)
      await page.goto(visit.url(await invite('admin')))
      await button(page, 'Jetzt anmelden').click()
      await page.getByRole('heading', { name: 'Mein Konto' }).waitFor()
      await button(page, 'Passkey anlegen').click()
      await page.getByText('Der Passkey ist hinzugefügt.').waitFor()
      expect(await page.locator('.desk-list').first().textContent()).toContain('Chrome, Linux')
      await button(page, 'Abmelden').click()
      await page.getByRole('heading', { name: 'Anmelden' }).waitFor()
      await page.goto(visit.url('/desk/people/'))
      await button(page, 'Mit Passkey anmelden').click()
      await page.getByRole('heading', { name: 'Leute' }).waitFor()
      expect(page.url()).toBe(visit.url('/desk/people/'))
    })
  })

  test('has to show the passkey once more before what can’t be taken back', async () => {
    await browser.visit(site, { isStaff: true }, async (page, visit) => {
      await plugInAuthenticator(visit)
      await page.goto(visit.url(await invite('admin')))
      await button(page, 'Jetzt anmelden').click()
      await button(page, 'Passkey anlegen').click()
      await page.getByText('Der Passkey ist hinzugefügt.').waitFor()
      await visit.passTime(10 * 60)
      await page.goto(visit.url('/desk/people/'))
      await button(page, 'Sperren').first().click()
      await page.getByRole('heading', { name: 'Bitte bestätigen' }).waitFor()
      await button(page, 'Mit Passkey anmelden').click()
      await page.getByRole('heading', { name: 'Leute' }).waitFor()
      await button(page, 'Sperren').first().click()
      await page.getByRole('status').waitFor()
    })
  })

  test('is told when the passkey is none of theirs', async () => {
    await browser.visit(site, { isStaff: true }, async (page, visit) => {
      const devtools = await visit.context.newCDPSession(page)
      await devtools.send('WebAuthn.enable')
      await page.goto(visit.url('/desk/sign-in/'))
      await page.evaluate(() => {
        navigator.credentials.get = () => Promise.reject(new DOMException('nein', 'NotAllowedError'))
      })
      await button(page, 'Mit Passkey anmelden').click()
      await page.getByText('Der Passkey wurde nicht angenommen.').waitFor()
    })
  })

  test('signs in by a link without JavaScript, too', async () => {
    await browser.visit(site, { isStaff: true, scripts: false, size: 'phone' }, async (page, visit) => {
      await page.goto(visit.url(await invite('editor')))
      await button(page, 'Jetzt anmelden').click()
      await page.getByRole('heading', { name: 'Mein Konto' }).waitFor()
      await page.getByLabel('Name').fill('Änne Groß-Özdemir')
      await button(page, 'Speichern').first().click()
      await page.getByText('Gespeichert.').waitFor()
      await button(page, 'Abmelden').click()
      await page.getByRole('heading', { name: 'Anmelden' }).waitFor()
    })
  })
})

test('pictures for who looks (SHOTS=folder)', async () => {
  const folder = process.env.SHOTS
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  for (const size of ['phone', 'desktop'] as const)
    await browser.visit(
      site,
      { isStaff: true, size, colours: size === 'phone' ? 'dark' : 'light' },
      async (page, visit) => {
        await page.goto(visit.url('/desk/sign-in/'))
        await page.screenshot({ path: `${folder}/desk-sign-in-${size}.png`, fullPage: true })
        await page.goto(visit.url(await invite('admin')))
        await button(page, 'Jetzt anmelden').click()
        await page.getByRole('heading', { name: 'Mein Konto' }).waitFor()
        await page.screenshot({ path: `${folder}/desk-account-${size}.png`, fullPage: true })
        for (const part of ['people', 'audit', 'mail']) {
          await page.goto(visit.url(`/desk/${part}/`))
          await page.screenshot({ path: `${folder}/desk-${part}-${size}.png`, fullPage: true })
        }
      },
    )
})
