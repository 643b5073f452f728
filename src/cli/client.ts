import * as v from 'valibot'
import { REASONS } from '../ad/forecast.ts'
import { numbers } from '../ad/numbers.ts'
import type { CliTexts } from '../locale/cli/de.ts'
import {
  type Draft,
  type Kind,
  Listing,
  type Outcome,
  Outcomes,
  type Photo,
  RemovedFiles,
  SITE_SLUG,
  StoredDocument,
  type StoredFile,
  UnusedMedia,
} from '../publish/wire.ts'
import { SettingsSource } from '../site/settings.ts'
import { type Call, callSite } from './call.ts'
import { Failure } from './failure.ts'

/** Where a site is and what lets one in. */
export interface Target {
  /** Scheme and host, without a trailing slash. */
  url: string
  token: string
}

const StoredMedia = v.object({ name: v.string(), hash: v.string() })
const MediaListing = v.object({ items: v.array(StoredMedia) })

export const COMMENT_STATUSES = ['pending', 'approved', 'spam', 'trash'] as const
export const CommentStatus = v.picklist(COMMENT_STATUSES)
export type CommentStatus = v.InferOutput<typeof CommentStatus>

const ListedComment = v.object({
  id: v.number(),
  article: v.string(),
  name: v.string(),
  website: v.nullable(v.string()),
  text: v.string(),
  status: CommentStatus,
  createdAt: v.string(),
})
export type ListedComment = v.InferOutput<typeof ListedComment>
const CommentPage = v.object({ items: v.array(ListedComment), next: v.nullable(v.number()) })
export type CommentPage = v.InferOutput<typeof CommentPage>

const ShownComment = v.object({
  ...ListedComment.entries,
  email: v.nullable(v.string()),
  parent: v.nullable(v.number()),
})
export type ShownComment = v.InferOutput<typeof ShownComment>

const AdsReport = v.object({
  items: v.array(
    v.object({
      day: v.string(),
      campaign: v.string(),
      headline: v.nullable(v.string()),
      ...numbers,
    }),
  ),
})
export type AdsReport = v.InferOutput<typeof AdsReport>

const Amounts = v.object({ views: v.optional(v.number()), clicks: v.optional(v.number()) })
const Rate = v.nullable(v.object({ rate: v.number(), low: v.number(), high: v.number() }))
const figures = { ...numbers, viewableShare: Rate, clickRate: Rate }
const CampaignReport = v.object({
  campaign: v.string(),
  from: v.string(),
  to: v.string(),
  total: v.object(figures),
  days: v.array(v.object({ day: v.string(), ...figures })),
  placements: v.array(v.object({ placement: v.string(), ...figures })),
  creatives: v.array(v.object({ creative: v.string(), ...figures })),
  reasons: v.array(v.object({ kind: v.string(), reason: v.string(), n: v.number() })),
  contests: v.array(
    v.object({
      placements: v.array(v.string()),
      creatives: v.array(v.string()),
      verdict: v.picklist(['too-early', 'no-difference-yet', 'better']),
      best: v.nullable(v.number()),
      chances: v.array(v.number()),
      expectedLoss: v.number(),
    }),
  ),
  sums: v.array(v.object({ day: v.string(), creative: v.string(), placement: v.string(), ...numbers })),
})
export type CampaignReport = v.InferOutput<typeof CampaignReport>

const ListedAd = v.object({
  id: v.string(),
  name: v.string(),
  revision: v.number(),
  advertiser: v.optional(v.string()),
  /** Null where the site can't read it any more. */
  phase: v.nullable(v.picklist(['draft', 'ready', 'running', 'paused', 'ended'])),
  start: v.optional(v.nullable(v.string())),
  end: v.optional(v.nullable(v.string())),
  priority: v.optional(v.string()),
  weight: v.optional(v.number()),
  budget: v.optional(Amounts),
  placements: v.optional(v.nullable(v.array(v.string()))),
})
export type ListedAd = v.InferOutput<typeof ListedAd>
const AdsForecast = v.object({
  campaigns: v.array(
    v.object({
      id: v.string(),
      name: v.string(),
      budget: Amounts,
      end: v.nullable(v.string()),
      counted: v.object({ views: v.number(), clicks: v.number() }),
      forecast: v.object({
        reason: v.picklist(REASONS),
        reachedOn: v.nullable(v.string()),
        of: v.nullable(v.picklist(['views', 'clicks'])),
        expected: v.nullable(v.number()),
        isShort: v.boolean(),
      }),
    }),
  ),
  conflicts: v.array(
    v.object({
      day: v.string(),
      campaigns: v.array(v.string()),
      sold: v.number(),
      available: v.number(),
    }),
  ),
  room: v.array(
    v.object({
      day: v.string(),
      shelves: v.array(v.object({ placement: v.string(), section: v.string(), views: v.number() })),
    }),
  ),
})
const AdPage = v.object({ items: v.array(ListedAd), next: v.nullable(v.string()) })

const Erased = v.object({ comments: v.number() })
const Rotated = v.object({
  changed: v.number(),
  unreadable: v.number(),
  next: v.nullable(v.object({ column: v.number(), after: v.number() })),
})
export type Rotated = v.InferOutput<typeof Rotated>
const Judged = v.object({ items: v.array(v.object({ verdict: v.string() })) })
const Explained = v.object({
  id: v.number(),
  status: v.string(),
  total: v.number(),
  reasons: v.array(v.object({ signal: v.string(), score: v.number(), said: v.string() })),
})
export type Explained = v.InferOutput<typeof Explained>

const ImportOutcome = v.object({
  outcome: v.picklist(['created', 'exists', 'skipped']),
  reason: v.optional(v.picklist(['invalid', 'no-article'])),
})
export type ImportOutcome = v.InferOutput<typeof ImportOutcome>
const Imported = v.object({ outcomes: v.array(ImportOutcome) })
const Exported = v.object({
  items: v.array(v.record(v.string(), v.nullable(v.string()))),
  next: v.nullable(v.number()),
})
export type Exported = v.InferOutput<typeof Exported>

const Invited = v.object({ link: v.string(), expiresAt: v.string() })
export type Invited = v.InferOutput<typeof Invited>

/**
 * A site as the command line sees it: its publishing API. Every answer is parsed;
 * whatever goes wrong on the way is a `Failure` in one line.
 */
export class SiteClient {
  readonly target: Target
  readonly #texts: CliTexts

  constructor(target: Target, texts: CliTexts) {
    this.target = target
    this.#texts = texts
  }

  list = (kind: Kind): Promise<Listing> => this.#get(`/api/${kind}`, Listing)

  listMedia = async () => (await this.#get('/api/media', MediaListing)).items

  /** The settings the site runs with; null before the first. */
  async settings(): Promise<SettingsSource | null> {
    const answer = await this.#call({ path: `/api/site/${SITE_SLUG}`, allow: [404] })
    if (answer.status === 404) return null
    return this.#read(SettingsSource, this.#read(StoredDocument, answer.value).frontMatter)
  }

  /** Publishes documents; null while the site has no settings. */
  async publish(kind: Kind, drafts: readonly Draft[], what: string): Promise<Outcome[] | null> {
    const answer = await this.#call({
      path: `/api/${kind}`,
      method: 'POST',
      json: { items: drafts },
      allow: [409],
      what,
    })
    return answer.status === 409 ? null : this.#read(Outcomes, answer.value).items
  }

  /** Stores a picture; the site's reason when it does not take it. */
  async putMedia(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<string | null> {
    const answer = await this.#call({
      path: `/api/media/${name}`,
      method: 'PUT',
      bytes,
      allow: [404, 415, 422],
      what: name,
    })
    return answer.status === 200 ? null : answer.title
  }

  /** The bytes of a picture or an HTML5 creative as it was stored; null where its original is not on the site. */
  async findMedia(name: string): Promise<Uint8Array | null> {
    const answer = await this.#call({ path: `/api/media/${name}`, allow: [404] })
    return answer.status === 404 ? null : answer.bytes
  }

  /** Stores one width of a photograph, or a social picture; the site's reason when it does not take it. */
  putMediaFile = (name: string, file: string, bytes: Uint8Array<ArrayBuffer>): Promise<string | null> =>
    this.#putFile({ path: `/api/media/${name}/${file}`, bytes, what: file })

  /** Stores a recording; the site's reason when it does not take it. */
  async putRecording(name: string, file: string, bytes: Uint8Array<ArrayBuffer>): Promise<string | null> {
    const digest = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('base64')
    const headers = { 'content-digest': `sha-256=:${digest}:` }
    return this.#putFile({ path: `/api/media/${name}/${file}`, bytes, headers, what: name })
  }

  async #putFile(call: Call): Promise<string | null> {
    const answer = await this.#call({ ...call, method: 'PUT', allow: [404, 422] })
    return answer.status === 204 ? null : answer.title
  }

  /** A page of the files that nothing names any more. */
  listUnusedMedia = (after: string | null): Promise<UnusedMedia> =>
    this.#get(`/api/unused-media${after === null ? '' : `?${new URLSearchParams({ after })}`}`, UnusedMedia)

  /** Removes files that nothing names; says which were removed. */
  async removeUnusedMedia(files: readonly string[]): Promise<string[]> {
    const answer = await this.#call({ path: '/api/unused-media', method: 'POST', json: { files } })
    return this.#read(RemovedFiles, answer.value).removed
  }

  /** Enters in the library what is stored; the site's reason when it does not take it. */
  async enterMedia(name: string, photo: Photo | StoredFile): Promise<string | null> {
    const answer = await this.#call({
      path: `/api/media/${name}`,
      method: 'POST',
      json: photo,
      allow: [404, 409],
      what: name,
    })
    return answer.status === 200 ? null : answer.title
  }

  /** Takes a document or picture off the site; false when it was not there. */
  async remove(kind: Exclude<Kind, 'site'> | 'media', name: string): Promise<boolean> {
    const answer = await this.#call({
      path: `/api/${kind}/${encodeURIComponent(name)}`,
      method: 'DELETE',
      allow: [404],
    })
    return answer.status !== 404
  }

  listComments = (status: CommentStatus | undefined, before: number | null): Promise<CommentPage> => {
    const query = new URLSearchParams({
      ...(status ? { status } : {}),
      ...(before === null ? {} : { before: String(before) }),
    })
    return this.#get(`/api/comments?${query}`, CommentPage)
  }

  /** A comment with what only the newsroom sees; null when there is none. */
  async showComment(id: number): Promise<ShownComment | null> {
    const answer = await this.#call({ path: `/api/comments/${id}`, allow: [404] })
    return answer.status === 404 ? null : this.#read(ShownComment, answer.value)
  }

  /** Moderates a comment; false when there is none. */
  async setCommentStatus(id: number, status: CommentStatus): Promise<boolean> {
    const answer = await this.#call({
      path: `/api/comments/${id}`,
      method: 'POST',
      json: { status },
      allow: [404],
    })
    return answer.status !== 404
  }

  async deleteComment(id: number): Promise<boolean> {
    return (await this.#call({ path: `/api/comments/${id}`, method: 'DELETE', allow: [404] })).status !== 404
  }

  /** Invites somebody to the newsroom; the link lets them in once, for an hour. */
  async invite(person: { name: string; email: string; role: string }): Promise<Invited | null> {
    const answer = await this.#call({ path: '/api/desk/people', method: 'POST', json: person, allow: [400] })
    return answer.status === 400 ? null : this.#read(Invited, answer.value)
  }

  /** Everything held on an address; null where it is none. */
  async exportPerson(email: string): Promise<unknown> {
    const answer = await this.#call({
      path: '/api/person/export',
      method: 'POST',
      json: { email },
      allow: [400],
    })
    return answer.status === 400 ? null : answer.value
  }

  /** Erases a person; null where the address is none. */
  async erasePerson(email: string, texts: 'keep' | 'remove'): Promise<{ comments: number } | null> {
    const json = { email, texts }
    const answer = await this.#call({ path: '/api/person/erase', method: 'POST', json, allow: [400] })
    return answer.status === 400 ? null : this.#read(Erased, answer.value)
  }

  /** Encrypts some more values with the newest key. */
  async rotateKeys(from: { column: number; after: number }): Promise<Rotated> {
    return this.#read(
      Rotated,
      (await this.#call({ path: '/api/keys/rotate', method: 'POST', json: from })).value,
    )
  }

  /** What would become of comments. */
  async judge(items: readonly { text: string; name: string; website: string | null }[]): Promise<string[]> {
    const plain = items.map(({ text, name, website }) => ({ text, name, website }))
    const answer = await this.#call({ path: '/api/judge', method: 'POST', json: { items: plain } })
    return this.#read(Judged, answer.value).items.map(({ verdict }) => verdict)
  }

  /** Why a comment was judged as it was; null where there is none. */
  async explain(id: string): Promise<Explained | null> {
    const answer = await this.#call({ path: `/api/comments/${encodeURIComponent(id)}/verdict`, allow: [404] })
    return answer.status === 404 ? null : this.#read(Explained, answer.value)
  }

  /** Imports comments; an outcome for each. */
  async importComments(items: readonly unknown[]): Promise<ImportOutcome[]> {
    const answer = await this.#call({ path: '/api/comments', method: 'POST', json: { items } })
    return this.#read(Imported, answer.value).outcomes
  }

  /** The next comments behind a number, with everything. */
  exportComments = (after: number): Promise<Exported> =>
    this.#get(`/api/comments/export?after=${after}`, Exported)

  adsReport = (range: Record<string, string>): Promise<AdsReport> =>
    this.#get(`/api/ads-report?${new URLSearchParams(range)}`, AdsReport)

  /** What a campaign has brought; null where there is none. */
  async adReport(id: string, range: Record<string, string>): Promise<CampaignReport | null> {
    const answer = await this.#call({
      path: `/api/ads/${id}/report?${new URLSearchParams(range)}`,
      allow: [404],
    })
    return answer.status === 404 ? null : this.#read(CampaignReport, answer.value)
  }

  /** The campaigns behind an id, with their phases. */
  listCampaigns = (after: string) => this.#get(`/api/campaigns?${new URLSearchParams({ after })}`, AdPage)

  /** Where sold campaigns stand, where there is not enough room for them, and what room there will be. */
  adsForecast = () => this.#get('/api/ads-forecast', AdsForecast)

  /** A campaign as it was written; null where there is none. */
  async findAd(id: string) {
    const answer = await this.#call({ path: `/api/ads/${id}`, allow: [404] })
    return answer.status === 404 ? null : this.#read(StoredDocument, answer.value)
  }

  async #get<S extends v.GenericSchema>(path: string, schema: S): Promise<v.InferOutput<S>> {
    return this.#read(schema, (await this.#call({ path })).value)
  }

  #call(call: Call) {
    return callSite(this.target, call, this.#texts)
  }

  #read<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> {
    const parsed = v.safeParse(schema, value)
    if (!parsed.success) throw new Failure(this.#texts.site.notOurs(this.target.url))
    return parsed.output
  }
}
