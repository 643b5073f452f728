import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { KNOWS_NOTHING, totalOf, weighText } from '../src/comment/judge/judge.ts'
import { EMPTY_MODEL, learn } from '../src/comment/judge/model.ts'
import { randomKey } from '../src/desk/session.ts'
import { Keys } from '../src/http/keys.ts'
import { generateComments } from '../test/support/corpus/comments.ts'
import type { Effort, Figure, Measure } from './support/figure.ts'
import { compare, ratioText } from './support/load.ts'
import { ARTICLE, openNewsroom, ROOT, SECRET, TOKEN } from './support/newsroom.ts'
import { deskRequest, viewRequest } from './support/requests.ts'
import { count, median, medianRatio } from './support/statistics.ts'
import type { RunningWorker } from './support/workerd.ts'

const MANY = 10_000
const FEW = 20

/** What ten thousand comments cost against twenty: for a reader, for a moderator; bringing them in; and how well they are judged. */
export const comments: Measure = async (effort: Effort): Promise<Figure[]> => [
  ...(await forReaders(effort)),
  ...(await forModerators(effort)),
  await importing(effort),
  ...judging(),
]

/** Fills an article: two of five comments answer one of the first hundred threads. */
async function fill({ db }: RunningWorker, many: number, status: 'approved' | 'pending'): Promise<void> {
  await db.batch([
    db
      .prepare(
        `INSERT INTO comment (article, name, email, email_hash, text, html, status, created_at, fingerprint, avatar)
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
         SELECT ?2, 'Leserin ' || i, 'x', 'adresse-' || (i % 500), 'Kommentar Nummer ' || i, '<p>Kommentar Nummer ' || i || '</p>',
           ?3, '2026-01-16T10:00:00Z', 'f' || i, 'abcd' FROM n`,
      )
      .bind(many, ARTICLE, status),
    db.prepare(
      `UPDATE comment SET parent = 1 + id % min(100, ${many} / 4), thread = 1 + id % min(100, ${many} / 4)
       WHERE id > ${many} / 2 AND id % 5 < 2`,
    ),
    db.prepare(
      `UPDATE comment SET replies = (SELECT count(*) FROM comment r WHERE r.thread = comment.id AND r.status = 'approved')`,
    ),
  ])
}

async function forReaders({ rounds, scale }: Effort): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const [kind, vars] of [
    ['hot', {}],
    ['cold', { PAGE_CACHE_BYTES: '1' }],
  ] as const) {
    await using large = await openNewsroom('bench/workers/site.ts', vars)
    await using small = await openNewsroom('bench/workers/site.ts', vars)
    await fill(large, MANY, 'approved')
    await fill(small, FEW, 'approved')
    const sideOf = (worker: RunningWorker) => ({
      worker,
      requests: Math.max(60, Math.round((kind === 'hot' ? 3000 : 300) * scale)),
      status: 200,
      request: () => viewRequest(worker.url, `/${ARTICLE}/`),
    })
    const { ours, bare } = await compare(Math.min(rounds, 7), sideOf(large), sideOf(small))
    const [mine = [], theirs = []] = [ours, bare].map((side) => side.map(({ perSecond }) => 1000 / perSecond))
    const ratio = medianRatio(mine, theirs)
    figures.push({
      figure: `article with ${count(MANY)} comments against ${FEW}, ${kind}: ms a request`,
      measured: ratioText(ratio, mine, theirs, 2),
      target: '≤ 1.5',
      isMet: ratio <= 1.5,
      details: { ratio, large: ours, small: bare },
    })
    if (kind === 'cold') figures.push(await rowsRead(large))
  }
  return figures
}

/** What D1 looks at for each kind of page of comments. */
async function rowsRead({ url }: RunningWorker): Promise<Figure> {
  const rows: Record<string, number> = {}
  for (const [name, query] of Object.entries({
    'first page': '',
    'a far page': '?ab=4000',
    newest: '?kommentare=neueste',
    'most answered': '?kommentare=beantwortet',
    'one thread': '?zu=7',
  })) {
    const headers = { 'x-probe-now': new Date().toISOString() }
    const response = await fetch(`${url}/${ARTICLE}/${query}`, { headers })
    await response.arrayBuffer()
    rows[name] = Number(response.headers.get('x-probe-rows-read'))
  }
  const most = Math.max(...Object.values(rows))
  return {
    figure: `D1 rows read for an article with ${count(MANY)} comments`,
    measured: Object.entries(rows)
      .map(([name, read]) => `${name} ${count(read)}`)
      .join(', '),
    target: '≤ 1,500 each',
    isMet: most <= 1500,
    details: rows,
  }
}

/** Somebody who moderates, signed in: the cookie, and the token of their forms. */
async function signIn({ db }: RunningWorker): Promise<{ cookie: string; token: string }> {
  const keys = new Keys(SECRET)
  const [key, sessionId] = [randomKey(), randomKey().slice(0, 16)]
  const now = new Date().toISOString().replace(/\.\d+Z/, 'Z')
  await db.batch([
    db
      .prepare(
        `INSERT INTO person (id, name, email, email_hash, role, created_at) VALUES (1, 'Anna', 'x', 'x', 'moderator', ?1)`,
      )
      .bind(now),
    db
      .prepare(
        `INSERT INTO session (hash, id, person, created_at, seen_at, expires_at) VALUES (?1, ?2, 1, ?3, ?3, '2099-01-01T00:00:00Z')`,
      )
      .bind(await keys.hash('session', key), sessionId, now),
  ])
  return { cookie: `__Host-desk=${key}`, token: await keys.hash('desk-form', sessionId) }
}

async function forModerators({ rounds, scale }: Effort): Promise<Figure[]> {
  await using large = await openNewsroom('bench/workers/site.ts')
  await using small = await openNewsroom('bench/workers/site.ts')
  await fill(large, MANY, 'pending')
  await fill(small, FEW, 'pending')
  const [one, other] = [await signIn(large), await signIn(small)]
  const sideOf = (worker: RunningWorker, cookie: string) => ({
    worker,
    requests: Math.max(40, Math.round(200 * scale)),
    status: 200,
    request: () => deskRequest(worker.url, '/desk/comments/', cookie),
  })
  const { ours, bare } = await compare(
    Math.min(rounds, 7),
    sideOf(large, one.cookie),
    sideOf(small, other.cookie),
  )
  const [mine = [], theirs = []] = [ours, bare].map((side) => side.map(({ perSecond }) => 1000 / perSecond))
  const ratio = medianRatio(mine, theirs)
  return [
    {
      figure: `desk queue with ${count(MANY)} waiting against ${FEW}: ms a request`,
      measured: ratioText(ratio, mine, theirs, 2),
      target: '≤ 1.5',
      isMet: ratio <= 1.5,
      details: { ratio, large: ours, small: bare },
    },
    await decideMany(large, one),
  ]
}

/** A thousand comments decided about at once, three times. */
async function decideMany(
  { url, db }: RunningWorker,
  { cookie, token }: { cookie: string; token: string },
): Promise<Figure> {
  const times: number[] = []
  let trips = 0
  for (let round = 0; round < 3; round++) {
    const { results } = await db
      .prepare(
        `SELECT id || '.' || version AS pick FROM comment WHERE status = 'pending' ORDER BY id LIMIT 1000`,
      )
      .all<{ pick: string }>()
    const body = new URLSearchParams([
      ['token', token],
      ['do', 'spam'],
      ...results.map(({ pick }) => ['pick', pick]),
    ])
    const headers = {
      cookie,
      origin: url,
      accept: 'application/json',
      'x-probe-now': new Date().toISOString(),
    }
    const start = performance.now()
    const response = await fetch(`${url}/desk/comments/`, { method: 'POST', body, headers })
    const { changed } = (await response.json()) as { changed: number[] }
    times.push(performance.now() - start)
    if (changed.length !== results.length)
      throw new Error(`${changed.length} of ${results.length} were decided about`)
    trips = JSON.parse(response.headers.get('x-probe-cost') ?? '{}').d1
  }
  return {
    figure: 'bulk decision on 1,000 comments: round trips to D1 with session and rules, ms',
    measured: `${trips}, ${count(median(times))} ms`,
    target: '≤ 10, no partial state',
    isMet: trips <= 10,
    details: { trips, times },
  }
}

async function importing({ scale }: Effort): Promise<Figure> {
  const many = Math.max(2000, Math.round(MANY * scale))
  await using site = await openNewsroom('src/worker.ts')
  const folder = await mkdtemp(join(tmpdir(), 'mw-bench-'))
  const rates: number[] = []
  try {
    for (let round = 0; round < 3; round++) {
      const file = join(folder, `${round}.jsonl`)
      const lines = generateComments(many, round).map(({ name, website, text }, n) =>
        JSON.stringify({
          source: `wxr:${round}-${n}`,
          parent: n % 3 === 2 ? `wxr:${round}-${n - 1}` : null,
          article: ARTICLE,
          name,
          email: `a${n}@beispiel.de`,
          website,
          text,
          status: 'approved',
          createdAt: '2020-01-01T00:00:00Z',
        }),
      )
      await writeFile(file, lines.join('\n'))
      const command = [
        'src/cli/mw.ts',
        'import',
        'comments',
        file,
        '--from',
        'json',
        '--to',
        site.url,
        '--json',
      ]
      const start = performance.now()
      const { stdout } = await promisify(execFile)(process.execPath, command, {
        cwd: ROOT,
        env: { ...process.env, MW_TOKEN: TOKEN },
        maxBuffer: 1e8,
      })
      rates.push(many / ((performance.now() - start) / 1000))
      if (JSON.parse(stdout).created !== many)
        throw new Error(`not all were imported: ${stdout.slice(0, 200)}`)
    }
  } finally {
    await rm(folder, { recursive: true })
  }
  return {
    figure: `import of ${count(many)} comments, the command’s start included`,
    measured: `${count(median(rates))}/s`,
    target: '≥ 1,000/s',
    isMet: median(rates) >= 1000,
    details: { rates },
  }
}

/** The judge on generated German comments, trained on 500 and tried on 4,000 others. */
function judging(): Figure[] {
  let model = EMPTY_MODEL
  for (const comment of generateComments(500, 1))
    model = learn(model, comment, comment.label === 'good' ? 'good' : 'bad')
  const tried = generateComments(4000, 2)
  const unknown = { fellIntoHoneypot: false, formSeconds: 60, emailHash: '', ipHash: '' }
  const start = performance.now()
  const judged = tried.map((comment) => ({
    comment,
    isSpam: totalOf(weighText({ ...comment, ...unknown }, { ...KNOWS_NOTHING, model })) >= 5,
  }))
  const microseconds = ((performance.now() - start) / tried.length) * 1000
  const of = (label: string, isSpam: boolean) =>
    judged.filter((one) => one.comment.label === label && one.isSpam === isSpam).length
  const [hits, misses, wrong, right] = [
    of('spam', true),
    of('spam', false),
    of('good', true),
    of('good', false),
  ]
  const share = wrong / (wrong + right)
  return [
    {
      figure:
        'judge on generated German comments (500 learned, 4,000 tried): precision, recall, good ones taken for spam',
      measured: `${(hits / (hits + wrong)).toFixed(3)}, ${(hits / (hits + misses)).toFixed(3)}, ${(share * 100).toFixed(2)} %`,
      target: '≤ 0.5 % of good ones',
      isMet: share <= 0.005,
      details: { hits, misses, wrong, right },
    },
    {
      figure: 'judge: time for a comment, all signals and the classifier (Node)',
      measured: `${count(microseconds)} µs`,
      target: 'printed',
      isMet: true,
      details: { microseconds },
    },
  ]
}
