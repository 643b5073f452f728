import * as v from 'valibot'

/** A stored picture: where it is served from and its size in CSS pixels. */
export const Media = v.object({
  name: v.string(),
  hash: v.string(),
  src: v.string(),
  width: v.number(),
  height: v.number(),
})
export type Media = v.InferOutput<typeof Media>

/** The pictures an article may name, by file name. */
export type MediaLibrary = ReadonlyMap<string, Media>

/** Content types of the pictures a site may hold, by file extension. */
export const MEDIA_TYPES: Readonly<Record<string, string>> = {
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

export const extensionOf = (name: string) => name.slice(name.lastIndexOf('.') + 1)

/** The address of a picture: named by its content, so it never changes and may be cached for ever. */
export const mediaPath = (name: string, hash: string) => `/media/${hash}.${extensionOf(name)}`

/** Content hash of every stored picture that a source names: a changed picture has to reach the page. */
export function mediaIn(
  source: { frontMatter: unknown; body: string },
  media: MediaLibrary,
): Record<string, string> {
  const text = JSON.stringify(source.frontMatter) + source.body
  return Object.fromEntries(
    [...media.values()].filter(({ name }) => text.includes(name)).map(({ name, hash }) => [name, hash]),
  )
}
