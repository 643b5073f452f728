import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestHarness } from 'wrangler'
import { parseSlug } from '../../src/article/slug.ts'
import { makeToken } from '../../src/comment/token.ts'
import type { Env } from '../../src/env.ts'
import { Keys } from '../../src/http/keys.ts'
import type { Draft, Kind } from '../../src/publish/wire.ts'
import { PROBE_BUILD, PROBE_CONFIG } from './build.ts'
import type { Cost, Fault, Writes } from './probe-worker.ts'

export const SECRET = 'a-secret-for-tests-that-is-long-enough'
export const TOKEN = 'token-that-may-write'
export const READ_TOKEN = 'token-that-may-only-read'

/** What the instruments of the probe Worker do to one request (see `probe-worker.ts`). */
export interface Instruments {
  /** The moment at which the request is answered. */
  now?: string
  /** Stores that are down, or that take nothing. */
  down?: Fault[]
  /** Answer only when everything deferred is done. */
  settle?: boolean
  /** Have the ledger bring to D1 what it has counted, as its alarm does every ten seconds. */
  deliver?: boolean
  /** As if the platform's rate limiter were not bound. */
  noLimiter?: boolean
  /** Say which SQL was prepared (see `sqlOf`). */
  recordSql?: boolean
}

export interface SiteOptions {
  vars?: Record<string, string>
}

/** The site in the real runtime, with storage of its own, built as for production. */
export class TestSite {
  readonly url: string
  readonly env: Env
  readonly #harness: ReturnType<typeof createTestHarness>
  readonly #keys = new Keys(SECRET)
  readonly #startedAt = Date.now()

  private constructor(url: string, env: Env, harness: ReturnType<typeof createTestHarness>) {
    this.url = url
    this.env = env
    this.#harness = harness
  }

  /** Starts a site with its tables and nothing published. */
  static async open({ vars = {} }: SiteOptions = {}): Promise<TestSite> {
    process.env.WRANGLER_SEND_METRICS = 'false'
    const secrets = { MW_SECRET: SECRET, MW_TOKEN: TOKEN, MW_READ_TOKEN: READ_TOKEN, ...vars }
    const harness = createTestHarness({
      workers: [{ configPath: PROBE_CONFIG, prebuiltWorkerDir: PROBE_BUILD, secrets }],
    })
    const { url } = await harness.listen()
    const worker = harness.getWorker<Env>()
    await worker.applyD1Migrations('DB')
    return new TestSite(url.origin, await worker.getEnv(), harness)
  }

  close(): Promise<void> {
    return this.#harness.close()
  }

  /** Lines the Worker logged, as text. */
  get logs(): string[] {
    return this.#harness.getLogs().map(({ message }) => message)
  }

  /**
   * What the local mail binding wrote instead of sending it: the text of every mail that names this site, in no order.
   * Miniflare puts each into a file below its own folder.
   */
  get letters(): string[] {
    const folders = readdirSync(tmpdir()).filter((name) => name.startsWith('miniflare-'))
    return folders
      .map((name) => join(tmpdir(), name, 'email/email-text'))
      .filter((folder) => existsSync(folder) && statSync(folder).mtimeMs >= this.#startedAt)
      .flatMap((folder) => readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')))
      .filter((text) => text.includes(this.url))
  }

  /** Sends a request as a browser or program would; redirects are not followed. */
  fetch(path: string, init: RequestInit = {}, instruments: Instruments = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    for (const [name, value] of Object.entries(probeHeaders(instruments))) headers.set(name, value)
    return fetch(this.url + path, { redirect: 'manual', ...init, headers })
  }

  /** A page as text, whatever its status. */
  async page(path: string, instruments: Instruments = {}): Promise<string> {
    return (await this.fetch(path, {}, instruments)).text()
  }

  /** Talks to the publishing API. */
  api(
    method: string,
    path: string,
    json?: unknown,
    token = TOKEN,
    instruments: Instruments = {},
  ): Promise<Response> {
    return this.fetch(
      `/api/${path}`,
      {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      },
      instruments,
    )
  }

  /** Publishes documents and makes sure that the site took every one. */
  async publish(kind: Kind, ...items: readonly Draft[]): Promise<void> {
    const response = await this.api('POST', kind, { items })
    const text = await response.text()
    if (!response.ok || /"outcome":"(?:refused|conflict)"/.test(text))
      throw new Error(`not published: ${response.status} ${text.slice(0, 500)} ${this.logs.slice(-2)}`)
  }

  /** Stores a picture in the site's library. */
  async putPicture(name: string, content: string | Uint8Array<ArrayBuffer>): Promise<void> {
    const response = await this.fetch(`/api/media/${name}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${TOKEN}` },
      body: content,
    })
    if (!response.ok) throw new Error(`picture not stored: ${await response.text()}`)
  }

  /** Brings what was counted of ads into D1: what the isolate holds to the ledger, and what that holds on. */
  async deliver(): Promise<void> {
    const response = await this.fetch('/healthz', {}, { settle: true, deliver: true })
    if (!response.ok) throw new Error(`not delivered: ${response.status} ${this.logs.slice(-2)}`)
  }

  /** Runs the scheduled handler, as the platform does once a day, or every minute with the other pattern. */
  async runScheduled(cron: '17 3 * * *' | '* * * * *' = '17 3 * * *', at = new Date()): Promise<void> {
    await this.#harness.getWorker<Env>().scheduled({ cron, scheduledTime: at })
  }

  /** Posts a comment and has the newsroom approve it. Returns its id. */
  async approvedComment(article: string, fields: Record<string, string> = {}): Promise<number> {
    const response = await this.comment(article, fields)
    const id = commentIdIn(response)
    const decided = await this.api('POST', `comments/${id}`, { status: 'approved' })
    if (!decided.ok) throw new Error(`not approved: ${await decided.text()}`)
    return id
  }

  /** A form token of a given age, as the article's page would have carried it. */
  token(article: string, ageSeconds = 60, now = new Date()): Promise<string> {
    const slug = parseSlug(article)
    if (!slug) throw new Error(`${article} is no slug`)
    return makeToken(this.#keys, slug, new Date(now.getTime() - ageSeconds * 1000))
  }

  /** Posts the comment form of an article as a browser does, from an address of its own unless one is given. */
  async comment(
    article: string,
    fields: Record<string, string> = {},
    headers: Record<string, string> = {},
    instruments: Instruments = {},
  ): Promise<Response> {
    const now = instruments.now ? new Date(instruments.now) : new Date()
    const form = { ...COMMENT, token: await this.token(article, 60, now), parent: '', betreff: '', ...fields }
    return this.fetch(
      `/${article}/comments`,
      {
        method: 'POST',
        body: new URLSearchParams(form),
        headers: { origin: this.url, 'cf-connecting-ip': freshAddress(), ...headers },
      },
      instruments,
    )
  }

  /** All comments in D1, oldest first. */
  async comments(article?: string): Promise<Record<string, unknown>[]> {
    const { results } = await this.env.DB.prepare(
      'SELECT * FROM comment WHERE ?1 IS NULL OR article = ?1 ORDER BY id',
    )
      .bind(article ?? null)
      .all()
    return results
  }
}

/** What a request to the probe Worker cost. */
export const costOf = (response: Response): Cost => JSON.parse(response.headers.get('x-probe-cost') ?? '{}')

/** What a request to the probe Worker wrote. */
export const writesOf = (response: Response): Writes =>
  JSON.parse(response.headers.get('x-probe-writes') ?? '{}')

/** How many rows D1 looked at for a request that wrote none. */
export const rowsReadBy = (response: Response): number => Number(response.headers.get('x-probe-rows-read'))

/** The SQL that a request prepared; asked for by the instrument `recordSql`. */
export const sqlOf = (response: Response): string[] =>
  JSON.parse(decodeURIComponent(response.headers.get('x-probe-sql') ?? '[]'))

/** The addresses that the Worker has asked since it began, in order, up to this response. */
export const askedBy = (response: Response): string[] =>
  JSON.parse(response.headers.get('x-probe-asked') ?? 'null')

/** A moment some seconds from now, for the site's clock. */
export const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString()

export const COMMENT = {
  name: 'Änne Groß',
  email: 'aenne@beispiel.de',
  website: '',
  text: 'Das sehe ich anders: Der Handel wächst seit Jahren.',
}

/** The id of the comment that a response leads back to. */
export function commentIdIn(response: Response): number {
  const [, id] = /#kommentar-(\d+)$/.exec(response.headers.get('location') ?? '') ?? []
  if (response.status !== 303 || !id) throw new Error(`the comment was not taken: ${response.status}`)
  return Number(id)
}

let addresses = 0
/** An IP address that no other test uses (RFC 5737 and RFC 3849 are too small; any will do locally). */
export const freshAddress = () =>
  `10.${(++addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`

function probeHeaders({
  now,
  down,
  settle,
  deliver,
  noLimiter,
  recordSql,
}: Instruments): Record<string, string> {
  return {
    ...(now ? { 'x-probe-now': now } : {}),
    ...(down ? { 'x-probe-down': down.join(',') } : {}),
    ...(settle ? { 'x-probe-settle': '1' } : {}),
    ...(deliver ? { 'x-probe-deliver': '1' } : {}),
    ...(noLimiter ? { 'x-probe-no-limiter': '1' } : {}),
    ...(recordSql ? { 'x-probe-sql': '1' } : {}),
  }
}
