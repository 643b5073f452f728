import { parseCommentId } from '../../comment/comment.ts'
import type { Site } from '../../site/site.ts'
import { ScrollableTable, Time } from '../../view/parts.tsx'
import type { DeskCall } from '../guard.ts'
import { sendDeskPage } from '../layout.tsx'
import { AUDIT_PAGE, type ListedLine, listAudit } from './audit-store.ts'

/** GET /desk/audit/ — who did what, the newest first; `?vor=ID` what was before. 200. */
export async function showAudit({ request, site, person }: DeskCall): Promise<Response> {
  const { audit } = site.texts.desk
  const before = parseCommentId(new URL(request.url).searchParams.get('vor') ?? '')
  const found = await listAudit(site.env.DB, before)
  const shown = found.slice(0, AUDIT_PAGE)
  const last = found.length > shown.length ? shown.at(-1) : undefined
  return sendDeskPage(
    site,
    person,
    { title: audit.title, part: 'audit' },
    <article>
      <h1>{audit.title}</h1>
      {shown.length === 0 && <p>{audit.none}</p>}
      <ScrollableTable label={audit.title}>
        <thead>
          <tr>
            <th scope="col">{audit.when}</th>
            <th scope="col">{audit.who}</th>
            <th scope="col">{audit.what}</th>
            <th scope="col">{audit.which}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((line) => (
            <tr key={line.id}>
              <td>
                <Time at={line.at} site={site} withTime />
              </td>
              <td>{line.name ?? audit.nobody}</td>
              <td>{sayAction(line, site)}</td>
              <td>{line.subject}</td>
            </tr>
          ))}
        </tbody>
      </ScrollableTable>
      {last && (
        <p class="pager">
          <a href={`/desk/audit/?vor=${last.id}`}>{audit.older}</a>
        </p>
      )}
    </article>,
  )
}

/** „Rolle geändert (Redaktion)“ */
function sayAction({ action, detail }: ListedLine, site: Site): string {
  const actions: Readonly<Record<string, string>> = site.texts.desk.audit.actions
  const said = actions[action] ?? action
  const more = Object.values(detail).filter((value) => value !== null && value !== '')
  return more.length > 0 ? `${said} (${more.join(', ')})` : said
}
