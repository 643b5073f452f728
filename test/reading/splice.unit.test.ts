import { afterEach, describe, expect, test, vi } from 'vitest'
import { listContext, withSlots } from '../../src/ad/context.ts'
import { fillSlots } from '../../src/ad/fill.ts'
import { utf8 } from '../../src/http/bytes.ts'
import { NO_STORE } from '../../src/http/headers.ts'
import { composePage, type PageDraft, redirect, sendPage } from '../../src/http/page.ts'
import { slotMarker } from '../../src/http/slots.ts'
import { FakeSite, stored } from '../support/fake-site.ts'

const SLOT = slotMarker('in-article')
const NOON = '2026-01-15T12:00:00Z'
const ADDRESS = 'https://medienwirtschaft.example/artikel/'
const draft = (more: Partial<PageDraft> = {}): PageDraft => ({
  html: `<p>Davor – „Öl“ 🛢.</p>${SLOT}<p>Danach.</p>`,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  ads: withSlots(listContext('list', { section: 'wirtschaft' })),
  ...more,
})
const compose = (more: Partial<PageDraft> = {}) => composePage(draft(more), new Date(NOON))
const ask = (headers: Record<string, string> = {}) => new Request(ADDRESS, { headers })

afterEach(() => vi.restoreAllMocks())

describe('one composed page, many readers', () => {
  const fake = new FakeSite(NOON, [stored('nordlicht'), stored('suedwind')])

  test('the ad stands where the slot was, and the rest is untouched', async () => {
    const page = await compose()
    const html = await sendPage(page, ask(), fake.site, () => [utf8('<i>Anzeige – „ä“</i>')]).text()
    expect(html).toBe('<p>Davor – „Öl“ 🛢.</p><i>Anzeige – „ä“</i><p>Danach.</p>')
  })

  test('two readers see different ads', async () => {
    const page = await compose()
    const random = vi.spyOn(Math, 'random')
    random.mockReturnValue(0)
    const first = await sendPage(page, ask(), fake.site, fillSlots).text()
    random.mockReturnValue(0.9)
    const second = await sendPage(page, ask(), fake.site, fillSlots).text()
    expect(first).toContain('/go/nordlicht?v=')
    expect(second).toContain('/go/suedwind?v=')
    const withoutToken = (html: string) => html.replace(/v=[\w-]{28}/g, 'v=')
    expect(withoutToken(first).replaceAll('nordlicht', 'suedwind')).toBe(withoutToken(second))
  })

  test('readers who take their time each get their own page', async () => {
    const long = await compose({ html: `${'lang '.repeat(50_000)}${SLOT}Ende` })
    const short = await compose()
    const responses = Array.from({ length: 8 }, (_, n) =>
      sendPage(n % 2 === 0 ? long : short, ask(), fake.site, () => [utf8(`[${n}]`)]),
    )
    const pages = await Promise.all(responses.map((response) => response.text()))
    expect(pages.map((html) => html.replace(/(?:lang )+/, 'lang '))).toEqual(
      pages.map((_, n) => (n % 2 === 0 ? `lang [${n}]Ende` : `<p>Davor – „Öl“ 🛢.</p>[${n}]<p>Danach.</p>`)),
    )
  })

  test('without a campaign there is no box', async () => {
    const html = await sendPage(await compose(), ask(), new FakeSite(NOON).site, fillSlots).text()
    expect(html).toBe('<p>Davor – „Öl“ 🛢.</p><p>Danach.</p>')
  })

  test('a page without a slot asks for no ad', async () => {
    const fill = vi.fn(() => [utf8('Anzeige')])
    const html = await sendPage(await compose({ html: '<p>Nur Text.</p>' }), ask(), fake.site, fill).text()
    expect(html).toBe('<p>Nur Text.</p>')
    expect(fill).not.toHaveBeenCalled()
  })

  test('ads are chosen by what the page is about, and by nothing but that and the request', async () => {
    const fill = vi.fn(() => [])
    const request = ask()
    sendPage(
      await compose({ ads: withSlots(listContext('list', { tags: ['solar'] })) }),
      request,
      fake.site,
      fill,
    )
    const context = { ...listContext('list', { tags: ['solar'] }), slots: ['in-article'] }
    expect(fill).toHaveBeenCalledWith(context, request, fake.site)
  })

  test('several ads stand each in its own slot, and an empty slot leaves nothing', async () => {
    const page = await compose({ html: `1${SLOT}2${SLOT}3${slotMarker('list')}4` })
    const html = await sendPage(page, ask(), fake.site, () => [utf8('[a]'), null, utf8('[c]')]).text()
    expect(html).toBe('1[a]23[c]4')
  })
})

describe('a page asked for again', () => {
  const { site } = new FakeSite(NOON)

  test('is answered with 304 and no bytes when the reader has it', async () => {
    const page = await compose()
    const etag = sendPage(page, ask(), site).headers.get('etag') ?? ''
    const again = sendPage(page, ask({ 'if-none-match': etag }), site)
    expect(again.status).toBe(304)
    expect(await again.text()).toBe('')
    expect(again.headers.get('etag')).toBe(etag)
    expect(again.headers.get('cache-control')).toBe('public, max-age=0, must-revalidate')
  })

  test('is sent whole when it changed', async () => {
    const [old, fresh] = [await compose(), await compose({ html: '<p>Neu.</p>' })]
    expect(sendPage(fresh, ask({ 'if-none-match': old.etag }), site).status).toBe(200)
  })

  test('is the same version with another form token', async () => {
    const withToken = (token: string) => compose({ html: `<p>Text</p>${token}`, unversioned: token })
    const [one, other] = [await withToken('abc'), await withToken('xyz')]
    expect(one.etag).toBe(other.etag)
    expect(await sendPage(other, ask(), site).text()).toContain('xyz')
  })

  test('is never 304 when it is one reader’s own, or no page at all', async () => {
    for (const more of [{ isKept: false }, { status: 404 }]) {
      const page = await compose(more)
      expect(page.isKept).toBe(false)
      const response = sendPage(page, ask({ 'if-none-match': `${page.etag}, *` }), site)
      expect(response.status).toBe(more.status ?? 200)
      expect(response.headers.get('etag')).toBeNull()
      expect(response.headers.get('cache-control')).toBe(NO_STORE['cache-control'])
    }
  })
})

describe('a composed page', () => {
  test('knows how much memory it takes, more rather than less', async () => {
    const page = await compose({ html: `${'ä'.repeat(5000)}${SLOT}${'ö'.repeat(7000)}` })
    expect(page.bytes).toBeGreaterThan(24_000)
    expect(page.bytes).toBeLessThan(26_000)
    expect(page.madeAt).toBe(new Date(NOON).getTime())
  })

  test('without content is a fault of ours', async () => {
    const page = await compose()
    expect(() => sendPage({ ...page, pieces: [] }, ask(), new FakeSite(NOON).site)).toThrow(/without content/)
  })

  test('a redirect stays on the site and carries the security headers', () => {
    const response = redirect('/artikel/#kommentar-1', 303, NO_STORE)
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/artikel/#kommentar-1')
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  })
})
