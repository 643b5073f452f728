import * as v from 'valibot'
import { Campaign } from '../ad/campaign.ts'
import type { Chances } from '../ad/plan.ts'
import type { Env } from '../env.ts'
import { logError } from '../http/log.ts'
import { FRESH_MS } from '../http/page-cache.ts'
import { type DocumentKind, distrustDocuments } from '../publish/store.ts'
import { emptySettings, Settings } from './settings.ts'

/** KV or D1 did not answer: nobody's mistake but the moment's. */
export class StorageFailure extends Error {
  override readonly name = 'StorageFailure'
}

/** What every page needs besides its own content: the `site`, `ads` and `chances` values in KV, at one moment. */
export interface Snapshot {
  readonly settings: Settings
  readonly campaigns: readonly Campaign[]
  /** Word that the ledger left of how often campaigns with a budget are to be shown. */
  readonly chances: Chances
  /** False as long as no settings were ever published. */
  readonly isPublished: boolean
  /** When it was read, in milliseconds since 1970. */
  readonly readAt: number
}

/** Reads what is served. The settings and campaigns ride along with a page's own value, so a cold page costs one read. */
export class Content {
  #snapshot: Snapshot | undefined

  /** The settings and campaigns, at most as old as a fresh page; older ones stand in while KV is down. */
  async snapshot(env: Env, now: Date): Promise<Snapshot> {
    try {
      await this.read(env, now, [])
    } catch (error) {
      if (!this.#snapshot) throw error
      logError('settings-not-refreshed', error)
    }
    if (!this.#snapshot) throw new Error('a read of KV always leaves a snapshot')
    return this.#snapshot
  }

  /** What this isolate knows without reading; undefined right after it started. */
  get current(): Snapshot | undefined {
    return this.#snapshot
  }

  /** What this isolate knows, where it is as new as a fresh page. */
  fresh(now: Date): Snapshot | undefined {
    const known = this.#snapshot
    return known && now.getTime() - known.readAt <= FRESH_MS ? known : undefined
  }

  /** Reads values by key in one round trip, and the settings and campaigns with them when they are stale. */
  async read(env: Env, now: Date, keys: string[]): Promise<ReadonlyMap<string, string | null>> {
    const isStale = !this.fresh(now)
    const wanted = isStale ? [...keys, 'site', 'ads', 'chances'] : keys
    const values = wanted.length > 0 ? await readValues(env, wanted) : new Map<string, string | null>()
    if (isStale) this.#snapshot = await this.#learn(env, values, now)
    return values
  }

  async #learn(env: Env, values: ReadonlyMap<string, string | null>, now: Date): Promise<Snapshot> {
    const [site, ads] = [values.get('site') ?? null, values.get('ads') ?? null]
    const settings = parseStored('site', Settings, site)
    const campaigns = parseStored('ads', v.array(Campaign), ads)
    const chances = parseStored('chances', v.record(v.string(), v.number()), values.get('chances') ?? null)
    if (site !== null && !settings) await askForRepublish(env, 'site')
    if (ads !== null && !campaigns) await askForRepublish(env, 'ad')
    return {
      settings: settings ?? emptySettings,
      campaigns: campaigns ?? [],
      chances: chances && new Map(Object.entries(chances)),
      isPublished: settings !== null,
      readAt: now.getTime(),
    }
  }

  /** Forgets the settings and campaigns, after this isolate published new ones. */
  forget(): void {
    this.#snapshot = undefined
  }
}

async function readValues(env: Env, keys: string[]): Promise<ReadonlyMap<string, string | null>> {
  try {
    return await env.KV.get(keys)
  } catch (cause) {
    throw new StorageFailure('KV does not answer', { cause })
  }
}

/** A value that can't be read is healed by the next publish, because D1 no longer vouches for it. */
export async function askForRepublish(env: Env, kind: DocumentKind, slug?: string): Promise<void> {
  try {
    await distrustDocuments(env.DB, kind, slug).run()
  } catch (error) {
    logError('distrust-failed', error, { kind })
  }
}

/** Parses a value read from KV; a corrupt one counts as missing and is logged. */
export function parseStored<S extends v.GenericSchema>(
  key: string,
  schema: S,
  stored: string | null,
): v.InferOutput<S> | null {
  if (stored === null) return null
  try {
    return v.parse(schema, JSON.parse(stored))
  } catch (error) {
    logError(
      'corrupt-value',
      error instanceof v.ValiError ? new Error('does not fit its schema') : new Error('is not JSON'),
      { key },
    )
    return null
  }
}
