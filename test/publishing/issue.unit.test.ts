import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { CampaignSource } from '../../src/ad/campaign.ts'
import { FrontMatter } from '../../src/article/article.ts'
import { de } from '../../src/locale/de.ts'
import { en } from '../../src/locale/en.ts'
import { closest, type Expected, type Issue, parse } from '../../src/publish/issue.ts'
import { sayIssue, sayIssues } from '../../src/publish/say.ts'
import { SettingsSource } from '../../src/site/settings.ts'

const issuesOf = (schema: v.GenericSchema, input: unknown) => {
  const result = parse(schema, input)
  return result.ok ? [] : result.issues
}

describe('what is wrong with a file', () => {
  test('nothing, when it fits', () => {
    expect(parse(v.object({ a: v.number() }), { a: 1 })).toEqual({ ok: true, value: { a: 1 } })
  })

  test.each([[null], [[]], ['Text'], [17], [undefined], [true]])('everything, when it is %j', (input) => {
    for (const schema of [FrontMatter, CampaignSource, SettingsSource])
      expect(issuesOf(schema, input).length).toBeGreaterThan(0)
  })

  test('is told by the path to it, through lists and keys', () => {
    const site = {
      name: 'x',
      sections: [
        { slug: 'a', name: 'A' },
        { slug: 'B C', name: 'x'.repeat(41) },
      ],
    }
    expect(issuesOf(SettingsSource, site).map(({ key, expected }) => [key, expected])).toEqual([
      ['sections.1.slug', 'slug'],
      ['sections.1.name', 'text40'],
    ])
  })

  test('is told with the nearest key of that place, not of another', () => {
    const site = {
      name: 'x',
      sections: [{ slug: 'a', name: 'A', descripton: 'x' }],
      comments: { moderaton: 'all' },
      ads: { placement: { minWordBefore: 3 } },
    }
    expect(issuesOf(SettingsSource, site).map(({ key, code, nearest }) => [key, code, nearest])).toEqual([
      ['sections.0.descripton', 'unknown-key', 'description'],
      ['comments.moderaton', 'unknown-key', 'moderation'],
      ['ads.placement.minWordBefore', 'unknown-key', 'minWordsBefore'],
    ])
  })

  test('is told without a guess where none is near', () => {
    const [issue] = issuesOf(v.strictObject({ title: v.optional(v.string()) }), { xyzxyzxyzxyz: 1 })
    expect(issue).toEqual({ key: 'xyzxyzxyzxyz', code: 'unknown-key' })
  })

  test('shows what stood there, shortened', () => {
    const [issue] = issuesOf(v.string('text'), ['x'.repeat(200)])
    expect(issue?.got).toHaveLength(60)
    expect(issue?.got?.endsWith('…')).toBe(true)
  })

  test('is one issue for one value', () => {
    expect(issuesOf(CampaignSource, { weight: -0.5, advertiser: '' }).map(({ key }) => key)).toEqual([
      'advertiser',
      'weight',
      'creatives',
    ])
  })

  test('never keeps anyone from hearing of it: any JSON is taken or refused with issues', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (input) => {
        for (const schema of [FrontMatter, CampaignSource, SettingsSource]) {
          const result = parse(schema, input)
          if (!result.ok) expect(result.issues.length).toBeGreaterThan(0)
        }
      }),
    )
  })

  test('is said in words that the locale has', () => {
    const wrong = [
      ...issuesOf(FrontMatter, {
        ...{ title: 1, date: 1, updated: 1, section: 1, tags: 1, author: 1, source: { name: 1, url: 1 } },
        ...{ image: { src: 1, alt: 1, caption: 1, credit: 1 }, slug: 1, description: 1 },
        ...{ ads: 1, comments: 1, status: 1, aliases: 1 },
      }),
      ...issuesOf(CampaignSource, {
        ...{ advertiser: 1, name: 1, state: 1, start: 1, end: 1, priority: 1, weight: 'x', pacing: 1 },
        budget: { views: 'x', clicks: 0 },
        target: {
          ...{ sections: 1, tags: 1, articles: 1, authors: 1, devices: ['x'], countries: ['x'] },
          hours: [{ days: ['x'], from: 'x', until: 25 }],
        },
        ...{ category: 1, sensitive: 1, placements: ['x'], political: { sponsor: 1, amount: 1, period: 1 } },
        creatives: [
          { kind: 'native', id: 1, url: 1, share: 'x', headline: 1, text: 1, button: 1, image: { src: 1 } },
          { kind: 'picture', url: 1, size: 1, image: { src: 1, alt: 1 } },
          { kind: 1 },
        ],
      }),
      ...issuesOf(SettingsSource, {
        ...{ name: 1, tagline: 1, language: 1, timezone: 1, url: 1, sections: 1, footer: 1 },
        ...{
          comments: { moderation: 1, rules: 1, privacy: 1 },
          ads: {
            placement: { minWordsBefore: 'x', most: 9 },
            placements: { article: ['x'], front: ['x'], list: ['x'] },
            ...{ label: 'Tipp', listEvery: 1, sensitiveWords: [1], political: 'x' },
          },
        },
      }),
    ]
    expect(wrong.length).toBeGreaterThan(35)
    for (const { key, expected } of wrong) expect(Object.keys(de.expected), key).toContain(expected)
  })
})

describe('the nearest word', () => {
  test.each([
    ['titel', ['title', 'tags'], 'title'],
    ['TITLE', ['title', 'tags'], 'title'],
    ['bild.png', ['bild.svg', 'karte.png'], 'bild.svg'],
    ['../media/bild.svg', ['bild.svg', 'anderes.svg'], 'bild.svg'],
    ['xyz', ['title'], undefined],
    ['title', [], undefined],
  ])('to %s among %j is %s', (word, candidates, nearest) => {
    expect(closest(word, candidates)).toBe(nearest)
  })

  test('to a word is that word, where it is among them', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), fc.nat(), (words, n) => {
        const word = words[n % words.length] ?? ''
        expect(closest(word, words)?.toLowerCase()).toBe(word.toLowerCase())
      }),
    )
  })
})

describe('an issue in words', () => {
  test.each<[Issue, string]>([
    [{ key: 'title', code: 'missing' }, 'fehlt'],
    [{ key: 'titel', code: 'unknown-key', nearest: 'title' }, 'unbekannter Schlüssel (meinten Sie „title“?)'],
    [
      { key: 'date', code: 'invalid', got: 'gestern', expected: 'day' },
      'ungültiger Wert: gestern (erwartet: ein Tag, wie 2024-07-03)',
    ],
    [
      { key: 'section', code: 'unknown-value', got: 'x', expected: 'section', nearest: 'y' },
      'unbekannter Wert: x (erwartet: ein Ressort aus site.yaml; meinten Sie „y“?)',
    ],
  ])('%j', (issue, words) => {
    expect(sayIssue(issue, de)).toBe(words)
  })

  test('is said in the language of the site, and stays readable for programs', () => {
    const issue: Issue = { key: 'title', code: 'missing', expected: 'text110' }
    const [said] = sayIssues([issue], en)
    expect(said).toMatchObject(issue)
    expect(said?.detail).not.toBe(sayIssue(issue, de))
    expect(said?.detail).toContain(en.expected['text110' satisfies Expected])
  })
})
