import fc from 'fast-check'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { Email } from '../../src/desk/person.ts'
import { de } from '../../src/locale/de.ts'
import { renderMessage } from '../../src/mail/message.ts'

/** Whatever readers and editors call themselves and their articles: a mail keeps its header fields and its one recipient. */

/** What ends a line in some program, turns text around, or begins a field or an encoded word (RFC 2047). */
const HOSTILE = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  '\v',
  '\f',
  '\x85',
  '\u2028',
  '\u2029',
  '\u202e',
  '\ufeff',
  '\ud800',
]
const FIELDS = [
  'Bcc: x@boese.example',
  '=?utf-8?B?DQpCY2M6IHhAYm9lc2UuZXhhbXBsZQ==?=',
  ', x@boese.example',
  '<',
  '😀',
]
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE, ...FIELDS), fc.string({ unit: 'binary' })), { maxLength: 60 })
  .map((parts) => parts.join(''))
/** No line ends, and nothing that can't be seen: what is left can begin no second field. */
const ONE_LINE = /^[^\p{C}\p{Zl}\p{Zp}]*$/u

const render = (subject: string, headers = {}) =>
  renderMessage({ subject, body: ['Text'], headers }, { language: 'de', site: 'Beispiel' })

test('a name or a headline never puts a field of its own into the header', () => {
  fc.assert(
    fc.property(hostile, hostile, (name, title) => {
      const { subject, headers } = render(de.mail.answer.subject(name, title), {
        'List-Unsubscribe': `<${title}>`,
      })
      expect(subject).toMatch(ONE_LINE)
      expect(Object.keys(headers)).toEqual(['List-Unsubscribe'])
      for (const value of Object.values(headers)) expect(value).toMatch(ONE_LINE)
    }),
  )
})

test('a subject that is too long ends with a whole character', () => {
  const { subject } = render(`a${'😀'.repeat(300)}`)
  expect([subject, subject.isWellFormed()]).toEqual([`a${'😀'.repeat(199)}`, true])
})

test('the way to unsubscribe is never cut short', () => {
  const address = `<https://${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.example/subscriptions/x.y/?abo=1>`
  expect(render('Betreff', { 'List-Unsubscribe': address }).headers).toEqual({ 'List-Unsubscribe': address })
})

test('an address is of one recipient, or none', () => {
  fc.assert(
    fc.property(hostile, hostile, (one, other) => {
      for (const text of [`${one}a@beispiel.de${other}`, `a${one}@beispiel.de`, `a@beispiel${one}.de`]) {
        const address = v.safeParse(Email, text)
        if (address.success) expect(address.output).toMatch(/^[^\s,;:<>"()[\]\\@\p{C}]+@[a-z\d.-]+$/u)
      }
    }),
  )
})
