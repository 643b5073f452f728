import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { SaxesParser } from 'saxes'
import { slugify } from '../article/slug.ts'
import { textOfHtml } from './comment-text.ts'

/** A comment as a file has it, on its way to the site; `invalid` says why it goes no further. */
export interface SourceComment {
  source: string
  parent: string | null
  article: string
  name: string
  email: string
  website: string | null
  text: string
  status: string
  createdAt: string
}
export type FromFile = SourceComment | Record<string, unknown>

export const FORMATS = ['wxr', 'disqus', 'json'] as const
export type Format = (typeof FORMATS)[number]

/** Reads comments from a file, one after the other; never more of it in memory than a few of them. */
export function readComments(
  file: string,
  format: Format,
  onBytes: (bytes: number) => void,
): AsyncGenerator<FromFile> {
  if (format === 'json') return readLines(file, onBytes)
  return readXml(file, format === 'wxr' ? new WxrReader() : new DisqusReader(), onBytes)
}

/** JSON Lines, as `mw comments export` writes them. */
async function* readLines(file: string, onBytes: (bytes: number) => void): AsyncGenerator<FromFile> {
  const stream = createReadStream(file)
  stream.on('data', (chunk) => onBytes(chunk.length))
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue
    let value: unknown = null
    try {
      value = JSON.parse(line)
    } catch {
      // said by the outcome: the site calls it invalid
    }
    yield typeof value === 'object' && value !== null ? { ...value } : {}
  }
}

interface XmlReader {
  open(name: string, attributes: Record<string, string>): void
  close(name: string, text: string): SourceComment | null
}

async function* readXml(
  file: string,
  reader: XmlReader,
  onBytes: (bytes: number) => void,
): AsyncGenerator<FromFile> {
  const parser = new SaxesParser({ fragment: false })
  const found: SourceComment[] = []
  let failure: Error | null = null
  let text = ''
  parser.on('error', (error) => {
    failure ??= error
  })
  parser.on('opentag', ({ name, attributes }) => {
    text = ''
    reader.open(
      name,
      Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, String(value)])),
    )
  })
  const add = (more: string) => {
    text += more
  }
  parser.on('text', add)
  parser.on('cdata', add)
  parser.on('closetag', ({ name }) => {
    const comment = reader.close(name, text)
    if (comment) found.push(comment)
    text = ''
  })
  const stream = createReadStream(file, { encoding: 'utf8' })
  for await (const chunk of stream) {
    onBytes(Buffer.byteLength(String(chunk)))
    parser.write(String(chunk))
    if (failure) throw failure
    yield* found.splice(0)
  }
  parser.close()
  yield* found.splice(0)
}

const isoOf = (text: string): string => {
  const moment = new Date(/[Z+]/.test(text.slice(10)) ? text : `${text.trim().replace(' ', 'T')}Z`)
  return Number.isNaN(moment.getTime()) ? '' : moment.toISOString().replace(/\.\d+Z$/, 'Z')
}
const websiteOf = (text: string): string | null =>
  /^https?:\/\/\S+$/i.test(text.trim()) ? text.trim() : null
const nameOf = (text: string): string =>
  [...text.normalize('NFC').replace(/\s+/g, ' ').trim()].slice(0, 80).join('') || 'Anonym'

const WXR_STATUS: Readonly<Record<string, string>> = {
  '1': 'approved',
  '0': 'pending',
  spam: 'spam',
  trash: 'trash',
}

/** WordPress' export (WXR 1.2): the comments of each `<item>` whose slug is its `<wp:post_name>`. */
class WxrReader implements XmlReader {
  #slug = ''
  #fields = new Map<string, string>()
  #isComment = false

  open(name: string): void {
    if (name === 'item') this.#slug = ''
    if (name === 'wp:comment') {
      this.#isComment = true
      this.#fields = new Map()
    }
  }

  close(name: string, text: string): SourceComment | null {
    if (this.#isComment && name.startsWith('wp:comment_'))
      this.#fields.set(name.slice('wp:comment_'.length), text)
    if (name === 'wp:post_name') this.#slug = text
    if (name !== 'wp:comment') return null
    this.#isComment = false
    const field = (key: string) => this.#fields.get(key) ?? ''
    const type = field('type')
    if (type !== '' && type !== 'comment') return null // a pingback is no comment
    const parent = field('parent')
    return {
      source: `wxr:${field('id')}`,
      parent: parent === '' || parent === '0' ? null : `wxr:${parent}`,
      article: slugify(this.#slug),
      name: nameOf(field('author')),
      email: field('author_email'),
      website: websiteOf(field('author_url')),
      text: textOfHtml(field('content')),
      status: WXR_STATUS[field('approved')] ?? 'pending',
      createdAt: isoOf(field('date_gmt')),
    }
  }
}

/** Disqus' export: threads first, then posts; a thread's slug is the last part of its address. */
class DisqusReader implements XmlReader {
  readonly #threads = new Map<string, string>()
  #inside: 'thread' | 'post' | null = null
  #id = ''
  #fields = new Map<string, string>()

  open(name: string, attributes: Record<string, string>): void {
    if ((name === 'thread' || name === 'post') && this.#inside === null) {
      this.#inside = name
      this.#id = attributes['dsq:id'] ?? ''
      this.#fields = new Map()
    } else if (this.#inside === 'post' && (name === 'thread' || name === 'parent'))
      this.#fields.set(name, attributes['dsq:id'] ?? '')
  }

  close(name: string, text: string): SourceComment | null {
    if (this.#inside !== null && name !== 'thread' && name !== 'parent' && name !== 'post')
      this.#fields.set(name, text)
    if (name !== this.#inside) return null
    const field = (key: string) => this.#fields.get(key) ?? ''
    if (name === 'thread') {
      const slug =
        field('link')
          .replace(/[?#].*$/, '')
          .split('/')
          .filter(Boolean)
          .at(-1) ?? ''
      this.#threads.set(this.#id, slugify(slug))
      this.#inside = null
      return null
    }
    this.#inside = null
    return {
      source: `disqus:${this.#id}`,
      parent: field('parent') === '' ? null : `disqus:${field('parent')}`,
      article: this.#threads.get(field('thread')) ?? '',
      name: nameOf(field('name')),
      email: field('email'),
      website: null,
      text: textOfHtml(field('message')),
      status: field('isDeleted') === 'true' ? 'trash' : field('isSpam') === 'true' ? 'spam' : 'approved',
      createdAt: isoOf(field('createdAt')),
    }
  }
}
