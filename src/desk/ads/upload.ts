import { extensionOf, kindOf, MAX_MEDIA_BYTES } from '../../article/media.ts'
import { slugify } from '../../article/slug.ts'
import { hashOfStored, storeCreative, storePicture } from '../../publish/media.ts'
import type { Site } from '../../site/site.ts'
import { mediaHash } from './campaign-store.ts'
import type { Wrong } from './form.tsx'
import { type Typed, textOf } from './typed.ts'

const FIELD = /^creatives\.(\d{1,2})\.upload$/

/**
 * Stores the pictures and HTML5 creatives that came with a campaign's form, as `PUT /api/media` does, and names each in
 * the field of its creative. What is not what it should be, or too large, is refused beside that field.
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
    const isHtml5 = textOf(typed, `creatives.${index}.kind`) === 'html5'
    const key = `creatives.${index}.${isHtml5 ? 'file' : 'image.src'}`
    const stored = isHtml5 ? await storeArchive(file, site) : await storeImage(file, site)
    if ('fault' in stored) wrong.push({ key, detail: stored.fault })
    else named.set(key, [stored.name])
  }
  return { typed: named, wrong }
}

/** The name under which the library has what was uploaded; or why it has not. */
type Stored = { name: string } | { fault: string }

async function storeImage(file: File, site: Site): Promise<Stored> {
  const fault = site.texts.problem.mediaType
  if (file.size > MAX_MEDIA_BYTES || kindOf(file.name.toLowerCase()) !== 'picture') return { fault }
  const bytes = new Uint8Array(await file.arrayBuffer())
  return (await storePicture(site.env, await nameFor(file, bytes, 'bild', site), bytes)) ?? { fault }
}

async function storeArchive(file: File, site: Site): Promise<Stored> {
  const { creative } = site.texts.problem
  if (kindOf(file.name.toLowerCase()) !== 'creative') return { fault: creative.noZip() }
  const bytes = new Uint8Array(await file.arrayBuffer())
  const stored = await storeCreative(site.env, await nameFor(file, bytes, 'anzeige', site), bytes)
  return 'fault' in stored ? { fault: creative[stored.fault](stored.got) } : stored
}

/** A name for the library. Another file of this name may be on other pages: it is not replaced by accident. */
async function nameFor(
  file: File,
  bytes: Uint8Array<ArrayBuffer>,
  nameless: string,
  { env }: Site,
): Promise<string> {
  const extension = extensionOf(file.name.toLowerCase())
  const stem = slugify(file.name.slice(0, -extension.length - 1)).slice(0, 80) || nameless
  const plain = `${stem}.${extension}`
  const [known, hash] = await Promise.all([mediaHash(env.DB, plain), hashOfStored(plain, bytes)])
  return known === null || hash === null || known === hash
    ? plain
    : `${stem}-${hash.slice(0, 8)}.${extension}`
}
