import { gzipSync } from 'node:zlib'
import { publishComments } from './support/comments.ts'
import type { Figure, Measure } from './support/figure.ts'
import { inspectPage } from './support/inspect-page.ts'
import { ARTICLE, openNewsroom } from './support/newsroom.ts'
import { count } from './support/statistics.ts'

const COMMENTS = 20
const LIMIT = 14_000
/** What enhances the page and is loaded after it, unpacked. */
const OPTIONAL_LIMIT = 3_000

/** What a reader downloads for the first article with twenty comments, whichever ad they get. */
export const pageWeight: Measure = async () => {
  await using site = await openNewsroom()
  await publishComments(site.url, ARTICLE, COMMENTS)
  const pages: string[] = []
  for (let view = 0; view < 50; view++) pages.push(await (await fetch(`${site.url}/${ARTICLE}/`)).text())
  const shown = pages[0]?.match(/id="kommentar-\d+"/g)?.length
  if (shown !== COMMENTS) throw new Error(`the page shows ${shown} comments`)
  const [front, list] = await Promise.all(
    ['/', '/category/medien/'].map(async (path) => (await fetch(site.url + path)).text()),
  )
  return [
    weight(`China–Kasachstan page with ${COMMENTS} comments`, pages),
    weight('front page', [front ?? '']),
    weight('list page', [list ?? '']),
    await requests(pages, site.url),
  ]
}

function weight(name: string, pages: readonly string[]): Figure {
  const bytes = Math.max(...pages.map((page) => gzipSync(page, { level: 9 }).length))
  return {
    figure: `${name}, gzip -9`,
    measured: `${count(bytes)} B`,
    target: `≤ ${count(LIMIT)} B`,
    isMet: bytes <= LIMIT,
    details: { bytes, unpacked: Math.max(...pages.map((page) => Buffer.byteLength(page))) },
  }
}

async function requests(pages: readonly string[], url: string): Promise<Figure> {
  const found = pages.map((page) => inspectPage(page, url))
  const foreign = found.flatMap((page) => page.foreign)
  const blocking = found.flatMap((page) => page.blocking)
  const scriptBytes = Math.max(...found.map((page) => page.scriptBytes))
  const optional = new Set(found.flatMap((page) => page.scripts))
  const sizes = [...optional].map(async (path) => (await (await fetch(url + path)).arrayBuffer()).byteLength)
  const optionalBytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
  return {
    figure: 'the article: third-party requests, render-blocking requests, JavaScript needed; optional',
    measured: `${foreign.length}, ${blocking.length}, ${scriptBytes} B; ${count(optionalBytes)} B`,
    target: `0, 0, 0 B; ≤ ${count(OPTIONAL_LIMIT)} B`,
    isMet: foreign.length + blocking.length + scriptBytes === 0 && optionalBytes <= OPTIONAL_LIMIT,
    details: { foreign, blocking, scriptBytes, optionalBytes },
  }
}
