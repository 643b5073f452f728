import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { HtmlValidate } from 'html-validate'
import * as v from 'valibot'
import { beforeAll, expect, test } from 'vitest'
import { TestBrowser } from '../support/browser.ts'
import { GALLERIES } from '../support/gallery.ts'
import { TestSite } from '../support/site.ts'

/** Every kind of page, in both languages, is valid HTML with valid CSS: by the Nu checker, or by html-validate where Java is missing. */

const pages = new Map<string, string>()
beforeAll(async () => {
  const browser = await TestBrowser.launch()
  const empty = await TestSite.open()
  pages.set('empty site', await empty.page('/'))
  await empty.close()
  for (const { language, kinds, open: openSite } of GALLERIES) {
    const site = await openSite()
    for (const { name, open } of kinds) {
      await browser.visit(site, {}, async (page, visit) => {
        const response = await open(page, visit)
        pages.set(`${language}: ${name}`, (await response?.text()) ?? '')
      })
    }
    await site.close()
  }
  await browser.close()
})

const hasJava = (() => {
  try {
    execFileSync('java', ['-version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

const Report = v.object({
  messages: v.array(
    v.object({
      url: v.optional(v.string(), ''),
      type: v.string(),
      subType: v.optional(v.string(), ''),
      message: v.string(),
      extract: v.optional(v.string(), ''),
    }),
  ),
})

test.runIf(hasJava)('the Nu checker has nothing to say about any kind of page', async () => {
  expect(pages.size).toBe(GALLERIES.reduce((sum, { kinds }) => sum + kinds.length, 1))
  expect(await check(pages)).toEqual([])
})

test.runIf(hasJava)('the Nu checker sees a mistake in the HTML and in the CSS', async () => {
  const [[name = '', html = ''] = []] = pages
  const found = await check(new Map([[name, spoil(html)]]))
  expect(found.join('\n')).toMatch(/No “p” element in scope/)
  expect(found.join('\n')).toMatch(/colour/)
})

/** The page with a `div` inside a paragraph and a misspelt property. */
const spoil = (html: string) =>
  html.replace('</main>', '<p><div></div></p></main>').replace('<style>', '<style>p{colour:red}')

test.skipIf(hasJava)('html-validate has nothing to say about any kind of page', async () => {
  const validator = new HtmlValidate({ extends: ['html-validate:standard'] })
  for (const [name, html] of pages) {
    const { results } = await validator.validateString(html)
    const said = results.flatMap(({ messages }) =>
      messages.map(({ ruleId, message }) => `${ruleId}: ${message}`),
    )
    expect(said, name).toEqual([])
    expect((await validator.validateString(spoil(html))).valid, `${name}, spoilt`).toBe(false)
  }
})

/** What the Nu checker says about pages, a line for each message. */
async function check(html: ReadonlyMap<string, string>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'mw-markup-'))
  try {
    const files = new Map<string, string>()
    for (const [name, text] of html) {
      const file = join(folder, `${files.size}.html`)
      await writeFile(file, text)
      files.set(file, name)
    }
    const said = await runChecker([...files.keys()])
    const { messages } = v.parse(Report, JSON.parse(said))
    return messages
      .filter(isComplaint)
      .map(
        ({ url, type, subType, message, extract }) =>
          `${files.get(new URL(url).pathname)}: ${type} ${subType}: ${message} ${extract.replace(/\s+/g, ' ').slice(0, 200)}`,
      )
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** The renderer closes void elements with a slash; the checker remarks on each, and calls it neither error nor warning. */
const isComplaint = ({ type, subType, message }: { type: string; subType: string; message: string }) =>
  type !== 'info' || subType !== '' || !message.startsWith('Trailing slash on void elements')

const CHECKER = new URL('../../node_modules/vnu-jar/build/dist/vnu.jar', import.meta.url).pathname

/** The checker ends with 1 when it has something to say, and says it all the same. */
async function runChecker(files: string[]): Promise<string> {
  const options = { maxBuffer: 64 * 1024 * 1024 }
  try {
    return (
      await promisify(execFile)('java', ['-jar', CHECKER, '--format', 'json', '--stdout', ...files], options)
    ).stdout
  } catch (error) {
    if (error instanceof Error && 'stdout' in error && typeof error.stdout === 'string') return error.stdout
    throw error
  }
}
