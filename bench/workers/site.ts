import type { Env } from '../../src/env.ts'
import worker from '../../src/worker.ts'

/**
 * The production Worker with the rate limiter as Cloudflare runs it: its counters are in the memory of the
 * machine. Miniflare's stand-in writes a row of SQLite for every request, a second commit beside D1's.
 */

const LIMIT = 5

let minute = 0
const counts = new Map<string, number>()

const COMMENT_RATE: RateLimit = {
  async limit({ key }) {
    const current = Math.floor(Date.now() / 60_000)
    if (current !== minute) counts.clear()
    minute = current
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    return { success: count <= LIMIT }
  },
}

export default {
  fetch: (request, env, execution) => worker.fetch(request, { ...env, COMMENT_RATE }, execution),
} satisfies ExportedHandler<Env>
