import { BufferTarget, EncodedPacket, EncodedVideoPacketSource, Output, WebMOutputFormat } from 'mediabunny'
import { type TestSite, TOKEN } from './site.ts'

/** A film of one picture that nobody could watch, but with everything that says what it is. */
export async function makeFilm(width: number, height: number): Promise<Uint8Array<ArrayBuffer>> {
  const target = new BufferTarget()
  const output = new Output({ format: new WebMOutputFormat(), target })
  const track = new EncodedVideoPacketSource('vp8')
  output.addVideoTrack(track)
  await output.start()
  const packet = new EncodedPacket(new Uint8Array(500), 'key', 0, 1)
  await track.add(packet, { decoderConfig: { codec: 'vp8', codedWidth: width, codedHeight: height } })
  await output.finalize()
  return new Uint8Array(target.buffer ?? new ArrayBuffer())
}

/** Silence: frames of MPEG-1 layer 3 with 128 kbit/s, each 417 bytes long. */
export const SOUND = new Uint8Array(
  Buffer.concat(
    Array.from({ length: 20 }, () =>
      Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x00]), Buffer.alloc(413)]),
    ),
  ),
)

export const CAPTIONS = 'WEBVTT\n\n00:00.000 --> 00:01.000\nGuten Tag.\n'

/** The recordings that an article of the gallery names, in a site's library: stored as the command line stores them. */
export async function putRecordings(site: TestSite): Promise<void> {
  await put(site, 'film.webm', await makeFilm(640, 360), { width: 640, height: 360 })
  await put(site, 'film.vtt', new TextEncoder().encode(CAPTIONS))
  await put(site, 'gespraech.mp3', SOUND)
}

async function put(
  site: TestSite,
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  size = { width: 0, height: 0 },
): Promise<void> {
  const digest = Buffer.from(await crypto.subtle.digest('SHA-256', bytes))
  const hash = digest.toString('hex').slice(0, 32)
  const stored = await site.fetch(`/api/media/${name}/${hash}${name.slice(name.lastIndexOf('.'))}`, {
    method: 'PUT',
    headers: {
      authorization: `Bearer ${TOKEN}`,
      'content-digest': `sha-256=:${digest.toString('base64')}:`,
    },
    body: bytes,
  })
  const entered = await site.api('POST', `media/${name}`, { hash, ...size })
  if (!stored.ok || !entered.ok)
    throw new Error(`recording not stored: ${stored.status} ${await entered.text()}`)
}
