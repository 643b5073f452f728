import { connect } from 'node:net'
import { expect } from 'vitest'
import type { TestSite } from './site.ts'

/** What an attacker sends, and what has to hold for whatever comes back. */

export interface Answer {
  status: number
  headers: Headers
  body: string
}

const SECURITY = [
  'strict-transport-security',
  'content-security-policy',
  'x-content-type-options',
  'referrer-policy',
  'permissions-policy',
]

/** Below 500, with every security header, without a cookie, and leading nowhere but to the site or to an ad's own address. */
export function expectSafe(
  site: TestSite,
  { status, headers }: Pick<Answer, 'status' | 'headers'>,
  what: string,
  campaigns: readonly string[] = [],
): void {
  expect(status, what).toBeLessThan(500)
  expect(
    SECURITY.filter((name) => !headers.has(name)),
    what,
  ).toEqual([])
  expect(headers.get('set-cookie'), what).toBeNull()
  expect(headers.get('x-injected'), what).toBeNull()
  const location = headers.get('location')
  if (location === null || campaigns.includes(location)) return
  const isOurs = location.startsWith('/') && new URL(location, site.url).origin === site.url
  expect(isOurs, `${what} leads to ${location}`).toBe(true)
}

/** The runtime refuses what is no HTTP before the Worker sees it; in production Cloudflare's edge does. */
export const isRefusedByRuntime = ({ status, headers, body }: Answer): boolean =>
  headers.get('content-type')?.startsWith('text/plain') === true &&
  ((status === 400 && /^invalid /.test(body)) ||
    (status === 415 && body === 'Unsupported Media Type') ||
    (status === 501 && /^ERROR: Unrecognized/.test(body)))

/** The site still works, and its data is whole. */
export async function expectAlive(site: TestSite): Promise<void> {
  const response = await site.fetch('/leitartikel/')
  expect(response.status).toBe(200)
  expect(await response.text()).toContain('Artikel leitartikel')
  expect((await site.fetch('/healthz')).status).toBe(200)
}

/** A request as bytes, for what `fetch` would tidy up before it sends it. */
export function request(
  site: TestSite,
  method: string,
  target: string,
  headers: Record<string, string> = {},
  body = '',
): string {
  const all = { host: new URL(site.url).host, connection: 'close', ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n${body}`
}

/**
 * Sends bytes as they are.
 * @param hangsUp whether to close the connection without waiting for an answer
 * @returns the answer; null where the connection was closed without one
 */
export function send(site: TestSite, bytes: string, hangsUp = false): Promise<Answer | null> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(site.url).port), '127.0.0.1', () => {
      if (hangsUp) socket.end(bytes)
      else socket.write(bytes)
    })
    let received = ''
    socket.setEncoding('latin1')
    socket.on('data', (chunk) => {
      received += chunk
    })
    socket.on('close', () => resolve(received === '' ? null : parseAnswer(received)))
    socket.on('error', reject)
  })
}

function parseAnswer(received: string): Answer {
  const end = received.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = received.slice(0, end).split('\r\n')
  const headers = new Headers()
  for (const line of lines) {
    const colon = line.indexOf(':')
    headers.append(line.slice(0, colon), line.slice(colon + 1).trim())
  }
  return { status: Number(statusLine.split(' ')[1]), headers, body: received.slice(end + 4) }
}

/** Texts that mean something to a database. */
export const SQL: readonly string[] =
  `'|''|"|\`|';--|' OR '1'='1|' OR 1=1--|" OR ""="|'); DROP TABLE comment;--|1; DROP TABLE article
' UNION SELECT name, sql FROM sqlite_master--|0 UNION SELECT 1|%|_|%%|\\|\\'|/*|*/|--|#|x' AND randomblob(100000000)--|1 OR 1=1
-1|0|1e308|${'9'.repeat(40)}|0x10|NULL|?1|:a|@a|$a|\u02bc|\uff07|%27|%2527|char(39)`.split(/[|\n]/)
