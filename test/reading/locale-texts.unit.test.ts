import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { de as cliDe } from '../../src/locale/cli/de.ts'
import { de } from '../../src/locale/de.ts'

const SRC = join(import.meta.dirname, '../../src')

/** What remarks say is not shown to anybody. */
const withoutRemarks = (code: string) =>
  code.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(?<=^|\s)\/\/ .*$/gm, '')

const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !file.startsWith('locale/'))
  .map((file) => ({ file, code: withoutRemarks(readFileSync(join(SRC, file), 'utf8')) }))

function pathsOf(tree: object, path: string[] = []): string[][] {
  return Object.entries(tree).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null ? pathsOf(value, [...path, key]) : [[...path, key]],
  )
}

/** Groups from which code chooses by a value of its own: a status, a network, an issue's code. */
const CHOSEN_BY_VALUE = [
  'article.alsoIn',
  'article.captions',
  'article.recording',
  'share',
  'ad.reasons.weekdays',
  'problem.creative',
  'fault.creative',
  'ad.reasons.devices',
  'issue',
  'expected',
  'comments.errors',
  'report.reasons',
  'import.skipped',
  'desk.parts',
  'desk.notices',
  'ad.report.reasons',
  'desk.ads.forecasts',
  'desk.ads.roomColumns',
  'desk.ads.phases',
  'desk.ads.empty',
  'desk.ads.priorities',
  'desk.ads.places',
  'desk.ads.moves',
  'desk.ads.kinds',
  'desk.ads.looks',
  'desk.ads.states',
  'desk.ads.pacings',
  'desk.ads.fields',
  'desk.signIn.problems',
  'desk.people.roles',
  'desk.blocks.kinds',
  'desk.reports.counted',
  'desk.audit.actions',
  'desk.mail.kinds',
  'comments.status',
  'comments.field',
  'comments.none',
  'comments.done',
  'help.command',
  'ads.column',
  'ads.phases',
  'ads.standing',
  'ads.notMoved',
  'ads.moved',
  'yaml',
]

describe.each<[string, object]>([
  ['the site', de],
  ['the command line', cliDe],
])('every text of %s', (_, texts) => {
  test('is used', () => {
    const unused = pathsOf(texts).filter((path) => {
      // The form asks for `nameHint` as the name of a field and what follows it.
      const key = (path.at(-1) ?? '').replace(/^(?:name|email|website|text)(?=Hint$)/, '')
      const group = path.slice(0, -1).join('.')
      const name = CHOSEN_BY_VALUE.includes(group) ? (path.at(-2) ?? '') : key
      const use = new RegExp(`(?:[.{},?\\s]|\\[')${name}\\b`)
      return !sources.some(({ code }) => use.test(code))
    })
    expect(unused.map((path) => path.join('.'))).toEqual([])
  })
})

describe('no text is written into the code', () => {
  test('between the tags of a template', () => {
    const found = sources
      .filter(({ file }) => file.endsWith('.tsx'))
      .flatMap(({ file, code }) =>
        [...code.matchAll(/<\/?[a-zA-Z][^<>]*(?<!=)>([^<>{}=()]*\p{L}{2,}[^<>{}=()]*)<\/?[a-zA-Z]/gu)].map(
          ([, text = '']) => `${file}: ${text.trim()}`,
        ),
      )
    expect(found).toEqual([])
  })

  test('as an attribute that people read or hear', () => {
    const attribute =
      /\b(?:alt|title|placeholder|aria-label|aria-description|label)="([^"{}]*\p{L}{2,}[^"]*)"/gu
    const found = sources
      .filter(({ file }) => file.endsWith('.tsx'))
      .flatMap(({ file, code }) => [...code.matchAll(attribute)].map(([text]) => `${file}: ${text}`))
    expect(found).toEqual([])
  })

  test('in German', () => {
    const german =
      /(['"`])(?:(?!\1)[^\n\\])*(?:[äöüÄÖÜ]|\b(?:und|nicht|oder|wird|werden|bitte|keine?)\b)(?:(?!\1)[^\n\\])*\1/gu
    // What the search takes for parts of words, and the characters of a typeface, are no texts.
    const data = [
      'search/compound.ts',
      'search/query.ts',
      'cli/typeface.ts',
      'cli/make-fonts.ts',
      'article/slug.ts',
      'article/markdown.ts',
    ]
    const found = sources
      .filter(({ file }) => !data.includes(file))
      .flatMap(({ file, code }) => [...code.matchAll(german)].map(([text]) => `${file}: ${text}`))
    expect(found).toEqual([])
  })
})
