import { plainHeaders } from './headers.ts'

/** A problem document (RFC 9457) for a program that talks to the publishing API. */
export function problem(
  status: number,
  title: string,
  more: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Response {
  return new Response(JSON.stringify({ type: 'about:blank', title, status, ...more }), {
    status,
    headers: {
      ...plainHeaders,
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
      ...headers,
    },
  })
}

/** The answer to a deletion: done, and nothing to show. */
export const noContent = (): Response => new Response(null, { status: 204, headers: plainHeaders })

/** A JSON answer of the publishing API. */
export const json = (value: unknown, status = 200): Response =>
  new Response(JSON.stringify(value), {
    status,
    headers: {
      ...plainHeaders,
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
    },
  })
