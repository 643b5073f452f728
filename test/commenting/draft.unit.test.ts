import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDraft, type Typed } from '../../src/comment/comment.ts'
import { slug } from '../support/fixture.ts'

const TYPED: Typed = {
  name: 'Änne',
  email: 'a@beispiel.de',
  website: '',
  text: 'Ein Text.',
  parent: '',
  notify: false,
}
const parse = (more: Partial<Typed>) => parseDraft({ ...TYPED, ...more }, slug('artikel'))
const errorsOf = (more: Partial<Typed>) => {
  const draft = parse(more)
  return draft.ok ? {} : draft.errors
}
const accepted = (more: Partial<Typed>) => {
  const draft = parse(more)
  if (!draft.ok) throw new Error(JSON.stringify(draft.errors))
  return draft.value
}
const length = (text: string) => [...text].length

describe('what was typed', () => {
  test('is normalised: NFC, one kind of line break, no space around', () => {
    expect(accepted({ name: '  A\u0308nne \t Groß ' }).name).toBe('Änne Groß')
    expect(accepted({ text: '\r\n eins\r\nzwei\rdrei \n' }).text).toBe('eins\nzwei\ndrei')
    expect(accepted({ email: ' Aenne@Beispiel.DE ', name: 'x' }).email).toBe('aenne@beispiel.de')
  })

  test('counts in characters as people do: an emoji is one', () => {
    expect(errorsOf({ name: '😀'.repeat(80), text: '😀'.repeat(5000) })).toEqual({})
    expect(errorsOf({ name: '😀'.repeat(81), text: '😀'.repeat(5001) })).toEqual({
      name: 'nameLong',
      text: 'textLong',
    })
  })

  test.each([
    ...['', '   ', '\u200b\u200d', '\u3164', '\u00ad', '\u2060\ufeff', '\u2800', '\u{e0041}'],
    ...['\ufe0f', '\u034f', '\u17b4', '\u180b\ufe00', '\u{e0100}'], // variation selectors, joiners, fillers
  ])('is missing when nobody can see it: %j', (text) => {
    expect(errorsOf({ name: text, text })).toEqual({ name: 'nameMissing', text: 'textMissing' })
  })

  test('keeps the invisible parts of what can be seen: an emoji’s, a flag’s, a script’s', () => {
    for (const name of ['❤️', '👩‍👩‍👧', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', 'می‌خواهم'])
      expect(accepted({ name, text: name })).toMatchObject({ name, text: name })
  })

  test.each(['a\u0000b', 'a\u0007b', 'a\u009bb', 'a\u202eb', 'a\u2066b', 'a\ud800b', 'a\ufffeb'])(
    'is refused with invisible controls: %j',
    (text) => {
      expect(errorsOf({ name: text, text })).toEqual({ name: 'nameControl', text: 'textControl' })
    },
  )

  test.each([
    ['Redak\u200btion', 'Redaktion'],
    ['Redak\u00adtion', 'Redaktion'],
    ['\ufeffRedaktion\u2060', 'Redaktion'],
    ['\u200b Redaktion \u200b', 'Redaktion'],
    ['Redak\u200dtion', 'Redaktion'],
    ['Redaktion\ufe0f', 'Redaktion'],
    ['می\u200cخواهم', 'می\u200cخواهم'],
    ['क्\u200dष', 'क्\u200dष'],
    ['Anna 👩\u200d🚒 ❤\ufe0f', 'Anna 👩\u200d🚒 ❤\ufe0f'],
  ])('has no name that looks like another for what nobody sees: %j is %j', (name, taken) => {
    expect(parse({ name })).toMatchObject({ ok: true, value: { name: taken } })
  })

  test('stays on its lines: of the marks on a letter, four are enough', () => {
    const zalgo = `Z${'\u0301\u0316\u0334'.repeat(20)}algo`
    const taken = parse({ name: zalgo, text: zalgo })
    expect(taken.ok && taken.value.text).toMatch(/^Ź?Z?\p{M}{0,4}algo$/u)
    expect(taken.ok && taken.value.name).toBe(taken.ok && taken.value.text)
    expect(parse({ text: 'Việt Nam, שָׁלוֹם, བོད་སྐད' })).toMatchObject({
      value: { text: 'Việt Nam, שָׁלוֹם, བོད་སྐད'.normalize('NFC') },
    })
  })

  test('may hold tabs and line breaks', () => {
    expect(accepted({ text: 'a\tb\n\nc' }).text).toBe('a\tb\n\nc')
  })
})

describe('an e-mail address', () => {
  test.each([
    '',
    'a',
    'a@',
    '@b.de',
    'a@b',
    'a b@c.de',
    'a@b.de, c@d.de',
    '<a@b.de>',
    'a@b.de/x',
    'a@b.de?x',
    'a@b.de#x',
    'a@b.de:25',
    'a@c@b.de',
    '=?utf-8?q?x=40c.de=3e?=@b.de',
    `${'a'.repeat(250)}@b.de`,
  ])('that is none is refused: „%s“', (email) => {
    expect(errorsOf({ email }).email).toBe(email === '' ? 'emailMissing' : 'emailInvalid')
  })

  test.each(['a@beispiel.de', 'vor.nach+tag@sub.beispiel.co.uk', 'info@müller.de', 'a@österreich.at'])(
    '„%s“ is taken',
    (email) => {
      expect(errorsOf({ email })).toEqual({})
    },
  )
})

describe('a website', () => {
  test.each([
    ['', null],
    ['https://beispiel.de/a?b=c#d', 'https://beispiel.de/a?b=c#d'],
    ['beispiel.de', 'https://beispiel.de'],
    ['www.münchen.de/a', 'https://www.münchen.de/a'],
  ])('„%s“ is kept as %s', (website, kept) => {
    expect(accepted({ website }).website).toBe(kept)
  })

  test('may be 500 characters long', () => {
    const website = `https://a.de/${'a'.repeat(487)}`
    expect(accepted({ website }).website).toBe(website)
    expect(errorsOf({ website: `${website}a` })).toEqual({ website: 'websiteInvalid' })
  })

  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)//https://a.de',
    'data:text/html,x',
    'ftp://beispiel.de',
    '//beispiel.de',
    'https://',
    'https://localhost',
    'https://a.de/"onmouseover=x',
    'https://a.de/ x',
    'https://a.de/<b>',
    `https://a.de/${'a'.repeat(500)}`,
    'https://a.de/\u0000',
    'https://a.de/\u0007',
    'https://a.de/\u202exe.piz',
    'https://a.de/\u2066x',
    'https://a.de/\ud800',
  ])('that leads nowhere good is refused: %j', (website) => {
    expect(errorsOf({ website })).toEqual({ website: 'websiteInvalid' })
  })
})

describe('a draft that is taken', () => {
  test('always fits what the database demands', () => {
    const anything = fc.string({ unit: 'binary', maxLength: 120 })
    fc.assert(
      fc.property(anything, anything, anything, anything, (name, website, text, parent) => {
        const draft = parse({ name, website, text, parent })
        if (!draft.ok) return
        expect(length(draft.value.name)).toBeGreaterThanOrEqual(1)
        expect(length(draft.value.name)).toBeLessThanOrEqual(80)
        expect(length(draft.value.text)).toBeGreaterThanOrEqual(1)
        expect(length(draft.value.text)).toBeLessThanOrEqual(5000)
        expect(draft.value.website ?? 'https://').toMatch(/^https?:\/\//)
        expect(draft.value.parent === null || Number.isSafeInteger(draft.value.parent)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  test('stays as it is when it is parsed again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), (text) => {
        const once = parse({ text, name: text })
        if (!once.ok) return
        expect(accepted({ text: once.value.text, name: once.value.name })).toEqual(once.value)
      }),
    )
  })

  test.each([
    ['17', 17],
    ['0', null],
    ['-1', null],
    ['1e3', null],
    ['9'.repeat(30), null],
    ['1; DROP TABLE comment', null],
  ])('answers comment „%s“ as %s', (parent, expected) => {
    expect(accepted({ parent }).parent).toBe(expected)
  })
})
