import type { IRequest } from 'itty-router'
import * as v from 'valibot'
import { isFromHere } from '../comment/submit.ts'
import { Email } from '../desk/person.ts'
import { readForm } from '../http/body.ts'
import { NO_STORE, plainHeaders } from '../http/headers.ts'
import { mailStatement, sendDue } from '../mail/outbox.ts'
import { Labelled, sendNotice } from '../notice/page.tsx'
import { badBody, foreignOrigin, notFound } from '../site/errors.tsx'
import { hashOfAddress, isWithinLimit } from '../site/limit.ts'
import type { Site } from '../site/site.ts'
import { erase } from './person.ts'
import { exportPerson } from './privacy-store.ts'

/** „Meine Daten“: a person asks for a link by mail, and with it sees, takes along and erases what is held on them. */

/** How long a link is good, in seconds. */
const LIFE = 24 * 60 * 60

async function linkFor(email: string, site: Site): Promise<string> {
  const emailHash = await site.keys.hash('email-hash', email)
  const until = Math.floor(site.now.getTime() / 1000 + LIFE).toString(36)
  return `${site.origin}/my-data/${emailHash}.${until}.${await site.keys.hash('my-data', `${emailHash} ${until}`)}/`
}

async function personOf(request: IRequest, site: Site): Promise<string | null> {
  const [, emailHash, until, hash] =
    /^([\w-]{22})\.([0-9a-z]{1,9})\.([\w-]{22})$/.exec(request.params.key ?? '') ?? []
  if (!emailHash || !until || !hash || Number.parseInt(until, 36) < site.now.getTime() / 1000) return null
  return (await site.keys.verify('my-data', `${emailHash} ${until}`, hash)) ? emailHash : null
}

/** GET /my-data/ — asks for an address. 200. */
export async function askForData(_: IRequest, site: Site): Promise<Response> {
  await site.snapshot()
  return sendAsk(site)
}

/** POST /my-data/ — sends a link to the address; says the same whether anything is held on it or not. 200, 422, 429; 400, 403. */
export async function sendDataLink(request: IRequest, site: Site): Promise<Response> {
  await site.snapshot()
  if (!isFromHere(request, site)) return foreignOrigin(site)
  const form = await readForm(request, 4096)
  if (!form.ok) return badBody(site, form.status)
  const { privacy, mail } = site.texts
  if (!(await isWithinLimit(site, 'SIGN_IN_RATE', `my-data ${await hashOfAddress(request, site)}`)))
    return sendAsk(site, privacy.rate, 429)
  const email = v.safeParse(Email, form.value.get('email') ?? '')
  if (!email.success) return sendAsk(site, privacy.emailInvalid, 422)
  const message = {
    subject: mail.data.subject(site.settings.name),
    body: [
      mail.data.text,
      { text: mail.data.link, url: await linkFor(email.output, site) },
      mail.data.ignore,
    ],
  }
  const letter = { cause: `my-data ${crypto.randomUUID()}`, kind: 'my-data', to: email.output, message }
  await (await mailStatement(letter, site)).run()
  site.defer(sendDue(site))
  return sendNotice(site, privacy.title, <p role="status">{privacy.sent}</p>)
}

function sendAsk(site: Site, error?: string, status = 200): Promise<Response> {
  const { privacy } = site.texts
  return sendNotice(
    site,
    privacy.title,
    <>
      <p>{privacy.intro}</p>
      <form method="post" action="/my-data/" noValidate>
        <Labelled id="d-email" label={privacy.email} error={error}>
          <input
            id="d-email"
            name="email"
            type="email"
            autocomplete="email"
            required
            {...(error ? { 'aria-describedby': 'd-email-fehler', 'aria-invalid': 'true' as const } : {})}
          />
        </Labelled>
        <p class="buttons">
          <button type="submit">{privacy.send}</button>
        </p>
      </form>
    </>,
    status,
  )
}

/** GET /my-data/:key/ — what is held, and what can be done about it. 200, 404. */
export async function showData(request: IRequest, site: Site): Promise<Response> {
  await site.snapshot()
  const emailHash = await personOf(request, site)
  if (emailHash === null) return notFound(site)
  const { privacy } = site.texts
  const held = await exportPerson(site.env.DB, emailHash)
  const action = new URL(request.url).pathname
  return sendNotice(
    site,
    privacy.title,
    <>
      <p>{privacy.held(held.comments.length, held.subscriptions.length, held.reports.length)}</p>
      <form method="post" action={action}>
        <p class="buttons">
          <button type="submit" name="do" value="export">
            {privacy.export}
          </button>
        </p>
        <h2>{privacy.eraseTitle}</h2>
        <p>{privacy.eraseHint}</p>
        <p class="buttons">
          <button type="submit" class="second" name="do" value="erase-person">
            {privacy.erasePerson}
          </button>{' '}
          <button type="submit" class="second" name="do" value="erase-all">
            {privacy.eraseAll}
          </button>
        </p>
      </form>
    </>,
  )
}

/** POST /my-data/:key/ — takes along (JSON), or erases; erasing asks first. 200; 403, 404. */
export async function useData(request: IRequest, site: Site): Promise<Response> {
  await site.snapshot()
  if (!isFromHere(request, site)) return foreignOrigin(site)
  const emailHash = await personOf(request, site)
  if (emailHash === null) return notFound(site)
  const form = await readForm(request, 4096)
  if (!form.ok) return badBody(site, form.status)
  const { privacy } = site.texts
  const what = form.value.get('do') ?? ''
  if (what === 'export') {
    const held = { exportedAt: site.timestamp, ...(await exportPerson(site.env.DB, emailHash)) }
    return new Response(JSON.stringify(held, null, 2), {
      headers: {
        ...plainHeaders,
        ...NO_STORE,
        'content-type': 'application/json; charset=utf-8',
        'content-disposition': 'attachment; filename="my-data.json"',
      },
    })
  }
  if (what !== 'erase-person' && what !== 'erase-all') return showData(request, site)
  if (form.value.get('sure') !== '1')
    return sendNotice(
      site,
      privacy.eraseTitle,
      <form method="post" action={new URL(request.url).pathname}>
        <p role="alert">{what === 'erase-all' ? privacy.sureAll : privacy.surePerson}</p>
        <input type="hidden" name="sure" value="1" />
        <p class="buttons">
          <button type="submit" name="do" value={what}>
            {privacy.sure}
          </button>
        </p>
      </form>,
    )
  await erase(emailHash, what === 'erase-person', null, site)
  return sendNotice(site, privacy.eraseTitle, <p role="status">{privacy.erased}</p>)
}
