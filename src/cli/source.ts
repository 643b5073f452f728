import {
  type Alias,
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  visit,
} from 'yaml'
import type { CliTexts } from '../locale/cli/de.ts'
import { deskMarkIn } from './desk-mark.ts'

/** A content file taken apart, and where its keys stand. */
export interface Source {
  frontMatter: Record<string, unknown>
  readonly body: string
  /** The line of the file on which the body starts. */
  bodyStart: number
  /** The version from the desk that a campaign's file knows of (see `desk-mark.ts`); null where it knows of none. */
  deskMark?: string | null
  /** The line of a key, `image.alt`; of the nearest key around it when it is missing. */
  lineOfKey(key: string): number
}

/** Why a file can't be taken apart. `slug` is what it says about its own address all the same. */
export interface SyntaxFault {
  line: number
  key: string
  message: string
}

export type ReadSource = { ok: true; source: Source } | { ok: false; fault: SyntaxFault }

const fault = (line: number, message: string): ReadSource => ({
  ok: false,
  fault: { line, key: '', message },
})

/** Takes a YAML file apart: all of it is front matter. */
export function readYaml(bytes: Uint8Array, texts: CliTexts): ReadSource {
  const text = decode(bytes)
  if (text === null) return fault(lineOfBrokenUtf8(bytes), texts.fault.utf8)
  const read = readFrontMatter(text, 0, '', lineCount(text) + 1, texts)
  return read.ok ? { ok: true, source: { ...read.source, deskMark: deskMarkIn(text) } } : read
}

/** Takes a Markdown file apart: front matter between two lines of `---`, and the body below. */
export function readMarkdown(bytes: Uint8Array, texts: CliTexts): ReadSource {
  const text = decode(bytes)
  if (text === null) return fault(lineOfBrokenUtf8(bytes), texts.fault.utf8)
  const parts = cutMarkdown(text)
  if (parts === 'unopened') return fault(1, texts.fault.noFrontMatter)
  if (parts === 'unclosed') return fault(1, texts.fault.openFrontMatter)
  return readFrontMatter(parts.yaml, 1, parts.body, parts.bodyStart, texts)
}

/** The body of a Markdown file, without looking at its front matter; empty for a file that can't be taken apart. */
export function bodyOfMarkdown(bytes: Uint8Array): string {
  const parts = cutMarkdown(decode(bytes) ?? '')
  return typeof parts === 'string' ? '' : parts.body
}

/** Where the front matter ends and the body begins; what is missing where they can't be told apart. */
function cutMarkdown(
  text: string,
): { yaml: string; body: string; bodyStart: number } | 'unopened' | 'unclosed' {
  const opening = /^---[ \t]*\r?\n/.exec(text)
  if (!opening) return 'unopened'
  const rest = text.slice(opening[0].length)
  const closing = /(?:^|\r?\n)---[ \t]*(?:\r?\n|$)/.exec(rest)
  if (!closing) return 'unclosed'
  const end = closing.index + closing[0].length
  const bodyStart = lineCount(text.slice(0, opening[0].length + end)) + 1
  return { yaml: rest.slice(0, closing.index), body: rest.slice(end), bodyStart }
}

function readFrontMatter(
  text: string,
  linesAbove: number,
  body: string,
  bodyStart: number,
  texts: CliTexts,
): ReadSource {
  const { document, lines } = parseYaml(text)
  const lineAt = (offset: number) => lines.linePos(offset).line + linesAbove
  const error = document.errors[0]
  if (error) return fault(lineAt(error.pos[0]), texts.fault.yaml(reason(error.code, error.message, texts)))
  const alias = findLooseAlias(document)
  if (alias) return fault(lineAt(alias.range?.[0] ?? 0), texts.fault.yaml(texts.yaml.BAD_ALIAS))
  const frontMatter = toRecord(document)
  if (!frontMatter) return fault(1 + linesAbove, texts.fault.notAMap)
  // Where a key stands is asked of few files: it is looked up anew, so that ten thousand trees need not be kept.
  const lineOfKey = (key: string) => {
    const again = parseYaml(text)
    const offset = findKey(again.document, key.split('.'))
    return offset === null ? 1 : again.lines.linePos(offset).line + linesAbove
  }
  return { ok: true, source: { frontMatter, body, bodyStart, lineOfKey } }
}

function parseYaml(text: string): { document: Document; lines: LineCounter } {
  const lines = new LineCounter()
  return { document: parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true }), lines }
}

/** A `*name` that refers to nothing: somebody began a value with an asterisk. */
function findLooseAlias(document: Document): Alias | null {
  let found: Alias | null = null
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document)) return undefined
      found = alias
      return visit.BREAK
    },
  })
  return found
}

function toRecord(document: Document): Record<string, unknown> | null {
  if (document.contents === null) return {}
  if (!isMap(document.contents))
    return isScalar(document.contents) && document.contents.value === null ? {} : null
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 })
    return typeof value === 'object' && value !== null ? { ...value } : null
  } catch {
    return null // aliases that unfold into very much
  }
}

const reason = (code: string, message: string, texts: CliTexts) =>
  Object.entries<string>(texts.yaml).find(([known]) => known === code)?.[1] ?? message

/** Where a key stands, as an offset into the YAML; null when not even the keys around it are there. */
function findKey(document: Document, path: readonly string[]): number | null {
  let node: unknown = document.contents
  let found: number | null = null
  for (const step of path) {
    if (isMap(node)) {
      const pair: Pair | undefined = node.items.find(
        ({ key }) => (isScalar(key) ? String(key.value) : String(key)) === step,
      )
      if (!pair) break
      found = startOf(pair.key) ?? found
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(step)]
      found = startOf(node) ?? found
    } else break
  }
  return found
}

const startOf = (node: unknown): number | null => (isNode(node) && node.range ? node.range[0] : null)

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

function lineOfBrokenUtf8(bytes: Uint8Array): number {
  let line = 1
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start)
    if (decode(bytes.subarray(start, end === -1 ? undefined : end)) === null) return line
    if (end === -1) break
    start = end + 1
  }
  return 1
}

const lineCount = (text: string) => text.split('\n').length - 1
