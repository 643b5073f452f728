import { fillSlot } from './ad/fill.ts'
import type { Env } from './env.ts'
import { logError } from './http/log.ts'
import { freshPage, sendPage } from './http/page.ts'
import { routes } from './routes.ts'
import { StorageFailure } from './site/content.ts'
import { internalError, notFound, unavailable } from './site/errors.tsx'
import { Site } from './site/site.ts'

/**
 * Answers a request. Whatever goes wrong inside becomes a page that says so: 503 when a store is down,
 * 500 when the fault is ours.
 */
export async function answer(
  request: Request,
  env: Env,
  execution: Pick<ExecutionContext, 'waitUntil'>,
  now: Date,
): Promise<Response> {
  const site = new Site(env, execution, request.url, now)
  const response = await route(request, site)
  return request.method === 'HEAD' ? new Response(null, response) : response
}

async function route(request: Request, site: Site): Promise<Response> {
  try {
    const known = freshPage(request, site)
    if (known) return sendPage(known, request, site, fillSlot)
    return (await routes.fetch(request, site)) ?? (await notFound(site))
  } catch (error) {
    const isStorage = error instanceof StorageFailure
    logError(isStorage ? 'storage-failed' : 'internal-error', error)
    return isStorage ? unavailable(site) : internalError(site)
  }
}
