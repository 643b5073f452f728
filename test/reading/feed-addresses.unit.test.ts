import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { absolute } from '../../src/article/absolute.ts'
import { Dom } from '../support/dom.ts'
import { rendered } from '../support/rendering.ts'

const ORIGIN = 'https://beispiel.de'
const PAGE = `${ORIGIN}/artikel/`

const feedText = (body: string) => absolute({ ...rendered(body).article, revision: 1 }, ORIGIN)
const pageText = (body: string) => rendered(body).article.segments.join('')

/** Where a feed's only link leads, whatever page shows it. */
const target = (href: string) => {
  const written = new Dom(feedText(`Text <a href="${href}">a</a>`)).attribute('a', 'href')
  return URL.parse(written ?? '', 'https://feedleser.example/abo/')?.href
}

describe('a link in a feed leads where it leads on the article’s page', () => {
  test.each([
    '/impressum/',
    '/?s=handel&amp;page=2',
    '/',
    '#abschnitt-a',
    '../china-kasachstan/',
    './',
    'anhang/',
    '?s=handel',
    '',
    'https://anderswo.de/a?b=c&amp;d=e#f',
    'http://anderswo.de',
    '//anderswo.de/a',
    '/\\anderswo.de/a',
    'mailto:redaktion@beispiel.de',
  ])('„%s“', (href) => {
    expect(target(href)).toBe(new URL(href.replaceAll('&amp;', '&'), PAGE).href)
  })
})

describe('what only looks like a tag', () => {
  test.each([
    '`<a href="/x">`',
    '```html\n<a href="/x"><img src="/y"></a>\n```',
    '<abbr title=\'<a href="/x">\'>HTML</abbr>',
    '<abbr title="<a x=">HTML</abbr> `" href="/x">`',
  ])('%s stays as it is', (body) => {
    expect(feedText(body)).toBe(pageText(body))
  })

  test('stays as it is beside real tags, whatever the order', () => {
    const parts = fc.array(
      fc.constantFrom(
        '`" href="/x">`',
        '`<a href="/x">`',
        '<abbr title="<a x=">HTML</abbr>',
        '<abbr title=">">HTML</abbr>',
        '<abbr title=" src=">HTML</abbr>',
        '<abbr title=" href=">HTML</abbr>',
        '[Impressum](/impressum/)',
        '![Bild](bild.svg)',
        'ein Wort',
      ),
      { minLength: 1, maxLength: 8 },
    )
    fc.assert(
      fc.property(parts, (some) => {
        const body = `Text ${some.join(' ')}`
        const [page, feed] = [new Dom(pageText(body)), new Dom(feedText(body))]
        expect(feed.text('p')).toBe(page.text('p'))
        expect(feed.attributes('abbr', 'title')).toEqual(page.attributes('abbr', 'title'))
        for (const [tag, name] of [
          ['a', 'href'],
          ['img', 'src'],
        ] as const)
          expect(feed.attributes(tag, name)).toEqual(
            page.attributes(tag, name).map((address) => `${ORIGIN}${address}`),
          )
      }),
      { numRuns: 300 },
    )
  })
})
