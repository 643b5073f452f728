import { sendDue } from '../../mail/outbox.ts'
import { dropMail, listDead, reviveMail } from '../../mail/outbox-store.ts'
import { Time } from '../../view/parts.tsx'
import { insertAuditIfChanged } from '../audit/audit-store.ts'
import type { DeskCall } from '../guard.ts'
import { Notice, sendDeskPage } from '../layout.tsx'
import { backTo, noticeIn } from '../notices.ts'
import { formToken } from '../session.ts'

const PATH = '/desk/mail/'

/** GET /desk/mail/ — mail that was given up, and mail of which nobody knows whether it was sent. 200. */
export async function showMail({ request, site, person }: DeskCall): Promise<Response> {
  const { mail } = site.texts.desk
  const [dead, token] = await Promise.all([listDead(site.env.DB), formToken(person, site)])
  const kinds: Readonly<Record<string, string>> = mail.kinds
  return sendDeskPage(
    site,
    person,
    { title: mail.title, part: 'mail' },
    <article>
      <h1>{mail.title}</h1>
      <Notice {...noticeIn(request.url, site.texts)} />
      {!site.env.EMAIL || !site.settings.mail ? <p>{mail.off}</p> : null}
      <p>{dead.length === 0 ? mail.none : mail.intro}</p>
      <ul class="desk-list">
        {dead.map((one) => (
          <li key={one.id}>
            <div>
              <strong>{kinds[one.kind] ?? one.kind}</strong> <Time at={one.createdAt} site={site} withTime />
              <p class="hint">{one.error === 'unknown' ? mail.unknown : mail.failed(one.attempts)}</p>
            </div>
            <form method="post" action={`${PATH}${one.id}/`} class="desk-row">
              <input type="hidden" name="token" value={token} />
              <button type="submit" class="second" name="do" value="send">
                {mail.again}
              </button>
              <button type="submit" class="second" name="do" value="drop">
                {mail.drop}
              </button>
            </form>
          </li>
        ))}
      </ul>
    </article>,
  )
}

/** POST /desk/mail/:id/ — sends it again, or drops it. 303. */
export async function decideMail({ request, site, person, form }: DeskCall): Promise<Response> {
  const { DB } = site.env
  const id = Number(request.params.id)
  if (!Number.isSafeInteger(id)) return backTo(PATH, 'notSaved')
  const isAgain = form.get('do') === 'send'
  await DB.batch([
    isAgain ? reviveMail(DB, id, site.timestamp) : dropMail(DB, id),
    insertAuditIfChanged(
      DB,
      { person: person.id, action: isAgain ? 'send-mail-again' : 'drop-mail', subject: `mail/${id}` },
      site.timestamp,
    ),
  ])
  site.defer(sendDue(site))
  return backTo(PATH, 'saved')
}
