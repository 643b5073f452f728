import type { IRequest } from 'itty-router'
import * as v from 'valibot'
import { parseSlug } from '../article/slug.ts'
import { findSource, readCatalogue, removeArticle, selectCatalogue } from '../article/store.ts'
import { announce } from '../feed/hub.ts'
import { type BodyProblem, readJson } from '../http/body.ts'
import { json, noContent, problem } from '../http/problem.ts'
import type { Site } from '../site/site.ts'
import { publishArticles } from './articles.ts'
import { readDeskChanges, selectDeskChanges } from './desk-change-store.ts'
import { publishDocuments, removeDocument } from './publish-documents.ts'
import { type DocumentKind, readDocuments, selectDocuments } from './store.ts'
import {
  DocumentBatch,
  DocumentBody,
  type Draft,
  type Kind,
  type Listed,
  type Listing,
  MAX_REQUEST_BYTES,
  type Outcome,
  SITE_SLUG,
} from './wire.ts'

/** The handlers of the publishing API. Who may call them is decided before (see `authorise.ts`). */

const DOCUMENT_KIND: Record<Exclude<Kind, 'articles'>, DocumentKind> = {
  pages: 'page',
  ads: 'ad',
  authors: 'author',
  site: 'site',
}

/** GET /api/{kind} — every published document's slug, hash and revision, so that a client sends only what changed. */
export const list = (kind: Kind) => async (_: IRequest, site: Site) => {
  const rows =
    kind === 'articles'
      ? readCatalogue((await selectCatalogue(site.env.DB).all()).results)
      : readDocuments((await selectDocuments(site.env.DB, DOCUMENT_KIND[kind]).all()).results)
  const items = rows.map(({ slug, hash, revision, media }) => ({ slug, hash, revision, media }) as Listed)
  return json(kind === 'ads' ? await withDeskChanges(items, site) : { items })
}

/** Campaigns, with what was done to them at the desk. */
async function withDeskChanges(items: Listed[], { env }: Site): Promise<Listing> {
  const changes = readDeskChanges((await selectDeskChanges(env.DB).all()).results)
  const present = new Set<string>(items.map(({ slug }) => slug))
  return {
    items: items.map((item) => {
      const change = changes.get(item.slug)
      return change ? { ...item, desk: { mark: change.mark, filed: change.filed } } : item
    }),
    deleted: [...changes.keys()].filter((id) => !present.has(id)),
  }
}

/** GET /api/{kind}/:slug — a document as it was written. 404. */
export const show = (kind: Kind) => async (request: IRequest, site: Site) => {
  const slug = slugFor(kind, request)
  const found =
    slug &&
    (kind === 'articles'
      ? await findArticle(site, slug)
      : await findDocument(site, DOCUMENT_KIND[kind], slug))
  return found ? json(found) : problem(404, site.texts.problem.notFound)
}

async function findArticle(site: Site, slug: string) {
  const row = await findSource(site.env.DB, slug)
  return (
    row && { slug, revision: row.revision, hash: row.hash, frontMatter: row.front_matter, body: row.body }
  )
}

async function findDocument(site: Site, kind: DocumentKind, slug: string) {
  const rows = readDocuments((await selectDocuments(site.env.DB, kind).all()).results)
  const row = rows.find((one) => one.slug === slug)
  return row && { slug, revision: row.revision, hash: row.hash, ...row.source }
}

/** PUT /api/{kind}/:slug — publishes one document. 201, 200, or 400, 404, 409, 413, 422. */
export const put = (kind: Kind) => async (request: IRequest, site: Site) => {
  const slug = slugFor(kind, request)
  if (!slug) return problem(404, site.texts.problem.notFound)
  const read = await readJson(request, MAX_REQUEST_BYTES)
  if (!read.ok) return bodyProblem(read, site)
  const body = v.safeParse(DocumentBody, read.value)
  if (!body.success) return problem(400, site.texts.problem.malformed, { detail: v.summarize(body.issues) })
  const outcomes = await publish(kind, [{ slug, ...body.output }], site)
  return outcomes?.[0] ? answer(outcomes[0], site) : problem(409, site.texts.problem.noSite)
}

/** POST /api/{kind} — publishes many documents in one request; each has an outcome of its own. 200, 400, 409, 413. */
export const putMany = (kind: Kind) => async (request: IRequest, site: Site) => {
  const read = await readJson(request, MAX_REQUEST_BYTES)
  if (!read.ok) return bodyProblem(read, site)
  const batch = v.safeParse(DocumentBatch, read.value)
  if (!batch.success) return problem(400, site.texts.problem.malformed, { detail: v.summarize(batch.issues) })
  const drafts = [...new Map(batch.output.items.map((draft) => [draft.slug, draft])).values()]
  if (drafts.length < batch.output.items.length)
    return problem(400, site.texts.problem.malformed, { detail: 'duplicate slug' })
  const outcomes = await publish(kind, drafts, site)
  return outcomes ? json({ items: outcomes }) : problem(409, site.texts.problem.noSite)
}

/** DELETE /api/{kind}/:slug — takes a document off the site. 204, 404. */
export const remove = (kind: Exclude<Kind, 'site'>) => async (request: IRequest, site: Site) => {
  const slug = parseSlug(request.params.slug)
  const isRemoved =
    slug &&
    (kind === 'articles'
      ? await removeArticle(site.env, slug)
      : await removeDocument(site.env, DOCUMENT_KIND[kind], slug))
  site.forget()
  return isRemoved ? noContent() : problem(404, site.texts.problem.notFound)
}

async function publish(kind: Kind, drafts: Draft[], site: Site): Promise<Outcome[] | null> {
  const outcomes =
    kind === 'articles'
      ? await publishArticles(site.env, drafts, site.now)
      : await publishDocuments(site.env, DOCUMENT_KIND[kind], drafts)
  const changed = outcomes?.filter(({ outcome }) => outcome === 'created' || outcome === 'updated') ?? []
  if (changed.length === 0) return outcomes
  site.forget()
  if (kind === 'articles')
    site.defer(
      announce(
        changed.map(({ slug }) => slug),
        site,
      ),
    )
  return outcomes
}

function answer(outcome: Outcome, { texts }: Site): Response {
  if (outcome.outcome === 'refused') return problem(422, texts.problem.invalid, { errors: outcome.issues })
  if (outcome.outcome === 'conflict') return problem(409, texts.problem.conflict, { theirs: outcome.theirs })
  return json(outcome, outcome.outcome === 'created' ? 201 : 200)
}

const slugFor = (kind: Kind, request: IRequest) =>
  parseSlug(kind === 'site' ? SITE_SLUG : request.params.slug)

/** Says why a request's body can't be used. */
export const bodyProblem = ({ status }: BodyProblem, { texts }: Site) =>
  problem(status, status === 413 ? texts.problem.tooLarge : texts.problem.malformed)
