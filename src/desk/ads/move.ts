import * as v from 'valibot'
import type { Phase } from '../../ad/campaign.ts'
import { parseSlug, type Slug, slugify } from '../../article/slug.ts'
import { publishDocuments } from '../../publish/publish-documents.ts'
import type { Outcome } from '../../publish/wire.ts'
import type { Site } from '../../site/site.ts'
import { insertAudit } from '../audit/audit-store.ts'
import type { DeskCall } from '../guard.ts'
import { backTo, type NoticeName } from '../notices.ts'
import { findCampaign, type OpenedCampaign, takenIds } from './campaign-store.ts'

/** What changes a campaign's state and nothing else. */
export const MOVES = ['pause', 'resume', 'end'] as const
export type Move = (typeof MOVES)[number]

const STATE = { pause: 'paused', resume: 'ready', end: 'ended' } as const satisfies Record<Move, string>
const NOTICE = {
  pause: 'adPaused',
  resume: 'adResumed',
  end: 'adEnded',
} as const satisfies Record<Move, NoticeName>

/** Which moves make sense in a phase. */
export function movesFrom(phase: Phase): readonly Move[] {
  if (phase === 'paused') return ['resume', 'end']
  return phase === 'running' || phase === 'ready' ? ['pause', 'end'] : []
}

/** Where a list was that a form came from. */
const listOf = (form: DeskCall['form']) =>
  /^[a-z]+$/.test(form.get('stand') ?? '') ? `/desk/ads/?stand=${form.get('stand')}` : '/desk/ads/'

/** POST /desk/ads/ — pauses, resumes or ends the campaign `<id>.<revision>`, or makes a copy of it. 303. */
export async function moveCampaign({ site, person, form }: DeskCall): Promise<Response> {
  const seen = readSeen(form.get('campaign') ?? '')
  const campaign = seen && (await findCampaign(site.env.DB, seen.id))
  const back = listOf(form)
  if (!seen || !campaign) return backTo(back, 'notSaved')
  if (form.get('do') === 'duplicate') return duplicate(campaign, { site, person })
  const move = MOVES.find((one) => one === form.get('do'))
  if (!move) return backTo(back, 'notSaved')
  const outcome = await setState(campaign, { ...seen, state: STATE[move] }, site)
  if (outcome?.outcome !== 'updated') return backTo(back, sayFailure(outcome))
  const from = stateOf(campaign)
  await note(`${move}-ad`, campaign.id, { from, to: STATE[move] })
  const undo = `${campaign.id}.${outcome.revision}.${from}`
  return backTo(`${back}${back.includes('?') ? '&' : '?'}zurueck=${undo}`, NOTICE[move])

  function note(action: string, id: string, detail: Record<string, string>) {
    return insertAudit(
      site.env.DB,
      { person: person.id, action, subject: `ad/${id}`, detail },
      site.timestamp,
    ).run()
  }
}

/** POST /desk/ads/undo/ — gives a campaign the state back that it had, if nothing else was done with it since. 303. */
export async function undoMove({ site, person, form }: DeskCall): Promise<Response> {
  const undo = readUndo(form.get('undo') ?? '')
  const campaign = undo && (await findCampaign(site.env.DB, undo.id))
  if (!undo || !campaign) return backTo('/desk/ads/', 'notSaved')
  const outcome = await setState(campaign, { ...undo, state: undo.state || null }, site)
  if (outcome?.outcome !== 'updated') return backTo('/desk/ads/', sayFailure(outcome))
  await insertAudit(
    site.env.DB,
    { person: person.id, action: 'undo-ad', subject: `ad/${campaign.id}`, detail: { to: undo.state } },
    site.timestamp,
  ).run()
  return backTo('/desk/ads/', 'adUndone')
}

const sayFailure = (outcome: Outcome | undefined): NoticeName =>
  outcome?.outcome === 'refused' ? 'notMove' : outcome?.outcome === 'conflict' ? 'notCampaign' : 'notSaved'

/** A campaign as somebody saw it. */
function readSeen(text: string): { id: Slug; revision: number } | null {
  const [, name, revision] = /^([a-z0-9-]+)\.(\d{1,9})$/.exec(text) ?? []
  const id = parseSlug(name)
  return id ? { id, revision: Number(revision) } : null
}

/** What would be taken back, `<id>.<revision>.<state>`; no state where the campaign said nothing of it. */
export function readUndo(text: string): { id: Slug; revision: number; state: string } | null {
  const [, seen = '', state = ''] = /^(.*)\.(draft|ready|paused|ended|)$/.exec(text) ?? []
  const read = readSeen(seen)
  return read && { ...read, state }
}

/** What a campaign says of its state; empty where it says nothing, which is `ready`. */
const stateOf = ({ source }: OpenedCampaign) => v.parse(v.fallback(v.string(), ''), source.frontMatter.state)

/** Publishes a campaign with another state, if it is still as it was seen; null takes the key away. */
async function setState(
  { source }: OpenedCampaign,
  { id, revision, state }: { id: Slug; revision: number; state: string | null },
  site: Site,
): Promise<Outcome | undefined> {
  const { state: _, ...rest } = source.frontMatter
  const frontMatter = state === null ? rest : { ...rest, state }
  const outcomes = await publishDocuments(site.env, 'ad', [
    { slug: id, frontMatter, body: source.body, base: revision, origin: 'desk' },
  ])
  site.forget()
  return outcomes?.[0]
}

/** Makes a draft of the same content under a free id. */
async function duplicate(
  { id, title, source }: OpenedCampaign,
  { site, person }: Pick<DeskCall, 'site' | 'person'>,
): Promise<Response> {
  const slug = await freeId(id.replace(/-\d+$/, ''), site)
  const { state: _, name: __, ...rest } = source.frontMatter
  const frontMatter = { ...rest, name: title.slice(0, 60), state: 'draft' }
  const draft = { slug, frontMatter, body: '', base: 0, origin: 'desk' as const }
  const outcomes = await publishDocuments(site.env, 'ad', [draft])
  const [outcome] = outcomes ?? []
  if (outcome?.outcome !== 'created') return backTo('/desk/ads/', sayFailure(outcome))
  site.forget()
  await insertAudit(
    site.env.DB,
    { person: person.id, action: 'duplicate-ad', subject: `ad/${slug}`, detail: { from: id } },
    site.timestamp,
  ).run()
  return backTo(`/desk/ads/${slug}/`, 'adDuplicated')
}

/** Pages of the desk beside those of campaigns, `/desk/ads/<id>/`. */
const PAGES: readonly string[] = ['new', 'undo', 'calendar', 'outlook']

/** An id that no campaign has: the name's own, or with a number behind it. */
export async function freeId(name: string, site: Site): Promise<Slug> {
  const plain = slugify(name).slice(0, 110).replace(/-+$/, '') || 'anzeige'
  const candidates = [plain, ...Array.from({ length: 200 }, (_, n) => `${plain}-${n + 2}`)]
  const taken = await takenIds(site.env.DB, candidates)
  const free = parseSlug(candidates.find((one) => !taken.has(one) && !PAGES.includes(one)))
  if (!free) throw new Error('no id is free')
  return free
}
