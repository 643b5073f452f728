import type { IncomingMessage, ServerResponse } from 'node:http'
import * as v from 'valibot'
import { LocalServer, type Mood, sendJson } from './local-server.ts'

const Letter = v.object({
  to: v.string(),
  subject: v.string(),
  text: v.string(),
  html: v.string(),
  headers: v.record(v.string(), v.string()),
})
export type Letter = v.InferOutput<typeof Letter>

/**
 * A mail service on this machine: it keeps a letter before it says that it has it. (The local binding of Wrangler says so
 * first, and loses what it has when it is killed.)
 */
export class PostOffice extends LocalServer {
  readonly letters: Letter[] = []
  mood: Mood = 'as-usual'
  /** What happens between keeping a letter and saying so; the sender waits. */
  beforeReceipt: () => Promise<void> = async () => {}

  static async open(): Promise<PostOffice> {
    const office = new PostOffice()
    await office.listen()
    return office
  }

  protected async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    try {
      for await (const chunk of request) body += chunk
    } catch {
      return // the sender died before the letter was whole
    }
    await (this.misbehave(this.mood, response) ?? this.#accept(body, response))
  }

  async #accept(body: string, response: ServerResponse): Promise<void> {
    this.letters.push(v.parse(v.pipe(v.string(), v.parseJson(), Letter), body))
    await this.beforeReceipt()
    sendJson(response, { messageId: `<${this.letters.length}@post.example>` })
  }
}
