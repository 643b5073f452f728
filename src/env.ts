import type { Ledgers } from './ad/count.ts'

/** What `wrangler.toml` and the secrets bind to the Worker. Typed once, here. */
export interface Env {
  /** What is served: `article:<slug>`, `page:<slug>`, `site`, `ads`, `chances`. */
  KV: KVNamespace
  /** What is queried, and what readers write. */
  DB: D1Database
  /** Pictures, by content hash. */
  MEDIA: R2Bucket
  /** Where ads are counted: one object for the site. */
  AD_LEDGER: Ledgers
  /** Comments per address and article; without it, D1 counts. */
  COMMENT_RATE?: RateLimit
  /** Searches per address; without it, D1 counts. */
  SEARCH_RATE?: RateLimit
  /** Sends mail; without it, it waits in the outbox. */
  EMAIL?: SendEmail
  /** Attempts to sign in per address; without it, D1 counts. */
  SIGN_IN_RATE?: RateLimit
  /** Bearer token that may write through the publishing API. */
  MW_TOKEN?: string
  /** Bearer token that may only read through the publishing API. */
  MW_READ_TOKEN?: string
  /** Master secret; every key of the site is derived from it (see `http/keys.ts`). */
  MW_SECRET?: string
  /** What e-mail addresses are encrypted with in place of `MW_SECRET`, and what they were before; see `mw keys rotate`. */
  MW_EMAIL_SECRET?: string
  MW_EMAIL_SECRET_OLD?: string
  /** Secret of the Turnstile widget that `comments.turnstile` names. */
  TURNSTILE_SECRET?: string
  /** Key of Akismet, where `comments.akismet` is set. */
  AKISMET_KEY?: string
  /** Bytes of composed pages an isolate may hold, as a decimal number. Default 32 MiB. */
  PAGE_CACHE_BYTES?: string
}
