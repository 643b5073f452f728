import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NEWSREADER, NEWSREADER_CSS } from '../../src/view/fonts/newsreader.ts'
import { Dom } from '../support/dom.ts'
import { TestSite } from '../support/site.ts'

const FOLDER = join(import.meta.dirname, '../../src/view/fonts')

let site: TestSite
beforeAll(async () => {
  site = await TestSite.open()
})
afterAll(() => site.close())

describe('the headline face', () => {
  test.each(Object.entries(NEWSREADER))(
    '%s comes from an address that is its content’s',
    async (script, path) => {
      const file = readFileSync(join(FOLDER, `newsreader-${script}.woff2`))
      expect(path).toContain(createHash('sha256').update(file).digest('hex').slice(0, 10))
      const response = await site.fetch(path)
      expect(Buffer.from(await response.arrayBuffer()).equals(file)).toBe(true)
      expect(response.headers.get('content-type')).toBe('font/woff2')
      expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
      expect(NEWSREADER_CSS).toContain(path)
    },
  )

  test('weighs at most 40 KB, and its licence lies beside it', () => {
    const bytes = Object.keys(NEWSREADER).map(
      (script) => readFileSync(join(FOLDER, `newsreader-${script}.woff2`)).length,
    )
    expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(40 * 1024)
    expect(readFileSync(join(FOLDER, 'OFL.txt'), 'utf8')).toContain('SIL Open Font License, Version 1.1')
  })

  test('is asked for before the page needs it', async () => {
    const dom = new Dom(await site.page('/'))
    expect(dom.attribute('link[rel=preload]', 'href')).toBe(NEWSREADER.latin)
    expect(dom.attribute('link[rel=preload]', 'crossOrigin')).toBe('anonymous')
  })

  test('has no other address', async () => {
    expect((await site.fetch('/fonts/newsreader-latin-0000000000.woff2')).status).toBe(404)
  })
})
