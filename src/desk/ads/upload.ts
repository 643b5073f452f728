import { extensionOf, kindOf, MAX_MEDIA_BYTES } from '../../article/media.ts'
import { slugify } from '../../article/slug.ts'
import { sha256 } from '../../http/bytes.ts'
import { storePicture } from '../../publish/media.ts'
import type { Site } from '../../site/site.ts'
import { pictureHash } from './campaign-store.ts'
import type { Wrong } from './form.tsx'
import type { Typed } from './typed.ts'

const FIELD = /^creatives\.(\d{1,2})\.upload$/

/**
 * Stores the pictures that came with a campaign's form, as `PUT /api/media` does, and names each in the field of its
 * creative. What is no picture, or too large, is refused beside that field.
 */
export async function storeUploads(
  typed: Typed,
  files: ReadonlyMap<string, File>,
  site: Site,
): Promise<{ typed: Typed; wrong: Wrong[] }> {
  const named = new Map(typed)
  const wrong: Wrong[] = []
  for (const [field, file] of files) {
    const [, index] = FIELD.exec(field) ?? []
    if (index === undefined) continue
    const key = `creatives.${index}.image.src`
    const name = await storeUpload(file, site)
    if (name === null) wrong.push({ key, detail: site.texts.problem.mediaType })
    else named.set(key, [name])
  }
  return { typed: named, wrong }
}

/** @returns the name under which the library has it; null where it is no picture */
async function storeUpload(file: File, site: Site): Promise<string | null> {
  const extension = extensionOf(file.name.toLowerCase())
  const stem = slugify(file.name.slice(0, -extension.length - 1)).slice(0, 80) || 'bild'
  const plain = `${stem}.${extension}`
  if (file.size > MAX_MEDIA_BYTES || kindOf(plain) !== 'picture') return null
  const bytes = new Uint8Array(await file.arrayBuffer())
  // Another picture of this name may be on other pages: it is not replaced by accident.
  const known = await pictureHash(site.env.DB, plain)
  const mark = (await sha256(bytes)).slice(0, 8)
  const stored = await storePicture(site.env, known === null ? plain : `${stem}-${mark}.${extension}`, bytes)
  return stored?.name ?? null
}
