import type { Env } from '../env.ts'
import { readHashes, selectNamedHashes } from './store.ts'
import type { UnusedMedia } from './wire.ts'

/**
 * How long a file is left alone, in milliseconds: while something is being published, its pictures are stored before
 * anything names them.
 */
const GRACE = 24 * 60 * 60 * 1000
const PAGE = 500

/**
 * Files that neither the library nor any version of anything names.
 * @param after where the page before ended; null for the first
 */
export async function unusedMedia(env: Env, after: string | null, now: Date): Promise<UnusedMedia> {
  const listed = await env.MEDIA.list({ limit: PAGE, ...(after === null ? {} : { cursor: after }) })
  const unused = await unnamed(env, listed.objects, now)
  return {
    items: unused.map(({ key, size }) => ({ file: key, bytes: size })),
    next: listed.truncated ? listed.cursor : null,
  }
}

/** Removes those of the files that may be removed now; gives their names. */
export async function removeUnused(env: Env, files: readonly string[], now: Date): Promise<string[]> {
  const found = await Promise.all(files.map((file) => env.MEDIA.head(file)))
  const unused = await unnamed(
    env,
    found.filter((object) => object !== null),
    now,
  )
  const keys = unused.map(({ key }) => key)
  if (keys.length > 0) await env.MEDIA.delete(keys)
  return keys
}

async function unnamed(env: Env, objects: readonly R2Object[], now: Date): Promise<R2Object[]> {
  const old = objects.filter(({ uploaded }) => now.getTime() - uploaded.getTime() >= GRACE)
  const hashes = [...new Set(old.map(({ key }) => hashOf(key)))]
  const named = new Set(readHashes((await selectNamedHashes(env.DB, hashes).all()).results))
  return old.filter(({ key }) => !named.has(hashOf(key)))
}

/** The content hash with which every file's name begins. */
const hashOf = (key: string) => key.slice(0, 32)
