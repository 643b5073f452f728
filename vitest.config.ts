import { readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

/** Scripts for the browser are text to the Worker (see `rules` in wrangler.toml), and to its unit tests. */
const scriptsAsText = {
  name: 'scripts-as-text',
  enforce: 'pre' as const,
  load: (id: string) =>
    id.endsWith('.client.js') ? `export default ${JSON.stringify(readFileSync(id, 'utf8'))}` : null,
}

/** Three kinds of tests by what they need: nothing, the real runtime, or a real browser in front of it. */
export default defineConfig({
  test: {
    maxWorkers: '100%',
    // The report for machines is what `.ci/run` sums up.
    reporters: ['default', ['json', { outputFile: 'test-results/vitest.json' }]],
    projects: [
      {
        plugins: [scriptsAsText],
        test: {
          name: 'unit',
          include: ['test/**/*.unit.test.{ts,tsx}'],
          testTimeout: 30_000,
          isolate: false,
        },
      },
      {
        test: {
          name: 'worker',
          include: ['test/**/*.worker.test.ts'],
          globalSetup: 'test/support/build.ts',
          isolate: false, // every file opens a site of its own; what they share is only the import of wrangler
          testTimeout: 240_000, // some start the site twice, on a machine with other things to do
          hookTimeout: 240_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/**/*.browser.test.ts'],
          globalSetup: 'test/support/build.ts',
          isolate: false, // every file opens a site of its own; what they share is only the import of wrangler
          testTimeout: 400_000, // some open hundreds of pages, on a machine with other things to do
          hookTimeout: 400_000,
        },
      },
    ],
  },
})
