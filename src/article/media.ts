import * as v from 'valibot'

/** A stored picture or recording: where it is served from and its size in CSS pixels, 0 for what has none. */
export const Media = v.object({
  name: v.string(),
  hash: v.string(),
  src: v.string(),
  width: v.number(),
  height: v.number(),
  /** Widths in pixels in which it is stored in every format of `FORMATS`; empty for a picture stored as it is. */
  widths: v.optional(v.array(v.number()), []),
  /** Its dominant colour, `#rrggbb`. */
  color: v.optional(v.string()),
})
export type Media = v.InferOutput<typeof Media>

/** The pictures an article may name, by file name. */
export type MediaLibrary = ReadonlyMap<string, Media>

/** Content types of the files a site may hold, by file extension. */
export const MEDIA_TYPES: Readonly<Record<string, string>> = {
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  mp4: 'video/mp4',
  webm: 'video/webm',
  vtt: 'text/vtt; charset=utf-8',
  zip: 'application/zip',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  avif: 'image/avif',
}

/** Largest picture the publishing API takes, in bytes. */
export const MAX_MEDIA_BYTES = 5 * 1024 * 1024
/** Largest recording, in bytes: Cloudflare takes no larger request. */
export const MAX_RECORDING_BYTES = 95 * 1024 * 1024

export type MediaKind = 'picture' | 'sound' | 'film' | 'captions' | 'creative'

const KINDS: Readonly<Record<string, MediaKind>> = {
  audio: 'sound',
  video: 'film',
  text: 'captions',
  application: 'creative',
}

/** What a file of `content/media` is, by its extension. */
export function kindOf(name: string): MediaKind {
  const [type = ''] = (MEDIA_TYPES[extensionOf(name)] ?? '').split('/')
  return KINDS[type] ?? 'picture'
}

const STILLS = ['jpg', 'jpeg', 'png', 'webp', 'avif', 'svg']
const LANGUAGES = ['de', 'en'] as const

/** What belongs to a recording by its name: `film.vtt`, `film.de.vtt`, `film.en.vtt`, and a still, `film.jpg`. */
export function companionsOf(name: string): {
  captions: { name: string; language: 'de' | 'en' | null }[]
  stills: string[]
} {
  const kind = kindOf(name)
  if (kind !== 'film' && kind !== 'sound') return { captions: [], stills: [] }
  const base = name.slice(0, name.lastIndexOf('.'))
  return {
    captions: [
      { name: `${base}.vtt`, language: null },
      ...LANGUAGES.map((language) => ({ name: `${base}.${language}.vtt`, language })),
    ],
    stills: kind === 'film' ? STILLS.map((extension) => `${base}.${extension}`) : [],
  }
}

/** The formats of which a browser takes the first it knows; the last is for all others, and for feeds. */
export const FORMATS = ['avif', 'webp', 'jpg'] as const
export type Format = (typeof FORMATS)[number]

/** The widths in which photographs are stored, in pixels; a narrower one also in its own. */
const WIDTHS = [320, 480, 640, 960, 1280, 1600]
const MAX_WIDTH = 1600

/** The widths in which a photograph of a width is stored, narrowest first. */
export const widthsFor = (width: number): number[] => [
  ...WIDTHS.filter((one) => one < width && one < MAX_WIDTH),
  Math.min(width, MAX_WIDTH),
]

export const extensionOf = (name: string) => name.slice(name.lastIndexOf('.') + 1)

/** The name under which a width of a photograph is stored and served. */
export const variantFile = (hash: string, width: number, format: Format) => `${hash}-${width}.${format}`

/** The address of a picture: named by its content, so it never changes and may be cached for ever. */
export function mediaPath({
  name,
  hash,
  widths = [],
}: Pick<Media, 'name' | 'hash'> & { widths?: readonly number[] }): string {
  const widest = widths.at(-1)
  return `/media/${widest === undefined ? `${hash}.${extensionOf(name)}` : variantFile(hash, widest, 'jpg')}`
}

/** The file name by which a text means a picture: `bild.jpg`, also written `media/bild.jpg` or `../media/bild.jpg`. */
export const pictureName = (written: string) =>
  written.replace(/^(?:\.\.?\/)?media\//, '').replace(/^\.\//, '')

/** Content hash of every stored file that a source names: a changed picture has to reach the page. */
export function mediaIn(
  source: { frontMatter: unknown; body: string },
  media: MediaLibrary,
): Record<string, string> {
  const text = JSON.stringify(source.frontMatter) + source.body
  const named = [...media.values()].filter(({ name }) => text.includes(name))
  const besides = named.flatMap(({ name }) => {
    const { captions, stills } = companionsOf(name)
    return [...captions.map((one) => one.name), ...stills].flatMap((one) => media.get(one) ?? [])
  })
  return Object.fromEntries([...named, ...besides].map(({ name, hash }) => [name, hash]))
}
