import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { FORMATS, type Format, variantFile } from '../article/media.ts'
import { MAX_PIXELS } from './picture.ts'

/** A width of a photograph in one format, ready to be stored. */
export interface Variant {
  file: string
  bytes: Uint8Array<ArrayBuffer>
}

export interface Encoded {
  variants: Variant[]
  /** Its dominant colour, `#rrggbb`. */
  color: string
}

const QUALITY: Record<Format, (image: Sharp) => Sharp> = {
  avif: (image) => image.avif({ quality: 52, effort: 3 }),
  webp: (image) => image.webp({ quality: 76 }),
  jpg: (image) => image.jpeg({ quality: 78, mozjpeg: true }),
}

/**
 * Encodes a photograph in every width and format: turned as its orientation says, in sRGB, without anything that a
 * camera wrote into it (place, device, comments). What was encoded before is taken from the cache.
 * @param hash by which the site stores it
 * @param widths in pixels, narrowest first
 * @param cache folder for what is encoded
 */
export async function encode(
  bytes: Uint8Array,
  hash: string,
  widths: readonly number[],
  cache: string,
): Promise<Encoded> {
  await mkdir(cache, { recursive: true })
  const color = await cached(join(cache, `${hash}.color`), async () =>
    Buffer.from(await dominantColor(bytes)),
  )
  const variants: Variant[] = []
  for (const width of widths) {
    for (const format of FORMATS) {
      const file = variantFile(hash, width, format)
      const make = () => QUALITY[format](open(bytes).resize({ width, withoutEnlargement: true })).toBuffer()
      variants.push({ file, bytes: new Uint8Array(await cached(join(cache, file), make)) })
    }
  }
  return { variants, color: color.toString() }
}

/** Transparent places become white: not every format knows them. */
const open = (bytes: Uint8Array) =>
  sharp(bytes, { limitInputPixels: MAX_PIXELS, autoOrient: true })
    .flatten({ background: '#fff' })
    .toColourspace('srgb')

async function dominantColor(bytes: Uint8Array): Promise<string> {
  const small = await open(bytes).resize({ width: 64, withoutEnlargement: true }).png().toBuffer()
  const { dominant } = await sharp(small).stats()
  const hex = (value: number) => Math.round(value).toString(16).padStart(2, '0')
  return `#${hex(dominant.r)}${hex(dominant.g)}${hex(dominant.b)}`
}

/** Gives what a file of the cache holds; makes it, once, where there is none. A file is there whole or not at all. */
async function cached(file: string, make: () => Promise<Buffer>): Promise<Buffer> {
  const known = await readFile(file).catch(() => null)
  if (known) return known
  const made = await make()
  const temporary = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`
  await writeFile(temporary, made)
  await rename(temporary, file)
  return made
}

/** How many pictures a file holds: more than one is an animation. Only its header is read. */
export const framesOf = async (bytes: Uint8Array): Promise<number> =>
  (await sharp(bytes, { pages: -1 }).metadata()).pages ?? 1
