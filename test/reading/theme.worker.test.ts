import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dom } from '../support/dom.ts'
import { article, author, settings } from '../support/fixture.ts'
import { TestSite } from '../support/site.ts'

let site: TestSite

beforeAll(async () => {
  site = await TestSite.open()
})
afterAll(() => site.close())

async function look(path: string, theme: object) {
  await site.publish('site', settings({ theme }))
  await site.publish('authors', author('Miriam Albers'))
  await site.publish('articles', article('artikel'))
  const response = await site.fetch(path)
  const html = await response.text()
  const css = /<style>(.*?)<\/style>/s.exec(html)?.[1] ?? ''
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(css))
  const hash = btoa(String.fromCharCode(...new Uint8Array(digest)))
  return {
    html,
    css,
    hash,
    dom: new Dom(html),
    policy: response.headers.get('content-security-policy') ?? '',
  }
}

describe('the theme of site.yaml', () => {
  test('leaves everything as it is where it says nothing', async () => {
    const { css, dom } = await look('/', {})
    expect(css).toContain('--accent:light-dark(#b3261a,#ff8a75)')
    expect(dom.all('link[rel="preload"]')).toHaveLength(1)
    expect(dom.html).not.toContain('.masthead-title{flex-direction:column')
  })

  test.each(['/', '/artikel/', '/search/', '/gibt-es-nicht/'])(
    'changes colours, typefaces and masthead on %s, and the policy allows that stylesheet alone',
    async (path) => {
      const { css, hash, dom, policy } = await look(path, {
        colors: { light: { accent: '#00508f' }, dark: { paper: '#000000' } },
        headlines: 'sans',
        text: 'sans',
        masthead: 'center',
      })
      expect(css).toContain('--accent:light-dark(#00508f,#ff8a75)')
      expect(css).toContain('--paper:light-dark(#faf6ee,#000000)')
      expect(css).toMatch(/--head:"Avenir Next"/)
      expect(dom.html).toContain('.masthead-title{flex-direction:column')
      expect(policy).toContain(`style-src 'sha256-${hash}'`)
      // A typeface of the device is not downloaded, and so not named either.
      expect(dom.all('link[rel="preload"]')).toHaveLength(0)
      expect(css).not.toContain('@font-face')
    },
  )

  test('is refused where text would be hard to read', async () => {
    const items = [settings({ theme: { colors: { light: { ink: '#cccccc' } } } })]
    const response = await site.api('POST', 'site', { items })
    expect(await response.text()).toContain('low-contrast')
  })
})
