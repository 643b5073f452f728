import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dom } from '../support/dom.ts'
import { article, publishNewsroom } from '../support/fixture.ts'
import { costOf, TestSite } from '../support/site.ts'

let site: TestSite
let first: number

/** Puts approved comments into D1 as the site would have stored them. */
async function fill(slug: string, count: number): Promise<number> {
  const values = Array.from({ length: count }, (_, n) =>
    site.env.DB.prepare(
      `INSERT INTO comment (article, name, email, email_hash, text, status, created_at, fingerprint)
       VALUES (?1, ?2, 'x', 'x', ?3, 'approved', '2026-01-16T10:00:00Z', ?4)`,
    ).bind(slug, `Leserin ${n + 1}`, `Kommentar Nummer ${n + 1}.`, `${slug} ${n}`),
  )
  const results = await site.env.DB.batch(values)
  return Number(results[0]?.meta.last_row_id)
}

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(
    site,
    article('viele'),
    article('genau'),
    article('eins'),
    article('form'),
    article('texte'),
  )
  first = await fill('viele', 120)
  await fill('genau', 50)
  await fill('eins', 1)
})
afterAll(() => site.close())

const open = async (path: string) => new Dom(await site.page(path))
const numbers = (page: Dom) =>
  page.texts('.comment-text').map((text) => Number(/Nummer (\d+)\./.exec(text)?.[1] ?? 0))
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n)

describe('many comments', () => {
  test('show the fifty newest, the newest last, and how many there are', async () => {
    const page = await open('/viele/')
    expect(numbers(page)).toEqual(range(71, 120))
    expect(page.text('#kommentare-titel')).toBe('120 Kommentare')
    expect(page.texts('.pager a')).toEqual(['Ältere Kommentare'])
  })

  test('lead to the older ones, page by page, and back to the newest', async () => {
    const older = (await open('/viele/')).attribute('.pager a', 'href') ?? ''
    expect(older).toBe(`/viele/?kommentare-vor=${first + 70}#kommentare`)
    const second = await open(older)
    expect(numbers(second)).toEqual(range(21, 70))
    expect(second.texts('.pager a')).toEqual(['Ältere Kommentare', 'Neueste Kommentare'])
    const third = await open(second.attributes('.pager a', 'href')[0] ?? '')
    expect(numbers(third)).toEqual(range(1, 20))
    expect(third.texts('.pager a')).toEqual(['Neueste Kommentare'])
    expect(third.attributes('.pager a', 'href')).toEqual(['/viele/#kommentare'])
    expect(third.attribute('link[rel=canonical]', 'href')).toBe(`${site.url}/viele/`)
  })

  test('cost what a few do', async () => {
    const response = await site.fetch(`/viele/?kommentare-vor=${first + 60}`)
    expect(costOf(response)).toMatchObject({ kv: 1, d1: 1 })
  })

  test('stay where they are for who wrote an old one', async () => {
    const own = await site.comment('viele', { text: 'Kommentar Nummer 121.' })
    const page = await open(own.headers.get('location') ?? '')
    expect(numbers(page).at(-1)).toBe(121)
    expect(page.text('#kommentare-titel')).toBe('120 Kommentare')
  })
})

describe('few comments', () => {
  test('fifty are on one page', async () => {
    const page = await open('/genau/')
    expect(numbers(page)).toEqual(range(1, 50))
    expect(page.has('.pager')).toBe(false)
  })

  test('one is counted as one', async () => {
    expect((await open('/eins/')).text('#kommentare-titel')).toBe('1 Kommentar')
  })

  test.each(['0', '-5', 'abc', '1e3', '99999999999999999999', "1' OR 1=1", ''])(
    'an address that asks for those before „%s“ gets a page all the same',
    async (before) => {
      const response = await site.fetch(`/eins/?kommentare-vor=${encodeURIComponent(before)}`)
      expect(response.status).toBe(200)
      expect(numbers(new Dom(await response.text()))).toEqual([1])
    },
  )
})

describe('a comment on the page', () => {
  /** Stores and approves a comment and gives its element's selector and the page. */
  async function show(fields: Record<string, string>): Promise<{ page: Dom; entry: string }> {
    const id = await site.approvedComment('texte', fields)
    return { page: await open('/texte/'), entry: `#kommentar-${id}` }
  }

  test('says who, when, and under which address it is found', async () => {
    const { page, entry } = await show({ name: 'Änne Groß', text: 'Hallo.' })
    expect(page.text(`${entry} bdi`)).toBe('Änne Groß')
    expect(page.attribute(`${entry} .comment-head time`, 'datetime')).toMatch(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
    )
    expect(page.attributes(`${entry} .comment-head a`, 'href')).toContain(entry)
    expect(page.has(`${entry} .waiting`)).toBe(false)
  })

  test('links the website that its author gave, but not for search engines', async () => {
    const { page, entry } = await show({ website: 'https://beispiel.de/?a=1&b=2', text: 'Mit Website.' })
    expect(page.attribute(`${entry} bdi a`, 'href')).toBe('https://beispiel.de/?a=1&b=2')
    expect(page.one(`${entry} bdi a`).properties.rel).toEqual(
      expect.arrayContaining(['ugc', 'nofollow', 'noopener']),
    )
  })

  test('keeps paragraphs and line breaks', async () => {
    const { page, entry } = await show({ text: 'Eins\nzwei\n\n\ndrei' })
    expect(page.texts(`${entry} .comment-text p`)).toEqual(['Einszwei', 'drei'])
    expect(page.all(`${entry} .comment-text br`)).toHaveLength(1)
  })

  test('makes addresses clickable, without the full stop behind them', async () => {
    const { page, entry } = await show({
      text: 'Siehe https://beispiel.de/a?b=1&c=2. Und (https://de.wikipedia.org/wiki/Zeitung_(Medium))!',
    })
    expect(page.attributes(`${entry} .comment-text a`, 'href')).toEqual([
      'https://beispiel.de/a?b=1&c=2',
      'https://de.wikipedia.org/wiki/Zeitung_(Medium)',
    ])
    for (const { properties } of page.all(`${entry} .comment-text a`)) {
      expect(properties.rel).toEqual(['ugc', 'nofollow', 'noopener'])
    }
  })

  test('shows HTML as what was typed', async () => {
    const text = `<script>alert(1)</script> <img src=x onerror=alert(1)> & "'</li></ol></section><a href="javascript:alert(1)">x</a> https://beispiel.de/"><svg/onload=alert(1)>`
    const { page, entry } = await show({ name: '<b>Fett</b> & Co', text })
    expect(page.text(`${entry} bdi`)).toBe('<b>Fett</b> & Co')
    expect(page.text(`${entry} .comment-text`)).toBe(text)
    expect(page.all(`${entry} :is(script, img, svg, b)`)).toEqual([])
    expect(page.attributes(`${entry} a`, 'href').filter((href) => href?.startsWith('javascript'))).toEqual([])
    expect(page.all('ol.comment-list > li').length).toBeGreaterThan(1)
  })

  test('does not turn the writing of the page around', async () => {
    const { page, entry } = await show({ name: 'עברית', text: 'שלום (Klammer) 123' })
    expect(page.all(`${entry} bdi`)).toHaveLength(1)
    expect(page.attribute(`${entry} .comment-text`, 'dir')).toBe('auto')
  })
})

describe('the form', () => {
  test('explains by its hint what becomes public and comes with its labels', async () => {
    const page = await open('/form/')
    expect(page.text('.comment-form h2')).toBe('Schreibe einen Kommentar')
    expect(page.text('.form-notice')).toContain('nachdem die Redaktion den Kommentar gelesen hat')
    for (const name of ['name', 'email', 'website', 'text']) {
      expect(page.all(`label[for=feld-${name}]`), name).toHaveLength(1)
      expect(page.attribute(`#feld-${name}`, 'aria-describedby'), name).toBe(`feld-${name}-hinweis`)
    }
    expect(page.has('main [maxlength]')).toBe(false) // a pasted text is not cut off without a word
    expect(page.attribute('main form', 'action')).toBe('/form/comments')
    expect(page.attribute('main form', 'method')).toBe('post')
  })
})
