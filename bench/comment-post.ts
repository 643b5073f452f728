import { fieldsOf, formToken, postComments } from './support/comments.ts'
import type { Figure, Measure } from './support/figure.ts'
import { type Comparison, compare, cpuText, ratioText } from './support/load.ts'
import { ARTICLE, openNewsroom } from './support/newsroom.ts'
import { commentRequest } from './support/requests.ts'
import { medianRatio } from './support/statistics.ts'
import { type RunningWorker, startWorker } from './support/workerd.ts'

const REQUESTS = 600

/** Comments until they are committed, against a bare Worker that inserts one row of the same table for each. */
export const commentPost: Measure = async ({ rounds, scale }) => {
  const requests = Math.ceil(REQUESTS * scale)
  const usual = await compareEntry('bench/workers/site.ts', rounds, requests)
  const simulated = await compareEntry('src/worker.ts', rounds, requests)
  const figure = 'comment POST to commit, requests/s against one bare D1 insert'
  return [
    figureOf(figure, '≥ 0.7', 0.7, usual),
    figureOf('the same with Miniflare’s rate limiter (a second commit)', 'printed', 0, simulated),
  ]
}

function figureOf(figure: string, target: string, least: number, outcomes: Comparison): Figure {
  const { ours, bare } = outcomes
  const [mine, theirs] = [ours.map(({ perSecond }) => perSecond), bare.map(({ perSecond }) => perSecond)]
  const ratio = medianRatio(mine, theirs)
  const measured = `${ratioText(ratio, mine, theirs)}, ${cpuText(outcomes)}`
  return { figure, measured, target, isMet: ratio >= least, details: { ratio, ours, bare } }
}

/** Measures the site behind an entry, and makes sure that every comment is in D1. */
async function compareEntry(entry: string, rounds: number, requests: number): Promise<Comparison> {
  await using site = await openNewsroom(entry)
  const token = await formToken(ARTICLE)
  await using bare = await startWorker('bench/workers/bare-comment.ts', await usualComment(site))
  await copyArticles(site.db, bare.db)
  const before = [await countComments(site.db), await countComments(bare.db)]
  const sideOf = (worker: RunningWorker) => ({
    worker,
    requests,
    status: 303,
    request: (n: number) => commentRequest(worker.url, ARTICLE, fieldsOf(n, token), n),
  })
  const { sent, ...outcomes } = await compare(rounds, sideOf(site), sideOf(bare))
  const stored = [await countComments(site.db), await countComments(bare.db)]
  if (stored.some((count, side) => count !== (before[side] ?? 0) + sent)) {
    throw new Error(`${sent} comments were answered 303, but D1 went from ${before} to ${stored}`)
  }
  return outcomes
}

/** Posts one comment; gives the row that it became and the headers of its answer, for the bare Worker to repeat. */
async function usualComment({ url, db }: RunningWorker) {
  const response = await postComments(url, ARTICLE, 1)
  const row = await db.prepare('SELECT * FROM comment').first()
  return { ROW: JSON.stringify(row), HEADERS: JSON.stringify(Object.fromEntries(response.headers)) }
}

/** Gives the bare Worker's database the articles that comments refer to. */
async function copyArticles(from: D1Database, to: D1Database): Promise<void> {
  const { results } = await from.prepare('SELECT * FROM article').all()
  const columns = Object.keys(results[0] ?? {})
  const places = columns.map(() => '?').join(', ')
  const insert = `INSERT INTO article (${columns.join(', ')}) VALUES (${places})`
  await to.batch(results.map((row) => to.prepare(insert).bind(...columns.map((column) => row[column]))))
}

const countComments = async (db: D1Database): Promise<number> =>
  Number((await db.prepare('SELECT count(*) AS count FROM comment').first('count')) ?? 0)
