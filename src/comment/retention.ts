import type { Env } from '../env.ts'
import { clearOldTraces } from './store.ts'

/** Empties what may not be kept longer: address hashes after 30 days, rate counters after an hour. */
export async function forgetOldTraces(env: Env, now: Date): Promise<void> {
  await env.DB.batch(clearOldTraces(env.DB, now))
}
