import worker from '../../src/worker.ts'
import probe, { type ProbeEnv } from '../../test/support/probe-worker.ts'

export { AdLedger } from '../../src/worker.ts'

/**
 * The production Worker with the rate limiters as Cloudflare runs them: their counters are in the memory of the
 * machine. Miniflare's stand-in writes a row of SQLite for every request, a second commit beside D1's. A request
 * with an `x-probe-` header goes through the tests' probe, which counts what it reads.
 */

let minute = 0
const counts = new Map<string, number>()

/** @param most how often a key may come in a minute */
const limiterOf = (most: number): RateLimit => ({
  async limit({ key }) {
    const current = Math.floor(Date.now() / 60_000)
    if (current !== minute) counts.clear()
    minute = current
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    return { success: count <= most }
  },
})

const COMMENT_RATE = limiterOf(5)
const SEARCH_RATE = limiterOf(30)

export default {
  fetch: (request, env, execution) => {
    const limited = { ...env, COMMENT_RATE, SEARCH_RATE }
    const entry = request.headers.has('x-probe-now') ? probe : worker
    return entry.fetch(request, limited, execution)
  },
} satisfies ExportedHandler<ProbeEnv>
