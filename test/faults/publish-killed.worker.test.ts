import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeFolder, removeFolder } from '../support/cli.ts'
import { writeArticles } from '../support/corpus/corpus.ts'
import { Dom } from '../support/dom.ts'
import { TestSite, TOKEN } from '../support/site.ts'

/** Whoever pulls the plug while a newsroom publishes: every page is whole, and publishing again completes it. */
const ROOT = new URL('../..', import.meta.url).pathname
const ARTICLES = 120
let site: TestSite
let dir: string

beforeAll(async () => {
  site = await TestSite.open()
  dir = makeFolder()
  cpSync(join(ROOT, 'content/site.yaml'), join(dir, 'site.yaml'))
  writeArticles(dir, { count: ARTICLES, words: 120 })
})
afterAll(async () => {
  removeFolder(dir)
  await site.close()
})

const start = (...more: string[]): ChildProcess =>
  spawn(process.execPath, ['src/cli/mw.ts', 'publish', dir, '--to', site.url, ...more], {
    cwd: ROOT,
    env: { ...process.env, MW_TOKEN: TOKEN },
    stdio: 'ignore',
  })

/** Publishes, and kills the process as soon as the site has so many articles. */
async function publishUntil(articles: number, ...more: string[]): Promise<void> {
  const running = start(...more)
  const ended = once(running, 'exit')
  while (running.exitCode === null && (await countOf('listing WHERE list = ""')) < articles)
    await new Promise((resolve) => setTimeout(resolve, 5))
  running.kill('SIGKILL')
  await ended
}

const countOf = async (what: string): Promise<number> =>
  Number(await site.env.DB.prepare(`SELECT count(*) AS n FROM ${what.replaceAll('""', "''")}`).first('n'))

/** Everything that the site lists is there, whole, and found by the search; nothing else is. */
async function expectWhole(): Promise<void> {
  const { results } = await site.env.DB.prepare("SELECT article FROM listing WHERE list = ''").all<{
    article: string
  }>()
  for (const { article } of results) {
    const response = await site.fetch(`/${article}/`)
    expect(response.status, article).toBe(200)
    const page = new Dom(await response.text())
    expect(page.all('h1'), article).toHaveLength(1)
    expect(page.texts('.body p').length, article).toBeGreaterThan(0)
    expect(page.html.endsWith('</html>'), article).toBe(true)
  }
  expect(await countOf('search_article')).toBe(results.length)
  expect(await countOf('search_index')).toBe(results.length)
  for (const path of ['/', '/category/wirtschaft/', '/feed/'])
    expect((await site.fetch(path)).status, path).toBe(200)
}

describe('a publish that is killed', () => {
  test.each([1, 25, 60, 100])('after %i articles leaves every page whole', async (articles) => {
    await publishUntil(articles)
    await expectWhole()
  })

  test('is completed by the next one', async () => {
    const [code] = (await once(start(), 'exit')) as [number]
    expect(code).toBe(0)
    expect(await countOf('listing WHERE list = ""')).toBe(ARTICLES)
    await expectWhole()
  })

  test('while everything is sent again takes nothing away', async () => {
    const before = await countOf('article_revision')
    const running = start('--force')
    const ended = once(running, 'exit')
    while (running.exitCode === null && (await countOf('article_revision')) < before + 30)
      await new Promise((resolve) => setTimeout(resolve, 5))
    running.kill('SIGKILL')
    await ended
    expect(await countOf('listing WHERE list = ""')).toBe(ARTICLES)
    await expectWhole()
  })
})
