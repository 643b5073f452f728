import type { IRequest } from 'itty-router'
import * as v from 'valibot'
import { MediaName } from '../article/article.ts'
import { extensionOf, kindOf, MAX_MEDIA_BYTES, MAX_RECORDING_BYTES } from '../article/media.ts'
import { isSocialName } from '../article/social.ts'
import { readBytes, readJson } from '../http/body.ts'
import { plainHeaders } from '../http/headers.ts'
import { json, noContent, problem } from '../http/problem.ts'
import type { Site } from '../site/site.ts'
import { bodyProblem } from './api.ts'
import { enterPhoto, storeCreative, storePicture, storeSocial, storeVariant } from './media.ts'
import { enterFile, storeRecording } from './recordings.ts'
import { deleteMedia, libraryOf, readMedia, selectAllMedia, selectMediaNamedIn } from './store.ts'
import { removeUnused, unusedMedia } from './unused-media.ts'
import { MAX_REQUEST_BYTES, Photo, StoredFile, UnusedFiles } from './wire.ts'

/** The part of the publishing API that takes pictures and recordings. */

/** GET /api/media — the library. */
export const listMedia = async (_: IRequest, site: Site) =>
  json({ items: readMedia((await selectAllMedia(site.env.DB).all()).results) })

const nameOf = (request: IRequest): string | null => {
  const name = v.safeParse(MediaName, request.params.name)
  return name.success ? name.output : null
}

/** GET /api/media/:name — a file as it was stored. 200; 404, also for a photograph, of which only other widths are kept. */
export const getMedia = async (request: IRequest, site: Site) => {
  const name = nameOf(request)
  const rows = name && (await selectMediaNamedIn(site.env.DB, name).all()).results
  const media = name && rows && libraryOf(readMedia(rows)).get(name)
  const stored = media && (await site.env.MEDIA.get(`${media.hash}.${extensionOf(name)}`))
  if (!stored) return problem(404, site.texts.problem.notFound)
  const type = { 'content-type': 'application/octet-stream', 'cache-control': 'no-store' }
  return new Response(stored.body, { headers: { ...plainHeaders, ...type } })
}

/** PUT /api/media/:name — stores a picture's bytes or an HTML5 creative. 200, or 404, 413, 415, 422. */
export const putMedia = async (request: IRequest, site: Site) => {
  const name = nameOf(request)
  const kind = name && kindOf(name)
  if (!name || (kind !== 'picture' && kind !== 'creative')) return problem(404, site.texts.problem.notFound)
  const bytes = await readBytes(request, MAX_MEDIA_BYTES)
  if (!bytes.ok) return bodyProblem(bytes, site)
  if (kind === 'creative') return putCreative(name, bytes.value, site)
  const stored = await storePicture(site.env, name, bytes.value)
  return stored ? json(stored) : problem(422, site.texts.problem.mediaType)
}

async function putCreative(name: string, bytes: Uint8Array<ArrayBuffer>, site: Site): Promise<Response> {
  const stored = await storeCreative(site.env, name, bytes)
  if (!('fault' in stored)) return json(stored)
  return problem(422, site.texts.problem.creative[stored.fault](stored.got))
}

/**
 * PUT /api/media/:name/:file — stores one width of a photograph in one format, a social picture, or a recording whose
 * content is what `content-digest` says (RFC 9530). 204, or 404, 413, 422.
 */
export const putMediaFile = async (request: IRequest, site: Site) => {
  const name = nameOf(request)
  const file = request.params.file ?? ''
  if (!name) return problem(404, site.texts.problem.notFound)
  if (kindOf(name) !== 'picture') return putRecording(file, request, site)
  const bytes = await readBytes(request, MAX_MEDIA_BYTES)
  if (!bytes.ok) return bodyProblem(bytes, site)
  const store = isSocialName(name) ? storeSocial : storeVariant
  const isStored = await store(site.env, file, bytes.value)
  return isStored ? noContent() : problem(422, site.texts.problem.mediaType)
}

async function putRecording(file: string, request: IRequest, site: Site): Promise<Response> {
  const length = Number(request.headers.get('content-length') ?? Number.NaN)
  if (!(length <= MAX_RECORDING_BYTES)) return bodyProblem({ ok: false, status: 413 }, site)
  const digest = request.headers.get('content-digest')
  const isStored = request.body && (await storeRecording(site.env, file, request.body, digest))
  return isStored ? noContent() : problem(422, site.texts.problem.mediaType)
}

/** POST /api/media/:name — enters in the library what is stored. 200, or 400, 404, 409, 413. */
export const enterMedia = async (request: IRequest, site: Site) => {
  const name = nameOf(request)
  if (!name) return problem(404, site.texts.problem.notFound)
  const read = await readJson(request, MAX_REQUEST_BYTES)
  if (!read.ok) return bodyProblem(read, site)
  const isPhoto = kindOf(name) === 'picture' && !isSocialName(name)
  const entry = v.safeParse(isPhoto ? Photo : StoredFile, read.value)
  if (!entry.success) return problem(400, site.texts.problem.malformed, { detail: v.summarize(entry.issues) })
  const entered =
    'widths' in entry.output
      ? await enterPhoto(site.env, { name, ...entry.output })
      : await enterFile(site.env, { name, ...entry.output })
  return entered ? json(entered) : problem(409, site.texts.problem.mediaMissing)
}

/** DELETE /api/media/:name — forgets a file's name; the bytes stay, pages may still show them. 204, 404. */
export const removeMedia = async (request: IRequest, site: Site) => {
  const removed = await deleteMedia(site.env.DB, request.params.name ?? '').run()
  return removed.meta.changes > 0 ? noContent() : problem(404, site.texts.problem.notFound)
}

/** GET /api/unused-media — files that nothing names any more, by pages: `?after=` goes on. */
export const listUnused = async ({ url }: IRequest, site: Site) =>
  json(await unusedMedia(site.env, new URL(url).searchParams.get('after'), site.now))

/** POST /api/unused-media — removes those of the named files that nothing names; says which. 200, 400, 413. */
export const pruneUnused = async (request: IRequest, site: Site) => {
  const read = await readJson(request, MAX_REQUEST_BYTES)
  if (!read.ok) return bodyProblem(read, site)
  const asked = v.safeParse(UnusedFiles, read.value)
  if (!asked.success) return problem(400, site.texts.problem.malformed, { detail: v.summarize(asked.issues) })
  return json({ removed: await removeUnused(site.env, asked.output.files, site.now) })
}
