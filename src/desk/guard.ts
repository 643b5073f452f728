import type { IRequest } from 'itty-router'
import { MAX_MEDIA_BYTES } from '../article/media.ts'
import {
  type Body,
  type FormFields,
  type FormUpload,
  firstOfEach,
  readFields,
  readUpload,
} from '../http/body.ts'
import { equalInConstantTime } from '../http/keys.ts'
import { badBody, foreignOrigin } from '../site/errors.tsx'
import type { Site } from '../site/site.ts'
import { refuseForm, refusePerson, sendToConfirm, sendToSignIn } from './answers.tsx'
import type { Session } from './person.ts'
import { may, type Permission } from './roles.ts'
import { formToken, isFresh, readSession } from './session.ts'
import { enterByAccess } from './sign-in/access.ts'

/** A request of somebody who may make it. */
export interface DeskCall {
  request: IRequest
  site: Site
  person: Session
  /** What was sent with it; empty for a look. */
  fields: FormFields
  /** The first of each name. */
  form: ReadonlyMap<string, string>
  /** The files that came with it, by the name of their field; none where the route takes none. */
  files: ReadonlyMap<string, File>
}
export type DeskHandler = (call: DeskCall) => Promise<Response>

/** Who may ask, and whether they have to show a passkey first because what they do can't be taken back. */
export interface Rule {
  permission: Permission
  isFresh: boolean
  /** Whether its form may bring pictures. */
  hasFiles: boolean
}

/** Largest form of the desk, in bytes: a decision about a thousand comments, or a comment that was shortened. */
const MAX_FORM_BYTES = 256 * 1024
/** The same with pictures: a few of the largest that the library takes. */
const MAX_UPLOAD_BYTES = 3 * MAX_MEDIA_BYTES + MAX_FORM_BYTES

const NOTHING: FormUpload = { fields: [], files: new Map() }

async function readSent(request: IRequest, hasFiles: boolean): Promise<Body<FormUpload>> {
  if (hasFiles) return readUpload(request, MAX_UPLOAD_BYTES)
  const fields = await readFields(request, MAX_FORM_BYTES)
  return fields.ok ? { ok: true, value: { ...NOTHING, fields: fields.value } } : fields
}

/**
 * Lets a request through to a handler of the desk: signed in, in a role that may, and for a form from a page of this
 * site with the token of this very session. 303 to signing in, 403 for all else.
 */
export const guarded =
  ({ permission, isFresh: mustBeFresh, hasFiles }: Rule, handler: DeskHandler) =>
  async (request: IRequest, site: Site): Promise<Response> => {
    await site.snapshot()
    const isWrite = request.method !== 'GET' && request.method !== 'HEAD'
    if (isWrite && !isFromDesk(request, site)) return foreignOrigin(site)
    const person = await readSession(request, site)
    if (!person) return (await enterByAccess(request, site)) ?? sendToSignIn(request, site)
    if (!may(person.role, permission)) return refusePerson(person, site)
    const sent = isWrite ? await readSent(request, hasFiles) : { ok: true as const, value: NOTHING }
    if (!sent.ok) return badBody(site, sent.status)
    const { fields, files } = sent.value
    const form = firstOfEach(fields)
    if (isWrite && !(await equalInConstantTime(form.get('token') ?? '', await formToken(person, site))))
      return refuseForm(person, site)
    if (isWrite && mustBeFresh && !isFresh(person, site.now)) return sendToConfirm(request, person, site)
    return handler({ request, site, person, fields, form, files })
  }

/** Whether a browser sent this from a page of the desk: stricter than for readers, for programs have nothing to do here. */
export const isFromDesk = ({ headers }: IRequest, site: Site): boolean =>
  headers.get('origin') === site.requestOrigin

/** An address within the desk to go on to; the desk's own for anything else (no open redirect). */
export function nextPath(text: string | null | undefined): string {
  return /^\/desk\/(?:[\w-]+\/)*(?:\?[\w=&.%~-]*)?(?:#[\w-]*)?$/.test(text ?? '') ? (text ?? '') : '/desk/'
}
