import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { LocalServer, type Mood, readForm, sendJson } from './local-server.ts'

export const TURNSTILE_SECRET = '1x-secret-of-the-widget'
export const SITE_KEY = '1x00000000000000000000AA'

interface Token {
  hostname: string
  action: string
  /** The idempotency key of who used it first. */
  usedBy?: string
}

/** A Turnstile on this machine: it speaks siteverify, and has a script and a frame in place of Cloudflare's. */
export class TurnstileServer extends LocalServer {
  mood: Mood | 'internal' = 'as-usual'
  /** What siteverify was asked. */
  asked: URLSearchParams[] = []
  readonly #tokens = new Map<string, Token>()

  static async open(): Promise<TurnstileServer> {
    const server = new TurnstileServer()
    await server.listen()
    return server
  }

  get settings() {
    return { siteKey: SITE_KEY, script: `${this.url}/api.js`, verify: `${this.url}/siteverify` }
  }

  /** A token as the widget of a page gets one. */
  issue({ hostname = '127.0.0.1', action = 'comment' } = {}): string {
    const token = `token-${randomUUID()}`
    this.#tokens.set(token, { hostname, action })
    return token
  }

  protected async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url)
    if (pathname === '/api.js') {
      response.setHeader('content-type', 'text/javascript').end(SCRIPT)
    } else if (pathname === '/frame') {
      const hostname = new URL(request.headers.referer ?? 'http://nowhere.invalid').hostname
      const token = this.issue({ hostname, action: searchParams.get('action') ?? '' })
      response.setHeader('content-type', 'text/html; charset=utf-8').end(frameWith(token))
    } else {
      const form = await readForm(request)
      this.asked.push(form)
      await (this.misbehave(this.mood, response) ?? sendJson(response, this.#verify(form)))
    }
  }

  #verify(form: URLSearchParams): object {
    const refusal = (code: string) => ({ success: false, 'error-codes': [code], messages: [] })
    if (this.mood === 'internal') return refusal('internal-error')
    if (form.get('secret') !== TURNSTILE_SECRET) return refusal('invalid-input-secret')
    const token = this.#tokens.get(form.get('response') ?? '')
    if (!token) return refusal('invalid-input-response')
    const key = form.get('idempotency_key') ?? randomUUID()
    if (token.usedBy !== undefined && token.usedBy !== key) return refusal('timeout-or-duplicate')
    token.usedBy = key
    const { hostname, action } = token
    const challenge_ts = new Date().toISOString()
    return { success: true, 'error-codes': [], challenge_ts, hostname, action, cdata: '' }
  }
}

const frameWith = (token: string) =>
  `<!doctype html><html lang="de"><title>Prüfung</title><main><h1>Geprüft</h1></main>
   <script>parent.postMessage('${token}', '*')</script>`

/** Does with the page what Cloudflare's does: a frame, and a hidden field with the token that the frame tells. */
const SCRIPT = `
const origin = new URL(document.currentScript.src).origin
const widgets = new Map()
window.turnstile = {
  render(place, options) {
    const frame = document.createElement('iframe')
    frame.title = 'Widget mit einer Sicherheitsprüfung'
    frame.width = options.size === 'compact' ? 150 : 300
    frame.height = options.size === 'compact' ? 140 : 65
    frame.src = origin + '/frame?' + new URLSearchParams(options)
    const field = document.createElement('input')
    field.type = 'hidden'
    field.name = 'cf-turnstile-response'
    place.append(frame, field)
    const id = 'cf-chl-widget-' + widgets.size
    const hear = ({ source, data }) => { if (source === frame.contentWindow) field.value = data }
    addEventListener('message', hear)
    widgets.set(id, () => { removeEventListener('message', hear); frame.remove(); field.remove() })
    return id
  },
  remove(id) { widgets.get(id)() },
}
`
