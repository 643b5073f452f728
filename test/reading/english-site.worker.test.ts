import { afterAll, beforeAll, expect, test } from 'vitest'
import { Dom } from '../support/dom.ts'
import { publishEnglishContent } from '../support/gallery.ts'
import { TestSite } from '../support/site.ts'

/** A whole newsroom in English (`test/fixtures/site-en`), published as a person would and followed link by link. */
let site: TestSite
const pages = new Map<string, { status: number; html: string }>()

beforeAll(async () => {
  site = await TestSite.open()
  await publishEnglishContent(site)
  const waiting = ['/', '/search/?q=ferry', '/search/?q=zzzzz', '/night-fery-returns/']
  for (let address = waiting.shift(); address !== undefined; address = waiting.shift()) {
    if (pages.has(address)) continue
    const response = await site.fetch(address)
    const isPage = response.headers.get('content-type')?.startsWith('text/html') ?? false
    const html = await response.text()
    if (!isPage) continue
    pages.set(address, { status: response.status, html })
    const links = new Dom(html).attributes('a', 'href').flatMap((href) => {
      const url = URL.parse(href ?? '', site.url + address)
      return url?.origin === site.url && !url.pathname.startsWith('/go/') ? [url.pathname + url.search] : []
    })
    waiting.push(...links)
  }
})
afterAll(() => site.close())

test('every page of it is there', () => {
  expect(pages.size).toBeGreaterThan(15)
  const missing = [...pages].filter(([, { status }]) => status !== 200).map(([address]) => address)
  expect(missing).toEqual(['/night-fery-returns/'])
})

test('nothing on it is German: no word that is read, heard or looked up', () => {
  const german =
    /\b(?:und|der|die|das|nicht|oder|mit|von|zum|zur|Artikel|Kommentare?|Seite|Anzeige|Werbung|Quelle|Suche|Startseite|Ressorts|Uhr|Minuten|Weitere|Neueste|Weitergeben|Schlagwörter)\b|[äöüÄÖÜß]/u
  const found = [...pages].flatMap(([address, { html }]) => {
    const read = html
      .replace(/<style>.*?<\/style>/s, ' ')
      .replace(
        /\s(?:id|href|for|class|name|src|srcset|action|value|content="http|aria-(?:labelledby|describedby|controls))="[^"]*"/g,
        ' ',
      )
      .replace(/"(?:https?:)?\/[^"]*"/g, ' ')
    const word = german.exec(read)
    return word ? [`${address}: ${read.slice(Math.max(0, word.index - 60), word.index + 40)}`] : []
  })
  expect(found).toEqual([])
})

test('it wears its own theme', () => {
  const { html = '' } = pages.get('/') ?? {}
  expect(html).toContain('--accent:light-dark(#00508f,#8ec5ff)')
  expect(html).toContain('<html lang="en">')
  expect(html).toContain('.masthead-title{flex-direction:column')
})
