import type { IRequest } from 'itty-router'
import * as v from 'valibot'
import { forgetKnowledge } from '../../comment/judge/knowledge.ts'
import { readJson } from '../../http/body.ts'
import { json, problem } from '../../http/problem.ts'
import { mailStatement, sendDue } from '../../mail/outbox.ts'
import type { Site } from '../../site/site.ts'
import { Time } from '../../view/parts.tsx'
import { insertAuditIfChanged } from '../audit/audit-store.ts'
import type { DeskCall } from '../guard.ts'
import { Notice, sendDeskPage } from '../layout.tsx'
import { backTo, noticeIn } from '../notices.ts'
import { Email, PersonName } from '../person.ts'
import { ROLES } from '../roles.ts'
import { formToken } from '../session.ts'
import { INVITATION_MS, invitationStatements, LINK_MS, makeLink } from '../sign-in/link.ts'
import { disablePerson, enablePerson, type ListedPerson, listPeople, setRole } from './people-store.ts'

const PATH = '/desk/people/'

const Invited = v.object({ name: PersonName, email: Email, role: v.picklist(ROLES) })

/** POST /api/desk/people — invites somebody from the command line: `{name, email, role}`. 201 with a link for one hour; 400. */
export async function inviteByApi(request: IRequest, site: Site): Promise<Response> {
  const body = await readJson(request, 4096)
  const invited = v.safeParse(v.strictObject(Invited.entries), body.ok ? body.value : null)
  if (!invited.success) return problem(body.ok ? 400 : body.status, site.texts.problem.malformed)
  const link = await makeLink(LINK_MS, site)
  const { statements } = await invitationStatements(invited.output, link, null, site)
  await site.env.DB.batch(statements)
  forgetKnowledge()
  return json({ link: link.url, expiresAt: link.expiresAt }, 201)
}

/** GET /desk/people/ — who works here, and in what role. 200. */
export async function showPeople({ request, site, person }: DeskCall): Promise<Response> {
  const { people } = site.texts.desk
  const [listed, token] = await Promise.all([listPeople(site.env.DB), formToken(person, site)])
  const emails = await Promise.all(listed.map(({ email }) => site.keys.decrypt(email)))
  return sendDeskPage(
    site,
    person,
    { title: people.title, part: 'people' },
    <article>
      <h1>{people.title}</h1>
      <Notice {...noticeIn(request.url, site.texts)} />
      <ul class="desk-list">
        {listed.map((one, index) => (
          <li key={one.id}>
            <div>
              <strong>{one.name}</strong> {emails[index]}
              <p class="hint">
                {one.disabledAt !== null && `${people.disabled} · `}
                {people.passkeys(one.passkeys)}
                {one.seenAt !== null && (
                  <>
                    {' · '}
                    {people.seen} <Time at={one.seenAt} site={site} withTime />
                  </>
                )}
              </p>
            </div>
            <Decisions one={one} token={token} site={site} />
          </li>
        ))}
      </ul>
      <form method="post" action={PATH} class="desk-narrow">
        <h2>{people.invite}</h2>
        <input type="hidden" name="token" value={token} />
        <label for="name">{people.name}</label>
        <input id="name" name="name" required autocomplete="off" />
        <label for="email">{people.email}</label>
        <input id="email" name="email" type="email" required autocomplete="off" />
        <label for="role">{people.role}</label>
        <select id="role" name="role">
          {ROLES.map((role) => (
            <option key={role} value={role}>
              {people.roles[role]}
            </option>
          ))}
        </select>
        <p class="hint">{people.inviteHint}</p>
        <button type="submit">{people.send}</button>
      </form>
    </article>,
  )
}

function Decisions({ one, token, site }: { one: ListedPerson; token: string; site: Site }) {
  const { people } = site.texts.desk
  return (
    <form method="post" action={`${PATH}${one.id}/`} class="desk-row">
      <input type="hidden" name="token" value={token} />
      <select name="role" aria-label={people.roleOf(one.name)}>
        {ROLES.map((role) => (
          <option key={role} value={role} selected={role === one.role}>
            {people.roles[role]}
          </option>
        ))}
      </select>
      <button type="submit" class="second" name="do" value="role">
        {people.change}
      </button>
      {one.disabledAt === null ? (
        <button type="submit" class="second" name="do" value="disable">
          {people.disable}
        </button>
      ) : (
        <button type="submit" class="second" name="do" value="enable">
          {people.enable}
        </button>
      )}
    </form>
  )
}

/** POST /desk/people/ — invites somebody by mail. 303. */
export async function invite({ site, person, form }: DeskCall): Promise<Response> {
  const invited = v.safeParse(Invited, Object.fromEntries(form))
  if (!invited.success) return backTo(PATH, 'notInvited')
  const link = await makeLink(INVITATION_MS, site)
  const { statements } = await invitationStatements(invited.output, link, person.id, site)
  const { mail, desk } = site.texts
  const { name, role, email } = invited.output
  const message = {
    subject: mail.invitation.subject(site.settings.name),
    body: [
      mail.invitation.text(name, person.name, desk.people.roles[role]),
      { text: mail.invitation.link, url: link.url },
      mail.invitation.hint,
    ],
  }
  const letter = { cause: `invitation ${link.hash}`, kind: 'invitation', to: email, message }
  await site.env.DB.batch([...statements, await mailStatement(letter, site)])
  forgetKnowledge()
  site.defer(sendDue(site))
  return backTo(PATH, 'invited')
}

/** POST /desk/people/:id/ — changes somebody's role, or lets them in no more, or again. 303. */
export async function changePerson({ request, site, person, form }: DeskCall): Promise<Response> {
  const { DB } = site.env
  const id = Number(request.params.id)
  const what = form.get('do')
  const role = v.safeParse(v.picklist(ROLES), form.get('role'))
  const line = (action: string) => ({
    person: person.id,
    action,
    subject: `person/${id}`,
    detail: role.success ? { role: role.output } : {},
  })
  const note = (action: string) => insertAuditIfChanged(DB, line(action), site.timestamp)
  if (!Number.isSafeInteger(id) || !role.success) return backTo(PATH, 'notSaved')
  const [first, ...rest] =
    what === 'role'
      ? [setRole(DB, id, role.output)]
      : what === 'enable'
        ? [enablePerson(DB, id)]
        : disablePerson(DB, id, site.timestamp)
  if (!first) return backTo(PATH, 'notSaved')
  const [changed] = await DB.batch([
    first,
    note(what === 'role' ? 'change-role' : what === 'enable' ? 'enable' : 'disable'),
    ...rest,
  ])
  return backTo(PATH, changed && changed.meta.changes > 0 ? 'saved' : 'lastAdmin')
}
