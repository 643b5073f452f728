import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LINE_HEIGHT, setHeadline } from '../../src/cli/social-layout.ts'
import { socialSvg, widthOf } from '../../src/cli/social-picture.ts'
import { drawable } from '../../src/cli/typeface.ts'

const ROOM = { width: 1072, height: 348 }
const set = (headline: string, language: 'de' | 'en' = 'de') => setHeadline(headline, language, ROOM, widthOf)
const colors = { paper: '#faf6ee', ink: '#1b1a17', accent: '#b3261a' }

describe('the headline of a social picture', () => {
  test('is large where it is short, and smaller where it is long', () => {
    const short = set('Kurz und gut')
    const long = set(
      'Warum die Zeitung von morgen auch auf Papier erscheint und was das für kleine Verlage bedeutet',
    )
    expect(short.size).toBeGreaterThan(90)
    expect(long.size).toBeLessThan(short.size)
    expect(long.lines.length).toBeGreaterThan(2)
  })

  test('divides a long German word where German divides it', () => {
    const { lines } = set('Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz')
    expect(lines.length).toBeGreaterThan(1)
    for (const line of lines.slice(0, -1)) expect(line).toMatch(/-$/)
    expect(lines.join('').replaceAll('-', '')).toBe(
      'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz',
    )
    expect(lines[0]).toMatch(/^Rindfleisch(?:etikettierungs(?:überwachungs)?)?-$/)
  })

  test('has lines of about the same length', () => {
    const { lines, size } = set('China und Kasachstan vertiefen ihre Partnerschaft')
    const widths = lines.map((line) => widthOf(line) * size)
    expect(Math.min(...widths)).toBeGreaterThan(Math.max(...widths) / 3)
  })

  test('is whole and within its room, whatever it is', () => {
    const word = fc.oneof(
      fc.string({
        unit: fc.constantFrom(...'abcdefghijklmnoprstuvwzäöüßABDEFGMWÄÖÜ'),
        minLength: 1,
        maxLength: 14,
      }),
      fc.string({ unit: fc.constantFrom(...'abdeimnrstuäW'), minLength: 20, maxLength: 110 }),
      fc.constantFrom('–', '„Größe“', '3,5', 'E-Paper', 'WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW'),
    )
    const headline = fc
      .array(word, { minLength: 1, maxLength: 20 })
      .map((words) => words.join(' ').slice(0, 110).trim())
      .filter((text) => text !== '')
    fc.assert(
      fc.property(headline, fc.constantFrom('de', 'en'), (text, language) => {
        const { lines, size } = set(text, language)
        for (const line of lines) expect(widthOf(line) * size).toBeLessThanOrEqual(ROOM.width)
        expect(lines.length * size * LINE_HEIGHT).toBeLessThanOrEqual(ROOM.height)
        const letters = (one: string) => one.replace(/[\s-]/g, '')
        expect(letters(lines.join(''))).toBe(letters(text))
      }),
      { numRuns: 300 },
    )
  })
})

describe('the letters of a social picture', () => {
  test('are those that the face has: signs it lacks are left out, words are not', () => {
    expect(drawable('Größe 🙂 zählt')).toBe('Größe zählt')
    expect(drawable('Wałęsa, Škoda, Erdoğan')).toBe('Wałęsa, Škoda, Erdoğan')
    expect(drawable('A\u0308rger')).toBe('Ärger')
    for (const foreign of ['Привет', 'مرحبا', '中国']) expect(drawable(`Wort ${foreign}`)).toBeNull()
  })

  test('are outlines, so that no typeface of the machine is asked for, and nothing in them is markup', () => {
    const text = {
      headline: '<script> & „so“',
      section: 'Medien',
      site: 'Blatt',
      language: 'de',
      colors,
    } as const
    const svg = socialSvg(text) ?? ''
    expect(svg).not.toMatch(/<text|<script|font/)
    expect(svg.match(/<path/g)?.length).toBeGreaterThan(20)
    expect(socialSvg({ ...text, headline: '中国' })).toBeNull()
  })
})
