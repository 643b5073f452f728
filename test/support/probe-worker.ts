import { answer } from '../../src/answer.ts'
import type { Env } from '../../src/env.ts'
import worker from '../../src/worker.ts'

/**
 * The production Worker with instruments attached. A test moves its clock, takes a store away or asks what a
 * request cost, by headers that only this entry knows; every line of the site's own code is the one that ships.
 */

/** What a request cost, as `x-probe-cost` says it. */
export interface Cost {
  /** Calls to KV. */
  kv: number
  /** Round trips to D1. */
  d1: number
  /** Whether the first calls to KV and to D1 were under way at the same time. */
  parallel: boolean
}

class Probe {
  readonly cost: Cost = { kv: 0, d1: 0, parallel: false }
  readonly #down: ReadonlySet<string>
  #open = new Set<string>()

  constructor(down: string) {
    this.#down = new Set(down.split(','))
  }

  async call<T>(store: 'kv' | 'd1', work: () => Promise<T>): Promise<T> {
    this.cost[store]++
    if (this.#down.has(store)) throw new Error(`${store} is down`)
    this.#open.add(store)
    if (this.#open.size === 2) this.cost.parallel = true
    try {
      return await work()
    } finally {
      this.#open.delete(store)
    }
  }
}

/** Methods that go out to a store; everything else only prepares. */
const CALLS = new Set(['get', 'put', 'delete', 'list', 'batch', 'exec', 'all', 'first', 'run', 'raw'])

function watch<T extends object>(target: T, store: 'kv' | 'd1', probe: Probe): T {
  return new Proxy(target, {
    get(object, key) {
      const value: unknown = Reflect.get(object, key, object)
      if (typeof value !== 'function') return value
      return (...values: unknown[]) => {
        const call = () => Reflect.apply(value, object, values.map(unwrapAll))
        if (CALLS.has(String(key))) return probe.call(store, async () => call())
        const made: unknown = call()
        return typeof made === 'object' && made !== null ? wrap(made, store, probe) : made
      }
    },
  })
}

/** Statements are watched, too; D1 itself needs to get the real ones back. */
const real = new WeakMap<object, object>()

function wrap<T extends object>(made: T, store: 'kv' | 'd1', probe: Probe): T {
  const watched = watch(made, store, probe)
  real.set(watched, made)
  return watched
}

function unwrapAll(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapAll)
  return typeof value === 'object' && value !== null ? (real.get(value) ?? value) : value
}

export default {
  async fetch(request, env, execution) {
    const probe = new Probe(request.headers.get('x-probe-down') ?? '')
    const now = request.headers.get('x-probe-now')
    const watched: Env = { ...env, KV: watch(env.KV, 'kv', probe), DB: watch(env.DB, 'd1', probe) }
    if (request.headers.has('x-probe-no-limiter')) delete watched.COMMENT_RATE
    const late: Promise<unknown>[] = []
    const collector = { waitUntil: (work: Promise<unknown>) => void late.push(work) }
    const response = await answer(request, watched, collector, now ? new Date(now) : new Date())
    // What goes on after the response is waited for, so that a test can look at its outcome.
    if (request.headers.has('x-probe-settle')) await Promise.allSettled(late)
    else execution.waitUntil(Promise.allSettled(late))
    const answered = new Response(response.body, response)
    answered.headers.set('x-probe-cost', JSON.stringify(probe.cost))
    return answered
  },
  scheduled: worker.scheduled,
} satisfies ExportedHandler<Env>
