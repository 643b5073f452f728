import type { IRequest } from 'itty-router'
import { isFromHere } from '../comment/submit.ts'
import { readForm } from '../http/body.ts'
import { badBody, foreignOrigin, notFound } from '../site/errors.tsx'
import type { Site } from '../site/site.ts'
import { findStatement, insertObjection, type Statement } from './notice-store.ts'
import { Labelled, sendNotice } from './page.tsx'

/** Objecting to a decision (DSA Art. 20): by the signed link in the statement of reasons; a person decides. */

/** The address at which the author of a comment objects. */
export const objectionPath = async (id: number, site: Site): Promise<string> =>
  `/objections/${id}.${await site.keys.hash('objection', String(id))}/`

async function statementOf(request: IRequest, site: Site): Promise<Statement | null> {
  const [, id, hash] = /^([1-9]\d{0,14})\.([\w-]{22})$/.exec(request.params.key ?? '') ?? []
  if (!id || !hash || !(await site.keys.verify('objection', id, hash))) return null
  return findStatement(site.env.DB, Number(id))
}

/** GET /objections/:key/ — the form, or what became of it. 200, 404. */
export async function showObjection(request: IRequest, site: Site): Promise<Response> {
  await site.snapshot()
  const statement = await statementOf(request, site)
  if (!statement) return notFound(site)
  return sendForm(statement, request, '', site)
}

/** POST /objections/:key/ — takes the objection; once. 200, 422; 400, 403, 404. */
export async function takeObjection(request: IRequest, site: Site): Promise<Response> {
  await site.snapshot()
  if (!isFromHere(request, site)) return foreignOrigin(site)
  const statement = await statementOf(request, site)
  if (!statement) return notFound(site)
  const form = await readForm(request, 32 * 1024)
  if (!form.ok) return badBody(site, form.status)
  const words = (form.value.get('words') ?? '').normalize('NFC').trim()
  if (words === '' || [...words].length > 3000) return sendForm(statement, request, words, site, 422)
  await insertObjection(site.env.DB, statement.id, words, site.timestamp).run()
  return sendForm({ ...statement, objectedAt: site.timestamp }, request, '', site)
}

function sendForm(
  statement: Statement,
  request: IRequest,
  words: string,
  site: Site,
  status = 200,
): Promise<Response> {
  const { objection } = site.texts
  if (statement.objectedAt !== null)
    return sendNotice(site, objection.title, <p role="status">{objection.received}</p>)
  return sendNotice(
    site,
    objection.title,
    <>
      {statement.text !== null && statement.text !== '' && (
        <blockquote dir="auto">
          <p>{statement.text}</p>
        </blockquote>
      )}
      <p>{objection.kinds[statement.kind]}</p>
      {statement.reason !== '' && <p>{objection.reason(statement.reason)}</p>}
      <form method="post" action={new URL(request.url).pathname} noValidate>
        <Labelled id="w-words" label={objection.words} error={status === 422 ? objection.missing : undefined}>
          <textarea
            id="w-words"
            name="words"
            rows={6}
            required
            {...(status === 422
              ? { 'aria-describedby': 'w-words-fehler', 'aria-invalid': 'true' as const }
              : {})}
          >
            {`\n${words}`}
          </textarea>
        </Labelled>
        <p class="hint">{objection.hint}</p>
        <p class="buttons">
          <button type="submit">{objection.send}</button>
        </p>
      </form>
    </>,
    status,
  )
}
