import type { Role } from '../../src/desk/roles.ts'
import { randomKey } from '../../src/desk/session.ts'
import { Keys } from '../../src/http/keys.ts'
import { freshAddress, type Instruments, SECRET, type TestSite } from './site.ts'

const keys = new Keys(SECRET)

/** Somebody of the newsroom with an open session, as the desk's own sign-in makes one. */
export class Colleague {
  readonly id: number
  readonly sessionId: string
  readonly cookie: string
  readonly email: string
  readonly #site: TestSite

  private constructor(site: TestSite, it: { id: number; sessionId: string; cookie: string; email: string }) {
    this.#site = site
    this.id = it.id
    this.sessionId = it.sessionId
    this.cookie = it.cookie
    this.email = it.email
  }

  /** @param verified when a passkey was shown last; never, if not given */
  static async open(
    site: TestSite,
    role: Role,
    { name = `Kollegin ${role}`, verified = null as string | null } = {},
  ): Promise<Colleague> {
    const key = randomKey()
    const sessionId = randomKey().slice(0, 16)
    const email = `${sessionId.toLowerCase().replace(/[^a-z0-9]/g, '')}@redaktion.example`
    const now = new Date().toISOString().replace(/\.\d+Z/, 'Z')
    const later = new Date(Date.now() + 86_400_000).toISOString().replace(/\.\d+Z/, 'Z')
    const [person] = await site.env.DB.batch([
      site.env.DB.prepare(
        'INSERT INTO person (name, email, email_hash, role, created_at) VALUES (?1, ?2, ?3, ?4, ?5) RETURNING id',
      ).bind(name, await keys.encrypt(email), await keys.hash('email-hash', email), role, now),
      site.env.DB.prepare(
        `INSERT INTO session (hash, id, person, device, created_at, seen_at, expires_at, verified_at)
         VALUES (?1, ?2, last_insert_rowid(), 'Firefox, Linux', ?3, ?3, ?4, ?5)`,
      ).bind(await keys.hash('session', key), sessionId, now, later, verified),
    ])
    const id = Number(Object.values(person?.results[0] ?? {})[0])
    return new Colleague(site, { id, sessionId, cookie: `__Host-desk=${key}`, email })
  }

  get token(): Promise<string> {
    return keys.hash('desk-form', this.sessionId)
  }

  get(path: string, instruments?: Instruments): Promise<Response> {
    return this.#site.fetch(path, { headers: { cookie: this.cookie } }, instruments)
  }

  async page(path: string): Promise<string> {
    return (await this.get(path)).text()
  }

  /** Sends a form of the desk; a field with several values comes several times. */
  async post(
    path: string,
    fields: Record<string, string | readonly string[]> = {},
    headers: Record<string, string> = {},
    instruments?: Instruments,
  ): Promise<Response> {
    const body = new URLSearchParams({ token: await this.token })
    for (const [name, value] of Object.entries(fields)) {
      body.delete(name)
      for (const one of [value].flat()) body.append(name, one)
    }
    const more = {
      cookie: this.cookie,
      origin: this.#site.url,
      'cf-connecting-ip': freshAddress(),
      ...headers,
    }
    return this.#site.fetch(path, { method: 'POST', body, headers: more }, instruments)
  }
}
