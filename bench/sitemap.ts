import type { Effort, Figure, Measure } from './support/figure.ts'
import { isolateBytes } from './support/heap.ts'
import { openNewsroom } from './support/newsroom.ts'
import { count, median } from './support/statistics.ts'

const ARTICLES = 50_000
/** What the platform grants an isolate before it is taken away. */
const ISOLATE_LIMIT = 128 * 1024 * 1024

/** All sitemaps of a site with 50,000 articles, fetched one after the other and then all at once. */
export const sitemap: Measure = async ({ scale }: Effort): Promise<Figure[]> => {
  await using site = await openNewsroom('src/worker.ts', {}, true)
  const articles = Math.round(ARTICLES * Math.max(scale, 0.2))
  await fill(site.db, articles)
  const inspector = await site.inspector()
  const before = await isolateBytes(inspector)
  const files = await filesOf(site.url)
  const milliseconds: number[] = []
  let [most, addresses, largest] = [before, 0, 0]
  const get = async (file: string) => {
    const start = performance.now()
    const text = await (await fetch(file)).text()
    milliseconds.push(performance.now() - start)
    largest = Math.max(largest, Buffer.byteLength(text))
    return text.split('<url>').length - 1
  }
  for (const file of files) {
    addresses += await get(file)
    most = Math.max(most, await isolateBytes(inspector))
  }
  await Promise.all(files.map(get))
  most = Math.max(most, await isolateBytes(inspector))
  return [
    {
      figure: `${count(files.length)} sitemaps of ${count(articles)} articles, one by one and all at once: memory of the isolate`,
      measured: `${count(most)} B, from ${count(before)} B`,
      target: `≤ ${count(ISOLATE_LIMIT)} B`,
      isMet: most <= ISOLATE_LIMIT && addresses >= articles,
      details: { before, most, addresses, files: files.length, largest, milliseconds: median(milliseconds) },
    },
  ]
}

async function filesOf(url: string): Promise<string[]> {
  const index = await (await fetch(`${url}/sitemap.xml`)).text()
  return [...index.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, address = '']) => address)
}

/** Articles of ten years, as the catalogue has them. */
async function fill(db: D1Database, articles: number): Promise<void> {
  await db.batch([
    db.prepare(
      `INSERT INTO article (slug, title, description, section, published_at, comments, status, revision, hash, image)
       WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${articles})
       SELECT 'ein-artikel-mit-langer-adresse-' || i, 'Titel ' || i, 'Text', 'wirtschaft',
         strftime('%Y-%m-%dT%H:%M:%SZ', '2016-01-01', '+' || (i * 100) || ' minutes'), 'open', 'published', 1, 'x',
         '{"src":"/media/0123456789abcdef0123456789abcdef.jpg","width":1200,"height":675,"alt":"Bild"}' FROM n`,
    ),
    db.prepare(
      `INSERT INTO listing (article, list, published_at)
       SELECT slug, '', published_at FROM article WHERE slug GLOB 'ein-artikel-mit-langer-adresse-*'`,
    ),
  ])
}
