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
    ...['form', 'texte', 'faden', 'lang', 'ordnung'].map((slug) => article(slug)),
  )
  first = await fill('viele', 120)
  await fill('genau', 20)
  await fill('eins', 1)
})
afterAll(() => site.close())

const open = async (path: string) => new Dom(await site.page(path))
const numbers = (page: Dom) =>
  page.texts('.comment-text').map((text) => Number(/Nummer (\d+)\./.exec(text)?.[1] ?? 0))
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n)

describe('many comments', () => {
  test('stand with the oldest first, twenty to a page, and say how many there are', async () => {
    const page = await open('/viele/')
    expect(numbers(page)).toEqual(range(1, 20))
    expect(page.text('#kommentare-titel')).toBe('120 Kommentare')
    expect(page.texts('.pager a')).toEqual(['Weitere Kommentare'])
  })

  test('lead from page to page, and back', async () => {
    const further = (await open('/viele/')).attribute('.pager a', 'href') ?? ''
    expect(further).toBe(`/viele/?ab=${first + 20}#kommentare`)
    const second = await open(further)
    expect(numbers(second)).toEqual(range(21, 40))
    expect(second.attributes('.pager a', 'href')).toEqual([
      '/viele/#kommentare',
      `/viele/?ab=${first + 40}#kommentare`,
    ])
    const last = await open(`/viele/?ab=${first + 100}`)
    expect(numbers(last)).toEqual(range(101, 120))
    expect(last.texts('.pager a')).toEqual(['Alle Kommentare zeigen'])
    expect(last.attribute('link[rel=canonical]', 'href')).toBe(`${site.url}/viele/`)
  })

  test('stand with the newest first for who wants that', async () => {
    const newest = (await open('/viele/')).attributes('.orders a', 'href')[1] ?? ''
    const page = await open(newest)
    expect(numbers(page)).toEqual(range(101, 120).reverse())
    expect(page.text('.orders [aria-current]')).toBe('Neueste zuerst')
    expect(numbers(await open(page.attribute('.pager a', 'href') ?? ''))).toEqual(range(81, 100).reverse())
  })

  test('cost what a few do', async () => {
    const response = await site.fetch(`/viele/?ab=${first + 60}`)
    expect(costOf(response)).toMatchObject({ kv: 1, d1: 1 })
  })

  test('are kept page by page, the page of one comment is not', async () => {
    const again = async (path: string) => {
      await site.fetch(path)
      return costOf(await site.fetch(path)).d1
    }
    expect(await again('/viele/?kommentare=neueste')).toBe(0)
    expect(await again(`/viele/?ab=${first + 20}`)).toBe(0)
    expect(await again(`/viele/?zu=${first + 20}`)).toBe(1)
  })

  test('stay where they are for who wrote another', async () => {
    const own = await site.comment('viele', { text: 'Kommentar Nummer 121.' })
    const page = await open(own.headers.get('location') ?? '')
    expect(numbers(page)).toEqual([...range(1, 20), 121])
    expect(page.text('#kommentare-titel')).toBe('120 Kommentare')
  })

  test('are each found at an address of their own', async () => {
    const page = await open('/viele/?kommentare=neueste')
    const link = page.attributes('.comment-head a', 'href')[0] ?? ''
    expect(link).toBe(`/viele/?zu=${first + 119}#kommentar-${first + 119}`)
    const alone = await open(link)
    expect(numbers(alone)).toEqual([120])
    expect(alone.has(`#kommentar-${first + 119}`)).toBe(true)
    expect(alone.texts('.pager a')).toEqual(['Alle Kommentare zeigen'])
  })
})

describe('few comments', () => {
  test('twenty are on one page', async () => {
    const page = await open('/genau/')
    expect(numbers(page)).toEqual(range(1, 20))
    expect(page.has('.pager')).toBe(false)
  })

  test('one is counted as one, and there is no order to choose', async () => {
    const page = await open('/eins/')
    expect(page.text('#kommentare-titel')).toBe('1 Kommentar')
    expect(page.has('.orders')).toBe(false)
  })

  test.each(['0', '-5', 'abc', '1e3', '99999999999999999999', "1' OR 1=1", ''])(
    'an address that asks for those from „%s“ on gets a page all the same',
    async (from) => {
      const response = await site.fetch(`/eins/?ab=${encodeURIComponent(from)}`)
      expect(response.status).toBe(200)
      expect(numbers(new Dom(await response.text()))).toEqual([1])
    },
  )

  test('an address of a comment that is not there says so', async () => {
    const page = await open('/eins/?zu=999999')
    expect(page.text('#kommentare')).toContain('Diesen Kommentar gibt es nicht')
  })
})

describe('answers', () => {
  /** Answers a comment and has the answer approved. */
  const answer = (parent: number, text: string, name = 'Leser') =>
    site.approvedComment('faden', { parent: String(parent), text, name })
  /** Name and text of every comment on the page, each with how deep it stands. */
  const outline = (page: Dom) =>
    page.all('.comment-list .comment, .comment-list .gone').map((element) => {
      const id = String(element.properties.id)
      const depth = [1, 2, 3, 4].findLast((n) => page.has(`${'ol '.repeat(n)} #${id}`)) ?? 0
      return `${depth} ${page.text(`#${id}`).includes('gelöscht') ? 'weg' : page.text(`#${id} .comment-text`)}`
    })

  let root: number
  let branch: number
  let leaf: number
  beforeAll(async () => {
    root = await site.approvedComment('faden', { text: 'Eins', name: 'Änne' })
    branch = await answer(root, 'Zwei', 'Bodo')
    leaf = await answer(branch, 'Drei', 'Carla')
  })

  test('stand below what they answer, three deep; deeper ones say whom they answer', async () => {
    await answer(leaf, 'Vier', 'Dörte')
    await answer(root, 'Fünf')
    const page = await open('/faden/')
    expect(outline(page)).toEqual(['1 Eins', '2 Zwei', '3 Drei', '3 Vier', '2 Fünf'])
    expect(page.texts('.answers-to')).toEqual(['Antwort an Carla'])
    expect(page.text('#kommentare-titel')).toBe('5 Kommentare')
    expect(page.texts('summary').filter((text) => text.includes('Antwort'))).toEqual([
      '4 Antworten',
      '2 Antworten',
    ])
  })

  test('are written at an address that quotes the beginning of what is answered', async () => {
    const link = (await open('/faden/')).attributes(`#kommentar-${branch} .comment-foot a`, 'href')[0] ?? ''
    expect(link).toBe(`/faden/?antwort=${branch}#kommentar-formular`)
    const page = await open(link)
    expect(page.text('.answered')).toContain('Antwort an Bodo')
    expect(page.text('.answered blockquote')).toBe('Zwei')
    expect(page.value('parent')).toBe(String(branch))
    expect(page.has(`#kommentar-${branch}`)).toBe(true)
  })

  test('come back with what they answer when something is wrong', async () => {
    const response = await site.comment('faden', { parent: String(root), text: '' })
    const page = new Dom(await response.text())
    expect(page.text('.answered')).toContain('Antwort an Änne')
    expect(page.value('parent')).toBe(String(root))
  })

  test('to a comment that nobody sees have nothing to quote', async () => {
    const response = await site.comment('faden', { text: 'Wartet.', name: 'Emil' })
    const id = Number(/#kommentar-(\d+)/.exec(response.headers.get('location') ?? '')?.[1])
    const page = await open(`/faden/?antwort=${id}`)
    expect(page.has('.answered')).toBe(false)
    expect(page.html).not.toContain('Wartet.')
  })

  test('wait in their place for who wrote them', async () => {
    const response = await site.comment('faden', { parent: String(branch), text: 'Wartet auch.' })
    const page = await open(response.headers.get('location') ?? '')
    expect(outline(page).slice(0, 5)).toEqual(['1 Eins', '2 Zwei', '3 Drei', '3 Vier', '3 Wartet auch.'])
    expect(outline(await open('/faden/'))).not.toContain('3 Wartet auch.')
  })

  test('keep their place when what they answer is taken away, and when it is deleted for good', async () => {
    await site.api('POST', `comments/${branch}`, { status: 'trash' })
    const places = ['1 Eins', '2 weg', '3 Drei', '3 Vier', '2 Fünf']
    expect(outline(await open('/faden/'))).toEqual(places)
    expect((await site.api('DELETE', `comments/${branch}`)).status).toBe(204)
    expect(outline(await open('/faden/'))).toEqual(places)
    const row = (await site.comments('faden')).find(({ id }) => id === branch)
    expect(row).toMatchObject({
      status: 'deleted',
      name: '',
      text: '',
      email: '',
      email_hash: '',
      ip_hash: null,
    })
    expect((await site.api('GET', `comments/${branch}`)).status).toBe(404)
    expect((await site.api('POST', `comments/${branch}`, { status: 'approved' })).status).toBe(404)
  })

  test('beyond the eighth are on the page of the thread', async () => {
    const start = await site.approvedComment('lang', { text: 'Anfang' })
    for (let n = 1; n <= 10; n++)
      await site.approvedComment('lang', { parent: String(start), text: `Nummer ${n}.` })
    const page = await open('/lang/')
    expect(numbers(page)).toEqual([0, ...range(1, 8)])
    const rest = await open(page.attribute('.comment-list .pager a', 'href') ?? '')
    expect(numbers(rest)).toEqual([0, 9, 10])
    expect(numbers(await open(`/lang/?zu=${start}`))).toEqual([0, ...range(1, 10)])
  })

  test('belong to the article of what they answer', async () => {
    const id = await site.approvedComment('eins', { parent: String(root), text: 'Woanders.' })
    expect((await site.comments('eins')).find((row) => row.id === id)).toMatchObject({
      parent: null,
      thread: null,
    })
  })

  test('put those first that were answered most, for who wants that', async () => {
    await site.approvedComment('ordnung', { text: 'Nummer 1.' })
    const two = await site.approvedComment('ordnung', { text: 'Nummer 2.' })
    await site.approvedComment('ordnung', { text: 'Nummer 3.' })
    await site.approvedComment('ordnung', { text: 'Antwort', parent: String(two) })
    expect(numbers(await open('/ordnung/?kommentare=beantwortet'))).toEqual([2, 0, 1, 3])
  })
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
    expect(page.attributes(`${entry} .comment-head a`, 'href')).toContain(
      `/texte/?zu=${entry.replace('#kommentar-', '')}${entry}`,
    )
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
    expect(page.all(`${entry} :is(script, img:not([src^='/avatar/']), svg, b)`)).toEqual([])
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
