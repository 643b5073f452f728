import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { extensionOf, kindOf, type Media } from '../article/media.ts'
import type { SocialText } from '../article/social.ts'
import type { SiteClient } from './client.ts'
import { errorCode } from './failure.ts'
import { type PictureFile, readDrawing } from './picture.ts'

/** What became of a picture that was sent. */
export interface SentPicture {
  picture: PictureFile
  /** Why the site did not take it; null when it did. */
  reason: string | null
}

/**
 * Sends pictures to a site, some at a time: drawings and animations as they are, photographs in all their widths and
 * formats and then, once every file is stored, as an entry of the library.
 * @param cache folder for what is encoded
 */
export async function* sendPictures(
  pictures: readonly PictureFile[],
  client: SiteClient,
  cache: string,
): AsyncGenerator<SentPicture> {
  const waiting = [...pictures]
  const underWay = new Map<PictureFile, Promise<SentPicture>>()
  while (waiting.length > 0 || underWay.size > 0) {
    while (underWay.size < availableParallelism()) {
      const picture = waiting.shift()
      if (!picture) break
      underWay.set(picture, send(picture, client, cache))
    }
    const sent = await Promise.race(underWay.values())
    underWay.delete(sent.picture)
    yield sent
  }
}

async function send(picture: PictureFile, client: SiteClient, cache: string): Promise<SentPicture> {
  const { media, name, file } = picture
  if (media && picture.social) return sendSocial(picture, media, picture.social, client)
  const kind = kindOf(name)
  if (media && kind !== 'picture' && kind !== 'creative') return sendRecording(picture, media, client)
  if (!media || media.widths.length === 0) {
    const bytes = name.endsWith('.svg') ? await readDrawing(file) : await readFile(file)
    return { picture, reason: await client.putMedia(name, bytes ?? new Uint8Array()) }
  }
  const { encode } = await import('./encode.ts') // with the library that decodes: many a folder needs none
  const { hash, width, height, widths } = media
  const encoded = await encode(await readFile(file), hash, widths, cache).catch(errorCode)
  if (typeof encoded === 'string') return { picture, reason: encoded }
  for (const { file: variant, bytes } of encoded.variants) {
    const reason = await client.putMediaFile(name, variant, bytes)
    if (reason !== null) return { picture, reason }
  }
  const photo = { hash, width, height, widths, color: encoded.color }
  return { picture, reason: await client.enterMedia(name, photo) }
}

async function sendRecording(picture: PictureFile, media: Media, client: SiteClient): Promise<SentPicture> {
  const file = `${media.hash}.${extensionOf(media.name)}`
  const bytes = new Uint8Array(await readFile(picture.file))
  return entered(picture, media, client, await client.putRecording(media.name, file, bytes))
}

async function sendSocial(
  picture: PictureFile,
  media: Media,
  text: SocialText,
  client: SiteClient,
): Promise<SentPicture> {
  const { drawSocialPicture } = await import('./social-picture.ts')
  const drawn = await drawSocialPicture(text)
  if (!drawn) throw new Error(`a headline without letters: ${text.headline}`) // none is planned for such
  const reason = await client.putMediaFile(media.name, `${media.hash}.png`, drawn)
  return entered(picture, media, client, reason)
}

/** Enters in the library what is stored in one file, if it is stored. */
async function entered(
  picture: PictureFile,
  { hash, width, height, name }: Media,
  client: SiteClient,
  reason: string | null,
): Promise<SentPicture> {
  return { picture, reason: reason ?? (await client.enterMedia(name, { hash, width, height })) }
}
