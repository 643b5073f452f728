import { stripVTControlCharacters, styleText } from 'node:util'
import type { CliTexts } from '../locale/cli/de.ts'
import { de } from '../locale/cli/de.ts'
import { en } from '../locale/cli/en.ts'

export type Language = 'de' | 'en'
export type Style = 'red' | 'green' | 'yellow' | 'dim' | 'bold'

/** The person a command talks to: in which language, and whether through a terminal or a pipe. */
export interface Terminal {
  readonly language: Language
  readonly texts: CliTexts
  /** Writes a line of the result. */
  out(line: string): void
  /** Writes a line that is not part of the result. */
  err(line: string): void
  /** Shows how far a long work is, where somebody looks at it; `null` takes it away. */
  progress(line: string | null): void
  /** Colours a piece of a line, where colours are wanted. */
  paint(style: Style, text: string): string
}

interface World {
  env: Readonly<Record<string, string | undefined>>
  stdout: { write(text: string): unknown; isTTY?: boolean }
  stderr: { write(text: string): unknown; isTTY?: boolean }
}

/** The terminal of a process. Colours go to terminals only, and nowhere when `NO_COLOR` is set (no-color.org). */
export function openTerminal({ env, stdout, stderr }: World): Terminal {
  const language = languageOf(env)
  const isColoured = stdout.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb'
  const isWatched = stderr.isTTY === true && env.TERM !== 'dumb'
  let hasProgress = false
  const progress = (line: string | null) => {
    if (!isWatched || (line === null && !hasProgress)) return
    stderr.write(`\r\u001b[K${line ?? ''}`)
    hasProgress = line !== null
  }
  const writeTo = (stream: World['stdout']) => (line: string) => {
    progress(null)
    stream.write(`${line}\n`)
  }
  return {
    language,
    texts: language === 'en' ? en : de,
    out: writeTo(stdout),
    err: writeTo(stderr),
    progress,
    paint: (style, text) => (isColoured ? styleText(style, text, { validateStream: false }) : text),
  }
}

/** German, unless `MW_LANG` or `LANG` asks for English. */
export function languageOf(env: World['env']): Language {
  return /^en/i.test(env.MW_LANG || env.LANG || '') ? 'en' : 'de'
}

const CONTROL = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu

/** Text from somewhere else as one line that a terminal may show: it moves no cursor and turns no direction. */
export const printable = (text: string): string => printableLines(text).replace(/\s*\n\s*/g, ' ')

/** The same, keeping its line breaks. */
export const printableLines = (text: string): string =>
  stripVTControlCharacters(text)
    .replace(/\r\n?/g, '\n')
    .replaceAll('\t', ' ')
    .split('\n')
    .map((line) => line.replace(CONTROL, ''))
    .join('\n')

/** JSON that a terminal may show: the control characters that JSON would leave in are escaped, too. */
export const printableJson = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
