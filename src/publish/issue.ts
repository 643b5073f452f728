import { distance } from 'fastest-levenshtein'
import * as v from 'valibot'
import type { Texts } from '../locale/de.ts'

/** What a schema expected, as a key into the locale's `expected` texts. */
export type Expected = keyof Texts['expected']

/** One thing wrong with a content file, in a form that a program can sort and a locale can say. */
export interface Issue {
  /** Where, as a path of keys: `image.alt`, `sections.0.slug`; empty for the whole file. */
  key: string
  code:
    | 'unknown-key'
    | 'missing'
    | 'invalid'
    | 'unknown-value'
    | 'missing-media'
    | 'ad-marker'
    | 'alias-self'
    | 'alias-taken'
    | 'translation-self'
    | 'translation-language'
    | 'translation-back'
    | 'alt-missing'
    | 'captions-missing'
    | 'unknown-embed'
    | 'low-contrast'
    | 'political-refused'
    | 'picture-size'
    | 'creative-twice'
    | 'creative-alike'
    | 'creative-homeless'
    | 'placement-empty'
    | 'empty-body'
    | 'too-deep'
    | 'syntax'
  /** What stood there, shortened. */
  got?: string
  expected?: Expected
  /** The nearest valid key or value. */
  nearest?: string
  /** Line in the article's body (1 = first line of the body) where one is known. */
  bodyLine?: number
}

export type Parsed<T> = { ok: true; value: T } | { ok: false; issues: Issue[] }

/**
 * Parses unknown input by a schema into a domain type.
 * A schema says what it expects by using a key of the locale's `expected` texts as its message.
 */
export function parse<S extends v.GenericSchema>(schema: S, input: unknown): Parsed<v.InferOutput<S>> {
  const result = v.safeParse(schema, input, { abortPipeEarly: true }) // one issue for one value
  if (result.success) return { ok: true, value: result.output }
  return { ok: false, issues: result.issues.flatMap((issue) => toIssues(issue, schema)) }
}

function toIssues(issue: v.BaseIssue<unknown>, schema: v.GenericSchema): Issue[] {
  const path = (issue.path ?? []).map((item) => String(item.key))
  const key = path.join('.')
  if (issue.type === 'strict_object' && issue.expected === 'never') return unknownKeys(issue, path, schema)
  if (issue.received === 'undefined') return [{ key, code: 'missing', ...expectedAt(schema, path) }]
  return [{ key, code: 'invalid', got: shorten(issue.input), ...expectation(issue) }]
}

/** Valibot stops at the first key that an object should not have; an author wants to hear of all. */
function unknownKeys(issue: v.BaseIssue<unknown>, path: string[], schema: v.GenericSchema): Issue[] {
  const around = path.slice(0, -1)
  const parent = issue.path?.at(-1)?.input
  const known = keysAt(schema, around, parent)
  const names =
    typeof parent === 'object' && parent !== null && known.length > 0 ? Object.keys(parent) : path.slice(-1)
  return names
    .filter((name) => !known.includes(name))
    .map((name) => {
      const key = [...around, name].join('.')
      const nearest = closest(name, known)
      return nearest ? { key, code: 'unknown-key', nearest } : { key, code: 'unknown-key' }
    })
}

function expectation(issue: v.BaseIssue<unknown>): { expected?: Expected } {
  return /^[a-zA-Z]+\d*$/.test(issue.message) ? { expected: issue.message as Expected } : {}
}

const shorten = (input: unknown) => {
  const text = typeof input === 'string' ? input : (JSON.stringify(input) ?? String(input))
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}

/** What a schema wants at a path where nothing stands. */
function expectedAt(schema: unknown, path: string[]): { expected?: Expected } {
  const wanted = schemaAt(schema, path)
  const [issue] = isSchema(wanted) ? (v.safeParse(wanted, undefined).issues ?? []) : []
  return issue ? expectation(issue) : {}
}

const isSchema = (value: object): value is v.GenericSchema => 'kind' in value && value.kind === 'schema'

/** The keys a schema allows at a path; empty where it says nothing. Of several kinds, those of the value's own. */
function keysAt(schema: unknown, path: string[], value: unknown): string[] {
  const shape = unwrap(schemaAt(schema, path))
  const fitting = shape.options?.find((option) => isOfKind(option, shape.key, value))
  return Object.keys((fitting ?? shape).entries ?? {})
}

/** Whether a value says of itself that it is of a variant's kind: `kind: native`. */
function isOfKind({ entries }: SchemaShape, key: string | undefined, value: unknown): boolean {
  if (key === undefined || typeof value !== 'object' || value === null) return false
  const said: unknown = Object.entries(value).find(([name]) => name === key)?.[1]
  const { literal } = unwrap((entries?.[key] ?? {}) as SchemaShape)
  return literal !== undefined && literal === said
}

interface SchemaShape {
  entries?: Record<string, unknown>
  item?: unknown
  wrapped?: unknown
  literal?: unknown
  /** Of a variant: its kinds, and the key that tells them apart. */
  options?: SchemaShape[]
  key?: string
}

function schemaAt(schema: unknown, path: string[]): SchemaShape {
  let here = schema as SchemaShape
  for (const key of path) {
    here = unwrap(here)
    const kind = here.options?.find(({ entries }) => entries?.[key] !== undefined)
    here = ((kind ?? here).entries?.[key] ?? here.item ?? {}) as SchemaShape
  }
  return here
}

function unwrap<T extends { wrapped?: unknown; entries?: unknown }>(schema: T): T {
  let here = schema
  while (here.wrapped && !here.entries) here = here.wrapped as T
  return here
}

/** The candidate nearest to a mistyped word, when it is near enough to be meant. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const near = candidates
    .map((candidate) => ({ candidate, edits: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits)[0]
  return near && near.edits <= Math.max(2, Math.ceil(word.length / 2)) ? near.candidate : undefined
}
