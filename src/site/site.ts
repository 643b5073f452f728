import { AdCounter } from '../ad/counter.ts'
import type { Env } from '../env.ts'
import { Keys } from '../http/keys.ts'
import type { ComposedPage } from '../http/page.ts'
import { PageCache } from '../http/page-cache.ts'
import type { Texts } from '../locale/de.ts'
import { textsOf } from '../locale/locale.ts'
import { Content, type Snapshot, StorageFailure } from './content.ts'
import { GroupCommit } from './group-commit.ts'
import { emptySettings, type Settings } from './settings.ts'
import { timestampOf } from './timestamp.ts'

const DEFAULT_CACHE_BYTES = 32 * 1024 * 1024

/** What an isolate keeps between requests: composed pages, the newest settings, derived keys, counts of ads. */
class Isolate {
  readonly content = new Content()
  readonly commits = new GroupCommit()
  readonly ads: AdCounter
  readonly pages: PageCache<ComposedPage>
  readonly #secret: string | undefined
  readonly #sealing: readonly (string | undefined)[]
  #keys: Keys | undefined

  constructor(env: Env) {
    this.pages = new PageCache(Number(env.PAGE_CACHE_BYTES) || DEFAULT_CACHE_BYTES)
    this.#secret = env.MW_SECRET
    this.#sealing = [env.MW_EMAIL_SECRET, env.MW_EMAIL_SECRET_OLD]
    this.ads = new AdCounter(() => this.keys)
  }

  get keys(): Keys {
    this.#keys ??= new Keys(this.#secret, this.#sealing)
    return this.#keys
  }
}

let isolate: Isolate | undefined

/** The site as one request sees it: what is bound, what is known, and the time. Handlers get nothing else. */
export class Site {
  readonly env: Env
  readonly now: Date
  /** The address that was asked for. */
  readonly requestUrl: string
  readonly #isolate: Isolate
  readonly #execution: Pick<ExecutionContext, 'waitUntil'>

  constructor(env: Env, execution: Pick<ExecutionContext, 'waitUntil'>, requestUrl: string, now: Date) {
    isolate ??= new Isolate(env)
    this.#isolate = isolate
    this.#execution = execution
    this.requestUrl = requestUrl
    this.env = env
    this.now = now
  }

  get pages(): PageCache<ComposedPage> {
    return this.#isolate.pages
  }

  get keys(): Keys {
    return this.#isolate.keys
  }

  /** What this isolate has counted of ads. */
  get ads(): AdCounter {
    return this.#isolate.ads
  }

  /** The settings as far as this isolate knows them; the neutral ones before it read any. */
  get settings(): Settings {
    return this.#isolate.content.current?.settings ?? emptySettings
  }

  get texts(): Texts {
    return textsOf(this.settings.language)
  }

  /** Address under which this request came, `https://host`. */
  get requestOrigin(): string {
    return new URL(this.requestUrl).origin
  }

  /** Address under which readers know the site, without a trailing slash. */
  get origin(): string {
    return this.settings.url ?? this.requestOrigin
  }

  /** The moment of this request in the form that D1 holds, to the second. */
  get timestamp(): string {
    return timestampOf(this.now)
  }

  /** Under which key the isolate keeps an article's page: as every page, its address. */
  pageKey(slug: string): string {
    return `${this.origin}/${slug}/`
  }

  /** The settings and campaigns without a read; undefined right after the isolate started. */
  get knownSnapshot(): Snapshot | undefined {
    return this.#isolate.content.current
  }

  /** The settings and campaigns where they need not be read again. */
  get freshSnapshot(): Snapshot | undefined {
    return this.#isolate.content.fresh(this.now)
  }

  snapshot(): Promise<Snapshot> {
    return this.#isolate.content.snapshot(this.env, this.now)
  }

  /** Reads values from KV in one round trip; stale settings are refreshed by the same read. */
  read(keys: string[]): Promise<ReadonlyMap<string, string | null>> {
    return this.#isolate.content.read(this.env, this.now, keys)
  }

  /**
   * Reads from D1 in one round trip, and values by key and stale settings from KV at the same time.
   * @returns the rows of each statement, in order, and the values
   */
  async batch(
    statements: readonly D1PreparedStatement[],
    keys: string[] = [],
  ): Promise<{ rows: unknown[][]; values: ReadonlyMap<string, string | null> }> {
    const [rows, values] = await Promise.all([this.query(statements), this.read(keys)])
    return { rows, values }
  }

  /** Reads from D1 in one round trip: the rows of each statement, in order. */
  async query(statements: readonly D1PreparedStatement[]): Promise<unknown[][]> {
    try {
      const found = await this.env.DB.batch([...statements])
      return found.map(({ results }) => results)
    } catch (cause) {
      throw new StorageFailure('D1 does not answer', { cause })
    }
  }

  /** Writes to D1 in one transaction, with what other requests write at the same moment; see `GroupCommit`. */
  commit(statements: readonly D1PreparedStatement[]): Promise<D1Result[]> {
    return this.#isolate.commits.commit(this.env.DB, statements, (work) => this.defer(work))
  }

  /** Lets work go on after the response was sent. */
  defer(work: Promise<unknown>): void {
    this.#execution.waitUntil(work)
  }

  /** Forgets everything read and composed, after this isolate changed it. */
  forget(): void {
    this.#isolate.pages.clear()
    this.#isolate.content.forget()
  }
}
