import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const SRC = join(ROOT, 'src')

interface Import {
  from: string
  to: string
  isType: boolean
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file))

/** Every import of one source file by another, as paths below `src/`. */
const imports: Import[] = files.flatMap((from) => {
  const text = readFileSync(join(SRC, from), 'utf8')
  const found = text.matchAll(/^(?:import|export)\s+(type\s)?[^'"]*?from\s+'(\.[^']+)'/gm)
  return [...found].map(([, type, path = '']) => ({
    from,
    to: relative(SRC, join(SRC, dirname(from), path)),
    isType: type !== undefined,
  }))
})

const folder = (path: string) => path.split('/').slice(0, -1).join('/').split('/')[0] ?? ''
const broken = (isWrong: (one: Import) => boolean) =>
  imports.filter(isWrong).map(({ from, to }) => `${from} → ${to}`)

const DOMAINS = ['article', 'comment', 'ad', 'search']

describe('imports point downwards', () => {
  test('there are imports to look at', () => {
    expect(imports.length).toBeGreaterThan(150)
  })

  test('a store is read by its own domain, and by what composes across domains', () => {
    const mayRead = (from: string, to: string) =>
      folder(from) === folder(to) ||
      ['site', 'publish', 'search', 'feed', 'desk', 'privacy'].includes(folder(from))
    expect(broken(({ from, to }) => /[/-]store\.ts$/.test(to) && !mayRead(from, to))).toEqual([])
  })

  test('SQL stands in stores only', () => {
    const sql = /\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM)\s+\w+/
    const writers = files.filter((file) => sql.test(readFileSync(join(SRC, file), 'utf8')))
    expect(writers.filter((file) => !/[/-]store\.ts$/.test(file) && file !== 'site/health.ts')).toEqual([])
  })

  test('what all domains build on knows none of them', () => {
    const base = ['http', 'locale']
    expect(
      broken(
        ({ from, to, isType }) =>
          base.includes(folder(from)) &&
          !isType &&
          [...DOMAINS, 'site', 'publish', 'cli'].includes(folder(to)),
      ),
    ).toEqual([])
  })

  test('the command line and the Worker share rules, never storage or handlers', () => {
    expect(broken(({ from, to }) => folder(to) === 'cli' && folder(from) !== 'cli')).toEqual([])
    expect(
      broken(({ from, to }) => folder(from) === 'cli' && /(?:handler|page|form|submit)\.tsx?$/.test(to)),
    ).toEqual([])
  })

  test('only the router knows handlers', () => {
    expect(
      broken(
        ({ from, to }) =>
          /^(?:article|ad)\/handler\.ts$/.test(to) &&
          from !== 'routes.ts' &&
          !/^comment\/(?:submit|change)\.ts$/.test(from),
      ),
    ).toEqual([])
  })
})

describe('the documentation is whole', () => {
  const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')

  test('every address of the router stands in docs/urls.md', () => {
    const paths = [...read('src/routes.ts').matchAll(/^(?:at\(|desk\('[\w-]+', )'([^']+)'/gm)].map(
      ([, path = '']) => path,
    )
    expect(paths.length).toBeGreaterThan(10)
    const documented = read('docs/urls.md')
    const asWritten = (path: string) => path.replace(':file', '<hash>.<ext>').replace(/:(\w+)/g, '<$1>')
    expect(paths.filter((path) => !documented.includes(asWritten(path)))).toEqual([])
  })

  test('every setting stands in docs/settings.md', () => {
    const source = read('src/site/settings.ts').split('export const Settings =')[0] ?? ''
    const keys = [...source.matchAll(/^ +(\w+): v\./gm)].map(([, key = '']) => key)
    expect(keys).toContain('moderation')
    const documented = read('docs/settings.md')
    expect(keys.filter((key) => !new RegExp(`\\b${key}\\b`).test(documented))).toEqual([])
  })

  test.each([
    ['an article', 'FrontMatter', 'src/article/article.ts', 'docs/writing.md', 'aliases'],
    ['a campaign', 'CampaignSource', 'src/ad/campaign.ts', 'docs/ads.md', 'pacing'],
    ['a campaign’s target', 'TargetingSource', 'src/ad/campaign.ts', 'docs/ads.md', 'countries'],
    ['a native creative', 'NativeSource', 'src/ad/campaign.ts', 'docs/ads.md', 'button'],
    ['a picture creative', 'PictureSource', 'src/ad/campaign.ts', 'docs/ads.md', 'size'],
    ['an HTML5 creative', 'Html5Source', 'src/ad/campaign.ts', 'docs/ads.md', 'file'],
    ['political advertising', 'Political', 'src/ad/campaign.ts', 'docs/ads.md', 'sponsor'],
  ])('every key of %s is explained', (_, schema, code, page, known) => {
    const source =
      new RegExp(`${schema} = v\\.strictObject\\(\\{([\\s\\S]*?)\\n\\}\\)`).exec(read(code))?.[1] ?? ''
    const keys = [...source.matchAll(/^ {2}(\w+)[:,]/gm)].map(([, key = '']) => key)
    expect(keys).toContain(known)
    const documented = read(page)
    expect(keys.filter((key) => !documented.includes(`\`${key}\``))).toEqual([])
  })

  test('every variable and binding of the Worker stands in docs/settings.md', () => {
    const names = [...read('src/env.ts').matchAll(/^ {2}([A-Z_]+)\??:/gm)].map(([, name = '']) => name)
    expect(names).toContain('MW_SECRET')
    const documented = read('docs/settings.md')
    expect(names.filter((name) => !documented.includes(`\`${name}\``))).toEqual([])
  })
})
