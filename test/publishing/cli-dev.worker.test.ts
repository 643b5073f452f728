import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import {
  articleFile,
  type Files,
  folder,
  freePort,
  makeFolder,
  mw,
  put,
  ROOT,
  Running,
  removeFolder,
  SITE_YAML,
  until,
} from '../support/cli.ts'
import { SVG } from '../support/fixture.ts'

const article = (name: string) => `content/articles/2026-01-15-${name}.md`
const CONTENT: Files = {
  'content/site.yaml': SITE_YAML,
  [article('erster')]: articleFile('Der erste Artikel'),
}

/** A fresh checkout: the site's code, content of its own, and nothing that a first start makes. */
function checkout(dir: string): string {
  put(dir, { 'wrangler.toml': readFileSync(join(ROOT, 'wrangler.toml')), ...CONTENT })
  for (const name of ['src', 'migrations']) symlinkSync(join(ROOT, name), join(dir, name))
  return dir
}

/** `mw dev` in a checkout. */
class Dev extends Running {
  readonly dir: string
  readonly url: string

  constructor(dir: string, port: number, args: string[] = []) {
    super(['dev', '--port', String(port), ...args], { cwd: dir, env: { MW_PROJECT: dir } })
    this.dir = dir
    this.url = `http://127.0.0.1:${port}`
  }

  async ready(): Promise<this> {
    const isReady = () => /Die Site läuft: .*\n/.test(this.stdout) && this.stderr.includes('wird beobachtet')
    await until(() => isReady() || this.child.exitCode !== null, 110)
    if (this.child.exitCode !== null) throw new Error(this.said)
    return this
  }

  /** Ends it as Ctrl+C or a service manager would. */
  async end(signal: NodeJS.Signals = 'SIGTERM') {
    this.child.kill(signal)
    return this.ended
  }

  page = async (path: string) => (await fetch(this.url + path)).text()
  status = async (path: string) => (await fetch(this.url + path)).status

  /** Saves files, and returns how long it takes until something is so, in milliseconds. */
  async afterSaving(files: Files, isSo: () => Promise<boolean>): Promise<number> {
    const start = performance.now()
    put(this.dir, files)
    await until(isSo)
    return performance.now() - start
  }

  /** The lines it has printed since a moment ago. */
  since(moment: number): string[] {
    return this.stdout.slice(moment).split('\n').filter(Boolean)
  }
}

/** A running `mw dev` for one test. */
async function openDev(dir: string, args: string[] = []): Promise<Dev> {
  const dev = new Dev(dir, await freePort(), args)
  onTestFinished(() => void dev.end())
  return dev.ready()
}

/** Processes that have something to do with a folder. */
const processesOf = (dir: string): string[] =>
  execFileSync('ps', ['-ww', '-eo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(dir))

describe('the first mw dev', () => {
  test('makes secrets, migrates, publishes, and serves the article', async () => {
    const dir = checkout(folder())
    const dev = await openDev(dir)
    expect(await dev.page('/erster/')).toContain('Der erste Artikel')
    expect(dev.stdout.split('\n')).toEqual([
      'neu        content/site.yaml',
      'neu        content/articles/2026-01-15-erster.md',
      '2 neu, 0 geändert, 0 unverändert, 0 abgelehnt.',
      `Die Site läuft: ${dev.url}/`,
      '',
    ])
    const vars = parseEnv(readFileSync(join(dir, '.dev.vars'), 'utf8'))
    expect(vars).toEqual({
      MW_SECRET: expect.stringMatching(/^[\w-]{43}$/),
      MW_TOKEN: expect.stringMatching(/^[\w-]{43}$/),
    })
    expect(statSync(join(dir, '.dev.vars')).mode & 0o777).toBe(0o600)
    const { code } = await dev.end('SIGINT')
    expect(code).toBe(0)
    expect(processesOf(dir)).toEqual([])
  })

  test('keeps the secrets that are there and adds what is missing', async () => {
    const dir = checkout(
      folder({ '.dev.vars': 'MW_TOKEN=ein-token-von-hand-gemacht\nPAGE_CACHE_BYTES=1000' }),
    )
    await openDev(dir)
    expect(parseEnv(readFileSync(join(dir, '.dev.vars'), 'utf8'))).toEqual({
      MW_TOKEN: 'ein-token-von-hand-gemacht',
      PAGE_CACHE_BYTES: '1000',
      MW_SECRET: expect.stringMatching(/^[\w-]{43}$/),
    })
  })
})

describe('mw dev, while it runs,', () => {
  let dev: Dev
  beforeAll(async () => {
    dev = await new Dev(checkout(makeFolder()), await freePort()).ready()
  })
  afterAll(async () => {
    await dev.end()
    removeFolder(dev.dir)
  })

  test('republishes a saved file within a second, and says so in one line', async () => {
    const moment = dev.stdout.length
    const shows = (text: string) => async () => (await dev.page('/gespeichert/')).includes(text)
    await dev.afterSaving(
      { [article('gespeichert')]: articleFile('Eben erst gespeichert') },
      shows('Eben erst'),
    )
    const text = articleFile('Eben erst gespeichert', {}, 'Jetzt mit einem anderen Absatz.')
    expect(await dev.afterSaving({ [article('gespeichert')]: text }, shows('anderen Absatz'))).toBeLessThan(
      1000,
    )
    await until(() => dev.since(moment).length === 2)
    expect(dev.since(moment)).toEqual([
      `neu        ${article('gespeichert')}`,
      `geändert   ${article('gespeichert')}`,
    ])
  })

  test('sees a file that an editor replaces by another of its name, again and again', async () => {
    const name = article('ersetzt')
    for (const round of ['eins', 'zwei', 'drei']) {
      put(dev.dir, { 'content/articles/.neu.tmp': articleFile('x', {}, `Runde ${round}.`) })
      renameSync(join(dev.dir, 'content/articles/.neu.tmp'), join(dev.dir, name))
      await until(async () => (await dev.page('/ersetzt/')).includes(`Runde ${round}`), 5)
    }
  })

  test('refuses a broken article in one line and still updates the others', async () => {
    const moment = dev.stdout.length
    await dev.afterSaving(
      {
        [article('kaputt')]: articleFile('Kaputt', { sektion: 'wirtschaft' }),
        [article('heil')]: articleFile('Heil geblieben'),
      },
      async () => (await dev.page('/heil/')).includes('Heil geblieben'),
    )
    expect(dev.since(moment).toSorted()).toEqual([
      `${article('kaputt')}:5: sektion: unbekannter Schlüssel (meinten Sie „section“?)`,
      `neu        ${article('heil')}`,
    ])
    expect(await dev.status('/kaputt/')).toBe(404)
  })

  test('does not repeat a refusal when another file is saved, but when the broken one is', async () => {
    const broken = articleFile('x', { title: '"offen' })
    const name = article('offen')
    const refusals = () => dev.stdout.split('\n').filter((line) => line.startsWith(`${name}:`)).length
    put(dev.dir, { [name]: broken })
    await until(() => refusals() === 1)
    await dev.afterSaving({ [article('daneben')]: articleFile('Daneben') }, async () =>
      (await dev.page('/daneben/')).includes('Daneben'),
    )
    expect(refusals()).toBe(1)
    put(dev.dir, { [name]: broken })
    await until(() => refusals() === 2)
    rmSync(join(dev.dir, name))
  })

  test('keeps an article on the site while its file is broken', async () => {
    const name = article('bleibt')
    await dev.afterSaving(
      { [name]: articleFile('Bleibt') },
      async () => (await dev.status('/bleibt/')) === 200,
    )
    put(dev.dir, { [name]: 'kein Kopf' })
    await until(() => dev.stdout.includes(`${name}:1: der Kopf fehlt`))
    expect(await dev.page('/bleibt/')).toContain('Bleibt')
  })

  test('takes an article off the site when its file is deleted', async () => {
    const name = article('weg')
    await dev.afterSaving({ [name]: articleFile('Weg') }, async () => (await dev.status('/weg/')) === 200)
    rmSync(join(dev.dir, name))
    await until(async () => (await dev.status('/weg/')) === 410)
    await until(() => dev.stdout.includes('gelöscht   articles/weg'))
  })

  test('leaves on the site what came there in another way', async () => {
    const other = folder({
      'site.yaml': SITE_YAML,
      'articles/2026-01-15-fremd.md': articleFile('Aus einem anderen Ordner'),
    })
    const ran = await mw(['publish', other, '--to', dev.url], { env: { MW_PROJECT: dev.dir } })
    expect(ran.code).toBe(0)
    await dev.afterSaving({ [article('danach')]: articleFile('Danach') }, async () =>
      (await dev.page('/danach/')).includes('Danach'),
    )
    expect(await dev.status('/fremd/')).toBe(200)
  })

  test('republishes what depends on a setting', async () => {
    const shows = (name: string) => async () => (await dev.page('/')).includes(name)
    await dev.afterSaving(
      { 'content/site.yaml': SITE_YAML.replace('Testblatt', 'Anderes Blatt') },
      shows('Anderes Blatt'),
    )
    await dev.afterSaving({ 'content/site.yaml': SITE_YAML }, shows('Testblatt'))
  })

  test('finds files in folders that were made later', async () => {
    const name = 'content/articles/2026/januar/2026-01-15-tief.md'
    await dev.afterSaving({ [name]: articleFile('Tief') }, async () => (await dev.status('/tief/')) === 200)
    await dev.afterSaving({ [name]: articleFile('Tief', {}, 'Zweite Fassung.') }, async () =>
      (await dev.page('/tief/')).includes('Zweite Fassung'),
    )
    await dev.afterSaving({ 'content/media/bild.svg': SVG }, async () =>
      dev.stdout.includes('content/media/bild.svg'),
    )
  })

  test('waits for a folder that goes away, and goes on when it is back', async () => {
    const content = join(dev.dir, 'content')
    renameSync(content, `${content}-weg`)
    await until(() => dev.stderr.includes('Fehler: Den Ordner „content“ gibt es nicht.'))
    expect(await dev.status('/erster/')).toBe(200)
    renameSync(`${content}-weg`, content)
    put(dev.dir, { [article('zurueck')]: articleFile('Wieder da') })
    await until(async () => (await dev.status('/zurueck/')) === 200)
    put(dev.dir, { [article('zurueck')]: articleFile('Wieder da', {}, 'Und noch einmal.') })
    await until(async () => (await dev.page('/zurueck/')).includes('Und noch einmal'))
  })

  test('says in one line that its port is taken', async () => {
    const port = new URL(dev.url).port
    const dir = folder({ 'content/site.yaml': SITE_YAML })
    expect(await mw(['dev', '--port', port, '--content', join(dir, 'content')], { cwd: dir })).toEqual({
      code: 1,
      stdout: '',
      stderr: `Fehler: Port ${port} ist schon belegt. Läuft die Site schon? Sonst: --port ${Number(port) + 1}\n`,
    })
  })

  test('leaves room for a second site beside it', async () => {
    const dir = checkout(folder())
    put(dir, { 'anderes/site.yaml': SITE_YAML.replace('Testblatt', 'Zweitblatt') })
    const second = await openDev(dir, ['--content', 'anderes', '--persist-to', 'zweite/daten'])
    expect(await second.page('/')).toContain('Zweitblatt')
    expect(await dev.page('/')).toContain('Testblatt')
    expect(statSync(join(dir, 'zweite/daten/v3')).isDirectory()).toBe(true)
  })
})

describe('mw dev refuses in one line, before it makes anything,', () => {
  test.each([
    [
      'a folder that is not there',
      ['--content', 'gibt-es-nicht'],
      'Den Ordner „gibt-es-nicht“ gibt es nicht.',
    ],
    ['a file in place of a folder', ['--content', 'wrangler.toml'], '„wrangler.toml“ ist kein Ordner.'],
    [
      'a port that no browser opens',
      ['--port', '6000'],
      'Port 6000 öffnet kein Browser; bitte einen anderen nehmen.',
    ],
  ])('%s', async (_, args, line) => {
    const dir = checkout(folder())
    const ran = await mw(['dev', '--port', String(await freePort()), ...args], {
      cwd: dir,
      env: { MW_PROJECT: dir },
    })
    expect(ran).toEqual({ code: 1, stdout: '', stderr: `Fehler: ${line}\n` })
    expect(() => statSync(join(dir, '.dev.vars'))).toThrow('ENOENT')
  })

  test('a port on which something else listens', async () => {
    const server = createServer().listen(0, '0.0.0.0')
    onTestFinished(() => void server.close())
    await until(() => server.listening)
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    const { code, stderr } = await mw(['dev', '--port', String(port)], { cwd: checkout(folder()) })
    expect(stderr).toContain(`Port ${port} ist schon belegt`)
    expect(code).toBe(1)
  })
})

describe('when mw dev ends', () => {
  test('by SIGTERM, nothing of it is left, and the next one takes off what was deleted meanwhile', async () => {
    const dir = checkout(folder({ [article('zweiter')]: articleFile('Der zweite') }))
    const first = await openDev(dir)
    expect(await first.status('/zweiter/')).toBe(200)
    expect(processesOf(dir).length).toBeGreaterThan(0)
    expect((await first.end('SIGTERM')).code).toBe(0)
    expect(processesOf(dir)).toEqual([])
    rmSync(join(dir, article('zweiter')))
    const second = await openDev(dir)
    expect(await second.status('/zweiter/')).toBe(410)
    expect(await second.status('/erster/')).toBe(200)
    expect(second.stdout).toContain('0 neu, 0 geändert, 2 unverändert, 0 abgelehnt, 1 gelöscht.')
  })

  test('by kill -9, the Worker ends all the same', async () => {
    const dir = checkout(folder())
    const dev = await openDev(dir)
    expect(processesOf(dir).length).toBeGreaterThan(0)
    await dev.end('SIGKILL')
    await until(() => processesOf(dir).length === 0)
  })

  test('because npm was asked to end, which passes no signal on, nothing of it is left', async () => {
    const dir = checkout(folder())
    const options = [
      '--port',
      String(await freePort()),
      '--content',
      join(dir, 'content'),
      '--persist-to',
      dir,
    ]
    const env = { ...process.env, MW_PROJECT: dir }
    const npm = spawn('npm', ['run', 'dev', '--', ...options], { cwd: ROOT, env })
    let said = ''
    npm.stdout.on('data', (text) => {
      said += text
    })
    await until(() => said.includes('Die Site läuft'), 110)
    npm.kill('SIGTERM')
    await until(() => processesOf(dir).length === 0)
  })

  test('because the Worker did, it says so and shows the log', async () => {
    const dir = checkout(folder())
    const dev = await openDev(dir)
    const wrangler = processesOf(dir).find((line) => line.includes('wrangler-dist/cli.js'))
    process.kill(Number.parseInt(wrangler ?? '', 10), 'SIGKILL')
    const { code, stderr } = await dev.ended
    expect(stderr).toMatch(/Fehler: Der Worker hat sich beendet \(.+\)\. Die letzten Zeilen:\n {2}.*/)
    expect(code).toBe(1)
    expect(processesOf(dir)).toEqual([])
  })

  test('because the database can’t be prepared, it says why', async () => {
    const dir = checkout(folder())
    rmSync(join(dir, 'migrations'))
    mkdirSync(join(dir, 'migrations'))
    put(dir, { 'migrations/0001_start.sql': 'CREATE TABEL x;' })
    const { code, stderr } = await mw(['dev', '--port', String(await freePort())], {
      cwd: dir,
      env: { MW_PROJECT: dir },
    })
    expect(stderr).toMatch(/Fehler: Die Datenbank ließ sich nicht vorbereiten:\n.*TABEL/)
    expect(code).toBe(1)
  })
})
