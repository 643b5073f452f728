import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dom } from '../support/dom.ts'
import { article, campaign, packCreative, publishNewsroom } from '../support/fixture.ts'
import { TestSite, TOKEN } from '../support/site.ts'

/** An HTML5 creative on its way from the archive into a sandbox on a page. */

const PAGE =
  '<!doctype html><html><head><title>Spiel</title><script src="spiel.js"></script></head><body>Hallo</body></html>'
const ARCHIVE = packCreative({ 'index.html': PAGE, 'spiel.js': 'let a = 1', 'bild.svg': '<svg/>' })

let site: TestSite
let frame: string
beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site, article('artikel'), article('ohne', { ads: 'none' }))
  await site.api('DELETE', 'ads/nordlicht')
  await site.api('DELETE', 'ads/suedwind')
  await site.putPicture('spiel.zip', ARCHIVE)
  const creative = {
    kind: 'html5',
    size: '300x250',
    file: 'spiel.zip',
    alt: 'Ein kleines Spiel',
    url: '/impressum/',
  }
  await site.publish('ads', campaign('spiel', { creatives: [creative] }))
  frame = new Dom(await site.page('/artikel/')).attribute('.ad iframe', 'src') ?? ''
})
afterAll(() => site.close())

const folder = () => frame.slice(0, frame.lastIndexOf('/') + 1)
const upload = (bytes: Uint8Array<ArrayBuffer>) =>
  site.fetch('/api/media/anders.zip', {
    method: 'PUT',
    headers: { authorization: `Bearer ${TOKEN}` },
    body: bytes,
  })

describe('on a page', () => {
  test('it stands in a sandbox of known size, with a name, and a plain link below', async () => {
    const dom = new Dom(await site.page('/artikel/'))
    const [width, height, title, sandbox, loading] = ['width', 'height', 'title', 'sandbox', 'loading'].map(
      (name) => dom.attribute('.ad iframe', name),
    )
    expect([width, height, title, loading]).toEqual(['300', '250', 'Ein kleines Spiel', 'lazy'])
    expect(sandbox).not.toMatch(/same-origin|top-navigation|forms|modals/)
    expect(dom.text('.ad-link')).toBe('Weiter zu Kontor Nordlicht')
    expect(frame).toMatch(/^\/creative\/[0-9a-f]{32}\/index\.html\?clickTag=%2Fgo%2Fspiel/)
  })

  test('frames are allowed where there are slots, of this site only, and nowhere else', async () => {
    const policyOf = async (path: string) => (await site.fetch(path)).headers.get('content-security-policy')
    expect(await policyOf('/artikel/')).toContain("frame-src 'self';")
    expect(await policyOf('/ohne/')).not.toContain('frame-src')
    expect(await policyOf('/impressum/')).not.toContain('frame-src')
  })
})

describe('its files', () => {
  test('are served with a policy that lets them run and nothing more, for ever', async () => {
    const response = await site.fetch(frame)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('cache-control')).toContain('immutable')
    expect(response.headers.get('x-robots-tag')).toBe('noindex')
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain(`script-src ${site.url}${folder()} 'unsafe-inline'`)
    expect(policy).toContain("frame-ancestors 'self'")
    expect(policy).toMatch(/sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox$/)
    expect(policy).not.toMatch(/connect-src|https:|\*/)
    expect(await response.text()).toContain('mwClickTag')
    const script = await site.fetch(`${folder()}spiel.js`)
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(script.headers.get('access-control-allow-origin')).toBe('*')
    expect(await script.text()).toBe('let a = 1')
  })

  test('that are not there are a line of text', async () => {
    const paths = [
      `${folder()}mehr.js`,
      `${folder()}../../api/articles`,
      `${folder()}%2e%2e/index.html`,
      `${folder()}spiel.js/`,
      `${folder()}spiel.exe`,
      '/creative/',
      `/creative/${'0'.repeat(32)}/index.html`,
      '/creative/__proto__/index.html',
      '/creative/%ff/index.html',
    ]
    for (const path of paths) expect((await site.fetch(path)).status, path).not.toBe(200)
  })

  test('of an archive that nobody published as a creative are not served', async () => {
    await site.env.MEDIA.put(`${'a'.repeat(32)}.zip`, 'kein Archiv')
    expect((await site.fetch(`/creative/${'a'.repeat(32)}/index.html`)).status).toBe(404)
  })
})

describe('an archive that is none', () => {
  test.each([
    ['is empty', packCreative({}), 'Zip-Archiv'],
    ['has no page', packCreative({ 'a.js': 'x' }), 'index.html'],
    ['leads out', packCreative({ 'index.html': PAGE, '../a.js': 'x' }), '../a.js'],
    [
      'loads from outside',
      packCreative({ 'index.html': '<img src="https://evil.example/p">' }),
      'evil.example',
    ],
    ['is larger than 150 KB', packCreative({ 'index.html': PAGE, 'a.js': '/'.repeat(200_000) }), '150 KB'],
  ])('because it %s is refused, in words, and not stored', async (_, bytes, said) => {
    const response = await upload(bytes)
    expect(response.status).toBe(422)
    expect(await response.text()).toContain(said)
    expect(JSON.stringify(await (await site.api('GET', 'media')).json())).not.toContain('anders.zip')
  })

  test('is no picture of an article', async () => {
    const response = await site.api('POST', 'articles', {
      items: [article('bild', {}, '![Spiel](spiel.zip)')],
    })
    expect(await response.json()).toMatchObject({ items: [{ outcome: 'refused' }] })
  })
})
