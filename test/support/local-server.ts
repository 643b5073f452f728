import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How the next questions are answered; `as-usual` is the protocol. */
export type Mood = 'as-usual' | 'slow' | 'stalls' | 'down' | 'error' | 'nonsense' | 'redirect' | 'floods'

/** A server of somebody else's, on this machine. */
export abstract class LocalServer {
  readonly #server = createServer((request, response) => void this.answer(request, response))

  protected abstract answer(request: IncomingMessage, response: ServerResponse): Promise<void>

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  protected listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
  }

  close(): Promise<void> {
    this.#server.closeAllConnections()
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }

  /**
   * Answers as a service does that is not well: `slow` never does, `stalls` never ends, `down` hangs up.
   * @returns null where it is well
   */
  protected misbehave(mood: string, response: ServerResponse): Promise<void> | null {
    const never = new Promise<void>((resolve) => response.on('close', () => resolve()))
    switch (mood) {
      case 'slow':
        return never
      case 'stalls':
        response.writeHead(200, { 'content-type': 'application/json' }).write('{"success":')
        return never
      case 'down':
        response.destroy()
        return never
      case 'error':
        response.writeHead(503).end('true')
        return never
      case 'nonsense':
        response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Willkommen im Hotel-WLAN</h1>')
        return never
      case 'redirect':
        response.writeHead(302, { location: `${this.url}/elsewhere` }).end()
        return never
      case 'floods':
        response.writeHead(200).end(`{"success": true, "cdata": "${'x'.repeat(64 * 1024)}"}`)
        return never
      default:
        return null
    }
  }
}

export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let body = ''
  for await (const chunk of request) body += chunk
  return new URLSearchParams(body)
}

export const sendJson = (response: ServerResponse, value: unknown): void =>
  void response.setHeader('content-type', 'application/json').end(JSON.stringify(value))
