import { imageSize } from 'image-size'
import { extensionOf, FORMATS, MEDIA_TYPES, type Media, mediaPath, variantFile } from '../article/media.ts'
import { SOCIAL_SIZE } from '../article/social.ts'
import type { Env } from '../env.ts'
import { fromUtf8, sha256, utf8 } from '../http/bytes.ts'
import { type Unpacked, unpackCreative } from '../media/html5.ts'
import { sanitiseSvg } from '../media/svg.ts'
import { upsertMedia } from './store.ts'

const TYPE_OF_EXTENSION: Readonly<Record<string, string>> = { jpg: 'jpg', jpeg: 'jpg', avif: 'avif' }

/** Measures a picture; null when its bytes are not what its name says. */
export function measurePicture(name: string, bytes: Uint8Array): { width: number; height: number } | null {
  try {
    const { width, height, type, orientation = 1 } = imageSize(bytes)
    const extension = extensionOf(name)
    const isAsNamed =
      type === (TYPE_OF_EXTENSION[extension] ?? extension) || (extension === 'avif' && type === 'heif')
    if (!isAsNamed || width <= 0 || height <= 0) return null
    const size = { width: Math.round(width), height: Math.round(height) }
    // A camera that was held upright says so (Exif 2.3, 4.6.4): browsers turn the picture, and so its sides.
    return orientation >= 5 ? { width: size.height, height: size.width } : size
  } catch {
    return null
  }
}

/** The content hash by which a file is stored. */
const hashOf = async (bytes: Uint8Array<ArrayBuffer>) => (await sha256(bytes)).slice(0, 32)

/** A picture's bytes as they are stored; null for a drawing that can't be cleaned of what it must not have. */
function cleanPicture(name: string, sent: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | null {
  if (extensionOf(name) !== 'svg') return sent
  const clean = sanitiseSvg(fromUtf8(sent))
  return clean === null ? null : utf8(clean)
}

/** The content hash that a picture or an HTML5 creative is stored under; null where it is none. */
export async function hashOfStored(name: string, sent: Uint8Array<ArrayBuffer>): Promise<string | null> {
  const bytes = cleanPicture(name, sent)
  return bytes && hashOf(bytes)
}

/**
 * Stores a picture under its content hash, then enters it in the library. Null when it is no picture. A drawing is
 * stored without what it must not have.
 */
export async function storePicture(
  env: Env,
  name: string,
  sent: Uint8Array<ArrayBuffer>,
): Promise<Media | null> {
  const bytes = cleanPicture(name, sent)
  const size = bytes && measurePicture(name, bytes)
  if (!size) return null
  const hash = await hashOf(bytes)
  await putFile(env, `${hash}.${extensionOf(name)}`, bytes)
  const media = { name, hash, ...size, widths: [] }
  await upsertMedia(env.DB, media, bytes.length).run()
  return { ...media, src: mediaPath(media) }
}

/** Stores an HTML5 creative as it was packed, and enters it in the library; or says what is wrong with it. */
export async function storeCreative(
  env: Env,
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Media | Extract<Unpacked, { ok: false }>> {
  const unpacked = unpackCreative(bytes)
  if (!unpacked.ok) return unpacked
  const hash = await hashOf(bytes)
  await putFile(env, `${hash}.zip`, bytes)
  const media = { name, hash, width: 0, height: 0, widths: [] }
  await upsertMedia(env.DB, media, bytes.length).run()
  return { ...media, src: mediaPath(media) }
}

/** A file of a photograph, as its name has to look: `<hash>-<width>.<format>`. */
const VARIANT = /^[0-9a-f]{32}-(\d{2,4})\.(avif|webp|jpg)$/

/** Stores one width of a photograph in one format; false when it is not what its name says. */
export async function storeVariant(env: Env, file: string, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const [, width] = VARIANT.exec(file) ?? []
  if (!width || measurePicture(file, bytes)?.width !== Number(width)) return false
  await putFile(env, file, bytes)
  return true
}

/** A social picture's file: the hash is of what it says (see `article/social.ts`). */
const SOCIAL = /^[0-9a-f]{32}\.png$/

/** Stores a social picture; false when it is not what its name says. */
export async function storeSocial(env: Env, file: string, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const size = SOCIAL.test(file) ? measurePicture(file, bytes) : null
  if (size?.width !== SOCIAL_SIZE.width || size.height !== SOCIAL_SIZE.height) return false
  await putFile(env, file, bytes)
  return true
}

/** Enters a photograph in the library once all its files are stored; null while one of them is missing. */
export async function enterPhoto(env: Env, media: Omit<Media, 'src'>): Promise<Media | null> {
  const files = media.widths.flatMap((width) =>
    FORMATS.map((format) => variantFile(media.hash, width, format)),
  )
  const found = await Promise.all(files.map((file) => env.MEDIA.head(file)))
  const bytes = found.reduce((sum, object) => sum + (object?.size ?? 0), 0)
  if (files.length === 0 || found.includes(null)) return null
  await upsertMedia(env.DB, media, bytes).run()
  return { ...media, src: mediaPath(media) }
}

const putFile = (env: Env, file: string, bytes: Uint8Array<ArrayBuffer>) =>
  env.MEDIA.put(file, bytes, {
    httpMetadata: { contentType: MEDIA_TYPES[extensionOf(file)] ?? 'application/octet-stream' },
  })
