import type { Settings } from './site/settings.ts'

/** What `wrangler.toml` and the secrets bind to the Worker. Typed once, here. */
export interface Env {
  /** What is served: `article:<slug>`, `page:<slug>`, `site`, `ads`. */
  KV: KVNamespace
  /** What is queried, and what readers write. */
  DB: D1Database
  /** Pictures, by content hash. */
  MEDIA: R2Bucket
  /** Comments per address and article; without it, D1 counts. */
  COMMENT_RATE?: RateLimit
  /** Bearer token that may write through the publishing API. */
  MW_TOKEN?: string
  /** Bearer token that may only read through the publishing API. */
  MW_READ_TOKEN?: string
  /** Master secret; every key of the site is derived from it (see `http/keys.ts`). */
  MW_SECRET?: string
  /** Bytes of composed pages an isolate may hold, as a decimal number. Default 32 MiB. */
  PAGE_CACHE_BYTES?: string
}

/** What a handler knows of the request it answers, besides the request. */
export interface Context {
  readonly env: Env
  readonly settings: Settings
  /** Scheme and host under which readers know the site, without a trailing slash. */
  readonly origin: string
  readonly now: Date
  /** Lets work go on after the response was sent. */
  defer(work: Promise<unknown>): void
}
