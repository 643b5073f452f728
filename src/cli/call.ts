import * as v from 'valibot'
import type { CliTexts } from '../locale/cli/de.ts'
import type { Target } from './client.ts'
import { errorCode, Failure } from './failure.ts'

/** A request to the publishing API. */
export interface Call {
  path: string
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  json?: unknown
  bytes?: Uint8Array<ArrayBuffer>
  headers?: Readonly<Record<string, string>>
  /** Statuses besides 2xx that mean something to the caller. */
  allow?: readonly number[]
  /** What is sent, for the message that it is too large. */
  what?: string
}

export interface Answer {
  status: number
  /** What the answer is as JSON; undefined where it is none. */
  value: unknown
  bytes: Uint8Array
  /** What a problem document (RFC 9457) says; empty when all is well. */
  title: string
}

const Problem = v.object({ title: v.string(), detail: v.optional(v.string()) })
const TIMEOUT_SECONDS = 120

/** Sends a request and reads its answer; everything unexpected is a `Failure` that says what to do. */
export async function callSite(target: Target, call: Call, texts: CliTexts): Promise<Answer> {
  const response = await send(target, call, texts)
  const body = await response.arrayBuffer().catch((error: unknown) => {
    throw new Failure(texts.site.broken(target.url, errorCode(error)))
  })
  const bytes = new Uint8Array(body)
  const value = parseJson(new TextDecoder().decode(bytes))
  const problem = v.safeParse(Problem, value)
  const title = problem.success ? [problem.output.title, problem.output.detail].filter(Boolean).join(' ') : ''
  const { status } = response
  // A 404 that is no problem document does not come from the API.
  if (response.ok || (call.allow?.includes(status) && problem.success)) return { status, value, bytes, title }
  throw new Failure(explain(response, title, target, call, texts))
}

async function send({ url, token }: Target, call: Call, texts: CliTexts): Promise<Response> {
  const body = call.bytes ?? (call.json === undefined ? undefined : JSON.stringify(call.json))
  const type = call.bytes ? 'application/octet-stream' : 'application/json'
  try {
    return await fetch(url + call.path, {
      method: call.method ?? 'GET',
      redirect: 'manual',
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': type }),
        ...call.headers,
      },
      signal: AbortSignal.timeout(TIMEOUT_SECONDS * 1000),
      ...(body === undefined ? {} : { body }),
    })
  } catch (error) {
    throw new Failure(sayBrokenConnection(error, url, texts))
  }
}

function sayBrokenConnection(error: unknown, url: string, { site }: CliTexts): string {
  const code = errorCode(error)
  if (error instanceof Error && error.name === 'TimeoutError') return site.timeout(url)
  if (code === 'ECONNREFUSED') return site.unreachable(url)
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return site.unknownHost(new URL(url).host)
  return site.broken(url, code || String(error))
}

function explain(response: Response, title: string, { url }: Target, call: Call, { site }: CliTexts): string {
  const { status } = response
  const location = response.headers.get('location')
  if (status >= 300 && status < 400 && location) return site.moved(url, new URL(location, url).origin)
  if (!title) return status >= 500 ? site.failed(status, response.statusText) : site.notOurs(url)
  if (status === 401) return site.unauthorized(url)
  if (status === 403) return site.forbidden(url)
  if (status === 413) return site.tooLarge(call.what ?? call.path)
  return site.failed(status, title)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
