import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { expect, test } from 'vitest'
import { createMw } from '../../src/cli/commands.ts'
import { listen, ROOT } from '../support/cli.ts'

const documentation = readFileSync(join(ROOT, 'docs/commands.md'), 'utf8')
  .replaceAll('&lt;', '<')
  .replaceAll('&gt;', '>')

/** Every command with its full name, `mw comments list`. */
function commandsOf(command: Command, name: string): [string, Command][] {
  return command.commands.flatMap((one) => {
    const full = `${name} ${one.name()}`
    return [[full, one] as [string, Command], ...commandsOf(one, full)]
  })
}

const commands = commandsOf(createMw(listen().terminal), 'mw').filter(
  ([, command]) => command.commands.length === 0,
)

/** What the documentation says under a command's heading, and under the heading that one belongs to. */
function sectionOf(name: string): string {
  const sections = documentation.split(/^(?=##+ )/m)
  const under = (heading: string) =>
    sections.find((one) => new RegExp(`^##+ ${heading}(?: |$)`, 'm').test(one.split('\n')[0] ?? '')) ?? ''
  const own = under(name)
  return own && own + under(name.split(' ').slice(0, 2).join(' '))
}

test('there are commands to look at', () => {
  expect(commands.map(([name]) => name)).toContain('mw comments approve')
  expect(commands.length).toBeGreaterThan(9)
})

test.each(commands)('%s has a section in docs/commands.md', (name) => {
  expect(sectionOf(name)).not.toBe('')
})

test.each(commands)('every option of %s stands in its section', (name, command) => {
  const section = sectionOf(name)
  expect(
    command.options.map(({ flags }) => flags).filter((flags) => !section.includes(`\`${flags}\``)),
  ).toEqual([])
})

test('every variable that the command line reads is explained', () => {
  const sources = ['target', 'deploy-secrets', 'terminal', 'dev', 'deploy'].map((name) =>
    readFileSync(join(ROOT, `src/cli/${name}.ts`), 'utf8'),
  )
  const names = new Set(sources.join('\n').match(/\bMW_[A-Z]+\b/g))
  expect(names).toContain('MW_LANG')
  expect([...names].filter((name) => !documentation.includes(`\`${name}\``))).toEqual([])
})
