import type { IRequest } from 'itty-router'
import * as v from 'valibot'
import { parseCommentId } from '../comment/comment.ts'
import { shownText } from '../comment/format.ts'
import { isFromHere } from '../comment/submit.ts'
import { permalink } from '../comment/view.ts'
import { Email } from '../desk/person.ts'
import { readForm } from '../http/body.ts'
import { logError } from '../http/log.ts'
import { mailStatement, sendDue } from '../mail/outbox.ts'
import { badBody, foreignOrigin, notFound } from '../site/errors.tsx'
import { hashOfAddress, isWithinLimit } from '../site/limit.ts'
import type { Site } from '../site/site.ts'
import { Html } from '../view/html.ts'
import { findModerators, findReportable, insertReport, REASONS, readId, type Target } from './notice-store.ts'
import { Labelled, sendNotice } from './page.tsx'

/**
 * Reporting a comment (Regulation (EU) 2022/2065, „DSA“, Art. 16): a reason, an explanation, where it is, name and address
 * but for the crimes of Art. 16(2)(c), and the statement of good faith; a receipt, and word about the decision.
 */

const Text = (max: number) =>
  v.pipe(
    v.string(),
    v.normalize('NFC'),
    v.trim(),
    v.nonEmpty(),
    v.maxLength(max),
    v.regex(/^[^\p{Cc}]*$|\n|\t/u),
  )
const Report = v.object({
  reason: v.picklist(REASONS),
  explanation: Text(3000),
  name: v.pipe(v.string(), v.normalize('NFC'), v.trim(), v.maxLength(80), v.regex(/^[^\p{C}]*$/u)),
  email: v.union([v.pipe(v.string(), v.trim(), v.literal('')), Email]),
  glauben: v.literal('1'),
})
type Field = keyof typeof Report.entries

/** GET /comments/:id/report/ — the form. 200, 404. */
export async function showReport(request: IRequest, site: Site): Promise<Response> {
  await site.snapshot()
  const target = await targetOf(request, site)
  return target ? sendForm(target, new Map(), new Set(), site) : notFound(site)
}

/** POST /comments/:id/report/ — stores a report and gives a receipt. 200; 422, 429, 503 with everything typed; 400, 403, 404. */
export async function takeReport(request: IRequest, site: Site): Promise<Response> {
  await site.snapshot()
  if (!isFromHere(request, site)) return foreignOrigin(site)
  const target = await targetOf(request, site)
  if (!target) return notFound(site)
  const form = await readForm(request, 32 * 1024)
  if (!form.ok) return badBody(site, form.status)
  const { report } = site.texts
  const key = `report ${await hashOfAddress(request, site)}`
  if (!(await isWithinLimit(site, 'COMMENT_RATE', key)))
    return sendForm(target, form.value, new Set(), site, { status: 429, said: report.rate })
  const typed = v.safeParse(Report, { name: '', email: '', ...Object.fromEntries(form.value) })
  if (!typed.success) {
    const wrong = new Set(typed.issues.map((issue) => String(issue.path?.[0]?.key)))
    return sendForm(target, form.value, wrong, site, { status: 422, said: report.incomplete })
  }
  try {
    const number = await store(target, typed.output, site)
    if (number === null) return notFound(site)
    site.defer(sendDue(site))
    return sendNotice(
      site,
      report.thanks,
      <>
        <p>{report.receipt(number)}</p>
        <p>{typed.output.email === '' ? report.noMail : report.willMail}</p>
        <p>
          <a href={permalink(target.article, target.id)}>{report.back}</a>
        </p>
      </>,
    )
  } catch (error) {
    logError('report-not-stored', error)
    return sendForm(target, form.value, new Set(), site, { status: 503, said: report.unavailable })
  }
}

async function targetOf(request: IRequest, site: Site): Promise<Target | null> {
  const id = parseCommentId(request.params.id ?? '')
  return id === null ? null : findReportable(site.env.DB, id)
}

/** Stores the report; its receipt, and word to the newsroom, go into the outbox in the same transaction. */
async function store(
  target: Target,
  typed: v.InferOutput<typeof Report>,
  site: Site,
): Promise<number | null> {
  const { DB } = site.env
  const { mail, report } = site.texts
  const cause = `report ${crypto.randomUUID()}`
  const url = site.origin + permalink(target.article, target.id)
  const moderators = await findModerators(DB)
  const emails = await Promise.all(moderators.map(({ email }) => site.keys.decrypt(email)))
  const [email, emailHash] =
    typed.email === ''
      ? ['', '']
      : await Promise.all([site.keys.encrypt(typed.email), site.keys.hash('email-hash', typed.email)])
  const receipt = {
    subject: mail.report.subject(site.settings.name),
    body: [
      mail.report.received(report.reasons[typed.reason]),
      { text: mail.report.where, url },
      typed.explanation,
      mail.report.next,
    ],
  }
  const alert = {
    subject: mail.alert.subject(report.reasons[typed.reason]),
    body: [typed.explanation, { text: mail.alert.link, url: `${site.origin}/desk/reports/` }],
  }
  const results = await DB.batch([
    insertReport(DB, { ...typed, comment: target.id, email, emailHash, now: site.timestamp }),
    ...(typed.email === ''
      ? []
      : [
          await mailStatement(
            { cause: `${cause} receipt`, kind: 'report', to: typed.email, message: receipt },
            site,
          ),
        ]),
    ...(await Promise.all(
      emails.flatMap((to, n) =>
        to === null
          ? []
          : [
              mailStatement(
                { cause: `${cause} to ${moderators[n]?.id}`, kind: 'alert', to, message: alert },
                site,
              ),
            ],
      ),
    )),
  ])
  return readId(results[0]?.results ?? [])
}

type TypedFields = ReadonlyMap<string, string>
type Wrong = ReadonlySet<string>

function sendForm(
  target: Target,
  typed: TypedFields,
  wrong: Wrong,
  site: Site,
  { status = 200, said = '' } = {},
): Promise<Response> {
  const { report, comments } = site.texts
  const error = (field: Field) => (wrong.has(field) ? report.errors[field] : undefined)
  const described = (field: Field) =>
    wrong.has(field) ? { 'aria-describedby': `m-${field}-fehler`, 'aria-invalid': 'true' as const } : {}
  return sendNotice(
    site,
    report.title,
    <>
      {said && (
        <div class="error-summary" role="alert" tabIndex={-1} autofocus>
          <p>{said}</p>
        </div>
      )}
      <blockquote>
        <p>
          <bdi>{target.name}</bdi>
        </p>
        <div class="comment-text" dir="auto">
          <Html of={shownText(target)} />
        </div>
      </blockquote>
      <form method="post" action={`/comments/${target.id}/report/`} noValidate>
        <p class="hint">{report.intro}</p>
        <Labelled id="m-reason" label={report.reason} error={error('reason')}>
          <select id="m-reason" name="reason" required {...described('reason')}>
            <option value="">{report.choose}</option>
            {REASONS.map((reason) => (
              <option key={reason} value={reason} selected={typed.get('reason') === reason}>
                {report.reasons[reason]}
              </option>
            ))}
          </select>
        </Labelled>
        <Labelled id="m-explanation" label={report.explanation} error={error('explanation')}>
          <textarea id="m-explanation" name="explanation" rows={5} required {...described('explanation')}>
            {`\n${typed.get('explanation') ?? ''}`}
          </textarea>
        </Labelled>
        <Labelled id="m-name" label={report.name} error={error('name')}>
          <input
            id="m-name"
            name="name"
            autocomplete="name"
            value={typed.get('name') ?? ''}
            {...described('name')}
          />
        </Labelled>
        <Labelled id="m-email" label={report.email} error={error('email')}>
          <input
            id="m-email"
            name="email"
            type="email"
            autocomplete="email"
            value={typed.get('email') ?? ''}
            {...described('email')}
          />
        </Labelled>
        <p class="hint">{report.emailHint}</p>
        <Labelled id="m-glauben" label={report.goodFaith} error={error('glauben')}>
          <input
            id="m-glauben"
            type="checkbox"
            name="glauben"
            value="1"
            required
            checked={typed.get('glauben') === '1'}
            {...described('glauben')}
          />
        </Labelled>
        <p class="buttons">
          <button type="submit">{report.send}</button>
        </p>
      </form>
      <p>
        <a href={permalink(target.article, target.id)}>{comments.all}</a>
      </p>
    </>,
    status,
  )
}
