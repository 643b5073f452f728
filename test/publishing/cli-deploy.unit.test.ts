import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type DeployWorld, runDeploy } from '../../src/cli/deploy.ts'
import { Failure } from '../../src/cli/failure.ts'
import type { RunWrangler, WranglerResult } from '../../src/cli/wrangler.ts'
import { de } from '../../src/locale/cli/de.ts'
import { folder, freePort, listen, mw, put, ROOT, SITE_YAML } from '../support/cli.ts'

const KV_ID = '0123456789abcdef0123456789abcdef'
const D1_ID = '11111111-2222-4333-8444-555555555555'
const TOKEN = 'a-token-that-the-owner-has-set'
const SECRET = 'a-secret-that-the-owner-has-set-long-ago'

/** An account on Cloudflare, as far as wrangler shows it. */
class FakeAccount {
  readonly calls: string[] = []
  /** What each `wrangler deploy` was given: its configuration, and the secrets in its file. */
  readonly deployed: { config: Record<string, unknown>; secrets: Record<string, string> }[] = []
  /** What stands for a run that goes wrong, by the start of the command. */
  readonly failing = new Map<string, Partial<WranglerResult>>()
  accounts = [{ id: 'acc1', name: 'Verlag' }]
  namespaces: { id: string; title: string }[] = []
  databases: { uuid: string; name: string }[] = []
  buckets: string[] = []
  secrets: string[] | null = null
  targets: string[] = []
  usedAccount: string | undefined

  run: RunWrangler = async (args, env) => {
    const command = args.join(' ')
    this.calls.push(command.replaceAll(/\S*\/(?=[\w.-]+$|[\w.-]+ )/g, ''))
    this.usedAccount = env?.CLOUDFLARE_ACCOUNT_ID
    const fault = [...this.failing].find(([start]) => command.startsWith(start))?.[1]
    if (fault) return { code: 1, stdout: '', stderr: '', report: [], ...fault }
    const answer = this.#answer(command, args)
    return { code: 0, stderr: '', stdout: '', report: [], ...answer }
  }

  #answer(command: string, args: readonly string[]): Partial<WranglerResult> {
    const json = (value: unknown) => ({ stdout: JSON.stringify(value, null, 2) })
    const name = args.at(-1) ?? ''
    if (command === 'whoami --json')
      return json({ loggedIn: true, authType: 'OAuth Token', accounts: this.accounts })
    if (command === 'kv namespace list') return json(this.namespaces)
    if (command === 'd1 list --json') return json(this.databases)
    if (command === 'r2 bucket list')
      return {
        stdout: this.buckets.map((one) => `name:           ${one}\ncreation_date:  2026`).join('\n\n'),
      }
    if (command.startsWith('kv namespace create')) this.namespaces.push({ id: KV_ID, title: name })
    if (command.startsWith('d1 create')) this.databases.push({ uuid: D1_ID, name })
    if (command.startsWith('r2 bucket create')) this.buckets.push(name)
    if (command.startsWith('secret list')) return this.#listSecrets()
    if (command.startsWith('deploy --dry-run')) return this.#bundle(args)
    if (command.startsWith('deploy')) return this.#deploy(args)
    return {}
  }

  #listSecrets(): Partial<WranglerResult> {
    if (this.secrets)
      return { stdout: JSON.stringify(this.secrets.map((name) => ({ name, type: 'secret_text' }))) }
    return {
      code: 1,
      stderr: '✘ [ERROR] Worker "medienwirtschaft" not found.\n\nIf this is a new Worker, run …',
    }
  }

  #bundle(args: readonly string[]): Partial<WranglerResult> {
    const out = args[args.indexOf('--outdir') + 1] ?? ''
    put(out, { 'worker.js': 'x'.repeat(1000), 'worker.js.map': 'x'.repeat(5000), 'README.md': 'x' })
    return {}
  }

  #deploy(args: readonly string[]): Partial<WranglerResult> {
    const read = (option: string) => {
      const at = args.indexOf(option)
      return at < 0 ? {} : JSON.parse(readFileSync(args[at + 1] ?? '', 'utf8'))
    }
    const secrets = read('--secrets-file')
    this.deployed.push({ config: read('--config'), secrets })
    this.secrets = [...new Set([...(this.secrets ?? []), ...Object.keys(secrets)])]
    return { report: [{ type: 'wrangler-session' }, { type: 'deploy', version: 1, targets: this.targets }] }
  }
}

/** A site that takes everything it is sent, and remembers who sent what. */
async function openSite() {
  const seen: string[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    seen.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`.trim())
    const items = request.method === 'POST' ? JSON.parse(body).items : []
    const outcomes = items.map(({ slug }: { slug: string }) => ({
      slug,
      outcome: 'created',
      revision: 1,
      hash: 'x',
    }))
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ status: 'ok', items: outcomes }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close().closeAllConnections())
  const address = server.address()
  return { seen, url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}` }
}

async function open(prepare: (account: FakeAccount) => void = () => {}) {
  const account = new FakeAccount()
  const site = await openSite()
  account.targets = [site.url, 'schedule: 17 3 * * *']
  prepare(account)
  const toml = readFileSync(join(ROOT, 'wrangler.toml'), 'utf8')
  const project = folder({ 'wrangler.toml': toml, 'content/site.yaml': SITE_YAML })
  const content = join(project, 'content')
  const deploy = async (env: DeployWorld['env'] = {}, options: Parameters<typeof runDeploy>[1] = {}) => {
    const { terminal, shown } = listen()
    const world = { project, env, run: account.run, patienceSeconds: 0.3 }
    const code = await runDeploy(content, options, world, terminal)
    return { code, out: shown.out.replaceAll(content, 'content'), err: shown.err }
  }
  const kept = () => JSON.parse(readFileSync(join(project, '.deploy.json'), 'utf8'))
  return { account, site, project, deploy, kept }
}

describe('the first deployment', () => {
  test('creates everything, migrates before it deploys, and publishes', async () => {
    const { account, site, deploy } = await open()
    const { code, out } = await deploy()
    expect(account.calls).toEqual([
      'whoami --json',
      'kv namespace list',
      'kv namespace create medienwirtschaft-content',
      'kv namespace list',
      'd1 list --json',
      'd1 create medienwirtschaft',
      'd1 list --json',
      'r2 bucket list',
      'r2 bucket create medienwirtschaft-media',
      'secret list --name medienwirtschaft',
      'd1 migrations apply DB --remote --config deploy.json',
      'deploy --config deploy.json --secrets-file secrets.json',
    ])
    expect(out.split('\n')).toEqual([
      '✓ KV-Namensraum „medienwirtschaft-content“ anlegen',
      '✓ D1-Datenbank „medienwirtschaft“ anlegen',
      '✓ R2-Bucket „medienwirtschaft-media“ anlegen',
      '✓ Datenbank auf den neuesten Stand bringen',
      '✓ Schlüssel setzen: MW_SECRET, MW_TOKEN',
      '✓ Worker „medienwirtschaft“ bereitstellen',
      'neu        content/site.yaml',
      '✓ content veröffentlichen',
      '1 neu, 0 geändert, 0 unverändert, 0 abgelehnt.',
      `Die Site läuft: ${site.url}`,
      '',
    ])
    expect(code).toBe(0)
  })

  test('makes secrets, uploads them with the Worker, and keeps them for the owner only', async () => {
    const { account, site, project, deploy, kept } = await open()
    const { err } = await deploy()
    expect(err).toBe(
      `Die Schlüssel der Site liegen in ${join(project, '.deploy.json')}. Bitte sicher aufbewahren.\n`,
    )
    const { MW_SECRET, MW_TOKEN } = account.deployed[0]?.secrets ?? {}
    expect(MW_SECRET).toMatch(/^[\w-]{43}$/)
    expect(MW_TOKEN).toMatch(/^[\w-]{43}$/)
    expect(MW_TOKEN).not.toBe(MW_SECRET)
    expect(kept()).toEqual({ url: site.url, MW_SECRET, MW_TOKEN })
    expect(statSync(join(project, '.deploy.json')).mode & 0o777).toBe(0o600)
    expect(site.seen).toContain(`POST /api/site Bearer ${MW_TOKEN}`)
  })

  test('leaves no file with secrets behind', async () => {
    const { account, deploy } = await open()
    let file = ''
    const run = account.run
    account.run = async (args, env) => {
      file = args[args.indexOf('--secrets-file') + 1] ?? file
      return run(args, env)
    }
    await deploy()
    expect(file).toContain('secrets.json')
    expect(existsSync(file)).toBe(false)
  })

  test('puts the ids into a configuration of its own and leaves wrangler.toml as it is', async () => {
    const { account, project, deploy } = await open()
    await deploy()
    expect(account.deployed[0]?.config).toMatchObject({
      name: 'medienwirtschaft',
      main: join(project, 'src/worker.ts'),
      kv_namespaces: [{ binding: 'KV', id: KV_ID }],
      d1_databases: [{ binding: 'DB', database_id: D1_ID, migrations_dir: join(project, 'migrations') }],
      r2_buckets: [{ binding: 'MEDIA', bucket_name: 'medienwirtschaft-media' }],
      triggers: { crons: ['* * * * *', '17 3 * * *'] },
    })
    expect(readFileSync(join(project, 'wrangler.toml'), 'utf8')).toBe(
      readFileSync(join(ROOT, 'wrangler.toml'), 'utf8'),
    )
  })

  test('takes secrets from the environment where they are given', async () => {
    const { account, deploy } = await open()
    await deploy({ MW_SECRET: SECRET, MW_TOKEN: TOKEN })
    expect(account.deployed[0]?.secrets).toEqual({ MW_SECRET: SECRET, MW_TOKEN: TOKEN })
  })

  test('that was cut off goes on with the secrets it had made', async () => {
    const { account, deploy, kept } = await open()
    account.failing.set('deploy', { stderr: '✘ [ERROR] A request to the Cloudflare API failed.' })
    await expect(deploy()).rejects.toThrow('„wrangler deploy')
    const { MW_SECRET, MW_TOKEN } = kept()
    account.failing.clear()
    await deploy()
    expect(account.deployed[0]?.secrets).toEqual({ MW_SECRET, MW_TOKEN })
  })
})

describe('another deployment', () => {
  const existing = (account: FakeAccount) => {
    account.namespaces = [{ id: KV_ID, title: 'medienwirtschaft-content' }]
    account.databases = [{ uuid: D1_ID, name: 'medienwirtschaft' }]
    account.buckets = ['medienwirtschaft-media']
    account.secrets = ['MW_SECRET', 'MW_TOKEN']
  }

  test('creates nothing and touches no secret', async () => {
    const { account, deploy } = await open(existing)
    expect((await deploy({ MW_TOKEN: TOKEN })).code).toBe(0)
    expect(account.calls.filter((call) => call.includes('create'))).toEqual([])
    expect(account.calls.at(-1)).toBe('deploy --config deploy.json')
    expect(account.deployed[0]?.secrets).toEqual({})
  })

  test('publishes with the token that the first one kept', async () => {
    const { site, deploy, kept } = await open()
    await deploy()
    await deploy()
    expect(site.seen.filter((call) => call.startsWith('POST'))).toEqual([
      `POST /api/site Bearer ${kept().MW_TOKEN}`,
      `POST /api/site Bearer ${kept().MW_TOKEN}`,
    ])
  })

  test('never replaces a secret that the Worker has, even when another is given', async () => {
    const { account, deploy } = await open((one) => {
      existing(one)
      one.secrets = ['MW_SECRET']
    })
    await deploy({ MW_SECRET: SECRET, MW_TOKEN: TOKEN })
    expect(account.deployed[0]?.secrets).toEqual({ MW_TOKEN: TOKEN })
  })

  test('without the token deploys and says what is missing, and publishes nothing', async () => {
    const { account, site, deploy } = await open(existing)
    await expect(deploy()).rejects.toThrow(
      'Die Site hat schon einen Zugangsschlüssel, der hier nicht vorliegt',
    )
    expect(account.deployed).toHaveLength(1)
    expect(site.seen).toEqual([])
  })

  test('finds a bucket that wrangler did not list', async () => {
    const { account, deploy } = await open((one) => {
      existing(one)
      one.buckets = []
      one.failing.set('r2 bucket create', {
        stderr: 'The bucket you tried to create already exists, and you own it. [code: 10004]',
      })
    })
    expect((await deploy({ MW_TOKEN: TOKEN })).code).toBe(0)
    expect(account.deployed).toHaveLength(1)
  })
})

describe('a deployment stops before it does harm', () => {
  test.each<[string, (account: FakeAccount) => void, string]>([
    [
      'nobody is logged in',
      (one) => one.failing.set('whoami', { stdout: '{"loggedIn": false}' }),
      de.deploy.notLoggedIn,
    ],
    [
      'there are several accounts to choose from',
      (one) => one.accounts.push({ id: 'acc2', name: 'Privat' }),
      de.deploy.accounts('Verlag: acc1, Privat: acc2'),
    ],
    [
      'the account can’t be listed',
      (one) =>
        one.failing.set('kv namespace list', { stderr: '\n✘ [ERROR] Authentication error [code: 10000]\n' }),
      de.deploy.wranglerFailed('kv namespace list', 'Authentication error [code: 10000]'),
    ],
    [
      'wrangler speaks another language',
      (one) => one.failing.set('d1 list', { code: 0, stdout: 'Keine Datenbanken' }),
      de.deploy.unexpected('d1 list'),
    ],
    [
      'nobody knows whether the Worker has secrets',
      (one) => one.failing.set('secret list', { stderr: '✘ [ERROR] fetch failed' }),
      de.deploy.wranglerFailed('secret list medienwirtschaft', 'fetch failed'),
    ],
    [
      'the database can’t be migrated',
      (one) => one.failing.set('d1 migrations', { stderr: '✘ [ERROR] near "TABEL": syntax error' }),
      de.deploy.wranglerFailed('d1 migrations apply', 'near "TABEL": syntax error'),
    ],
  ])('when %s', async (_, prepare, message) => {
    const { account, deploy } = await open(prepare)
    await expect(deploy()).rejects.toThrow(new Failure(message))
    expect(account.deployed).toEqual([])
  })

  test('when the secret it was given is too short', async () => {
    const { account, deploy } = await open()
    await expect(deploy({ MW_SECRET: 'kurz' })).rejects.toThrow(de.deploy.shortSecret)
    expect(account.deployed).toEqual([])
  })

  test('when the kept secrets can’t be read, which it does not overwrite', async () => {
    const { project, deploy } = await open()
    put(project, { '.deploy.json': '{"MW_SECRET": "abgeschnit' })
    await expect(deploy()).rejects.toThrow(de.deploy.brokenKeys(join(project, '.deploy.json')))
    expect(readFileSync(join(project, '.deploy.json'), 'utf8')).toBe('{"MW_SECRET": "abgeschnit')
  })

  test('and says so when the new site does not answer', async () => {
    const { account, deploy } = await open()
    const url = `http://127.0.0.1:${await freePort()}`
    account.targets = [url]
    await expect(deploy()).rejects.toThrow(de.deploy.notReady(url))
  })

  test('and says so when the deployment has no address', async () => {
    const { account, deploy } = await open()
    account.targets = []
    await expect(deploy()).rejects.toThrow(de.deploy.noUrl)
  })
})

describe('whose account', () => {
  test('is the only one there is', async () => {
    const { account, deploy } = await open()
    await deploy()
    expect(account.usedAccount).toBe('acc1')
  })

  test('is the one that CLOUDFLARE_ACCOUNT_ID names', async () => {
    const { account, deploy } = await open((one) => one.accounts.push({ id: 'acc2', name: 'Privat' }))
    await deploy({ CLOUDFLARE_ACCOUNT_ID: 'acc2' })
    expect(account.usedAccount).toBe('acc2')
  })
})

describe('a dry run', () => {
  test('names every step and how large the Worker is, by the real wrangler and without a network', async () => {
    const { code, stdout, stderr } = await mw(['deploy', '--dry-run'])
    expect(stderr).toBe('')
    expect(stdout.split('\n').slice(0, -2)).toEqual([
      'Diese Schritte würden ausgeführt:',
      ' 1. KV-Namensraum „medienwirtschaft-content“ anlegen (falls nicht vorhanden)',
      ' 2. D1-Datenbank „medienwirtschaft“ anlegen (falls nicht vorhanden)',
      ' 3. R2-Bucket „medienwirtschaft-media“ anlegen (falls nicht vorhanden)',
      ' 4. Datenbank auf den neuesten Stand bringen',
      ' 5. Schlüssel setzen: MW_SECRET, MW_TOKEN (falls nicht vorhanden)',
      ' 6. Worker „medienwirtschaft“ bereitstellen',
      ' 7. content veröffentlichen',
    ])
    expect(stdout).toMatch(/Der Worker ist gepackt \d+(,\d)? KB groß\.\n$/)
    expect(code).toBe(0)
  }, 60_000)

  test('asks wrangler for nothing but the bundle, and keeps nothing', async () => {
    const { account, project, deploy } = await open()
    const { out } = await deploy({}, { dryRun: true, json: true })
    expect(JSON.parse(out)).toMatchObject({
      dryRun: true,
      bundle: { bytes: 1000, gzipBytes: expect.any(Number) },
    })
    expect(account.calls).toEqual(['deploy --dry-run --outdir out --config wrangler.json'])
    expect(existsSync(join(project, '.deploy.json'))).toBe(false)
    expect(existsSync(join(project, '.wrangler'))).toBe(false)
  })
})
