import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { mergeYaml, toYaml } from '../../src/cli/merge-yaml.ts'

/** A file follows what is stored; whatever has not changed stays as somebody wrote it. */

const FILE = `# Vertrag 2026/17
advertiser: "Kontor Nordlicht"   # wie im Register

start: 2026-01-01
target: {sections: [werbung, medien]}
weight: 4 # siehe Angebot
creatives:
- kind: native
  # Von der Agentur.
  headline: 'Fracht von Tür zu Tür. Auch wenn die Tür weit weg ist und diese Zeile länger wird als achtzig Zeichen.'
  url: https://example.com/
`

describe('mergeYaml', () => {
  test('leaves a file alone that says so already', () => {
    expect(mergeYaml(FILE, parse(FILE))).toBe(FILE.replace('   # wie', ' # wie'))
  })

  test('changes only what says something else', () => {
    const stored = parse(FILE)
    stored.weight = 9
    stored.creatives[0].headline = 'Neu: kürzer'
    stored.target.sections.push('technik')
    stored.state = 'paused'
    delete stored.start
    expect(mergeYaml(FILE, stored)).toBe(`# Vertrag 2026/17
advertiser: "Kontor Nordlicht" # wie im Register
target: {sections: [werbung, medien, technik]}
weight: 9 # siehe Angebot
creatives:
- kind: native
  # Von der Agentur.
  headline: 'Neu: kürzer'
  url: https://example.com/
state: paused
`)
  })

  test('keeps the line ends of Windows', () => {
    const windows = FILE.replaceAll('\n', '\r\n')
    expect(mergeYaml(windows, { ...parse(FILE), weight: 9 })).not.toMatch(/[^\r]\n/)
  })

  test('says what is stored, whatever stood there before', () => {
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.string({ unit: 'grapheme' }),
        fc.integer(),
        fc.boolean(),
        fc.constantFrom(
          '2026-01-01',
          'true',
          '12',
          '',
          ' ',
          '# x',
          '- a',
          'a: b',
          '*a',
          '&a',
          '"',
          "'",
          'a\nb\n',
        ),
        fc.array(tie('value'), { maxLength: 3 }),
        tie('keys'),
      ),
      keys: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd-e', '12', 'true'), tie('value'), {
        noNullPrototype: true,
      }),
    })).keys
    const keys = value.map((one) => ({ ...Object(one) }))
    fc.assert(
      fc.property(keys, keys, (before, after) => {
        expect(parse(mergeYaml(toYaml(before), after))).toEqual(after)
      }),
      { numRuns: 2000 },
    )
  })
})
