import { fillSlots } from './ad/fill.ts'
import type { Env } from './env.ts'
import { logError } from './http/log.ts'
import { freshPage, sendPage } from './http/page.ts'
import { adRoutes, routes } from './routes.ts'
import { StorageFailure } from './site/content.ts'
import { internalError, unavailable } from './site/errors.tsx'
import { missing, respell } from './site/moved.tsx'
import { Site } from './site/site.ts'

/**
 * Answers a request. Whatever goes wrong inside becomes a page that says so: 503 when a store is down,
 * 500 when the fault is ours.
 */
export function answer(
  request: Request,
  env: Env,
  execution: Pick<ExecutionContext, 'waitUntil'>,
  now: Date,
): Response | Promise<Response> {
  const site = new Site(env, execution, request.url, now)
  try {
    // Nothing to wait for: a promise would cost a hot view, or the report of an ad, more than the rest of its work here.
    const known = freshPage(request, site)
    if (known) return sendPage(known, request, site, fillSlots)
    const noted = adRoutes(request, site)
    return noted instanceof Response ? noted : finish(noted ?? answerOf(request, site), request, site)
  } catch (error) {
    return explain(error, site)
  }
}

async function finish(answered: Promise<Response>, request: Request, site: Site): Promise<Response> {
  const response = await answered.catch((error) => explain(error, site))
  return request.method === 'HEAD' ? new Response(null, response) : response
}

const answerOf = async (request: Request, site: Site): Promise<Response> =>
  (await respell(request, site)) ?? (await routes.fetch(request, site)) ?? missing(site)

function explain(error: unknown, site: Site): Promise<Response> {
  const isStorage = error instanceof StorageFailure
  logError(isStorage ? 'storage-failed' : 'internal-error', error)
  return isStorage ? unavailable(site) : internalError(site)
}
