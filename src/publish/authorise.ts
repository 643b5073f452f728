import type { Env } from '../env.ts'
import { equalInConstantTime } from '../http/keys.ts'
import { problem } from '../http/problem.ts'
import type { Texts } from '../locale/de.ts'

/**
 * Lets a request through to the publishing API (RFC 6750): `MW_TOKEN` may do everything, `MW_READ_TOKEN` only read.
 * @returns the refusal (401 or 403), or null
 */
export async function refuse(request: Request, env: Env, texts: Texts): Promise<Response | null> {
  const token = /^Bearer ([\w\-.~+/]+=*)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? ''
  const [mayWrite, mayRead] = await Promise.all([
    matches(token, env.MW_TOKEN),
    matches(token, env.MW_READ_TOKEN),
  ])
  if (mayWrite) return null
  if (!mayRead)
    return problem(
      401,
      texts.problem.unauthorized,
      {},
      { 'www-authenticate': 'Bearer realm="medienwirtschaft"' },
    )
  return /^(?:GET|HEAD)$/.test(request.method) ? null : problem(403, texts.problem.forbidden)
}

const matches = async (token: string, secret: string | undefined) =>
  secret !== undefined && secret.length >= 16 && (await equalInConstantTime(token, secret))
