import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { HtmlValidate } from 'html-validate'
import * as v from 'valibot'

export const hasJava = (() => {
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

/** What the Nu checker says about pages, a line for each message. */
export async function checkByNu(html: ReadonlyMap<string, string>): Promise<string[]> {
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

/** What a validator says about pages, by their names: Nu, or html-validate where Java is missing. */
export async function complaintsAbout(pages: ReadonlyMap<string, string>): Promise<string[]> {
  if (hasJava) return checkByNu(pages)
  const validator = new HtmlValidate({ extends: ['html-validate:standard'] })
  const found: string[] = []
  for (const [name, html] of pages) {
    const { results } = await validator.validateString(html)
    for (const { messages } of results)
      found.push(...messages.map(({ ruleId, message }) => `${name}: ${ruleId}: ${message}`))
  }
  return found
}
