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

/** A content file taken apart, and where its keys stand. */
export interface Source {
  frontMatter: Record<string, unknown>
  body: string
  /** The line of the file on which the body starts. */
  bodyStart: number
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
  return readFrontMatter(text, 0, '', lineCount(text) + 1, texts)
}

/** Takes a Markdown file apart: front matter between two lines of `---`, and the body below. */
export function readMarkdown(bytes: Uint8Array, texts: CliTexts): ReadSource {
  const text = decode(bytes)
  if (text === null) return fault(lineOfBrokenUtf8(bytes), texts.fault.utf8)
  const opening = /^---[ \t]*\r?\n/.exec(text)
  if (!opening) return fault(1, texts.fault.noFrontMatter)
  const rest = text.slice(opening[0].length)
  const closing = /(?:^|\r?\n)---[ \t]*(?:\r?\n|$)/.exec(rest)
  if (!closing) return fault(1, texts.fault.openFrontMatter)
  const end = closing.index + closing[0].length
  const bodyStart = lineCount(text.slice(0, opening[0].length + end)) + 1
  return readFrontMatter(rest.slice(0, closing.index), 1, rest.slice(end), bodyStart, texts)
}

function readFrontMatter(
  text: string,
  linesAbove: number,
  body: string,
  bodyStart: number,
  texts: CliTexts,
): ReadSource {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true })
  const lineAt = (offset: number) => lines.linePos(offset).line + linesAbove
  const error = document.errors[0]
  if (error) return fault(lineAt(error.pos[0]), texts.fault.yaml(reason(error.code, error.message, texts)))
  const alias = findLooseAlias(document)
  if (alias) return fault(lineAt(alias.range?.[0] ?? 0), texts.fault.yaml(texts.yaml.BAD_ALIAS))
  const frontMatter = toRecord(document)
  if (!frontMatter) return fault(1 + linesAbove, texts.fault.notAMap)
  const lineOfKey = (key: string) => {
    const offset = findKey(document, key.split('.'))
    return offset === null ? 1 : lineAt(offset)
  }
  return { ok: true, source: { frontMatter, body, bodyStart, lineOfKey } }
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
