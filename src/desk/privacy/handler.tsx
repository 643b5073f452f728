import * as v from 'valibot'
import { NO_STORE, plainHeaders } from '../../http/headers.ts'
import { dossierOf, erase } from '../../privacy/person.ts'
import { insertAudit } from '../audit/audit-store.ts'
import type { DeskCall } from '../guard.ts'
import { Notice, sendDeskPage } from '../layout.tsx'
import { backTo, noticeIn } from '../notices.ts'
import { Email } from '../person.ts'
import { formToken } from '../session.ts'

const PATH = '/desk/privacy/'

/** GET /desk/privacy/ — gives a person their data, or erases it. 200. */
export async function showPrivacy({ request, site, person }: DeskCall): Promise<Response> {
  const { privacy } = site.texts.desk
  const token = await formToken(person, site)
  return sendDeskPage(
    site,
    person,
    { title: privacy.title, part: 'privacy' },
    <article class="desk-narrow">
      <h1>{privacy.title}</h1>
      <Notice {...noticeIn(request.url, site.texts)} />
      <form method="post" action={PATH}>
        <p>{privacy.intro}</p>
        <input type="hidden" name="token" value={token} />
        <label for="email">{privacy.email}</label>
        <input id="email" name="email" type="email" required autocomplete="off" />
        <p class="desk-row">
          <button type="submit" name="do" value="export">
            {privacy.export}
          </button>
          <button type="submit" class="second" name="do" value="erase-person">
            {privacy.erasePerson}
          </button>
          <button type="submit" class="second" name="do" value="erase-all">
            {privacy.eraseAll}
          </button>
        </p>
      </form>
    </article>,
  )
}

/** POST /desk/privacy/ — exports (JSON) or erases; only with a passkey shown a moment ago. 200, 303. */
export async function usePrivacy({ site, person, form }: DeskCall): Promise<Response> {
  const email = v.safeParse(Email, form.get('email') ?? '')
  if (!email.success) return backTo(PATH, 'notEmail')
  const what = form.get('do')
  if (what === 'export') {
    const line = { person: person.id, action: 'export-person', subject: 'person' }
    await insertAudit(site.env.DB, line, site.timestamp).run()
    return new Response(JSON.stringify(await dossierOf(email.output, site), null, 2), {
      headers: {
        ...plainHeaders,
        ...NO_STORE,
        'content-type': 'application/json; charset=utf-8',
        'content-disposition': 'attachment; filename="person.json"',
      },
    })
  }
  if (what !== 'erase-person' && what !== 'erase-all') return backTo(PATH, 'notSaved')
  const emailHash = await site.keys.hash('email-hash', email.output)
  await erase(emailHash, what === 'erase-person', person.id, site)
  return backTo(PATH, 'erased')
}
