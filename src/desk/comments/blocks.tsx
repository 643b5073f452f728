import * as v from 'valibot'
import { parseCommentId } from '../../comment/comment.ts'
import { forgetKnowledge } from '../../comment/judge/knowledge.ts'
import { deleteBlock, insertBlock, listBlocks } from '../../comment/queue-store.ts'
import { Time } from '../../view/parts.tsx'
import { insertAuditIfChanged } from '../audit/audit-store.ts'
import type { DeskCall } from '../guard.ts'
import { Notice, sendDeskPage } from '../layout.tsx'
import { backTo, noticeIn } from '../notices.ts'
import { formToken } from '../session.ts'

const PATH = '/desk/blocks/'

/** What somebody types to block: a host, or a word in which `*` stands for any letters. */
const Typed = v.variant('kind', [
  v.object({
    kind: v.literal('domain'),
    value: v.pipe(
      v.string(),
      v.trim(),
      v.toLowerCase(),
      v.transform((text) => text.replace(/^https?:\/\//, '').replace(/\/.*$/, '')),
      v.regex(/^[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+$/u),
    ),
  }),
  v.object({
    kind: v.literal('word'),
    value: v.pipe(
      v.string(),
      v.normalize('NFC'),
      v.trim(),
      v.regex(/^(?=.*[\p{L}\p{N}].*[\p{L}\p{N}])[^\p{C}]{2,80}$/u),
    ),
  }),
])

/** GET /desk/blocks/ — whom and what nobody wants here. 200. */
export async function showBlocks({ request, site, person }: DeskCall): Promise<Response> {
  const { blocks } = site.texts.desk
  const [listed, token] = await Promise.all([listBlocks(site.env.DB), formToken(person, site)])
  return sendDeskPage(
    site,
    person,
    { title: blocks.title, part: 'comments' },
    <article class="desk-narrow">
      <p>
        <a href="/desk/comments/">{site.texts.desk.comments.toQueue}</a>
      </p>
      <h1>{blocks.title}</h1>
      <Notice {...noticeIn(request.url, site.texts)} />
      <form method="post" action={PATH}>
        <input type="hidden" name="token" value={token} />
        <label for="wert">{blocks.value}</label>
        <input id="wert" name="value" required autocomplete="off" />
        <p class="hint">{blocks.hint}</p>
        <p class="desk-row">
          <button type="submit" name="kind" value="word">
            {blocks.blockWord}
          </button>
          <button type="submit" class="second" name="kind" value="domain">
            {blocks.blockDomain}
          </button>
        </p>
      </form>
      {listed.length === 0 && <p>{blocks.none}</p>}
      <ul class="desk-list">
        {listed.map((one) => (
          <li key={one.id}>
            <div>
              <strong>{blocks.kinds[one.kind]}</strong>{' '}
              {one.kind === 'domain' || one.kind === 'word' ? <code>{one.value}</code> : null}
              <p class="hint">
                {one.name ?? site.texts.desk.comments.somebody} ·{' '}
                <Time at={one.createdAt} site={site} withTime />
              </p>
            </div>
            <form method="post" action={PATH}>
              <input type="hidden" name="token" value={token} />
              <button type="submit" class="second" name="lift" value={one.id}>
                {blocks.lift}
              </button>
            </form>
          </li>
        ))}
      </ul>
    </article>,
  )
}

/** POST /desk/blocks/ — blocks a word or a domain, or lifts a block. 303. */
export async function changeBlocks({ site, person, form }: DeskCall): Promise<Response> {
  const { DB } = site.env
  const note = (action: string, subject: string) =>
    insertAuditIfChanged(DB, { person: person.id, action, subject }, site.timestamp)
  const lifted = parseCommentId(form.get('lift') ?? '')
  if (lifted !== null) {
    await DB.batch([deleteBlock(DB, lifted), note('unblock', `block/${lifted}`)])
    forgetKnowledge()
    return backTo(PATH, 'saved')
  }
  const typed = v.safeParse(Typed, Object.fromEntries(form))
  if (!typed.success) return backTo(PATH, 'notBlock')
  const { kind, value } = typed.output
  await DB.batch([
    insertBlock(DB, { kind, value, person: person.id, now: site.timestamp }),
    note('block', `${kind}/${value}`),
  ])
  forgetKnowledge()
  return backTo(PATH, 'blocked')
}
