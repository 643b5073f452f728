import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { renderDocument, StaticPage } from '../../src/publish/documents.ts'
import type { DocumentKind } from '../../src/publish/store.ts'
import type { Draft } from '../../src/publish/wire.ts'
import { emptySettings, Settings } from '../../src/site/settings.ts'
import { page, settings, slug } from '../support/fixture.ts'
import { contextWith } from '../support/rendering.ts'

const render = (kind: DocumentKind, draft: Draft) => renderDocument(kind, draft, contextWith())
const issuesOf = (kind: DocumentKind, draft: Draft) => {
  const result = render(kind, draft)
  return result.ok ? [] : result.issues
}
const taken = (kind: DocumentKind, draft: Draft) => {
  const result = render(kind, draft)
  if (!result.ok) throw new Error(JSON.stringify(result.issues))
  return result.value
}

describe('a page', () => {
  test('becomes what is served', () => {
    const draft = page('impressum', 'Impressum', '## Wer wir sind\n\nWir.')
    const { title, value } = taken('page', draft)
    expect(title).toBe('Impressum')
    expect(v.parse(StaticPage, JSON.parse(JSON.stringify(value)))).toEqual(value)
    expect(value).toMatchObject({ slug: 'impressum', title: 'Impressum' })
    expect(v.parse(StaticPage, value).html).toContain(
      '<h2 id="abschnitt-wer-wir-sind" aria-label="Wer wir sind">',
    )
  })

  test('carries no ad and no remark', () => {
    const { value } = taken('page', page('agb', 'AGB', 'Eins.\n\n<!-- ad -->\n\n<!-- geheim -->\n\nZwei.'))
    expect(v.parse(StaticPage, value).html).toBe('<p>Eins.</p><p>Zwei.</p>')
  })

  test.each(['feed', 'search', 'desk', 'api', '2024', 'wp-admin', 'tag', 'category', 'go', 'media'])(
    'cannot be called %s, which is the site’s own address',
    (name) => {
      expect(issuesOf('page', page(name, 'Titel'))).toEqual([
        { key: 'slug', code: 'invalid', got: name, expected: 'freeSlug' },
      ])
    },
  )

  test('hears of everything at once', () => {
    const draft = { slug: slug('feed'), frontMatter: { titel: 'x' }, body: '' }
    expect(issuesOf('page', draft).map(({ key, code }) => `${key} ${code}`)).toEqual([
      'title missing',
      'titel unknown-key',
      'body empty-body',
      'slug invalid',
    ])
  })

  test('takes a day, not a moment, as its date', () => {
    const dated = (updated: string) =>
      issuesOf('page', { ...page('agb', 'AGB'), frontMatter: { title: 'AGB', updated } })
    expect(dated('2026-01-31')).toEqual([])
    expect(dated('2026-01-31T10:00:00Z')).toMatchObject([{ key: 'updated', expected: 'day' }])
  })
})

describe('the settings', () => {
  const siteIssues = (more: Record<string, unknown>) => issuesOf('site', settings(more))

  test('are stored with every default spelt out', () => {
    const { title, value } = taken('site', settings())
    expect(title).toBe('MedienWirtschaft')
    expect(value).toMatchObject({
      language: 'de',
      timezone: 'Europe/Berlin',
      comments: { moderation: 'all' },
      ads: { placement: { minParagraphsBefore: 2, minWordsBetween: 250, preferredParagraph: 3 } },
    })
    expect(v.parse(Settings, { ...(value as object), pages: {} })).toMatchObject({ name: 'MedienWirtschaft' })
  })

  test.each([
    ['sektionen', 'sections'],
    ['timzone', 'timezone'],
    ['langage', 'language'],
    ['tag-line', 'tagline'],
  ])('with the unknown key %s are asked whether it means %s', (wrong, nearest) => {
    expect(siteIssues({ [wrong]: 'x' })).toEqual([{ key: wrong, code: 'unknown-key', nearest }])
  })

  test.each<[string, unknown, string]>([
    ['timezone', 'Europe/Wuppertal', 'timezone'],
    ['language', 'fr', 'language'],
    ['url', 'https://beispiel.de/', 'origin'],
    ['url', 'beispiel.de', 'origin'],
    ['sections', [], 'sections'],
    ['comments', { moderation: 'some' }, 'comments.moderation'],
    ['ads', { placement: { minWordsBefore: -1 } }, 'ads.placement.minWordsBefore'],
  ])('with %s: %j are refused', (key, value, at) => {
    expect(siteIssues({ [key]: value }).map((issue) => issue.key)).toEqual([at === 'origin' ? 'url' : at])
  })

  test.each([
    ['theme', { headlines: 'comic' }, 'theme.headlines'],
    ['theme', { text: 'newsreader' }, 'theme.text'],
    ['theme', { masthead: 'right' }, 'theme.masthead'],
    ['theme', { colors: { light: { accent: 'red' } } }, 'theme.colors.light.accent'],
    ['theme', { colors: { dark: { papier: '#000000' } } }, 'theme.colors.dark.papier'],
  ])('with %s: %j are refused, too', (key, value, at) => {
    expect(siteIssues({ [key]: value }).map((issue) => issue.key)).toEqual([at])
  })

  test('refuse colours in which text is hard to read, with the numbers', () => {
    const [issue, ...others] = siteIssues({ theme: { colors: { light: { muted: '#a09a90' } } } })
    expect(issue).toMatchObject({ key: 'theme.colors.light.muted', code: 'low-contrast' })
    expect(issue?.got).toBe('muted #a09a90 / paper #faf6ee = 2.59 : 1')
    // on each of the three grounds
    expect(others).toHaveLength(2)
    // a ground that the theme changes is to blame for the colours that it does not
    const [dark] = siteIssues({ theme: { colors: { dark: { paper: '#d0d0d0' } } } })
    expect(dark?.key).toBe('theme.colors.dark.paper')
    expect(siteIssues({ theme: { colors: { light: { accent: '#00508f', paper: '#ffffff' } } } })).toEqual([])
  })

  test('have one name', () => {
    expect(issuesOf('site', { ...settings(), slug: slug('andere') })[0]).toMatchObject({ key: 'slug' })
  })

  test('of a site that has none yet are neutral', () => {
    expect(emptySettings.comments.moderation).toBe('all')
    expect(emptySettings.ads.placement.preferredParagraph).toBe(3)
  })
})
