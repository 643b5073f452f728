import { connect, type Socket } from 'node:net'

const END_OF_HEAD = '\r\n\r\n'

/**
 * One keep-alive connection that sends a request and waits for its whole answer. It reads no more of HTTP
 * than that takes, so that it costs the machine little next to the server that it measures.
 */
export class Connection {
  readonly #socket: Socket
  #head = ''
  #missing = 0
  #status = 0
  #settle: { resolve(status: number): void; reject(error: Error): void } | null = null

  private constructor(port: number) {
    const onread = { buffer: Buffer.allocUnsafe(65_536), callback: this.#read.bind(this) }
    this.#socket = connect({ host: '127.0.0.1', port, noDelay: true, onread })
    this.#socket.on('error', (error) => this.#settle?.reject(error))
    this.#socket.on('close', () => this.#settle?.reject(new Error('the connection was closed')))
  }

  static open(port: number): Promise<Connection> {
    const { promise, resolve, reject } = Promise.withResolvers<Connection>()
    const connection = new Connection(port)
    connection.#socket.once('connect', () => resolve(connection)).once('error', reject)
    return promise
  }

  /** Sends a request; resolves to the status when the answer is complete. */
  exchange(request: Buffer): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#settle = null
    this.#socket.destroy()
  }

  #read(length: number, buffer: Uint8Array): boolean {
    if (this.#missing > 0) this.#missing -= length
    else this.#readHead(Buffer.from(buffer.buffer, 0, length))
    if (this.#missing === 0 && this.#head === '') this.#settle?.resolve(this.#status)
    return true
  }

  /** Reads the first bytes of an answer: its head, and what came with it of its body. */
  #readHead(bytes: Buffer): void {
    const from = this.#head.length
    this.#head += bytes.toString('latin1')
    const end = this.#head.indexOf(END_OF_HEAD)
    if (end < 0) return
    const head = this.#head.slice(0, end)
    const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(head) ?? []
    // An answer without content has no length (RFC 9110 §8.6).
    const [, length] = status === '204' ? ['', '0'] : (/\r\ncontent-length: (\d+)/i.exec(head) ?? [])
    if (!status || !length) throw new Error(`an answer without a length: ${head}`)
    this.#head = ''
    this.#status = Number(status)
    this.#missing = Number(length) - (from + bytes.length - end - END_OF_HEAD.length)
  }
}
