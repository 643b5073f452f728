import { lstat, readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import * as v from 'valibot'
import { MediaName } from '../article/article.ts'
import {
  extensionOf,
  kindOf,
  MAX_MEDIA_BYTES,
  MAX_RECORDING_BYTES,
  type Media,
  mediaPath,
  widthsFor,
} from '../article/media.ts'
import type { SocialText } from '../article/social.ts'
import { concat, sha256, utf8 } from '../http/bytes.ts'
import type { CliTexts } from '../locale/cli/de.ts'
import { sanitiseSvg } from '../media/svg.ts'
import { measurePicture } from '../publish/media.ts'
import { errorCode } from './failure.ts'
import type { Refusal } from './refusal.ts'

/** A file in `content/media`, as read and measured; or a picture that is drawn for an article. */
export interface PictureFile {
  file: string
  name: string
  /** What the site will know of it; null when the site would not take it. */
  media: Media | null
  refusals: Refusal[]
  stamp: string
  /** What a social picture says: it is drawn when it is sent, and `file` is its article's. */
  social?: SocialText
}

/** Raise when the same photograph is stored otherwise, so that every one is encoded anew. */
const RECIPE = 1

/** Most pixels of a photograph that is decoded: a small file can hold more than a machine has memory for. */
export const MAX_PIXELS = 50_000_000

/** Largest photograph that is read, in bytes: it is stored in other widths, never as it is. */
const MAX_PHOTO_BYTES = 60 * 1024 * 1024
/** Most pictures in an animation. */
const MAX_FRAMES = 120

/** Reads and measures a picture; null when the file went away meanwhile. Nothing is decoded for that. */
export async function readPicture(
  file: string,
  texts: CliTexts,
  known?: PictureFile,
): Promise<PictureFile | null> {
  const found = await lstat(file, { bigint: true }).catch(() => null)
  if (!found) return null
  const stamp = `${found.mtimeNs} ${found.ctimeNs} ${found.size} ${found.ino}`
  if (known?.stamp === stamp) return known
  const name = basename(file)
  const picture = { file, name, media: null, stamp, refusals: [] }
  const refused = (message: string): PictureFile => ({
    ...picture,
    refusals: [{ file, line: 1, key: '', message }],
  })
  // What a link points to may lie anywhere on this machine, and would be published.
  if (found.isSymbolicLink()) return refused(texts.fault.mediaLink)
  if (!found.isFile()) return null
  if (!v.is(MediaName, name)) return refused(texts.fault.mediaName)
  const kind = kindOf(name)
  const isPhoto = kind === 'picture' && extensionOf(name) !== 'svg'
  const most =
    kind === 'sound' || kind === 'film' ? MAX_RECORDING_BYTES : isPhoto ? MAX_PHOTO_BYTES : MAX_MEDIA_BYTES
  if (found.size > most) return refused(texts.fault.mediaSize(most / 1024 / 1024))
  try {
    const media =
      kind === 'creative'
        ? await measureCreative(name, file, texts)
        : kind !== 'picture'
          ? await measureRecording(name, file, texts)
          : isPhoto
            ? await measurePhoto(name, file, texts)
            : await measureDrawing(name, file, texts)
    return typeof media === 'string' ? refused(media) : { ...picture, media }
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? null : refused(texts.folder.unreadable(name, errorCode(error)))
  }
}

/** The bytes of a drawing as the site stores them: without what it does not allow. */
export async function readDrawing(file: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const clean = sanitiseSvg((await readFile(file)).toString())
  return clean === null ? null : utf8(clean)
}

async function measureDrawing(name: string, file: string, texts: CliTexts): Promise<Media | string> {
  const bytes = await readDrawing(file)
  const size = bytes && measurePicture(name, bytes)
  return size ? stored(name, await hashOf(bytes), size, []) : texts.fault.mediaType
}

async function measurePhoto(name: string, file: string, texts: CliTexts): Promise<Media | string> {
  const bytes = await readFile(file)
  const size = measurePicture(name, bytes)
  if (!size) return texts.fault.mediaType
  if (size.width * size.height > MAX_PIXELS) return texts.fault.mediaPixels(MAX_PIXELS / 1_000_000)
  const frames = extensionOf(name) === 'gif' ? await countFrames(bytes) : 1
  if (frames > 1) {
    // An animation is stored as it is: no other format that every browser knows keeps it.
    const isTooMuch = frames > MAX_FRAMES || bytes.length > MAX_MEDIA_BYTES
    if (isTooMuch) return texts.fault.mediaAnimation(MAX_FRAMES, MAX_MEDIA_BYTES / 1024 / 1024)
    return stored(name, await hashOf(bytes), size, [])
  }
  const recipe = utf8(`medienwirtschaft ${RECIPE}\n`)
  return stored(name, await hashOf(concat([recipe, bytes])), size, widthsFor(size.width))
}

async function measureRecording(name: string, file: string, texts: CliTexts): Promise<Media | string> {
  const bytes = await readFile(file)
  const { sizeOfRecording } = await import('./recording.ts') // with the library that reads them
  const size = await sizeOfRecording(name, bytes)
  return size ? stored(name, await hashOf(bytes), size, []) : texts.fault.recordingType
}

/** The site judges a creative by the same rules; here its maker hears of them before anything is sent. */
async function measureCreative(name: string, file: string, texts: CliTexts): Promise<Media | string> {
  const bytes = new Uint8Array(await readFile(file))
  const { unpackCreative } = await import('../media/html5.ts') // with the library that unpacks
  const unpacked = unpackCreative(bytes)
  if (!unpacked.ok) return texts.fault.creative[unpacked.fault](unpacked.got)
  return stored(name, await hashOf(bytes), { width: 0, height: 0 }, [])
}

/** The library that decodes pictures is loaded only where there are some to decode. */
const countFrames = async (bytes: Uint8Array) => (await import('./encode.ts')).framesOf(bytes)

const stored = (
  name: string,
  hash: string,
  size: { width: number; height: number },
  widths: number[],
): Media => ({
  name,
  hash,
  ...size,
  widths,
  src: mediaPath({ name, hash, widths }),
})

/** The hash by which the site stores a picture (see `publish/media.ts`). */
const hashOf = async (bytes: Uint8Array<ArrayBuffer>) => (await sha256(bytes)).slice(0, 32)
