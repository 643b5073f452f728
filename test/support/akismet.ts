import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { LocalServer, type Mood, readForm } from './local-server.ts'

export const AKISMET_KEY = '123YourAPIKey'

/** An Akismet on this machine: it speaks `comment-check`, `submit-spam` and `submit-ham`. */
export class AkismetServer extends LocalServer {
  mood: Mood = 'as-usual'
  /** What it was asked and told, in order. */
  calls: { method: string; form: URLSearchParams }[] = []

  static async open(): Promise<AkismetServer> {
    const server = new AkismetServer()
    await server.listen()
    return server
  }

  get settings() {
    return { endpoint: `${this.url}/1.1/` }
  }

  /** The forms that came to a method. */
  asked(method = 'comment-check'): URLSearchParams[] {
    return this.calls.filter((call) => call.method === method).map(({ form }) => form)
  }

  protected async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, method = ''] = /^\/1\.1\/([\w-]+)$/.exec(request.url ?? '') ?? []
    const form = await readForm(request)
    this.calls.push({ method, form })
    await (this.misbehave(this.mood, response) ?? respond(method, form, response))
  }
}

function respond(method: string, form: URLSearchParams, response: ServerResponse): void {
  const missing = ['api_key', 'blog', 'user_ip'].find((name) => !form.get(name))
  response.setHeader('content-type', 'text/plain; charset=utf-8')
  if (missing || form.get('api_key') !== AKISMET_KEY) {
    response.setHeader(
      'x-akismet-debug-help',
      missing ? `Empty "${missing}" value` : 'We were unable to parse your key',
    )
    response.end(method === 'comment-check' ? 'invalid' : 'Invalid key')
  } else if (method !== 'comment-check') {
    response.end('Thanks for making the web a better place.')
  } else {
    const author = form.get('comment_author') ?? ''
    if (author === 'akismet-discard') response.setHeader('x-akismet-pro-tip', 'discard')
    response.setHeader('x-akismet-guid', randomUUID().replaceAll('-', ''))
    response.end(String(/^akismet-(?:guaranteed-spam|discard)$/.test(author)))
  }
}
