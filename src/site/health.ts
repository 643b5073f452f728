import type { IRequest } from 'itty-router'
import { logError } from '../http/log.ts'
import { json } from '../http/problem.ts'
import type { Site } from './site.ts'

/** GET /healthz — whether KV and D1 answer and the secrets are set: 200, or 503 with what is wrong. */
export async function checkHealth(_: IRequest, site: Site): Promise<Response> {
  const [kv, db, secrets] = await Promise.all([
    works('kv', () => site.env.KV.get('site')),
    works('d1', () => site.env.DB.prepare('SELECT count(*) FROM (SELECT 1 FROM document LIMIT 1)').first()),
    works('secrets', async () => site.keys),
  ])
  const isHealthy = kv && db && secrets
  return json({ status: isHealthy ? 'ok' : 'failing', kv, d1: db, secrets }, isHealthy ? 200 : 503)
}

async function works(what: string, check: () => Promise<unknown>): Promise<boolean> {
  try {
    await check()
    return true
  } catch (error) {
    logError('unhealthy', error, { what })
    return false
  }
}
