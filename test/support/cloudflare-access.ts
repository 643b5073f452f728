import {
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  sign,
} from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { LocalServer, type Mood, sendJson } from './local-server.ts'

/** The application's AUD tag. */
export const AUDIENCE = '4714c1358e65fe4b408ad6d432a5f878f08194bdb4752441fd56faefa9b2b6f2'

const LOGOUT = '/cdn-cgi/access/logout'

/** A key that signs, and the name by which the set of public keys knows it. */
export interface SigningKey {
  kid: string
  privateKey: KeyObject
}

export const newKey = (): SigningKey => ({
  kid: randomUUID(),
  privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
})

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const pemOf = ({ privateKey }: SigningKey) =>
  createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString()

/** How a token is signed: as Access does, or as somebody who would like to get in. */
export type Signing = 'RS256' | 'RS512' | 'none' | 'HS256 by the public key'

/** A team's Cloudflare Access on this machine: it publishes its keys and vouches for people. */
export class AccessServer extends LocalServer {
  mood: Mood | 'empty' | 'no-key' = 'as-usual'
  /** The keys that it publishes, the newest first. */
  keys: SigningKey[] = [newKey()]
  /** The addresses it was asked for. */
  asked: string[] = []

  static async open(): Promise<AccessServer> {
    const server = new AccessServer()
    await server.listen()
    return server
  }

  get settings() {
    return { team: this.url, audience: AUDIENCE }
  }

  /** A token as Access gives it along with a request of somebody who signed in with it. */
  token(
    claims: Record<string, unknown>,
    {
      key = this.keys[0] ?? newKey(),
      header = {},
      signing = 'RS256',
    }: { key?: SigningKey; header?: Record<string, unknown>; signing?: Signing } = {},
  ): string {
    const now = Math.floor(Date.now() / 1000)
    const usual = {
      aud: [AUDIENCE],
      exp: now + 86_400,
      iat: now,
      nbf: now,
      iss: this.url,
      type: 'app',
      sub: randomUUID(),
    }
    const alg = signing.split(' ')[0]
    const head = base64url({ alg, kid: key.kid, typ: 'JWT', ...header })
    const signed = `${head}.${base64url({ ...usual, ...claims })}`
    return `${signed}.${signatureOf(signed, key, signing)}`
  }

  protected async answer({ url = '' }: IncomingMessage, response: ServerResponse): Promise<void> {
    this.asked.push(url)
    const { pathname, searchParams } = new URL(url, this.url)
    const page = this.#pageAt(pathname, searchParams.get('to') ?? '')
    if (page) response.setHeader('content-type', 'text/html; charset=utf-8').end(page)
    else await (this.misbehave(this.mood, response) ?? sendJson(response, this.#published()))
  }

  /** Where people sign in, and from there go on to what they asked for; and where they sign out. */
  #pageAt(pathname: string, to: string): string | null {
    if (pathname === '/') return `<a href="${to}">Weiter</a>`
    return pathname === LOGOUT ? '<h1>Von Access abgemeldet</h1>' : null
  }

  #published(): object {
    if (this.mood === 'empty') return { keys: [] }
    const keys = this.keys.map(({ kid, privateKey }) => {
      const { kty, e, n } = createPublicKey(privateKey).export({ format: 'jwk' })
      return { kid, kty, alg: 'RS256', use: 'sig', e, n: this.mood === 'no-key' ? '!' : n }
    })
    const certificates = this.keys.map((key) => ({ kid: key.kid, cert: pemOf(key) }))
    return { keys, public_cert: certificates[0], public_certs: certificates }
  }
}

function signatureOf(signed: string, key: SigningKey, signing: Signing): string {
  switch (signing) {
    case 'none':
      return ''
    case 'HS256 by the public key':
      return createHmac('sha256', pemOf(key)).update(signed).digest('base64url')
    default:
      return sign(signing.replace('RS', 'RSA-SHA'), Buffer.from(signed), key.privateKey).toString('base64url')
  }
}
