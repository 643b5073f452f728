import * as v from 'valibot'
import { forgetKnowledge } from '../../comment/judge/knowledge.ts'
import { lookalike } from '../../comment/lookalike.ts'
import { json } from '../../http/problem.ts'
import { Time } from '../../view/parts.tsx'
import { DESK_SCRIPT } from '../../view/scripts.ts'
import { insertAudit } from '../audit/audit-store.ts'
import type { DeskCall } from '../guard.ts'
import { Notice, sendDeskPage } from '../layout.tsx'
import { backTo, noticeIn } from '../notices.ts'
import { renamePerson, setDigest } from '../people/people-store.ts'
import { PersonName } from '../person.ts'
import { deviceOf, formToken, isFresh } from '../session.ts'
import {
  deletePasskey,
  endOtherSessions,
  endSession,
  insertPasskey,
  listPasskeys,
  listSessions,
  verifySession,
} from '../session-store.ts'
import { PasskeyForm } from '../sign-in/page.tsx'
import { askForNewPasskey, checkNewPasskey } from '../sign-in/passkey.ts'

/** One's own account: name, passkeys, and where one is signed in. */

const PATH = '/desk/account/'

/** How often somebody may want to hear of what waits. */
const DIGEST_HOURS = [0, 1, 4, 24] as const

/** GET /desk/account/ — 200. */
export async function showAccount({ request, site, person }: DeskCall): Promise<Response> {
  const { account, name: desk } = site.texts.desk
  const [passkeys, sessions, token] = await Promise.all([
    listPasskeys(site.env.DB, person.id),
    listSessions(site.env.DB, person.id, site.timestamp),
    formToken(person, site),
  ])
  const field = <input type="hidden" name="token" value={token} />
  return sendDeskPage(
    site,
    person,
    { title: account.title, part: 'account', scripts: [DESK_SCRIPT] },
    <article class="desk-narrow" aria-label={desk}>
      <h1>{account.title}</h1>
      <Notice {...noticeIn(request.url, site.texts)} />
      <form method="post" action={`${PATH}name/`}>
        {field}
        <label for="name">{account.name}</label>
        <input id="name" name="name" value={person.name} required autocomplete="name" />
        <button type="submit" class="second">
          {account.save}
        </button>
      </form>
      <form method="post" action={`${PATH}digest/`}>
        {field}
        <label for="digest">{account.digest}</label>
        <select id="digest" name="hours">
          {DIGEST_HOURS.map((hours) => (
            <option key={hours} value={hours} selected={hours === person.digestHours}>
              {account.digests[hours]}
            </option>
          ))}
        </select>
        <button type="submit" class="second">
          {account.save}
        </button>
      </form>
      <h2>{account.passkeys}</h2>
      <p>{passkeys.length === 0 ? account.noPasskeys : account.passkeysHint}</p>
      <ul class="desk-list">
        {passkeys.map((key) => (
          <li key={key.id}>
            <span>
              <strong>{key.name || account.passkey}</strong> {account.since}{' '}
              <Time at={key.createdAt} site={site} />
            </span>
            <form method="post" action={`${PATH}passkeys/remove/`}>
              {field}
              <input type="hidden" name="id" value={key.id} />
              <button type="submit" class="second" aria-label={account.removeOf(key.name)}>
                {account.remove}
              </button>
            </form>
          </li>
        ))}
      </ul>
      <PasskeyForm action={`${PATH}passkeys/`} ask={`${PATH}passkeys/challenge/`} token={token} site={site}>
        {account.addPasskey}
      </PasskeyForm>
      <h2>{account.sessions}</h2>
      <ul class="desk-list">
        {sessions.map((session) => (
          <li key={session.id}>
            <span>
              <strong>{session.device || account.unknownDevice}</strong> {account.seen}{' '}
              <Time at={session.seenAt} site={site} withTime />
              {session.id === person.sessionId && ` · ${account.thisOne}`}
            </span>
            {session.id !== person.sessionId && (
              <form method="post" action={`${PATH}sessions/end/`}>
                {field}
                <input type="hidden" name="id" value={session.id} />
                <button type="submit" class="second" aria-label={account.endOf(session.device)}>
                  {account.end}
                </button>
              </form>
            )}
          </li>
        ))}
      </ul>
      {sessions.length > 1 && (
        <form method="post" action={`${PATH}sessions/end/`}>
          {field}
          <input type="hidden" name="id" value="" />
          <button type="submit" class="second">
            {account.endOthers}
          </button>
        </form>
      )}
    </article>,
  )
}

/** POST /desk/account/name/ — 303. */
export async function changeName({ site, person, form }: DeskCall): Promise<Response> {
  const name = v.safeParse(PersonName, form.get('name') ?? '')
  if (!name.success) return backTo(PATH, 'notName')
  await site.env.DB.batch([
    renamePerson(site.env.DB, person.id, name.output, lookalike(name.output)),
    insertAudit(
      site.env.DB,
      { person: person.id, action: 'rename', subject: `person/${person.id}` },
      site.timestamp,
    ),
  ])
  forgetKnowledge()
  return backTo(PATH, 'saved')
}

/** POST /desk/account/digest/ — how often mail says what waits. 303. */
export async function changeDigest({ site, person, form }: DeskCall): Promise<Response> {
  const hours = DIGEST_HOURS.find((one) => String(one) === form.get('hours'))
  if (hours === undefined) return backTo(PATH, 'notSaved')
  await setDigest(site.env.DB, person.id, hours).run()
  return backTo(PATH, 'saved')
}

/** POST /desk/account/passkeys/challenge/ — what a browser needs to make a new passkey, as JSON. 200. */
export const challengeToRegister = async ({ site, person }: DeskCall): Promise<Response> =>
  json(await askForNewPasskey(person, site))

/**
 * POST /desk/account/passkeys/ — adds a passkey: the first one right away, another only after one was shown.
 * 303; who has one already and has not shown it is asked to.
 */
export async function addPasskey({ request, site, person, form }: DeskCall): Promise<Response> {
  if (person.passkeys > 0 && !isFresh(person, site.now))
    return backTo('/desk/confirm/?weiter=/desk/account/', 'notFresh')
  const made = await checkNewPasskey(form.get('response') ?? '', person, site)
  if (!made) return backTo(PATH, 'notPasskey')
  const { DB } = site.env
  const name = deviceOf(request.headers.get('user-agent') ?? '')
  const line = { person: person.id, action: 'add-passkey', subject: `person/${person.id}` }
  await DB.batch([
    insertPasskey(DB, { ...made, person: person.id, name, now: site.timestamp }),
    verifySession(DB, person.sessionId, site.timestamp),
    insertAudit(DB, line, site.timestamp),
  ])
  return backTo(PATH, 'passkeyAdded')
}

/** POST /desk/account/passkeys/remove/ — 303. */
export async function removePasskey({ site, person, form }: DeskCall): Promise<Response> {
  const { DB } = site.env
  const line = { person: person.id, action: 'remove-passkey', subject: `person/${person.id}` }
  await DB.batch([deletePasskey(DB, person.id, form.get('id') ?? ''), insertAudit(DB, line, site.timestamp)])
  return backTo(PATH, 'saved')
}

/** POST /desk/account/sessions/end/ — ends one other session, or all others. 303. */
export async function endSessions({ site, person, form }: DeskCall): Promise<Response> {
  const { DB } = site.env
  const id = form.get('id') ?? ''
  const line = { person: person.id, action: 'end-session', subject: `person/${person.id}` }
  await DB.batch([
    id === '' ? endOtherSessions(DB, person.id, person.sessionId) : endSession(DB, person.id, id),
    insertAudit(DB, line, site.timestamp),
  ])
  return backTo(PATH, 'saved')
}
