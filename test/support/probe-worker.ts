import type { AdLedger } from '../../src/ad/ledger.ts'
import { answer } from '../../src/answer.ts'
import type { Env } from '../../src/env.ts'
import { Site } from '../../src/site/site.ts'
import worker from '../../src/worker.ts'

export { AdLedger } from '../../src/worker.ts'

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

/** What a request changed, as `x-probe-writes` says it. */
export interface Writes {
  /** Values put into or deleted from KV. */
  kv: number
  /** Rows written in D1, those of indexes included. */
  d1: number
}

type Store = 'kv' | 'd1'
/** A store that does not answer, one that answers but takes nothing, D1 from the moment KV took something; or the limiter. */
export type Fault = Store | `${Store}-write` | 'd1-after-kv' | 'limiter' | 'ledger'

/** Every address that the Worker has asked, in order, since it began: what left the site. */
const asked: string[] = []
const reallyFetch = globalThis.fetch
globalThis.fetch = (input: RequestInfo | URL, init?: RequestInit) => {
  asked.push(input instanceof Request ? input.url : String(input))
  return reallyFetch(input, init)
}

class Probe {
  readonly cost: Cost = { kv: 0, d1: 0, parallel: false }
  readonly writes: Writes = { kv: 0, d1: 0 }
  /** Rows that D1 looked at. */
  rowsRead = 0
  /** Every statement that was prepared. */
  readonly sql = new Set<string>()
  readonly #down: ReadonlySet<string>
  #open = new Set<string>()

  constructor(down: string) {
    this.#down = new Set(down.split(','))
  }

  async call<T>(store: Store, isWrite: boolean, work: () => Promise<T>): Promise<T> {
    this.cost[store]++
    if (this.#fails(store, isWrite)) throw new Error(`${store} is down`)
    this.#open.add(store)
    if (this.#open.size === 2) this.cost.parallel = true
    try {
      const result = await work()
      if (isWrite) this.writes[store] += store === 'kv' ? 1 : rows(result, 'rows_written')
      else if (store === 'd1') this.rowsRead += rows(result, 'rows_read')
      return result
    } finally {
      this.#open.delete(store)
    }
  }

  isDown(what: Fault): boolean {
    return this.#down.has(what)
  }

  #fails(store: Store, isWrite: boolean): boolean {
    if (this.#down.has(store) || (isWrite && this.#down.has(`${store}-write`))) return true
    return store === 'd1' && this.writes.kv > 0 && this.#down.has('d1-after-kv')
  }
}

/** Methods that go out to a store; everything else only prepares. */
const CALLS = new Set(['get', 'put', 'delete', 'list', 'batch', 'exec', 'all', 'first', 'run', 'raw'])

function watch<T extends object>(target: T, store: Store, probe: Probe): T {
  return new Proxy(target, {
    get(object, key) {
      const value: unknown = Reflect.get(object, key, object)
      if (typeof value !== 'function') return value
      return (...values: unknown[]) => {
        const originals = values.map(unwrapAll)
        const call = () => Reflect.apply(value, object, originals)
        if (CALLS.has(String(key))) {
          return probe.call(store, isWrite(String(key), object, originals), async () => call())
        }
        const made: unknown = call()
        if (typeof made !== 'object' || made === null) return made
        const sql = key === 'prepare' ? String(values[0]) : statements.get(object)
        if (sql !== undefined) {
          statements.set(made, sql)
          probe.sql.add(sql)
        }
        return wrap(made, store, probe)
      }
    },
  })
}

/** Statements are watched, too; D1 itself needs to get the real ones back. */
const real = new WeakMap<object, object>()
/** The SQL of real statements. */
const statements = new WeakMap<object, string>()

function wrap<T extends object>(made: T, store: Store, probe: Probe): T {
  const watched = watch(made, store, probe)
  real.set(watched, made)
  return watched
}

function unwrapAll(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapAll)
  return typeof value === 'object' && value !== null ? (real.get(value) ?? value) : value
}

/** Whether a call changes what is stored: a put or delete of KV, or a statement (in a batch: any) that is no query. */
function isWrite(method: string, on: object, values: readonly unknown[]): boolean {
  const run = method === 'batch' ? values.flat() : [on]
  const sql = run.flatMap((one) => (typeof one === 'object' && one && statements.get(one)) || [])
  return (
    method === 'put' ||
    method === 'delete' ||
    sql.some((one) => /^\s*(?:INSERT|UPDATE|DELETE|WITH[\s\S]*\bINSERT INTO)/i.test(one))
  )
}

/** How many rows D1 says that it read or wrote. A call that gives one row back without its meta counts as one. */
function rows(result: unknown, what: 'rows_read' | 'rows_written'): number {
  if (Array.isArray(result)) return result.reduce((sum: number, one: unknown) => sum + rows(one, what), 0)
  if (typeof result !== 'object' || result === null || !('meta' in result)) return 1
  const { meta } = result
  return typeof meta === 'object' && meta ? Number(Reflect.get(meta, what) ?? 0) : 0
}

/**
 * Takes in what is left of a request's body, as Cloudflare's edge and `wrangler dev` do in front of a Worker:
 * workerd alone resets the connection of a sender that was answered early, before it has read the answer.
 */
async function drain({ body, bodyUsed }: Request): Promise<void> {
  const reader = bodyUsed ? undefined : body?.getReader()
  try {
    while (reader && !(await reader.read()).done);
  } catch {
    // the sender went away
  }
}

/** The site's bindings, with all that the ledger can be asked. */
export type ProbeEnv = Omit<Env, 'AD_LEDGER'> & { AD_LEDGER: DurableObjectNamespace<AdLedger> }

/** A ledger that does not answer. */
const NO_LEDGER: Env['AD_LEDGER'] = {
  getByName: () => ({
    take: () => Promise.reject(new Error('the ledger is down')),
    chances: () => Promise.reject(new Error('the ledger is down')),
  }),
}

export default {
  async fetch(request, env, execution) {
    const probe = new Probe(request.headers.get('x-probe-down') ?? '')
    const now = request.headers.get('x-probe-now')
    const watched: Env = { ...env, KV: watch(env.KV, 'kv', probe), DB: watch(env.DB, 'd1', probe) }
    if (request.headers.has('x-probe-no-limiter')) {
      delete watched.COMMENT_RATE
      delete watched.SEARCH_RATE
    }
    if (probe.isDown('limiter'))
      watched.COMMENT_RATE = { limit: async () => Promise.reject(new Error('down')) }
    if (probe.isDown('ledger')) watched.AD_LEDGER = NO_LEDGER
    const late: Promise<unknown>[] = []
    const collector = { waitUntil: (work: Promise<unknown>) => void late.push(work) }
    const response = await answer(request, watched, collector, now ? new Date(now) : new Date())
    await drain(request)
    // What goes on after the response is waited for, so that a test can look at its outcome.
    if (request.headers.has('x-probe-settle')) {
      await new Site(watched, collector, request.url, new Date()).ads.flush(watched)
      await Promise.allSettled(late)
    } else execution.waitUntil(Promise.allSettled(late))
    if (request.headers.has('x-probe-deliver')) await env.AD_LEDGER.getByName('ads').deliver()
    const answered = new Response(response.body, response)
    answered.headers.set('x-probe-cost', JSON.stringify(probe.cost))
    answered.headers.set('x-probe-writes', JSON.stringify(probe.writes))
    answered.headers.set('x-probe-rows-read', String(probe.rowsRead))
    answered.headers.set('x-probe-asked', JSON.stringify(asked))
    if (request.headers.has('x-probe-sql')) {
      answered.headers.set('x-probe-sql', encodeURIComponent(JSON.stringify([...probe.sql])))
    }
    return answered
  },
  scheduled: worker.scheduled,
} satisfies ExportedHandler<ProbeEnv>
