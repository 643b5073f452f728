import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import { unstable_readConfig } from 'wrangler'
import { makeToken } from '../../src/comment/token.ts'
import { Keys } from '../../src/http/keys.ts'
import { article, author, campaign, settings, slug } from './fixture.ts'
import { COMMENT, freshAddress, SECRET, TOKEN } from './site.ts'

const ROOT = new URL('../..', import.meta.url).pathname
const WRANGLER = join(ROOT, 'node_modules/wrangler/bin/wrangler.js')
/** The one article that is published. */
export const ARTICLE = slug('leitartikel')

/** The Worker as shipped, under `wrangler dev`, in a process group that can be killed, on storage that stays. */
export class KillableSite {
  readonly #folder: string
  readonly #keys = new Keys(SECRET)
  #process: ChildProcess | undefined
  #url = ''

  private constructor(folder: string) {
    this.#folder = folder
  }

  /**
   * Makes storage with its tables, and nothing in it.
   * @param entry another way in than the Worker's own, and more variables for it
   */
  static async create(entry: { main?: string; vars?: Record<string, string> } = {}): Promise<KillableSite> {
    const folder = await mkdtemp(join(tmpdir(), 'mw-kill-'))
    const site = new KillableSite(folder)
    const {
      main: shipped,
      minify,
      kv_namespaces,
      r2_buckets,
      ratelimits,
      rules,
      compatibility_date,
      durable_objects,
      migrations,
      ...config
    } = unstable_readConfig({ config: `${ROOT}wrangler.toml` })
    const d1_databases = config.d1_databases.map((one: object) => ({
      ...one,
      migrations_dir: `${ROOT}migrations`,
    }))
    const vars = { MW_SECRET: SECRET, MW_TOKEN: TOKEN, ...entry.vars }
    const main = entry.main ?? shipped
    const settings = {
      ...{ name: 'killable', main, minify, kv_namespaces, r2_buckets, ratelimits, rules },
      ...{ durable_objects, migrations },
    }
    await writeFile(site.#config, JSON.stringify({ ...settings, compatibility_date, d1_databases, vars }))
    await promisify(execFile)(
      process.execPath,
      [WRANGLER, 'd1', 'migrations', 'apply', 'DB', ...site.#storage],
      {
        env: QUIET,
      },
    )
    return site
  }

  get #config(): string {
    return join(this.#folder, 'wrangler.json')
  }

  get #storage(): string[] {
    return ['--local', '--persist-to', join(this.#folder, 'state'), '--config', this.#config]
  }

  /** Starts the Worker and waits until it answers. */
  async start(): Promise<void> {
    const port = await freePort()
    this.#url = `http://127.0.0.1:${port}`
    const place = ['--ip', '127.0.0.1', '--port', String(port), '--inspector-port', '0']
    this.#process = spawn(process.execPath, [WRANGLER, 'dev', ...place, ...this.#storage], {
      env: QUIET,
      stdio: 'ignore',
      detached: true,
    })
    await this.#answer()
  }

  async #answer(): Promise<void> {
    const deadline = Date.now() + 60_000
    while (Date.now() < deadline) {
      const response = await fetch(`${this.#url}/healthz`).catch(() => null)
      if (response?.status === 200) return
      await pause(50)
    }
    throw new Error('the Worker does not start')
  }

  /** Ends every process of it at once, without a chance to tidy up. */
  async kill(): Promise<void> {
    const running = this.#process
    if (running?.pid === undefined) return
    this.#process = undefined
    const ended = once(running, 'exit')
    process.kill(-running.pid, 'SIGKILL')
    await ended
  }

  async remove(): Promise<void> {
    await this.kill()
    await rm(this.#folder, { recursive: true, force: true })
  }

  async publish(): Promise<void> {
    for (const [kind, items] of [
      ['site', [settings()]],
      ['authors', [author('Miriam Albers')]],
      ['ads', [campaign('nordlicht')]],
      ['articles', [article(ARTICLE)]],
    ] as const) {
      const response = await this.#api(`/api/${kind}`, { method: 'POST', body: JSON.stringify({ items }) })
      expect(await response.text()).toContain('"created"')
    }
  }

  /** Asks for a path of the site; null where nobody answers. */
  async ask(path: string, init: RequestInit = {}): Promise<Response | null> {
    return fetch(this.#url + path, { redirect: 'manual', ...init }).catch(() => null)
  }

  /** Sends a comment as a browser does; whether it was confirmed. */
  async comment(text: string, more: Record<string, string> = {}): Promise<boolean> {
    const token = await makeToken(this.#keys, ARTICLE, new Date(Date.now() - 60_000))
    const response = await fetch(`${this.#url}/${ARTICLE}/comments`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: this.#url, 'cf-connecting-ip': freshAddress() },
      body: new URLSearchParams({ ...COMMENT, text, token, parent: '', betreff: '', ...more }),
    }).catch(() => null)
    return response?.status === 303
  }

  /** The texts of all comments, from the newsroom's list. */
  async texts(): Promise<string[]> {
    const texts: string[] = []
    for (let next: number | null = Number.MAX_SAFE_INTEGER; next !== null; ) {
      const before = next === Number.MAX_SAFE_INTEGER ? '' : `&before=${next}`
      const page = (await (await this.#api(`/api/comments?status=pending${before}`)).json()) as {
        items: { text: string }[]
        next: number | null
      }
      texts.push(...page.items.map(({ text }) => text))
      next = page.next
    }
    return texts
  }

  /** Runs what is due in a minute, as the platform does. */
  async runScheduled(at: Date): Promise<void> {
    const query = new URLSearchParams({ cron: '* * * * *', time: String(at.getTime()) })
    const response = await fetch(`${this.#url}/cdn-cgi/local/scheduled?${query}`)
    expect(await response.text()).toBe('ok')
  }

  /** What SQLite says of the database as it lies on the disk, before anybody has mended it. */
  integrity(): Promise<unknown[]> {
    return this.query('PRAGMA integrity_check')
  }

  /** Asks the database as it lies on the disk: looked at in a copy. */
  async query(sql: string): Promise<Record<string, unknown>[]> {
    const copy = join(this.#folder, 'copy')
    await cp(join(this.#folder, 'state/v3/d1'), copy, { recursive: true })
    try {
      const files = (await readdir(copy, { recursive: true })).filter((file) =>
        /[0-9a-f]{64}\.sqlite$/.test(file),
      )
      expect(files).toHaveLength(1)
      const database = new DatabaseSync(join(copy, files[0] ?? ''))
      const answers = database.prepare(sql).all()
      database.close()
      return answers
    } finally {
      await rm(copy, { recursive: true })
    }
  }

  /** Lets a moderator in; what they need for the forms of the desk. */
  async moderator(): Promise<{ cookie: string; token: string }> {
    const person = { email: 'anna@redaktion.example', role: 'moderator', name: 'Anna' }
    const invited = await this.#api('/api/desk/people', { method: 'POST', body: JSON.stringify(person) })
    const { link } = (await invited.json()) as { link: string }
    const url = this.#url + new URL(link).pathname
    const entered = await fetch(url, { method: 'POST', redirect: 'manual', headers: { origin: this.#url } })
    const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? ''
    const page = await (await fetch(`${this.#url}/desk/comments/`, { headers: { cookie } })).text()
    return { cookie, token: /name="token" value="([\w-]+)"/.exec(page)?.[1] ?? '' }
  }

  /** Imports comments; how many the site says are new, null where it did not answer. */
  async import(items: readonly unknown[]): Promise<number | null> {
    const answer = await wholeAnswer<{ outcomes: { outcome: string }[] }>(
      this.#api('/api/comments', { method: 'POST', body: JSON.stringify({ items }) }),
    )
    return answer?.outcomes.filter(({ outcome }) => outcome === 'created').length ?? null
  }

  /** Approves everything that waits, in one go; what was confirmed. */
  async approveAll({ cookie, token }: { cookie: string; token: string }): Promise<number[]> {
    const answer = await wholeAnswer<{ changed: number[] }>(
      fetch(`${this.#url}/desk/comments/`, {
        method: 'POST',
        headers: { cookie, origin: this.#url, accept: 'application/json' },
        body: new URLSearchParams({ token, do: 'approve', alle: '1' }),
      }),
    )
    return answer?.changed ?? []
  }

  #api(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }
    return fetch(this.#url + path, { ...init, headers })
  }
}

const QUIET = { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: '1' }

/** What a 200 says, once all of it has arrived; null where the site fell silent before that. */
async function wholeAnswer<Answer>(asked: Promise<Response>): Promise<Answer | null> {
  try {
    const response = await asked
    return response.status === 200 ? ((await response.json()) as Answer) : null
  } catch {
    return null
  }
}

/**
 * A port that is free, from below those that the system hands out: of those, another test's server might take the one
 * that was free a moment ago.
 */
async function freePort(): Promise<number> {
  for (let tries = 0; tries < 50; tries++) {
    const port = 20_000 + Math.floor(Math.random() * 10_000)
    const server = createServer().listen(port, '127.0.0.1')
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    )
    server.close()
    if (isFree) return port
  }
  throw new Error('no port')
}
