import { extensionOf, MEDIA_TYPES, type Media, mediaPath } from '../article/media.ts'
import type { Env } from '../env.ts'
import { hex } from '../http/bytes.ts'
import { upsertMedia } from './store.ts'

/** A recording's file, as its name has to look: `<hash>.<ext>`. */
const RECORDING = /^([0-9a-f]{32})\.(?:mp3|m4a|ogg|opus|mp4|webm|vtt)$/

/**
 * Stores a recording or captions as they arrive; false when they are not what name and digest say. R2 itself holds
 * the bytes against the digest, so they need not be in memory.
 * @param digest `sha-256=:<base64>:` (RFC 9530)
 */
export async function storeRecording(
  env: Env,
  file: string,
  bytes: ReadableStream,
  digest: string | null,
): Promise<boolean> {
  const [, hash] = RECORDING.exec(file) ?? []
  const [, base64] = /^sha-256=:([A-Za-z0-9+/]{43}=):$/.exec(digest ?? '') ?? []
  if (!hash || !base64) return false
  const digested = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  if (!hex(digested.buffer).startsWith(hash)) return false
  const type = MEDIA_TYPES[extensionOf(file)] ?? ''
  const stored = await env.MEDIA.put(file, bytes, {
    sha256: digested,
    httpMetadata: { contentType: type },
  }).catch((error: unknown) => {
    if (/checksum|digest|hash/i.test(String(error))) return null
    throw error
  })
  return stored !== null
}

/** Enters in the library what is stored in one file; null while it is not. */
export async function enterFile(
  env: Env,
  recording: Pick<Media, 'name' | 'hash' | 'width' | 'height'>,
): Promise<Media | null> {
  const media = { ...recording, widths: [] }
  const found = await env.MEDIA.head(`${media.hash}.${extensionOf(media.name)}`)
  if (!found) return null
  await upsertMedia(env.DB, media, found.size).run()
  return { ...media, src: mediaPath(media) }
}
