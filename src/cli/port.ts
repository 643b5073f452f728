import { createServer } from 'node:net'
import type { CliTexts } from '../locale/cli/de.ts'
import { errorCode, Failure, WrongUse } from './failure.ts'

/** Reads `--port`. */
export function parsePort(text: string, texts: CliTexts): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65535) throw new WrongUse(texts.wrongUse.port(text))
  return port
}

/** Makes sure that nobody listens on a port of this machine. */
export function mustBeFree(port: number, texts: CliTexts): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error) => {
      const isTaken = errorCode(error) === 'EADDRINUSE'
      reject(new Failure(isTaken ? texts.dev.portTaken(port) : texts.dev.portDenied(port)))
    })
    server.listen(port, '127.0.0.1', () => server.close(() => resolve()))
  })
}
