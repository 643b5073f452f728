import type { Command } from 'commander'
import * as v from 'valibot'
import { csv } from '../http/csv.ts'
import {
  COMMENT_STATUSES,
  CommentStatus,
  type ListedComment,
  type ShownComment,
  type SiteClient,
} from './client.ts'
import { type ExitCode, Failure, WrongUse } from './failure.ts'
import { printJson } from './print.ts'
import { LOCAL_URL, openSite } from './target.ts'
import { printable, printableLines, type Terminal } from './terminal.ts'

interface Common {
  to: string
  json?: true
}

interface ListOptions extends Common {
  status: CommentStatus
  limit: number
}

/** `mw comments …` — shows what readers wrote, and decides about it. */
export function commentsCommand(program: Command, terminal: Terminal): void {
  const { comments, option } = terminal.texts
  const group = program.command('comments').summary(comments.summary).description(comments.summary)
  const add = (usage: string, summary: string) =>
    group
      .command(usage)
      .summary(summary)
      .description(summary)
      .option('--to <url>', option.to, LOCAL_URL)
      .option('--json', option.json)
  add('list', comments.list)
    .option('--status <status>', option.status, (text) => parseStatus(text, terminal), COMMENT_STATUSES[0])
    .option('--limit <n>', option.limit, (text) => parseLimit(text, terminal), 20)
    .action(async (options: ListOptions) => {
      process.exitCode = await listComments(openSite(options.to, terminal), options, terminal)
    })
  add('show', comments.show)
    .argument('<id>', option.commentId, (text) => parseId(text, terminal))
    .action(async (id: number, options: Common) => {
      process.exitCode = await showComment(openSite(options.to, terminal), id, options, terminal)
    })
  group
    .command('export')
    .summary(comments.export)
    .description(comments.export)
    .option('--format <format>', comments.format, (text) => parseFormat(text, terminal), 'json')
    .option('--to <url>', option.to, LOCAL_URL)
    .action(async (options: { format: 'json' | 'csv'; to: string }) => {
      await exportComments(openSite(options.to, terminal), options.format, terminal)
    })
  for (const [name, decision] of DECISIONS) {
    add(name, comments[name])
      .argument('<ids...>', option.commentIds, (text, ids: number[] = []) => [
        ...ids,
        parseId(text, terminal),
      ])
      .action(async (ids: number[], options: Common) => {
        process.exitCode = await decide(openSite(options.to, terminal), ids, decision, options, terminal)
      })
  }
}

const COLUMNS = [
  ...['source', 'parent', 'article', 'name', 'email', 'website', 'text', 'status', 'createdAt', 'editedAt'],
  ...['original', 'shortened', 'pinnedAt'],
]

function parseFormat(text: string, { texts }: Terminal): 'json' | 'csv' {
  if (text !== 'json' && text !== 'csv') throw new WrongUse(texts.wrongUse.format(text))
  return text
}

/** JSON Lines, which come back as they were; or CSV for a table program. */
async function exportComments(client: SiteClient, format: 'json' | 'csv', terminal: Terminal): Promise<void> {
  if (format === 'csv') terminal.out(COLUMNS.join(','))
  for (let after: number | null = 0; after !== null; ) {
    const page: Awaited<ReturnType<typeof client.exportComments>> = await client.exportComments(after)
    for (const item of page.items)
      terminal.out(
        format === 'json'
          ? JSON.stringify(item)
          : csv([COLUMNS.map((column) => item[column] ?? '')], COLUMNS)
              .split('\r\n')
              .slice(1)
              .join('\r\n'),
      )
    after = page.next
  }
}

type Decision = 'approved' | 'spam' | 'trash' | 'deleted'
const DECISIONS = [
  ['approve', 'approved'],
  ['spam', 'spam'],
  ['trash', 'trash'],
  ['delete', 'deleted'],
] as const

function parseStatus(text: string, { texts }: Terminal): CommentStatus {
  if (!v.is(CommentStatus, text)) throw new WrongUse(texts.wrongUse.status(text))
  return text
}

function parseLimit(text: string, { texts }: Terminal): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new WrongUse(texts.wrongUse.limit(text))
  return Number(text)
}

function parseId(text: string, { texts }: Terminal): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new WrongUse(texts.wrongUse.id(text))
  return Number(text)
}

async function listComments(client: SiteClient, options: ListOptions, terminal: Terminal): Promise<ExitCode> {
  const { comments } = terminal.texts
  const { items, hasMore } = await collect(client, options)
  if (options.json) printJson({ to: client.target.url, items, hasMore }, terminal)
  else {
    for (const comment of items) terminal.out(`${listedLines(comment, terminal).join('\n')}\n`)
    if (items.length === 0) terminal.out(comments.none[options.status])
    if (hasMore) terminal.err(comments.more)
  }
  return 0
}

/** The newest comments of a status, over as many pages as that takes. */
async function collect(client: SiteClient, { status, limit }: Pick<ListOptions, 'status' | 'limit'>) {
  const items: ListedComment[] = []
  let next: number | null = null
  do {
    const page = await client.listComments(status, next)
    items.push(...page.items)
    next = page.next
  } while (next !== null && items.length < limit)
  return { items: items.slice(0, limit), hasMore: next !== null || items.length > limit }
}

const EXCERPT = 280

function listedLines(comment: ListedComment, terminal: Terminal): string[] {
  const { id, status, article, name, createdAt } = comment
  const text = printable(comment.text)
  const excerpt = [...text].length > EXCERPT ? `${[...text].slice(0, EXCERPT).join('').trimEnd()} …` : text
  const head = [
    terminal.paint('bold', String(id)),
    terminal.texts.comments.status[status],
    sayMoment(createdAt, terminal),
    printable(article),
  ]
  return [head.join('  '), `  ${terminal.paint('bold', printable(name))}`, `  ${excerpt}`]
}

async function showComment(
  client: SiteClient,
  id: number,
  { json }: Common,
  terminal: Terminal,
): Promise<ExitCode> {
  const comment = await client.showComment(id)
  if (!comment) throw new Failure(terminal.texts.comments.missing(id))
  if (json) printJson(comment, terminal)
  else for (const line of shownLines(comment, terminal)) terminal.out(line)
  return 0
}

function shownLines(comment: ShownComment, terminal: Terminal): string[] {
  const { field, status } = terminal.texts.comments
  const rows = {
    id: String(comment.id),
    status: status[comment.status],
    createdAt: sayMoment(comment.createdAt, terminal),
    article: comment.article,
    parent: comment.parent === null ? null : String(comment.parent),
    name: comment.name,
    email: comment.email,
    website: comment.website,
  }
  const width = Math.max(...Object.values(field).map((label) => label.length)) + 2
  const lines = (Object.keys(rows) as (keyof typeof rows)[]).flatMap((key) => {
    const value = rows[key]
    return value === null ? [] : [terminal.paint('dim', field[key].padEnd(width)) + printable(value)]
  })
  return [...lines, '', printableLines(comment.text)]
}

async function decide(
  client: SiteClient,
  ids: readonly number[],
  decision: Decision,
  { json }: Common,
  terminal: Terminal,
): Promise<ExitCode> {
  const { comments } = terminal.texts
  const items: { id: number; outcome: Decision | 'missing' }[] = []
  for (const id of new Set(ids)) {
    const isDone = await (decision === 'deleted'
      ? client.deleteComment(id)
      : client.setCommentStatus(id, decision))
    items.push({ id, outcome: isDone ? decision : 'missing' })
    if (json) continue
    if (isDone) terminal.out(comments.done[decision](id))
    else terminal.err(terminal.texts.error(comments.missing(id)))
  }
  if (json) printJson({ to: client.target.url, items }, terminal)
  return items.some(({ outcome }) => outcome === 'missing') ? 1 : 0
}

/** A moment in this machine's time zone: „3. Juli 2024, 14:05“. */
const sayMoment = (iso: string, { language }: Terminal): string =>
  new Date(iso).toLocaleString(language === 'de' ? 'de-DE' : 'en-GB', {
    dateStyle: 'long',
    timeStyle: 'short',
  })
