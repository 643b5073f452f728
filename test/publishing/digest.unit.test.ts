import { describe, expect, test } from 'vitest'
import { digest } from '../../src/publish/digest.ts'
import type { Kind } from '../../src/publish/wire.ts'
import { AUTHORS, contextWith } from '../support/rendering.ts'

const SOURCE = { frontMatter: { title: 'Titel', tags: ['a', 'b'] }, body: 'Ein Absatz.\n\nNoch einer.' }
const { settings: plain } = contextWith()
const { settings: english } = contextWith({ language: 'en' })
const { settings: sparse } = contextWith({ ads: { placement: { minWordsBefore: 500 } } })
const { settings: renamed } = contextWith({ name: 'Anders', tagline: 'Anders', footer: ['impressum', 'agb'] })

type Source = Parameters<typeof digest>[1]
const of = (kind: Kind, source: Source = SOURCE, settings = plain, authors = AUTHORS) =>
  digest(kind, source, { settings, authors })

describe('the hash by which client and server agree', () => {
  test('is the same for the same document', async () => {
    expect(await of('articles')).toBe(await of('articles', structuredClone(SOURCE)))
    expect(await of('articles')).toMatch(/^[0-9a-f]{64}$/)
  })

  test.each([
    ['the body', { ...SOURCE, body: `${SOURCE.body} ` }],
    ['a value', { ...SOURCE, frontMatter: { ...SOURCE.frontMatter, title: 'Titel.' } }],
    ['a key', { ...SOURCE, frontMatter: { ...SOURCE.frontMatter, author: 'x' } }],
    ['the order of tags', { ...SOURCE, frontMatter: { ...SOURCE.frontMatter, tags: ['b', 'a'] } }],
    ['where front matter ends', { frontMatter: {}, body: JSON.stringify(SOURCE.frontMatter) + SOURCE.body }],
  ])('changes with %s', async (_, source) => {
    expect(await of('articles', source)).not.toBe(await of('articles'))
  })

  test('changes with the kind of document', async () => {
    const kinds: Kind[] = ['articles', 'pages', 'ads', 'site']
    expect(new Set(await Promise.all(kinds.map((kind) => of(kind)))).size).toBe(4)
  })

  test('is the same whether lines end as on Windows or not', async () => {
    const windows = { ...SOURCE, body: SOURCE.body.replaceAll('\n', '\r\n') }
    expect(await of('articles', windows)).toBe(await of('articles'))
  })

  test('of an article changes with the language and the rules for ads, which it is rendered by', async () => {
    expect(await of('articles', SOURCE, english)).not.toBe(await of('articles'))
    expect(await of('articles', SOURCE, sparse)).not.toBe(await of('articles'))
  })

  test('of an article changes with the names of its section and its authors, by which it is found', async () => {
    const source = { ...SOURCE, frontMatter: { section: 'technik', author: ['miriam-albers'] } }
    const { settings } = contextWith({ sections: [{ slug: 'technik', name: 'Technik und Netz' }] })
    expect(await of('articles', source, settings)).not.toBe(await of('articles', source))
    const [miriam] = AUTHORS
    const married = miriam ? [{ ...miriam, name: 'Miriam Groß' }] : []
    expect(await of('articles', source, plain, married)).not.toBe(await of('articles', source))
    expect(await of('articles', SOURCE, plain, married)).toBe(await of('articles', SOURCE))
  })

  test('of a page changes with the language, not with the rules for ads', async () => {
    expect(await of('pages', SOURCE, english)).not.toBe(await of('pages'))
    expect(await of('pages', SOURCE, sparse)).toBe(await of('pages'))
  })

  test('of the settings depends on nothing but themselves', async () => {
    expect(await of('site', SOURCE, english)).toBe(await of('site'))
    expect(await digest('site', SOURCE, { settings: null, authors: [] })).toBe(await of('site'))
  })

  test('stays when settings change that no text is rendered by: nothing needs to be sent again', async () => {
    for (const kind of ['articles', 'pages', 'ads'] as const)
      expect(await of(kind, SOURCE, renamed)).toBe(await of(kind))
  })
})
