import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  COUNTED,
  type Counts,
  type Evidence,
  isSpamAnyway,
  KNOWS_NOTHING,
  type Knowledge,
  SIGNALS,
  totalOf,
  verdictOf,
  weighCounts,
  weighText,
} from '../../src/comment/judge/judge.ts'
import { EMPTY_MODEL, featuresOf, learn, scoreOf } from '../../src/comment/judge/model.ts'
import { nearOf } from '../../src/comment/judge/near.ts'
import { compilePatterns, findPattern, matches } from '../../src/comment/judge/pattern.ts'
import { wordsOf } from '../../src/comment/judge/words.ts'
import { de } from '../../src/locale/de.ts'
import { CAMPAIGN_NAMES, generateComments } from '../support/corpus/comments.ts'

const evidence = (more: Partial<Evidence> = {}): Evidence => ({
  name: 'Änne Groß',
  website: null,
  text: 'Das sehe ich anders: Der Handel wächst seit Jahren.',
  fellIntoHoneypot: false,
  formSeconds: 60,
  emailHash: 'e',
  ipHash: 'i',
  ...more,
})
const signals = (more: Partial<Evidence>, knowledge: Knowledge = KNOWS_NOTHING) =>
  weighText(evidence(more), knowledge).map(({ signal }) => signal)

describe('signals', () => {
  test('a good comment has none', () => {
    expect(signals({})).toEqual([])
  })

  test.each<[string, Partial<Evidence>]>([
    ['honeypot', { fellIntoHoneypot: true }],
    ['quick', { formSeconds: 3 }],
    ['links', { text: 'Siehe https://beispiel.de/' }],
    ['website', { website: 'https://beispiel.de/' }],
    ['shortener', { text: 'Hier: https://bit.ly/abc' }],
    ['shortener', { text: 'Hier: http://203.0.113.9/abc' }],
    ['mixedScript', { text: 'Kaufen Sie Rоlex Uhren' }], // Cyrillic о
    ['foreignScript', { text: 'Это очень интересная статья' }],
    ['shouting', { text: 'DAS IST DOCH ALLES NUR GELOGEN UND BETROGEN' }],
    ['marks', { text: 'Wirklich!!!!!' }],
  ])('%s is seen', (signal, more) => {
    expect(signals(more)).toContain(signal)
  })

  test('more links weigh more', () => {
    const scores = [0, 1, 2, 3, 4].map((n) =>
      totalOf(weighText(evidence({ text: `Text ${'https://beispiel.de/ '.repeat(n)}` }), KNOWS_NOTHING)),
    )
    expect(scores).toEqual(scores.toSorted((a, b) => a - b))
    expect(new Set(scores).size).toBe(5)
  })

  test('what the newsroom blocks is spam by itself', () => {
    const knowledge: Knowledge = {
      ...KNOWS_NOTHING,
      words: compilePatterns(['casino*', 'ohne schufa']),
      domains: new Set(['boese.example']),
      emails: new Set(['e']),
      connections: new Set(['i']),
    }
    expect(signals({ text: 'Online-Casinos' }, knowledge)).toContain('blockedWord')
    expect(signals({ text: 'Kredit OHNE Schufa!' }, knowledge)).toContain('blockedWord')
    expect(signals({ website: 'https://www.boese.example/x' }, knowledge)).toContain('blockedDomain')
    expect(signals({ text: 'https://nicht-boese.example/' }, knowledge)).not.toContain('blockedDomain')
    expect(signals({}, knowledge)).toEqual(expect.arrayContaining(['blockedPerson', 'blockedConnection']))
    expect(verdictOf(weighText(evidence(), knowledge), true, 'none', { hold: 2, spam: 5 })).toBe('spam')
  })

  test('each has its sentence for the desk', () => {
    const { plain, named, counted } = de.desk.judge.signals
    const said = Object.keys({ ...plain, ...named, ...counted })
    expect([...Object.keys(SIGNALS), ...Object.keys(COUNTED)].filter((name) => !said.includes(name))).toEqual(
      [],
    )
  })
})

describe('a verdict', () => {
  const thresholds = { hold: 2, spam: 5 }
  const scored = (score: number) => [{ signal: 'x', score, values: [] }]

  test.each([
    ['all', false, 0, 'pending'],
    ['all', true, 0, 'pending'],
    ['returning', false, 0, 'pending'],
    ['returning', true, 0, 'approved'],
    ['returning', true, 2, 'pending'],
    ['none', false, 0, 'approved'],
    ['none', false, 1.9, 'approved'],
    ['none', false, 2, 'pending'],
    ['none', true, 5, 'spam'],
    ['all', true, 5, 'spam'],
  ] as const)('under „%s“, known: %s, with a score of %d, is %s', (moderation, isKnown, score, verdict) => {
    expect(verdictOf(scored(score), isKnown, moderation, thresholds)).toBe(verdict)
  })

  test('what is spam anyway is spam whatever is counted', () => {
    const counts = fc.record({
      good: fc.nat(9),
      bad: fc.nat(9),
      connection: fc.nat(20),
      near: fc.nat(9),
      years: fc.nat(9),
    })
    fc.assert(
      fc.property(
        fc.double({ min: -5, max: 20, noNaN: true }),
        counts,
        fc.boolean(),
        (score, counted, isKnown) => {
          const reasons = [...scored(score), ...weighCounts(counted)]
          return (
            !isSpamAnyway(scored(score), thresholds) ||
            verdictOf(reasons, isKnown, 'none', thresholds) === 'spam'
          )
        },
      ),
    )
    expect(isSpamAnyway(scored(10), thresholds)).toBe(true)
  })

  test('what counts is capped: nobody is spam for what they did often and well', () => {
    fc.assert(
      fc.property(fc.nat(1000), (n) => {
        const counts: Counts = { good: n, bad: 0, connection: 0, near: 0, years: 0 }
        expect(totalOf(weighCounts(counts))).toBeGreaterThanOrEqual(-3.6)
        expect(totalOf(weighCounts(counts))).toBeLessThanOrEqual(0)
      }),
    )
  })
})

describe('patterns of words', () => {
  test.each([
    ['casino', 'casino', true],
    ['casino*', 'casinos', true],
    ['casino*', 'onlinecasino', false],
    ['*casino*', 'onlinecasinos', true],
    ['v*a*a', 'viagra', true],
    ['v*a*x', 'viagra', false],
    ['*', 'alles', true],
  ])('%s fits %s: %s', (pattern, word, fits) => {
    expect(matches(word, pattern)).toBe(fits)
  })

  test('are words, not letters within words, and know neither case nor accents', () => {
    const patterns = compilePatterns(['uhr', 'günstig kaufen', '***', ''])
    const find = (text: string) => findPattern(wordsOf(text), patterns)
    expect(find('Wie viel Uhr ist es?')).toBe('uhr')
    expect(find('Die Uhren gehen anders.')).toBeNull()
    expect(find('Jetzt GÜNSTIG  kaufen!')).toBe('gunstig kaufen')
    expect(find('Günstig ist es, zu kaufen.')).toBeNull()
  })

  /** Matching as its definition says it, by going through every way. */
  const byDefinition = (word: string, pattern: string): boolean => {
    if (pattern === '') return word === ''
    const rest = pattern.slice(1)
    if (pattern[0] === '*')
      return byDefinition(word, rest) || (word !== '' && byDefinition(word.slice(1), pattern))
    return word[0] === pattern[0] && byDefinition(word.slice(1), rest)
  }

  test('fit as their definition says', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 })
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 6 })
    fc.assert(
      fc.property(letters, pattern, (word, one) => {
        expect(matches(word, one)).toBe(byDefinition(word, one))
      }),
    )
  })

  test('cost no more than the text is long, whatever the pattern and the text', () => {
    const evil = compilePatterns([`${'a*'.repeat(30)}b`, '*a*a*a*a*a*c', `${'*x'.repeat(20)}`])
    const steps = (length: number) => {
      const words = wordsOf(Array(length).fill('a'.repeat(90)).join(' '))
      let best = Number.POSITIVE_INFINITY
      for (let n = 0; n < 5; n++) {
        const before = process.cpuUsage()
        for (let again = 0; again < 20; again++) findPattern(words, evil)
        best = Math.min(best, process.cpuUsage(before).user)
      }
      return best
    }
    steps(50) // warm
    // Eight times the text may take eight times as long, with room for noise; it would take 64 times, were it quadratic.
    expect(steps(400) / Math.max(1, steps(50))).toBeLessThan(24)
  })
})

describe('near-duplicates', () => {
  const text =
    'Mit diesem einen Trick verdienen Hausfrauen in ganz Deutschland jede Woche dreitausend Euro nebenbei und ohne Vorkenntnisse.'

  test('have the same number', () => {
    expect(nearOf(`${text}!!`)).toEqual(nearOf(text))
    expect(nearOf(text.replace('Vorkenntnisse', 'Vorwissen'))).toBe(nearOf(text))
  })

  test('short answers are none', () => {
    expect(nearOf('Danke für den Artikel!')).toBeNull()
  })

  test('texts that have no run of words in common do not', () => {
    expect(nearOf(wordsOf(text).toReversed().join(' '))).not.toBe(nearOf(text))
  })
})

describe('the classifier', () => {
  const trained = (count: number, seed: number, campaigns?: readonly string[]) =>
    generateComments(count, seed, campaigns && [...campaigns]).reduce(
      (model, comment) => learn(model, comment, comment.label === 'good' ? 'good' : 'bad'),
      EMPTY_MODEL,
    )
  const isSpam = (comment: { name: string; website: string | null; text: string }, model = EMPTY_MODEL) =>
    totalOf(weighText(evidence(comment), { ...KNOWS_NOTHING, model })) >= 5

  test('says nothing before it has seen enough', () => {
    expect(scoreOf(evidence(), EMPTY_MODEL)).toBeNull()
    expect(scoreOf(evidence(), trained(12, 3))).toBeNull()
  })

  test('unlearns what it learned', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('good' as const, 'bad' as const), (text, label) => {
        const before = trained(40, 7)
        const after = learn(learn(before, evidence({ text }), label), evidence({ text }), label, -1)
        for (const bucket of featuresOf(evidence({ text })))
          expect([after.goodIn.get(bucket) ?? 0, after.badIn.get(bucket) ?? 0]).toEqual([
            before.goodIn.get(bucket) ?? 0,
            before.badIn.get(bucket) ?? 0,
          ])
      }),
      { numRuns: 20 },
    )
  })

  test.each(CAMPAIGN_NAMES)('catches 9 of 10 of a new kind of spam (%s) after 50 decisions', (campaign) => {
    const others = CAMPAIGN_NAMES.filter((name) => name !== campaign).slice(0, 2)
    const fresh = generateComments(3000, 9, [campaign]).filter(({ label }) => label === 'spam')
    let model = trained(300, 5, others)
    for (const comment of fresh.slice(0, 50)) model = learn(model, comment, 'bad')
    const next = fresh.slice(50, 350)
    expect(next.length).toBe(300)
    expect(next.filter((comment) => isSpam(comment, model)).length).toBeGreaterThanOrEqual(270)
  })

  test('takes at most 1 in 200 good comments for spam', () => {
    const model = trained(500, 1)
    const fine = generateComments(4000, 2).filter(({ label }) => label === 'good')
    expect(fine.filter((comment) => isSpam(comment, model)).length).toBeLessThanOrEqual(fine.length * 0.005)
  })
})
