import { escapeHtml } from '../view/html.ts'

/** A mail as it is written: a subject, and lines of text with links between them. */
export interface Message {
  subject: string
  /** Paragraphs; a link stands on a line of its own, so that every program finds it. */
  body: readonly (string | { text: string; url: string })[]
  /** More header fields: the way to unsubscribe (RFC 8058). */
  headers?: Readonly<Record<string, string>>
}

/**
 * Line breaks would begin another header field; invisible and turning characters make a subject say something else, but for
 * the joiners that scripts and emoji need.
 */
const oneLine = (text: string): string =>
  text
    .replace(/[[\p{C}\p{Zl}\p{Zp}]--[\u200c\u200d]]+/gv, ' ')
    .replace(/\s+/g, ' ')
    .trim()

/** The beginning of what some program takes for an encoded word (RFC 2047), and shows decoded. */
const ENCODED_WORD = /=\?(?=[^?]*\?[bq]\?)/gi
/** A word joiner: seen by nobody, and no part of an encoded word. */
const JOINED = '=\u2060?'

/** What somebody typed, for a header field: on one line, and shown as it was typed. */
export const fieldText = (text: string): string => oneLine(text).replace(ENCODED_WORD, JOINED)

/** Enough for every program to show; a character is whole or not there. */
const MAX_SUBJECT = 200
const subjectOf = (text: string): string => [...fieldText(text)].slice(0, MAX_SUBJECT).join('').trim()

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
