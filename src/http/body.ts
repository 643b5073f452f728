import { concat } from './bytes.ts'
import { isDeeperThan } from './depth.ts'

/** A request body that can't be used, and the status that says why. */
export type BodyProblem = { ok: false; status: 400 | 413 | 415 }
export type Body<T> = { ok: true; value: T } | BodyProblem

/** Reads a body of at most `limit` bytes, whatever its headers claim. */
export async function readBytes(
  { headers, body }: Pick<Request, 'headers' | 'body'>,
  limit: number,
): Promise<Body<Uint8Array<ArrayBuffer>>> {
  if (Number(headers.get('content-length') ?? 0) > limit) return { ok: false, status: 413 }
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    const reader = body?.getReader()
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      length += part.value.length
      if (length > limit) {
        await reader?.cancel()
        return { ok: false, status: 413 }
      }
      chunks.push(part.value)
    }
  } catch {
    return { ok: false, status: 400 } // the connection broke off
  }
  return { ok: true, value: concat(chunks) }
}

/** No document of ours is nested so deep, and whoever walks one that is would run out of stack. */
const MAX_JSON_DEPTH = 64

/** Reads JSON in UTF-8. */
export async function readJson(request: Request, limit: number): Promise<Body<unknown>> {
  if (mediaType(request) !== 'application/json') return { ok: false, status: 415 }
  const bytes = await readBytes(request, limit)
  if (!bytes.ok) return bytes
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.value))
    return isDeeperThan(MAX_JSON_DEPTH, value, membersOf) ? { ok: false, status: 400 } : { ok: true, value }
  } catch {
    return { ok: false, status: 400 }
  }
}

const membersOf = (value: unknown): unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value) : []

/** A form's fields in the order in which a browser sends them; the same name may come more than once. */
export type FormFields = readonly (readonly [name: string, value: string])[]

/** Reads an HTML form, urlencoded or multipart, into text fields; files are refused. */
export async function readFields(request: Request, limit: number): Promise<Body<FormFields>> {
  const type = mediaType(request)
  if (type !== 'application/x-www-form-urlencoded' && type !== 'multipart/form-data')
    return { ok: false, status: 415 }
  const bytes = await readBytes(request, limit)
  if (!bytes.ok) return bytes
  try {
    if (type === 'application/x-www-form-urlencoded') {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.value)
      return { ok: true, value: [...new URLSearchParams(text)] }
    }
    const header = request.headers.get('content-type') ?? ''
    const form = await new Response(bytes.value, { headers: { 'content-type': header } }).formData()
    const fields = [...form].filter((field): field is [string, string] => typeof field[1] === 'string')
    return fields.length === [...form].length ? { ok: true, value: fields } : { ok: false, status: 415 }
  } catch {
    return { ok: false, status: 400 }
  }
}

/** A form's fields, and the files that came with it: those that somebody chose. */
export interface FormUpload {
  fields: FormFields
  files: ReadonlyMap<string, File>
}

/** Reads a form of at most `limit` bytes that may bring files, of which the first of each name counts. */
export async function readUpload(request: Request, limit: number): Promise<Body<FormUpload>> {
  if (mediaType(request) !== 'multipart/form-data') {
    const fields = await readFields(request, limit)
    return fields.ok ? { ok: true, value: { fields: fields.value, files: new Map() } } : fields
  }
  const bytes = await readBytes(request, limit)
  if (!bytes.ok) return bytes
  try {
    const header = request.headers.get('content-type') ?? ''
    const form = await new Response(bytes.value, { headers: { 'content-type': header } }).formData()
    const fields: [string, string][] = []
    const files = new Map<string, File>()
    for (const [name, value] of form) {
      if (typeof value === 'string') fields.push([name, value])
      else if (value.size > 0 && !files.has(name)) files.set(name, value)
    }
    return { ok: true, value: { fields, files } }
  } catch {
    return { ok: false, status: 400 }
  }
}

/** The same for a form in which every name comes once; the first of equal names counts. */
export async function readForm(request: Request, limit: number): Promise<Body<ReadonlyMap<string, string>>> {
  const fields = await readFields(request, limit)
  return fields.ok ? { ok: true, value: firstOfEach(fields.value) } : fields
}

export function firstOfEach(fields: FormFields): ReadonlyMap<string, string> {
  const first = new Map<string, string>()
  for (const [name, value] of fields) if (!first.has(name)) first.set(name, value)
  return first
}

const mediaType = (request: Request) =>
  (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
