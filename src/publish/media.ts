import { imageSize } from 'image-size'
import { extensionOf, MEDIA_TYPES, type Media, mediaPath } from '../article/media.ts'
import type { Env } from '../env.ts'
import { sha256 } from '../http/bytes.ts'
import { upsertMedia } from './store.ts'

const TYPE_OF_EXTENSION: Readonly<Record<string, string>> = { jpg: 'jpg', jpeg: 'jpg', avif: 'avif' }

/** Measures a picture; null when its bytes are not what its name says. */
export function measurePicture(name: string, bytes: Uint8Array): { width: number; height: number } | null {
  try {
    const { width, height, type } = imageSize(bytes)
    const extension = extensionOf(name)
    const isAsNamed =
      type === (TYPE_OF_EXTENSION[extension] ?? extension) || (extension === 'avif' && type === 'heif')
    return isAsNamed && width > 0 && height > 0
      ? { width: Math.round(width), height: Math.round(height) }
      : null
  } catch {
    return null
  }
}

/** Stores a picture under its content hash, then enters it in the library. Null when it is no picture. */
export async function storePicture(
  env: Env,
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Media | null> {
  const size = measurePicture(name, bytes)
  if (!size) return null
  const hash = (await sha256(bytes)).slice(0, 32)
  const extension = extensionOf(name)
  await env.MEDIA.put(`${hash}.${extension}`, bytes, {
    httpMetadata: { contentType: MEDIA_TYPES[extension] ?? 'application/octet-stream' },
  })
  await upsertMedia(env.DB, { name, hash, ...size }, bytes.length).run()
  return { name, hash, ...size, src: mediaPath(name, hash) }
}
