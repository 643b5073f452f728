import * as v from 'valibot'
import { parseText } from '../../comment/comment.ts'
import { formatComment } from '../../comment/format.ts'
import { forgetKnowledge } from '../../comment/judge/knowledge.ts'
import {
  findComment,
  insertBlock,
  insertStaffReply,
  type QueueRow,
  reopenComments,
  restoreOriginal,
  setPinned,
  shortenComment,
  stopComments,
} from '../../comment/queue-store.ts'
import { deleteComment } from '../../comment/store.ts'
import { insertShortened } from '../../notice/notice-store.ts'
import { tellSoon } from '../../notice/subscribe.ts'
import { notFound } from '../../site/errors.tsx'
import { insertAudit, insertAuditIfChanged } from '../audit/audit-store.ts'
import type { DeskCall } from '../guard.ts'
import { backTo, type NoticeName } from '../notices.ts'
import { randomKey } from '../session.ts'
import { forgetPages } from './decide.ts'
import { takesComments } from './one.tsx'

const Reason = v.pipe(
  v.string(),
  v.trim(),
  v.normalize('NFC'),
  v.nonEmpty(),
  v.maxLength(200),
  v.regex(/^[^\p{C}]*$/u),
)

/** What can be done with one comment besides deciding about it; each answers with what is then said. */
const CHANGES: Readonly<Record<string, (row: QueueRow, call: DeskCall) => Promise<NoticeName>>> = {
  reply: replyAsStaff,
  shorten,
  original: giveBackOriginal,
  pin: (row, call) => pin(row, call, call.site.timestamp),
  unpin: (row, call) => pin(row, call, null),
  stop,
  'go-on': goOn,
  'block-email': (row, call) => block(row, call, 'email', row.emailHash),
  'block-ip': (row, call) => block(row, call, 'ip', row.ipHash),
}

/** POST /desk/comments/:id/ — answers, shortens, recommends, blocks, closes. 303, 404. */
export async function changeOne(call: DeskCall): Promise<Response> {
  const { request, site, form } = call
  const row = await findComment(site.env.DB, Number(request.params.id))
  if (!row) return notFound(site)
  const name = form.get('do') ?? ''
  const change = Object.hasOwn(CHANGES, name) ? CHANGES[name] : undefined
  const notice = change ? await change(row, call) : 'notSaved'
  forgetPages([row], site)
  return backTo(`/desk/comments/${row.id}/`, notice)
}

/** POST /desk/comments/:id/delete/ — removes a comment for good; nothing brings it back. 303, 404. */
export async function deleteForGood({ request, site, person }: DeskCall): Promise<Response> {
  const row = await findComment(site.env.DB, Number(request.params.id))
  if (!row || !(await deleteComment(site.env.DB, row.id))) return notFound(site)
  await insertAudit(
    site.env.DB,
    {
      person: person.id,
      action: 'delete-comment',
      subject: `comment/${row.id}`,
      detail: { article: row.article },
    },
    site.timestamp,
  ).run()
  forgetPages([row], site)
  return backTo('/desk/comments/', 'deleted')
}

const note = (
  action: string,
  row: QueueRow,
  { person, site }: DeskCall,
  detail: Record<string, string> = {},
) =>
  insertAuditIfChanged(
    site.env.DB,
    { person: person.id, action, subject: `comment/${row.id}`, detail },
    site.timestamp,
  )

const saved = (results: readonly D1Result[]): NoticeName =>
  (results[0]?.meta.changes ?? 0) > 0 ? 'saved' : 'notSeen'

async function replyAsStaff(row: QueueRow, call: DeskCall): Promise<NoticeName> {
  const { site, person, form } = call
  const { text, errors } = parseText(form.get('text') ?? '')
  if (errors) return 'notText'
  const { DB } = site.env
  const [added] = await DB.batch([
    insertStaffReply(DB, {
      parent: row.id,
      person: person.id,
      text,
      html: formatComment(text),
      fingerprint: randomKey(),
      now: site.timestamp,
    }),
    note('reply', row, call),
  ])
  site.defer(tellSoon(site))
  return (added?.results.length ?? 0) > 0 ? 'replied' : 'notSeen'
}

async function shorten(row: QueueRow, call: DeskCall): Promise<NoticeName> {
  const { site, person, form } = call
  const { text, errors } = parseText(form.get('text') ?? '')
  const reason = v.safeParse(Reason, form.get('reason') ?? '')
  if (errors) return 'notText'
  if (!reason.success) return 'notReason'
  const { DB } = site.env
  return saved(
    await DB.batch([
      shortenComment(DB, {
        id: row.id,
        version: Number(form.get('version')),
        text,
        html: formatComment(text),
        reason: reason.output,
        person: person.id,
        now: site.timestamp,
      }),
      note('shorten', row, call, { reason: reason.output }),
      insertShortened(DB, row.id, reason.output, person.id, site.timestamp),
    ]),
  )
}

async function giveBackOriginal(row: QueueRow, call: DeskCall): Promise<NoticeName> {
  const { site, person } = call
  const { DB } = site.env
  const html = formatComment(row.original ?? '')
  return saved(
    await DB.batch([
      restoreOriginal(DB, { id: row.id, html, person: person.id, now: site.timestamp }),
      note('restore-original', row, call),
    ]),
  )
}

async function pin(row: QueueRow, call: DeskCall, at: string | null): Promise<NoticeName> {
  const { DB } = call.site.env
  return saved(await DB.batch([setPinned(DB, row.id, at), note(at === null ? 'unpin' : 'pin', row, call)]))
}

async function stop(row: QueueRow, call: DeskCall): Promise<NoticeName> {
  const { DB } = call.site.env
  if (!takesComments(row, call.site)) return 'notStopped'
  const [changed] = await DB.batch([
    stopComments(DB, row.article, call.site.timestamp),
    note('close-article', row, call, { article: row.article }),
  ])
  return changed?.meta.changes ? 'saved' : 'notStopped'
}

async function goOn(row: QueueRow, call: DeskCall): Promise<NoticeName> {
  const { DB } = call.site.env
  const [changed] = await DB.batch([
    reopenComments(DB, row.article, call.form.get('stoppedAt') ?? ''),
    note('open-article', row, call, { article: row.article }),
  ])
  return changed?.meta.changes ? 'saved' : 'notReopened'
}

async function block(
  row: QueueRow,
  call: DeskCall,
  kind: 'email' | 'ip',
  value: string | null,
): Promise<NoticeName> {
  if (!value) return 'notSaved'
  const { site, person } = call
  const { DB } = site.env
  await DB.batch([
    insertBlock(DB, { kind, value, person: person.id, now: site.timestamp }),
    note('block', row, call, { kind }),
  ])
  forgetKnowledge()
  return 'blocked'
}
