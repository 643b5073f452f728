import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aliasKey, properAddress } from '../../src/site/address.ts'

const proper = (address: string) => properAddress(new URL(`https://beispiel.de${address}`))

describe('an address has one spelling', () => {
  test.each([
    ['/china-kasachstan/', '/china-kasachstan/'],
    ['/china-kasachstan', '/china-kasachstan/'],
    ['/China-Kasachstan', '/china-kasachstan/'],
    ['//china-kasachstan//', '/china-kasachstan/'],
    ['/category/Medien/page/2', '/category/medien/page/2/'],
    ['/page/1/', '/'],
    ['/page/02/', '/page/2/'],
    ['/category/medien/page/1/', '/category/medien/'],
    ['/sitemap.xml', '/sitemap.xml'],
    ['/Sitemap.XML', '/sitemap.xml'],
    ['/a/?x=1', '/a/?x=1'],
    ['/a?x=1', '/a/?x=1'],
  ])('%s is %s', (asked, address) => expect(proper(asked)).toBe(address))
})

describe('what WordPress spelled otherwise', () => {
  test.each([
    ['/2024/07/03/china-kasachstan/', '/china-kasachstan/'],
    ['/2024/07/03/China-Kasachstan', '/china-kasachstan/'],
    ['/2024/07/china-kasachstan/', '/china-kasachstan/'],
    ['/2024/07/', '/2024/07/'],
    ['/2024/07/page/2/', '/2024/07/page/2/'],
    ['/2024/07/03/', '/2024/07/'],
    ['/index.php/2024/07/03/china-kasachstan/', '/china-kasachstan/'],
    ['/index.php/category/medien', '/category/medien/'],
    ['/index.php', '/'],
    ['/?s=Außenhandel+%26+Zoll', '/search/?q=Au%C3%9Fenhandel%20%26%20Zoll'],
    ['/index.php?s=zoll', '/search/?q=zoll'],
    ['/?p=0123', '/?p=123'],
    ['/index.php?p=7', '/?p=7'],
    ['/?feed=rss2', '/feed/'],
    ['/?feed=atom', '/feed/atom/'],
    ['/feed/rss2/', '/feed/'],
    ['/category/medien/feed/rss', '/category/medien/feed/'],
    ['/comments/feed/rss2/', '/comments/feed/'],
    ['/wp-sitemap.xml', '/sitemap.xml'],
    ['/wp-sitemap-posts-post-1.xml', '/sitemap.xml'],
    ['/sitemap_index.xml', '/sitemap.xml'],
    ['/china-kasachstan/comment-page-2/', '/china-kasachstan/'],
    ['/china-kasachstan/amp/', '/china-kasachstan/'],
  ])('%s is %s', (asked, address) => expect(proper(asked)).toBe(address))

  test('and an alias is stored in the same spelling', () => {
    expect(aliasKey('/2019/01/02/Alter-Titel')).toBe('/alter-titel/')
    expect(aliasKey('/?p=0042')).toBe('/?p=42')
  })
})

describe('what is not ours to spell stays', () => {
  test.each(['/api/articles/X', '/media/ABC.svg', '/go/x', '/.well-known/Foo', '/healthz'])('%s', (path) =>
    expect(proper(path)).toBe(path),
  )
})

const segment = fc.oneof(
  fc.constantFrom(
    'index.php',
    '2024',
    '07',
    '03',
    'page',
    '1',
    '02',
    'feed',
    'rss2',
    'amp',
    'Ärger',
    '..',
    '',
    'A',
    'a.b',
  ),
  fc.string({ maxLength: 8 }),
)

test('an address spelled twice is spelled as once, and never leaves the site', () => {
  fc.assert(
    fc.property(fc.array(segment, { maxLength: 6 }), fc.string({ maxLength: 12 }), (segments, query) => {
      const asked = new URL(`https://beispiel.de/${segments.map(encodeURI).join('/')}?${encodeURI(query)}`)
      if (asked.host !== 'beispiel.de') return
      const once = properAddress(asked)
      const there = new URL(once, 'https://beispiel.de')
      expect(there.host).toBe('beispiel.de')
      expect(properAddress(there)).toBe(once)
    }),
    { numRuns: 2000 },
  )
})
