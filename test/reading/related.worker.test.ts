import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dom } from '../support/dom.ts'
import { article, publishNewsroom } from '../support/fixture.ts'
import { costOf, inSeconds, TestSite } from '../support/site.ts'

let site: TestSite
const on = (day: string) => `2026-03-${day}T08:00:00Z`

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(
    site,
    article('mitte', { section: 'technik', tags: ['KI', 'Presse', 'Recht'], date: on('10') }),
    article('zwei-tags', { section: 'wirtschaft', tags: ['KI', 'Recht'], date: '2024-03-01T08:00:00Z' }),
    article('ein-tag-selbes-ressort', { section: 'technik', tags: ['KI'], date: '2024-03-01T08:00:00Z' }),
    article('ein-tag', { section: 'wirtschaft', tags: ['Presse'], date: on('09') }),
    article('nur-ressort-nah', { section: 'technik', tags: [], date: on('11') }),
    article('nur-ressort-fern', { section: 'technik', tags: [], date: '2024-01-01T08:00:00Z' }),
    article('nichts-gemein', { section: 'wirtschaft', tags: ['Sport'], date: on('10') }),
    article('entwurf', { section: 'technik', tags: ['KI', 'Presse', 'Recht'], status: 'draft' }),
    article('geplant', { section: 'technik', tags: ['KI', 'Presse', 'Recht'], date: inSeconds(86_400) }),
    article('allein', { section: 'wirtschaft', tags: ['Einzig'], date: '2020-01-01T08:00:00Z' }),
    article('spaltengleich-a', { section: 'wirtschaft', tags: [], date: '2021-01-01T08:00:00Z' }),
    article('spaltengleich-b', { section: 'wirtschaft', tags: [], date: '2021-01-01T08:00:00Z' }),
  )
})
afterAll(() => site.close())

const open = async (slug: string) => new Dom(await site.page(`/${slug}/`))
const related = (page: Dom) => page.attributes('.related a', 'href')
const neighbour = (page: Dom, which: 'prev' | 'next') =>
  page.attributes(`.neighbours a[rel=${which}]`, 'href')

describe('Ähnliche Artikel', () => {
  test('are ranked by shared tags, then section, then nearness in time', async () => {
    expect(related(await open('mitte'))).toEqual(['/zwei-tags/', '/ein-tag-selbes-ressort/', '/ein-tag/'])
  })

  test('prefer the nearer in time among those of the same section', async () => {
    const page = await open('nur-ressort-nah')
    expect(related(page)[0]).toBe('/mitte/')
    expect(related(page)).not.toContain('/nichts-gemein/')
  })

  test('come without an extra round trip, however many there are', async () => {
    const response = await site.fetch('/ein-tag/')
    expect(costOf(response)).toEqual({ kv: 1, d1: 1, parallel: true })
    expect(related(new Dom(await response.text())).length).toBeGreaterThan(0)
  })

  test('name neither the article itself, nor drafts, nor what is not due yet', async () => {
    const all = await Promise.all(['mitte', 'ein-tag-selbes-ressort', 'nur-ressort-nah'].map(open))
    const hidden = ['/entwurf/', '/geplant/']
    expect(all.flatMap(related).filter((path) => path && hidden.includes(path))).toEqual([])
    expect(related(all[0] ?? new Dom(''))).not.toContain('/mitte/')
  })

  test('forget an article that was taken off the site', async () => {
    await site.publish(
      'articles',
      article('kurzlebig', { section: 'technik', tags: ['Recht', 'KI'], date: on('10') }),
    )
    expect(related(await open('mitte'))[0]).toBe('/kurzlebig/')
    await site.api('DELETE', 'articles/kurzlebig')
    expect(related(await open('mitte'))).not.toContain('/kurzlebig/')
  })
})

describe('previous and next article', () => {
  test('are the neighbours in time within the section', async () => {
    const page = await open('mitte')
    expect(neighbour(page, 'prev')).toEqual(['/ein-tag-selbes-ressort/'])
    expect(neighbour(page, 'next')).toEqual(['/nur-ressort-nah/'])
    expect(page.attribute('.neighbours', 'aria-label')).toBe('Weitere Artikel aus Technik')
  })

  test('end at the first and at the newest that is due', async () => {
    expect(neighbour(await open('nur-ressort-fern'), 'prev')).toEqual([])
    expect(neighbour(await open('nur-ressort-nah'), 'next')).toEqual([])
    expect(neighbour(await open('allein'), 'prev')).toEqual([])
  })

  test('reach every one of several articles of the same second', async () => {
    const seen: string[] = []
    for (let at: string | undefined = 'allein'; at; ) {
      seen.push(at)
      const [next]: (string | null)[] = neighbour(await open(at), 'next')
      at = next?.replaceAll('/', '')
    }
    expect(seen.slice(0, 3)).toEqual(['allein', 'spaltengleich-a', 'spaltengleich-b'])
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toHaveLength(6)
  })
})
