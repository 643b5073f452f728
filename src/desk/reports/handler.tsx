import * as v from 'valibot'
import { formatComment, shownText } from '../../comment/format.ts'
import { findComment, restoreOriginal } from '../../comment/queue-store.ts'
import { csv } from '../../http/csv.ts'
import { plainHeaders } from '../../http/headers.ts'
import { mailStatement, sendDue } from '../../mail/outbox.ts'
import {
  type Case,
  countYear,
  type DecidedCase,
  decideObjection,
  decideReport,
  findCases,
  listYear,
  readDecided,
  removeForReason,
  restoreComment,
} from '../../notice/notice-store.ts'
import type { Site } from '../../site/site.ts'
import { Html } from '../../view/html.ts'
import { ScrollableTable, Time } from '../../view/parts.tsx'
import { insertAuditIfChanged } from '../audit/audit-store.ts'
import { forgetPages } from '../comments/decide.ts'
import type { DeskCall } from '../guard.ts'
import { Notice, sendDeskPage } from '../layout.tsx'
import { backTo, noticeIn } from '../notices.ts'
import { formToken } from '../session.ts'

const PATH = '/desk/reports/'

/** GET /desk/reports/ — reports and objections that wait, the oldest first. 200. */
export async function showReports({ request, site, person }: DeskCall): Promise<Response> {
  const { reports } = site.texts.desk
  const [cases, token] = await Promise.all([findCases(site.env.DB), formToken(person, site)])
  const emails = await Promise.all(cases.map(({ email }) => (email === '' ? null : site.keys.decrypt(email))))
  return sendDeskPage(
    site,
    person,
    { title: reports.title, part: 'comments' },
    <article>
      <p>
        <a href="/desk/comments/">{site.texts.desk.comments.toQueue}</a> ·{' '}
        <a href={`${PATH}transparency/`}>{reports.transparency}</a>
      </p>
      <h1>{reports.title}</h1>
      <Notice {...noticeIn(request.url, site.texts)} />
      {cases.length === 0 && <p class="desk-empty">{reports.none}</p>}
      <ol class="desk-queue">
        {cases.map((one, index) => (
          <li key={`${one.kind} ${one.id}`}>
            <CaseItem one={one} email={emails[index] ?? null} token={token} site={site} />
          </li>
        ))}
      </ol>
    </article>,
  )
}

function CaseItem({
  one,
  email,
  token,
  site,
}: {
  one: Case
  email: string | null
  token: string
  site: Site
}) {
  const { reports } = site.texts.desk
  const reasons: Readonly<Record<string, string>> = site.texts.report.reasons
  return (
    <>
      <p class="comment-head">
        <strong>{reports.kinds[one.kind]}</strong>
        <Time at={one.at} site={site} withTime />
        {one.kind === 'report' && <span>{reasons[one.reason]}</span>}
      </p>
      <p dir="auto">{one.words}</p>
      {(one.by !== '' || email !== null) && (
        <p class="hint">
          {reports.by} <bdi>{one.by}</bdi> {email}
        </p>
      )}
      {one.html !== null && one.text !== null && one.text !== '' ? (
        <blockquote>
          <p>
            <bdi>{one.name}</bdi>, {one.title ?? one.article}
          </p>
          <div class="comment-text" dir="auto">
            <Html of={shownText({ html: one.html, text: one.text })} />
          </div>
        </blockquote>
      ) : (
        <p class="hint">{reports.gone}</p>
      )}
      <form method="post" action={`${PATH}${one.id}/`}>
        <input type="hidden" name="token" value={token} />
        <input type="hidden" name="kind" value={one.kind} />
        {one.kind === 'report' && (
          <>
            <label for={`grund-${one.id}`}>{reports.reason}</label>
            <input id={`grund-${one.id}`} name="reason" />
            <label for={`art-${one.id}`}>{reports.ground}</label>
            <select id={`art-${one.id}`} name="ground">
              <option value="rules">{reports.grounds.rules}</option>
              <option value="law" selected={one.reason === 'illegal'}>
                {reports.grounds.law}
              </option>
            </select>
          </>
        )}
        <p class="desk-row">
          <button type="submit" name="do" value={one.kind === 'report' ? 'removed' : 'restored'}>
            {one.kind === 'report' ? reports.remove : reports.restore}
          </button>
          <button type="submit" class="second" name="do" value="kept">
            {one.kind === 'report' ? reports.keep : reports.stay}
          </button>
        </p>
      </form>
    </>
  )
}

const Decision = v.variant('kind', [
  v.object({
    kind: v.literal('report'),
    do: v.picklist(['removed', 'kept']),
    ground: v.picklist(['rules', 'law']),
    reason: v.pipe(v.string(), v.trim(), v.normalize('NFC'), v.maxLength(500)),
  }),
  v.object({ kind: v.literal('objection'), do: v.picklist(['restored', 'kept']) }),
])

/** POST /desk/reports/:id/ — decides about a report or an objection; who wrote it is told. 303. */
export async function decideCase(call: DeskCall): Promise<Response> {
  const { request, site, person, form } = call
  const id = Number(request.params.id)
  const parsed = v.safeParse(Decision, Object.fromEntries(form))
  if (!parsed.success || !Number.isSafeInteger(id)) return backTo(PATH, 'notSaved')
  const decision = parsed.output
  const { DB } = site.env
  const by = { id, person: person.id, now: site.timestamp }
  const [first] = await DB.batch([
    decision.kind === 'report'
      ? decideReport(DB, { ...by, outcome: decision.do })
      : decideObjection(DB, { ...by, outcome: decision.do }),
    insertAuditIfChanged(
      DB,
      { person: person.id, action: `${decision.kind}-${decision.do}`, subject: `${decision.kind}/${id}` },
      site.timestamp,
    ),
  ])
  const decided = readDecided(first?.results ?? [])
  if (!decided) return backTo(PATH, 'notSeen')
  await follow(decision, decided, call)
  site.defer(sendDue(site))
  return backTo(PATH, 'saved')
}

/** The author's own words, where they had been shortened. */
async function giveBack(comment: number, person: number, site: Site): Promise<D1PreparedStatement[]> {
  const row = await findComment(site.env.DB, comment)
  if (!row || row.original === null) return []
  const html = formatComment(row.original)
  return [restoreOriginal(site.env.DB, { id: comment, html, person, now: site.timestamp })]
}

/** What follows from a decision: the comment goes or comes back, and mail is written. */
async function follow(
  decision: v.InferOutput<typeof Decision>,
  { id, comment, article, email }: DecidedCase,
  { site, person }: DeskCall,
): Promise<void> {
  const { DB } = site.env
  const { mail } = site.texts
  const statements: D1PreparedStatement[] = []
  if (comment !== null && decision.do === 'removed')
    statements.push(
      ...removeForReason(DB, {
        comment,
        person: person.id,
        now: site.timestamp,
        ground: decision.ground,
        reason: decision.reason,
      }),
    )
  if (comment !== null && decision.do === 'restored')
    statements.push(
      restoreComment(DB, comment, person.id, site.timestamp),
      ...(await giveBack(comment, person.id, site)),
    )
  const to = email ? await site.keys.decrypt(email) : null
  if (to !== null) {
    const texts = decision.kind === 'report' ? mail.reportDecided : mail.objectionDecided
    const outcomes: Readonly<Record<string, string>> = texts.outcomes
    const message = { subject: texts.subject, body: [outcomes[decision.do] ?? '', texts.courts] }
    statements.push(
      await mailStatement({ cause: `${decision.kind} ${id} decided`, kind: 'decision', to, message }, site),
    )
  }
  if (statements.length > 0) await DB.batch(statements)
  forgetPages([{ article }], site)
}

const Year = v.pipe(v.string(), v.regex(/^20\d\d$/))
const yearOf = (request: Request, site: Site): string => {
  const asked = new URL(request.url).searchParams.get('jahr')
  return v.is(Year, asked) ? asked : site.timestamp.slice(0, 4)
}

/** GET /desk/reports/transparency/ — the numbers of a year (DSA Art. 15 and 24). 200. */
export async function showTransparency({ request, site, person }: DeskCall): Promise<Response> {
  const { reports } = site.texts.desk
  const year = yearOf(request, site)
  const counted = await countYear(site.env.DB, year)
  const whats: Readonly<Record<string, string>> = reports.counted
  return sendDeskPage(
    site,
    person,
    { title: reports.transparencyOf(year), part: 'comments' },
    <article class="desk-narrow">
      <p>
        <a href={PATH}>{reports.title}</a>
      </p>
      <h1>{reports.transparencyOf(year)}</h1>
      {counted.length === 0 ? (
        <p>{reports.nothingCounted}</p>
      ) : (
        <ScrollableTable label={reports.transparencyOf(year)}>
          <thead>
            <tr>
              <th scope="col">{reports.what}</th>
              <th scope="col">{reports.of}</th>
              <th scope="col" class="right">
                {reports.number}
              </th>
            </tr>
          </thead>
          <tbody>
            {counted.map(({ what, of, n }) => (
              <tr key={`${what} ${of}`}>
                <td>{whats[what] ?? what}</td>
                <td>{of}</td>
                <td class="right">{String(n)}</td>
              </tr>
            ))}
          </tbody>
        </ScrollableTable>
      )}
      <p>
        <a href={`${PATH}reports.csv?jahr=${year}`}>{reports.csv}</a> ·{' '}
        <a href={`${PATH}transparency/?jahr=${Number(year) - 1}`}>{String(Number(year) - 1)}</a>
      </p>
    </article>,
  )
}

/** GET /desk/reports/reports.csv — all reports and statements of a year, without persons. 200. */
export async function downloadReports({ request, site }: DeskCall): Promise<Response> {
  const year = yearOf(request, site)
  const rows = await listYear(site.env.DB, year)
  const names = ['kind', 'id', 'at', 'article', 'comment', 'reason', 'outcome', 'decided_at']
  const lines = rows.map(({ kind, id, at, article, comment, reason, outcome, decidedAt }) => [
    kind,
    id,
    at,
    article,
    comment ?? '',
    reason,
    outcome ?? '',
    decidedAt ?? '',
  ])
  return new Response(csv(lines, names), {
    headers: {
      ...plainHeaders,
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="reports-${year}.csv"`,
      'cache-control': 'private, no-store',
    },
  })
}
