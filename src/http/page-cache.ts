/** How long a composed page is fresh, in milliseconds. */
export const FRESH_MS = 30_000
/** Up to which age a page is given while it is made anew behind the scenes; an older one is made first. */
export const REVALIDATE_MS = 90_000
/** Up to which age a page stands in when it can't be made anew. */
export const STALE_MS = 24 * 60 * 60 * 1000

/** What the cache needs to know of what it holds. */
export interface Cached {
  /** Memory it takes, in bytes. */
  readonly bytes: number
  /** When it was made, in milliseconds since 1970. */
  readonly madeAt: number
}

/** A least-recently-used cache bounded by bytes: it never holds more than its limit. */
export class PageCache<Page extends Cached> {
  readonly #pages = new Map<string, Page>()
  readonly #refreshing = new Map<string, number>()
  readonly limit: number
  #bytes = 0

  constructor(limitBytes: number) {
    this.limit = limitBytes
  }

  get bytes(): number {
    return this.#bytes
  }

  get size(): number {
    return this.#pages.size
  }

  /** Looks at a page without marking it as used. */
  peek(key: string): Page | undefined {
    return this.#pages.get(key)
  }

  get(key: string): Page | undefined {
    const page = this.#pages.get(key)
    if (page) {
      this.#pages.delete(key) // a Map keeps the order of insertion: the first is the least recently used
      this.#pages.set(key, page)
    }
    return page
  }

  set(key: string, page: Page): void {
    this.delete(key)
    if (page.bytes > this.limit) return
    this.#pages.set(key, page)
    this.#bytes += page.bytes
    for (const oldest of this.#pages.keys()) {
      if (this.#bytes <= this.limit) break
      this.delete(oldest)
    }
  }

  delete(key: string): void {
    const page = this.#pages.get(key)
    if (!page) return
    this.#pages.delete(key)
    this.#bytes -= page.bytes
  }

  clear(): void {
    this.#pages.clear()
    this.#refreshing.clear()
    this.#bytes = 0
  }

  /**
   * Whether the caller is the one that should refresh a stale page: true for one caller at a time.
   * A refresh that never reported back (its request was cancelled) is given up after ten seconds.
   */
  claimRefresh(key: string, now: number): boolean {
    if (now - (this.#refreshing.get(key) ?? Number.NEGATIVE_INFINITY) < 10_000) return false
    this.#refreshing.set(key, now)
    return true
  }

  endRefresh(key: string): void {
    this.#refreshing.delete(key)
  }
}
