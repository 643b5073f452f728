import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dom } from '../support/dom.ts'
import { article, campaign, paragraph, publishNewsroom } from '../support/fixture.ts'
import { costOf, TestSite } from '../support/site.ts'

/** The campaigns of the newsroom are replaced by each test that needs others; the articles stay. */
let site: TestSite

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(
    site,
    article('artikel'),
    article('technik', { section: 'technik' }),
    article('ohne', { ads: 'none' }),
    article('ohne-trotz-marke', { ads: 'none' }, `${paragraph(1)}\n\n<!-- ad -->\n\n${paragraph(2)}`),
    article('marke', {}, `${paragraph(1)}\n\n<!-- ad -->\n\n${[2, 3, 4, 5, 6].map(paragraph).join('\n\n')}`),
    article('kurz', {}, 'Nur ein Satz.'),
    article(
      'bloecke',
      {},
      `${[1, 2, 3].map(paragraph).join('\n\n')}\n\n## Überschrift\n\n${paragraph(4)}\n\n${paragraph(5)}\n\n${paragraph(6)}`,
    ),
  )
})
afterAll(() => site.close())

/** Makes the given campaigns the only ones. */
async function run(...campaigns: ReturnType<typeof campaign>[]): Promise<void> {
  const { items }: { items: { slug: string }[] } = await (await site.api('GET', 'ads')).json()
  for (const { slug } of items) await site.api('DELETE', `ads/${slug}`)
  if (campaigns.length > 0) await site.publish('ads', ...campaigns)
}
const open = async (slug: string, now?: string) => new Dom(await site.page(`/${slug}/`, now ? { now } : {}))
const shown = (page: Dom) => page.attributes('.ad-link', 'href').map(withoutToken)
const withoutToken = (address: string | null) => address?.replace(/\?v=[\w-]{28}$/, '')

/** How often each campaign is shown on a page asked for many times. */
async function draw(slug: string, times: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (let left = times; left > 0; left -= 50) {
    const pages = await Promise.all(Array.from({ length: 50 }, () => site.page(`/${slug}/`)))
    for (const html of pages) {
      const id = /href="\/go\/([a-z0-9-]+)\?v=/.exec(html)?.[1] ?? 'none'
      counts[id] = (counts[id] ?? 0) + 1
    }
  }
  return counts
}

describe('the choice of the ad', () => {
  test('is made for each view of one and the same page in memory, in proportion to the weights', async () => {
    await run(campaign('leicht', { weight: 1 }), campaign('schwer', { weight: 3 }))
    const first = await site.fetch('/artikel/')
    const counts = await draw('artikel', 600)
    expect(Object.keys(counts).sort()).toEqual(['leicht', 'schwer'])
    // 75 % are expected; six standard deviations are 10.6 %.
    expect((counts.schwer ?? 0) / 600).toBeGreaterThan(0.64)
    expect((counts.schwer ?? 0) / 600).toBeLessThan(0.86)
    const last = await site.fetch('/artikel/')
    expect(costOf(last)).toMatchObject({ kv: 0, d1: 0 })
    expect(last.headers.get('etag')).toBe(first.headers.get('etag'))
  })

  test('keeps to the sections a campaign runs in', async () => {
    await run(campaign('nur-technik', { target: { sections: ['technik'] } }))
    expect(shown(await open('technik'))).toEqual(['/go/nur-technik'])
    expect(shown(await open('artikel'))).toEqual([])
  })

  test('keeps to the days a campaign runs, first and last included, in the site’s time zone', async () => {
    await run(campaign('mai', { start: '2040-05-01', end: '2040-05-31' }))
    const moments = {
      '2040-04-30T21:59:00Z': [],
      '2040-04-30T22:01:00Z': ['/go/mai'],
      '2040-05-31T21:59:00Z': ['/go/mai'],
      '2040-05-31T22:01:00Z': [],
    }
    for (const [now, expected] of Object.entries(moments)) {
      await site.fetch('/bloecke/', {}, { now, settle: true })
      expect(shown(await open('bloecke', now)), now).toEqual(expected)
    }
  })

  test('leaves no empty box where no campaign is in force', async () => {
    await run()
    for (const slug of ['artikel', 'marke', 'kurz']) {
      const html = await site.page(`/${slug}/`)
      expect(html.replace(/<style>.*?<\/style>/s, ''), slug).not.toMatch(
        /Werbeeinblendung|class="ad|nach-anzeige/,
      )
    }
  })
})

describe('the ad', () => {
  const one = campaign(
    'eine',
    { advertiser: 'Müller & „Söhne“' },
    { headline: 'Fracht <schnell>', image: { src: 'bild.svg', alt: 'Ein Schiff' } },
  )

  test('is labelled, and the label is the name that a screen reader announces', async () => {
    await run(one)
    const page = await open('artikel')
    expect(page.text('.ad-label')).toBe('Kurze Werbeeinblendung')
    const label = page.one('.ad-label').properties.id
    expect(page.one('.ad').properties.ariaLabelledBy).toEqual([label])
    expect(page.one('.ad').tagName === 'section' || page.attribute('.ad', 'role') === 'region').toBe(true)
  })

  test('can be skipped by its first link', async () => {
    const page = await open('artikel')
    const [skip] = page.all('.ad a')
    expect(skip?.properties.href).toBe('#nach-anzeige-1')
    expect(page.texts('.ad a')[0]).toBe('Werbung überspringen')
    const target = page.one('#nach-anzeige-1')
    expect(target.properties.tabIndex).toBe(-1)
    expect(page.html.indexOf('id="nach-anzeige-1"')).toBeGreaterThan(page.html.indexOf('class="ad-by"'))
  })

  test('says whose it is, and is paid for in the eyes of search engines', async () => {
    const page = await open('artikel')
    expect(page.text('.ad-by')).toBe('Anzeige von Müller & „Söhne“ Warum diese Anzeige?')
    expect(page.text('.ad-link strong')).toBe('Fracht <schnell>')
    expect(shown(page)).toEqual(['/go/eine'])
    expect(page.attribute('.ad-link', 'rel')).toBe('sponsored nofollow noopener')
  })

  test('reserves its room and counts a view only when the reader comes near', async () => {
    const page = await open('artikel')
    expect(page.attributes('.ad img', 'loading')).toEqual(['lazy', 'lazy'])
    for (const name of ['width', 'height']) {
      expect(page.attributes('.ad img', name).every((size) => Number(size) > 0)).toBe(true)
    }
    expect(withoutToken(page.attribute('.ad-count', 'src'))).toBe('/go/eine.gif')
    expect(page.attribute('.ad-count', 'alt')).toBe('')
  })

  test('does not let its address be seen before it is counted', async () => {
    expect(await site.page('/artikel/')).not.toContain('https://example.com/eine')
  })
})

describe('the place of the ad', () => {
  /** What stands right before and after the ad among the blocks of the body. */
  const around = async (slug: string) => {
    const html = (await site.page(`/${slug}/`)).replace(/<style>.*?<\/style>/s, '')
    const [before = '', rest = ''] = html.split(/<(?:section|div) class="ad /)
    const after = rest.split(/id="nach-anzeige-1"[^>]*>(?:<\/span>)?/)[1] ?? ''
    return { before: before.slice(-40), after: after.slice(0, 60) }
  }

  test('is inside the body after the third paragraph by default', async () => {
    await run(campaign('eine'))
    const page = await open('artikel')
    expect(page.all('.body .ad')).toHaveLength(1)
    const texts = page.all('.body > *').map(({ tagName, properties }) => properties.className ?? tagName)
    expect(texts.slice(0, 6)).toEqual(['p', 'p', 'p', ['ad', 'native'], 'span', 'p'])
  })

  test('may be before a heading, never after one', async () => {
    const { before, after } = await around('bloecke')
    expect(before).toMatch(/<\/p>$/)
    expect(after).toMatch(/^<h2/)
  })

  test('is where the author put it', async () => {
    const { before, after } = await around('marke')
    expect(before).toMatch(/<\/p>$/)
    expect(after).toMatch(/^<p>Absatz 2/)
  })

  test('is after the body of an article that is too short', async () => {
    const { before } = await around('kurz')
    expect(before).toMatch(/<p>Nur ein Satz\.<\/p>$/)
  })

  test('is nowhere in an article that wants none, not even at its own mark', async () => {
    for (const slug of ['ohne', 'ohne-trotz-marke']) {
      expect((await open(slug)).has('.ad'), slug).toBe(false)
    }
    expect(await site.page('/ohne-trotz-marke/')).not.toContain('<!-- ad')
  })

  test('is once on a page, and on no page but an article’s', async () => {
    for (const slug of ['artikel', 'marke', 'kurz', 'bloecke']) {
      expect((await open(slug)).all('.ad'), slug).toHaveLength(1)
    }
    for (const path of ['/', '/impressum/', '/category/technik/', '/nirgends/', '/feed/']) {
      expect(await site.page(path), path).not.toContain('Werbeeinblendung')
    }
  })
})
