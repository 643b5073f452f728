import { createServer } from 'node:net'
import type { CliTexts } from '../locale/cli/de.ts'
import { errorCode, Failure, WrongUse } from './failure.ts'

/** Reads `--port`. */
export function parsePort(text: string, texts: CliTexts): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65535) throw new WrongUse(texts.wrongUse.port(text))
  return port
}

/** Makes sure that a port of this machine is one that browsers open, and that nobody listens on it. */
export async function mustBeFree(port: number, texts: CliTexts): Promise<void> {
  await listenOnce(port, texts)
  // Nobody answers there; but fetch, like every browser, does not even ask on a port that belongs to another protocol.
  const refusal: unknown = await fetch(`http://127.0.0.1:${port}/`).catch((error: unknown) => error)
  const cause = refusal instanceof TypeError ? refusal.cause : null
  if (cause instanceof Error && cause.message === 'bad port') throw new Failure(texts.dev.portUnsafe(port))
}

function listenOnce(port: number, texts: CliTexts): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error) => {
      const isTaken = errorCode(error) === 'EADDRINUSE'
      reject(new Failure(isTaken ? texts.dev.portTaken(port) : texts.dev.portDenied(port)))
    })
    server.listen(port, '127.0.0.1', () => server.close(() => resolve()))
  })
}
