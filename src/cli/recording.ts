import { BufferSource, Input, MP3, MP4, OGG, WEBM } from 'mediabunny'
import { extensionOf, kindOf } from '../article/media.ts'

/** What a file has to hold, by its extension. */
const FORMATS = { mp3: MP3, m4a: MP4, mp4: MP4, ogg: OGG, opus: OGG, webm: WEBM } as const

/**
 * The size of a recording's picture in pixels, 0 by 0 for sound and captions; null when the file is not what its
 * name says.
 */
export async function sizeOfRecording(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<{ width: number; height: number } | null> {
  const nothing = { width: 0, height: 0 }
  // WebVTT §4: the word at the beginning, after a mark of the byte order, if any.
  if (kindOf(name) === 'captions')
    return /^\uFEFF?WEBVTT(?:[ \t\r\n]|$)/.test(
      new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, 16)),
    )
      ? nothing
      : null
  const format = FORMATS[extensionOf(name) as keyof typeof FORMATS]
  try {
    using input = new Input({ source: new BufferSource(bytes), formats: [format] })
    const [film, sound] = [await input.getPrimaryVideoTrack(), await input.getPrimaryAudioTrack()]
    if (kindOf(name) === 'sound') return sound ? nothing : null
    return film ? { width: film.displayWidth, height: film.displayHeight } : null
  } catch {
    return null
  }
}
