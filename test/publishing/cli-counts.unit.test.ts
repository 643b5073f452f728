import { expect, test } from 'vitest'
import { type CliTexts, de } from '../../src/locale/cli/de.ts'
import { en } from '../../src/locale/cli/en.ts'

/** What the command line says about a number of things: one is one, and thousands are set apart. */

const said = (texts: CliTexts, n: number) => [
  texts.person.erased('a@beispiel.de', n),
  texts.keys.changed(n),
  texts.keys.unreadable(n),
  texts.import.progress('3', n),
  texts.import.done(n, n, n),
]

test.each([
  [
    1,
    [
      'Gelöscht: a@beispiel.de, 1 Kommentar.',
      '1 Wert neu verschlüsselt.',
      '1 Wert lässt sich mit keinem der Schlüssel lesen.',
      '3 MB gelesen, 1 Kommentar',
      '1 Kommentar neu, 1 schon da, 1 ausgelassen.',
    ],
  ],
  [
    1234,
    [
      'Gelöscht: a@beispiel.de, 1.234 Kommentare.',
      '1.234 Werte neu verschlüsselt.',
      '1.234 Werte lassen sich mit keinem der Schlüssel lesen.',
      '3 MB gelesen, 1.234 Kommentare',
      '1.234 Kommentare neu, 1.234 schon da, 1.234 ausgelassen.',
    ],
  ],
])('in German, %i', (n, texts) => {
  expect(said(de, n)).toEqual(texts)
})

test.each([
  [
    1,
    [
      'Erased: a@beispiel.de, 1 comment.',
      '1 value encrypted anew.',
      '1 value can’t be read with any of the keys.',
      '3 MB read, 1 comment',
      '1 comment new, 1 there already, 1 left out.',
    ],
  ],
  [
    0,
    [
      'Erased: a@beispiel.de, 0 comments.',
      '0 values encrypted anew.',
      '0 values can’t be read with any of the keys.',
      '3 MB read, 0 comments',
      '0 comments new, 0 there already, 0 left out.',
    ],
  ],
])('in English, %i', (n, texts) => {
  expect(said(en, n)).toEqual(texts)
})
