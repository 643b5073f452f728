import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSlug, slugify } from '../../../src/article/slug.ts'
import type { Draft } from '../../../src/publish/wire.ts'
import { Chance } from './random.ts'
import { Writer } from './sentence.ts'
import { SOURCES, TOPICS } from './words.ts'

/** Articles that nobody wrote, in German that holds together: for what has to be measured at size. */
export interface CorpusOptions {
  count: number
  /** Words of a body, about. */
  words?: number
  /** The same seed gives the same articles. */
  seed?: number
  /** Names or slugs of authors to choose from; none for articles without a by-line. */
  authors?: readonly string[]
  /** Sections to use instead of those of the site that ships. */
  sections?: readonly string[]
}

const FIRST_DAY = Date.parse('2015-01-02T05:00:00Z')
const LAST_DAY = Date.parse('2026-10-30T18:00:00Z')

/** Generates articles, the oldest first, spread evenly over the years. */
export function* generateArticles(options: CorpusOptions): Generator<Draft> {
  const {
    count,
    words = 500,
    seed = 1,
    authors = [],
    sections = TOPICS.map(({ section }) => section),
  } = options
  const chance = new Chance(seed)
  for (let n = 0; n < count; n++) {
    const topic = chance.pick(TOPICS)
    const writer = new Writer(chance, topic)
    const title = writer.headline().slice(0, 110).trim()
    const slug = parseSlug(`${slugify(title).slice(0, 90).replace(/-+$/, '')}-${n + 1}`)
    if (!slug) throw new Error(`no address can be made of ${title}`)
    const at = new Date(FIRST_DAY + Math.floor(((LAST_DAY - FIRST_DAY) * n) / count))
    const frontMatter = {
      title,
      description: writer.sentence().slice(0, 220),
      date: at.toISOString().replace(/\.\d+Z$/, 'Z'),
      section: sections[TOPICS.indexOf(topic) % sections.length],
      tags: [...new Set([chance.zipf(topic.tags), chance.zipf(topic.tags)])],
      ...(authors.length > 0 ? { author: chance.zipf(authors) } : {}),
      ...(chance.next() < 0.3 ? { source: { name: chance.pick(SOURCES), url: 'https://example.org/' } } : {}),
    }
    yield { slug, frontMatter, body: bodyOf(writer, chance, words) }
  }
}

function bodyOf(writer: Writer, chance: Chance, words: number): string {
  const blocks: string[] = []
  for (let left = words; left > 0; ) {
    const length = Math.min(left, chance.between(45, 85))
    if (blocks.length > 0 && blocks.length % 4 === 0) blocks.push(`## ${writer.headline().slice(0, 80)}`)
    blocks.push(writer.paragraph(length))
    left -= length
  }
  return blocks.join('\n\n')
}

/** Writes generated articles as the files that a newsroom would have. */
export function writeArticles(dir: string, options: CorpusOptions): void {
  mkdirSync(join(dir, 'articles'), { recursive: true })
  for (const { slug, frontMatter, body } of generateArticles(options)) {
    const lines = Object.entries(frontMatter).map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
    const day = String(frontMatter.date).slice(0, 10)
    writeFileSync(join(dir, `articles/${day}-${slug}.md`), `---\n${lines.join('\n')}\n---\n\n${body}\n`)
  }
}
