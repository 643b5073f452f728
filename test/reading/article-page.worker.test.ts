import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dom } from '../support/dom.ts'
import { article, paragraph, publishNewsroom } from '../support/fixture.ts'
import { costOf, TestSite } from '../support/site.ts'

let site: TestSite
let response: Response
let page: Dom

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(
    site,
    article(
      'leitartikel',
      {
        title: 'Handel & „Wandel“ </script><script>alert(1)</script>',
        date: '2026-01-15T09:00:00+01:00',
        updated: '2026-01-16T10:30:00+01:00',
        source: { name: 'ots.at', url: 'https://www.ots.at' },
        image: { src: 'bild.svg', alt: 'Ein rotes Feld', caption: 'Rot.', credit: 'Grafik: MW' },
        tags: ['Handel', 'Außenpolitik'],
      },
      `${[1, 2, 3, 4].map(paragraph).join('\n\n')}\n\n## Ein Unterthema\n\n- Punkt\n\n> Zitat\n\n| A | B |\n| - | - |\n| 1 | 2 |\n\n![Bild](bild.svg "Unterschrift | Urheber")\n\n${paragraph(5)} Mit Fußnote.[^1]\n\n[^1]: Die Fußnote.`,
    ),
    article('verwandt', { tags: ['Handel'], date: '2026-01-14T09:00:00+01:00' }),
  )
  await site.fetch('/healthz')
  response = await site.fetch('/leitartikel/')
  page = new Dom(await response.text())
})
afterAll(() => site.close())

describe('the article page', () => {
  test('costs one read of KV and one round trip to D1 when cold, at the same time', () => {
    expect(response.status).toBe(200)
    expect(costOf(response)).toEqual({ kv: 1, d1: 1, parallel: true })
  })

  test('touches no storage when asked for again', async () => {
    expect(costOf(await site.fetch('/leitartikel/'))).toEqual({ kv: 0, d1: 0, parallel: false })
  })

  test('reads from top to bottom as the design says', () => {
    const landmarks = [
      '<a class="skip" href="#inhalt">Zum Inhalt springen</a>',
      '>MedienWirtschaft</a>',
      'aria-label="Ressorts"',
      '<main',
      '<a href="/category/wirtschaft/">Wirtschaft</a>',
      '<h1>Handel',
      'Worum es in leitartikel geht.',
      'Miriam Albers',
      'Veröffentlicht am <time datetime="2026-01-15T08:00:00Z">15. Januar 2026, 09:00',
      'Aktualisiert am <time datetime="2026-01-16T09:30:00Z">16. Januar 2026, 10:30',
      '2 Minuten Lesezeit',
      'alt="Ein rotes Feld"',
      'Rot.',
      'Grafik: MW',
      'Absatz 3',
      'Kurze Werbeeinblendung',
      'Absatz 4',
      'Ein Unterthema',
      'Quelle: ots.at',
      'Quelle/Referenz',
      '<a href="https://www.ots.at" rel="noopener external">ots.at</a>',
      'Ähnliche Artikel',
      'Artikel verwandt',
      'Noch keine Kommentare. Schreiben Sie den ersten.',
      'Schreibe einen Kommentar',
      'Ihre E-Mail-Adresse wird nicht veröffentlicht. Erforderliche Felder sind mit * markiert.',
      'Zurück zum Anfang',
      '>Impressum</a>',
      '<a href="/feed/">RSS-Feed</a>',
    ]
    let from = 0
    for (const landmark of landmarks) {
      const at = page.html.indexOf(landmark, from)
      expect(at, `${landmark} after position ${from}`).toBeGreaterThanOrEqual(from)
      from = at
    }
  })

  test('has one headline, and headings without a gap', () => {
    expect(page.texts('h1')).toEqual(['Handel & „Wandel“ </script><script>alert(1)</script>'])
    const levels = page.all('h1, h2, h3, h4, h5, h6').map(({ tagName }) => Number(tagName[1]))
    const gaps = levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1)
    expect(gaps).toEqual([])
  })

  test('is in German and says so', () => {
    expect(page.attribute('html', 'lang')).toBe('de')
  })

  test('leads past the navigation and back to the top', () => {
    expect(page.attribute('a.skip', 'href')).toBe('#inhalt')
    expect(page.has('main#inhalt')).toBe(true)
    const top = page.attribute('.to-top a', 'href') ?? ''
    expect(top).toMatch(/^#[a-z]+$/)
    expect(page.all(top)).toHaveLength(1)
  })

  test('marks the section of the article in the navigation', () => {
    expect(page.texts('nav.sections [aria-current]')).toEqual(['Wirtschaft'])
  })

  test('reserves room for every picture and loads only the lead image at once', () => {
    for (const name of ['width', 'height']) {
      expect(page.attributes('img', name).every((value) => Number(value) > 0)).toBe(true)
    }
    expect(page.attributes('img:not([loading=lazy])', 'alt')).toEqual(['Ein rotes Feld'])
  })

  test('shows a figure with caption and credit, a table that scrolls, and footnotes', () => {
    expect(page.text('.body figure figcaption')).toContain('Unterschrift')
    expect(page.text('.body figure figcaption small')).toBe('Urheber')
    expect(page.attribute('.body .table', 'tabindex')).toBe('0')
    expect(page.text('.footnotes li')).toContain('Die Fußnote.')
  })

  test('links its tags', () => {
    expect(page.attributes('nav.tags a[rel=tag]', 'href')).toEqual(['/tag/handel/', '/tag/aussenpolitik/'])
  })

  test('needs no script, no third party and no cookie', () => {
    const scripts = page
      .all('script:not([type="application/ld+json"])')
      .map(({ properties }) => properties.src)
    // Both can be done without: one opens the form where one answers, one counts ads that were in view.
    const names = scripts.map((src) => /^\/scripts\/(\w+)-\w+\.js$/.exec(String(src))?.[1])
    expect(names.sort()).toEqual(['ad', 'answer'])
    expect(page.all('head link[rel=stylesheet]:not([media=print]), iframe, object, [onclick]')).toEqual([])
    // For what stands below the article; nothing above it waits.
    expect(page.all('main link[rel=stylesheet]')).toHaveLength(1)
    expect(page.html.indexOf('<link rel="stylesheet" href="/styles/below')).toBeGreaterThan(
      page.html.indexOf('</article>'),
    )
    const loaded = [...page.attributes('img', 'src'), ...page.attributes('link[rel=icon]', 'href')]
    expect(loaded.filter((address) => !/^\/(?!\/)/.test(address ?? ''))).toEqual([])
    expect(response.headers.getSetCookie()).toEqual([])
  })

  test('carries the comment form with labels, autocomplete and limits', () => {
    const fields = page.all('main form [name]').map(({ properties }) => properties.name)
    expect(fields).toEqual([
      'name',
      'email',
      'website',
      'text',
      'benachrichtigen',
      'betreff',
      'parent',
      'token',
      'absicht',
    ])
    expect(page.texts('main form label').slice(0, 4)).toEqual([
      'Name *',
      'E-Mail *',
      'Website',
      'Kommentar *',
    ])
    const completed = ['name', 'email', 'website'].map(
      (name) => page.one(`form [name=${name}]`).properties.autoComplete,
    )
    expect(completed.flat()).toEqual(['name', 'email', 'url'])
    expect(page.text('#feld-name-hinweis')).toContain('80 Zeichen')
    expect(page.text('#feld-text-hinweis')).toContain('5.000 Zeichen')
    expect(page.attributes('.form-notice a', 'href')).toEqual(['/kommentarregeln/', '/datenschutz/'])
  })
})

describe('what the page says about itself', () => {
  test('is title, description and the one address', () => {
    expect(page.text('title')).toContain('– MedienWirtschaft')
    expect(page.attribute('meta[name=description]', 'content')).toBe('Worum es in leitartikel geht.')
    expect(page.attribute('link[rel=canonical]', 'href')).toBe(`${site.url}/leitartikel/`)
    expect(page.has('meta[name=robots]')).toBe(false)
  })

  test('is a card for other services (Open Graph)', () => {
    const card = Object.fromEntries(
      page.all('meta[property]').map(({ properties }) => [properties.property, properties.content]),
    )
    expect(card).toMatchObject({
      'og:type': 'article',
      'og:site_name': 'MedienWirtschaft',
      'og:locale': 'de_DE',
      'og:url': `${site.url}/leitartikel/`,
      'og:title': 'Handel & „Wandel“ </script><script>alert(1)</script>',
      'og:description': 'Worum es in leitartikel geht.',
      'og:image:width': '1200',
      'og:image:height': '675',
      'og:image:alt': 'Ein rotes Feld',
      'article:published_time': '2026-01-15T08:00:00Z',
      'article:modified_time': '2026-01-16T09:30:00Z',
    })
    expect(card['og:image']).toMatch(new RegExp(`^${site.url}/media/[0-9a-f]{32}\\.svg$`))
  })

  test('is a NewsArticle in JSON-LD that no headline can break out of', () => {
    expect(page.all('script:not([src])')).toHaveLength(1)
    const raw = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(page.html)?.[1] ?? ''
    expect(raw).not.toMatch(/[<>&]/)
    const { '@context': context, '@graph': graph } = JSON.parse(raw)
    expect(context).toBe('https://schema.org')
    expect(graph[0]).toMatchObject({
      '@type': 'NewsArticle',
      headline: 'Handel & „Wandel“ </script><script>alert(1)</script>',
      description: 'Worum es in leitartikel geht.',
      mainEntityOfPage: `${site.url}/leitartikel/`,
      datePublished: '2026-01-15T08:00:00Z',
      dateModified: '2026-01-16T09:30:00Z',
      author: [{ '@type': 'Person', name: 'Miriam Albers', url: `${site.url}/author/miriam-albers/` }],
      publisher: { '@type': 'NewsMediaOrganization', name: 'MedienWirtschaft' },
      articleSection: 'Wirtschaft',
      keywords: ['Handel', 'Außenpolitik'],
      inLanguage: 'de',
      isBasedOn: 'https://www.ots.at',
    })
  })
})

describe('caches', () => {
  test('a browser asks every time, Cloudflare keeps the page for half a minute and a stale one longer', () => {
    expect(response.headers.get('cache-control')).toBe('public, max-age=0, must-revalidate')
    expect(response.headers.get('cdn-cache-control')).toBe(
      'public, max-age=30, stale-while-revalidate=60, stale-if-error=86400',
    )
  })

  test('who has the page already gets 304 without a body', async () => {
    const etag = response.headers.get('etag') ?? ''
    expect(etag).toMatch(/^W\/"[\w-]+"$/)
    for (const known of [etag, etag.replace('W/', ''), `"andere", ${etag}`, '*']) {
      const again = await site.fetch('/leitartikel/', { headers: { 'if-none-match': known } })
      expect(again.status, known).toBe(304)
      expect(await again.text()).toBe('')
      expect(again.headers.get('etag')).toBe(etag)
      expect(again.headers.get('cache-control')).toBe(response.headers.get('cache-control'))
    }
  })

  test('who has another version gets the page', async () => {
    const again = await site.fetch('/leitartikel/', { headers: { 'if-none-match': 'W/"veraltet"' } })
    expect(again.status).toBe(200)
  })

  test('HEAD answers as GET does, without the body', async () => {
    const head = await site.fetch('/leitartikel/', { method: 'HEAD' })
    expect(head.status).toBe(200)
    expect(await head.text()).toBe('')
    for (const name of ['etag', 'content-type', 'cache-control', 'content-security-policy']) {
      expect(head.headers.get(name), name).toBe(response.headers.get(name))
    }
  })

  test('HEAD of a page that is not there is a 404 without a body', async () => {
    const head = await site.fetch('/gibt-es-nicht/', { method: 'HEAD' })
    expect(head.status).toBe(404)
    expect(await head.text()).toBe('')
  })
})
