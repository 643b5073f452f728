import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_QUERY, parseQuery, toMatch } from '../../src/search/query.ts'

const typed = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc
    .array(
      fc.constantFrom(
        '"',
        '-',
        '*',
        'NEAR(',
        'AND',
        'OR',
        'NOT',
        'title:',
        '{body}',
        '(',
        ')',
        '^',
        'Größe',
        'E-Paper',
        "O'Neill",
        '„',
        '“',
        ' ',
        '\0',
        '+',
      ),
      {
        maxLength: 40,
      },
    )
    .map((parts) => parts.join('')),
)

describe('a query, whatever is typed', () => {
  test('is read without failing, and into a bounded number of terms', () => {
    fc.assert(
      fc.property(typed, (text) => {
        const { wanted, unwanted } = parseQuery(text)
        expect(wanted.length).toBeLessThanOrEqual(12)
        expect(wanted.length + unwanted.length).toBeLessThanOrEqual(24)
        for (const term of wanted)
          if (term.kind !== 'phrase') expect(term.word.length).toBeLessThanOrEqual(MAX_QUERY)
      }),
    )
  })

  test('is never wrong for FTS5, and never says anything but words to it', () => {
    const db = new DatabaseSync(':memory:')
    db.exec("CREATE VIRTUAL TABLE i USING fts5 (title, standfirst, names, body, tokenize = 'unicode61')")
    db.exec("INSERT INTO i VALUES ('grosse', 'near', 'and', 'or not title body')")
    const ask = db.prepare('SELECT count(*) AS n FROM i WHERE i MATCH ?')
    fc.assert(
      fc.property(typed, fc.constantFrom('AND', 'OR'), (text, operator) => {
        const query = parseQuery(text)
        if (query.wanted.length === 0) return
        const { exact, head, wide } = toMatch(
          query,
          new Map([['grosse', ['"grossen', 'grosser OR x']]]),
          operator,
        )
        for (const match of [exact, head, wide]) {
          expect(() => ask.get(match), match).not.toThrow()
          const unquoted = match.replace(/"(?:[^"]|"")*"/g, '').replace('{title standfirst names} :', '')
          expect(unquoted.replace(/\b(?:AND|OR|NOT)\b|[()*\s]/g, '')).toBe('')
        }
      }),
      { numRuns: 500 },
    )
  })
})
