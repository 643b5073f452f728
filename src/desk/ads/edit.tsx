import { parseSlug, type Slug } from '../../article/slug.ts'
import { publishDocuments, removeDocument } from '../../publish/publish-documents.ts'
import type { Outcome } from '../../publish/wire.ts'
import { notFound } from '../../site/errors.tsx'
import type { Site } from '../../site/site.ts'
import { ScrollableTable } from '../../view/parts.tsx'
import { insertAudit } from '../audit/audit-store.ts'
import type { DeskCall } from '../guard.ts'
import { Notice, sendDeskPage } from '../layout.tsx'
import { backTo, noticeIn } from '../notices.ts'
import { formToken, randomKey } from '../session.ts'
import { findCampaign, findMadeBy, hasRun, listPictures, type OpenedCampaign } from './campaign-store.ts'
import { CampaignFields, type FormState, type Wrong } from './form.tsx'
import { freeId } from './move.ts'
import { countOf, frontMatterFrom, type Typed, textOf, typedFrom, typedIn, without } from './typed.ts'
import { storeUploads } from './upload.ts'

const NEW = '/desk/ads/new/'
const pathOf = (id: string) => `/desk/ads/${id}/`

/** A form for a new campaign: a draft with one ad of a few words. */
const BLANK: Typed = new Map([
  ['state', ['draft']],
  ['creatives.0.kind', ['native']],
])

/** What a campaign may have (see `CampaignSource`). */
const MOST_CREATIVES = 12

/** What the page shows besides the form's fields. */
interface Page {
  typed: Typed
  /** The campaign that is edited; null for a new one. */
  id: string | null
  /** The revision that saving builds on; 0 for a new campaign. */
  revision: number
  /** By which the form of a new campaign is known again when it is sent twice. */
  key?: string
  wrong?: readonly Wrong[]
  status?: number
  /** What somebody else saved meanwhile. */
  theirs?: Typed
}

/** GET /desk/ads/new/ — the form for a new campaign. 200. */
export const showNew = (call: DeskCall): Promise<Response> =>
  sendForm(call, { typed: BLANK, id: null, revision: 0, key: randomKey() })

/** GET /desk/ads/:id/ — a campaign's form. 200, 404. */
export async function showCampaign(call: DeskCall): Promise<Response> {
  const { request, site } = call
  const campaign = await findCampaign(site.env.DB, request.params.id ?? '')
  if (!campaign) return notFound(site)
  const { id, revision, source } = campaign
  return sendForm(call, { typed: typedFrom(source.frontMatter), id, revision })
}

/** POST /desk/ads/new/ — makes a campaign. 303; 200 with another creative; 422 with what was typed. */
export const saveNew = (call: DeskCall): Promise<Response> => save(call, null)

/**
 * POST /desk/ads/:id/ — saves a campaign, or deletes a draft that never ran. 303; 200 with another creative; 404; 409 with
 * both versions; 422 with what was typed.
 */
export async function saveCampaign(call: DeskCall): Promise<Response> {
  const { request, site, form } = call
  const campaign = await findCampaign(site.env.DB, request.params.id ?? '')
  const id = parseSlug(campaign?.id)
  if (!campaign || !id) return notFound(site)
  return form.get('do') === 'delete' ? deleteDraft(campaign, id, call) : save(call, id)
}

async function save(call: DeskCall, known: Slug | null): Promise<Response> {
  const { site, person, fields, form, files } = call
  const revision = /^\d{1,9}$/.test(form.get('revision') ?? '') ? Number(form.get('revision')) : 0
  const key = /^[\w-]{43}$/.exec(form.get('form') ?? '')?.[0] ?? randomKey()
  const { typed, wrong } = await storeUploads(typedIn(fields), files, site)
  const page: Page = { typed, id: known, revision, key, wrong }
  const changed = changeCreatives(typed, form.get('do') ?? '')
  if (changed) return sendForm(call, { ...page, typed: changed })
  if (wrong.length > 0) return sendForm(call, { ...page, status: 422 })
  const slug = known ?? (await idOfNew(typed, key, site))
  const draft = {
    slug,
    frontMatter: frontMatterFrom(typed),
    body: '',
    base: revision,
    origin: 'desk' as const,
  }
  const [outcome] = (await publishDocuments(site.env, 'ad', [draft], known ? null : key)) ?? []
  return answer(outcome, slug)

  async function answer(outcome: Outcome | undefined, id: Slug): Promise<Response> {
    if (!outcome) return backTo('/desk/ads/', 'notSaved')
    if (outcome.outcome === 'refused') {
      const found = outcome.issues.map(({ key, detail }) => ({ key, detail }))
      return sendForm(call, { ...page, wrong: found, status: 422 })
    }
    if (outcome.outcome === 'conflict') {
      const theirs = await findCampaign(site.env.DB, id)
      if (!theirs) return backTo('/desk/ads/', 'notCampaign')
      const seen = typedFrom(theirs.source.frontMatter)
      return sendForm(call, { ...page, id, revision: theirs.revision, theirs: seen, status: 409 })
    }
    if (outcome.outcome !== 'unchanged') {
      site.forget()
      const action = outcome.outcome === 'created' ? 'create-ad' : 'change-ad'
      const line = { person: person.id, action, subject: `ad/${id}`, detail: { revision: outcome.revision } }
      await insertAudit(site.env.DB, line, site.timestamp).run()
    }
    return backTo(pathOf(id), 'saved')
  }
}

/**
 * The id of a new campaign: a free one, or that of the campaign that this very form has made before. In this order: whoever
 * finds an id taken by the first of two submits finds, after that, also who took it.
 */
async function idOfNew(typed: Typed, key: string, site: Site): Promise<Slug> {
  const free = await freeId(textOf(typed, 'name') || textOf(typed, 'advertiser'), site)
  const made = await findMadeBy(site.env.DB, key)
  return parseSlug(made ?? undefined) ?? free
}

/** The form with a creative more or less; null where the button was another one. */
function changeCreatives(typed: Typed, button: string): Typed | null {
  const [, added] = /^add\.(native|picture|html5)$/.exec(button) ?? []
  const count = countOf(typed, 'creatives')
  if (added && count < MOST_CREATIVES) return new Map([...typed, [`creatives.${count}.kind`, [added]]])
  const [, removed] = /^remove\.(\d{1,2})$/.exec(button) ?? []
  return removed === undefined ? null : without(typed, 'creatives', Number(removed))
}

/** What ran is counted under its id, and may not vanish: it is ended instead. */
const isDeletable = async ({ id, campaign }: OpenedCampaign, site: Site) =>
  campaign?.state === 'draft' && !(await hasRun(site.env.DB, id))

async function deleteDraft(campaign: OpenedCampaign, id: Slug, { site, person, form }: DeskCall) {
  if (form.get('revision') !== String(campaign.revision)) return backTo(pathOf(id), 'notCampaign')
  if (!(await isDeletable(campaign, site))) return backTo(pathOf(id), 'notDeleted')
  await removeDocument(site.env, 'ad', id, 'desk')
  site.forget()
  const line = { person: person.id, action: 'delete-ad', subject: `ad/${id}` }
  await insertAudit(site.env.DB, line, site.timestamp).run()
  return backTo('/desk/ads/?stand=draft', 'erased')
}

async function sendForm({ request, site, person }: DeskCall, page: Page): Promise<Response> {
  const { ads } = site.texts.desk
  const { id, revision, typed, wrong = [], theirs } = page
  const [pictures, token, stored] = await Promise.all([
    listPictures(site.env.DB),
    formToken(person, site),
    id === null ? null : findCampaign(site.env.DB, id),
  ])
  const mayDelete = stored !== null && (await isDeletable(stored, site))
  const title = id === null ? ads.fresh : (stored?.title ?? id)
  const form: FormState = { typed, wrong, site }
  return sendDeskPage(
    site,
    person,
    { title, part: 'ads', status: page.status ?? 200 },
    <article class="desk-narrow">
      <p>
        <a href="/desk/ads/">{ads.toList}</a>
      </p>
      <h1>{title}</h1>
      <Notice {...noticeIn(request.url, site.texts)} />
      {stored?.campaign && (
        <p class="desk-row">
          <a href={`${pathOf(stored.id)}preview/`}>{ads.preview}</a>{' '}
          <a href={`${pathOf(stored.id)}report/`}>{ads.report}</a>
        </p>
      )}
      <Summary form={form} />
      {theirs && <BothVersions mine={typed} theirs={theirs} id={id ?? ''} site={site} />}
      <form method="post" action={id === null ? NEW : pathOf(id)} encType="multipart/form-data" noValidate>
        <input type="hidden" name="token" value={token} />
        <input type="hidden" name="revision" value={revision} />
        {id === null && <input type="hidden" name="form" value={page.key ?? ''} />}
        {/* What the Enter key presses: the first button of a form. */}
        <button type="submit" name="do" value="save">
          {theirs ? ads.saveMine : ads.save}
        </button>
        <CampaignFields form={form} pictures={pictures} />
        <p class="desk-row">
          <button type="submit" class="second" name="do" value="add.native">
            {ads.addNative}
          </button>
          <button type="submit" class="second" name="do" value="add.picture">
            {ads.addPicture}
          </button>
          <button type="submit" class="second" name="do" value="add.html5">
            {ads.addHtml5}
          </button>
        </p>
        <p class="desk-row">
          <button type="submit" name="do" value="save">
            {theirs ? ads.saveMine : ads.save}
          </button>
          {mayDelete && (
            <button type="submit" class="second" name="do" value="delete">
              {ads.deleteDraft}
            </button>
          )}
        </p>
      </form>
    </article>,
  )
}

/** All that is wrong, each with the way to its field. */
function Summary({ form: { wrong, site } }: { form: FormState }) {
  return wrong.length === 0 ? null : (
    <div class="desk-notice wrong" role="alert">
      <p>{site.texts.desk.ads.notSaved}</p>
      <ul>
        {wrong.map(({ key, detail }) => (
          <li key={key}>
            <a href={`#${key}`}>{key}</a> {detail}
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Where two people changed the same campaign: what differs, side by side. Nothing is saved before somebody chose. */
function BothVersions({ mine, theirs, id, site }: { mine: Typed; theirs: Typed; id: string; site: Site }) {
  const { ads } = site.texts.desk
  // Both as they would be stored, so that what only a form says (an empty field) is no difference.
  const [left, right] = [typedFrom(frontMatterFrom(mine)), typedFrom(frontMatterFrom(theirs))]
  const said = (typed: Typed, name: string) => (typed.get(name) ?? []).join(', ') || '–'
  const names = [...new Set([...left.keys(), ...right.keys()])]
  return (
    <div class="desk-notice wrong" role="alert">
      <p>{ads.conflict}</p>
      <ScrollableTable label={ads.versions}>
        <thead>
          <tr>
            <th scope="col">{ads.field}</th>
            <th scope="col">{ads.mine}</th>
            <th scope="col">{ads.theirs}</th>
          </tr>
        </thead>
        <tbody>
          {names
            .filter((name) => said(left, name) !== said(right, name))
            .map((name) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{said(left, name)}</td>
                <td>{said(right, name)}</td>
              </tr>
            ))}
        </tbody>
      </ScrollableTable>
      <p>
        <a href={pathOf(id)}>{ads.takeTheirs}</a>
      </p>
    </div>
  )
}
