import * as v from 'valibot'
import { type Document, isAlias, isMap, isScalar, isSeq, parseDocument, Scalar, stringify } from 'yaml'
import type { Draft } from '../publish/wire.ts'

type FrontMatter = Draft['frontMatter']

const Keys = v.record(v.string(), v.unknown())
const isKeys = (value: unknown): value is FrontMatter => v.is(Keys, value) && !Array.isArray(value)

/** A new file that says what is stored. */
export const toYaml = (value: FrontMatter): string => stringify(value, { lineWidth: 0 })

/**
 * A YAML file that says something else than before. What has not changed stays as it was written: comments, blank lines,
 * the order of keys and the kind of quotes.
 */
export function mergeYaml(text: string, value: FrontMatter): string {
  const document = parseDocument(text)
  if (!isMap(document.contents)) return toYaml(value)
  mergeInto(document, document.contents, value)
  const merged = document.toString({
    lineWidth: 0,
    flowCollectionPadding: /[{[] +\S/.test(text),
    indentSeq: !/^\S[^\n]*:[ \t]*\r?\n- /m.test(text),
  })
  return text.includes('\r\n') ? merged.replaceAll('\n', '\r\n') : merged
}

function mergeInto(document: Document, node: unknown, value: unknown): void {
  if (isMap(node) && isKeys(value)) {
    for (const key of node.items.map((pair) => pair.key)) if (!(nameOf(key) in value)) node.delete(key)
    for (const [key, one] of Object.entries(value)) {
      const pair = node.items.find((item) => nameOf(item.key) === key)
      if (!pair) node.add(document.createPair(key, one))
      else if (canMerge(pair.value, one)) mergeInto(document, pair.value, one)
      else pair.value = replaced(document, pair.value, one)
    }
  } else if (isSeq(node) && Array.isArray(value)) {
    node.items.splice(value.length)
    for (const [index, one] of value.entries()) {
      const item = node.items[index]
      if (canMerge(item, one)) mergeInto(document, item, one)
      else node.items[index] = replaced(document, item, one)
    }
  }
}

const nameOf = (key: unknown): string => String(isScalar(key) ? key.value : key)

const canMerge = (node: unknown, value: unknown): boolean =>
  (isMap(node) && isKeys(value)) || (isSeq(node) && Array.isArray(value))

/** What stands in the place of a node; the very node where it says so already. An alias is left to speak for others. */
function replaced(document: Document, node: unknown, value: unknown) {
  if (isScalar(node) && node.value === value) return node
  if (isAlias(node) && JSON.stringify(node.toJS(document)) === JSON.stringify(value)) return node
  const fresh = document.createNode(value)
  if (!isScalar(node) || !(fresh instanceof Scalar)) return fresh
  if (node.comment) fresh.comment = node.comment
  if (node.commentBefore) fresh.commentBefore = node.commentBefore
  if (node.spaceBefore) fresh.spaceBefore = true
  if (node.type?.startsWith('QUOTE') && typeof value === 'string') fresh.type = node.type
  return fresh
}
