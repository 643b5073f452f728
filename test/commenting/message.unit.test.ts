import fc from 'fast-check'
import PostalMime, { type Email as ParsedEmail } from 'postal-mime'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { Email } from '../../src/desk/person.ts'
import { de } from '../../src/locale/de.ts'
import { fieldText, renderMessage } from '../../src/mail/message.ts'
import { Dom } from '../support/dom.ts'

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
  '\u200d',
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
/**
 * No line ends, and nothing that can't be seen but what joins letters, and what defuses an encoded word: what is left can
 * begin no second field.
 */
const ONE_LINE = /^(?:[^\p{C}\p{Zl}\p{Zp}]|[\u200c\u200d]|(?<==)\u2060(?=\?))*$/u

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

describe('as a mail program reads it', () => {
  interface Letter {
    from: { email: string; name: string }
    to: string
    subject: string
    text: string
    html: string
    headers: Record<string, string>
  }
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  /** A service that writes header fields as it was given them (RFC 6532): whatever they hold reaches the reader's program. */
  const plain = (text: string) => text
  /** One that encodes what is not ASCII (RFC 2047), and nothing else. */
  const encoding = (text: string) => (/^[\x20-\x7e]*$/.test(text) ? text : `=?utf-8?B?${base64(text)}?=`)

  /** A letter on its way, composed by a service that trusts who hands it over. */
  const compose = ({ from, to, subject, text, html, headers }: Letter, field: (text: string) => string) => {
    const name = field(from.name)
    const phrase = name === from.name ? `"${name.replace(/["\\]/g, '\\$&')}"` : name
    const part = (type: string, content: string) =>
      `--end\r\nContent-Type: text/${type}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(content)}\r\n`
    const fields = {
      ...{ From: `${phrase} <${from.email}>`, To: `<${to}>`, Subject: field(subject) },
      ...{ 'MIME-Version': '1.0', 'Content-Type': 'multipart/alternative; boundary=end', ...headers },
    }
    const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
    return `${head.join('')}\r\n${part('plain', text)}${part('html', html)}--end--\r\n`
  }

  /** What somebody sees of what they typed into one line. */
  const visible = (text: string) =>
    text
      .replace(/(?![\u200c\u200d])[\p{C}\p{Zl}\p{Zp}]/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim()
  const shown = (text: string | undefined) => (text ?? '').replaceAll('\u2060', '')

  const unsubscribe = '<https://beispiel.de/subscriptions/x.y/?abo=1>'
  const url = 'https://beispiel.de/artikel/#comment-1'
  const from = 'redaktion@beispiel.de'
  const to = 'leserin@beispiel.de'
  /** Names and titles that fit; what is longer is cut, see below. */
  const short = hostile.map((text) => [...visible(text)].slice(0, 60).join(''))

  async function send(
    typed: { site: string; name: string; title: string; text: string },
    field: (text: string) => string,
  ): Promise<ParsedEmail> {
    const letter = renderMessage(
      {
        subject: de.mail.answer.subject(typed.name, typed.title),
        body: [typed.text, { text: typed.name, url }],
        headers: { 'List-Unsubscribe': unsubscribe },
      },
      { language: 'de', site: 'Beispiel' },
    )
    const sender = { email: from, name: fieldText(typed.site) }
    return PostalMime.parse(compose({ from: sender, to, ...letter }, field))
  }

  test.each([
    { service: 'writes fields as they are', field: plain },
    { service: 'encodes what is not ASCII', field: encoding },
  ])('it has what was put in and nothing else, from a service that $service', async ({ field }) => {
    await fc.assert(
      fc.asyncProperty(short, short, short, hostile, async (site, name, title, text) => {
        const mail = await send({ site, name, title, text }, field)
        expect(mail.headers.map(({ key }) => key)).toEqual([
          'from',
          'to',
          'subject',
          'mime-version',
          'content-type',
          'list-unsubscribe',
        ])
        expect(mail.from).toMatchObject({ address: from })
        expect(shown(mail.from?.name)).toBe(visible(site))
        expect(mail.to).toEqual([{ address: to, name: '' }])
        expect([mail.cc, mail.bcc, mail.replyTo]).toEqual([undefined, undefined, undefined])
        expect(shown(mail.subject)).toBe(visible(de.mail.answer.subject(name, title)))
        const body = `${text}\n\n${name}\n${url}\n\n-- \nBeispiel\n`
        expect(mail.text).toBe(new TextDecoder().decode(Buffer.from(body)))
        expect(mail.attachments).toEqual([])
        const page = new Dom(mail.html ?? '')
        expect(
          page
            .all('body *')
            .map(({ tagName }) => tagName)
            .filter((tag) => tag !== 'br'),
        ).toEqual(['p', 'p', 'a', 'p'])
        expect(page.attributes('a', 'href')).toEqual([url])
      }),
    )
  })

  test.each([
    '=?utf-8?B?QW5nZWxhIE1lcmtlbA==?=',
    '=?utf-8?q?Angela_Merkel?=',
    '=?ISO-8859-1*de?Q?M=FCller?= =?x?b?QQ==?=',
    '==?utf-8?B?QQ==?=',
    '=?=?utf-8?B?QQ==?=',
    'Müller =?utf-8?B?QQ==?=',
  ])('an encoded word is shown as it was typed: %s', async (typed) => {
    for (const field of [plain, encoding]) {
      const mail = await send({ site: typed, name: typed, title: typed, text: typed }, field)
      expect(shown(mail.subject)).toBe(de.mail.answer.subject(typed, typed))
      expect(shown(mail.from?.name)).toBe(typed)
    }
  })

  test.each(['Zoë 👩‍👩‍👧', 'می‌خواهم'])('what joins letters and pictures stays: %s', async (typed) => {
    const mail = await send({ site: typed, name: typed, title: typed, text: typed }, encoding)
    expect(mail.subject).toBe(de.mail.answer.subject(typed, typed))
  })

  test('a sum is no encoded word, and stays as it is', () => {
    expect(render('Was ist 1+1=? Und 2+2=?').subject).toBe('Was ist 1+1=? Und 2+2=?')
  })

  test('an address that some server might decode into another is none', () => {
    expect(v.is(Email, 'leserin+abo=x@beispiel.de')).toBe(true)
    expect(v.is(Email, '=?utf-8?q?x=40boese.example=3e?=@beispiel.de')).toBe(false)
  })
})
