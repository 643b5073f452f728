import { escapeHtml } from '../view/html.ts'

/** A mail as it is written: a subject, and lines of text with links between them. */
export interface Message {
  subject: string
  /** Paragraphs; a link stands on a line of its own, so that every program finds it. */
  body: readonly (string | { text: string; url: string })[]
  /** More header fields: the way to unsubscribe (RFC 8058). */
  headers?: Readonly<Record<string, string>>
}

/** Line breaks would begin another header field; invisible and turning characters make a subject say something else. */
const oneLine = (text: string): string =>
  text
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()

/** Enough for every program to show; a character is whole or not there. */
const MAX_SUBJECT = 200
const subjectOf = (text: string): string => [...oneLine(text)].slice(0, MAX_SUBJECT).join('').trim()

/** A mail as it is sent: the same words as plain text and as HTML, in the site's language. */
export function renderMessage(
  { subject, body, headers = {} }: Message,
  { language, site }: { language: string; site: string },
): { subject: string; text: string; html: string; headers: Record<string, string> } {
  const text = body.map((one) => (typeof one === 'string' ? one : `${one.text}\n${one.url}`)).join('\n\n')
  const paragraphs = body.map((one) =>
    typeof one === 'string'
      ? `<p>${escapeHtml(one).replaceAll('\n', '<br>')}</p>`
      : `<p><a href="${escapeHtml(one.url)}">${escapeHtml(one.text)}</a></p>`,
  )
  const title = subjectOf(subject)
  return {
    subject: title,
    text: `${text}\n\n-- \n${site}\n`,
    html: `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head><body style="font:16px/1.5 sans-serif;max-width:36em">${paragraphs.join('')}<p>${escapeHtml(site)}</p></body></html>`,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, oneLine(value)])),
  }
}
