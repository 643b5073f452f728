import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import * as v from 'valibot'
import { type ExitCode, Failure } from './failure.ts'
import { printJson } from './print.ts'
import { LOCAL_URL, openSite } from './target.ts'
import type { Terminal } from './terminal.ts'

interface Common {
  to: string
  json?: true
}

/** One line of a labelled file: JSON. */
const Labelled = v.object({
  text: v.string(),
  name: v.optional(v.string(), ''),
  website: v.optional(v.nullable(v.string()), null),
  label: v.picklist(['good', 'spam']),
})

/** At most so many go to the site at once. */
const AT_ONCE = 100

/** `mw judge test|explain` — what the judge would make of comments, and why. */
export function judgeCommand(program: Command, terminal: Terminal): void {
  const { judge, option } = terminal.texts
  const group = program.command('judge').summary(judge.summary).description(judge.summary)
  group
    .command('test')
    .summary(judge.test)
    .description(judge.test)
    .argument('<file>', judge.file)
    .option('--to <url>', option.to, LOCAL_URL)
    .option('--json', option.json)
    .action(async (file: string, options: Common) => {
      process.exitCode = await runTest(file, options, terminal)
    })
  group
    .command('explain')
    .summary(judge.explain)
    .description(judge.explain)
    .argument('<id>', option.commentId)
    .option('--to <url>', option.to, LOCAL_URL)
    .option('--json', option.json)
    .action(async (id: string, { to, json }: Common) => {
      const explained = await openSite(to, terminal).explain(id)
      if (!explained) throw new Failure(judge.missing(id))
      if (json) printJson(explained, terminal)
      else {
        for (const { said } of explained.reasons) terminal.out(said)
        terminal.out(judge.total(explained.total, explained.status))
      }
    })
}

async function runTest(file: string, { to, json }: Common, terminal: Terminal): Promise<ExitCode> {
  const { judge } = terminal.texts
  const items = readLabelled(file, terminal)
  const client = openSite(to, terminal)
  const verdicts: string[] = []
  for (let at = 0; at < items.length; at += AT_ONCE)
    verdicts.push(...(await client.judge(items.slice(at, at + AT_ONCE))))
  const count = (label: string, verdict: string) =>
    items.filter((item, index) => item.label === label && verdicts[index] === verdict).length
  const result = {
    good: {
      published: count('good', 'approved'),
      held: count('good', 'pending'),
      spam: count('good', 'spam'),
    },
    spam: {
      published: count('spam', 'approved'),
      held: count('spam', 'pending'),
      spam: count('spam', 'spam'),
    },
  }
  if (json) printJson({ to, items: items.length, ...result }, terminal)
  else {
    const { good, spam } = result
    terminal.out(judge.result(judge.good, good.published, good.held, good.spam))
    terminal.out(judge.result(judge.bad, spam.published, spam.held, spam.spam))
  }
  return 0
}

function readLabelled(file: string, { texts }: Terminal) {
  let lines: string[]
  try {
    lines = readFileSync(file, 'utf8').split('\n')
  } catch {
    throw new Failure(texts.judge.unreadable(file))
  }
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return []
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Labelled), line)
    if (!parsed.success) throw new Failure(texts.judge.noLine(file, index + 1))
    return [parsed.output]
  })
}
