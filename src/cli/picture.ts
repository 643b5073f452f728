import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import * as v from 'valibot'
import { MediaName } from '../article/article.ts'
import { MAX_MEDIA_BYTES, type Media, mediaPath } from '../article/media.ts'
import { sha256 } from '../http/bytes.ts'
import type { CliTexts } from '../locale/cli/de.ts'
import { measurePicture } from '../publish/media.ts'
import { errorCode } from './failure.ts'
import type { Refusal } from './refusal.ts'

/** A file in `content/media`, as read and measured. */
export interface PictureFile {
  file: string
  name: string
  /** What the site will know of it; null when the site would not take it. */
  media: Media | null
  refusals: Refusal[]
  stamp: string
}

/** Reads and measures a picture; null when the file went away meanwhile. */
export async function readPicture(
  file: string,
  texts: CliTexts,
  known?: PictureFile,
): Promise<PictureFile | null> {
  const found = await stat(file, { bigint: true }).catch(() => null)
  if (!found?.isFile()) return null
  const stamp = `${found.mtimeNs} ${found.ctimeNs} ${found.size} ${found.ino}`
  if (known?.stamp === stamp) return known
  const name = basename(file)
  const refused = (message: string): PictureFile => ({
    file,
    name,
    media: null,
    stamp,
    refusals: [{ file, line: 1, key: '', message }],
  })
  if (!v.is(MediaName, name)) return refused(texts.fault.mediaName)
  if (found.size > MAX_MEDIA_BYTES) return refused(texts.fault.mediaSize(MAX_MEDIA_BYTES / 1024 / 1024))
  try {
    const bytes = await readFile(file)
    const size = measurePicture(name, bytes)
    if (!size) return refused(texts.fault.mediaType)
    const hash = await hashOfPicture(bytes)
    return { file, name, media: { name, hash, ...size, src: mediaPath(name, hash) }, refusals: [], stamp }
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? null : refused(texts.folder.unreadable(name, errorCode(error)))
  }
}

/** The hash by which the site stores a picture (see `publish/media.ts`). */
const hashOfPicture = async (bytes: Uint8Array<ArrayBuffer>) => (await sha256(bytes)).slice(0, 32)
